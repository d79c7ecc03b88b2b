"""StyleGAN2 as PyTorch files have it: NVIDIA's networks, and state dicts with their names.

NVIDIA's files (stylegan2-ada-pytorch, and the StyleGAN2 of the stylegan3 repository) hold objects
whose classes are given as source text. The text is left alone: the weights are in the objects'
state, and what else the function depends on is checked against the published values.
"""

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
    check_held,
    check_weights,
    describe,
    stored,
)
from localedit_core.checkpoints.pickles.values import StandIn, StoredArray
from localedit_core.checkpoints.shown import shown
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2_config import StyleGAN2Config
from localedit_core.generators.stylegan2_shapes import stylegan2_shapes

_MOST_MODULES = 2000
_LAYOUT = "StyleGAN2-ADA (PyTorch)"
PUBLISHED_TAPS = (1.0, 3.0, 3.0, 1.0)


def is_network(value: Any) -> bool:
    """Whether a value is a network of NVIDIA's code."""
    return isinstance(value, StandIn) and _fields(value).get("_modules") is not None


def recognise(names: Mapping[str, Any]) -> bool:
    """Whether a state dict has the names of NVIDIA's generator."""
    return "synthesis.b4.const" in names and "mapping.fc0.weight" in names


def convert_network(network: StandIn) -> Converted:
    """Convert a generator of NVIDIA's code.

    Raises:
        LocalEditError: it is another network, or one that ours cannot equal.
    """
    modules = _walk(network)
    top = modules[""]
    if "synthesis.b4" not in modules or "mapping" not in modules:
        if (
            any(name.startswith("synthesis.L0_") for name in modules)
            or "synthesis.input" in modules
        ):
            raise LocalEditError(
                "This is a StyleGAN3, whose layers LocalEdit cannot run yet.",
                "Choose a StyleGAN2; the same repository publishes some.",
            )
        raise LocalEditError(
            f"The network {network.name!r:.80} is no StyleGAN2 generator.", DAMAGED
        )
    _check_functions(modules)
    state = {
        f"{prefix}.{name}".lstrip("."): value
        for prefix, fields in modules.items()
        for kind in ("_parameters", "_buffers")
        for name, value in _mapping(fields.get(kind)).items()
        if value is not None and isinstance(name, str)
    }
    check_held(state.values())
    blocks = [fields for name, fields in modules.items() if re.fullmatch(r"synthesis\.b\d+", name)]
    first = modules.get("synthesis.b4.conv1", {})
    rate = modules.get("mapping.fc0", {}).get("bias_gain", 0.01)
    return convert_state(
        state,
        architecture=blocks[-1].get("architecture", "skip"),
        conv_clamp=first.get("conv_clamp"),
        lr_multiplier=rate,
        channels=top.get("img_channels", 3),
    )


def convert_state(
    state: Mapping[str, Any],
    *,
    architecture: Any = None,
    conv_clamp: Any = None,
    lr_multiplier: Any = 0.01,
    channels: Any = 3,
    layout: str = _LAYOUT,
) -> Converted:
    """Convert a state dict with NVIDIA's names.

    Args:
        state: name -> tensor.
        architecture: "skip", "resnet" or "orig"; None is seen from the names.
        conv_clamp: activations are clamped to this, or None.
        lr_multiplier: of the mapping network.
        channels: colours of a picture, 3, or 1 for grey.
        layout: what to call the file.

    Raises:
        LocalEditError: a tensor is missing, too many or of a wrong shape, or a setting impossible.
    """
    weights: dict[str, Weight] = {}
    taps: tuple[float, ...] = PUBLISHED_TAPS
    filters: set[tuple[float, ...]] = set()
    for name, value in state.items():
        if not isinstance(name, str):
            raise LocalEditError(f"A weight's name is {describe(name)}.", DAMAGED)
        if name.endswith(".conv1.resample_filter"):
            continue  # these layers resample nothing, and have the published filter whatever it is
        if name.endswith("resample_filter"):
            taps = filter_taps(name, value)
            filters.add(taps)
        elif re.fullmatch(r"synthesis\.b\d+\.torgb\.(weight|bias)", name) and channels == 1:
            weights[name] = stored(name, value, _grey)
        else:
            weights[name] = stored(name, value)
    if len(filters) > 1:
        raise LocalEditError(
            "This StyleGAN2 has several resampling filters.",
            "LocalEdit runs networks with one filter for all layers.",
        )
    if architecture is None:
        coloured = [name for name in weights if name.endswith(".torgb.weight")]
        skips = any(name.endswith(".skip.weight") for name in weights)
        architecture = "resnet" if skips else ("skip" if len(coloured) > 1 else "orig")
    config = make_config(weights, architecture, conv_clamp, lr_multiplier, taps)
    if type(channels) is not int or channels not in (1, 3):
        raise LocalEditError(
            f"This StyleGAN2 makes pictures of {shown(channels)} channels.",
            "LocalEdit shows pictures of three colours, or grey ones.",
        )
    check_weights(weights, stylegan2_shapes(config))
    notes = ("Grey pictures are shown in three equal colours.",) if channels == 1 else ()
    return Converted("stylegan2", config, weights, layout, notes)


