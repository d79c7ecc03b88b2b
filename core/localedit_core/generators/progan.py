"""PG-GAN (Karras et al. 2018, "Progressive growing of GANs"): latent in, picture out, no styles.

Its activations cluster into parts as those of the style-based families do, but nothing scales its
channels one by one, so there is nothing that a style edit could move.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Adjust, LayerInfo, Styles, Synthesis, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.chain import (
    check_architecture,
    check_size,
    run_chain,
    shrink,
    sides,
)
from localedit_core.generators.classes import check_c_dim, labels_for, without_classes
from localedit_core.generators.fingerprint import Fingerprint
from localedit_core.generators.placed_styles import AnyStyles, whole_style
from localedit_core.generators.placement import PlacedNetwork, on_its_device
from localedit_core.generators.stylegan_layers import HE_GAIN, Conv, leaky_relu, pixel_norm

LATENT = "latent"
"""The one entry of ``styles``: what synthesis starts from."""


@dataclass(frozen=True)
class ProGANConfig:
    """The architecture of a PG-GAN.

    Attributes:
        z_dim: length of z.
        resolution: side of the picture, a power of two from 8 to 4096.
        channels: channels of the layers at 4, 8, ..., resolution.
        fused: whether upscaling is fused with its convolution, at every resolution.
        pixel_norm_epsilon: guards the pixel norm against division by 0.
        c_dim: how many classes a picture can be asked of; 0 is none.
    """

    z_dim: int
    resolution: int
    channels: tuple[int, ...]
    fused: bool = True
    pixel_norm_epsilon: float = 1e-8
    c_dim: int = 0

    def __post_init__(self) -> None:
        check_architecture("PG-GAN", self.resolution, self.channels, (self.z_dim,))
        check_c_dim("PG-GAN", self.c_dim)
        if not (math.isfinite(self.pixel_norm_epsilon) and 0 < self.pixel_norm_epsilon <= 1):
            raise LocalEditError(
                f"A PG-GAN cannot have the pixel-norm epsilon {self.pixel_norm_epsilon!r:.40}."
            )

    @property
    def resolutions(self) -> tuple[int, ...]:
        """4, 8, ..., resolution."""
        return sides(self.resolution)

    @property
    def w_dim(self) -> int:
        """Length of what synthesis starts from: z, and the label behind it."""
        return self.z_dim + self.c_dim

    @property
    def architecture_facts(self) -> dict[str, Any]:
        """The fields, without those that came later and say nothing: fingerprints must last."""
        return without_classes(asdict(self))

    def values_at_least(self) -> int:
        """How many values its weights have at least: all but biases and the colour layer's."""
        values = 0
        before = 0
        for channels in self.channels:
            values += 9 * channels**2
            values += 9 * before * channels if before else 16 * self.w_dim * channels
            before = channels
        return values


