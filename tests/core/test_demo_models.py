"""The portraits that the bundled face generator was trained on, and how close it comes to them."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "resources" / "localedit_resources" / "models" / "faces.safetensors"
CATALOG = MODEL.with_name("faces.catalog.safetensors")
BUNDLED_PSNR = 27.0
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

import portraits  # noqa: E402
from localedit_core.catalog.storage import load_catalog  # noqa: E402
from localedit_core.checkpoints.native import Model, load_generator  # noqa: E402
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config  # noqa: E402
from training.blocks import MappingBlocks  # noqa: E402
from training.losses import locality_loss, picture_loss  # noqa: E402
from training.muon import orthogonalise  # noqa: E402
from training.recipe import Recipe  # noqa: E402
from training.windows import INNER, WHOLE, Window, make  # noqa: E402


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
    first, first_parts = portraits.render(latents(2))
    second, second_parts = portraits.render(latents(2))
    assert torch.equal(first, second)
    assert torch.equal(first_parts, second_parts)
    assert first.shape == (2, 3, 128, 128)
    assert first_parts.dtype == torch.uint8
    assert 0.0 <= float(first.min()) < float(first.max()) <= 1.0


def test_only_the_direction_of_z_counts() -> None:
    z = latents(1)
    difference = (portraits.render(z)[0] - portraits.render(3.0 * z)[0]).abs()
    assert float(difference.mean()) < 1e-4  # rounding may move an edge


def test_mirror_signs_give_the_mirror_image() -> None:
    z = latents(2, seed=3)
    picture, parts = portraits.render(z)
    mirrored, mirrored_parts = portraits.render(z * portraits.mirror_signs())
    torch.testing.assert_close(mirrored.flip(3), picture, atol=1e-3, rtol=0)
    assert (mirrored_parts.flip(2) != parts).float().mean() < 1e-3


def test_every_class_occurs() -> None:
    _, parts = portraits.render(latents(12, seed=1))
    assert set(parts.unique().tolist()) == set(range(len(portraits.PART_NAMES)))


@pytest.mark.parametrize(
    ("factor", "part"), [("glasses", "glasses"), ("beard", "beard"), ("lower_lip", "mouth")]
)
def test_a_factor_grows_its_part(factor: str, part: str) -> None:
    z = latents(3, seed=2)
    _, low = portraits.render(with_factor(z, factor, -2.0))
    _, high = portraits.render(with_factor(z, factor, 2.0))
    assert (area(high, part) > area(low, part)).all()


def test_mouth_width_widens_the_mouth_and_nothing_else() -> None:
    z = with_factor(with_factor(latents(3, seed=4), "beard", -2.0), "yaw", 0.0)
    low_picture, low = portraits.render(with_factor(z, "mouth_width", -1.5))
    high_picture, high = portraits.render(with_factor(z, "mouth_width", 1.5))
    assert (width(high, "mouth") > width(low, "mouth")).all()
    for other in ("eyes", "nose", "hair", "clothes", "background"):
        same = (low == portraits.PART_NAMES.index(other)) & (low == high)
        assert same.sum() >= 0.97 * int(area(low, other).sum())
    rows = (low_picture - high_picture).abs().amax(dim=(1, 3))  # [N, H]
    assert rows[:, :48].max() < 0.05  # brows, eyes and hair above stay


def test_groups_cover_all_factors_in_order() -> None:
    slices = list(portraits.group_slices().values())
    assert slices[0].start == 0
    assert slices[-1].stop == portraits.Z_DIM
    assert all(a.stop == b.start for a, b in pairwise(slices))


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


def test_going_on_starts_at_full_size_and_learns_more_gently() -> None:
    fresh = Recipe.of(256, seconds=100.0)
    later = fresh.going_on()
    assert later.stage(0.0)[0] == 256
    assert later.muon_rate < fresh.muon_rate


@pytest.fixture(scope="module")
def bundled() -> Model:
    return load_generator(MODEL)


def test_bundled_generator_is_small_and_says_what_it_is(bundled: Model) -> None:
    assert MODEL.stat().st_size <= 16 * 2**20
    assert bundled.name == "faces"
    assert bundled.licence == "MIT"
    for told in ("Rendered", "block", "part maps"):
        assert told in bundled.description


def test_bundled_generator_makes_the_rendered_portraits(bundled: Model) -> None:
    z = latents(8, seed=987)
    wanted, _ = portraits.render(z)
    with torch.no_grad():
        made = bundled.generator.synthesize(
            bundled.generator.styles(bundled.generator.broadcast(bundled.generator.mapping(z)))
        ).image
    error = ((made.clamp(-1, 1) + 1) / 2 - wanted).square().mean(dim=(1, 2, 3))
    psnr = -10 * np.log10(error.numpy())
    assert psnr.mean() > BUNDLED_PSNR, psnr


def test_bundled_catalog_finds_the_true_parts(bundled: Model) -> None:
    catalog = load_catalog(CATALOG, bundled.fingerprint)
    names = [part.name for part in catalog.parts]
    assert set(names) == set(portraits.PART_NAMES) - {"ears"}  # ears went to the skin
    z = latents(10, seed=988)
    _, truth = portraits.render(z)
    with torch.no_grad():
        styles = bundled.generator.styles(bundled.generator.broadcast(bundled.generator.mapping(z)))
        made = bundled.generator.synthesize(styles, record=(catalog.layer,))
    labels = catalog.membership(made.activations[catalog.layer])
    maps = np.stack([catalog.part_map(one, 128) for one in labels])
    for name, least in {
        "eyes": 0.4,
        "mouth": 0.4,
        "nose": 0.35,
        "hair": 0.7,
        "clothes": 0.7,
    }.items():
        found = maps == names.index(name)
        real = truth.numpy() == portraits.PART_NAMES.index(name)
        assert (found & real).sum() / (found | real).sum() > least, name
