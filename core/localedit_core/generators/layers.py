"""The layers of StyleGAN2 in plain PyTorch: dense, modulated convolution, colour, resampling.

Parameter names and layouts are those of the published PyTorch implementation (Karras et al. 2020,
"Training generative adversarial networks with limited data"), so that its state dicts load as they
are. Modulation scales the activations and keeps the weights constant, which equals the fused form
(Karras et al. 2020, "Analyzing and improving the image quality of StyleGAN", section 2.2).
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from localedit_core.generators import winograd

LEAKY_SLOPE = 0.2
LEAKY_GAIN = math.sqrt(2.0)
DEMODULATION_EPSILON = 1e-8
WEIGHTS_FROM = 64
"""From this side of its input on a layer scales its weights, which are then the smaller ones."""


POINTS_FROM, POINTS_CHANNELS = 16, 128
"""Side and channels from which on ``winograd`` is quicker than plain sums."""


def leaky_relu(x: Tensor, gain: float = LEAKY_GAIN, clamp: float | None = None) -> Tensor:
    """Leaky ReLU with slope 0.2, scaled by ``gain`` and clamped to +-``clamp``."""
    x = F.leaky_relu(x, LEAKY_SLOPE) * gain
    return x if clamp is None else x.clamp(-clamp, clamp)


def at_positions(style: Tensor) -> Tensor:
    """A style ready to scale a map: [N, C] -> [N, C, 1, 1]; one that has positions stays."""
    return style[:, :, None, None] if style.ndim == 2 else style


class FullyConnected(nn.Module):
    """A dense layer with equalised learning rate: [N, in] -> [N, out]."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        lr_multiplier: float = 1.0,
        bias_init: float = 0.0,
        activate: bool = False,
    ) -> None:
        super().__init__()
        self.weight_gain = lr_multiplier / math.sqrt(in_features)
        self.bias_gain = lr_multiplier
        self.activate = activate
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / lr_multiplier)
        self.bias = nn.Parameter(torch.full((out_features,), bias_init))

    def forward(self, x: Tensor) -> Tensor:
        """Apply the layer."""
        y = F.linear(x, self.weight * self.weight_gain, self.bias * self.bias_gain)  # [N, out]
        return leaky_relu(y) if self.activate else y


class Resampler(nn.Module):
    """Doubles a picture's size, or finishes a transposed convolution, with the FIR kernel."""

    kernel: Tensor

    def __init__(self, taps: tuple[float, ...]) -> None:
        super().__init__()
        line = torch.tensor(taps, dtype=torch.float32)
        plane = torch.outer(line, line)
        # Upsampling by 2 spreads each value over 4 places, hence the gain of 4.
        plane = plane / plane.sum() * 4.0  # [4, 4]
        # A convolution flips its kernel, torch's correlation does not.
        self.register_buffer("kernel", plane.flip(0, 1), persistent=False)

    def upsample(self, x: Tensor) -> Tensor:
        """Upsample: [N, C, H, W] -> [N, C, 2H, 2W]."""
        kernel = self.kernel.flip(0, 1).to(x.dtype)
        weight = kernel.expand(x.shape[1], 1, -1, -1)  # [C, 1, 4, 4]
        return F.conv_transpose2d(x, weight, stride=2, padding=1, groups=x.shape[1])

    def smooth(
        self, x: Tensor, bias: Tensor | None = None, padding: tuple[int, int] = (1, 1)
    ) -> Tensor:
        """Filter a transposed convolution's output: [.., 2H+1, 2W+1] -> [.., 2H, 2W].

        Args:
            x: [N, C, h, w].
            bias: to add, [C].
            padding: rows and columns of zeros around x.
        """
        weight = self.kernel.to(x.dtype).expand(x.shape[1], 1, -1, -1)  # [C, 1, 4, 4]
        return F.conv2d(x, weight, bias, padding=padding, groups=x.shape[1])