def make_config(
    weights: Mapping[str, Weight],
    architecture: Any,
    conv_clamp: Any,
    lr_multiplier: Any,
    taps: tuple[float, ...],
) -> StyleGAN2Config:
    """The architecture that the shapes show, and the settings that they do not."""

    def size(name: str, axis: int, axes: int) -> int:
        weight = weights.get(name)
        if weight is None or len(weight.shape) != axes:
            raise LocalEditError(f"The checkpoint lacks a usable {name!r}.", DAMAGED)
        return weight.shape[axis]

    sides: list[int] = []
    while f"synthesis.b{4 << len(sides)}.conv1.weight" in weights:
        sides.append(4 << len(sides))
    layers = 0
    while f"mapping.fc{layers}.weight" in weights:
        layers += 1
    w_dim = size("mapping.w_avg", 0, 1)
    joined = "mapping.label.weight" in weights
    c_dim = embedded = 0
    if joined:
        c_dim, embedded = (size("mapping.label.weight", axis, 2) for axis in (0, 1))
    elif "mapping.embed.weight" in weights:
        embedded, c_dim = (size("mapping.embed.weight", axis, 2) for axis in (0, 1))
    hidden = size("mapping.fc0.weight", 0, 2)
    if not (type(lr_multiplier) in (int, float) and 0 < lr_multiplier <= 1e6):
        raise LocalEditError("The mapping network's learning rate is impossible.", DAMAGED)
    if conv_clamp is not None and not (type(conv_clamp) in (int, float) and 0 < conv_clamp <= 1e6):
        raise LocalEditError("The clamp of the convolutions is impossible.", DAMAGED)
    if architecture not in ("skip", "resnet", "orig"):
        raise LocalEditError(f"There is no architecture {shown(architecture)}.", DAMAGED)
    return StyleGAN2Config(
        z_dim=size("mapping.fc0.weight", 1, 2) - embedded,
        w_dim=w_dim,
        resolution=sides[-1] if sides else 0,
        channels=tuple(size(f"synthesis.b{side}.conv1.weight", 0, 4) for side in sides),
        mapping_layers=layers,
        mapping_lr_multiplier=float(lr_multiplier),
        architecture=architecture,
        use_noise="synthesis.b4.conv1.noise_const" in weights,
        conv_clamp=None if conv_clamp is None else float(conv_clamp),
        resample_kernel=taps,
        mapping_features=0 if hidden == w_dim or layers == 1 else hidden,
        c_dim=c_dim,
        embed_features=embedded,
        class_input="concat" if joined else "embed",
    )


def _grey(numbers: Numbers) -> Numbers:
    """A colour layer of one channel as one of three: [1, ...] -> [3, ...]."""
    return np.repeat(numbers, 3, axis=0)


def filter_taps(name: str, value: Any) -> tuple[float, ...]:
    """The taps of a separable filter that is stored as a plane of sum 1, or as a line."""
    weight = stored(name, value)
    if len(weight.shape) not in (1, 2) or max(weight.shape) > 64:
        raise LocalEditError(f"The checkpoint's {name!r:.120} is no filter.", DAMAGED)
    numbers = weight.read().astype(np.float64)
    line = numbers.sum(axis=0) if numbers.ndim == 2 else numbers
    if numbers.ndim == 2:
        product = np.outer(numbers.sum(axis=1), line) / (numbers.sum() or 1.0)
        if numbers.shape[0] != numbers.shape[1] or not np.allclose(numbers, product):
            raise LocalEditError(f"The filter {name!r:.120} is not separable.", DAMAGED)
    if len(line) != 4 or not (line > 0).all():
        raise LocalEditError(
            f"The filter {name!r:.120} has {len(line)} taps.",
            "LocalEdit runs networks that were trained with the published filter of 4.",
        )
    line = line / line.min()  # 1, 3, 3, 1 again, so that equal networks are equal
    rounded = np.round(line)
    return tuple((rounded if np.allclose(line, rounded, rtol=1e-5) else line).tolist())


def _check_functions(modules: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse settings that would make it another function than ours."""
    for name, fields in modules.items():
        if name.startswith(("synthesis", "mapping")):
            expected = "linear" if _is_linear(name) else "lrelu"
            found = fields.get("activation", expected)
            if found != expected:
                raise LocalEditError(
                    f"The layer {name!r:.80} has the activation {shown(found)}, not {expected}.",
                    "LocalEdit runs networks that were trained with the published settings.",
                )


def _is_linear(name: str) -> bool:
    return name.endswith((".affine", ".embed", ".skip")) or name == "mapping.embed"


def _walk(network: StandIn) -> dict[str, Mapping[str, Any]]:
    """All modules of a network: dotted name -> attributes.

    Bounded in all: a file can let a module contain itself, or two of them each other.
    """
    found: dict[str, Mapping[str, Any]] = {}
    waiting: list[tuple[str, StandIn]] = [("", network)]
    while waiting:
        name, module = waiting.pop()
        found[name] = _fields(module)
        if len(found) > _MOST_MODULES:
            raise LocalEditError("The network has more modules than any generator.", DAMAGED)
        for key, child in _mapping(found[name].get("_modules")).items():
            if isinstance(key, str) and isinstance(child, StandIn) and len(key) < 80:
                waiting.append((f"{name}.{key}".lstrip("."), child))
    return found


def _fields(network: Any) -> Mapping[str, Any]:
    return _mapping(network.state) if isinstance(network, StandIn) else {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def is_state(value: Any) -> bool:
    """Whether a value is a dictionary of tensors by name."""
    return isinstance(value, dict) and any(isinstance(v, StoredArray) for v in value.values())
