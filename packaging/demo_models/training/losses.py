"""What training minimises: distance to the rendered picture, and channels that know no place."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def shrink(image: Tensor, resolution: int) -> Tensor:
    """Average [N, C, H, W] down to ``resolution``."""
    factor = image.shape[-1] // resolution
    return image if factor == 1 else F.avg_pool2d(image, factor)


def picture_loss(made: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """Weighted L1 plus half the difference of gradients, at three scales.

    ``made`` and ``wanted`` are [N, 3, r, r], ``weight`` [N, 1, r, r].
    """
    error = made - wanted
    weight = weight / weight.mean()
    loss = (error.abs() * weight).mean()
    for scale in range(3):
        if scale:
            error, weight = F.avg_pool2d(error, 2), F.avg_pool2d(weight, 2)
        across = (error.diff(dim=3).abs() * weight[..., 1:]).mean()
        down = (error.diff(dim=2).abs() * weight[..., 1:, :]).mean()
        loss = loss + 0.5 * (across + down)
    return loss


def locality_loss(activations: list[Tensor], parts: Tensor) -> Tensor:
    """Entropy of each channel's energy over the parts, averaged over channels and layers.

    ``activations`` are [N, C, r, r], ``parts`` the shares [N, K, R, R] of the true parts. Energy
    is that of the centred channel, as a catalog's contribution takes it. Parts are weighed by the
    inverse of their area; without that, channels collapse onto the large parts.
    """
    total = parts.new_zeros(())
    for full in activations:
        stride = max(1, full.shape[-1] // 32)  # finer than 32 px tells the same at more cost
        tensor = full[:, :, ::stride, ::stride]
        share = shrink(parts, tensor.shape[-1]).flatten(2)  # [N, K, r*r]
        area = share.mean(dim=(0, 2)) + 0.003  # [K]
        centred = tensor - tensor.mean(dim=(0, 2, 3), keepdim=True)
        energy = centred.square().flatten(2)  # [N, C, r*r]
        energy = energy / (energy.mean(dim=(0, 2), keepdim=True) + 1e-6)
        by_part = torch.einsum("ncp,nkp->ck", energy, share) / area  # [C, K]
        chance = by_part / (by_part.sum(dim=1, keepdim=True) + 1e-6)
        entropy = -(chance * (chance + 1e-6).log()).sum(dim=1)  # [C]
        total = total + entropy.mean()
    return total / max(len(activations), 1)


def part_weights(parts: Tensor, extra: Tensor) -> Tensor:
    """Return the loss weight 1 + 3 * extra of each pixel; parts [N, H, W] -> [N, 1, H, W]."""
    return (1.0 + 3.0 * extra)[parts.long()].unsqueeze(1)
