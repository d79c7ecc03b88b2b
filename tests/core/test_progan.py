"""The PG-GAN engine against arrays of the published implementation and a dense one.

It has no styles: what a catalog and an edit make of that is tested here, too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dense_networks as dense
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import Model
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator
from localedit_core.generators.progan import ProGAN, ProGANConfig
from localedit_core.latents import Latent

LAYER = "16x16/Conv1"


def _close(actual: Tensor, expected: NDArray[np.floating]) -> None:
    assert actual.shape == expected.shape
    error = np.abs(actual.detach().numpy() - expected).max()
    assert error <= 1e-4 * np.abs(expected).max()


def _small(seed: int = 0) -> ProGAN:
    network = dense.random_progan((8, 6, 6, 4), seed=seed)
    return build_progan(network.arguments, network.variables)


def _styles(generator: ProGAN, count: int = 1) -> dict[str, Tensor]:
    z = torch.from_numpy(np.random.default_rng(1).standard_normal((count, generator.z_dim)))
    return dict(generator.styles(generator.broadcast(generator.mapping(z))))


@pytest.fixture(scope="module")
def generator() -> ProGAN:
    return _small()


@pytest.fixture(scope="module")
def catalog(generator: ProGAN) -> Catalog:
    return build_catalog(generator, layer=LAYER, n_clusters=4, n_samples=6, psi=1.0)


class TestReference:
    def test_picture(self) -> None:
        published = dense.reference("progan_tiny.npz")
        generator = build_progan(published.arguments, published.variables)
        z = published.expected["input/z"]
        _close(generator(torch.from_numpy(z)), published.expected["expected/image"])

    def test_dense_network_agrees(self) -> None:
        """The network that the other tests compare with is itself the published one."""
        published = dense.reference("progan_tiny.npz")
        made = dense.progan_image(published, published.expected["input/z"])
        expected = published.expected["expected/image"]
        assert np.abs(made - expected).max() <= 1e-4 * np.abs(expected).max()

    @pytest.mark.parametrize("fused", [False, True])
    def test_pictures_of_64_px(self, fused: bool) -> None:
        network = dense.random_progan((4, 3, 4, 3, 2), fused=fused, seed=2)
        generator = build_progan(network.arguments, network.variables)
        z = np.random.default_rng(5).standard_normal((2, 5)).astype(np.float32)
        _close(generator(torch.from_numpy(z)), dense.progan_image(network, z))


class TestSynthesis:
    def test_layers_are_plain_and_named_as_published(self, generator: ProGAN) -> None:
        names = [layer.name for layer in generator.layers]
        assert names == [
            *("4x4/Dense", "4x4/Conv", "8x8/Conv0_up", "8x8/Conv1"),
            *("16x16/Conv0_up", "16x16/Conv1", "32x32/Conv0_up", "32x32/Conv1"),
        ]
        assert {layer.kind for layer in generator.layers} == {"plain"}
        network = dense.random_progan((4, 4), fused=False)
        unfused = build_progan(network.arguments, network.variables)
        assert unfused.layers[2].name == "8x8/Conv0"

    def test_recorded_activation_is_the_output_after_pixel_norm(self, generator: ProGAN) -> None:
        names = [layer.name for layer in generator.layers]
        made = generator.synthesize(_styles(generator, 2), record=names, record_outputs=names)
        for layer in generator.layers:
            a = made.activations[layer.name]
            assert a.shape == (2, layer.channels, layer.input_resolution, layer.input_resolution)
            energy = a.square().mean(dim=1)
            torch.testing.assert_close(energy, torch.ones_like(energy), rtol=1e-3, atol=0)
            assert torch.equal(a, made.outputs[layer.name])

    def test_resuming_at_any_layer_gives_the_same_picture(self, generator: ProGAN) -> None:
        names = [layer.name for layer in generator.layers]
        whole = generator.synthesize(_styles(generator, 2), keep=names)
        assert set(whole.kept) == set(names)
        for name in names:
            resumed = generator.synthesize({}, resume=whole.kept[name])
            assert torch.equal(resumed.image, whole.image)

    def test_lower_picture_is_an_area_average(self, generator: ProGAN) -> None:
        styles = _styles(generator)
        full = generator.synthesize(styles).image.numpy()
        expected = full.reshape(1, 3, 8, 4, 8, 4).mean(axis=(3, 5))
        lower = generator.synthesize(styles, up_to=8).image.numpy()
        np.testing.assert_allclose(lower, expected, rtol=1e-4, atol=1e-6)
        with pytest.raises(LocalEditError, match="64 px"):
            generator.synthesize(styles, up_to=64)

    def test_cancelling_stops_between_layers(self, generator: ProGAN) -> None:
        asked: list[int] = []

        def third_time() -> bool:
            asked.append(1)
            return len(asked) == 3

        with pytest.raises(RenderCancelled):
            generator.synthesize(_styles(generator), cancelled=third_time)
        assert len(asked) == 3

    def test_truncation_scales_the_latent_towards_0(self, generator: ProGAN) -> None:
        w = generator.mapping(torch.randn(2, 5))
        torch.testing.assert_close(w.square().mean(dim=1), torch.ones(2))
        assert generator.broadcast(w).shape == (2, generator.num_ws, generator.w_dim) == (2, 1, 5)
        torch.testing.assert_close(generator.broadcast(w, 0.5)[:, 0], w / 2)
        assert torch.equal(generator.broadcast(w, 0.5, cutoff=0)[:, 0], w)

    def test_foreign_latent_is_refused(self, generator: ProGAN) -> None:
        with pytest.raises(LocalEditError, match="1 x 5 values, not 8 x 5"):
            generator.styles(torch.zeros(1, 8, 5))

    def test_fits_the_protocol(self, generator: ProGAN) -> None:
        fitting: Generator = generator
        assert not fitting.has_styles
        assert fitting.resolution == 32


class TestFingerprint:
    def test_same_for_same_function_only(self) -> None:
        first, again = _small(), _small()
        before = first.fingerprint
        assert before == again.fingerprint
        assert before != _small(1).fingerprint
        fresh = ProGAN(first.config)
        assert fresh.fingerprint != before
        fresh.load_state_dict(first.state_dict(), strict=True)
        assert fresh.fingerprint == before
        first.torgb.bias.add_(1e-3)
        assert first.fingerprint != before


class TestWithoutStyles:
    def test_catalog_has_memberships_and_no_contributions(
        self, generator: ProGAN, catalog: Catalog
    ) -> None:
        assert dict(catalog.contributions) == {}
        assert catalog.centroids.shape == (4, 6)
        made = generator.synthesize(_styles(generator, 3), record=(LAYER,))
        labels = catalog.membership(made.activations[LAYER])
        a = made.activations[LAYER].double().numpy()
        a = (a - catalog.mean[:, None, None]) / catalog.std[:, None, None]
        cosines = np.einsum("kc,nchw->nkhw", catalog.centroids, a)
        np.testing.assert_array_equal(labels, cosines.argmax(axis=1))
        assert len(np.unique(labels)) > 1

    def test_building_it_makes_each_picture_once(self, generator: ProGAN) -> None:
        told: list[tuple[int, int]] = []
        build_catalog(
            generator,
            layer=LAYER,
            n_clusters=2,
            n_samples=3,
            progress=lambda done, steps: told.append((done, steps)),
        )
        assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def test_catalog_can_be_saved_and_read(self, catalog: Catalog, tmp_path: Path) -> None:
        named = catalog.with_parts([Part("left", (0, 2)), Part("right", (1,))])
        save_catalog(named, tmp_path / "c.safetensors")
        loaded = load_catalog(tmp_path / "c.safetensors", catalog.generator_fingerprint)
        assert loaded.fingerprint == named.fingerprint
        assert dict(loaded.contributions) == {}
        assert loaded.parts == named.parts

    def test_pictures_and_parts_are_shown_and_moving_styles_is_refused(
        self, generator: ProGAN, catalog: Catalog
    ) -> None:
        named = catalog.with_parts([Part("left", (0, 2)), Part("right", (1,))])
        pipeline = Pipeline(Model(generator, "small", "progan"), named)
        target = Latent(3, 1.0)
        request = RenderRequest(0, 0, target, roi_part="left")
        settled, measured = pipeline.run(request)
        assert np.array_equal(settled.image, pipeline.view(target).image)
        assert measured.part_map is not None
        assert set(np.unique(measured.part_map)) <= {0, 1, 255}
        assert measured.measures is not None
        assert measured.measures.channels_moved == measured.measures.channels_total == {}

        for method in set(Method) - {Method.FEATURE_BLENDING, Method.POISSON_BLENDING}:
            edit = Edit("one", "left", Latent(4, 1.0), QuerySettings(method))
            with pytest.raises(LocalEditError, match="has no styles") as caught:
                list(pipeline.run(replace(request, edits=(edit,))))
            for blending in ("feature-blending", "poisson-blending"):
                assert blending in caught.value.hint
        muted = Edit("one", "left", Latent(4, 1.0), muted=True)
        *_, last = pipeline.run(replace(request, edits=(muted,)))
        assert np.array_equal(last.image, measured.image)


class TestConfig:
    @pytest.mark.parametrize(
        "change",
        [
            {"resolution": 48},
            {"resolution": True},
            {"channels": (8, 8, 8)},
            {"channels": (8, 8, 8, 9000)},
            {"z_dim": 0},
            {"z_dim": 2.5},
            {"pixel_norm_epsilon": 0.0},
            {"pixel_norm_epsilon": float("inf")},
        ],
    )
    def test_impossible_architectures_are_refused(self, change: dict[str, object]) -> None:
        with pytest.raises(LocalEditError):
            replace(ProGANConfig(8, 32, (8, 8, 8, 8)), **change)  # type: ignore[arg-type]

    def test_values_are_counted_from_below(self) -> None:
        config = ProGANConfig(5, 32, (8, 6, 6, 4))
        held = sum(values.numel() for values in ProGAN(config).state_dict().values())
        assert 0.8 * held < config.values_at_least() <= held
