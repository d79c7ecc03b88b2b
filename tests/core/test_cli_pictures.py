"""The command line: edit and render."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from cli_helpers import EDIT, MOUTH, Run, fail, folder, pixels, rendered, run
from samples import latents_of, make_state

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import Edit, EpsilonUnit, LayerBands, Method, QuerySettings
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent
from localedit_core.session.png import read_png_session
from localedit_core.session.storage import load_session, save_session

# --- edit ---


def test_edit_writes_what_the_pipeline_renders(
    folder: Path, run: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    text = run(*MOUTH, "--out", "out.png", "--json")
    part = tiny_catalog.part("mouth")
    settings = QuerySettings(epsilon=part.epsilon, floor=part.floor)
    expected = rendered(
        tiny_generator, tiny_catalog, Edit("any", "mouth", Latent(5, 0.7), settings)
    )
    np.testing.assert_array_equal(pixels("out.png"), expected.image)
    assert (expected.image != expected.original).any()
    facts = json.loads(text)
    assert set(facts) == {
        "in_mse",
        "out_mse",
        "roir",
        "delta_e_inside",
        "delta_e_outside",
        "channels_moved",
    }
    for name in ("in_mse", "out_mse", "roir", "delta_e_inside", "delta_e_outside"):
        assert facts[name] == getattr(expected.measures, name)
    assert facts["channels_moved"] == expected.measures.channels_moved


def test_every_option_of_edit_arrives(
    folder: Path, run: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    run(
        *(*EDIT, "--psi", "0.9", "--noise-seed", "8", "--out", "out.png"),
        *("--part", "mouth", "--reference", "5", "--part", "hair", "--reference", "6"),
        *("--method", "simultaneous", "--lambda", "1.5", "--unit", "absolute"),
        *("--coarse", "0.5", "--middle", "0.75", "--fine", "0.25", "--no-colour-layers"),
        *("--epsilon", "70", "--floor", "0.01", "--floor", "0.02"),
        *("--strength", "0.9", "--strength", "0.8", "--session", "s.localedit"),
    )
    state = load_session("s.localedit").state
    assert state.psi == 0.9
    assert state.noise_seed == 8
    assert (state.target.seed, state.target.psi) == (3, 0.9)
    assert [edit.part for edit in state.edits] == ["mouth", "hair"]
    assert [edit.reference.seed for edit in state.edits] == [5, 6]
    assert [edit.strength for edit in state.edits] == [0.9, 0.8]
    for edit, floor in zip(state.edits, (0.01, 0.02), strict=True):
        assert edit.settings == QuerySettings(
            method=Method.SIMULTANEOUS,
            epsilon=70.0,
            floor=floor,
            lam=1.5,
            bands=LayerBands(0.5, 0.75, 0.25),
            colour_layers=False,
            unit=EpsilonUnit.ABSOLUTE,
        )


@pytest.mark.parametrize("method", ["sequential", "authors", "simultaneous", "global"])
def test_methods(
    method: str, folder: Path, run: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    run(*MOUTH, "--method", method, "--lambda", "0.5", "--epsilon", "60", "--out", "out.png")
    settings = QuerySettings(Method(method), 60.0, tiny_catalog.part("mouth").floor, 0.5)
    expected = rendered(tiny_generator, tiny_catalog, Edit("a", "mouth", Latent(5, 0.7), settings))
    np.testing.assert_array_equal(pixels("out.png"), expected.image)


def test_measured_part_can_be_chosen(folder: Path, run: Run) -> None:
    last = json.loads(run(*MOUTH, "--out", "out.png", "--json"))
    mouth = json.loads(run(*MOUTH, "--out", "out.png", "--measure", "mouth", "--json"))
    hair = json.loads(run(*MOUTH, "--out", "out.png", "--measure", "hair", "--json"))
    assert last == mouth
    assert hair["in_mse"] != mouth["in_mse"]
    assert run(*MOUTH, "--out", "out.png", "--measure", "hair").startswith("hair: In-MSE")


def test_diff_map_is_drawn(folder: Path, run: Run) -> None:
    run(*MOUTH, "--out", "out.png", "--diff", "diff.png")
    diff = pixels("diff.png")
    assert diff.shape[1] == 512
    assert diff.shape[0] > 512  # the legend
    run(*MOUTH, "--strength", "0", "--out", "out.png", "--diff", "still.png")
    still = pixels("still.png")
    assert diff[:512].mean() > still[:512].mean()


def test_edit_complains(folder: Path, fail: Run) -> None:
    out = ("--out", "out.png")
    assert "'nose'" in fail(*EDIT, "--part", "nose", "--reference", "5", *out)
    assert "mouth" in fail(*MOUTH, *out, "--measure", "nose")
    assert "--reference" in fail(*MOUTH, "--part", "eyes", *out)
    assert "--epsilon" in fail(
        *(*MOUTH, "--part", "eyes", "--reference", "6", *out),
        *("--epsilon", "1", "--epsilon", "2", "--epsilon", "3"),
    )
    for option, value in (
        ("--epsilon", "nan"),
        ("--epsilon", "-1"),
        ("--epsilon", "512.5"),
        ("--floor", "2"),
        ("--strength", "inf"),
        ("--psi", "nan"),
        ("--coarse", "1.5"),
        ("--lambda", "-1"),
        ("--epsilon", "much"),
        ("--method", "magic"),
        ("--unit", "metres"),
        ("--noise-seed", "-1"),
        ("--reference", str(2**32)),
        ("--eps", "--eps"),
    ):
        assert value in fail(*MOUTH, *out, option, value)
    assert "no_such" in fail("edit", "--model", "no_such", *MOUTH[3:], *out)
    assert "--out" in fail(*MOUTH)
    assert not (folder / "out.png").exists()
    assert "nowhere" in fail(*MOUTH, "--out", "nowhere/out.png")


def test_model_without_catalog(folder: Path, fail: Run) -> None:
    (folder / "tiny.catalog.safetensors").unlink()
    line = fail(*MOUTH, "--out", "out.png")
    assert "tiny.catalog.safetensors" in line
    assert "catalog build" in line


# --- render ---


STACK = (
    *(*MOUTH, "--part", "hair", "--reference", "9", "--epsilon", "120", "--strength", "0.7"),
    *("--noise-seed", "4", "--out", "out.png", "--session", "s.localedit"),
)


def test_render_of_a_session_gives_the_same_pixels(folder: Path, run: Run) -> None:
    run(*STACK)
    before = pixels("out.png")
    for source in ("s.localedit", "out.png"):
        run("render", source, "--out", "again.png")
        np.testing.assert_array_equal(pixels("again.png"), before)
    # Stored latents decide, not the seeds they came from.
    state = load_session("s.localedit").state
    assert all(edit.reference.w_plus is not None for edit in state.edits)
    assert read_png_session("again.png").state == state


def test_render_at_other_sizes(folder: Path, run: Run) -> None:
    run(*STACK)
    full = pixels("out.png")
    assert "(16 x 16)" in run("render", "s.localedit", "--out", "small.png", "--size", "16")
    blocks = full.reshape(16, 2, 16, 2, 3).mean(axis=(1, 3))
    assert np.abs(pixels("small.png") - blocks).max() <= 0.5 + 1e-6
    run("render", "s.localedit", "--out", "large.png", "--size", "77")
    expected = cv2.resize(full, (77, 77), interpolation=cv2.INTER_LANCZOS4)
    np.testing.assert_array_equal(pixels("large.png"), expected)
    run("render", "s.localedit", "--out", "same.png", "--size", "32")
    np.testing.assert_array_equal(pixels("same.png"), full)


def test_render_with_the_generator_elsewhere(folder: Path, run: Run, fail: Run) -> None:
    run(*STACK)
    moved = folder / "moved"
    moved.mkdir()
    for name in ("tiny.safetensors", "tiny.catalog.safetensors"):
        (folder / name).rename(moved / name)
    assert "tiny.safetensors" in fail("render", "s.localedit", "--out", "again.png")
    run("render", "s.localedit", "--model", "moved/tiny.safetensors", "--out", "again.png")
    np.testing.assert_array_equal(pixels("again.png"), pixels("out.png"))


def test_render_complains(folder: Path, fail: Run) -> None:
    save_session("foreign.localedit", make_state(), latents_of(make_state()))
    line = fail("render", "foreign.localedit", "--model", "tiny.safetensors", "--out", "x.png")
    assert "foreign.localedit" in line
    assert "'Tiny'" in line
    assert "tiny.safetensors" in fail("render", "tiny.safetensors", "--out", "x.png")
    for size in ("0", "-3", "9000", "1.5", "big"):
        assert size in fail("render", "foreign.localedit", "--out", "x.png", "--size", size)
    assert not (folder / "x.png").exists()
