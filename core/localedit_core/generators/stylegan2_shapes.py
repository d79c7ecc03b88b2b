"""The weights that a StyleGAN2 of some architecture has: their names and shapes, not themselves.

So that a file can be checked, and converted, before memory is taken for a network.
"""

from __future__ import annotations

from itertools import pairwise

from localedit_core.generators.stylegan2_config import StyleGAN2Config

Shape = tuple[int, ...]


def stylegan2_shapes(config: StyleGAN2Config) -> dict[str, Shape]:
    """Name -> shape of everything in the state dict of ``StyleGAN2(config)``."""
    shapes: dict[str, Shape] = {"mapping.w_avg": (config.w_dim,)}
    if config.c_dim and config.class_input == "concat":
        shapes["mapping.label.weight"] = (config.c_dim, config.embed_features)
    elif config.c_dim:
        shapes |= _dense("mapping.embed", config.c_dim, config.embed_features)
    for index, (inputs, outputs) in enumerate(pairwise(config.mapping_widths)):
        shapes |= _dense(f"mapping.fc{index}", inputs, outputs)
    before = 0
    for side, channels in zip(config.resolutions, config.channels, strict=True):
        block = f"synthesis.b{side}"
        if before:
            shapes |= _convolution(config, f"{block}.conv0", before, channels, side)
            if config.architecture == "resnet":
                shapes[f"{block}.skip.weight"] = (channels, before, 1, 1)
        else:
            shapes[f"{block}.const"] = (channels, 4, 4)
        shapes |= _convolution(config, f"{block}.conv1", channels, channels, side)
        if config.architecture == "skip" or side == config.resolution:
            shapes |= _dense(f"{block}.torgb.affine", config.w_dim, channels)
            shapes[f"{block}.torgb.weight"] = (3, channels, 1, 1)
            shapes[f"{block}.torgb.bias"] = (3,)
        before = channels
    return shapes


def _dense(name: str, inputs: int, outputs: int) -> dict[str, Shape]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _convolution(
    config: StyleGAN2Config, name: str, inputs: int, outputs: int, side: int
) -> dict[str, Shape]:
    shapes = _dense(f"{name}.affine", config.w_dim, inputs)
    shapes[f"{name}.weight"] = (outputs, inputs, 3, 3)
    shapes[f"{name}.bias"] = (outputs,)
    if config.use_noise:
        shapes[f"{name}.noise_const"] = (side, side)
        shapes[f"{name}.noise_strength"] = ()
    return shapes
