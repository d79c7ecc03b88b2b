"""PG-GAN as its authors published it: TensorFlow variables and arguments -> our generator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray
from torch import Tensor

from localedit_core.checkpoints.tensorflow_variables import (
    Arguments,
    Entry,
    LazyArray,
    Variables,
    build_network,
    conv_weight,
    keep,
    top_resolution,
    transpose,
)
from localedit_core.generators.chain import MAX_FEATURES
from localedit_core.generators.progan import ProGAN, ProGANConfig
from localedit_core.latents import MAX_CLASSES

_FAMILY = "PG-GAN"
_UNUSED = re.compile(r"lod|ToRGB_lod([1-9]|10)/(weight|bias)")  # of colour layers but the last


def build_progan(
    static_kwargs: Mapping[str, Any], variables: Mapping[str, NDArray[Any] | LazyArray]
) -> ProGAN:
    """Make a generator of a published PG-GAN.

    Sizes are taken from the variables, and so is whether upscaling is fused; ``fmap_base``,
    ``fmap_decay`` and ``fmap_max``, of which channel counts follow, need only be possible.

    Args:
        static_kwargs: the arguments of the generator (Gs); what is absent had its default.
        variables: name -> array in the published layouts (convolutions HWIO, fused ones HWOI, dense
            in-out). Read one at a time.

    Returns:
        float32, in eval mode, without gradients.

    Raises:
        LocalEditError: an argument or variable is missing, too many, impossible, or asks for a
            network that this one cannot equal; it names it.
    """
    given = Arguments(static_kwargs, _FAMILY)
    stored = Variables(variables, _FAMILY)
    _check_settings(given)
    config = _architecture(given, stored)
    entries = _entries(config)
    stored.check(entries, lambda name: _UNUSED.fullmatch(name) is not None)
    return build_network(lambda: ProGAN(config), entries, stored)


def _check_settings(given: Arguments) -> None:
    """Refuse what would make it another function, and values that mean nothing."""
    given.integer("num_channels", 3, 3, 3)
    for name in ("normalize_latents", "use_wscale", "use_pixelnorm", "use_leakyrelu"):
        given.one_of(name, True, True)
    given.one_of("dtype", "float32", "float32", "float16")  # is computed in float32
    given.number("fmap_base", 8192, 1, 2**24)
    given.number("fmap_decay", 1.0, 0, 16)
    given.integer("fmap_max", 512, 1, MAX_FEATURES)


def _architecture(given: Arguments, stored: Variables) -> ProGANConfig:
    """The architecture that the variables show."""
    resolution = top_resolution(stored.shapes, "Conv1")
    given.agree("resolution", resolution, given.integer("resolution", None, 4, 2**16))
    channels = [stored.shape("4x4/Conv/weight", 4)[3]]
    for side in (2**n for n in range(3, resolution.bit_length())):
        channels.append(stored.shape(f"{side}x{side}/Conv1/weight", 4)[3])
    inputs = stored.shape("4x4/Dense/weight", 2)[0]  # labels lie behind the latent
    c_dim = given.integer("label_size", 0, 0, min(MAX_CLASSES, inputs - 1)) or 0
    z_dim = inputs - c_dim
    given.agree("latent_size", z_dim, given.integer("latent_size", None, 1, MAX_FEATURES))
    fused = any(name.endswith("/Conv0_up/weight") for name in stored.shapes)
    if given.given("fused_scale"):
        given.agree("fused_scale", fused, given.one_of("fused_scale", True, True, False))
    return ProGANConfig(
        z_dim=z_dim,
        resolution=resolution,
        channels=tuple(channels),
        fused=fused,
        pixel_norm_epsilon=given.number("pixelnorm_epsilon", 1e-8, 1e-12, 1.0),
        c_dim=c_dim,
    )


def _entries(config: ProGANConfig) -> dict[str, Entry]:
    """All variables that a network of this architecture has, name -> what it is."""
    entries: dict[str, Entry] = {}

    def add(name: str, key: str, shape: tuple[int, ...], convert: Any, channels: int) -> None:
        entries[f"{name}/weight"] = Entry(f"{key}.weight", shape, convert)
        entries[f"{name}/bias"] = Entry(f"{key}.bias", (channels,), keep)

    before = 0
    for side, count in zip(config.resolutions, config.channels, strict=True):
        block = f"{side}x{side}"
        first = "Dense" if before == 0 else "Conv0_up" if config.fused else "Conv0"
        name = f"{block}/{first}"
        if before == 0:
            add(name, f"synthesis.{name}", (config.w_dim, 16 * count), transpose, count)
        elif config.fused:
            add(name, f"synthesis.{name}", (3, 3, count, before), _fused_weight, count)
        else:
            add(name, f"synthesis.{name}", (3, 3, before, count), conv_weight, count)
        name = f"{block}/Conv" if before == 0 else f"{block}/Conv1"
        add(name, f"synthesis.{name}", (3, 3, count, count), conv_weight, count)
        before = count
    add("ToRGB_lod0", "torgb", (1, 1, before, 3), conv_weight, 3)
    return entries


def _fused_weight(values: Tensor) -> Tensor:
    """Weights of a transposed convolution: [H, W, out, in] -> [out, in, H, W]."""
    return values.permute(2, 3, 0, 1)
