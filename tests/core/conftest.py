"""A tiny generator with seeded random weights and a catalog of it, for every test of the core."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config


def make_tiny_generator(seed: int = 0) -> StyleGAN2:
    """A 32 px StyleGAN2 whose weights, biases and noise are random; another seed, another one."""
    config = StyleGAN2Config(z_dim=16, w_dim=16, resolution=32, channels=(16, 16, 12, 8))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = StyleGAN2(config)
        with torch.no_grad():
            for name, values in generator.named_parameters():
                # Fresh layers have no bias and no noise, trained ones do.
                if name.endswith(("bias", "noise_strength")):
                    values += 0.2 * torch.randn_like(values)
            generator.mapping.w_avg += 0.3 * torch.randn_like(generator.mapping.w_avg)
    return generator.eval().requires_grad_(False)


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own library of generators and catalogs is read or written."""
    monkeypatch.setenv("LOCALEDIT_MODELS", str(tmp_path / "library"))


@pytest.fixture(scope="session")
def tiny_generator() -> StyleGAN2:
    """Treat as read-only: all tests share it."""
    return make_tiny_generator()


@pytest.fixture(scope="session")
def tiny_catalog(tiny_generator: StyleGAN2) -> Catalog:
    """Clusters of "b16.torgb": three parts, of which "mouth" has two clusters; one has no name."""
    catalog = build_catalog(tiny_generator, layer="b16.torgb", n_clusters=5, n_samples=8)
    parts = (
        Part("eyes", (0,), epsilon=50.0),
        Part("mouth", (1, 3), epsilon=40.0, floor=0.05),
        Part("hair", (4,)),
    )
    return catalog.with_parts(parts)
