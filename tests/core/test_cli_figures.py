"""``localedit evaluate grid``, ``diffs`` and ``memberships``: the paper's figures of pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from cli_helpers import Run, fail, folder, pixels, run
from PIL import PdfParser
from sklearn.cluster import KMeans

from localedit_core.catalog.catalog import NO_PART, Catalog, Part
from localedit_core.catalog.colours import COLOURS
from localedit_core.catalog.sampling import styles_of_seed
from localedit_core.catalog.storage import save_catalog
from localedit_core.editing.diffmap import colour_scale
from localedit_core.generators.stylegan2 import StyleGAN2

TINY = ("--model", "tiny.safetensors", "--parts", "mouth", "eyes")
GRID = ("evaluate", "grid", *TINY, "--targets", "3", "4", "--references", "5", "6", "7")


def place_of(sheet: np.ndarray, picture: np.ndarray) -> tuple[int, int]:
    """Row and column of a picture's corner on a sheet that has it, pixel for pixel."""
    found = cv2.matchTemplate(sheet, picture, cv2.TM_SQDIFF)
    y, x = np.unravel_index(found.argmin(), found.shape)
    side = picture.shape[0]
    np.testing.assert_array_equal(sheet[y : y + side, x : x + side], picture)
    return int(y), int(x)


def edited(run: Run, target: int, reference: int, part: str, *more: str) -> np.ndarray:
    """What ``localedit edit`` makes of a pair."""
    pair = ("--target", str(target), "--reference", str(reference), "--part", part)
    run("edit", "--model", "tiny.safetensors", *pair, *more, "--out", "one.png")
    return pixels("one.png")


def pages_of(path: str) -> int:
    with PdfParser.PdfParser(path, mode="rb") as pdf:
        return len(pdf.pages)


