"""``localedit edit`` with feature blending, and of a generator that has nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import dense_networks as dense
import numpy as np
import pytest
import torch
from cli_helpers import Run, folder, run
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


def test_other_resolutions_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["edit", "--model", "tiny.safetensors", "--target", "3", "--reference", "4"]
    assert main([*command, "--part", "mouth", "--out", "x.png", "--blend-to", "48"]) == 2
    assert "--blend-to" in capsys.readouterr().err
