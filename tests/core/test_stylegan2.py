"""The StyleGAN2 engine against arrays of the published implementation and closed forms."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.signal import upfirdn
from torch import Tensor

from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator
from localedit_core.generators.layers import Resampler
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

REFERENCE = Path(__file__).parents[1] / "data" / "stylegan2_tiny.npz"
Arrays = dict[str, NDArray[np.float32]]


def _close(actual: Tensor, expected: NDArray[np.float32]) -> None:
    assert actual.shape == expected.shape
    error = np.abs(actual.detach().numpy() - expected).max()
    assert error <= 1e-4 * np.abs(expected).max()


@pytest.fixture(scope="module")
def reference() -> Arrays:
    with np.load(REFERENCE) as file:
        return {name: file[name] for name in file.files if name != "config"}


@pytest.fixture(scope="module")
def published(reference: Arrays) -> StyleGAN2:
    with np.load(REFERENCE) as file:
        arguments = json.loads(str(file["config"]))
    synthesis = arguments["synthesis_kwargs"]
    resolution = arguments["img_resolution"]
    config = StyleGAN2Config(
        z_dim=arguments["z_dim"],
        w_dim=arguments["w_dim"],
        resolution=resolution,
        channels=tuple(
            min(synthesis["channel_base"] // side, synthesis["channel_max"])
            for side in (4, 8, 16, 32, 64)
            if side <= resolution
        ),
        mapping_layers=arguments["mapping_kwargs"]["num_layers"],
    )
    generator = StyleGAN2(config)
    state = {
        name.removeprefix("weights/"): torch.from_numpy(array)
        for name, array in reference.items()
        if name.startswith("weights/") and not name.endswith("resample_filter")
    }
    generator.load_state_dict(state, strict=True)
    return generator.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def styles(published: StyleGAN2, reference: Arrays) -> dict[str, Tensor]:
    w = torch.from_numpy(reference["expected/w"])
    return dict(published.styles(published.broadcast(w)))


def _small(architecture: str = "skip", *, clamp: float | None = None) -> StyleGAN2:
    torch.manual_seed(3)
    config = StyleGAN2Config(8, 8, 32, (8, 8, 6, 4), 2, 0.01, architecture, True, clamp)  # type: ignore[arg-type]
    generator = StyleGAN2(config).eval().requires_grad_(False)
    for name, parameter in generator.named_parameters():
        if name.endswith(("noise_strength", "bias")):
            parameter.copy_(parameter + 0.3 * torch.randn(parameter.shape))
    return generator


class TestReference:
    def test_w(self, published: StyleGAN2, reference: Arrays) -> None:
        z = torch.from_numpy(reference["input/z"])
        _close(published.mapping(z), reference["expected/w"])

    def test_truncated_w(self, published: StyleGAN2, reference: Arrays) -> None:
        w_plus = published.broadcast(torch.from_numpy(reference["expected/w"]), 0.7)
        assert w_plus.shape[1] == int(reference["expected/num_ws"]) == published.num_ws
        for row in range(published.num_ws):
            _close(w_plus[:, row], reference["expected/w_truncated_0.7"])

    def test_every_style(self, styles: dict[str, Tensor], reference: Arrays) -> None:
        expected = {name for name in reference if name.startswith("expected/styles/")}
        assert expected == {f"expected/styles/{name}" for name in styles}
        for name, style in styles.items():
            _close(style, reference[f"expected/styles/{name}"])

    def test_every_activation(
        self, published: StyleGAN2, styles: dict[str, Tensor], reference: Arrays
    ) -> None:
        prefix = "expected/activations/"
        names = [name.removeprefix(prefix) for name in reference if name.startswith(prefix)]
        assert len(names) == 9
        made = published.synthesize(styles, record_outputs=names)
        for name in names:
            _close(made.outputs[name][:1], reference[prefix + name])

    def test_recorded_input_is_the_published_output_below(
        self, published: StyleGAN2, styles: dict[str, Tensor], reference: Arrays
    ) -> None:
        made = published.synthesize(styles, record=["b32.torgb", "b64.conv0"])
        expected = reference["expected/activations/b32.conv1"]
        _close(made.activations["b32.torgb"][:1], expected)
        _close(made.activations["b64.conv0"][:1], expected)

    def test_pictures(
        self, published: StyleGAN2, styles: dict[str, Tensor], reference: Arrays
    ) -> None:
        _close(published.synthesize(styles).image, reference["expected/image_noise_const"])
        _close(
            published.synthesize(styles, use_noise=False).image,
            reference["expected/image_noise_none"],
        )
        z = torch.from_numpy(reference["input/z"])
        _close(published(z, psi=0.7), reference["expected/image_truncated_0.7"])


class TestUpsampling:
    def test_doubling_is_the_upfirdn_of_the_kernel(self) -> None:
        taps = (1.0, 2.0, 4.0, 3.0)  # not symmetric: tells convolution from correlation
        picture = np.random.default_rng(0).normal(size=(5, 5)).astype(np.float32)
        kernel = np.array(taps) / sum(taps) * 2
        rows = np.stack([upfirdn(kernel, np.append(line, 0), up=2) for line in picture])
        both = np.stack([upfirdn(kernel, np.append(line, 0), up=2) for line in rows.T]).T
        expected = both[1:11, 1:11]  # two samples of padding before, one after
        made = Resampler(taps).upsample(torch.from_numpy(picture)[None, None])[0, 0]
        np.testing.assert_allclose(made.numpy(), expected, rtol=1e-5, atol=1e-6)


class TestSynthesis:
    @pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
    def test_resuming_at_any_layer_gives_the_same_picture(self, architecture: str) -> None:
        generator = _small(architecture)
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(2, 8))))
        names = [layer.name for layer in generator.layers]
        whole = generator.synthesize(styles, keep=names)
        for name in names:
            above = names[names.index(name) :]
            resumed = generator.synthesize({n: styles[n] for n in above}, resume=whole.kept[name])
            assert torch.equal(resumed.image, whole.image)

    def test_lower_picture_is_what_the_full_pass_passes_through(self) -> None:
        generator = _small()
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))
        seen: dict[int, Tensor] = {}
        generator.synthesize(styles, on_picture=seen.__setitem__)
        assert list(seen) == [4, 8, 16, 32]
        for resolution, picture in seen.items():
            lower = generator.synthesize(styles, up_to=resolution).image
            assert lower.shape == (1, 3, resolution, resolution)
            assert torch.equal(lower, picture)

    @pytest.mark.parametrize("architecture", ["resnet", "orig"])
    def test_lower_picture_without_skips_is_an_area_average(self, architecture: str) -> None:
        generator = _small(architecture)
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))
        full = generator.synthesize(styles).image.numpy()
        expected = full.reshape(1, 3, 8, 4, 8, 4).mean(axis=(3, 5))
        lower = generator.synthesize(styles, up_to=8).image.numpy()
        np.testing.assert_allclose(lower, expected, rtol=1e-4, atol=1e-6)

    @pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
    def test_matches_the_fused_form_layer_by_layer(self, architecture: str) -> None:
        """Modulating and demodulating the weights themselves must give the same picture."""
        generator = _small(architecture, clamp=1.5)
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))
        made = generator.synthesize(styles).image
        np.testing.assert_allclose(
            made.numpy(), _fused(generator, styles).numpy(), rtol=2e-4, atol=2e-5
        )

    def test_noise_follows_its_seed(self) -> None:
        generator = _small()
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))
        first = generator.synthesize(styles, noise_seed=1, keep=["b32.conv0"])
        again = generator.synthesize(styles, noise_seed=1)
        other = generator.synthesize(styles, noise_seed=2)
        resumed = generator.synthesize(styles, noise_seed=1, resume=first.kept["b32.conv0"])
        assert torch.equal(first.image, again.image)
        assert torch.equal(first.image, resumed.image)
        assert not torch.equal(first.image, other.image)

    def test_cancelling_stops_between_layers(self) -> None:
        generator = _small()
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))
        asked: list[int] = []

        def third_time() -> bool:
            asked.append(1)
            return len(asked) == 3

        with pytest.raises(RenderCancelled):
            generator.synthesize(styles, cancelled=third_time)
        assert len(asked) == 3

    def test_unknown_size_and_foreign_latent_are_refused(self) -> None:
        generator = _small()
        styles = generator.styles(torch.zeros(1, generator.num_ws, 8))
        with pytest.raises(LocalEditError, match="48 px"):
            generator.synthesize(styles, up_to=48)
        with pytest.raises(LocalEditError, match="8 x 8 values, not 6 x 8"):
            generator.styles(torch.zeros(1, 6, 8))

    @pytest.mark.parametrize(
        "change",
        [
            {"resolution": 48},
            {"channels": (8, 8, 8)},
            {"architecture": "stylish"},
            {"z_dim": 0},
            {"w_dim": 10**6},
            {"resample_kernel": (1.0,)},
        ],
    )
    def test_impossible_architectures_are_refused(self, change: dict[str, object]) -> None:
        with pytest.raises(LocalEditError):
            replace(StyleGAN2Config(8, 8, 32, (8, 8, 8, 8)), **change)  # type: ignore[arg-type]


class TestFingerprint:
    def test_same_for_same_function_only(self) -> None:
        first, again = _small(), _small()
        assert first.fingerprint == again.fingerprint
        before = first.fingerprint
        first.synthesis.get_submodule("b8.conv0").bias.add_(1e-3)  # type: ignore[operator,union-attr]
        assert first.fingerprint != before
        assert _small("orig").fingerprint != _small("resnet").fingerprint

    def test_fits_the_protocol(self) -> None:
        generator: Generator = _small()
        assert generator.resolution == 32


def _fused(generator: StyleGAN2, styles: dict[str, Tensor]) -> Tensor:
    """The synthesis of the paper's Eqs. 1 and 3 (weights modulated and demodulated), one picture.

    Written with nothing of the engine but its weights.
    """
    state = generator.state_dict()
    config = generator.config
    line = torch.tensor(config.resample_kernel)
    fir = torch.outer(line, line) / line.sum() ** 2

    def up(x: Tensor) -> Tensor:
        wide = torch.zeros(*x.shape[:2], x.shape[2] * 2, x.shape[3] * 2)
        wide[:, :, ::2, ::2] = x
        wide = torch.nn.functional.pad(wide, (2, 1, 2, 1))
        return torch.nn.functional.conv2d(
            wide, (4 * fir).expand(x.shape[1], 1, 4, 4), groups=x.shape[1]
        )

    def conv(name: str, x: Tensor, gain: float) -> Tensor:
        weight = state[f"synthesis.{name}.weight"] * styles[name][0][None, :, None, None]
        weight = weight / (weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
        if name.endswith("conv0"):
            wide = torch.zeros(*x.shape[:2], x.shape[2] * 2, x.shape[3] * 2)
            wide[:, :, ::2, ::2] = x
            wide = torch.nn.functional.pad(wide, (3, 2, 3, 2))
            # A transposed convolution correlates the spread-out input with the flipped weights.
            x = torch.nn.functional.conv2d(wide, weight.flip(2, 3))
            x = torch.nn.functional.conv2d(
                x, (4 * fir).expand(x.shape[1], 1, 4, 4), groups=x.shape[1]
            )
        else:
            x = torch.nn.functional.conv2d(x, weight, padding=1)
        prefix = f"synthesis.{name}."
        x = x + state[prefix + "noise_const"] * state[prefix + "noise_strength"]
        x = x + state[prefix + "bias"][:, None, None]
        x = torch.where(x > 0, x, 0.2 * x) * (2**0.5 * gain)
        limit = (config.conv_clamp or torch.inf) * gain
        return x.clamp(-limit, limit)

    x = state["synthesis.b4.const"][None]
    rgb: Tensor | None = None
    for resolution in config.resolutions:
        residual: Tensor | None = None
        gain = 1.0
        if resolution > 4:
            if config.architecture == "resnet":
                weight = state[f"synthesis.b{resolution}.skip.weight"]
                residual = up(torch.nn.functional.conv2d(x, weight / weight.shape[1] ** 0.5))
                residual, gain = residual * 0.5**0.5, 0.5**0.5
            x = conv(f"b{resolution}.conv0", x, 1.0)
        x = conv(f"b{resolution}.conv1", x, gain)
        x = x if residual is None else x + residual
        name = f"b{resolution}.torgb"
        if name in styles:
            weight = state[f"synthesis.{name}.weight"]
            weight = weight * styles[name][0][None, :, None, None] / weight.shape[1] ** 0.5
            colour = torch.nn.functional.conv2d(x, weight)
            colour = colour + state[f"synthesis.{name}.bias"][:, None, None]
            colour = colour.clamp(-(config.conv_clamp or torch.inf), config.conv_clamp or torch.inf)
            rgb = colour if rgb is None else up(rgb) + colour
    assert rgb is not None
    return rgb
