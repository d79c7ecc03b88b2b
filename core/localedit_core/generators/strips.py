"""A modulated convolution of one picture, whole or a piece of it, in strips of rows.

Strips are short, so that a picture can be given up between two of them, and small: an allocator
asks the system for memory anew for every tensor above some 32 MB, whose pages are then touched for
the first time, which in large pictures took longer than the sums.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from localedit_core.errors import RenderCancelled
from localedit_core.generators import winograd
from localedit_core.generators.boxes import Box
from localedit_core.generators.layers import (
    LEAKY_GAIN,
    LEAKY_SLOPE,
    WEIGHTS_FROM,
    ModulatedConv,
    Resampler,
    at_positions,
)
from localedit_core.generators.placed_styles import Style, cut_style

LARGE = 2**23
"""Values of a layer's output, 32 MB in float32, from which on it is not made whole."""

WORK = 8e8
"""Multiplications of a strip at most: some 8 ms of two cores of 2.6 GHz with AVX-512."""

_VALUES = LARGE // 4  # of a strip's output, at most
_EVALUATED = 5e5  # values of a strip that is evaluated at points, at most; about as quick to make
_ROWS = 4  # of a strip, at least

Cancelled = Callable[[], bool]


def check(cancelled: Cancelled | None) -> None:
    """Raise ``RenderCancelled`` where somebody says so."""
    if cancelled is not None and cancelled():
        raise RenderCancelled


