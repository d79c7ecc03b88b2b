"""The layers of StyleGAN and PG-GAN in plain PyTorch: dense, convolutions, noise, norms, blur.

Weights are kept as published (before equalised learning rate scales them), in PyTorch's layouts.
Sources are the papers (Karras et al. 2018 and 2019) and their official implementations.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LEAKY_SLOPE = 0.2
HE_GAIN = math.sqrt(2.0)
NORM_EPSILON = 1e-8


def leaky_relu(x: Tensor) -> Tensor:
    """Leaky ReLU with slope 0.2; its gain is in the weights of these families."""
    return F.leaky_relu(x, LEAKY_SLOPE)


def pixel_norm(x: Tensor, epsilon: float = NORM_EPSILON) -> Tensor:
    """Scale the features of every position to mean square 1: [N, C, ...], along C."""
    wide = x.float()
    return (wide * (wide.square().mean(dim=1, keepdim=True) + epsilon).rsqrt()).to(x.dtype)


def instance_norm(x: Tensor, epsilon: float = NORM_EPSILON) -> Tensor:
    """Bring each channel of each picture to mean 0 and variance 1: [N, C, H, W]."""
    wide = x.float()
    wide = wide - wide.mean(dim=(2, 3), keepdim=True)
    scale = (wide.square().mean(dim=(2, 3), keepdim=True) + epsilon).rsqrt()
    return (wide * scale).to(x.dtype)


def upscale_convolve(x: Tensor, weight: Tensor) -> Tensor:
    """Repeat each pixel 2 x 2, then convolve: [N, in, H, W] -> [N, out, 2H, 2W].

    Args:
        x: [N, in, H, W].
        weight: [out, in, 3, 3].
    """
    return F.conv2d(F.interpolate(x, scale_factor=2.0, mode="nearest"), weight, padding=1)


def fused_upscale_convolve(x: Tensor, weight: Tensor) -> Tensor:
    """Both at once as a transposed convolution: [N, in, H, W] -> [N, out, 2H, 2W].

    Four copies of the kernel, one place apart along each axis, add up to a kernel of 4 x 4. The
    same kernel means something else here than in ``upscale_convolve``: a transposed convolution
    turns it by half a turn.

    Args:
        x: [N, in, H, W].
        weight: [out, in, 3, 3].
    """
    kernel = doubling_kernel(weight)
    return F.conv_transpose2d(x, kernel.transpose(0, 1), stride=2, padding=1)


def doubling_kernel(weight: Tensor) -> Tensor:
    """Four copies of a kernel, one place apart: [out, in, 3, 3] -> [out, in, 4, 4]."""
    wide = F.pad(weight, (1, 1, 1, 1))  # [out, in, 5, 5]
    rows = wide[:, :, 1:] + wide[:, :, :-1]  # [out, in, 4, 5]
    return rows[..., 1:] + rows[..., :-1]


class Dense(nn.Module):
    """A dense layer with equalised learning rate and without activation: [N, in] -> [N, out]."""

    def __init__(
        self, in_features: int, out_features: int, *, gain: float, lr_multiplier: float = 1.0
    ) -> None:
        super().__init__()
        self.weight_gain = gain * lr_multiplier / math.sqrt(in_features)
        self.bias_gain = lr_multiplier
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / lr_multiplier)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x: Tensor) -> Tensor:
        """Apply the layer."""
        return F.linear(x, self.weight * self.weight_gain, self.bias * self.bias_gain)


class Conv(nn.Module):
    """A convolution with equalised learning rate, its bias, and upscaling before it if asked for.

    Args:
        in_channels: channels of its input.
        out_channels: channels of its output.
        kernel: side of the kernel, 1 or 3.
        gain: of its weights.
        up: None, or how the picture is doubled: "plain" or "fused".
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel: int = 3,
        gain: float = HE_GAIN,
        up: str | None = None,
    ) -> None:
        super().__init__()
        self.up = up
        self.weight_gain = gain / math.sqrt(kernel * kernel * in_channels)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def convolve(self, x: Tensor) -> Tensor:
        """The convolution alone, without gain and bias: [N, in, h, w] -> [N, out, H, W]."""
        x = x.to(self.weight.dtype)
        if self.up == "fused":
            return fused_upscale_convolve(x, self.weight)
        if self.up == "plain":
            return upscale_convolve(x, self.weight)
        return F.conv2d(x, self.weight, padding=self.weight.shape[-1] // 2)

    def scale(self, x: Tensor) -> Tensor:
        """Gain and bias on what ``convolve`` made. A gain costs less here than on the weights."""
        return torch.add(self.bias[None, :, None, None].to(x.dtype), x, alpha=self.weight_gain)

    def forward(self, x: Tensor) -> Tensor:
        """[N, in, h, w] -> [N, out, H, W]."""
        return self.scale(self.convolve(x))


class Blur(nn.Module):
    """A separable low-pass filter of odd length on each channel, the border filled with zeros."""

    kernel: Tensor

    def __init__(self, taps: tuple[float, ...]) -> None:
        super().__init__()
        line = torch.tensor(taps, dtype=torch.float64)
        plane = torch.outer(line, line)
        self.register_buffer("kernel", (plane / plane.sum()).float(), persistent=False)  # [k, k]

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] -> [N, C, H, W]."""
        side = self.kernel.shape[0]
        weight = self.kernel.to(x.dtype).expand(x.shape[1], 1, side, side)
        return F.conv2d(x, weight, padding=side // 2, groups=x.shape[1])


class StyledLayer(nn.Module):
    """One layer of StyleGAN up to A_l: convolution or constant, noise, bias, lReLU, norm.

    The style is handed in later, not computed: ``affine`` makes it of w, an edit may change it.

    Args:
        in_channels: channels of its input; None makes it the constant layer.
        out_channels: C_l.
        w_dim: length of w.
        resolution: side of A_l.
        up: None, "plain" or "fused".
        blur: taps of the filter after upscaling.
        use_noise: whether it adds noise.
        norm_epsilon: guards the instance norm against division by 0.
    """

    noise_const: Tensor

    def __init__(
        self,
        in_channels: int | None,
        out_channels: int,
        *,
        w_dim: int,
        resolution: int,
        up: str | None,
        blur: tuple[float, ...],
        use_noise: bool,
        norm_epsilon: float = NORM_EPSILON,
    ) -> None:
        super().__init__()
        self.resolution = resolution
        self.norm_epsilon = norm_epsilon
        self.kernels: object = None  # kept by ``stylegan_quick``
        self.affine = Dense(w_dim, 2 * out_channels, gain=1.0)  # scales, then biases
        if in_channels is None:
            self.const = nn.Parameter(torch.ones(out_channels, 4, 4))
            self.bias = nn.Parameter(torch.zeros(out_channels))
        else:
            self.conv = Conv(in_channels, out_channels, up=up)
        self.blur = None if up is None or len(blur) == 1 else Blur(blur)
        if use_noise:
            self.register_buffer("noise_const", torch.randn(resolution, resolution))
            self.noise_strength = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x: Tensor, noise: Tensor | None) -> Tensor:
        """Make A_l.

        Args:
            x: [N, in, h, w], the styled output of the layer below, or the constant.
            noise: [H, W], not yet scaled, or None.

        Returns:
            [N, C_l, H, W].
        """
        if hasattr(self, "const"):
            x = x + self.bias[:, None, None].to(x.dtype)  # [N, C, 4, 4]
        else:
            x = self.conv.convolve(x)  # [N, C, H, W]
            if self.blur is not None:
                x = self.blur(x)
            x = self.conv.scale(x)
        if noise is not None:
            strength = self.noise_strength[None, :, None, None]
            x = torch.addcmul(x, noise[None, None].to(x.dtype), strength.to(x.dtype))
        return instance_norm(leaky_relu(x), self.norm_epsilon)
