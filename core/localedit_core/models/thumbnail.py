"""Small pictures of what a generator makes, shown in the library."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image

from localedit_core.atomic import atomic_write
from localedit_core.bounded import read_bounded
from localedit_core.catalog.build import styles_of_seed
from localedit_core.editing.pipeline import to_picture
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator

SIDE = 256
MAX_SIDE = 1024
_MAX_BYTES = 4 * 2**20
_MAX_RENDERED = 256  # a larger generator's picture of that side is made without the layers above


def make_thumbnail(
    generator: Generator,
    *,
    seeds: Sequence[int] = (0, 1, 2, 3),
    psi: float = 0.7,
    cancelled: Callable[[], bool] | None = None,
) -> Picture:
    """Four pictures, two by two, [256, 256, 3].

    Args:
        generator: whose.
        seeds: four of them.
        psi: their truncation.
        cancelled: asked between the layers.

    Raises:
        RenderCancelled: ``cancelled`` said yes.
    """
    half = SIDE // 2
    sheet = np.zeros((SIDE, SIDE, 3), np.uint8)
    up_to = min(generator.resolution, _MAX_RENDERED)
    for index, seed in enumerate(seeds[:4]):
        if cancelled is not None and cancelled():
            raise RenderCancelled
        styles = styles_of_seed(generator, seed, psi)
        with torch.no_grad():
            made = generator.synthesize(styles, up_to=up_to, cancelled=cancelled)
        picture = to_picture(made.image)  # [up_to, up_to, 3]
        way = cv2.INTER_AREA if up_to > half else cv2.INTER_CUBIC
        row, column = divmod(index, 2)
        place = np.s_[row * half : (row + 1) * half, column * half : (column + 1) * half]
        sheet[place] = cv2.resize(picture, (half, half), interpolation=way)
    return sheet


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
