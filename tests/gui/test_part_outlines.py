"""Outlines of parts against the map that they were traced from."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from localedit_gui.widgets.part_outlines import shapes_of

SIDE = 64
NAMES = ("left", "dot", "right")


def test_outlines_enclose_what_the_map_says() -> None:
    """Pixel centres inside a path are the part's own, save within a pixel of its edge."""
    rng = np.random.default_rng(11)
    coarse = rng.integers(0, 3, (8, 8)).astype(np.uint8)
    part_map = np.kron(coarse, np.ones((8, 8), np.uint8))
    shapes = shapes_of(part_map, NAMES)
    assert set(shapes) == set(NAMES)
    for index, name in enumerate(NAMES):
        shape = shapes[name]
        assert shape.share == pytest.approx((part_map == index).mean())
        x, y = int(shape.anchor.x() * SIDE), int(shape.anchor.y() * SIDE)
        assert part_map[y, x] == index
        for y in range(1, SIDE - 1):
            for x in range(1, SIDE - 1):
                around = part_map[y - 1 : y + 2, x - 1 : x + 2] == index
                if around.all() or not around.any():
                    inside = shape.path.contains(QPointF((x + 0.5) / SIDE, (y + 0.5) / SIDE))
                    assert inside == around.all(), (name, x, y)
