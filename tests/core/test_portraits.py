"""The rendered portraits: what their factors do, and that their part maps tell the truth."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

import portraits  # noqa: E402

SIZE = 128  # quicker than 256; sizes do not matter here


def render(z: Tensor) -> tuple[Tensor, Tensor]:
    return portraits.render(z, SIZE)


def latents(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, portraits.Z_DIM, generator=torch.Generator().manual_seed(seed))


def with_factor(z: Tensor, name: str, value: float) -> Tensor:
    """The same pictures with one factor at ``value`` standard deviations."""
    z = z * z.square().mean(dim=1, keepdim=True).rsqrt()
    z[:, portraits.index_of(name)] = value
    return z


def area(parts: Tensor, name: str) -> Tensor:
    return (parts == portraits.PART_NAMES.index(name)).sum(dim=(1, 2))


def width(parts: Tensor, name: str) -> Tensor:
    columns = (parts == portraits.PART_NAMES.index(name)).any(dim=1)
    return columns.sum(dim=1)


def test_rendering_is_deterministic_and_in_range() -> None:
    first, first_parts = render(latents(2))
    second, second_parts = render(latents(2))
    assert torch.equal(first, second)
    assert torch.equal(first_parts, second_parts)
    assert first.shape == (2, 3, SIZE, SIZE)
    assert first_parts.dtype == torch.uint8
    assert 0.0 <= float(first.min()) < float(first.max()) <= 1.0


def test_only_the_direction_of_z_counts() -> None:
    z = latents(1)
    difference = (render(z)[0] - render(3.0 * z)[0]).abs()
    assert float(difference.mean()) < 1e-4  # rounding may move an edge


def test_mirror_signs_give_the_mirror_image() -> None:
    z = latents(2, seed=3)
    picture, parts = render(z)
    mirrored, mirrored_parts = render(z * portraits.mirror_signs())
    # Rounding may move an edge.
    assert ((mirrored.flip(3) - picture).abs() > 1e-3).float().mean() < 1e-3
    assert (mirrored_parts.flip(2) != parts).float().mean() < 1e-3


def test_every_class_occurs() -> None:
    _, parts = render(latents(12, seed=1))
    assert set(parts.unique().tolist()) == set(range(len(portraits.PART_NAMES)))


@pytest.mark.parametrize(
    ("factor", "part"),
    [
        ("glasses", "glasses"),
        ("beard", "beard"),
        ("lower_lip", "mouth"),
        ("hat", "hat"),
        ("collar", "collar"),
        ("ear_size", "ears"),
    ],
)
def test_a_factor_grows_its_part(factor: str, part: str) -> None:
    z = latents(3, seed=2)
    _, low = render(with_factor(z, factor, -2.0))
    _, high = render(with_factor(z, factor, 2.0))
    assert (area(high, part) > area(low, part)).all()


def test_mouth_width_widens_the_mouth_and_nothing_else() -> None:
    z = with_factor(with_factor(latents(3, seed=4), "beard", -2.0), "yaw", 0.0)
    low_picture, low = render(with_factor(z, "mouth_width", -1.5))
    high_picture, high = render(with_factor(z, "mouth_width", 1.5))
    assert (width(high, "mouth") > width(low, "mouth")).all()
    for other in ("eyes", "nose", "hair", "clothes", "background"):
        same = (low == portraits.PART_NAMES.index(other)) & (low == high)
        assert same.sum() >= 0.97 * int(area(low, other).sum())
    rows = (low_picture - high_picture).abs().amax(dim=(1, 3))  # [N, H]
    assert rows[:, :55].max() < 0.05  # brows, eyes and hair above stay


def test_groups_cover_all_factors_in_order() -> None:
    slices = list(portraits.group_slices().values())
    assert slices[0].start == 0
    assert slices[-1].stop == portraits.Z_DIM
    assert all(a.stop == b.start for a, b in pairwise(slices))


def test_the_eyes_are_where_they_are_whichever_way_a_head_turns() -> None:
    z = with_factor(with_factor(latents(3, seed=5), "glasses", -2.0), "roll", 0.0)
    for factor in ("yaw", "pitch"):
        for value in (-1.5, 1.5):
            _, parts = render(with_factor(z, factor, value))
            eyes = (parts == portraits.PART_NAMES.index("eyes")).float()  # [N, H, W]
            line = torch.arange(float(SIZE))
            across = (eyes.sum(dim=1) * line).sum(dim=1) / eyes.sum(dim=(1, 2))
            down = (eyes.sum(dim=2) * line).sum(dim=1) / eyes.sum(dim=(1, 2))
            # The farther eye looks smaller, which moves the centre of both a little; a head that
            # turned about its own middle would move it twice as far.
            assert (across / SIZE - 0.5).abs().max() < 0.05, factor
            assert (down / SIZE - 0.445).abs().max() < 0.03, factor