class Piecewise:
    """One layer with its style, ready to make any piece of its output.

    Args:
        layer: the layer; what it makes is not differentiated.
        style: [1, in], or by place.
        noise: [H, W], scaled, or None.
    """

    def __init__(self, layer: ModulatedConv, style: Style, noise: Tensor | None) -> None:
        self.layer = layer
        self.side = layer.resolution
        self.up = layer.resampler is not None
        self._below = self.side // 2 if self.up else self.side
        dtype = layer.weight.dtype
        self._by_place = style.ndim == 4
        if isinstance(style, Tensor) and not self._by_place and dtype != style.dtype:
            style = style / style.abs().amax().clamp_min(1e-30)  # see ModulatedConv.forward
        self._style: Style | None = style
        self._weight: Tensor = layer.weight
        self._factor: Tensor | None = None
        self._points = layer.points(self._below)
        if isinstance(style, Tensor) and not self._by_place:
            factor = layer.demodulation(style) * LEAKY_GAIN  # [1, out, 1, 1]
            if self._points is None and self._below >= WEIGHTS_FROM:
                self._weight = layer.scaled(style, factor, dtype)
                self._style = None
            else:
                self._factor = factor
        self._shift = (layer.bias * LEAKY_GAIN).to(dtype)  # [out]
        self._noise = None if noise is None else (noise * LEAKY_GAIN).to(dtype)
        self._clamp = layer.conv_clamp

    def needs(self, box: Box) -> Box:
        """The piece of the input that a piece of the output is made of."""
        return box.below(self._below) if self.up else box.grown(1, self.side)

    def rows(self, box: Box) -> int:
        """How many rows of a piece make a strip; strips are about equal, and tiles whole."""
        outputs, inputs = self._weight.shape[:2]
        work = inputs * outputs * (2.25 if self.up else 9.0)
        return strip_rows(box, work, outputs, inputs if self._points is not None else 0)

    def whole(self, x: Tensor, at: Box, box: Box, cancelled: Cancelled | None) -> Tensor:
        """A piece of the output, in strips, each of which may be the last.

        Args:
            x: a piece of the input, [1, in, h, w].
            at: where that lies.
            box: which piece, every place of which can be made of ``x``.
            cancelled: asked before each strip; where it says yes, ``RenderCancelled`` is raised.

        Returns:
            [1, out, height, width].
        """
        rows = self.rows(box)
        if rows >= box.height or x.device.type != "cpu":
            check(cancelled)
            return self.piece(x, at, box)
        if self.up:
            need = self.needs(box)
            x, factor = self._scaled(need.cut(x, at), need, box)
            wide = self._transposed(x, rows // 2, cancelled)
            check(cancelled)
            return self._smoothed(wide, need, box, factor)
        outputs = self._weight.shape[0]
        made = torch.empty(
            (1, outputs, box.height, box.width),
            dtype=self._weight.dtype,
            memory_format=torch.channels_last,
        )
        for strip in box.strips(rows):
            check(cancelled)
            strip.cut(made, box).copy_(self.piece(x, at, strip))
        return made

    def piece(self, x: Tensor, at: Box, box: Box) -> Tensor:
        """A piece of the output at once, [1, out, height, width]; arguments as in ``whole``."""
        need = self.needs(box)
        x = need.cut(x, at)
        if self._points is not None:
            return self._by_points(x, need, box)
        x, factor = self._scaled(x, need, box)
        if self.up:
            wide = F.conv_transpose2d(x, self._weight.transpose(0, 1), stride=2)
            return self._smoothed(wide, need, box, factor)
        x, padding = padded(x, *self._missing(box))
        bias = self._shift if factor is None else None
        return self._finished(F.conv2d(x, self._weight, bias, padding=padding), box, factor)

    def _missing(self, box: Box) -> tuple[int, int, int, int]:
        """Rows and columns of zeros around the picture that a piece reads: top to right."""
        whole = self.side
        return (
            int(box.top == 0),
            int(box.bottom == whole),
            int(box.left == 0),
            int(box.right == whole),
        )

    def _scaled(self, x: Tensor, need: Box, box: Box) -> tuple[Tensor, Tensor | None]:
        """The input with its style, and what the output is to be multiplied by."""
        x = x.to(self._weight.dtype)
        if self._style is None:
            return x, self._factor
        scale, factor = self._scales(need, box)
        return x * scale.to(x.dtype), factor

    def _scales(self, need: Box, box: Box) -> tuple[Tensor, Tensor]:
        assert self._style is not None
        if isinstance(self._style, Tensor) and not self._by_place:
            assert self._factor is not None
            return at_positions(self._style), self._factor
        style = cut_style(self._style, need)
        if self._weight.dtype != style.dtype:
            style = style / style.abs().amax().clamp_min(1e-30)
        factor = self.layer.demodulation(style) * LEAKY_GAIN  # [1, out, h, w]
        there = Box(2 * need.top, 2 * need.bottom, 2 * need.left, 2 * need.right)
        return style, box.cut(factor, there if self.up else need)

    def _by_points(self, x: Tensor, need: Box, box: Box) -> Tensor:
        scale, factor = self._scales(need, box)
        top, _, left, _ = self._missing(box)
        assert self._points is not None
        tiles = winograd.convolve(
            x, self._points, scale, top=top, left=left, rows=box.height, columns=box.width
        )
        down, across = (winograd.TILE * count for count in tiles.shape[2:4])
        made = torch.empty((1, tiles.shape[-1], down, across), memory_format=torch.channels_last)
        inside = made[:, :, : box.height, : box.width]
        if self._by_place:
            winograd.places(made).copy_(tiles)
            return self._finished(inside, box, factor)
        torch.addcmul(self._shift, tiles, factor[0, :, 0, 0], out=winograd.places(made))
        return self._finished(inside, box, None)

    def _transposed(self, x: Tensor, rows: int, cancelled: Cancelled | None) -> Tensor:
        """The transposed convolution in strips: they meet in one row, where both add up."""
        height, width = x.shape[2:]
        weight = self._weight.transpose(0, 1)
        wide = torch.empty(
            (1, weight.shape[1], 2 * height + 1, 2 * width + 1),
            dtype=x.dtype,
            memory_format=torch.channels_last,
        )
        for strip in Box.whole(height).strips(max(rows, 1)):
            check(cancelled)
            made = F.conv_transpose2d(x[:, :, strip.top : strip.bottom], weight, stride=2)
            first = 2 * strip.top
            if first:
                made[:, :, 0] += wide[:, :, first]
            wide[:, :, first : 2 * strip.bottom + 1] = made
        return wide

    def _smoothed(self, wide: Tensor, need: Box, box: Box, factor: Tensor | None) -> Tensor:
        """What the filter makes of the transposed convolution of ``need``."""
        top, bottom = max(box.top - 1, 0), min(box.bottom + 2, 2 * self._below + 1)
        left, right = max(box.left - 1, 0), min(box.right + 2, 2 * self._below + 1)
        there = Box(2 * need.top, 2 * need.bottom + 1, 2 * need.left, 2 * need.right + 1)
        x, padding = padded(Box(top, bottom, left, right).cut(wide, there), *self._missing(box))
        bias = self._shift if factor is None else None
        assert self.layer.resampler is not None
        return self._finished(self.layer.resampler.smooth(x, bias, padding), box, factor)

    def _finished(self, made: Tensor, box: Box, factor: Tensor | None) -> Tensor:
        """Demodulate if that is not done, and bias; noise; activate. ``made`` is overwritten."""
        if factor is not None:
            shift = self._shift[:, None, None]
            torch.addcmul(shift, made, factor.to(made.dtype), out=made)
        if self._noise is not None:
            made.add_(self._noise[box.top : box.bottom, box.left : box.right])
        F.leaky_relu_(made, LEAKY_SLOPE)
        return made if self._clamp is None else made.clamp_(-self._clamp, self._clamp)


def upsampled(resampler: Resampler, rgb: Tensor, at: Box, box: Box, side: int) -> Tensor:
    """A piece of the picture twice as large.

    Args:
        resampler: the filter.
        rgb: a piece of the picture, [N, 3, h, w].
        at: where that lies.
        box: which piece of the larger one.
        side: of the picture.
    """
    need = box.below(side)
    there = Box(2 * need.top, 2 * need.bottom, 2 * need.left, 2 * need.right)
    return box.cut(resampler.upsample(need.cut(rgb, at)), there)


def strip_rows(box: Box, work: float, outputs: int, inputs: int = 0) -> int:
    """How many rows of a piece make a strip; strips are about equal, and tiles whole.

    Args:
        box: the piece.
        work: multiplications per place.
        outputs: channels of the output.
        inputs: channels of the input where it is evaluated at points, else 0.
    """
    places = min(WORK / work, _VALUES / outputs)
    if inputs:
        places = min(_VALUES, _EVALUATED / max(inputs, outputs))
    most = max(int(places) // box.width, _ROWS)
    rows = -(-box.height // -(-box.height // most))
    return -(-rows // winograd.TILE) * winograd.TILE


def padded(
    x: Tensor, top: int, bottom: int, left: int, right: int
) -> tuple[Tensor, tuple[int, int]]:
    """Zeros around ``x``: a piece with those that torch's layers cannot add, and the others."""
    rows = (0, 0) if top == bottom else (top, bottom)
    columns = (0, 0) if left == right else (left, right)
    if rows != columns or rows != (0, 0):
        x = F.pad(x, (*columns, *rows))
    return x, (top if top == bottom else 0, left if left == right else 0)