def test_each_cell_of_a_grid_is_what_edit_makes_of_its_pair(folder: Path, run: Run) -> None:
    told = json.loads(run(*GRID, "--out", "figures", "--json"))
    assert list(told["pages"]) == ["target 3", "target 4"]
    assert pages_of(told["pdf"]) == 2
    sheet = pixels(told["pages"]["target 3"])
    first, beside, below = (
        place_of(sheet, edited(run, 3, *pair)) for pair in ((5, "mouth"), (7, "mouth"), (5, "eyes"))
    )
    assert first[0] == beside[0] < below[0] - 32
    assert first[1] == below[1] < beside[1] - 64
    other = pixels(told["pages"]["target 4"])
    assert place_of(other, edited(run, 4, 6, "eyes")) == (below[0], (first[1] + beside[1]) // 2)


def test_a_page_for_each_part_has_a_row_for_each_target(folder: Path, run: Run) -> None:
    more = ("--guard", "1", "--epsilon", "200")
    told = json.loads(run(*GRID, "--by", "part", *more, "--out", "figures", "--json"))
    assert list(told["pages"]) == ["mouth", "eyes"]
    sheet = pixels(told["pages"]["eyes"])
    first, across = (
        place_of(sheet, edited(run, *pair, "eyes", *more)) for pair in ((3, 5), (4, 7))
    )
    assert across[0] - first[0] > 32
    assert across[1] - first[1] > 64


def test_pairs_come_from_the_seed_on_and_go_onto_pages(folder: Path, run: Run) -> None:
    study = ("evaluate", "diffs", *TINY, "--seed", "40", "--pairs", "7", "--epsilon", "90")
    told = json.loads(run(*study, "--out", "figures", "--json"))
    assert told["targets"] == list(range(40, 54, 2))
    assert told["references"] == list(range(41, 54, 2))
    assert list(told["pages"]) == ["mouth 1", "mouth 2", "eyes 1", "eyes 2"]
    assert pages_of(told["pdf"]) == 4
    assert len(told["pairs"]) == 14
    # The last pair of the first part, alone on its page: what edit makes, shows and measures.
    sheet, pair = pixels(told["pages"]["mouth 2"]), told["pairs"][6]
    assert (pair["part"], pair["target"], pair["reference"]) == ("mouth", 52, 53)
    measured = json.loads(
        run(
            *("edit", "--model", "tiny.safetensors", "--target", "52", "--reference", "53"),
            *("--part", "mouth", "--epsilon", "90", "--out", "one.png", "--json"),
        )
    )
    for name in ("in_mse", "out_mse", "delta_e_inside"):
        assert pair[name] == pytest.approx(measured[name], rel=1e-9)
    after = pixels("one.png")
    place = place_of(sheet, after)
    # Right of it, the map: CIE76 in colours, but for the part's outline.
    before = edited(run, 52, 53, "mouth", "--epsilon", "0")
    assert place_of(sheet, before)[0] == place[0]
    lab = [cv2.cvtColor(p / np.float32(255), cv2.COLOR_RGB2LAB) for p in (before, after)]
    expected = colour_scale(np.linalg.norm(lab[1] - lab[0], axis=2))
    drawn = sheet[place[0] : place[0] + 32, place[1] + 36 : place[1] + 68]
    near = np.abs(drawn.astype(int) - expected).max(axis=2) <= 12
    white = drawn.min(axis=2) > 100
    assert white.any()
    assert (near | white).mean() > 0.9
    assert near.mean() > 0.5


def test_diff_maps_take_the_grid_s_places(folder: Path, run: Run) -> None:
    grid = json.loads(run(*GRID, "--out", "figures", "--json"))
    diffs = ("evaluate", "diffs", *GRID[2:], "--by", "target")
    told = json.loads(run(*diffs, "--epsilon", "0", "--out", "figures", "--json"))
    first, other = (pixels(t["pages"]["target 3"]) for t in (grid, told))
    y, x = place_of(first, edited(run, 3, 6, "eyes"))
    nothing = other[y : y + 32, x : x + 32]
    # Without a budget nothing changes: black but for the outline, which is grey to white.
    assert np.ptp(nothing.astype(int), axis=2).max() <= 4
    assert (nothing < 8).all(axis=2).mean() > 0.3


def test_a_grid_that_cannot_be_drawn_says_so(folder: Path, run: Run, fail: Run) -> None:
    diffs = ("evaluate", "diffs", *GRID[2:], "--out", "x")
    assert "make no pairs" in fail(*diffs)
    large = ("--size", "1024", "--references", *map(str, range(9)))
    assert "more than 8192 px" in fail("evaluate", "grid", *TINY, *large, "--out", "x")
    assert "no part" in fail("evaluate", "grid", *TINY[:2], "--part", "antlers", "--out", "x")
    assert "layer" in fail(
        *("evaluate", "memberships", *TINY[:2], "--layers", "b9.torgb", "--out", "x")
    )


def _features(generator: StyleGAN2, layer: str, seeds: list[int]) -> np.ndarray:
    """Activations of pictures, one row per position, [S * h * w, C]."""
    found = []
    for seed in seeds:
        with torch.no_grad():
            made = generator.synthesize(styles_of_seed(generator, seed, 0.7), record=(layer,))
        found.append(np.moveaxis(made.activations[layer][0].numpy(), 0, -1))
    return np.concatenate([f.reshape(-1, f.shape[-1]) for f in found])


def test_membership_maps_are_what_k_means_predicts(
    folder: Path, run: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    told: dict[str, Any] = json.loads(
        run(
            *("evaluate", "memberships", "--model", "tiny.safetensors", "--pictures", "3"),
            *("--layers", "b32.torgb", "b16.torgb", "--clusters", "5", "--samples", "6"),
            *("--seed", "70", "--size", "64", "--out", "figures", "--json"),
        )
    )
    assert told["seeds"] == [70, 71, 72]
    assert told["rows"] == ["b16.torgb, K 5", "b32.torgb, K 5"]
    assert pages_of("figures/memberships.pdf") == 1
    with np.load("figures/memberships.npz") as file:
        labels = file["b16.torgb, K 5"]
        other = file["b32.torgb, K 5"]
        parts = file["parts"]
    rows = _features(tiny_generator, "b16.torgb", told["seeds"]).astype(np.float64)
    rows = (rows - tiny_catalog.mean) / tiny_catalog.std
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    centres = tiny_catalog.centroids.astype(np.float64)
    kmeans = KMeans(5, init=centres, n_init=1, max_iter=1).fit(rows)
    kmeans.cluster_centers_ = centres
    assert (kmeans.predict(rows) == labels.ravel()).mean() > 0.999
    # Clusters of the other layer: they hold together better than anybody else's would.
    rows = _features(tiny_generator, "b32.torgb", told["seeds"])
    assert other.shape == (3, 32, 32)
    rows = (rows - rows.mean(0)) / rows.std(0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)

    def compactness(clusters: np.ndarray) -> float:
        groups = [rows[clusters == n] for n in np.unique(clusters)]
        return float(sum(np.linalg.norm(g.sum(axis=0)) for g in groups) / len(rows))

    shuffled = np.random.default_rng(0).permutation(other.ravel())
    assert compactness(other.ravel()) > 2.0 * compactness(shuffled)
    # The parts are the catalog's clusters by name.
    owner = {c: n for n, part in enumerate(tiny_catalog.parts) for c in part.clusters}
    expected = np.vectorize(lambda c: owner.get(c, NO_PART))(labels)  # [3, 16, 16]
    inner = cv2.resize(expected[0].astype(np.uint8), (32, 32), interpolation=cv2.INTER_NEAREST)
    assert (parts[0] == inner).mean() > 0.8
    # And on the sheet each position has its cluster's colour: 0.3 of grey, 0.7 of the colour.
    sheet = pixels("figures/memberships.png").astype(float)
    colour = np.array(COLOURS, float)[np.kron(labels[0], np.ones((4, 4), int))]  # [64, 64, 3]
    template = (0.7 * (colour - colour.mean(axis=2, keepdims=True))).astype(np.float32)
    chroma = (sheet - sheet.mean(axis=2, keepdims=True)).astype(np.float32)
    score = cv2.matchTemplate(chroma, template, cv2.TM_SQDIFF)
    assert score.min() / template.size < 1.0


def test_layers_of_the_catalog_s_kind_are_compared(
    folder: Path, run: Run, tiny_catalog: Catalog
) -> None:
    save_catalog(tiny_catalog.with_parts([Part("ear", (2, 0))]), folder / "mine.safetensors")
    told = json.loads(
        run(
            *("evaluate", "memberships", "--model", "tiny.safetensors", "--pictures", "1"),
            *("--catalog", "mine.safetensors", "--samples", "4", "--out", "x", "--json"),
        )
    )
    assert told["rows"] == ["b8.torgb, K 5", "b16.torgb, K 5", "b32.torgb, K 5"]
    assert told["parts"] == ["ear"]
