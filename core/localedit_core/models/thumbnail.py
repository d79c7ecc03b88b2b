"""The small pictures of a library: PNG files, read with distrust."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from localedit_core.atomic import atomic_write
from localedit_core.bounded import read_bounded
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError

MAX_SIDE = 1024
_MAX_BYTES = 4 * 2**20


def write_thumbnail(path: Path, picture: Picture) -> None:
    """Write a PNG, whole or not at all. LocalEditError if it cannot be written."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    atomic_write(path, buffer.getvalue())


def read_thumbnail(path: Path | None) -> Picture | None:
    """Read a thumbnail, [H, W, 3]; None where there is none, or none that can be read."""
    if path is None:
        return None
    try:
        data = read_bounded(path, _MAX_BYTES)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            if max(image.size) > MAX_SIDE:
                return None
            return np.asarray(image.convert("RGB"))
    except (LocalEditError, OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        return None
