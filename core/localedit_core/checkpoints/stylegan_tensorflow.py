"""StyleGAN as its authors published it: TensorFlow variables and arguments -> our generator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
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
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.latents import MAX_CLASSES

_FAMILY = "StyleGAN"
_MOST_LAYERS = 64
_LABELS = "LabelConcat/weight"
_UNUSED = re.compile(r"lod|ToRGB_lod([1-9]|10)/(weight|bias)")  # of colour layers but the last


def build_stylegan(
    static_kwargs: Mapping[str, Any],
    variables: Mapping[str, NDArray[Any] | LazyArray],
    *,
    norm_epsilon: float = 1e-8,
) -> StyleGAN:
    """Make a generator of a published StyleGAN.

    Sizes are taken from the variables; ``fmap_base``, ``fmap_decay`` and ``fmap_max``, of which
    channel counts follow, need only be possible. Other arguments that the variables show must agree
    with them.

    Args:
        static_kwargs: the arguments of the whole generator (Gs); what is absent had its default.
        variables: name -> array, those of generator, mapping and synthesis in one mapping, in their
            published layouts (convolutions HWIO, dense in-out). Read one at a time.
        norm_epsilon: of the instance norm, where the code that the weights go with has another.

    Returns:
        float32, in eval mode, without gradients.

    Raises:
        LocalEditError: an argument or variable is missing, too many, impossible, or asks for a
            network that this one cannot equal; it names it.
    """
    given = Arguments(static_kwargs, _FAMILY)
    stored = Variables(variables, _FAMILY)
    _check_settings(given)
    config = replace(_architecture(given, stored), norm_epsilon=norm_epsilon)
    entries = _entries(config)
    stored.check(entries, lambda name: _UNUSED.fullmatch(name) is not None)
    return build_network(lambda: StyleGAN(config), entries, stored)


def _check_settings(given: Arguments) -> None:
    """Refuse what would make it another function, and values that mean nothing."""
    given.integer("num_channels", 3, 3, 3)
    for name in ("use_wscale", "use_instance_norm", "use_styles", "const_input_layer"):
        given.one_of(name, True, True)
    given.one_of("normalize_latents", True, True)
    given.one_of("use_pixel_norm", False, False)
    given.one_of("nonlinearity", "lrelu", "lrelu")
    given.one_of("mapping_nonlinearity", "lrelu", "lrelu")
    given.one_of("dtype", "float32", "float32", "float16")  # is computed in float32
    given.number("fmap_base", 8192, 1, 2**24)
    given.number("fmap_decay", 1.0, 0, 16)
    given.integer("fmap_max", 512, 1, MAX_FEATURES)


def _architecture(given: Arguments, stored: Variables) -> StyleGANConfig:
    """The architecture that the variables show."""
    resolution = top_resolution(stored.shapes, "Conv1")
    given.agree("resolution", resolution, given.integer("resolution", None, 4, 2**16))
    channels = [stored.shape("4x4/Const/const", 4)[1]]
    for side in (2**n for n in range(3, resolution.bit_length())):
        channels.append(stored.shape(f"{side}x{side}/Conv1/weight", 4)[3])

    depth = stored.count("Dense{}/bias", _MOST_LAYERS)
    given.agree("mapping_layers", depth, given.integer("mapping_layers", None, 1, _MOST_LAYERS))
    inputs, features = stored.shape("Dense0/weight", 2)
    c_dim, z_dim = (0, inputs)
    if _LABELS in stored.shapes:
        c_dim, z_dim = stored.shape(_LABELS, 2)
    given.agree("label_size", c_dim, given.integer("label_size", None, 0, MAX_CLASSES))
    (w_dim,) = stored.shape("dlatent_avg", 1)
    given.agree("latent_size", z_dim, given.integer("latent_size", None, 1, MAX_FEATURES))
    given.agree("dlatent_size", w_dim, given.integer("dlatent_size", None, 1, MAX_FEATURES))
    hidden = given.integer("mapping_fmaps", None, 1, MAX_FEATURES)
    if depth > 1:
        given.agree("mapping_fmaps", features, hidden)

    use_noise = any(name.startswith("noise") for name in stored.shapes)
    if given.given("use_noise"):
        given.agree("use_noise", use_noise, given.one_of("use_noise", True, True, False))
    # Where published code does not truncate by itself the custom stands: here a person decides.
    cutoff = given.value("truncation_cutoff", 8)
    rows = 8 if cutoff is None else given.integer("truncation_cutoff", 8, -MAX_FEATURES, 8192)
    fused = given.one_of("fused_scale", "auto", "auto", True, False)
    return StyleGANConfig(
        z_dim=z_dim,
        w_dim=w_dim,
        resolution=resolution,
        channels=tuple(channels),
        mapping_layers=depth,
        mapping_features=features,
        mapping_lr_multiplier=given.number("mapping_lrmul", 0.01, 1e-6, 1e6),
        fused_from={"auto": 128, True: 8, False: 0}[fused],
        truncation_cutoff=8 if not rows or rows < 0 else min(rows, _MOST_LAYERS),
        use_noise=use_noise,
        blur_taps=given.numbers("blur_filter", (1.0, 2.0, 1.0)) or (1.0,),
        c_dim=c_dim,
    )


def _entries(config: StyleGANConfig) -> dict[str, Entry]:
    """All variables that a network of this architecture has, name -> what it is."""
    entries = {"dlatent_avg": Entry("mapping.w_avg", (config.w_dim,), keep)}
    if config.c_dim:
        entries[_LABELS] = Entry("mapping.label.weight", (config.c_dim, config.z_dim), keep)
    for index, (inputs, outputs) in enumerate(pairwise(config.mapping_widths)):
        key = f"mapping.layers.{index}"
        entries[f"Dense{index}/weight"] = Entry(f"{key}.weight", (inputs, outputs), transpose)
        entries[f"Dense{index}/bias"] = Entry(f"{key}.bias", (outputs,), keep)

    index = 0
    before = 0
    for side, channels in zip(config.resolutions, config.channels, strict=True):
        for kind in ("Const", "Conv") if side == 4 else ("Conv0_up", "Conv1"):
            name = f"{side}x{side}/{kind}"
            key = f"synthesis.{name}"
            style = f"{name}/StyleMod"
            entries[f"{style}/weight"] = Entry(
                f"{key}.affine.weight", (config.w_dim, 2 * channels), transpose
            )
            entries[f"{style}/bias"] = Entry(f"{key}.affine.bias", (2 * channels,), keep)
            if before == 0:
                entries[f"{name}/const"] = Entry(f"{key}.const", (1, channels, 4, 4), _first)
                entries[f"{name}/bias"] = Entry(f"{key}.bias", (channels,), keep)
            else:
                shape = (3, 3, before, channels)
                entries[f"{name}/weight"] = Entry(f"{key}.conv.weight", shape, conv_weight)
                entries[f"{name}/bias"] = Entry(f"{key}.conv.bias", (channels,), keep)
            if config.use_noise:
                noise = Entry(f"{key}.noise_const", (1, 1, side, side), _plane)
                entries[f"noise{index}"] = noise
                strength = Entry(f"{key}.noise_strength", (channels,), keep)
                entries[f"{name}/Noise/weight"] = strength
            before = channels
            index += 1
    entries["ToRGB_lod0/weight"] = Entry("torgb.weight", (1, 1, before, 3), conv_weight)
    entries["ToRGB_lod0/bias"] = Entry("torgb.bias", (3,), keep)
    return entries


def _first(values: Tensor) -> Tensor:
    return values[0]


def _plane(values: Tensor) -> Tensor:
    return values[0, 0]
