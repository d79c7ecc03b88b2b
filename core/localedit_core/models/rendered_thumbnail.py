"""Renders the small pictures that a library shows: what a generator makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch

from localedit_core.catalog.sampling import sample_classes, styles_of_seed
from localedit_core.checkpoints.native import load_generator
from localedit_core.editing.request import Picture
from localedit_core.errors import RenderCancelled
from localedit_core.generators.base import Generator
from localedit_core.generators.pictures import to_picture
from localedit_core.models.entry import LibraryEntry
from localedit_core.models.store import ModelLibrary

SIDE = 256
_MAX_RENDERED = 256  # a larger generator's picture of that side is made without the layers above


def make_thumbnail(
    generator: Generator,
    *,
    seeds: Sequence[int] = (0, 1, 2, 3),
    psi: float = 0.7,
    cancelled: Callable[[], bool] | None = None,
) -> Picture:
    """Four pictures, two by two, [256, 256, 3]; of different classes where there are any.

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
    classes = sample_classes(generator.c_dim, 4, 0)
    for index, seed in enumerate(seeds[:4]):
        if cancelled is not None and cancelled():
            raise RenderCancelled
        styles = styles_of_seed(generator, seed, psi, classes[index])
        with torch.no_grad():
            made = generator.synthesize(styles, up_to=up_to, cancelled=cancelled)
        picture = to_picture(made.image)  # [up_to, up_to, 3]
        way = cv2.INTER_AREA if up_to > half else cv2.INTER_CUBIC
        row, column = divmod(index, 2)
        place = np.s_[row * half : (row + 1) * half, column * half : (column + 1) * half]
        sheet[place] = cv2.resize(picture, (half, half), interpolation=way)
    return sheet


def add_thumbnail(
    entry: LibraryEntry, library: ModelLibrary, cancelled: Callable[[], bool] | None = None
) -> LibraryEntry:
    """Render a thumbnail for a generator of the library.

    Raises:
        LocalEditError: it cannot be read, or the picture not be written.
        RenderCancelled: ``cancelled`` said yes.
    """
    picture = make_thumbnail(load_generator(entry.path).generator, cancelled=cancelled)
    return library.set_thumbnail(entry, picture)