class ModulatedConv(nn.Module):
    """One styled 3x3 convolution with demodulation, noise and leaky ReLU.

    The style is handed in, not computed: ``affine`` makes it of w, an edit may change it.
    """

    noise_const: Tensor

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        w_dim: int,
        resolution: int,
        up: bool,
        taps: tuple[float, ...],
        use_noise: bool,
        conv_clamp: float | None,
    ) -> None:
        super().__init__()
        self.resolution = resolution
        self.use_noise = use_noise
        self.conv_clamp = conv_clamp
        self.affine = FullyConnected(w_dim, in_channels, bias_init=1.0)
        self.resampler = Resampler(taps) if up else None
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        if use_noise:
            self.register_buffer("noise_const", torch.randn(resolution, resolution))
            self.noise_strength = nn.Parameter(torch.zeros([]))
        self._energy: tuple[int, int, Tensor] | None = None
        self._points: tuple[int, int, Tensor] | None = None

    def _weight_energy(self) -> Tensor:
        """Sum of squared weights per pair of channels, [out, in]; kept while weights stay."""
        if torch.is_grad_enabled():
            return self.weight.float().square().sum(dim=(2, 3))
        key = (self.weight.data_ptr(), self.weight._version)
        if self._energy is None or self._energy[:2] != key:
            self._energy = (*key, self.weight.float().square().sum(dim=(2, 3)))
        return self._energy[2]

    def points(self, side: int) -> Tensor | None:
        """The weights for ``winograd.convolve`` where that is quicker, else None.

        Kept while weights stay: four times as much memory as they take.

        Args:
            side: of the layer's input.
        """
        weight = self.weight
        suits = weight.dtype == torch.float32 and weight.device.type == "cpu"
        if self.resampler is not None or not suits or side < POINTS_FROM:
            return None
        if min(weight.shape[:2]) < POINTS_CHANNELS:
            return None
        key = (weight.data_ptr(), weight._version)
        if self._points is None or self._points[:2] != key:
            self._points = (*key, winograd.transform(weight))
        return self._points[2]

    def lay_out(self) -> None:
        """Store the weights as convolutions read them, transposed ones and plain ones.

        Otherwise each pass would begin by copying them.
        """
        weight = self.weight.data
        if self.resampler is not None:
            weight = weight.transpose(0, 1)
        weight = weight.contiguous(memory_format=torch.channels_last)
        self.weight.data = weight if self.resampler is None else weight.transpose(0, 1)

    def forget(self) -> None:
        """Forget what is kept of the weights: they are others."""
        self._energy = self._points = None

    def demodulation(self, style: Tensor) -> Tensor:
        """The factor that brings each output channel back to unit variance.

        Args:
            style: [N, in], or [N, in, h, w] where it differs from place to place.

        Returns:
            [N, out, 1, 1], or [N, out, H, W]: every place has the factor of its own style. The
            pixels that a layer adds between two places take what lies between their energies.
        """
        if style.ndim == 2:
            energy = style.square() @ self._weight_energy().t()  # [N, out]
        else:
            energy = F.conv2d(style.square(), self._weight_energy()[:, :, None, None])
            if self.resampler is not None:
                energy = F.interpolate(energy, scale_factor=2.0, mode="bilinear")
        return at_positions((energy + DEMODULATION_EPSILON).rsqrt())

    def forward(self, x: Tensor, style: Tensor, noise: Tensor | None, gain: float = 1.0) -> Tensor:
        """Apply the layer.

        Args:
            x: [N, in, h, w], A_l.
            style: [N, in], sigma_l; or [N, in, h, w] where it differs from place to place.
            noise: [H, W] to add, already scaled; or None.
            gain: extra factor on the output (residual architecture).

        Returns:
            [N, out, H, W], where H is 2h if the layer upsamples.
        """
        x = x.to(self.weight.dtype)
        if x.dtype != style.dtype:
            # In half precision nothing must grow too large; demodulation makes up for it.
            largest = style.abs().amax(dim=tuple(range(1, style.ndim)), keepdim=True)
            style = style / largest.clamp_min(1e-30)
        factor = self.demodulation(style)
        clamp = None if self.conv_clamp is None else self.conv_clamp * gain
        if torch.is_grad_enabled():
            x = self._convolve(x * at_positions(style).to(x.dtype), self.weight)
            return _finish(x, factor, noise, self.bias, LEAKY_GAIN * gain, clamp)
        gain *= LEAKY_GAIN
        if style.ndim == 2 and len(style) == 1 and x.shape[-1] >= WEIGHTS_FROM:
            x = self._convolve(x, self.scaled(style, factor * gain, x.dtype))
            return _finish_in_place(x, None, noise, self.bias, gain, clamp)
        x = self._convolve(x * at_positions(style).to(x.dtype), self.weight)
        return _finish_in_place(x, factor, noise, self.bias, gain, clamp)

    def scaled(self, style: Tensor, factor: Tensor, dtype: torch.dtype) -> Tensor:
        """The weights [out, in, 3, 3] with a style [1, in] and what follows [1, out, 1, 1]."""
        scale = factor[0, :, None] * style[0, :, None, None]  # [out, in, 1, 1]
        return self.weight * scale.to(dtype)

    def _convolve(self, x: Tensor, weight: Tensor) -> Tensor:
        if self.resampler is None:
            return F.conv2d(x, weight, padding=1)  # [N, out, H, W]
        x = F.conv_transpose2d(x, weight.transpose(0, 1), stride=2)
        return self.resampler.smooth(x)  # [N, out, H, W]


