"""StyleGAN2 (Karras et al. 2020): mapping, truncation, styles, synthesis.

Styles in, picture out. State-dict names are those of the published PyTorch implementation. Where
gradients are on, as in training, every step is written out; without, layers take fewer passes over
memory (``layers``) and fewer sums (``winograd``), and go in strips (``strips``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import pairwise
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Adjust, LayerInfo, Styles, Synthesis, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.classes import LabelConcat, labels_for
from localedit_core.generators.fingerprint import Fingerprint
from localedit_core.generators.layers import FullyConnected, ModulatedConv, Resampler, Skip, ToRGB
from localedit_core.generators.placed_styles import AnyStyles
from localedit_core.generators.placement import PlacedNetwork, on_its_device
from localedit_core.generators.stylegan2_config import StyleGAN2Config
from localedit_core.generators.stylegan2_pass import SynthesisPass, Wishes

__all__ = ["StyleGAN2", "StyleGAN2Config"]


def normalize_second_moment(x: Tensor) -> Tensor:
    """Scale each row of [N, C] to a mean square of 1."""
    return x * (x.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


class MappingNetwork(nn.Module):
    """z, and a class if there are any, to w; and the mean of w that truncation draws towards."""

    w_avg: Tensor

    def __init__(self, config: StyleGAN2Config) -> None:
        super().__init__()
        self.num_layers = config.mapping_layers
        self.c_dim = config.c_dim
        self.joined = config.class_input == "concat"
        if self.joined and config.c_dim:
            self.label = LabelConcat(config.c_dim, config.embed_features)
        elif config.c_dim:
            self.embed = FullyConnected(config.c_dim, config.embed_features)
        for index, (inputs, outputs) in enumerate(pairwise(config.mapping_widths)):
            layer = FullyConnected(
                inputs, outputs, lr_multiplier=config.mapping_lr_multiplier, activate=True
            )
            self.add_module(f"fc{index}", layer)
        self.register_buffer("w_avg", torch.zeros(config.w_dim))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Map prior samples.

        Args:
            z: [N, z_dim].
            labels: [N, c_dim], 1 at each picture's class; None is the first class.

        Returns:
            w, [N, w_dim].
        """
        x = z.to(self.w_avg)
        if self.c_dim and self.joined:
            x = normalize_second_moment(self.label(x, labels_for(x, self.c_dim, labels)))
        elif self.c_dim:
            embedded = self.embed(labels_for(x, self.c_dim, labels))  # [N, embed_features]
            halves = (normalize_second_moment(x), normalize_second_moment(embedded))
            x = torch.cat(halves, dim=1)
        else:
            x = normalize_second_moment(x)
        for index in range(self.num_layers):
            x = self.get_submodule(f"fc{index}")(x)
        return x


class SynthesisBlock(nn.Module):
    """The layers of one resolution. Only a container: ``StyleGAN2.synthesize`` runs them."""

    def __init__(self, config: StyleGAN2Config, index: int) -> None:
        super().__init__()
        resolution = config.resolutions[index]
        out_channels = config.channels[index]
        taps = config.resample_kernel
        if index == 0:
            self.const = nn.Parameter(torch.randn(out_channels, 4, 4))
        else:
            in_channels = config.channels[index - 1]
            self.conv0 = self._conv(config, in_channels, out_channels, resolution, up=True)
            if config.architecture == "resnet":
                self.skip = Skip(in_channels, out_channels, taps)
        self.conv1 = self._conv(config, out_channels, out_channels, resolution, up=False)
        if config.architecture == "skip" or resolution == config.resolution:
            self.torgb = ToRGB(out_channels, w_dim=config.w_dim, conv_clamp=config.conv_clamp)

    @staticmethod
    def _conv(
        config: StyleGAN2Config, in_channels: int, out_channels: int, resolution: int, *, up: bool
    ) -> ModulatedConv:
        return ModulatedConv(
            in_channels,
            out_channels,
            w_dim=config.w_dim,
            resolution=resolution,
            up=up,
            taps=config.resample_kernel,
            use_noise=config.use_noise,
            conv_clamp=config.conv_clamp,
        )


def _layer_table(config: StyleGAN2Config) -> tuple[LayerInfo, ...]:
    layers: list[LayerInfo] = []
    ws_index = 0
    for index, resolution in enumerate(config.resolutions):
        channels = config.channels[index]
        if index > 0:
            below = config.channels[index - 1]
            layers.append(
                LayerInfo(
                    f"b{resolution}.conv0", resolution, resolution // 2, below, "conv", ws_index
                )
            )
            ws_index += 1
        layers.append(
            LayerInfo(f"b{resolution}.conv1", resolution, resolution, channels, "conv", ws_index)
        )
        ws_index += 1
        if config.architecture == "skip" or resolution == config.resolution:
            # A colour layer shares its row of w_plus with the next block's first convolution.
            layers.append(
                LayerInfo(
                    f"b{resolution}.torgb", resolution, resolution, channels, "torgb", ws_index
                )
            )
    return tuple(layers)


