"""Exported pictures: PNG that carries its session, and opening either kind of file."""

from __future__ import annotations

import base64
import binascii
import io
import struct
import zlib
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from localedit_core.atomic import atomic_write
from localedit_core.bounded import ZIP_MAGIC, read_bounded
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.session.storage import (
    MAX_SESSION_BYTES,
    Session,
    parse_session,
)

SESSION_KEY = "localedit-session"
DESCRIPTION = (
    "Synthetic composite: a picture made by a generator and edited with LocalEdit, no photograph."
)
MAX_PNG_BYTES = 256 * 2**20
MAX_SIDE = 8192
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_MAX_TEXT = 4 * (MAX_SESSION_BYTES // 3 + 1)  # base64 of the largest session
_HINT = "The file is damaged; take another copy of it."


def export_png(
    path: Path | str,
    image: Picture,
    session: bytes | None = None,
    description: str = DESCRIPTION,
) -> None:
    """Write a PNG, whole or not at all.

    Args:
        path: where to.
        image: [H, W, 3].
        session: bytes of the session file that renders it, carried in a text chunk; or None.
        description: put into the text chunk of that name.

    Raises:
        LocalEditError: the file cannot be written.
    """
    texts = PngInfo()
    texts.add_text("Software", "LocalEdit")
    texts.add_itxt("Description", description)
    if session is not None:
        # Plain text: a session is compressed already.
        texts.add_text(SESSION_KEY, base64.b64encode(session).decode("ascii"))
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", pnginfo=texts)
    atomic_write(path, buffer.getvalue())


def read_png_session(path: Path | str) -> Session:
    """Read the session that an exported PNG carries; its pixels are not decoded.

    Raises:
        LocalEditError: the file is missing, no PNG, damaged, too large, or carries no session.
    """
    return _parse_png(read_bounded(Path(path), MAX_PNG_BYTES), str(path))


def may_be_session(start: bytes) -> bool:
    """Whether a file that starts with these 16 bytes is for ``load_session_any`` to read."""
    return start.startswith((PNG_MAGIC, ZIP_MAGIC))


def load_session_any(path: Path | str) -> Session:
    """Read a session file or an exported PNG, whichever the content says it is.

    Raises:
        LocalEditError: it is neither, or as in ``load_session`` and ``read_png_session``.
    """
    data = read_bounded(Path(path), MAX_PNG_BYTES)
    if data.startswith(PNG_MAGIC):
        return _parse_png(data, str(path))
    if len(data) > MAX_SESSION_BYTES:
        raise LocalEditError(
            f"{path} is larger than {MAX_SESSION_BYTES} bytes.", "Choose a session or exported PNG."
        )
    return parse_session(data, str(path))


def _parse_png(data: bytes, path: str) -> Session:
    if not data.startswith(PNG_MAGIC):
        raise LocalEditError(f"{path} is no PNG.", "Choose a picture exported by LocalEdit.")
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise LocalEditError(f"{path} is a damaged PNG.", _HINT)
    width, height = struct.unpack(">II", data[16:24])
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise LocalEditError(
            f"{path} declares {width} x {height} px.", f"At most {MAX_SIDE} px a side are read."
        )
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            text = image.info.get(SESSION_KEY)
    except (
        OSError,
        SyntaxError,  # what Pillow raises for a broken PNG
        ValueError,
        TypeError,
        EOFError,
        IndexError,
        struct.error,
        zlib.error,
    ) as error:
        raise LocalEditError(f"{path} is a damaged PNG: {error}.", _HINT) from error
    if not isinstance(text, str):
        raise LocalEditError(
            f"{path} is a picture without a session.",
            "Only pictures exported by LocalEdit can be reopened.",
        )
    if len(text) > _MAX_TEXT:
        raise LocalEditError(f"{path} carries a session of {len(text)} characters.", _HINT)
    try:
        session = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise LocalEditError(f"{path} carries a broken session: {error}.", _HINT) from error
    return parse_session(session, path)
