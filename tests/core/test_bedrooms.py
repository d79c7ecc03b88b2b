"""The rendered bedrooms: deterministic, complete, and each factor moves what it is named after."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

import bedrooms  # noqa: E402


def latents(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, bedrooms.Z_DIM, generator=torch.Generator().manual_seed(seed))


def with_factor(z: Tensor, name: str, value: float) -> Tensor:
    """The same rooms with one factor at about ``value`` standard deviations."""
    z = z * z.square().mean(dim=1, keepdim=True).rsqrt()
    z[:, bedrooms.index_of(name)] = value
    return z


def part(parts: Tensor, name: str) -> Tensor:
    return parts == bedrooms.PART_NAMES.index(name)


def test_rendering_is_deterministic_and_in_range() -> None:
    first, first_parts = bedrooms.render(latents(2))
    second, second_parts = bedrooms.render(latents(2))
    assert torch.equal(first, second)
    assert torch.equal(first_parts, second_parts)
    assert first.shape == (2, 3, 256, 256)
    assert first_parts.dtype == torch.uint8
    assert 0.0 <= float(first.min()) < float(first.max()) <= 1.0
    assert bool(torch.isfinite(first).all())


def test_only_the_direction_of_z_counts() -> None:
    z = latents(1)
    difference = (bedrooms.render(z)[0] - bedrooms.render(3.0 * z)[0]).abs()
    assert float(difference.mean()) < 1e-4


def test_every_class_is_seen_in_nearly_every_room() -> None:
    _, parts = bedrooms.render(latents(16, seed=1))
    for name in bedrooms.PART_NAMES:
        shares = part(parts, name).float().mean(dim=(1, 2))
        assert (shares > 0.002).float().mean() >= 0.75, name


def test_a_small_picture_is_the_average_of_a_large_one() -> None:
    z = latents(2, seed=5)
    large, _ = bedrooms.render(z, 256)
    small, parts = bedrooms.render(z, 64)
    torch.testing.assert_close(small, F.avg_pool2d(large, 4))
    assert parts.shape == (2, 64, 64)


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        ("cover_b", "cover"),
        ("pillow_b", "pillows"),
        ("board_tone", "headboard"),
        ("curtain_a", "curtains"),
        ("sky", "window"),
        ("shade_b", "lamp"),
        ("rug_a", "rug"),
        ("picture_a", "picture"),
        ("wall_b", "wall"),
        ("floor_tone", "floor"),
        ("stand_tone", "nightstand"),
    ],
)
def test_a_colour_changes_its_own_part_and_no_other(factor: str, name: str) -> None:
    z = latents(2, seed=2)
    low, low_parts = bedrooms.render(with_factor(z, factor, -1.0))
    high, high_parts = bedrooms.render(with_factor(z, factor, 1.0))
    changed = (low - high).abs().amax(dim=1)  # [N, H, W]
    same = low_parts == high_parts
    inside = changed[part(low_parts, name) & same].mean()
    # The outline of a part is a pixel soft, so its neighbours are left out.
    near = F.max_pool2d(part(low_parts, name).float().unsqueeze(1), 5, 1, 2).squeeze(1) > 0
    outside = changed[~near & same].mean()
    assert inside > 0.02
    assert outside < 0.1 * inside


def test_turning_the_camera_moves_the_whole_room() -> None:
    z = latents(2, seed=3)
    low, _ = bedrooms.render(with_factor(z, "yaw", -1.5))
    high, _ = bedrooms.render(with_factor(z, "yaw", 1.5))
    assert ((low - high).abs().amax(dim=1) > 0.02).float().mean() > 0.35


@pytest.mark.parametrize(
    ("factor", "name"),
    [("lamp_size", "lamp"), ("picture_size", "picture"), ("board_height", "headboard")],
)
def test_a_size_grows_its_part(factor: str, name: str) -> None:
    z = latents(3, seed=4)
    _, low = bedrooms.render(with_factor(z, factor, -2.0))
    _, high = bedrooms.render(with_factor(z, factor, 2.0))
    areas = part(low, name).sum(dim=(1, 2)), part(high, name).sum(dim=(1, 2))
    assert (areas[1] > areas[0]).all()


def test_groups_cover_all_factors_in_order() -> None:
    slices = list(bedrooms.group_slices().values())
    assert slices[0].start == 0
    assert slices[-1].stop == bedrooms.Z_DIM
    assert all(a.stop == b.start for a, b in pairwise(slices))