def _finish(
    x: Tensor, factor: Tensor, noise: Tensor | None, bias: Tensor, gain: float, clamp: float | None
) -> Tensor:
    """Demodulate, add noise and bias, activate: what a convolution ends with, differentiable."""
    x = x * factor.to(x.dtype)
    if noise is not None:
        x = x + noise.to(x.dtype)
    return leaky_relu(x + bias[:, None, None].to(x.dtype), gain, clamp)


def _finish_in_place(
    x: Tensor,
    factor: Tensor | None,
    noise: Tensor | None,
    bias: Tensor,
    gain: float,
    clamp: float | None,
) -> Tensor:
    """The same with as few passes over ``x`` [N, C, H, W], which is overwritten, as there can be.

    The gain is positive, so that it may be drawn into what comes before the activation. ``factor``
    is None where the weights had it and the gain in them.
    """
    shift = (bias * gain)[:, None, None].to(x.dtype)  # [C, 1, 1]
    if factor is None:
        x = x.add_(shift)
    else:
        x = torch.addcmul(shift, x, (factor * gain).to(x.dtype), out=x)
    if noise is not None:
        x.add_((noise * gain).to(x.dtype))
    F.leaky_relu_(x, LEAKY_SLOPE)
    return x if clamp is None else x.clamp_(-clamp, clamp)


class ToRGB(nn.Module):
    """One styled 1x1 convolution to colour, without demodulation."""

    def __init__(self, in_channels: int, *, w_dim: int, conv_clamp: float | None) -> None:
        super().__init__()
        self.conv_clamp = conv_clamp
        self.weight_gain = 1.0 / math.sqrt(in_channels)
        self.affine = FullyConnected(w_dim, in_channels, bias_init=1.0)
        self.weight = nn.Parameter(torch.randn(3, in_channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """[N, C, H, W] and its style, [N, C] or [N, C, H, W] -> [N, 3, H, W]."""
        if style.ndim == 2 and not torch.is_grad_enabled():
            # One product of matrices: torch's convolutions are slow for three channels.
            weight = self.weight[:, :, 0, 0] * (style * self.weight_gain)[:, None]  # [N, 3, C]
            pixels = x.permute(0, 2, 3, 1).flatten(1, 2).to(weight.dtype)  # [N, H W, C]
            if len(x) == 1:
                made = F.linear(pixels, weight[0], self.bias)  # [1, H W, 3]
            else:
                made = torch.baddbmm(self.bias, pixels, weight.transpose(1, 2))
            x = made.view(len(x), *x.shape[2:], 3).permute(0, 3, 1, 2)  # [N, 3, H, W]
        else:
            x = x * at_positions(style * self.weight_gain).to(x.dtype)
            x = F.conv2d(x.to(self.weight.dtype), self.weight) + self.bias[:, None, None]
        return x if self.conv_clamp is None else x.clamp(-self.conv_clamp, self.conv_clamp)


class Skip(nn.Module):
    """The residual branch of a block: 1x1 convolution, then upsampling by 2."""

    def __init__(self, in_channels: int, out_channels: int, taps: tuple[float, ...]) -> None:
        super().__init__()
        self.weight_gain = 1.0 / math.sqrt(in_channels)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 1, 1))
        self.resampler = Resampler(taps)

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, H, W] -> [N, out, 2H, 2W], scaled by sqrt(1/2)."""
        x = F.conv2d(x, self.weight * self.weight_gain)
        return self.resampler.upsample(x) * math.sqrt(0.5)
