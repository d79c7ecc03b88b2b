"""What is shown of a picture while it is made: small ones, and the piece that was made first."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Picture
from localedit_core.generators.boxes import Box
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.progressive import Stage

MARGIN = 1 / 32
"""How much further than its part a piece reaches, of the picture's side."""

LARGEST = 0.5
"""Share of the picture from which a piece is not worth making before the rest."""


def pasted(picture: Picture, piece: Picture, box: Box) -> Picture:
    """The picture [R, R, 3] with a piece [h, w, 3] of another in a box."""
    made = picture.copy()
    made[box.slices] = piece
    return made


def box_of(inside: NDArray[np.bool_]) -> Box | None:
    """Where a part is, with a margin; None where that is nowhere or too much to come first.

    Args:
        inside: the part's pixels, [R, R].
    """
    side = inside.shape[0]
    found = Box.around(np.any(inside, axis=1), np.any(inside, axis=0))
    if found is None:
        return None
    box = found.grown(round(side * MARGIN), side)
    return box if box.height * box.width <= LARGEST * side**2 else None


class Unfinished:
    """Puts the stages of one picture together.

    Args:
        full: side of the full picture, R.
        original: the target's own picture, [R, R, 3], where only a piece of it changes; else None.
        box: that piece.
    """

    def __init__(self, full: int, original: Picture | None, box: Box | None) -> None:
        self._full = full
        self._original = original
        self._box = box
        self._small: Picture | None = None
        self._piece: tuple[Picture, Box] | None = None

    def add(self, stage: Stage) -> Picture:
        """The best that there is after one more stage: [R, R, 3], or [r, r, 3] before any piece."""
        made = to_picture(stage.image)
        if stage.box is not None:
            self._piece = made, stage.box
        else:
            self._small = made
        if self._original is not None and self._box is not None:
            if self._piece is not None:
                return pasted(self._original, *self._piece)
            inside = self._enlarged(made)[self._box.slices]
            return pasted(self._original, inside, self._box)
        if self._piece is None or self._small is None or made.shape[0] == self._full:
            return made
        return pasted(self._enlarged(self._small), *self._piece)

    def _enlarged(self, small: Picture) -> Picture:
        size = (self._full, self._full)
        return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
