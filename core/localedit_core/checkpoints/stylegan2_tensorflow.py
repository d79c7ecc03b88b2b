"""StyleGAN2 as its authors published it in TensorFlow: variables and arguments -> our terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from localedit_core.checkpoints.conversion import (
    DAMAGED,
    Converted,
    Numbers,
    Weight,
    check_weights,
    stored,
)
from localedit_core.checkpoints.stylegan2_ada import make_config
from localedit_core.checkpoints.tensorflow_variables import Arguments
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2_shapes import stylegan2_shapes

_FAMILY = "StyleGAN2"
_LAYER = re.compile(r"(\d{1,4})x\1/(Conv|Conv0_up|Conv1|ToRGB|Skip)/(\w+)")
_PARTS = {
    "weight": "weight",
    "bias": "bias",
    "mod_weight": "affine.weight",
    "mod_bias": "affine.bias",
    "noise_strength": "noise_strength",
}
_KINDS = {"Conv": "conv1", "Conv0_up": "conv0", "Conv1": "conv1", "ToRGB": "torgb", "Skip": "skip"}


def convert(static_kwargs: Mapping[str, Any], variables: Mapping[str, Any]) -> Converted:
    """Convert a published StyleGAN2.

    Args:
        static_kwargs: the arguments of the whole generator (Gs); what is absent had its default.
        variables: name -> array, those of generator, mapping and synthesis in one mapping, in
            their published layouts (convolutions HWIO, dense in-out).

    Raises:
        LocalEditError: an argument or variable is missing, too many, impossible, or asks for a
            network that ours cannot equal; it names it.
    """
    given = Arguments(static_kwargs, _FAMILY)
    _check_settings(given)
    weights: dict[str, Weight] = {}
    for name, value in variables.items():
        if name in ("lod",):
            continue
        target = _target(name, variables)
        if target is None:
            raise LocalEditError(
                f"This StyleGAN2 has the unexpected variable {name!r:.80}.",
                "It may be of a variant that LocalEdit does not know.",
            )
        weights[target] = stored(name, value, _change(target))
    architecture = given.one_of("architecture", "skip", "skip", "resnet", "orig")
    skips = any(name.endswith(".skip.weight") for name in weights)
    colours = sum(name.endswith(".torgb.weight") for name in weights)
    seen = "resnet" if skips else ("skip" if colours > 1 else "orig")
    if given.given("architecture"):
        _agree(seen, architecture)
    clamp = given.value("conv_clamp", None)
    taps = given.numbers("resample_kernel", (1.0, 3.0, 3.0, 1.0)) or (1.0, 3.0, 3.0, 1.0)
    rate = given.number("mapping_lrmul", 0.01, 1e-6, 1e6)
    config = make_config(weights, seen, clamp, rate, taps)
    check_weights(weights, stylegan2_shapes(config))
    return Converted("stylegan2", config, weights, "StyleGAN2 (TensorFlow)")


def _agree(seen: str, architecture: str) -> None:
    if seen != architecture:
        raise LocalEditError(
            f"This StyleGAN2 calls its architecture {architecture!r}, its variables are those of "
            f"{seen!r}.",
            DAMAGED,
        )


def _check_settings(given: Arguments) -> None:
    given.integer("num_channels", 3, 3, 3)
    given.one_of("nonlinearity", "lrelu", "lrelu")
    given.one_of("mapping_nonlinearity", "lrelu", "lrelu")
    given.one_of("normalize_latents", True, True)
    given.one_of("fused_modconv", True, True, False)


def _target(name: str, variables: Mapping[str, Any]) -> str | None:
    """Our name of a variable, or None."""
    if name == "dlatent_avg":
        return "mapping.w_avg"
    if match := re.fullmatch(r"Dense(\d{1,2})/(weight|bias)", name):
        return f"mapping.fc{match[1]}.{match[2]}"
    if match := re.fullmatch(r"LabelEmbed/(weight|bias)", name):
        return f"mapping.embed.{match[1]}"
    if name == "LabelConcat/weight":
        return "mapping.label.weight"
    if name == "4x4/Const/const":
        return "synthesis.b4.const"
    if match := re.fullmatch(r"noise(\d{1,2})", name):
        index = int(match[1])  # 0 is the only layer of 4 px, then two a resolution
        layer = "b4.conv1" if index == 0 else f"b{8 << ((index - 1) // 2)}.conv{(index - 1) % 2}"
        return f"synthesis.{layer}.noise_const"
    match = _LAYER.fullmatch(name)
    if match is None:
        # Files without skip connections name the one colour layer by its level of detail.
        match = re.fullmatch(r"(ToRGB_lod0)()/(\w+)", name)
        if match is None or match[3] not in _PARTS:
            return None
        sides = [int(m[1]) for key in variables if (m := _LAYER.fullmatch(key))]
        return f"synthesis.b{max(sides, default=4)}.torgb.{_PARTS[match[3]]}"
    if match[3] not in _PARTS:
        return None
    return f"synthesis.b{match[1]}.{_KINDS[match[2]]}.{_PARTS[match[3]]}"


def _change(target: str) -> Any:
    """From TensorFlow's layout to ours."""
    if target.endswith((".conv0.weight", ".skip.weight")):
        # Upsampling is a transposed convolution there and here, with the kernel turned.
        return lambda numbers: _oihw(numbers[::-1, ::-1])
    if target.endswith((".conv1.weight", ".torgb.weight")):
        return _oihw
    if target == "mapping.label.weight":  # a row per class, there and here
        return None
    if target.endswith(".weight"):  # dense: in-out -> out-in
        return lambda numbers: numbers.T
    if target.endswith(".affine.bias"):
        return lambda numbers: numbers + np.float32(1)
    if target.endswith(".noise_const"):
        return lambda numbers: numbers[0, 0] if numbers.ndim == 4 else numbers
    if target.endswith(".const"):
        return lambda numbers: numbers[0] if numbers.ndim == 4 else numbers
    return None


def _oihw(numbers: Numbers) -> Numbers:
    """[H, W, in, out] -> [out, in, H, W]; other shapes stay, to be refused by name."""
    return numbers.transpose(3, 2, 0, 1) if numbers.ndim == 4 else numbers
