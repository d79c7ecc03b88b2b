"""``localedit evaluate``: reports in a folder, heat maps, going on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from cli_helpers import Run, fail, folder, pixels, run

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.evaluation.pairs import seed_pairs
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

STUDY = ("evaluate", "locality", "--model", "tiny.safetensors", "--part", "mouth")
HEAT = ("evaluate", "heatmap", "--model", "tiny.safetensors", "--parts", "mouth", "hair")


def _lab(picture: np.ndarray) -> np.ndarray:
    """CIELAB by the CIE's formulas, from sRGB [H, W, 3], D65: [H, W, 3]."""
    coded = picture / 255.0
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    matrix = [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
    xyz = linear @ np.array(matrix).T / [0.950456, 1.0, 1.088754]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def test_a_report_is_written_and_gone_on_with(folder: Path, run: Run, fail: Run) -> None:
    run(*STUDY, "--pairs", "2", "--out", "report")
    told = json.loads(Path("report/locality.json").read_text())
    (part,) = told["parts"]
    rows = list(csv.DictReader(Path("report/locality.csv").read_text().splitlines()))
    points = [(c["method"], p) for c in part["curves"] for p in c["points"]]
    assert len(rows) == len(points) == 38
    for row, (method, point) in zip(rows, points, strict=True):
        assert row["method"] == method
        assert float(row["out_mse"]) == point["out_mse"]
    picture = pixels("report/locality.png")
    assert picture.std() > 5  # something is drawn
    # More pairs begin where these ended, and are those of a run of their own.
    longer = json.loads(run(*STUDY, "--pairs", "4", "--out", "report", "--json"))
    alone = json.loads(run(*STUDY, "--pairs", "4", "--json"))
    assert longer["parts"][0]["pairs"] == alone["parts"][0]["pairs"] == 4
    for curves in zip(longer["parts"][0]["curves"], alone["parts"][0]["curves"], strict=True):
        found, expected = ([p["out_mse"] for p in curve["points"]] for curve in curves)
        assert found == pytest.approx(expected, rel=1e-9)
    assert "psi" in fail(*STUDY, "--pairs", "4", "--psi", "0.3", "--out", "report")


def test_roir_is_the_mean_over_pairs_of_outside_over_inside(
    folder: Path, run: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    told = json.loads(run(*STUDY, "--pairs", "3", "--methods", "global", "--json"))
    (curve,) = told["parts"][0]["curves"]
    pipeline = Pipeline(Model(tiny_generator, "x", "stylegan2"), tiny_catalog)
    ratios = []
    for seeds in seed_pairs(3):
        first, second = (pipeline.view(Latent(seed, tiny_catalog.psi)) for seed in seeds)
        roi = pipeline.roi(first, "mouth")
        change = (second.image.astype(float) - first.image) ** 2
        ratios.append(np.sqrt(change[~roi].sum() / change[roi].sum()))
    assert curve["points"][-1]["parameter"] == 1.0
    assert curve["points"][-1]["roir"] == pytest.approx(np.mean(ratios), rel=1e-6)
    assert curve["points"][0]["roir"] is None  # nothing changed at all


def test_the_baselines_are_studied_as_the_queries_are(folder: Path, run: Run) -> None:
    command = (*STUDY, "--pairs", "2", "--methods", "feature-blending", "poisson-blending")
    told = json.loads(run(*command, "--blend-to", "64", "--json"))["parts"][0]
    assert told["settings"]["blend_to"] == 64
    features, poisson = told["curves"]
    # The generator's whole picture has 32 px: in the part, all of it comes from the reference.
    assert features["points"][-1]["in_mse"] == pytest.approx(1.0, abs=0.2)
    assert poisson["points"][-1]["in_mse"] > 0.0
    assert {point["out_mse"] for point in poisson["points"]} == {0.0}


def test_another_catalog_of_the_generator(
    folder: Path, run: Run, fail: Run, tiny_catalog: Catalog
) -> None:
    save_catalog(tiny_catalog.with_parts([Part("ear", (2, 0))]), folder / "mine.safetensors")
    text = run(*STUDY[:-2], "--catalog", "mine.safetensors", "--pairs", "1", "--methods", "global")
    assert text.startswith("ear: 1 pairs")
    assert "mouth" in fail(*STUDY, "--catalog", "mine.safetensors", "--pairs", "1")


def test_heat_maps_are_the_mean_over_pairs_of_the_error_at_each_pixel(
    folder: Path, run: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    told = json.loads(run(*HEAT, "--pairs", "3", "--epsilon", "300", "--out", "maps", "--json"))
    assert told["pairs"] == 3
    pipeline = Pipeline(Model(tiny_generator, "x", "stylegan2"), tiny_catalog)
    with np.load("maps/heatmap.npz") as found:
        assert found["parts"].tolist() == ["mouth", "hair"]
        for number, part in enumerate(("mouth", "hair")):
            errors, cover = [], []
            for target, reference in (
                [Latent(seed, tiny_catalog.psi) for seed in pair] for pair in seed_pairs(3)
            ):
                settings = QuerySettings(epsilon=300.0, floor=tiny_catalog.part(part).floor)
                edit = Edit("a", part, reference, settings)
                *_, last = pipeline.run(RenderRequest(0, 0, target, (edit,)))
                view = pipeline.view(target)
                change = (_lab(last.image) - _lab(view.image)) * [2.55, 1.0, 1.0]
                errors.append((change**2).sum(axis=2) / (3 * 255.0**2))
                cover.append(pipeline.roi(view, part))
            assert np.mean(errors) > 0
            np.testing.assert_allclose(
                found["error"][number], np.mean(errors, axis=0), rtol=2e-3, atol=2e-7
            )
            np.testing.assert_array_equal(found["cover"][number], np.mean(cover, axis=0))
            often = np.mean(cover, axis=0)
            facts = told["parts"][part]
            assert facts["mean"] == pytest.approx(np.mean(errors), rel=2e-3)
            for name, weights in (("inside", often), ("outside", 1.0 - often)):
                expected = np.average(np.mean(errors, axis=0), weights=weights)
                assert facts[name] == pytest.approx(expected, rel=2e-3)
    sheet = pixels("maps/heatmap.png")
    assert sheet.shape[1] > 2 * 256
    assert Path("maps/heatmap.pdf").read_bytes().startswith(b"%PDF")


def test_a_frechet_distance_names_its_features(folder: Path, run: Run) -> None:
    study = ("evaluate", "frechet", "--model", "tiny.safetensors", "--part", "mouth", "--pairs")
    told = json.loads(run(*study, "6", "--epsilon", "0", "--pixels", "2", "--json"))
    assert told["features"] == "pixels, 2 x 2"
    # A transfer without a budget changes nothing.
    assert told["distance"]["edited mouth"] == told["distance"]["unedited"] > 0
    assert "no FID" in run(*study, "3", "--pixels", "2")