class StyleGAN2(PlacedNetwork):
    """A StyleGAN2 generator; implements ``generators.base.Generator``."""

    family = "stylegan2"
    has_styles = True

    def __init__(self, config: StyleGAN2Config) -> None:
        super().__init__()
        self.config = config
        self.layers = _layer_table(config)
        self.mapping = MappingNetwork(config)
        self.synthesis = nn.Module()
        for index, resolution in enumerate(config.resolutions):
            self.synthesis.add_module(f"b{resolution}", SynthesisBlock(config, index))
        self.rgb_resampler = Resampler(config.resample_kernel)
        self._fingerprint = Fingerprint()
        for module in self.modules():
            if isinstance(module, ModulatedConv):
                module.lay_out()

    @property
    def has_previews(self) -> bool:
        """Whether a picture of a lower resolution costs less than the full one."""
        return self.config.architecture == "skip"

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
        """Rows of w_plus: one per convolution, and one for the last colour layer."""
        return self.layers[-1].ws_index + 1

    @property
    def c_dim(self) -> int:
        """How many classes a picture can be asked of; 0 for none."""
        return self.config.c_dim

    @property
    def fingerprint(self) -> str:
        """SHA-256 over architecture and weights (as float32), in hexadecimal."""
        return self._fingerprint.of(self, self.config.architecture_facts)

    def broadcast(self, w: Tensor, psi: float = 1.0, cutoff: int | None = None) -> Tensor:
        """Repeat w for each layer and truncate towards the mean of w.

        Args:
            w: [N, w_dim].
            psi: 1 leaves w as it is, 0 gives the mean.
            cutoff: how many rows are truncated; None is all of them.

        Returns:
            w_plus, [N, num_ws, w_dim].
        """
        w_plus = w.unsqueeze(1).repeat(1, self.num_ws, 1)  # [N, num_ws, w_dim]
        if psi != 1.0:
            truncated = self.mapping.w_avg.lerp(w_plus[:, :cutoff], psi)
            w_plus = torch.cat((truncated, w_plus[:, truncated.shape[1] :]), dim=1)
        return w_plus

    def styles(self, w_plus: Tensor) -> Styles:
        """The style of every layer, name -> [N, C_l], of w_plus [N, num_ws, w_dim]."""
        if w_plus.shape[1:] != (self.num_ws, self.w_dim):
            raise LocalEditError(
                f"This generator takes latents of {self.num_ws} x {self.w_dim} values, "
                f"not {' x '.join(str(n) for n in w_plus.shape[1:])}."
            )
        w_plus = w_plus.to(self.weights_device)
        return {
            layer.name: self.layer(layer.name).affine(w_plus[:, layer.ws_index])
            for layer in self.layers
        }

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
            styles: name -> [N, C_l], or [N, C_l, h, w] (as large as A_l) where a layer's style
                differs from place to place; layers below ``resume`` are not looked at.
            noise_seed: draws the noise anew, the same for the same seed; None takes the file's.
            use_noise: False adds none.
            up_to: side of the picture; a lower one than the generator's costs less where the
                architecture is "skip", and is an area average of the full one elsewhere.
            record: layers whose A_l (input before the style) is handed back.
            record_outputs: layers whose output is handed back.
            keep: layers before which the state is kept, for a later ``resume``; the first layer
                above ``up_to`` may be among them.
            resume: a kept state to go on from.
            adjust: changes the output of each layer before anything reads it; of a colour layer
                that is the sum so far.
            cancelled: asked before each layer, and each strip of one; where it says yes,
                ``RenderCancelled`` is raised.
            on_picture: called with (resolution, [N, 3, r, r]) as each colour layer is done.
            box: the piece of the picture that is wanted, of one picture: from ``resume`` on only
                what it is made of is computed, and ``image`` is that piece. What is recorded and
                kept are pieces, too. Architecture "skip" only.

        Raises:
            LocalEditError: ``up_to`` is no resolution of this generator, or it makes no pieces.
            RenderCancelled: as above.
        """
        up_to = up_to or self.resolution
        if up_to not in self.config.resolutions:
            raise LocalEditError(
                f"This generator makes no picture of {up_to} px.",
                f"It makes {', '.join(str(r) for r in self.config.resolutions)} px.",
            )
        if box is not None and not self.has_previews:
            raise LocalEditError("This generator makes no pieces of pictures.")
        if resume is None:
            batch = next(iter(styles.values())).shape[0]
            const = self._block(4).const.expand(batch, -1, -1, -1)  # [N, C, 4, 4]
            resume = SynthesisState(self.layers[0].name, const, None, None)
        wishes = Wishes(
            styles=styles,
            stop=up_to if self.config.architecture == "skip" else self.resolution,
            noise_seed=noise_seed,
            use_noise=use_noise,
            record=record,
            record_outputs=record_outputs,
            keep=keep,
            adjust=adjust,
            cancelled=cancelled,
            on_picture=on_picture,
            box=box,
        )
        run = SynthesisPass(self, wishes, resume.x, resume.rgb, resume.residual)
        made = run.run([layer.name for layer in self.layers].index(resume.layer))
        if box is None and made.image.shape[-1] > up_to:
            small = F.interpolate(made.image, size=(up_to, up_to), mode="area")
            return replace(made, image=small)
        return made

    def noise(self, index: int, seed: int | None) -> Tensor | None:
        """The scaled noise of a layer, [H, W]; depends on the layer and the seed alone."""
        if not self.config.use_noise:
            return None
        module = cast(ModulatedConv, self.layer(self.layers[index].name))
        if seed is None:
            return module.noise_const * module.noise_strength
        source = torch.Generator().manual_seed(seed * len(self.layers) + index)
        noise = torch.randn(module.resolution, module.resolution, generator=source)
        return noise.to(module.noise_const.device) * module.noise_strength

    def _block(self, resolution: int) -> SynthesisBlock:
        return cast(SynthesisBlock, self.synthesis.get_submodule(f"b{resolution}"))

    def skip(self, resolution: int) -> Skip:
        """The branch beside a residual block."""
        return self._block(resolution).skip

    def layer(self, name: str) -> ModulatedConv | ToRGB:
        """The layer of that name."""
        return cast("ModulatedConv | ToRGB", self.synthesis.get_submodule(name))
