"""How the bundled generators are trained: blocks, optimiser, losses, recipe, windows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config  # noqa: E402
from training.blocks import MappingBlocks  # noqa: E402
from training.losses import locality_loss, picture_loss  # noqa: E402
from training.muon import orthogonalise  # noqa: E402
from training.recipe import Recipe  # noqa: E402
from training.windows import INNER, WHOLE, Window, make  # noqa: E402


def test_mapping_blocks_keep_groups_apart() -> None:
    blocks = MappingBlocks.of({"a": slice(0, 2), "b": slice(2, 5)})
    config = StyleGAN2Config(
        z_dim=5,
        w_dim=blocks.width,
        resolution=8,
        channels=(4, 4),
        mapping_layers=2,
        mapping_lr_multiplier=1.0,
        use_noise=False,
    )
    generator = StyleGAN2(config)
    blocks.initialise(generator)
    # Equal mean squares, so that the normalisation of z does not couple the groups.
    z = torch.tensor([[1.0, 2.0, 1.0, -1.0, 0.5], [2.0, 1.0, 1.0, -1.0, 0.5]])
    first, second = generator.mapping(z)
    own, other = blocks.hidden
    torch.testing.assert_close(first[other], second[other])
    assert not torch.allclose(first[own], second[own])


def test_orthogonalise_brings_singular_values_near_one() -> None:
    for shape in ((6, 40), (40, 6)):
        matrix = torch.randn(*shape, generator=torch.Generator().manual_seed(0))
        values = torch.linalg.svdvals(orthogonalise(matrix))
        assert 0.5 < float(values.min()) <= float(values.max()) < 1.4


def test_picture_loss_vanishes_for_equal_pictures_only() -> None:
    picture = torch.rand(2, 3, 16, 16)
    weight = torch.ones(2, 1, 16, 16)
    assert float(picture_loss(picture, picture, weight)) == 0.0
    assert float(picture_loss(picture, picture + 0.1, weight)) == pytest.approx(0.1, abs=1e-5)


def test_locality_loss_is_lower_for_local_channels() -> None:
    parts = torch.zeros(1, 2, 8, 8)
    parts[:, 0, :, :2] = 1.0  # a small part
    parts[:, 1, :, 2:] = 1.0
    noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    inside = noise * parts[:, :1]
    assert float(locality_loss([inside], parts)) < float(locality_loss([noise], parts)) - 0.2


def test_recipe_stages_and_rate() -> None:
    recipe = Recipe.of(128, seconds=100.0)
    assert [recipe.stage(p)[0] for p in (0.0, 0.4, 0.99, 1.0)] == [32, 64, 128, 128]
    rates = [recipe.rate(p, 10_000) for p in (0.1, 0.3, 0.6, 1.0)]
    assert rates[0] == rates[1] == 1.0
    assert rates[1] > rates[2] > rates[3] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("top", "left"), [(0, 0), (11, 7), (WHOLE - INNER, 20)])
def test_a_window_is_what_the_whole_picture_shows_there(top: int, left: int) -> None:
    torch.manual_seed(0)
    config = StyleGAN2Config(
        z_dim=4, w_dim=4, resolution=256, channels=(8, 8, 8, 8, 8, 4, 4), use_noise=False
    )
    generator = StyleGAN2(config)
    window = Window(top, left)
    with torch.no_grad():
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(2, 4))))
        made = make(generator, styles, 256, window, ())
        whole = generator.synthesize(styles).image
    torch.testing.assert_close(made.finer[256], window.cut(whole), atol=1e-5, rtol=1e-4)


def test_windows_often_touch_the_border() -> None:
    random = torch.Generator().manual_seed(0)
    windows = [Window.anywhere(random) for _ in range(1000)]
    last = WHOLE - INNER
    assert all(0 <= w.top <= last and 0 <= w.left <= last for w in windows)
    for edge in (0, last):
        assert 120 < sum(w.top == edge for w in windows) < 250  # 9 in 49 are 184
        assert 120 < sum(w.left == edge for w in windows) < 250


def test_going_on_starts_at_full_size_and_learns_more_gently() -> None:
    fresh = Recipe.of(256, seconds=100.0)
    later = fresh.going_on()
    assert later.stage(0.0)[0] == 256
    assert later.muon_rate < fresh.muon_rate
