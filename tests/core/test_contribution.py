"""M against everything in memory at once, and the resizing of memberships."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from localedit_core.catalog import build, contribution
from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.contribution import ContributionMeter
from localedit_core.catalog.membership import resize_labels, resize_maps, resize_matrix
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import sample_z


def _brute_force(
    activations: NDArray[np.float64], labels: NDArray[np.int64], clusters: int
) -> NDArray[np.float64]:
    """Eq. 1 as it stands: A [N, C, H, H] all at once, labels [N, h, h] -> M [K, C]."""
    mean = activations.mean(axis=(0, 2, 3), keepdims=True)
    standardised = (activations - mean) / activations.std(axis=(0, 2, 3), keepdims=True)
    one_hot = torch.from_numpy(labels[:, None] == np.arange(clusters)[None, :, None, None])
    side = activations.shape[-1]
    if side >= labels.shape[-1]:
        maps = F.interpolate(one_hot.double(), size=side, mode="bilinear", align_corners=False)
    else:
        maps = F.avg_pool2d(one_hot.double(), labels.shape[-1] // side)
    count = activations.shape[0] * side * side
    return np.einsum("nkhw,nchw->kc", maps.numpy(), standardised**2) / count


@pytest.mark.parametrize("side", [4, 8, 16, 64])
def test_equals_the_formula_with_everything_in_memory(side: int) -> None:
    rng = np.random.default_rng(side)
    labels = rng.integers(0, 3, (5, 8, 8))
    values = rng.standard_normal((5, 6, side, side))
    values = values * rng.uniform(0.1, 9.0, (6, 1, 1)) + 20.0 * rng.standard_normal((6, 1, 1))
    values += rng.standard_normal((5, 6, 1, 1))  # pictures differ in brightness, too
    meter = ContributionMeter(3)
    for picture, clusters in zip(values.astype(np.float32), labels, strict=True):
        meter.add(clusters, {"layer": torch.from_numpy(picture)[None]})
    expected = _brute_force(values.astype(np.float32).astype(np.float64), labels, 3)
    np.testing.assert_allclose(meter.contributions()["layer"], expected, atol=2e-6)


def test_channels_that_do_not_fit_on_a_large_grid_are_folded_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(9)
    labels = rng.integers(0, 3, (16, 16))
    values = torch.from_numpy(rng.standard_normal((1, 7, 8, 8)).astype(np.float32))
    whole, parts = ContributionMeter(3), ContributionMeter(3)
    whole.add(labels, {"layer": values})
    monkeypatch.setattr(contribution, "FOLDED_VALUES", 3 * 16**2)  # of 7 channels, 3 at a time
    parts.add(labels, {"layer": values})
    np.testing.assert_allclose(
        parts.contributions()["layer"], whole.contributions()["layer"], atol=1e-7
    )


def test_a_channel_that_lives_in_one_cluster_belongs_to_it() -> None:
    labels = np.zeros((8, 8), np.int64)
    labels[:, 4:] = 1
    values = torch.zeros(1, 2, 8, 8)
    values[0, 0, :, :4] = torch.tensor([1.0, -1.0]).repeat(16).reshape(8, 4)  # mean 0, left only
    values[0, 1] = torch.tensor([1.0, -1.0]).repeat(32).reshape(8, 8)  # everywhere alike
    meter = ContributionMeter(2)
    meter.add(labels, {"layer": values})
    np.testing.assert_allclose(meter.contributions()["layer"], [[1.0, 0.5], [0.0, 0.5]], atol=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0 / 3.0, -1234.567])
def test_a_constant_channel_shows_no_cluster_anything(value: float) -> None:
    rng = np.random.default_rng(0)
    meter = ContributionMeter(3)
    for _ in range(4):
        values = torch.from_numpy(rng.standard_normal((1, 2, 8, 8)).astype(np.float32))
        values[:, 1] = value
        meter.add(rng.integers(0, 3, (4, 4)), {"layer": values})
    m = meter.contributions()["layer"]
    assert (m[:, 1] == 0).all()
    assert m[:, 0].sum() == pytest.approx(1.0, abs=1e-5)


def test_layers_that_share_a_tensor_get_the_same_and_others_their_own() -> None:
    rng = np.random.default_rng(1)
    meter = ContributionMeter(2)
    apart = ContributionMeter(2)
    for _ in range(3):
        shared = torch.from_numpy(rng.standard_normal((1, 4, 8, 8)).astype(np.float32))
        own = torch.from_numpy(rng.standard_normal((1, 4, 8, 8)).astype(np.float32))
        labels = rng.integers(0, 2, (4, 4))
        meter.add(labels, {"torgb": shared, "conv0": shared, "other": own})
        apart.add(labels, {"torgb": shared.clone(), "conv0": shared.clone(), "other": own})
    for name, m in apart.contributions().items():
        np.testing.assert_array_equal(meter.contributions()[name], m)
    tables = meter.contributions()
    np.testing.assert_array_equal(tables["torgb"], tables["conv0"])
    assert not np.allclose(tables["torgb"], tables["other"])


def test_catalog_equals_the_formula_on_a_generator(tiny_generator: StyleGAN2) -> None:
    samples, psi, clusters, layer = 6, 0.6, 4, "b16.torgb"
    catalog = build.build_catalog(
        tiny_generator, layer=layer, n_clusters=clusters, n_samples=samples, psi=psi, random_state=2
    )
    seeds = range(2 * samples, 3 * samples)
    z = torch.from_numpy(np.concatenate([sample_z(seed, 16) for seed in seeds]))
    styles = tiny_generator.styles(tiny_generator.broadcast(tiny_generator.mapping(z), psi))
    names = [info.name for info in tiny_generator.layers]
    made = tiny_generator.synthesize(styles, record=names)
    clustered = made.activations[layer].double().numpy()
    np.testing.assert_allclose(catalog.mean, clustered.mean(axis=(0, 2, 3)), atol=1e-5)
    np.testing.assert_allclose(catalog.std, clustered.std(axis=(0, 2, 3)), rtol=1e-5)
    labels = catalog.membership(made.activations[layer])
    assert set(catalog.contributions) == set(names)
    for info in tiny_generator.layers:
        m = catalog.contributions[info.name]
        assert m.shape == (clusters, info.channels)
        np.testing.assert_allclose(m.sum(axis=0), 1.0, atol=1e-5)
        expected = _brute_force(made.activations[info.name].double().numpy(), labels, clusters)
        np.testing.assert_allclose(m, expected, atol=1e-5)


def test_memory_does_not_grow_with_pictures() -> None:
    rng = np.random.default_rng(3)
    values = {"layer": torch.from_numpy(rng.standard_normal((1, 16, 32, 32)).astype(np.float32))}
    labels = rng.integers(0, 8, (16, 16))
    meter = ContributionMeter(8)
    meter.add(labels, values)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(50):
            meter.add(labels, values)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 16 * 1024  # one picture's labels alone take 2 KB, its layer 64 KB


class TestResizing:
    @pytest.mark.parametrize("size", [3, 4, 8, 16, 20, 64])
    def test_memberships_sum_to_1_everywhere(self, size: int) -> None:
        rng = np.random.default_rng(size)
        maps = np.eye(5, dtype=np.float32)[rng.integers(0, 5, (16, 16))].transpose(2, 0, 1)
        resized = resize_maps(np.ascontiguousarray(maps), size)
        assert resized.shape == (5, size, size)
        assert resized.min() >= 0.0
        np.testing.assert_allclose(resized.sum(axis=0), 1.0, atol=1e-6)

    def test_doubling_is_bilinear_between_pixel_centres(self) -> None:
        expected = [[1, 0, 0], [0.75, 0.25, 0], [0.25, 0.75, 0], [0, 0.75, 0.25], [0, 0.25, 0.75]]
        np.testing.assert_allclose(resize_matrix(3, 6), [*expected, [0, 0, 1]], atol=1e-6)

    def test_halving_is_an_average(self) -> None:
        expected = [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]
        np.testing.assert_allclose(resize_matrix(4, 2), expected, atol=1e-7)

    def test_the_largest_share_takes_a_pixel(self) -> None:
        labels = np.array([[0, 2], [2, 2]])
        larger = resize_labels(labels, 3, 4)
        expected = [[0, 0, 2, 2], [0, 0, 2, 2], [2, 2, 2, 2], [2, 2, 2, 2]]
        # At (1, 1) the shares are 0.75^2 = 0.5625 of label 0 and the rest of label 2.
        np.testing.assert_array_equal(larger, expected)


def test_another_random_state_draws_other_pictures(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    again = build.build_catalog(tiny_generator, layer="b16.torgb", n_clusters=5, n_samples=8)
    assert again.with_parts(tiny_catalog.parts).fingerprint == tiny_catalog.fingerprint
    other = build.build_catalog(
        tiny_generator, layer="b16.torgb", n_clusters=5, n_samples=8, random_state=1
    )
    assert other.provenance["first_seed"] == 8
    assert not np.allclose(other.mean, again.mean)
