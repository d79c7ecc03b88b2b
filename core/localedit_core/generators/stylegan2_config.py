"""The architecture of a StyleGAN2, without its weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal

from localedit_core.errors import LocalEditError


@dataclass(frozen=True)
class StyleGAN2Config:
    """The architecture of a StyleGAN2.

    Attributes:
        z_dim: length of z.
        w_dim: length of w.
        resolution: side of the picture, a power of two from 8 to 4096.
        channels: output channels of the blocks at 4, 8, ..., resolution.
        mapping_layers: dense layers of the mapping network.
        mapping_lr_multiplier: their learning-rate multiplier, which is part of the function.
        architecture: "skip" (colour at every resolution), "resnet" or "orig" (colour at the end).
        use_noise: whether layers add noise.
        conv_clamp: activations are clamped to this, or None.
        resample_kernel: taps of the separable upsampling filter.
        mapping_features: width of the hidden layers of the mapping network; 0 is w_dim.
        c_dim: how many classes a picture can be asked of; 0 is none.
        embed_features: length of the vector that a class adds to z; 0 without classes.
        class_input: "embed" where a dense layer makes that vector and it is normalised by itself
            (StyleGAN2-ADA), "concat" where it is learnt and normalised together with z (the first
            TensorFlow edition).
    """

    z_dim: int
    w_dim: int
    resolution: int
    channels: tuple[int, ...]
    mapping_layers: int = 8
    mapping_lr_multiplier: float = 0.01
    architecture: Literal["skip", "resnet", "orig"] = "skip"
    use_noise: bool = True
    conv_clamp: float | None = None
    resample_kernel: tuple[float, ...] = (1.0, 3.0, 3.0, 1.0)
    mapping_features: int = 0
    c_dim: int = 0
    embed_features: int = 0
    class_input: Literal["embed", "concat"] = "embed"

    def __post_init__(self) -> None:
        if self.resolution not in {2**n for n in range(3, 13)}:
            raise LocalEditError(f"A StyleGAN2 of {self.resolution} px cannot be built.")
        if len(self.channels) != len(self.resolutions):
            raise LocalEditError(
                f"A StyleGAN2 of {self.resolution} px has {len(self.resolutions)} blocks, "
                f"but {len(self.channels)} channel counts were given."
            )
        counts = (self.z_dim, self.w_dim, self.mapping_layers, *self.channels)
        if any(not 1 <= count <= 8192 for count in counts):
            raise LocalEditError("A StyleGAN2 needs between 1 and 8192 features everywhere.")
        if not 0 <= self.mapping_features <= 8192 or (self.c_dim > 0) != (self.embed_features > 0):
            raise LocalEditError("The mapping network of this StyleGAN2 cannot be built.")
        if self.class_input not in ("embed", "concat"):
            raise LocalEditError(f"Classes cannot enter a StyleGAN2 as {self.class_input!r:.40}.")
        if self.architecture not in ("skip", "resnet", "orig"):
            raise LocalEditError(f"There is no StyleGAN2 architecture {self.architecture!r}.")
        if len(self.resample_kernel) != 4:
            raise LocalEditError("Only upsampling filters of 4 taps are supported.")

    @property
    def resolutions(self) -> tuple[int, ...]:
        """4, 8, ..., resolution."""
        return tuple(2**n for n in range(2, self.resolution.bit_length()))

    @property
    def mapping_widths(self) -> tuple[int, ...]:
        """Features before, between and after the layers of the mapping network."""
        hidden = self.mapping_features or self.w_dim
        start = self.z_dim + self.embed_features
        return (start, *(hidden,) * (self.mapping_layers - 1), self.w_dim)

    def values_at_least(self) -> int:
        """How many values its weights have at least: all but biases and colour layers."""
        values = sum(a * b for a, b in pairwise(self.mapping_widths))
        before = 0  # the first block has one convolution, fed by a constant
        for resolution, channels in zip(self.resolutions, self.channels, strict=True):
            noise = resolution**2 if self.use_noise else 0
            for inputs in (before, channels):
                if inputs:
                    values += 9 * inputs * channels + self.w_dim * inputs + noise
            before = channels
        return values

    @property
    def architecture_facts(self) -> dict[str, Any]:
        """The fields, without those that came later and say nothing: fingerprints must last."""
        facts = asdict(self)
        for name in ("mapping_features", "c_dim", "embed_features"):
            if not facts[name]:
                del facts[name]
        if self.class_input == "embed":
            del facts["class_input"]
        return facts
