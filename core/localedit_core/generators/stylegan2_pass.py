"""One pass through the synthesis network of a StyleGAN2: of a whole picture, or a piece of it.

Where gradients are on, as in training, and for batches, layers run whole and as they are written
down. A single picture on a processor is made in strips (``strips``), all of it or only what a piece
of the picture needs (``boxes``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor

from localedit_core.errors import LocalEditError
from localedit_core.generators import strips
from localedit_core.generators.base import Adjust, LayerInfo, Synthesis, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.layers import ModulatedConv, ToRGB
from localedit_core.generators.placed_styles import AnyStyles, cut_style, whole_style
from localedit_core.generators.strips import Cancelled, Piecewise, check, upsampled

if TYPE_CHECKING:
    from localedit_core.generators.stylegan2 import StyleGAN2

RESIDUAL_GAIN = 0.5**0.5


@dataclass(frozen=True, eq=False)
class Wishes:
    """What a pass is to make. See ``StyleGAN2.synthesize``."""

    styles: AnyStyles
    stop: int
    noise_seed: int | None = None
    use_noise: bool = True
    record: Collection[str] = ()
    record_outputs: Collection[str] = ()
    keep: Collection[str] = ()
    adjust: Adjust | None = None
    cancelled: Cancelled | None = None
    on_picture: Callable[[int, Tensor], None] | None = None
    box: Box | None = None


@dataclass(eq=False)
class SynthesisPass:
    """Runs the layers from a state on.

    Attributes:
        network: whose layers.
        wishes: what is to be made.
        x, rgb, residual: what there is so far, as in ``SynthesisState``.
        at, rgb_at: where ``x`` and ``rgb`` lie, where only a piece is made.
    """

    network: StyleGAN2
    wishes: Wishes
    x: Tensor
    rgb: Tensor | None
    residual: Tensor | None
    at: Box = field(init=False)
    rgb_at: Box = field(init=False)

    def __post_init__(self) -> None:
        self.x = self.x.contiguous(memory_format=torch.channels_last)
        self.at = Box.whole(self.x.shape[-1])
        self.rgb_at = self.at if self.rgb is None else Box.whole(self.rgb.shape[-1])
        self.activations: dict[str, Tensor] = {}
        self.outputs: dict[str, Tensor] = {}
        self.kept: dict[str, SynthesisState] = {}
        self.boxes = self._boxes()
        alone = not torch.is_grad_enabled() and len(self.x) == 1
        on_cpu = self.x.device.type == "cpu"
        self.piecewise = alone and self._skips and (on_cpu or self.wishes.box is not None)
        if self.wishes.box is not None and not self.piecewise:
            raise LocalEditError("This generator makes no pieces of pictures.")

    @property
    def _skips(self) -> bool:
        return self.network.config.architecture == "skip"

    def run(self, first: int) -> Synthesis:
        """Run from the layer of that index on."""
        layers = self.network.layers
        index = first
        while index < len(layers):
            layer = layers[index]
            if layer.name in self.wishes.keep:
                state = SynthesisState(layer.name, self.x, self.rgb, self.residual)
                self.kept[layer.name] = state
            if layer.resolution > self.wishes.stop:
                break
            check(self.wishes.cancelled)
            if self.piecewise and self._is_large(index):
                self._block(index)
                index += 3
            else:
                self._layer(index)
                index += 1
        if self.rgb is None:
            raise LocalEditError("The kept state lies above the picture that was asked for.")
        return Synthesis(self.rgb, self.activations, self.outputs, self.kept)

    def _boxes(self) -> Mapping[str, tuple[Box, Box]]:
        """Of each layer, which piece of its output and of the colours after it is needed."""
        layers = [x for x in self.network.layers if x.resolution <= self.wishes.stop]
        box = self.wishes.box
        if box is None:
            return {x.name: (Box.whole(x.resolution),) * 2 for x in layers}
        boxes: dict[str, tuple[Box, Box]] = {}
        above, colours = box, box  # what is read of the layer's output, and of the colours
        for layer in reversed(layers):
            if layer.kind == "torgb":
                if layer.resolution < self.wishes.stop:
                    colours = colours.below(layer.resolution)
                    above = above.joined(colours)
                boxes[layer.name] = colours, colours
                continue
            boxes[layer.name] = above, colours
            if layer.input_resolution < layer.resolution:
                above = above.below(layer.input_resolution)
            else:
                above = above.grown(1, layer.resolution)
        return boxes

    def _layer(self, index: int) -> None:
        layer = self.network.layers[index]
        wishes = self.wishes
        if layer.name in wishes.record:
            self.activations[layer.name] = self.x
        module = self._module(layer)
        if isinstance(module, ToRGB):
            self.rgb_at, below = self.boxes[layer.name][0], self.rgb_at
            self.rgb = output = self._coloured(layer, self.x, self.at, below, self.rgb_at)
            self._show(layer)
        else:
            self._convolve(index, module)
            output = self.x
        if layer.name in wishes.record_outputs:
            self.outputs[layer.name] = output

    def _convolve(self, index: int, module: ModulatedConv) -> None:
        layer = self.network.layers[index]
        style, noise = self.wishes.styles[layer.name], self._noise(index)
        box, _ = self.boxes[layer.name]
        if self.piecewise:
            made = Piecewise(module, style, noise)
            self.x = self._adjusted(
                layer, made.whole(self.x, self.at, box, self.wishes.cancelled), box
            )
            self.at = box
            return
        style = whole_style(style)
        if self.network.config.architecture != "resnet" or layer.resolution == 4:
            self.x = module(self.x, style, noise)
        elif layer.name.endswith("conv0"):
            skip = self.network.skip(layer.resolution)
            self.x, self.residual = module(self.x, style, noise), skip(self.x)
        else:
            self.x = module(self.x, style, noise, RESIDUAL_GAIN) + self.residual
            self.residual = None
        self.x = self._adjusted(layer, self.x, box)

    def _is_large(self, index: int) -> bool:
        """Whether a block begins here whose layers are too large to be made one by one."""
        block = self.network.layers[index : index + 3]
        wishes = self.wishes
        asked = {*wishes.record, *wishes.record_outputs}
        module = self._module(block[0])
        if len(block) < 3 or not isinstance(module, ModulatedConv) or module.resampler is None:
            return False
        box, _ = self.boxes[block[0].name]
        return (
            self.x.device.type == "cpu"
            and module.weight.shape[0] * box.height * box.width >= strips.LARGE
            and asked.isdisjoint(x.name for x in block)
            and set(wishes.keep).isdisjoint(x.name for x in block[1:])
        )

    def _block(self, index: int) -> None:
        """Run a block: all three layers for one strip after the other."""
        first, second, third = self.network.layers[index : index + 3]
        wishes = self.wishes
        up = self._piecewise(index)
        conv = self._piecewise(index + 1)
        colour = cast(ToRGB, self._module(third))
        box, rgb_box = self.boxes[second.name]
        rgb = _empty(3, rgb_box, colour.weight.dtype)
        output = None
        above = {layer.name for layer in self.network.layers[index + 3 :]}
        if third.resolution < wishes.stop or not above.isdisjoint(wishes.keep):
            output = _empty(conv.layer.weight.shape[0], box, conv.layer.weight.dtype)
        # What two strips need of the first layer is made for both: as few as keep pieces small.
        for strip in box.strips(up.rows(box)):
            check(wishes.cancelled)
            between = conv.needs(strip)
            wide = self._adjusted(first, up.piece(self.x, self.at, between), between)
            made = conv.whole(wide, between, strip, wishes.cancelled)
            made = self._adjusted(second, made, strip)
            check(wishes.cancelled)
            seen = Box(
                max(strip.top, rgb_box.top),
                min(strip.bottom, rgb_box.bottom),
                rgb_box.left,
                rgb_box.right,
            )
            if seen.height > 0:
                coloured = self._coloured(third, made, strip, self.rgb_at, seen)
                seen.cut(rgb, rgb_box).copy_(coloured)
            if output is not None:
                strip.cut(output, box).copy_(made)
        if output is not None:
            self.x, self.at = output, box
        self.rgb, self.rgb_at = rgb, rgb_box
        self._show(third)

    def _coloured(self, layer: LayerInfo, x: Tensor, at: Box, rgb_at: Box, box: Box) -> Tensor:
        """A piece of the picture with what a colour layer adds to it, [N, 3, h, w].

        Args:
            layer: the colour layer.
            x: its input, or a piece of that.
            at: where that lies.
            rgb_at: where the picture so far lies.
            box: which piece.
        """
        module = cast(ToRGB, self._module(layer))
        style = self.wishes.styles[layer.name]
        if self.piecewise:
            x = box.cut(x, at)
            if style.ndim == 4:
                style = cut_style(style, box)
        colour = cast(Tensor, module(x, whole_style(style)))
        if self.rgb is not None:
            resampler, side = self.network.rgb_resampler, layer.resolution // 2
            colour = upsampled(resampler, self.rgb, rgb_at, box, side) + colour
        return self._adjusted(layer, colour, box)

    def _show(self, layer: LayerInfo) -> None:
        if self.wishes.on_picture is not None and self.rgb is not None:
            self.wishes.on_picture(layer.resolution, self.rgb)

    def _adjusted(self, layer: LayerInfo, output: Tensor, box: Box) -> Tensor:
        adjust = self.wishes.adjust
        return output if adjust is None else adjust(layer, output, box)

    def _piecewise(self, index: int) -> Piecewise:
        layer = self.network.layers[index]
        module = cast(ModulatedConv, self._module(layer))
        return Piecewise(module, self.wishes.styles[layer.name], self._noise(index))

    def _module(self, layer: LayerInfo) -> ModulatedConv | ToRGB:
        return self.network.layer(layer.name)

    def _noise(self, index: int) -> Tensor | None:
        return self.network.noise(index, self.wishes.noise_seed) if self.wishes.use_noise else None


def _empty(channels: int, box: Box, dtype: torch.dtype) -> Tensor:
    """Room for a piece, [1, channels, h, w]."""
    shape = (1, channels, box.height, box.width)
    return torch.empty(shape, dtype=dtype, memory_format=torch.channels_last)