class FirstLayer(nn.Module):
    """The dense layer that spreads a latent over 4 x 4 positions."""

    def __init__(self, w_dim: int, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.weight_gain = HE_GAIN / 4.0 / math.sqrt(w_dim)
        self.weight = nn.Parameter(torch.randn(channels * 16, w_dim))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """[N, w_dim, 1, 1] -> [N, C, 4, 4]."""
        x = F.linear(x.flatten(1) * self.weight_gain, self.weight)  # [N, 16 C]
        return x.reshape(-1, self.channels, 4, 4) + self.bias[:, None, None]


def _layer_table(config: ProGANConfig) -> tuple[LayerInfo, ...]:
    up = "Conv0_up" if config.fused else "Conv0"
    layers: list[LayerInfo] = []
    for resolution, channels in zip(config.resolutions, config.channels, strict=True):
        for kind in ("Dense", "Conv") if resolution == 4 else (up, "Conv1"):
            name = f"{resolution}x{resolution}/{kind}"
            layers.append(LayerInfo(name, resolution, resolution, channels, "plain", 0))
    return tuple(layers)


class ProGAN(PlacedNetwork):
    """A PG-GAN generator; implements ``generators.base.Generator`` as far as it can be.

    A_l is the output of layer l, after its pixel norm: there is no style that it could be the input
    of, and the paper clusters such outputs. Of the colour layers only the one at full resolution is
    used, as when progressive growing is over.
    """

    family = "progan"
    has_styles = False
    has_previews = False  # the one colour layer is at the end

    def __init__(self, config: ProGANConfig) -> None:
        super().__init__()
        self.config = config
        self.layers = _layer_table(config)
        self.synthesis = nn.ModuleDict()
        before = 0
        for layer in self.layers:
            if before == 0:
                module: nn.Module = FirstLayer(config.w_dim, layer.channels)
            else:
                up = "fused" if config.fused else "plain"
                module = Conv(before, layer.channels, up=up if "Conv0" in layer.name else None)
            self.synthesis[layer.name] = module
            before = layer.channels
        self.torgb = Conv(before, 3, kernel=1, gain=1.0)
        self._fingerprint = Fingerprint()
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def resolution(self) -> int:
        """Side of the full picture in pixels."""
        return self.config.resolution

    @property
    def z_dim(self) -> int:
        """Length of the prior sample."""
        return self.config.z_dim

    @property
    def w_dim(self) -> int:
        """Length of the mapped latent: z's, and one number for each class."""
        return self.config.w_dim

    @property
    def num_ws(self) -> int:
        """Rows of w_plus: the latent enters once."""
        return 1

    @property
    def c_dim(self) -> int:
        """How many classes a picture can be asked of; 0 for none."""
        return self.config.c_dim

    @property
    def fingerprint(self) -> str:
        """SHA-256 over architecture and weights (as float32), in hexadecimal."""
        return self._fingerprint.of(self, {"family": self.family, **self.config.architecture_facts})

    def mapping(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Put the label behind z and bring both to mean square 1, all that this family maps.

        Args:
            z: [N, z_dim].
            labels: [N, c_dim], 1 at each picture's class; None is the first class.

        Returns:
            [N, z_dim + c_dim].
        """
        x = z.to(self.torgb.bias)
        if self.c_dim:
            x = torch.cat((x, labels_for(x, self.c_dim, labels)), dim=1)
        return pixel_norm(x, self.config.pixel_norm_epsilon)

    def broadcast(self, w: Tensor, psi: float = 1.0, cutoff: int | None = None) -> Tensor:
        """Scale the latent towards 0, the mean of its prior: [N, w_dim] -> [N, 1, w_dim].

        The published code truncates nothing; this is the same rule as elsewhere applied to the
        latent itself. Pictures change little, because the pixel norms undo most of it.

        Args:
            w: [N, w_dim].
            psi: 1 leaves it as it is, 0 gives the same picture for all.
            cutoff: how many rows are truncated; None is all, which is one.
        """
        return w.unsqueeze(1) * (1.0 if cutoff == 0 else psi)

    def styles(self, w_plus: Tensor) -> Styles:
        """The latent that synthesis starts from, {"latent": [N, w_dim]}, of w_plus [N, 1, w_dim].

        Raises:
            LocalEditError: a latent of another generator.
        """
        if w_plus.shape[1:] != (1, self.w_dim):
            raise LocalEditError(
                f"This generator takes latents of 1 x {self.w_dim} values, "
                f"not {' x '.join(str(n) for n in w_plus.shape[1:])}."
            )
        return {LATENT: w_plus[:, 0]}

    def forward(self, z: Tensor, psi: float = 1.0, up_to: int | None = None) -> Tensor:
        """Prior samples [N, z_dim] to pictures [N, 3, r, r]; differentiable."""
        styles = self.styles(self.broadcast(self.mapping(z), psi))
        return self.synthesize(styles, up_to=up_to).image

    @on_its_device
    def synthesize(
        self,
        styles: AnyStyles,
        *,
        noise_seed: int | None = None,
        use_noise: bool = True,
        up_to: int | None = None,
        record: Collection[str] = (),
        record_outputs: Collection[str] = (),
        keep: Collection[str] = (),
        resume: SynthesisState | None = None,
        adjust: Adjust | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_picture: Callable[[int, Tensor], None] | None = None,
        box: Box | None = None,
    ) -> Synthesis:
        """Make a picture of a latent.

        Args:
            styles: {"latent": [N, w_dim]}; not looked at with ``resume``.
            noise_seed: without effect, this family adds no noise.
            use_noise: likewise.
            up_to: side of the picture; a lower one than the generator's is an area average of the
                full one and costs as much.
            record: layers whose A_l, their output, is handed back.
            record_outputs: the same.
            keep: layers before which the state is kept, for a later ``resume``: the output of the
                layer below, [N, C, h, w], or the latent, [N, w_dim, 1, 1].
            resume: a kept state to go on from.
            adjust: changes the output of each layer before anything reads it.
            cancelled: asked before each layer; where it says yes, ``RenderCancelled`` is raised.
            on_picture: called with (resolution, [N, 3, R, R]) when the picture is done.
            box: must be None: this family makes no pieces of pictures.

        Raises:
            LocalEditError: ``up_to`` is no resolution of this generator, or ``box`` is given.
            RenderCancelled: as above.
        """
        size = check_size(up_to, self.resolution, box)

        def step(index: int, x: Tensor) -> tuple[Tensor, Tensor]:
            module = self.synthesis[self.layers[index].name]
            x = pixel_norm(leaky_relu(module(x)), self.config.pixel_norm_epsilon)  # [N, C, H, W]
            return x, x

        run = run_chain(
            self.layers,
            lambda: whole_style(styles[LATENT])[:, :, None, None],
            step,
            record=record,
            record_outputs=record_outputs,
            keep=keep,
            resume=resume,
            adjust=adjust,
            cancelled=cancelled,
        )
        image = self.torgb(run.x)  # [N, 3, R, R]
        if on_picture is not None:
            on_picture(self.resolution, image)
        return Synthesis(shrink(image, size), run.activations, run.outputs, run.kept)
