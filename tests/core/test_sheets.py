"""Colours told apart by colour-blind people, and sheets that show what the arrays say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from localedit_core.catalog.colours import (
    COLOURS,
    HATCHINGS,
    cluster_colour,
    cluster_hatching,
    paint,
)
from localedit_core.catalog.sheets import draw_clusters, draw_sheet, draw_sweep
from localedit_core.catalog.sweep import SweepPlan, run_sweep
from localedit_core.generators.stylegan2 import StyleGAN2

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
# deficiency" (2009): severity 1.0, for linear light.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def _seen(colours: NDArray[np.uint8], vision: str) -> NDArray[np.float32]:
    """CIELAB of sRGB colours [N, 3] as somebody sees them."""
    coded = colours / 255.0
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    simulated = np.clip(linear @ np.array(VISIONS[vision]).T, 0, 1).astype(np.float32)
    return np.asarray(cv2.cvtColor(simulated[None], cv2.COLOR_LRGB2LAB)[0])


@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_colours_are_far_apart(vision: str) -> None:
    lab = _seen(np.array(COLOURS, np.uint8), vision)
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 16.0  # 2.3 is just noticeable
    assert len(COLOURS) == 24


def test_clusters_beyond_the_table_differ_by_their_hatching() -> None:
    kinds = {(cluster_colour(c), cluster_hatching(c)) for c in range(len(COLOURS) * HATCHINGS)}
    assert len(kinds) == len(COLOURS) * HATCHINGS
    plain, *hatched = (paint(np.full((24, 24), 3 + len(COLOURS) * n)) for n in range(HATCHINGS))
    assert (plain == COLOURS[3]).all()
    for one in hatched:
        share = (one == COLOURS[3]).all(axis=2).mean()
        assert 0.5 < share < 0.8
    assert len({one.tobytes() for one in hatched}) == HATCHINGS - 1


def test_a_sheet_has_pictures_above_their_clusters() -> None:
    pictures = [np.full((16, 16, 3), 40 * n, np.uint8) for n in range(7)]
    labels = [np.array([[0, 1], [2, n]]) for n in range(7)]
    sheet = draw_sheet(pictures, labels, tile=64)
    assert sheet.shape == (4 * 64, 6 * 64, 3)
    assert (sheet[:64, 64:128] == 40).all()
    for row, column, cluster in ((8, 8, 0), (8, 56, 1), (56, 8, 2), (56, 56, 1)):
        seen = sheet[64 + row, 64 + column].astype(float)
        expected = 0.3 * 40 + 0.7 * np.array(cluster_colour(cluster))
        np.testing.assert_allclose(seen, expected, atol=1.5)
    assert (sheet[128:, 64:] == 0).all()  # nothing beside the seventh


def test_numbers_can_be_left_out_or_replaced() -> None:
    picture, labels = np.full((8, 8, 3), 100, np.uint8), np.zeros((2, 2), np.int64)
    plain = draw_clusters(picture, labels, 256, None)
    assert len(np.unique(plain.reshape(-1, 3), axis=0)) == 1
    named = draw_clusters(picture, labels, 256, lambda cluster: "hair")
    assert not np.array_equal(named, draw_clusters(picture, labels, 256))
    changed = (named != plain).any(axis=2)
    assert 0.002 < changed.mean() < 0.5


def test_a_sweep_s_sheet_has_a_row_per_cell(tiny_generator: StyleGAN2) -> None:
    plan = SweepPlan(("b8.conv1", "b16.torgb"), (3, 4), n_samples=4, shown=3, stability=False)
    sweep = run_sweep(tiny_generator, plan)
    tile = 48
    sheet = draw_sweep(sweep, tile)
    assert sheet.shape[1:] == (3 * tile, 3)
    caption = (sheet.shape[0] - 5 * tile) // 4
    assert 10 < caption < 40
    for index, cell in enumerate(sweep.cells):
        top = tile + index * (tile + caption) + caption
        for column, labels in enumerate(cell.labels):
            row = sheet[top : top + tile, column * tile : (column + 1) * tile]
            expected = draw_clusters(sweep.pictures[column], labels, tile, None)
            np.testing.assert_array_equal(row, expected)
