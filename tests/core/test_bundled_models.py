"""The bundled generators and catalogs: size, card, closeness to their renderer, true parts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "resources" / "localedit_resources" / "models"
LEAST_PSNR = {"faces": 29.5, "rooms": 25.0}  # on ten pictures; evaluate.py measures 500
LEAST_PARTS = {"faces": 12, "rooms": 10}
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

from localedit_core.catalog.storage import load_catalog  # noqa: E402
from localedit_core.checkpoints.native import Model, load_generator  # noqa: E402
from training.world import World  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402


@pytest.fixture(scope="module", params=WORLDS)
def world(request: pytest.FixtureRequest) -> World:
    return make_world(request.param)


@pytest.fixture(scope="module")
def bundled(world: World) -> Model:
    return load_generator(MODELS / f"{world.name}.safetensors")


def test_both_are_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.iterdir()) <= 32 * 2**20


def test_a_generator_says_what_it_is(bundled: Model, world: World) -> None:
    assert bundled.name == world.name
    assert bundled.licence == "MIT"
    assert bundled.generator.resolution == world.resolution
    for told in ("Rendered", "block", "part maps"):
        assert told in bundled.description
    assert "No real person" in bundled.card["people"]
    assert set(bundled.card) >= {"trained", "data", "people", "psnr_db", "date"}


def test_it_makes_the_rendered_pictures(bundled: Model, world: World) -> None:
    z = torch.randn(10, world.z_dim, generator=torch.Generator().manual_seed(987))
    wanted, _ = world.render(z, world.resolution)
    with torch.no_grad():
        made = bundled.generator.synthesize(
            bundled.generator.styles(bundled.generator.broadcast(bundled.generator.mapping(z)))
        ).image
    error = ((made.clamp(-1, 1) + 1) / 2 - wanted).square().mean(dim=(1, 2, 3))
    psnr = -10 * np.log10(error.numpy())
    assert psnr.mean() > LEAST_PSNR[world.name], psnr


def test_the_catalog_finds_the_true_parts(bundled: Model, world: World) -> None:
    path = MODELS / f"{world.name}.catalog.safetensors"
    catalog = load_catalog(path, bundled.fingerprint)
    names = [part.name for part in catalog.parts]
    assert set(names) <= set(world.part_names)
    assert len(names) >= LEAST_PARTS[world.name]
    z = torch.randn(10, world.z_dim, generator=torch.Generator().manual_seed(988))
    _, truth = world.render(z, world.resolution)
    with torch.no_grad():
        styles = bundled.generator.styles(bundled.generator.broadcast(bundled.generator.mapping(z)))
        made = bundled.generator.synthesize(styles, record=(catalog.layer,))
    labels = catalog.membership(made.activations[catalog.layer])
    maps = np.stack([catalog.part_map(one, world.resolution) for one in labels])
    overlap = {}
    for index, name in enumerate(names):
        found, real = maps == index, truth.numpy() == world.part_names.index(name)
        overlap[name] = (found & real).sum() / max(1, (found | real).sum())
    assert min(overlap.values()) > 0.1, overlap
    assert np.mean(list(overlap.values())) > 0.45, overlap
