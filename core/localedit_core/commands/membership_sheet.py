"""A contact sheet of pictures and their clusters, by which a person names them."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Picture

TILE = 256
COLUMNS = 6
_GOLDEN = 0.618034  # steps of the golden ratio keep neighbouring numbers apart in hue


def cluster_colour(cluster: int) -> tuple[int, int, int]:
    """A colour for a cluster, sRGB; the same in every sheet."""
    red, green, blue = colorsys.hsv_to_rgb(cluster * _GOLDEN % 1.0, 0.75, 0.95)
    return round(red * 255), round(green * 255), round(blue * 255)


def draw_sheet(
    pictures: Sequence[Picture], labels: Sequence[NDArray[np.int64]], tile: int = TILE
) -> Picture:
    """Draw each picture and, below it, its clusters in colour with their numbers.

    Args:
        pictures: [R, R, 3] each.
        labels: [h, h] each, the cluster of every position.
        tile: side of one drawing in pixels.

    Returns:
        Rows of at most six: [2 * tile * rows, tile * pictures in a row, 3].
    """
    columns: list[Picture] = []
    for picture, clusters in zip(pictures, labels, strict=True):
        enlarged = np.asarray(
            cv2.resize(picture, (tile, tile), interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
        columns.append(np.concatenate((enlarged, _overlay(enlarged, clusters)), axis=0))
    per_row = min(COLUMNS, len(columns))
    while len(columns) % per_row:
        columns.append(np.zeros_like(columns[0]))
    rows = [columns[start : start + per_row] for start in range(0, len(columns), per_row)]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows], axis=0)


def _overlay(picture: Picture, clusters: NDArray[np.int64]) -> Picture:
    """The picture in grey under its clusters, each with its number in its thickest place."""
    side = picture.shape[0]
    table = np.array([cluster_colour(c) for c in range(int(clusters.max()) + 1)], dtype=np.uint8)
    enlarged = cv2.resize(clusters.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    grey = picture.mean(axis=2, keepdims=True)  # [side, side, 1]
    overlay: Picture = (0.45 * grey + 0.55 * table[enlarged]).astype(np.uint8)
    for cluster in np.unique(clusters):
        mask = np.pad((enlarged == cluster).astype(np.uint8), 1)
        distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)[1:-1, 1:-1]
        y, x = np.unravel_index(int(distance.argmax()), distance.shape)
        place = (int(x) - 8, int(y) + 5)
        for colour, thickness in (((0, 0, 0), 3), ((255, 255, 255), 1)):
            cv2.putText(
                overlay,
                str(cluster),
                place,
                cv2.FONT_HERSHEY_SIMPLEX,
                side / 550.0,
                colour,
                thickness,
                cv2.LINE_AA,
            )
    return overlay
