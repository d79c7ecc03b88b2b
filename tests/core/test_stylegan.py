"""The StyleGAN engine against arrays of the published implementation and a dense one."""

from __future__ import annotations

from dataclasses import replace

import dense_networks as dense
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.build import build_catalog
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import solve
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan_layers import fused_upscale_convolve, upscale_convolve


def _close(actual: Tensor, expected: NDArray[np.floating]) -> None:
    assert actual.shape == expected.shape
    error = np.abs(actual.detach().numpy() - expected).max()
    assert error <= 1e-4 * np.abs(expected).max()


def _small(seed: int = 0) -> StyleGAN:
    """Of 32 px, with noise and biases in every layer."""
    network = dense.random_stylegan((8, 6, 6, 4), seed=seed)
    return build_stylegan(network.arguments, network.variables)


def _styles(generator: StyleGAN, count: int = 1) -> dict[str, Tensor]:
    z = torch.from_numpy(np.random.default_rng(1).standard_normal((count, generator.z_dim)))
    return dict(generator.styles(generator.broadcast(generator.mapping(z))))


@pytest.fixture(scope="module")
def published() -> dense.Published:
    return dense.reference("stylegan1_tiny.npz")


@pytest.fixture(scope="module")
def generator(published: dense.Published) -> StyleGAN:
    return build_stylegan(published.arguments, published.variables)


class TestReference:
    def test_w(self, generator: StyleGAN, published: dense.Published) -> None:
        z = torch.from_numpy(published.expected["input/z"])
        _close(generator.mapping(z), published.expected["expected/w"])

    def test_every_style(self, generator: StyleGAN, published: dense.Published) -> None:
        w = torch.from_numpy(published.expected["expected/w"])
        styles = generator.styles(generator.broadcast(w))
        assert len(generator.layers) == 8
        assert len(styles) == 16
        for index, layer in enumerate(generator.layers):
            both = torch.cat((styles[layer.name], styles[f"{layer.name}.bias"]), dim=1)
            _close(both, published.expected[f"expected/style{index:02d}"])

    def test_pictures(self, generator: StyleGAN, published: dense.Published) -> None:
        z = torch.from_numpy(published.expected["input/z"])
        _close(generator(z), published.expected["expected/image"])
        truncated = published.expected["expected/image_truncated_psi0.7_layers8"]
        _close(generator(z, psi=0.7), truncated)

    def test_dense_network_agrees(self, published: dense.Published) -> None:
        """The network that the other tests compare with is itself the published one."""
        z = published.expected["input/z"]
        expected = published.expected["expected/image_truncated_psi0.7_layers8"]
        made = dense.stylegan_image(published, z, 0.7)
        assert np.abs(made - expected).max() <= 1e-4 * np.abs(expected).max()


class TestDense:
    """Against the dense network, where the reference arrays do not reach."""

    @pytest.mark.parametrize(
        "arguments",
        [
            {},  # fused at 128 px
            {"fused_scale": False},
            {"fused_scale": True, "blur_filter": None},
            {"use_noise": False, "mapping_lrmul": 0.02},
        ],
    )
    def test_pictures_of_128_px(self, arguments: dict[str, object]) -> None:
        network = dense.random_stylegan((4, 3, 4, 3, 2, 3), seed=2, **arguments)
        generator = build_stylegan(network.arguments, network.variables)
        z = np.random.default_rng(5).standard_normal((2, 5)).astype(np.float32)
        _close(generator(torch.from_numpy(z)), dense.stylegan_image(network, z))
        # 12 layers, of which the first 8 are truncated
        _close(generator(torch.from_numpy(z), psi=0.4), dense.stylegan_image(network, z, 0.4))

    def test_fused_upscaling_is_the_other_with_kernels_turned_by_half_a_turn(self) -> None:
        torch.manual_seed(0)
        x, weight = torch.randn(2, 3, 5, 5), torch.randn(4, 3, 3, 3)
        fused = fused_upscale_convolve(x, weight)
        torch.testing.assert_close(fused, upscale_convolve(x, weight.flip(2, 3)))
        assert not torch.allclose(fused, upscale_convolve(x, weight), atol=0.1)

    def test_only_a_generator_of_128_px_is_fused(self) -> None:
        z = torch.randn(1, 5)
        for channels, same in (((4, 4, 4, 4, 2), True), ((4, 4, 4, 4, 2, 2), False)):
            images = []
            for fused in ("auto", False):
                network = dense.random_stylegan(channels, fused_scale=fused)
                images.append(build_stylegan(network.arguments, network.variables)(z))
            assert torch.equal(*images) == same


