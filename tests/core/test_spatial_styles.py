"""Styles that differ from place to place, against the same sums written out by position."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from localedit_core.generators.layers import DEMODULATION_EPSILON, ModulatedConv, ToRGB
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

TAPS = (1.0, 3.0, 3.0, 1.0)


def _layer(up: bool) -> ModulatedConv:
    layer = ModulatedConv(
        3, 2, w_dim=4, resolution=4, up=up, taps=TAPS, use_noise=False, conv_clamp=None
    )
    return layer.eval().requires_grad_(False)


def _lrelu(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, 0.2 * x) * 2.0**0.5


def test_each_position_is_scaled_and_demodulated_by_its_own_style() -> None:
    torch.manual_seed(0)
    layer = _layer(up=False)
    x, style = torch.randn(1, 3, 4, 4), torch.rand(1, 3, 4, 4) + 0.5
    expected = torch.zeros(1, 2, 4, 4)
    for out in range(2):
        for row in range(4):
            for column in range(4):
                total, energy = 0.0, 0.0
                for channel in range(3):
                    weight = layer.weight[out, channel]  # [3, 3]
                    own = float(style[0, channel, row, column])
                    energy += float((weight * own).square().sum())
                    for dy in (-1, 0, 1):
                        for dx in (-1, 0, 1):
                            if 0 <= row + dy < 4 and 0 <= column + dx < 4:
                                place = (0, channel, row + dy, column + dx)
                                total += float(weight[dy + 1, dx + 1] * x[place] * style[place])
                expected[0, out, row, column] = total / (energy + DEMODULATION_EPSILON) ** 0.5
    expected = _lrelu(expected + layer.bias[:, None, None])
    torch.testing.assert_close(layer(x, style, None), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("up", [False, True])
def test_halves_with_styles_of_their_own_are_those_styles_pictures_inside(up: bool) -> None:
    torch.manual_seed(1)
    layer = _layer(up)
    x, left, right = torch.randn(1, 3, 16, 16), torch.rand(1, 3) + 0.5, torch.rand(1, 3) + 0.5
    style = left[:, :, None, None].repeat(1, 1, 16, 16)
    style[..., 8:] = right[:, :, None, None]
    made, scale = layer(x, style, None), 2 if up else 1
    # A few positions from the seam nothing of the other half is seen.
    for own, places in ((left, slice(0, 5 * scale)), (right, slice(11 * scale, 16 * scale))):
        torch.testing.assert_close(
            made[..., places], layer(x, own, None)[..., places], rtol=1e-5, atol=1e-5
        )
    assert not torch.allclose(layer(x, left, None), layer(x, right, None), atol=0.01)


def test_colour_by_place() -> None:
    torch.manual_seed(2)
    layer = ToRGB(3, w_dim=4, conv_clamp=None).requires_grad_(False)
    x, style = torch.randn(1, 3, 4, 4), torch.randn(1, 3, 4, 4)
    expected = torch.einsum("oc,ncij,ncij->noij", layer.weight[..., 0, 0], x, style) / 3**0.5
    torch.testing.assert_close(layer(x, style), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_equal_everywhere_is_the_plain_style(architecture: Any) -> None:
    torch.manual_seed(3)
    config = StyleGAN2Config(8, 8, 32, (8, 8, 6, 6), 2, architecture=architecture)
    generator = StyleGAN2(config).eval().requires_grad_(False)
    _same_picture(generator)


def test_equal_everywhere_is_the_plain_style_in_stylegan() -> None:
    torch.manual_seed(4)
    generator = StyleGAN(StyleGANConfig(8, 8, 32, (8, 8, 6, 6), 2, 8))
    _same_picture(generator.eval().requires_grad_(False))


def _same_picture(generator: StyleGAN2 | StyleGAN) -> None:
    styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))
    spread = dict(styles)
    for layer in generator.layers:
        side = layer.input_resolution
        spread[layer.name] = styles[layer.name][:, :, None, None].expand(-1, -1, side, side)
    plain = generator.synthesize(styles).image
    torch.testing.assert_close(generator.synthesize(spread).image, plain, rtol=1e-5, atol=1e-5)
