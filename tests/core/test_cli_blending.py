"""``localedit edit`` with feature blending, and of a generator that has nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import dense_networks as dense
import numpy as np
import pytest
import torch
from cli_helpers import Run, contains, folder, run
from PIL import Image

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.cli import main
from localedit_core.session.storage import load_session


@pytest.fixture
def progan(folder: Path) -> str:
    """The name of a PG-GAN's file in the current folder, its catalog beside it."""
    network = dense.random_progan((6, 6, 6, 4))
    path = folder / "pg.safetensors"
    save_generator(
        build_progan(network.arguments, network.variables), path, name="PG", dtype=torch.float32
    )
    generator = load_generator(path).generator
    catalog = build_catalog(generator, layer="16x16/Conv1", n_clusters=3, n_samples=4)
    named = catalog.with_parts([Part("left", (0,)), Part("right", (1, 2))])
    save_catalog(named, folder / "pg.catalog.safetensors")
    return path.name


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_a_pg_gan_is_edited_saved_and_rendered_again(folder: Path, run: Run, progan: str) -> None:
    command = ("edit", "--model", progan, "--target", "3", "--reference", "4", "--part", "left")
    told = run(*command, "--out", "out.png", "--session", "s.localedit", "--json")
    measures = json.loads(told)
    assert measures["in_mse"] > 0
    assert measures["channels_moved"] == {}
    (edit,) = load_session(folder / "s.localedit").state.edits
    assert (edit.settings.method, edit.settings.blend_to) == ("feature-blending", 32)
    for carrier in ("s.localedit", "out.png"):
        run("render", carrier, "--out", "again.png")
        np.testing.assert_array_equal(_pixels(folder / "again.png"), _pixels(folder / "out.png"))
    run(*command, "--strength", "0", "--out", "plain.png")
    assert (_pixels(folder / "plain.png") != _pixels(folder / "out.png")).any()


def test_a_pg_gan_says_what_to_use_instead_of_styles(
    folder: Path, capsys: pytest.CaptureFixture[str], progan: str
) -> None:
    command = ("edit", "--model", progan, "--target", "3", "--reference", "4", "--part", "left")
    assert main([*command, "--method", "sequential", "--out", "out.png"]) == 2
    told = capsys.readouterr().err
    assert "has no styles" in told
    assert "feature-blending" in told
    assert not (folder / "out.png").exists()


def test_blending_of_a_generator_with_styles(folder: Path, run: Run) -> None:
    command = (
        *("edit", "--model", "tiny.safetensors", "--target", "3", "--reference", "4"),
        *("--part", "mouth", "--method", "feature-blending", "--blend-to", "64"),
    )
    run(*command, "--out", "out.png", "--session", "s.localedit")
    (edit,) = load_session(folder / "s.localedit").state.edits
    assert edit.settings.blend_to == 64


def test_poisson_blending_of_either_kind_of_generator(folder: Path, run: Run, progan: str) -> None:
    for model, part in (("tiny.safetensors", "mouth"), (progan, "left")):
        command = ("edit", "--model", model, "--target", "3", "--reference", "4", "--part", part)
        blended = (*command, "--method", "poisson-blending")
        told = run(
            *blended, "--out", "out.png", "--diff", "d.png", "--session", "s.localedit", "--json"
        )
        measures = json.loads(told)
        assert measures["in_mse"] > 0
        assert measures["out_mse"] == measures["roir"] == 0
        (edit,) = load_session(folder / "s.localedit").state.edits
        assert edit.settings.method == "poisson-blending"
        for carrier in ("s.localedit", "out.png"):
            run("render", carrier, "--out", "again.png")
            np.testing.assert_array_equal(
                _pixels(folder / "again.png"), _pixels(folder / "out.png")
            )
        (folder / "e.json").write_text(
            json.dumps([{"part": part, "reference": 4, "method": "poisson-blending"}])
        )
        run("edit", "--model", model, "--target", "3", "--edits", "e.json", "--out", "listed.png")
        np.testing.assert_array_equal(_pixels(folder / "listed.png"), _pixels(folder / "out.png"))


def test_the_sheet_of_baselines_shows_what_edit_makes(folder: Path, run: Run, progan: str) -> None:
    methods = {
        "features 32": ("--method", "feature-blending"),
        "features 64": ("--method", "feature-blending", "--blend-to", "64"),
        "Poisson": ("--method", "poisson-blending"),
        "ours": ("--method", "sequential"),
    }
    for model, part, names, pairs in (
        ("tiny.safetensors", "mouth", list(methods), [[3, 4], [5, 6]]),
        (progan, "left", ["features 32", "Poisson"], [[3, 4]]),
    ):
        seeds = [[str(pair[n]) for pair in pairs] for n in (0, 1)]
        sheet = ("sheet", "baselines", "--model", model, "--parts", part, "--out", "b.png")
        facts = run(*sheet, "--targets", *seeds[0], "--references", *seeds[1], "--json")
        assert json.loads(facts)["pairs"] == pairs
        shown = _pixels(folder / "b.png")
        command = ("edit", "--model", model, "--target", seeds[0][-1], "--part", part)
        for name in names:
            run(*command, "--reference", seeds[1][-1], *methods[name], "--out", "one.png")
            assert contains(shown, _pixels(folder / "one.png"))


def test_figures_of_a_pg_gan_blend_features(folder: Path, run: Run, progan: str) -> None:
    figure = (
        "--model",
        progan,
        "--targets",
        "3",
        "--references",
        "4",
        "--out",
        "figures",
        "--json",
    )
    pages = json.loads(run("evaluate", "grid", *figure, "--parts", "left", "right"))["pages"]
    for part in ("left", "right"):
        edit = ("edit", "--model", progan, "--target", "3", "--reference", "4", "--part", part)
        run(*edit, "--out", "one.png")
        assert contains(_pixels(Path(pages["target 3"])), _pixels(folder / "one.png"))
    run("evaluate", "diffs", *figure)
    maps = ("evaluate", "memberships", "--model", progan, "--pictures", "2", "--samples", "3")
    told = json.loads(run(*maps, "--clusters", "3", "--out", "figures", "--json"))
    assert told["rows"][1] == "16x16/Conv1, K 3"


def test_what_is_wrong_with_a_sheet_of_baselines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = ["sheet", "baselines", "--model", "tiny.safetensors", "--targets", "3", "5", "7"]
    for more, told in (
        (["--references", "1", "2", "--parts", "mouth"], "2 --references"),
        (["--references", "1", "--parts", "mouth", "eyes"], "2 --parts"),
        (["--references", "1", "--parts", "antlers"], "antlers"),
        (["--references", "1", "--parts", "mouth", "--guard", "2"], "guard"),
    ):
        assert main([*sheet, *more, "--out", "b.pdf"]) == 2
        assert told in capsys.readouterr().err
    assert not (folder / "b.pdf").exists()
    assert main([*sheet, "--references", "1", "--parts", "mouth", "--out", "b.pdf"]) == 0
    assert (folder / "b.pdf").read_bytes().startswith(b"%PDF")


def test_other_resolutions_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["edit", "--model", "tiny.safetensors", "--target", "3", "--reference", "4"]
    assert main([*command, "--part", "mouth", "--out", "x.png", "--blend-to", "48"]) == 2
    assert "--blend-to" in capsys.readouterr().err