class TestSynthesis:
    def test_recorded_activation_is_normalised_and_the_style_makes_the_output(self) -> None:
        generator = _small()
        styles = _styles(generator, 2)
        names = [layer.name for layer in generator.layers]
        made = generator.synthesize(styles, record=names, record_outputs=names)
        for layer in generator.layers:
            a = made.activations[layer.name].numpy()
            assert a.shape == (2, layer.channels, layer.input_resolution, layer.input_resolution)
            np.testing.assert_allclose(a.mean(axis=(2, 3)), 0, atol=1e-5)
            np.testing.assert_allclose(a.std(axis=(2, 3)), 1, atol=1e-4)
            scale = styles[layer.name].numpy()[:, :, None, None]
            bias = styles[f"{layer.name}.bias"].numpy()[:, :, None, None]
            output = made.outputs[layer.name].numpy()
            np.testing.assert_allclose(output, a * (scale + 1) + bias, rtol=1e-4, atol=1e-5)

    def test_layers_are_the_published_ones(self) -> None:
        names = [layer.name for layer in _small().layers]
        assert names == [
            *("4x4/Const", "4x4/Conv", "8x8/Conv0_up", "8x8/Conv1"),
            *("16x16/Conv0_up", "16x16/Conv1", "32x32/Conv0_up", "32x32/Conv1"),
        ]
        assert {layer.kind for layer in _small().layers} == {"conv"}

    def test_resuming_at_any_layer_gives_the_same_picture(self) -> None:
        generator = _small()
        styles = _styles(generator, 2)
        names = [layer.name for layer in generator.layers]
        whole = generator.synthesize(styles, keep=names, noise_seed=4)
        assert set(whole.kept) == set(names)
        for index, name in enumerate(names):
            above = {n: s for n, s in styles.items() if n.removesuffix(".bias") in names[index:]}
            resumed = generator.synthesize(above, resume=whole.kept[name], noise_seed=4)
            assert torch.equal(resumed.image, whole.image)

    def test_resuming_takes_new_styles_from_its_layer_on(self) -> None:
        generator = _small()
        styles = _styles(generator)
        name = generator.layers[3].name
        state = generator.synthesize(styles, keep=[name]).kept[name]
        changed = styles | {name: styles[name] + 0.5}
        resumed = generator.synthesize(changed, resume=state).image
        assert torch.equal(resumed, generator.synthesize(changed).image)
        assert not torch.equal(resumed, generator.synthesize(styles).image)

    def test_lower_picture_is_an_area_average(self) -> None:
        generator = _small()
        styles = _styles(generator)
        full = generator.synthesize(styles).image.numpy()
        expected = full.reshape(1, 3, 8, 4, 8, 4).mean(axis=(3, 5))
        lower = generator.synthesize(styles, up_to=8).image.numpy()
        np.testing.assert_allclose(lower, expected, rtol=1e-4, atol=1e-6)
        with pytest.raises(LocalEditError, match="48 px"):
            generator.synthesize(styles, up_to=48)

    def test_picture_is_announced_once_in_full_size(self) -> None:
        generator = _small()
        seen: dict[int, Tensor] = {}
        made = generator.synthesize(_styles(generator), on_picture=seen.__setitem__)
        assert list(seen) == [32]
        assert torch.equal(seen[32], made.image)

    def test_noise_follows_its_seed(self) -> None:
        generator = _small()
        styles = _styles(generator)
        first = generator.synthesize(styles, noise_seed=1).image
        assert torch.equal(first, generator.synthesize(styles, noise_seed=1).image)
        pictures = [
            generator.synthesize(styles, **options).image  # type: ignore[arg-type]
            for options in ({"noise_seed": 2}, {}, {"use_noise": False})
        ]
        assert not any(torch.equal(first, other) for other in pictures)

    def test_cancelling_stops_between_layers(self) -> None:
        generator = _small()
        asked: list[int] = []

        def third_time() -> bool:
            asked.append(1)
            return len(asked) == 3

        with pytest.raises(RenderCancelled):
            generator.synthesize(_styles(generator), cancelled=third_time)
        assert len(asked) == 3

    def test_truncation_takes_as_many_rows_as_it_is_told(self) -> None:
        network = dense.random_stylegan((4, 4, 4, 4, 2, 2), truncation_cutoff=3)
        generator = build_stylegan(network.arguments, network.variables)
        w = generator.mapping(torch.randn(1, 5))
        mean = network.variables["dlatent_avg"]
        for cutoff, rows in ((None, 3), (5, 5), (0, 0), (generator.num_ws, 12)):
            w_plus = generator.broadcast(w, 0.0, cutoff)[0].numpy()
            np.testing.assert_allclose(w_plus[:rows], np.tile(mean, (rows, 1)), rtol=1e-5)
            np.testing.assert_array_equal(w_plus[rows:], np.tile(w.numpy(), (12 - rows, 1)))

    def test_gradients_reach_z(self) -> None:
        z = torch.randn(1, 5, requires_grad=True)
        _small()(z, psi=0.7).square().sum().backward()
        assert z.grad is not None
        assert z.grad.abs().min() > 0

    def test_foreign_latent_is_refused(self) -> None:
        with pytest.raises(LocalEditError, match="8 x 7 values, not 6 x 7"):
            _small().styles(torch.zeros(1, 6, 7))


