"""One table of colours for clusters, told apart by colour-blind people too.

The first seven are those of Okabe and Ito, "Color universal design" (2008); the others were found
by going on from them, each time with the colour farthest in CIELAB from all before, to normal eyes
and to simulated protanopia and deuteranopia (Machado et al. 2009). Any two are at least 17 apart
for each of these. Clusters beyond the table take its colours again with a hatching.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLOURS: tuple[tuple[int, int, int], ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
    (0, 0, 255),
    (187, 255, 170),
    (85, 34, 0),
    (85, 34, 68),
    (34, 17, 153),
    (119, 102, 255),
    (170, 255, 255),
    (102, 187, 102),
    (85, 17, 102),
    (170, 221, 187),
    (119, 102, 51),
    (102, 153, 255),
    (204, 238, 119),
    (17, 85, 187),
    (102, 51, 51),
    (153, 68, 119),
    (0, 34, 204),
)
"""sRGB."""

HATCHINGS = 5
"""Kinds of hatching: none, two diagonals, horizontal, vertical."""

_STRIPE = 6  # pixels from one line of a hatching to the next
_LINE = 2


def cluster_colour(cluster: int) -> tuple[int, int, int]:
    """The colour of a cluster, sRGB; the same everywhere."""
    return COLOURS[cluster % len(COLOURS)]


def cluster_hatching(cluster: int) -> int:
    """Which hatching a cluster's colour has: 0 for none, below ``HATCHINGS``."""
    return cluster // len(COLOURS) % HATCHINGS


def paint(clusters: NDArray[np.integer]) -> NDArray[np.uint8]:
    """A map of clusters [H, W] in colour, with hatchings: sRGB [H, W, 3]."""
    table = np.array(COLOURS, np.uint8)
    painted: NDArray[np.uint8] = table[clusters % len(COLOURS)]  # [H, W, 3]
    kind = clusters // len(COLOURS) % HATCHINGS
    if kind.any():
        rows, columns = np.indices(clusters.shape)
        along = (rows + columns, rows - columns, rows, columns)
        for number, position in enumerate(along, start=1):
            lines = (kind == number) & (position % _STRIPE < _LINE)
            dark = painted[lines].mean(axis=1, keepdims=True) < 128
            painted[lines] = np.where(dark, 255, 0)
    return painted
