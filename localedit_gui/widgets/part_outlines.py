"""The shapes of the parts on a picture: one path per part, made once per part map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

_TRACED_SIDE = 256  # outlines are traced at about this size whatever the map has: quick enough
_SMOOTHED = 5  # points of an outline that are averaged, which takes the stairs off it


@dataclass(frozen=True)
class PartShape:
    """Where one part is.

    Attributes:
        name: of the part.
        path: its outline, in shares of the picture: (0, 0) to (1, 1).
        anchor: a point inside it, about as far from its edge as can be, in the same shares.
        share: how much of the picture it covers.
    """

    name: str
    path: QPainterPath
    anchor: QPointF
    share: float


def _trace(mask: NDArray[np.uint8]) -> QPainterPath:
    """The outline of a mask [H, W] of 0 and 255, holes left out, in shares of its size."""
    contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    path = QPainterPath()  # OddEvenFill, the default, leaves the holes out
    for contour in contours:
        points = contour[:, 0, :] + 0.5  # [n, 2]; findContours runs through pixel centres
        if len(points) > 2 * _SMOOTHED:
            around = np.concatenate([points, points[: _SMOOTHED - 1]])
            sums = np.cumsum(np.concatenate([np.zeros((1, 2)), around]), axis=0)
            points = ((sums[_SMOOTHED:] - sums[:-_SMOOTHED]) / _SMOOTHED)[::2]
        points = points / mask.shape[::-1]
        path.moveTo(points[0, 0], points[0, 1])
        for x, y in points[1:].tolist():
            path.lineTo(x, y)
        path.closeSubpath()
    return path


def _deepest(mask: NDArray[np.uint8]) -> tuple[int, int]:
    """Row and column of a pixel far from the mask's edge; of many such, one in their middle."""
    # The border counts as outside: an anchor should not lie on the picture's edge.
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 3)[1:-1, 1:-1]
    deep = np.argwhere(depth >= 0.9 * depth.max())  # [n, 2]
    middle = np.argmin(((deep - deep.mean(axis=0)) ** 2).sum(axis=1))
    return int(deep[middle, 0]), int(deep[middle, 1])


def shapes_of(part_map: NDArray[np.uint8], names: Sequence[str]) -> dict[str, PartShape]:
    """The shapes of all parts that the map shows, in the order of ``names``.

    Args:
        part_map: index into ``names`` per pixel, 255 where no part is, [H, W].
        names: of the parts; an index without a name is no part. A part of a few pixels of a large
            map has no shape.
    """
    sizes = np.bincount(part_map.ravel(), minlength=256)
    factor = max(1, _TRACED_SIDE // max(part_map.shape))
    stride = max(1, max(part_map.shape) // _TRACED_SIDE)
    coarse = part_map[stride // 2 :: stride, stride // 2 :: stride]
    height, width = coarse.shape
    shapes: dict[str, PartShape] = {}
    for index, name in enumerate(names):
        mask = np.where(coarse == index, np.uint8(255), np.uint8(0))
        if not mask.any():
            continue
        y, x = _deepest(mask)
        if factor > 1:
            size = (width * factor, height * factor)
            mask = cv2.threshold(
                cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), 127, 255, cv2.THRESH_BINARY
            )[1]
        shapes[name] = PartShape(
            name=name,
            path=_trace(mask),
            anchor=QPointF((x + 0.5) / width, (y + 0.5) / height),
            share=float(sizes[index]) / part_map.size,
        )
    return shapes