class TestEditing:
    def test_query_moves_scales_and_never_biases(self) -> None:
        generator = _small()
        catalog = build_catalog(generator, layer="16x16/Conv1", n_clusters=3, n_samples=4)
        assert set(catalog.contributions) == {layer.name for layer in generator.layers}
        m = {name: table[0].astype(np.float64) for name, table in catalog.contributions.items()}
        settings = QuerySettings(method=Method.GLOBAL, lam=1.0)
        query = solve(m, settings, generator.layers)
        first, second = _styles(generator), dict(generator.styles(torch.ones(1, 8, 7)))
        moved = interpolate(first, second, query)
        for layer in generator.layers:
            assert torch.equal(moved[layer.name], second[layer.name])
            assert torch.equal(moved[f"{layer.name}.bias"], first[f"{layer.name}.bias"])


class TestFingerprint:
    def test_same_for_same_function_only(self) -> None:
        first, again = _small(), _small()
        before = first.fingerprint
        assert before == again.fingerprint
        assert before != _small(1).fingerprint
        fresh = StyleGAN(first.config)
        assert fresh.fingerprint != before
        fresh.load_state_dict(first.state_dict(), strict=True)
        assert fresh.fingerprint == before
        first.torgb.bias.add_(1e-3)
        assert first.fingerprint != before
        other = StyleGAN(replace(again.config, fused_from=0))
        other.load_state_dict(again.state_dict())
        assert other.fingerprint != before

    def test_fits_the_protocol(self) -> None:
        generator: Generator = _small()
        assert generator.has_styles
        assert (generator.resolution, generator.z_dim, generator.w_dim) == (32, 5, 7)


class TestConfig:
    @pytest.mark.parametrize(
        "change",
        [
            {"resolution": 48},
            {"resolution": 4, "channels": (8,)},
            {"resolution": 2**20},
            {"channels": (8, 8, 8)},
            {"channels": (8, 8, 8, 0)},
            {"z_dim": 0},
            {"w_dim": 10**6},
            {"mapping_layers": 0},
            {"mapping_features": -1},
            {"mapping_lr_multiplier": float("nan")},
            {"fused_from": 100},
            {"truncation_cutoff": -1},
            {"blur_taps": (1.0, 1.0)},
            {"blur_taps": (1.0, 0.0, -1.0)},
            {"blur_taps": ()},
        ],
    )
    def test_impossible_architectures_are_refused(self, change: dict[str, object]) -> None:
        with pytest.raises(LocalEditError):
            replace(StyleGANConfig(8, 8, 32, (8, 8, 8, 8)), **change)  # type: ignore[arg-type]

    def test_values_are_counted_from_below(self) -> None:
        for config in (
            StyleGANConfig(5, 7, 32, (8, 6, 6, 4), 3, 6),
            StyleGANConfig(5, 7, 16, (8, 6, 300), 1, 6, use_noise=False),
        ):
            held = sum(values.numel() for values in StyleGAN(config).state_dict().values())
            assert 0.8 * held < config.values_at_least() <= held
