"""Style mixing with a known answer: shape from one z, colour from another, and the picture of both.

A picture of z is also the mixture of any two z of which the first has its coarse factors and the
second its fine ones. So mixing is learnt from the pictures that are there, none is rendered for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from localedit_core.generators.base import LayerInfo, Styles

CROSSOVERS = (16, 32, 64)
"""Sides from which on the layers take the second z's styles."""


@dataclass(frozen=True)
class Mixture:
    """Two latents and where one takes over from the other.

    Attributes:
        coarse: for the layers below ``crossover`` px, [N, z_dim].
        fine: for the layers from there on, [N, z_dim].
        crossover: side in pixels.
    """

    coarse: Tensor
    fine: Tensor
    crossover: int


def mixture_of(z: Tensor, levels: Tensor, crossover: int, random: torch.Generator) -> Mixture:
    """Two random latents whose mixture has the factors of z.

    Both keep the length of z, since the mapping network sees its direction alone, and each of their
    halves that of z's half; so the mixture is z itself.

    Args:
        z: [N, z_dim].
        levels: side of the layers that decide each factor, [z_dim].
        crossover: factors of lower levels come from the coarse latent, the others from the fine.
        random: on the CPU.
    """
    fine = (levels >= crossover).to(z.device)  # [z_dim]
    other = torch.randn(z.shape, generator=random).to(z)
    for half in (fine, ~fine):
        length = (z * half).norm(dim=1, keepdim=True) / (other * half).norm(
            dim=1, keepdim=True
        ).clamp(min=1e-6)
        other = torch.where(half, other * length, other)
    return Mixture(torch.where(fine, other, z), torch.where(fine, z, other), crossover)


def mixed_styles(
    layers: Iterable[LayerInfo], coarse: Styles, fine: Styles, crossover: int
) -> dict[str, Tensor]:
    """Take styles of layers below ``crossover`` px from ``coarse``, the others from ``fine``."""
    low = {layer.name for layer in layers if layer.resolution < crossover}
    return {name: (coarse if name in low else fine)[name] for name in coarse}


def levels_of(
    names: Iterable[str], coarse: Collection[str], fine: Collection[str]
) -> tuple[int, ...]:
    """Side of the layers that decide each factor: 8 for coarse ones, 32 for fine ones, else 16."""
    return tuple(8 if name in coarse else 32 if name in fine else 16 for name in names)
