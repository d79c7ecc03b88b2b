"""Style mixing as the bundled generators learn it: two other latents, one known picture."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config  # noqa: E402
from training.mixing import CROSSOVERS, levels_of, mixed_styles, mixture_of  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402


def mixture_as_one(name: str, crossover: int) -> tuple[torch.Tensor, torch.Tensor]:
    """An unseen z [1, z_dim] and, of length 1, what its mixture's halves say."""
    levels = torch.tensor(make_world(name).levels)
    z = torch.randn(1, len(levels), generator=torch.Generator().manual_seed(1))
    mixture = mixture_of(z, levels, crossover, torch.Generator().manual_seed(2))
    coarse = mixture.coarse / mixture.coarse.norm(dim=1, keepdim=True)
    fine = mixture.fine / mixture.fine.norm(dim=1, keepdim=True)
    return z, torch.where(levels >= crossover, fine, coarse)


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("crossover", CROSSOVERS)
def test_the_halves_say_what_z_says(name: str, crossover: int) -> None:
    """The mapping network sees the direction of a latent alone: each half must keep its share."""
    z, both = mixture_as_one(name, crossover)
    torch.testing.assert_close(both, z / z.norm(), atol=1e-6, rtol=1e-5)


def test_the_renderer_draws_one_picture_from_both_halves() -> None:
    z, both = mixture_as_one("faces", 32)
    render = make_world("faces").render
    torch.testing.assert_close(render(both, 32)[0], render(z, 32)[0], atol=1e-4, rtol=0)


def test_the_other_half_is_somebody_elses() -> None:
    world = make_world("faces")
    levels = torch.tensor(world.levels)
    z = torch.randn(1, world.z_dim, generator=torch.Generator().manual_seed(1))
    mixture = mixture_of(z, levels, 32, torch.Generator().manual_seed(2))
    for latent, own in ((mixture.coarse, levels < 32), (mixture.fine, levels >= 32)):
        assert torch.equal(latent[:, own], z[:, own])
        other = torch.stack([latent[0, ~own], z[0, ~own]])
        assert abs(float(torch.corrcoef(other)[0, 1])) < 0.5


def test_layers_below_the_crossover_follow_the_first_picture() -> None:
    torch.manual_seed(0)
    config = StyleGAN2Config(
        z_dim=4, w_dim=4, resolution=32, channels=(4, 4, 4, 4), mapping_layers=1, use_noise=False
    )
    generator = StyleGAN2(config)
    one, two = (
        generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 4)))) for _ in "ab"
    )
    with torch.inference_mode():
        mixed = mixed_styles(generator.layers, one, two, 16)
        for side, same in ((8, True), (16, False)):
            first = generator.synthesize(one, up_to=side).image
            made = generator.synthesize(mixed, up_to=side).image
            assert torch.equal(made, first) == same
        whole = mixed_styles(generator.layers, one, two, 4)
        assert torch.equal(generator.synthesize(whole).image, generator.synthesize(two).image)


def test_levels_name_the_layers_of_each_factor() -> None:
    assert levels_of(("yaw", "skin", "lips"), coarse=("yaw",), fine=("lips",)) == (8, 16, 32)
