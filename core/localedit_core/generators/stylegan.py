"""StyleGAN (Karras et al. 2019): mapping, truncation, styles, synthesis.

Progressive growing is over in what this runs: every layer takes part, and of the colour layers only
the one at full resolution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, cast

import torch
from torch import Tensor, nn

from localedit_core.errors import LocalEditError
from localedit_core.generators import stylegan_quick
from localedit_core.generators.base import Adjust, LayerInfo, Styles, Synthesis, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.chain import (
    check_architecture,
    check_size,
    run_chain,
    shrink,
    sides,
)
from localedit_core.generators.classes import (
    LabelConcat,
    check_c_dim,
    labels_for,
    without_classes,
)
from localedit_core.generators.fingerprint import Fingerprint
from localedit_core.generators.layers import at_positions
from localedit_core.generators.placed_styles import AnyStyles, whole_style
from localedit_core.generators.placement import PlacedNetwork, on_its_device
from localedit_core.generators.stylegan_layers import (
    HE_GAIN,
    Conv,
    Dense,
    StyledLayer,
    leaky_relu,
    pixel_norm,
)

BIAS_SUFFIX = ".bias"
"""``styles`` holds a layer's biases under its name with this behind it."""


@dataclass(frozen=True)
class StyleGANConfig:
    """The architecture of a StyleGAN.

    Attributes:
        z_dim: length of z.
        w_dim: length of w.
        resolution: side of the picture, a power of two from 8 to 4096.
        channels: channels of the layers at 4, 8, ..., resolution.
        mapping_layers: dense layers of the mapping network.
        mapping_features: outputs of all of them but the last.
        mapping_lr_multiplier: their learning-rate multiplier, which is part of the function.
        fused_from: the lowest resolution whose upscaling is fused with its convolution: 128 in
            published files, 8 for everywhere, 0 for nowhere.
        truncation_cutoff: how many rows of w_plus are truncated where the caller does not say.
        use_noise: whether layers add noise.
        blur_taps: the separable filter after upscaling, of odd length; (1.0,) for none.
        norm_epsilon: guards the instance norm against division by 0; 1e-8 in published files.
        c_dim: how many classes a picture can be asked of; 0 is none.
    """

    z_dim: int
    w_dim: int
    resolution: int
    channels: tuple[int, ...]
    mapping_layers: int = 8
    mapping_features: int = 512
    mapping_lr_multiplier: float = 0.01
    fused_from: int = 128
    truncation_cutoff: int = 8
    use_noise: bool = True
    blur_taps: tuple[float, ...] = (1.0, 2.0, 1.0)
    norm_epsilon: float = 1e-8
    c_dim: int = 0

    def __post_init__(self) -> None:
        features = (self.z_dim, self.w_dim, self.mapping_layers, self.mapping_features)
        check_architecture("StyleGAN", self.resolution, self.channels, features)
        check_c_dim("StyleGAN", self.c_dim)
        if self.fused_from not in {0, *(2**n for n in range(3, 13))}:
            raise LocalEditError(f"Upscaling cannot be fused from {self.fused_from!r:.40} px up.")
        if not 0 <= self.truncation_cutoff <= 64:
            raise LocalEditError(f"{self.truncation_cutoff!r:.40} rows cannot be truncated.")
        if not (
            math.isfinite(self.mapping_lr_multiplier) and 0 < self.mapping_lr_multiplier <= 1e6
        ):
            raise LocalEditError(
                f"A mapping network's learning rate cannot be {self.mapping_lr_multiplier!r:.40}."
            )
        if not (math.isfinite(self.norm_epsilon) and 0 < self.norm_epsilon <= 1):
            raise LocalEditError(f"A StyleGAN cannot have the epsilon {self.norm_epsilon!r:.40}.")
        taps = self.blur_taps
        if len(taps) not in (1, 3, 5, 7) or not all(math.isfinite(tap) for tap in taps):
            raise LocalEditError("Only blur filters of 1, 3, 5 or 7 numbers are supported.")
        if not 1e-6 <= abs(sum(taps)) <= 1e6:
            raise LocalEditError("The numbers of a blur filter must not add up to 0.")

    @property
    def resolutions(self) -> tuple[int, ...]:
        """4, 8, ..., resolution."""
        return sides(self.resolution)

    @property
    def mapping_widths(self) -> tuple[int, ...]:
        """Features before, between and after the layers of the mapping network."""
        start = 2 * self.z_dim if self.c_dim else self.z_dim  # a class is as long as z
        return (start, *(self.mapping_features,) * (self.mapping_layers - 1), self.w_dim)

    @property
    def architecture_facts(self) -> dict[str, Any]:
        """The fields, without those that came later and say nothing: fingerprints must last."""
        return without_classes(asdict(self))

    def values_at_least(self) -> int:
        """How many values its weights have at least: all but biases and the colour layer's."""
        values = sum(a * b for a, b in pairwise(self.mapping_widths)) + self.c_dim * self.z_dim
        before = 0  # the first layer is a constant
        for resolution, channels in zip(self.resolutions, self.channels, strict=True):
            noise = resolution**2 if self.use_noise else 0
            values += 2 * (2 * channels * self.w_dim + noise)
            values += 9 * channels**2 + (9 * before * channels if before else 16 * channels)
            before = channels
        return values


