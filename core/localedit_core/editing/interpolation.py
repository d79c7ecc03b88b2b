"""Moving styles towards a reference's, channel by channel (Eq. 2 with a query per channel)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.generators.base import Styles


@dataclass(frozen=True, eq=False)
class StyleMove:
    """One edit's move of styles: sigma + share * (sigma_R - sigma), channel by channel.

    Attributes:
        shares: name -> [C_l], the query with the edit's strength in it; layers that are missing
            stay.
        reference: what they move towards, name -> [N or 1, C_l].
    """

    shares: Mapping[str, NDArray[np.float64]]
    reference: Styles

    @classmethod
    def of(
        cls, query: Mapping[str, NDArray[np.float64]], reference: Styles, strength: float
    ) -> StyleMove:
        """The move of a query, q_l [C_l] by layer, at a strength from 0 to 1."""
        return cls({name: strength * shares for name, shares in query.items()}, reference)


def interpolate(
    styles: Styles,
    reference: Styles,
    query: Mapping[str, NDArray[np.floating[Any]]],
    strength: float = 1.0,
) -> Styles:
    """sigma + strength * q * (sigma_R - sigma), layer by layer.

    Args:
        styles: name -> [N, C_l].
        reference: name -> [N or 1, C_l].
        query: name -> q_l [C_l] in [0, 1]; layers that are missing stay.
        strength: factor on the query, 0 to 1.

    Returns:
        name -> [N, C_l]. A channel that does not move keeps its very value, one that moves all the
        way takes the reference's, and a layer in which nothing moves is the same tensor.
    """
    moved = dict(styles)
    for name, shares in query.items():
        weights = np.asarray(shares, dtype=np.float64) * strength  # [C]
        if weights.any():
            sigma = styles[name]
            weight = torch.from_numpy(weights).to(sigma.device, sigma.dtype)
            # lerp is exact at both ends, sigma + weight * difference only at 0.
            moved[name] = torch.lerp(sigma, reference[name].to(sigma), weight)  # [N, C]
    return moved
