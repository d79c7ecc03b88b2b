"""Blocks in the mapping network: each group of factors keeps its own weights.

The layers stay the dense ones of the published network; weights between different blocks are zero
and are kept so. Any StyleGAN2 engine runs the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from localedit_core.generators.stylegan2 import StyleGAN2

WIDTH_PER_FACTOR = 4
WIDTH_PER_BLOCK = 8

Pair = tuple[slice, slice]


@dataclass(frozen=True)
class MappingBlocks:
    """Which rows and columns of the mapping network's weights belong to which block."""

    inputs: tuple[slice, ...]
    hidden: tuple[slice, ...]

    @classmethod
    def of(cls, groups: Mapping[str, slice]) -> MappingBlocks:
        """Lay out blocks whose width grows with the number of factors in the group."""
        hidden: list[slice] = []
        start = 0
        for group in groups.values():
            width = WIDTH_PER_FACTOR * (group.stop - group.start) + WIDTH_PER_BLOCK
            hidden.append(slice(start, start + width))
            start += width
        return cls(tuple(groups.values()), tuple(hidden))

    @property
    def width(self) -> int:
        """Length of w."""
        return int(self.hidden[-1].stop)

    def pairs(self, layer: int) -> list[Pair]:
        """Return the (rows, columns) of each block in the weight of a dense layer."""
        columns = self.inputs if layer == 0 else self.hidden
        return list(zip(self.hidden, columns, strict=True))

    def initialise(self, generator: StyleGAN2) -> dict[nn.Parameter, list[Pair]]:
        """Zero the weights off the blocks and scale the others up to unit variance.

        Returns the blocks of each weight, for the optimiser.
        """
        blocks: dict[nn.Parameter, list[Pair]] = {}
        for index in range(generator.config.mapping_layers):
            layer = generator.mapping.get_submodule(f"fc{index}")
            weight = layer.weight
            assert isinstance(weight, nn.Parameter)
            fresh: Tensor = torch.zeros_like(weight)
            for rows, columns in self.pairs(index):
                share = weight.shape[1] / (columns.stop - columns.start)
                fresh[rows, columns] = weight.detach()[rows, columns] * share**0.5
            with torch.no_grad():
                weight.copy_(fresh)
            blocks[weight] = self.pairs(index)
        return blocks
