"""Poisson blending: inside a part, a reference's gradients take the place of the target's.

The other baseline of the paper (section 4.2), after Perez, Gangnet and Blake 2003, "Poisson image
editing", by OpenCV's ``seamlessClone``. It knows nothing of generators: it acts on the finished
picture. OpenCV looks for the picture with the reference's gradients in the mask and the target's
around it that equals the target at the edge of the mask's bounding rectangle. So it changes what is
around the mask, too; here only the part's pixels are taken of it, and each connected piece of a
part has a rectangle of its own, which keeps the two close together at the part's border.
"""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Edit, Method
from localedit_core.editing.request import Picture

_REACH = 3
"""Pixels by which OpenCV shrinks the mask that it is given, on all sides."""

_SQUARE = np.ones((3, 3), np.uint8)

_Value = TypeVar("_Value", np.uint8, np.bool_)

Shift = tuple[int, int]
"""Rows down and columns to the right."""


def blends_pixels(edit: Edit) -> bool:
    """Whether an edit blends pictures and changes anything."""
    acts = not edit.muted and edit.strength > 0.0
    return acts and edit.settings.method is Method.POISSON_BLENDING


def aligning_shift(inside: NDArray[np.bool_], inside_reference: NDArray[np.bool_]) -> Shift:
    """How far to move a reference so that its part lies where the target's does.

    The centroids of the two parts then agree to half a pixel, unless the target's part would reach
    over the border of the moved reference: it is moved as far as the picture allows then. Where
    the parts overlap no more than before, as those of aligned faces often do, it stays: two eyes of
    which one is half hidden have their centroid elsewhere.

    Args:
        inside: the part on the target, [H, W].
        inside_reference: the part on the reference, [H, W].
    """
    if not inside.any() or not inside_reference.any():
        return 0, 0
    down, right = (
        int(np.clip(np.rint(ours.mean() - theirs.mean()), ours.max() - side + 1, ours.min()))
        for ours, theirs, side in zip(
            np.nonzero(inside), np.nonzero(inside_reference), inside.shape, strict=True
        )
    )
    before = np.count_nonzero(inside & inside_reference)
    after = np.count_nonzero(inside & shifted(inside_reference, (down, right)))
    return (down, right) if after > before else (0, 0)


def shifted(picture: NDArray[_Value], shift: Shift) -> NDArray[_Value]:
    """A picture or map [H, W, ...] moved; what comes in repeats its border."""
    rows, columns = (
        np.clip(np.arange(side) - by, 0, side - 1)
        for side, by in zip(picture.shape, shift, strict=False)
    )
    return np.asarray(picture[rows[:, None], columns[None, :]])


def poisson_blend(
    below: Picture, reference: Picture, inside: NDArray[np.bool_], strength: float = 1.0
) -> Picture:
    """Blend a reference into a picture.

    At the border of the picture both are taken to go on as they are there.

    Args:
        below: sRGB, [H, W, 3].
        reference: likewise, its part where the target's is.
        inside: the part, [H, W]; outside of it every pixel stays as it is.
        strength: how much of the result is taken, 0 to 1.

    Returns:
        [H, W, 3].
    """
    # OpenCV empties the outermost pixels of a mask.
    edge = _REACH + 1
    source, onto = (
        np.pad(picture, ((edge, edge), (edge, edge), (0, 0)), mode="edge")
        for picture in (reference, below)
    )
    grown = cv2.dilate(np.pad(inside.astype(np.uint8), edge), _SQUARE, iterations=_REACH)
    count, pieces, boxes, _ = cv2.connectedComponentsWithStats(grown)
    changed = np.zeros(onto.shape, np.int16)
    for piece in range(1, count):
        x, y, width, height = (int(n) for n in boxes[piece, :4])
        area = np.s_[y - 1 : y + height + 1, x - 1 : x + width + 1]
        own = pieces[area] == piece
        lent, kept = np.ascontiguousarray(source[area]), np.ascontiguousarray(onto[area])
        # OpenCV cuts fractions off, so that even a picture that is cloned onto itself comes out a
        # level darker here and there: what it makes of that is the zero.
        change = _cloned(lent, kept, own).astype(np.int16) - _cloned(kept, kept, own)
        changed[area][own] = change[own]
    height, width = inside.shape
    change = changed[edge : edge + height, edge : edge + width] * inside[..., None]
    return np.clip(np.rint(below + strength * change), 0, 255).astype(np.uint8)


def _cloned(source: Picture, onto: Picture, own: NDArray[np.bool_]) -> Picture:
    """``source`` cloned onto a picture of the same size, at the same place."""
    mask = own.astype(np.uint8) * 255  # OpenCV writes into it
    x, y, width, height = cv2.boundingRect(mask)
    # The centre of the mask's bounding rectangle goes to the point that is named.
    centre = (x + width // 2, y + height // 2)
    return np.asarray(cv2.seamlessClone(source, onto, mask, centre, cv2.NORMAL_CLONE), np.uint8)
