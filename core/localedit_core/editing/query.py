"""Queries: how far each style channel moves from target to reference, so that one part follows.

Per layer the sequential query maximises sum q * (M - rho * (1 - M)) subject to
sum q * (1 - M) <= epsilon and 0 <= q <= 1 (Eq. 5 of the paper, where "arg min" can only mean arg
max). The programme is a fractional knapsack: channels are taken whole by falling M while the budget
lasts, the first that does not fit is taken in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import EpsilonUnit, Method, QuerySettings
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import LayerInfo

Query = dict[str, NDArray[np.float64]]
"""Layer name -> q_l [C_l]: 0 leaves a channel as the target has it, 1 takes the reference's."""

PAPER_WIDTH = 512
"""Channels of a layer for which "per 512" and absolute budgets are the same."""


@dataclass(frozen=True, eq=False)
class LayerRanking:
    """One layer's channels in the order in which a budget takes them.

    Attributes:
        contribution: M, [C] in [0, 1].
        order: channel indices by falling M, [C]; equal ones in their own order.
        relevance: M in that order.
        spent: running sum of the costs 1 - M in that order: what the first n + 1 channels take.
    """

    contribution: NDArray[np.float64]
    order: NDArray[np.intp]
    relevance: NDArray[np.float64]
    spent: NDArray[np.float64]

    def above(self, floor: float) -> int:
        """How many channels have M above the floor."""
        rising = self.relevance[::-1]
        return len(rising) - int(np.searchsorted(rising, floor, side="right"))


@dataclass(frozen=True, eq=False)
class PartRanking:
    """All layers of one part, sorted and cumulated once: each slider tick is a binary search.

    Attributes:
        layers: layer name -> ranking.
    """

    layers: Mapping[str, LayerRanking]

    @classmethod
    def of(cls, contribution: Mapping[str, NDArray[np.floating[Any]]]) -> PartRanking:
        """Rank a part's M: layer name -> [C_l], as ``Catalog.contribution`` makes it."""
        return cls({name: _rank(values) for name, values in contribution.items()})


def _rank(values: NDArray[np.floating[Any]]) -> LayerRanking:
    contribution = np.asarray(values, dtype=np.float64)
    order = np.argsort(-contribution, kind="stable")
    relevance = contribution[order]
    return LayerRanking(contribution, order, relevance, np.cumsum(1.0 - relevance))


def rank_parts(catalog: Catalog) -> dict[str, PartRanking]:
    """The rankings of all parts of a catalog, part name -> ranking."""
    return {part.name: PartRanking.of(catalog.contribution(part.name)) for part in catalog.parts}


def solve(
    ranking: PartRanking | Mapping[str, NDArray[np.floating[Any]]],
    settings: QuerySettings,
    layers: Iterable[LayerInfo],
) -> Query:
    """The query of a part.

    - Sequential: the optimum above. Channels with M at or below ``settings.floor`` get 0, which
      is where their objective M - rho * (1 - M) stops being positive. A channel with M = 1 costs
      nothing and moves at any budget.
    - Authors: whole channels only, while the running sum stays strictly below the budget; the
      budget is spent before the floor is applied.
    - Simultaneous (Eq. 4): min(1, lambda * M). Global (Eq. 2): min(1, lambda). Neither has a floor
      in the paper, nor here.

    Layer bands scale epsilon for the first two and lambda for the others; a band at 0 leaves its
    layers alone. Without ``settings.colour_layers`` toRGB layers are left alone. Blending moves no
    styles: its query is 0.

    Args:
        ranking: of the part; or its M, which is then ranked here.
        settings: method and parameters.
        layers: the generator's layers.

    Returns:
        q of every layer of ``layers``.

    Raises:
        LocalEditError: M is missing for a layer or has another width, or the layers have no styles.
    """
    layers = tuple(layers)
    require_styles(layers)
    if not isinstance(ranking, PartRanking):
        ranking = PartRanking.of(ranking)
    return {layer.name: _solve_layer(ranking, settings, layer) for layer in layers}


def require_styles(layers: Iterable[LayerInfo]) -> None:
    """Raise a ``LocalEditError`` where layers have no styles, which no query can move then."""
    if any(layer.kind == "plain" for layer in layers):
        raise LocalEditError(
            "This generator has no styles: no part's look can be moved from picture to picture.",
            "Use the method feature-blending or poisson-blending, which work without.",
        )


def budget(settings: QuerySettings, layer: LayerInfo) -> float:
    """The budget of a layer in channels, its band included."""
    scale = settings.bands.scale(layer.input_resolution)
    if settings.unit is EpsilonUnit.PER_512:
        scale *= layer.channels / PAPER_WIDTH
    return settings.epsilon * scale


def _solve_layer(
    part: PartRanking, settings: QuerySettings, layer: LayerInfo
) -> NDArray[np.float64]:
    ranking = part.layers.get(layer.name)
    if ranking is None or len(ranking.contribution) != layer.channels:
        raise LocalEditError(
            f"The catalog does not describe the {layer.channels} channels of {layer.name}.",
            "Use a catalog that was built for this generator.",
        )
    band = settings.bands.scale(layer.input_resolution)
    if band == 0.0 or (layer.kind == "torgb" and not settings.colour_layers):
        return np.zeros(layer.channels)
    match settings.method:
        case Method.SEQUENTIAL:
            return _sequential(ranking, budget(settings, layer), settings.floor)
        case Method.AUTHORS:
            return _authors(ranking, budget(settings, layer), settings.floor)
        case Method.SIMULTANEOUS:
            return np.minimum(settings.lam * band * ranking.contribution, 1.0)
        case Method.GLOBAL:
            return np.full(layer.channels, min(settings.lam * band, 1.0))
        case Method.FEATURE_BLENDING | Method.POISSON_BLENDING:
            return np.zeros(layer.channels)
        case Method.PER_IMAGE:
            raise ValueError("a per-image query is made of two pictures: see editing.per_image")


def _sequential(ranking: LayerRanking, epsilon: float, floor: float) -> NDArray[np.float64]:
    query = np.zeros(len(ranking.order))
    relevant = ranking.above(floor)
    fitting = int(np.searchsorted(ranking.spent, epsilon, side="right"))
    query[ranking.order[: min(relevant, fitting)]] = 1.0
    if fitting < relevant:
        before = ranking.spent[fitting - 1] if fitting else 0.0
        fraction = (epsilon - before) / (1.0 - ranking.relevance[fitting])
        query[ranking.order[fitting]] = min(fraction, 1.0)
    return query


def _authors(ranking: LayerRanking, epsilon: float, floor: float) -> NDArray[np.float64]:
    query = np.zeros(len(ranking.order))
    fitting = int(np.searchsorted(ranking.spent, epsilon, side="left"))
    query[ranking.order[:fitting]] = 1.0
    query[ranking.contribution <= floor] = 0.0
    return query
