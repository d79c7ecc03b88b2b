"""rosinality's StyleGAN2 (PyTorch): state dicts with "convs.0.conv.weight" and the like.

Its convolutions scale their weights before demodulation, NVIDIA's after: the same function but for
the epsilon of the demodulation, which is far below what a picture shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from localedit_core.checkpoints import stylegan2_ada
from localedit_core.checkpoints.conversion import (
    DAMAGED,
    Converted,
    Numbers,
    Weight,
    check_weights,
    stored,
)
from localedit_core.checkpoints.shown import shown
from localedit_core.errors import LocalEditError
from localedit_core.generators.layers import FullyConnected
from localedit_core.generators.stylegan2 import normalize_second_moment
from localedit_core.generators.stylegan2_shapes import stylegan2_shapes

_LAYOUT = "rosinality's StyleGAN2 (PyTorch)"
_CONV = {
    "conv.weight": "weight",
    "conv.modulation.weight": "affine.weight",
    "conv.modulation.bias": "affine.bias",
    "noise.weight": "noise_strength",
    "activate.bias": "bias",
    "bias": "bias",  # of checkpoints before the fused activation
}
_COLOUR = {
    "conv.weight": "weight",
    "conv.modulation.weight": "affine.weight",
    "conv.modulation.bias": "affine.bias",
    "bias": "bias",
}
_MEAN_SAMPLES = 10_000
_MEAN_BATCH = 500


def recognise(names: Mapping[str, Any]) -> bool:
    """Whether a state dict has rosinality's names."""
    return "convs.0.conv.weight" in names and "style.1.weight" in names


def convert(state: Mapping[str, Any], latent_avg: Any = None) -> Converted:
    """Convert a state dict of rosinality's generator.

    Args:
        state: name -> tensor.
        latent_avg: the mean of w; None where the file has none: it is then measured.

    Raises:
        LocalEditError: a tensor is missing, too many or of a wrong shape.
    """
    weights: dict[str, Weight] = {}
    taps: tuple[float, ...] = stylegan2_ada.PUBLISHED_TAPS
    for name, value in state.items():
        if isinstance(name, str) and name.endswith((".kernel", "blur.kernel")):
            taps = stylegan2_ada.filter_taps(name, value)
            continue
        target = _target(name) if isinstance(name, str) else None
        if target is None:
            raise LocalEditError(
                f"The checkpoint has the unexpected {shown(name, 80)}.",
                "It may be of a variant of rosinality's code that LocalEdit does not know.",
            )
        weights[target] = stored(name, value, _change(target))
    notes: list[str] = []
    sides = _sides(weights)
    if latent_avg is not None:
        weights["mapping.w_avg"] = stored("latent_avg", latent_avg, np.squeeze)
    else:
        notes.append("The file has no mean of w; it was measured over 10,000 samples.")
        weights["mapping.w_avg"] = _measured_mean(weights)
    for index, (name, side) in enumerate(_convolutions(sides)):
        if f"{name}.noise_const" not in weights:
            weights[f"{name}.noise_const"] = _drawn_noise(index, side)
    config = stylegan2_ada.make_config(weights, "skip", None, 0.01, taps)
    check_weights(weights, stylegan2_shapes(config))
    return Converted("stylegan2", config, weights, _LAYOUT, tuple(notes))


def _sides(weights: Mapping[str, Weight]) -> list[int]:
    sides = [4]
    while f"synthesis.b{2 * sides[-1]}.conv1.weight" in weights and len(sides) < 12:
        sides.append(2 * sides[-1])
    return sides


def _convolutions(sides: list[int]) -> list[tuple[str, int]]:
    found = [("synthesis.b4.conv1", 4)]
    for side in sides[1:]:
        found += [(f"synthesis.b{side}.conv{index}", side) for index in (0, 1)]
    return found


def _layer(index: int) -> str:
    """The name of the index-th convolution after the first."""
    return f"synthesis.b{8 << (index // 2)}.conv{index % 2}"


def _target(name: str) -> str | None:
    """Our name of a tensor, or None."""
    if name == "input.input":
        return "synthesis.b4.const"
    if match := re.fullmatch(r"style\.(\d{1,2})\.(weight|bias)", name):
        return f"mapping.fc{int(match[1]) - 1}.{match[2]}"
    if (match := re.fullmatch(r"conv1\.(.+)", name)) and match[1] in _CONV:
        return f"synthesis.b4.conv1.{_CONV[match[1]]}"
    if (match := re.fullmatch(r"convs\.(\d{1,2})\.(.+)", name)) and match[2] in _CONV:
        return f"{_layer(int(match[1]))}.{_CONV[match[2]]}"
    if (match := re.fullmatch(r"to_rgb1\.(.+)", name)) and match[1] in _COLOUR:
        return f"synthesis.b4.torgb.{_COLOUR[match[1]]}"
    if (match := re.fullmatch(r"to_rgbs\.(\d{1,2})\.(.+)", name)) and match[2] in _COLOUR:
        return f"synthesis.b{8 << int(match[1])}.torgb.{_COLOUR[match[2]]}"
    if match := re.fullmatch(r"noises\.noise_(\d{1,2})", name):
        index = int(match[1])
        return (
            "synthesis.b4.conv1.noise_const" if index == 0 else f"{_layer(index - 1)}.noise_const"
        )
    return None


def _change(target: str) -> Any:
    """From rosinality's shape to ours: axes of length 1 fall away."""

    def first(numbers: Numbers) -> Numbers:  # [1, ...] -> [...]
        return numbers[0] if numbers.ndim > 1 and numbers.shape[0] == 1 else numbers

    if target.endswith(".noise_const"):
        return lambda numbers: first(first(numbers))
    if target.endswith((".noise_strength", ".torgb.bias", ".conv0.bias", ".conv1.bias")):
        return np.squeeze
    if target.endswith((".const", ".conv0.weight", ".conv1.weight", ".torgb.weight")):
        return first
    return None


def _drawn_noise(index: int, side: int) -> Weight:
    """Noise for files without: rosinality's code draws it anew for each picture."""

    def read() -> Numbers:
        return np.random.RandomState(index).randn(side, side).astype(np.float32)

    return Weight((side, side), read)


def _measured_mean(weights: Mapping[str, Weight]) -> Weight:
    """The mean of w, as rosinality's own code measures it where it is wanted."""
    first = weights.get("mapping.fc0.weight")
    if first is None or len(first.shape) != 2:
        raise LocalEditError("The checkpoint lacks a usable 'style.1.weight'.", DAMAGED)
    w_dim, z_dim = first.shape

    def read() -> Numbers:
        layers: list[FullyConnected] = []
        while f"mapping.fc{len(layers)}.weight" in weights:
            dense, bias = (
                weights[f"mapping.fc{len(layers)}.{part}"] for part in ("weight", "bias")
            )
            outputs, inputs = dense.shape
            layer = FullyConnected(inputs, outputs, lr_multiplier=0.01, activate=True)
            layer.requires_grad_(False)
            layer.weight.copy_(torch.from_numpy(dense.read()))
            layer.bias.copy_(torch.from_numpy(bias.read()))
            layers.append(layer)
        source = np.random.RandomState(0)
        total = torch.zeros(w_dim)
        for _ in range(_MEAN_SAMPLES // _MEAN_BATCH):
            z = source.randn(_MEAN_BATCH, z_dim).astype(np.float32)
            w = normalize_second_moment(torch.from_numpy(z))
            for layer in layers:
                w = layer(w)
            total += w.sum(dim=0)
        return (total / _MEAN_SAMPLES).numpy()

    return Weight((w_dim,), read)
