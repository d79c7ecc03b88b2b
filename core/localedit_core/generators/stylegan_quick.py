"""A layer of StyleGAN for one picture on a processor, with fewer sums and passes over memory.

The readable form is ``StyledLayer.forward``. Here gains and biases are drawn into kernels;
repeating pixels and convolving is one transposed convolution; kernels of many channels are
evaluated at points (``winograd``); norm and style are one product and sum per value. All but the
mean and variance, which need the whole map, is done strip by strip.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from localedit_core.generators import winograd
from localedit_core.generators.boxes import Box
from localedit_core.generators.layers import POINTS_CHANNELS, POINTS_FROM
from localedit_core.generators.placed_styles import Style, whole_style
from localedit_core.generators.strips import Cancelled, check, padded, strip_rows
from localedit_core.generators.stylegan_layers import (
    LEAKY_SLOPE,
    StyledLayer,
    doubling_kernel,
)


@dataclass(frozen=True, eq=False)
class Kernels:
    """What a layer convolves with.

    Attributes:
        key: of the weights that they were made of.
        plain: [out, in, 3, 3], or transposed [in, out, 4, 4]; None where there are ``points``.
        points: for ``winograd.convolve``; None where plain sums are quicker.
        blur: [out, 1, k, k] with the gain, or None.
    """

    key: tuple[int, int, float]
    plain: Tensor | None
    points: Tensor | None
    blur: Tensor | None


def suits(layer: StyledLayer, x: Tensor) -> bool:
    """Whether a layer can be made like this."""
    alone = len(x) == 1 and x.device.type == "cpu" and not torch.is_grad_enabled()
    return alone and not hasattr(layer, "const")


def run_layer(
    layer: StyledLayer,
    x: Tensor,
    noise: Tensor | None,
    scale: Style,
    bias: Tensor,
    *,
    recorded: bool,
    cancelled: Cancelled | None,
) -> tuple[Tensor | None, Tensor]:
    """Make A_l where it is wanted, and the styled output.

    Args:
        layer: one that ``suits``.
        x: [1, in, h, w].
        noise: [H, W], not yet scaled, or None.
        scale: [1, C], or by place, to which 1 is added.
        bias: [1, C].
        recorded: whether A_l is wanted.
        cancelled: asked before each strip; where it says yes, ``RenderCancelled`` is raised.

    Returns:
        A_l or None, and the output; both [1, C, H, W].
    """
    kernels = kernels_of(layer)
    dtype, side = layer.conv.weight.dtype, layer.resolution
    channels, inputs = layer.conv.weight.shape[:2]
    x = x.to(dtype)
    made = torch.empty((1, channels, side, side), dtype=dtype, memory_format=torch.channels_last)
    work = inputs * channels * (4.0 if layer.conv.up else 9.0)
    rows = strip_rows(Box.whole(side), work, channels, inputs if kernels.points is not None else 0)
    strips = list(Box.whole(side).strips(rows))
    strength = layer.noise_strength[:, None, None].to(dtype) if noise is not None else None
    moments = Moments(channels)
    for strip in strips:
        check(cancelled)
        part = _convolved(layer, kernels, x, strip)
        if noise is not None and strength is not None:
            part.addcmul_(noise[strip.top : strip.bottom].to(dtype), strength)
        F.leaky_relu_(part, LEAKY_SLOPE)
        moments.add(part)
        made[:, :, strip.top : strip.bottom] = part
    mean, variance = moments.mean, moments.variance
    norm = (variance + layer.norm_epsilon).rsqrt()
    activation = None
    if recorded or scale.ndim == 4:
        activation = _affine(torch.empty_like(made), made, norm, -mean * norm, strips, cancelled)
    if scale.ndim == 4:
        assert activation is not None
        stretch = (whole_style(scale) + 1.0).to(dtype)
        return activation, torch.addcmul(bias[:, :, None, None].to(dtype), activation, stretch)
    factor = (whole_style(scale)[0].double() + 1.0) * norm
    shift = bias[0].double() - mean * factor
    return activation, _affine(made, made, factor, shift, strips, cancelled)


class Moments:
    """Mean and variance per channel of what is added, piece by piece (Chan et al. 1979)."""

    def __init__(self, channels: int) -> None:
        self._count = 0
        self.mean = torch.zeros(channels, dtype=torch.float64)
        self._squares = torch.zeros(channels, dtype=torch.float64)

    def add(self, part: Tensor) -> None:
        """Count a piece, [1, C, h, w]."""
        values = part.float().permute(0, 2, 3, 1).flatten(0, 2)  # [h w, C]
        mean = values.mean(dim=0)
        squares = (values - mean).square_().sum(dim=0).double()
        count = self._count + len(values)
        apart = mean.double() - self.mean
        self._squares += squares + apart.square() * (self._count * len(values) / count)
        self.mean += apart * (len(values) / count)
        self._count = count

    @property
    def variance(self) -> Tensor:
        """Of all that was added, [C]."""
        return self._squares / self._count


def kernels_of(layer: StyledLayer) -> Kernels:
    """The kernels of a layer; kept while its weights stay."""
    conv = layer.conv
    key = (conv.weight.data_ptr(), conv.weight._version, conv.weight_gain)
    kept = layer.kernels
    if isinstance(kept, Kernels) and kept.key == key:
        return kept
    # Where a filter follows, it has the gain.
    gain = 1.0 if layer.blur is not None else conv.weight_gain
    weight = conv.weight.detach() * gain
    plain: Tensor | None = None
    points = blur = None
    if conv.up is not None:
        turned = weight.flip(2, 3) if conv.up == "plain" else weight
        plain = doubling_kernel(turned).transpose(0, 1)
        plain = plain.contiguous(memory_format=torch.channels_last)
    elif (
        weight.dtype == torch.float32
        and min(weight.shape[:2]) >= POINTS_CHANNELS
        and layer.resolution >= POINTS_FROM
    ):
        points = winograd.transform(weight)
    else:
        plain = weight.contiguous(memory_format=torch.channels_last)
    if layer.blur is not None:
        kernel = layer.blur.kernel * conv.weight_gain  # [k, k]
        blur = kernel.to(weight.dtype).repeat(weight.shape[0], 1, 1, 1)
    layer.kernels = Kernels(key, plain, points, blur)
    return layer.kernels


def _convolved(layer: StyledLayer, kernels: Kernels, x: Tensor, strip: Box) -> Tensor:
    """Rows of the convolution, filter, gain and bias: [1, C, rows, W]."""
    side, bias = layer.resolution, layer.conv.bias.to(x.dtype)
    if layer.conv.up is None:
        need = strip.grown(1, side)
        x = x[:, :, need.top : need.bottom]
        if kernels.points is not None:
            return _by_points(kernels.points, x, bias, strip)
        assert kernels.plain is not None
        x, padding = padded(x, int(strip.top == 0), int(strip.bottom == side), 1, 1)
        return F.conv2d(x, kernels.plain, bias, padding=padding)
    reach = 0 if kernels.blur is None else kernels.blur.shape[-1] // 2
    need = strip.grown(reach, side)
    first, last = max((need.top - 1) // 2, 0), min(need.bottom // 2 + 1, side // 2)
    assert kernels.plain is not None
    wide = F.conv_transpose2d(x[:, :, first:last], kernels.plain, stride=2)
    start = need.top + 1 - 2 * first
    wide = wide[:, :, start : start + need.height, 1:-1]
    if kernels.blur is None:
        return wide + bias[:, None, None]
    above, below = reach - (strip.top - need.top), reach - (need.bottom - strip.bottom)
    wide, padding = padded(wide, above, below, reach, reach)
    return F.conv2d(wide, kernels.blur, bias, padding=padding, groups=len(bias))


def _by_points(points: Tensor, x: Tensor, bias: Tensor, strip: Box) -> Tensor:
    one = x.new_ones(1, 1, 1, 1)
    top = int(strip.top == 0)
    tiles = winograd.convolve(
        x, points, one, top=top, left=1, rows=strip.height, columns=strip.width
    )
    shape = (1, len(bias), *(winograd.TILE * count for count in tiles.shape[2:4]))
    made = torch.empty(shape, memory_format=torch.channels_last)
    torch.add(tiles, bias, out=winograd.places(made))
    return made[:, :, : strip.height, : strip.width]


def _affine(
    out: Tensor,
    x: Tensor,
    factor: Tensor,
    shift: Tensor,
    strips: list[Box],
    cancelled: Cancelled | None,
) -> Tensor:
    """factor * x + shift per channel, into ``out``."""
    factor, shift = factor[:, None, None].to(x.dtype), shift[:, None, None].to(x.dtype)
    for strip in strips:
        check(cancelled)
        rows = slice(strip.top, strip.bottom)
        torch.addcmul(shift, x[:, :, rows], factor, out=out[:, :, rows])
    return out
