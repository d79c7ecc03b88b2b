"""The shapes of the parts on a picture: one path per part, made once per part map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

_TRACED_SIDE = 512  # smaller maps are traced at this size, which takes the stairs off the outlines


@dataclass(frozen=True)
class PartShape:
    """Where one part is.

    Attributes:
        name: of the part.
        path: its outline, in shares of the picture: (0, 0) to (1, 1).
        anchor: the point inside it that is farthest from its edge, in the same shares.
        share: how much of the picture it covers.
    """

    name: str
    path: QPainterPath
    anchor: QPointF
    share: float


def _trace(mask: NDArray[np.uint8], factor: int) -> QPainterPath:
    """The outline of a mask [H, W] of 0 and 255, holes left out."""
    height, width = mask.shape
    if factor > 1:
        size = (width * factor, height * factor)
        smooth = cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR)
        rounded = cv2.GaussianBlur(smooth, (0, 0), 0.7 * factor)
        # Parts of a pixel or two do not survive the blur: those keep their corners.
        smooth = rounded if rounded.max() > 127 else smooth
        mask = np.where(smooth > 127, np.uint8(255), np.uint8(0))
    contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    path = QPainterPath()  # OddEvenFill, the default, leaves the holes out
    for contour in contours:
        if len(contour) < 3:
            continue
        if factor > 1:
            contour = cv2.approxPolyDP(contour, 0.6, True)
        # findContours runs through pixel centres.
        points = (contour[:, 0, :] + 0.5) / np.array([width * factor, height * factor])
        path.moveTo(points[0, 0], points[0, 1])
        for x, y in points[1:]:
            path.lineTo(x, y)
        path.closeSubpath()
    return path


def shapes_of(part_map: NDArray[np.uint8], names: Sequence[str]) -> dict[str, PartShape]:
    """The shapes of all parts that the map shows, in the order of ``names``.

    Args:
        part_map: index into ``names`` per pixel, 255 where no part is, [H, W].
        names: of the parts; an index without a name is no part.
    """
    shapes: dict[str, PartShape] = {}
    factor = max(1, _TRACED_SIDE // max(part_map.shape))
    for index, name in enumerate(names):
        mask = np.where(part_map == index, np.uint8(255), np.uint8(0))
        count = int(np.count_nonzero(mask))
        if not count:
            continue
        # The border counts as outside: an anchor should not lie on the picture's edge.
        depth = cv2.distanceTransform(cv2.copyMakeBorder(mask, 1, 1, 1, 1, 0), cv2.DIST_L2, 3)
        y, x = np.unravel_index(int(np.argmax(depth[1:-1, 1:-1])), mask.shape)
        height, width = mask.shape
        shapes[name] = PartShape(
            name=name,
            path=_trace(mask, factor),
            anchor=QPointF((float(x) + 0.5) / width, (float(y) + 0.5) / height),
            share=count / mask.size,
        )
    return shapes
