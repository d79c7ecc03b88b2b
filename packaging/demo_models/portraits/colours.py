"""Colours of a portrait, chosen in OKLab so that equal steps look equal, given as linear RGB."""

from __future__ import annotations

import torch
from torch import Tensor

# Björn Ottosson, "A perceptual color space for image processing" (2020), public domain constants.
_TO_CONES = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_TO_RGB = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def from_oklab(lightness: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """Turn OKLab coordinates, each [N, 1, 1], into linear RGB [N, 3, 1, 1] in 0..1."""
    lab = torch.stack([lightness, a, b], dim=1)  # [N, 3, 1, 1]
    cones = torch.einsum("ij,njhw->nihw", lab.new_tensor(_TO_CONES), lab) ** 3
    return torch.einsum("ij,njhw->nihw", lab.new_tensor(_TO_RGB), cones).clamp(0.0, 1.0)


def from_srgb(code: str) -> tuple[float, float, float]:
    """Turn "#rrggbb" into linear RGB."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red**2.2, green**2.2, blue**2.2


def ramp(t: Tensor, *codes: str) -> Tensor:
    """Blend smoothly through sRGB ``codes`` as t [N, 1, 1] runs over 0..1; [N, 3, 1, 1]."""
    table = t.new_tensor([from_srgb(code) for code in codes])  # [K, 3]
    position = t.flatten() * (len(codes) - 1)  # [N]
    distance = (position[:, None] - torch.arange(len(codes), device=t.device)).abs()  # [N, K]
    weight = (1.0 - distance).clamp(min=0.0)
    return (weight @ table)[:, :, None, None]


def mix(base: Tensor, over: Tensor, amount: Tensor) -> Tensor:
    """Lay colour ``over`` on ``base`` with ``amount`` [N, H, W] of cover; [N, 3, H, W]."""
    return base + (over - base) * amount.unsqueeze(1)


def display(linear: Tensor) -> Tensor:
    """Linear light to display values in 0..1, highlights rolled off softly."""
    knee = 0.8
    over = (linear - knee).clamp(min=0.0)
    soft = torch.where(linear > knee, knee + over / (1.0 + over / (1.0 - knee)), linear)
    return soft.clamp(1e-5, 1.0) ** (1 / 2.2)
