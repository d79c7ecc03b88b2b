"""The one command that rebuilds a bundled generator, run for a few steps from end to end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from localedit_core.cards import read_card
from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import load_generator
from localedit_core.generators.stylegan2 import StyleGAN2

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "packaging" / "demo_models" / "build.py"
MODELS = ROOT / "resources" / "localedit_resources" / "models"


def build(world: str, folder: Path, *options: str) -> str:
    """Run the command for a few steps; return what it printed."""
    command = [sys.executable, str(BUILD), world, "--smoke", "--device", "cpu", *options]
    folders = ["--out", str(folder / "out"), "--work", str(folder / "work")]
    done = subprocess.run(
        [*command, *folders], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("world", "options"), [("faces", ()), ("rooms", ("--hours", "0.001"))])
def test_a_smoke_run_trains_measures_and_writes_a_generator(
    world: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    printed = build(world, tmp_path, *options)
    assert "min left" in printed
    fresh = load_generator(tmp_path / "out" / f"{world}.safetensors")
    bundled = load_generator(MODELS / f"{world}.safetensors")
    assert isinstance(fresh.generator, StyleGAN2)
    assert isinstance(bundled.generator, StyleGAN2)
    assert fresh.generator.config == bundled.generator.config
    assert fresh.fingerprint != bundled.fingerprint
    assert "No real person" in fresh.card["people"]
    assert "steps" in fresh.card["trained"]
    # All that the editor shows of a generator comes with it.
    catalog = load_catalog(tmp_path / "out" / f"{world}.catalog.safetensors", fresh.fingerprint)
    assert len(catalog.parts) >= 2
    assert read_card(tmp_path / "out" / f"{world}.safetensors").title
    # It is measured: PSNR into its card, the rest into the working folder, all onto the screen.
    assert "all " in fresh.card["psnr_db"]
    assert "| all" in printed
    assert "V-measure" in printed
    measured = json.loads((tmp_path / "work" / f"{world}-smoke" / "measured.json").read_text())
    shown = {p["name"] for p in measured["parts"]["parts"] if p["shipped"] is not None}
    assert shown == {part.name for part in catalog.parts}
    rows = measured["locality"]
    assert rows
    assert {row["part"] for row in rows} <= shown


def test_going_on_takes_up_the_checkpoint_where_the_first_run_left_it(tmp_path: Path) -> None:
    build("faces", tmp_path, "--hours", "0.001")
    first = load_generator(tmp_path / "out" / "faces.safetensors").fingerprint
    build("faces", tmp_path, "--hours", "0.001", "--resume")  # nothing is left to train
    assert load_generator(tmp_path / "out" / "faces.safetensors").fingerprint == first


def test_going_on_starts_from_the_bundled_weights(tmp_path: Path) -> None:
    sys.path.insert(0, str(BUILD.parent))
    import torch

    from build import bundled_weights, model_card
    from training.dataset import RenderedSet
    from training.recipe import Recipe
    from training.trainer import Trainer
    from worlds import make_world

    start, before = bundled_weights(MODELS / "faces.safetensors")
    world = make_world("faces")
    rendered = RenderedSet.open(world, tmp_path / "data", 32)
    recipe = Recipe.of(start.resolution, 60.0).going_on()
    trainer = Trainer(rendered, recipe, tmp_path / "checkpoint.pt", start=start)
    assert trainer.average.fingerprint == start.fingerprint
    assert all(p.requires_grad for p in trainer.generator.parameters())
    z = torch.randn(1, start.z_dim)
    torch.testing.assert_close(trainer.generator(z), start(z))
    # The card of what comes of it tells of all of the training.
    told = model_card(recipe, trainer, {"all": 30.0}, before)["trained"]
    assert "0 steps" in told
    assert told.endswith(load_generator(MODELS / "faces.safetensors").card["trained"])


def test_what_needs_a_part_that_was_not_found_is_left_out() -> None:
    sys.path.insert(0, str(BUILD.parent))
    from build import showable
    from curate import Choices, choices_path

    choices = Choices.read(choices_path("faces"))
    every = {edit["part"] for example in choices.examples for edit in example.edits}
    assert showable(choices, [choices.first_transfer.part, *every]) == choices
    few = showable(choices, ["hair"])
    assert few.first_transfer.part == "hair"
    assert few.examples == ()
