"""Session files: a ZIP of the state as JSON, every latent in use, and a thumbnail."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from localedit_core.atomic import atomic_write
from localedit_core.bounded import ZIP_MAGIC, read_bounded
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent
from localedit_core.session.document import read_document, write_document
from localedit_core.session.state import EditState
from localedit_core.tensor_files import pack_tensors, parse_tensors

MAX_SESSION_BYTES = 32 * 2**20
MAX_THUMBNAIL_SIDE = 1024

_DOCUMENT, _LATENTS, _THUMBNAIL = "session.json", "latents.safetensors", "thumbnail.png"
# What a session may hold, and how large each may be once decompressed.
_MEMBERS = {_DOCUMENT: 8 * 2**20, _LATENTS: 256 * 2**20, _THUMBNAIL: 4 * 2**20}
_DIRECTORY_ENTRY = b"PK\x01\x02"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP knows
_HINT = "The file is damaged or no session; take another copy of it."


@dataclass(frozen=True, eq=False)
class Session:
    """What a session file holds.

    Attributes:
        state: its latents carry their stored w_plus, so that pixels come out as they were.
        thumbnail: [H, W, 3], or None.
        format_version: of the file.
    """

    state: EditState
    thumbnail: Picture | None
    format_version: int


def session_bytes(
    state: EditState,
    w_plus: Mapping[str, NDArray[np.float32]],
    thumbnail: Picture | None = None,
) -> bytes:
    """Lay out a session file; equal arguments give equal bytes.

    Args:
        state: what to save.
        w_plus: by ``Latent.key`` the [num_ws, w_dim] of each latent in use that carries none.
        thumbnail: [H, W, 3], at most 1024 px high and wide.

    Raises:
        LocalEditError: a latent in use has no values, here or there; or the state holds something
            that could not be read back, which is refused here rather than on the next day.
    """
    stored: dict[str, torch.Tensor] = {}

    def tensor_name(latent: Latent) -> str:
        values = latent.values if latent.values is not None else w_plus.get(latent.key)
        if values is None:
            raise LocalEditError(f"The session uses the latent {latent.key}, which has no values.")
        array = np.array(values, dtype=np.float32, order="C")  # [num_ws, w_dim] or [S]
        kind = "w" if latent.styles is None else "s"
        name = f"{kind}-{hashlib.sha256(array.tobytes()).hexdigest()[:16]}"
        stored[name] = torch.from_numpy(array)
        return name

    members = {_DOCUMENT: write_document(state, tensor_name)}
    members[_LATENTS] = pack_tensors(stored, {})
    if thumbnail is not None:
        members[_THUMBNAIL] = _encode_thumbnail(thumbnail)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # the same on Windows
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_STORED if name == _THUMBNAIL else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    data = buffer.getvalue()
    if len(data) > MAX_SESSION_BYTES:
        raise LocalEditError(
            f"The session takes {len(data)} bytes, more than {MAX_SESSION_BYTES}.",
            "Remove some edits.",
        )
    parse_session(data, "The new session")
    return data


def values_in_use(
    state: EditState, w_plus: Callable[[Latent], NDArray[np.float32]]
) -> dict[str, NDArray[np.float32]]:
    """What ``session_bytes`` needs: w_plus of every latent in use that carries no values."""
    return {latent.key: w_plus(latent) for latent in state.latents() if latent.values is None}


def save_session(
    path: Path | str,
    state: EditState,
    w_plus: Mapping[str, NDArray[np.float32]],
    thumbnail: Picture | None = None,
) -> None:
    """Write a session file, whole or not at all. Arguments and errors as in ``session_bytes``."""
    atomic_write(path, session_bytes(state, w_plus, thumbnail))


def load_session(path: Path | str) -> Session:
    """Read a session file.

    Whether its parts exist and its model is at hand is not looked at: see ``session.checks``.

    Raises:
        LocalEditError: it is missing, damaged, too large, hostile, or from a newer program.
    """
    return parse_session(read_bounded(Path(path), MAX_SESSION_BYTES), str(path))


def parse_session(data: bytes, source: str) -> Session:
    """Read a session from memory.

    Args:
        data: the bytes of a session file.
        source: what to call the file in errors.

    Raises:
        LocalEditError: as in ``load_session``.
    """
    if not data:
        raise LocalEditError(f"{source} is empty.", _HINT)
    if not data.startswith(ZIP_MAGIC):
        raise LocalEditError(f"{source} is no session.", "Choose a .localedit file.")
    members = _unpack(data, source)
    for name in (_DOCUMENT, _LATENTS):
        if name not in members:
            raise LocalEditError(f"{source} is no session: it lacks {name}.", _HINT)
    w_plus = parse_tensors(members[_LATENTS], f"{source} ({_LATENTS})")
    state, version = read_document(members[_DOCUMENT], w_plus, source)
    return Session(state, _decode_thumbnail(members.get(_THUMBNAIL)), version)


def _unpack(data: bytes, source: str) -> dict[str, bytes]:
    """Decompress the members of a session, and nothing that is not one."""
    # Opening a ZIP makes an object per entry, however many there are: count them before.
    if data.count(_DIRECTORY_ENTRY) > 4 * len(_MEMBERS):
        raise LocalEditError(f"{source} is no session: it holds too many files.", _HINT)
    members: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            for entry in entries:
                _check_entry(entry, entries, source)
            for entry in entries:
                with archive.open(entry) as file:
                    # What an entry declares and what comes out of it are two things.
                    content = file.read(_MEMBERS[entry.filename] + 1)
                if len(content) != entry.file_size:
                    raise LocalEditError(
                        f"{source}: {entry.filename} declares {entry.file_size} bytes, "
                        f"but holds another number.",
                        _HINT,
                    )
                members[entry.filename] = content
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        OSError,
        EOFError,
        ValueError,
        OverflowError,
        RuntimeError,  # encrypted, and NotImplementedError for what zipfile does not know
    ) as error:
        raise LocalEditError(f"{source} is a damaged ZIP: {error}.", _HINT) from error
    return members


def _check_entry(entry: zipfile.ZipInfo, entries: list[zipfile.ZipInfo], source: str) -> None:
    name = entry.filename
    problem = ""
    if name not in _MEMBERS:
        problem = "which does not belong into a session"
    elif sum(other.filename == name for other in entries) > 1:
        problem = "twice"
    elif stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        problem = "which is no plain file"
    elif entry.flag_bits & 0x1:
        problem = "which is encrypted"
    elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        problem = "which is packed in an unusual way"
    elif entry.file_size > _MEMBERS[name]:
        problem = f"which would unpack to {entry.file_size} bytes"
    if problem:
        raise LocalEditError(f"{source} holds {name!r:.80}, {problem}.", _HINT)


def _encode_thumbnail(thumbnail: Picture) -> bytes:
    if max(thumbnail.shape[:2]) > MAX_THUMBNAIL_SIDE:
        raise ValueError(f"a thumbnail of {thumbnail.shape} is none")
    buffer = io.BytesIO()
    Image.fromarray(thumbnail).save(buffer, "PNG")
    return buffer.getvalue()


def _decode_thumbnail(data: bytes | None) -> Picture | None:
    """Decode the thumbnail; a broken one is no reason to keep somebody from their work."""
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            if max(image.size) > MAX_THUMBNAIL_SIDE:
                return None
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        return None
