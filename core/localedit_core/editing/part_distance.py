"""How far a reference's part is from the target's, told from styles alone: no picture is made.

The paper leaves open which reference to take. Here references are ordered by

    d(R) = sum_l 1 / v_l * sum_c q_lc^2 M_lc (sigma_R,lc - sigma_S,lc)^2

the squared move that the part's query makes (Eq. 5, at the catalog's own budget and floor), where
M counts how much of a channel's energy lies in the part. Layers differ in how large their styles
are: v_l is the variance of a layer's styles over seeds. Without M, or without v_l, the order agrees
less with the change that is then measured in the part.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.query import Query, solve
from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.classes import class_labels
from localedit_core.latents import Latent, sample_z

SPREAD_SEEDS = 256
"""Seeds 0 to 255 tell how much the styles of each layer vary."""

_MAPPED_KEPT = 16_384  # 34 MB of w with 512 values


def part_distances(
    anchor: Styles,
    others: Styles,
    query: Query,
    contribution: Mapping[str, NDArray[np.floating[Any]]],
    spread: Mapping[str, float],
) -> NDArray[np.float64]:
    """d of the module's text.

    Args:
        anchor: sigma_S, name -> [1, C_l].
        others: sigma_R of N references, name -> [N, C_l].
        query: q_l [C_l] of the part; layers that are missing do not count.
        contribution: M_l [C_l] of the part.
        spread: v_l; a layer without any counts nothing.

    Returns:
        [N], at least 0.
    """
    total = np.zeros(len(next(iter(others.values()))))
    for name, shares in query.items():
        weights = np.asarray(shares) ** 2 * contribution[name]  # [C]
        moved = np.flatnonzero(weights)
        if not len(moved) or not spread[name] > 0.0:
            continue
        difference = (others[name][:, moved] - anchor[name][:, moved]).double().cpu().numpy()
        total += difference**2 @ (weights[moved] / spread[name])  # [N]
    return total


def style_spread(styles: Styles) -> dict[str, float]:
    """v_l: the variance of each channel over pictures, averaged over the layer's channels.

    Args:
        styles: name -> [N, C_l].
    """
    return {
        name: float(values.double().var(dim=0, unbiased=False).mean())
        for name, values in styles.items()
    }


class MappedSeeds:
    """Styles of many seeds at once; mapped latents are kept, so that a second time costs less.

    Args:
        generator: whose.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._kept: OrderedDict[tuple[int, int | None], Tensor] = OrderedDict()

    @torch.inference_mode()
    def styles(self, seeds: Sequence[int], psi: float, class_index: int | None = None) -> Styles:
        """The styles of some seeds, name -> [N, C_l], on the CPU."""
        new = [seed for seed in seeds if (seed, class_index) not in self._kept]
        if new:
            z = np.concatenate([sample_z(seed, self._generator.z_dim) for seed in new])
            labels = class_labels(self._generator.c_dim, class_index, len(new))
            mapped = self._generator.mapping(torch.from_numpy(z), labels).cpu()  # [N, w_dim]
            self._kept.update({(seed, class_index): w for seed, w in zip(new, mapped, strict=True)})
        w = torch.stack([self._kept[seed, class_index] for seed in seeds])  # [N, w_dim]
        while len(self._kept) > _MAPPED_KEPT:
            self._kept.popitem(last=False)
        styles = self._generator.styles(self._generator.broadcast(w, psi))
        return {name: style.cpu() for name, style in styles.items()}


class PartDistances:
    """Distances of seeds from one picture, as far as one part goes.

    Args:
        pipeline: knows generator and catalog.
        mapped: of the same generator.
        part: name of the part.
        anchor: the picture that distances count from; the target, or a reference that is liked.
        psi: truncation of the seeds.
        class_index: their class.

    Raises:
        LocalEditError: the catalog has no such part, or the generator has no styles.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        mapped: MappedSeeds,
        part: str,
        anchor: Latent,
        psi: float,
        class_index: int | None = None,
    ) -> None:
        found = pipeline.catalog.part(part)
        self._contribution = pipeline.catalog.contribution(part)
        settings = QuerySettings(epsilon=found.epsilon, floor=found.floor)
        self._query = solve(self._contribution, settings, pipeline.model.generator.layers)
        self._anchor = pipeline.styles(anchor)
        self._mapped, self._psi, self._class = mapped, psi, class_index
        self._spread = style_spread(mapped.styles(range(SPREAD_SEEDS), psi, class_index))

    def of(self, seeds: Sequence[int]) -> NDArray[np.float64]:
        """The distances of some seeds, [N]."""
        others = self._mapped.styles(seeds, self._psi, self._class)
        return part_distances(self._anchor, others, self._query, self._contribution, self._spread)
