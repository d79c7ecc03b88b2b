"""Convolutions by evaluating at points, against the plain sum in float64."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from localedit_core.generators import winograd


@pytest.mark.parametrize(("height", "width"), [(4, 4), (16, 8), (7, 5), (1, 2)])
def test_it_is_the_convolution(height: int, width: int) -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 3, height, width)
    weight, scale = torch.randn(5, 3, 3, 3), torch.rand(1, 3, 1, 1)
    tiles = winograd.convolve(
        x, winograd.transform(weight), scale, top=1, left=1, rows=height, columns=width
    )
    down, across = (4 * count for count in tiles.shape[2:4])
    made = torch.zeros(1, 5, down, across).contiguous(memory_format=torch.channels_last)
    winograd.places(made).copy_(tiles)
    wanted = F.conv2d((x * scale).double(), weight.double(), padding=1)
    error = (made[:, :, :height, :width] - wanted).abs().max() / wanted.abs().max()
    assert error < 3e-6


def test_it_is_as_exact_as_plain_sums_are() -> None:
    torch.manual_seed(0)
    x = F.leaky_relu(torch.randn(1, 512, 16, 16), 0.2)
    weight = torch.randn(64, 512, 3, 3)
    wanted = F.conv2d(x.double(), weight.double(), padding=1)
    one = torch.ones(1, 512, 1, 1)
    tiles = winograd.convolve(
        x, winograd.transform(weight), one, top=1, left=1, rows=16, columns=16
    )
    made = torch.zeros(1, 64, 16, 16).contiguous(memory_format=torch.channels_last)
    winograd.places(made).copy_(tiles)
    assert (made - wanted).abs().max() / wanted.abs().max() < 1e-5