class MappingNetwork(nn.Module):
    """z, and a class if there are any, to w; and the mean of w that truncation draws towards."""

    w_avg: Tensor

    def __init__(self, config: StyleGANConfig) -> None:
        super().__init__()
        self.c_dim = config.c_dim
        if config.c_dim:
            self.label = LabelConcat(config.c_dim, config.z_dim)
        self.layers = nn.ModuleList(
            Dense(inputs, outputs, gain=HE_GAIN, lr_multiplier=config.mapping_lr_multiplier)
            for inputs, outputs in pairwise(config.mapping_widths)
        )
        self.register_buffer("w_avg", torch.zeros(config.w_dim))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """[N, z_dim], and labels [N, c_dim] or None for the first class -> [N, w_dim]."""
        x = z.to(self.w_avg)
        if self.c_dim:
            x = self.label(x, labels_for(x, self.c_dim, labels))  # [N, 2 z_dim]
        x = pixel_norm(x)
        for layer in self.layers:
            x = leaky_relu(layer(x))
        return x


def _layer_table(config: StyleGANConfig) -> tuple[LayerInfo, ...]:
    layers: list[LayerInfo] = []
    for resolution, channels in zip(config.resolutions, config.channels, strict=True):
        for kind in ("Const", "Conv") if resolution == 4 else ("Conv0_up", "Conv1"):
            name = f"{resolution}x{resolution}/{kind}"
            layers.append(LayerInfo(name, resolution, resolution, channels, "conv", len(layers)))
    return tuple(layers)


class StyleGAN(PlacedNetwork):
    """A StyleGAN generator; implements ``generators.base.Generator``.

    A_l is the instance-normalised tensor at the end of layer l; the layer's output, which the next
    one reads, is (scale + 1) * A_l + bias.
    """

    family = "stylegan"
    has_styles = True
    has_previews = False  # the one colour layer is at the end

    def __init__(self, config: StyleGANConfig) -> None:
        super().__init__()
        self.config = config
        self.layers = _layer_table(config)
        self.mapping = MappingNetwork(config)
        self.synthesis = nn.ModuleDict()
        before = None
        for layer in self.layers:
            up = None
            if layer.name.endswith("_up"):
                fused = 0 < config.fused_from <= layer.resolution
                up = "fused" if fused else "plain"
            self.synthesis[layer.name] = StyledLayer(
                before,
                layer.channels,
                w_dim=config.w_dim,
                resolution=layer.resolution,
                up=up,
                blur=config.blur_taps,
                use_noise=config.use_noise,
                norm_epsilon=config.norm_epsilon,
            )
            before = layer.channels
        self.torgb = Conv(config.channels[-1], 3, kernel=1, gain=1.0)
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
        """Length of the mapped latent."""
        return self.config.w_dim

    @property
    def num_ws(self) -> int:
        """Rows of w_plus: one per layer."""
        return len(self.layers)

    @property
    def c_dim(self) -> int:
        """How many classes a picture can be asked of; 0 for none."""
        return self.config.c_dim

    @property
    def fingerprint(self) -> str:
        """SHA-256 over architecture and weights (as float32), in hexadecimal."""
        return self._fingerprint.of(self, {"family": self.family, **self.config.architecture_facts})

    def broadcast(self, w: Tensor, psi: float = 1.0, cutoff: int | None = None) -> Tensor:
        """Repeat w for each layer and truncate towards the mean of w.

        Args:
            w: [N, w_dim].
            psi: 1 leaves w as it is, 0 gives the mean.
            cutoff: how many rows are truncated; None is ``config.truncation_cutoff``, the first 8
                in the published samples. ``num_ws`` truncates all.

        Returns:
            w_plus, [N, num_ws, w_dim].
        """
        w_plus = w.unsqueeze(1).repeat(1, self.num_ws, 1)  # [N, num_ws, w_dim]
        if psi != 1.0:
            rows = self.config.truncation_cutoff if cutoff is None else cutoff
            truncated = self.mapping.w_avg.lerp(w_plus[:, :rows], psi)
            w_plus = torch.cat((truncated, w_plus[:, truncated.shape[1] :]), dim=1)
        return w_plus

    def styles(self, w_plus: Tensor) -> Styles:
        """What the affines make of w_plus [N, num_ws, w_dim].

        Returns:
            Per layer name the scales, [N, C_l], before 1 is added; and under the name with ".bias"
            behind it the biases, [N, C_l]. Only the former belong to ``layers``, so a query moves
            no bias.

        Raises:
            LocalEditError: a latent of another generator.
        """
        if w_plus.shape[1:] != (self.num_ws, self.w_dim):
            raise LocalEditError(
                f"This generator takes latents of {self.num_ws} x {self.w_dim} values, "
                f"not {' x '.join(str(n) for n in w_plus.shape[1:])}."
            )
        w_plus = w_plus.to(self.weights_device)
        styles: dict[str, Tensor] = {}
        for layer in self.layers:
            both = self._layer(layer.name).affine(w_plus[:, layer.ws_index])  # [N, 2 C_l]
            styles[layer.name], styles[layer.name + BIAS_SUFFIX] = both.chunk(2, dim=1)
        return styles

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
        """Make a picture of styles.

        Args:
            styles: scales and biases as ``styles`` makes them, scales also [N, C_l, H_l, H_l] where
                they differ from place to place; those of layers below ``resume`` are not looked at.
            noise_seed: draws the noise anew, the same for the same seed; None takes the file's.
            use_noise: False adds none.
            up_to: side of the picture; a lower one than the generator's is an area average of the
                full one and costs as much.
            record: layers whose A_l (before the style) is handed back.
            record_outputs: layers whose output (after the style) is handed back.
            keep: layers before which the state is kept, for a later ``resume``: the output of the
                layer below, [N, C, h, w].
            resume: a kept state to go on from.
            adjust: changes the output of each layer before anything reads it.
            cancelled: asked before each layer, and each strip of one; where it says yes,
                ``RenderCancelled`` is raised.
            on_picture: called with (resolution, [N, 3, R, R]) when the picture is done.
            box: must be None: this family makes no pieces of pictures.

        Raises:
            LocalEditError: ``up_to`` is no resolution of this generator, or ``box`` is given.
            RenderCancelled: as above.
        """
        size = check_size(up_to, self.resolution, box)

        def start() -> Tensor:
            const = self._layer(self.layers[0].name).const  # [C, 4, 4]
            return const.expand(next(iter(styles.values())).shape[0], -1, -1, -1)

        def step(index: int, x: Tensor) -> tuple[Tensor | None, Tensor]:
            name = self.layers[index].name
            module = self._layer(name)
            noise = self._noise(index, module, noise_seed) if use_noise else None
            if stylegan_quick.suits(module, x):
                return stylegan_quick.run_layer(
                    module,
                    x,
                    noise,
                    styles[name],
                    whole_style(styles[name + BIAS_SUFFIX]),
                    recorded=name in record,
                    cancelled=cancelled,
                )
            activation = module(x, noise)  # [N, C, H, W]
            scale = at_positions(whole_style(styles[name])) + 1.0  # [N, C, 1, 1] or [N, C, H, W]
            bias = whole_style(styles[name + BIAS_SUFFIX])[:, :, None, None]
            kind = activation.dtype
            return activation, torch.addcmul(bias.to(kind), activation, scale.to(kind))

        run = run_chain(
            self.layers,
            start,
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

    def _noise(self, index: int, module: StyledLayer, seed: int | None) -> Tensor | None:
        """The noise of a layer, [H, W]; depends on the layer and the seed alone."""
        if not self.config.use_noise:
            return None
        if seed is None:
            return module.noise_const
        source = torch.Generator().manual_seed(seed * len(self.layers) + index)
        noise = torch.randn(module.resolution, module.resolution, generator=source)
        return noise.to(module.noise_const.device)

    def _layer(self, name: str) -> StyledLayer:
        return cast(StyledLayer, self.synthesis[name])
