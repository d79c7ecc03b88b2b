"""Which factors transfers of each part moved, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.editing.query import PartRanking, Query
from localedit_core.generators.stylegan2 import normalize_second_moment
from measuring.comparison import Trial
from measuring.factors import (
    Design,
    Factors,
    Numbers,
    Products,
    Recovery,
    changes_of,
    groups_of,
    intended,
    random_swaps,
    recovery,
    single_design,
    swapped,
    whole_design,
)
from measuring.locality import GLOBAL_STEPS, PILOT, Parameters, Walk, query_of, trials_of
from measuring.subject import Subject, latents
from measuring.transfers import BATCH, Pair, unit_range

SWEEP: Parameters = {
    Method.SIMULTANEOUS: (*PILOT[Method.SIMULTANEOUS][2:], 50.0, 100.0),
    Method.GLOBAL: (0.1, *GLOBAL_STEPS, 0.8, 0.9, 1.0),
}
"""What the other methods try. The sequential query has its part's own epsilon and floor."""

CHECKS = 2
"""Pictures per pair and design with swaps in the generator's z."""


@dataclass(frozen=True, eq=False)
class Moves:
    """What was found with one design, pair by pair.

    Attributes:
        design: the factors, [G].
        slopes: [pairs, T, G].
        power: squared length of what swapping the factors changes, [pairs, G].
        explained: energy of the changes that the factors explain, [pairs, T].
        energy: of the changes, [pairs, T].
    """

    design: Design
    slopes: Numbers
    power: Numbers
    explained: Numbers
    energy: Numbers

    @classmethod
    def empty(cls, design: Design, trials: int, pairs: int) -> Moves:
        """Room for that many pairs."""
        factors = len(design)
        return cls(
            design,
            np.zeros((pairs, trials, factors)),
            np.zeros((pairs, factors)),
            np.zeros((pairs, trials)),
            np.zeros((pairs, trials)),
        )

    def add(self, pair: int, products: Products) -> None:
        """Store a pair's changes, [T]."""
        self.slopes[pair], self.explained[pair] = products.slopes()
        self.power[pair] = products.power
        self.energy[pair] = products.energy


@dataclass(frozen=True, eq=False)
class PartMoves:
    """What transfers of one part moved.

    Attributes:
        own: the factors that they ought to move.
        trials: the sequential query first.
        whole: by groups of factors.
        single: each of the part's own factors by itself.
    """

    own: Factors
    trials: tuple[Trial, ...]
    whole: Moves
    single: Moves


@dataclass(frozen=True, eq=False)
class Movement:
    """All that was measured.

    Attributes:
        parts: of those that have factors of their own.
        recovered: how well each design finds what was swapped in the generator's z.
        explained: share of the energy of what swapping groups in the generator's z changes, that
            the groups explain.
        without: parts that have no factors.
    """

    parts: dict[str, PartMoves]
    recovered: dict[Design, tuple[Recovery, ...]]
    explained: float
    without: tuple[str, ...]


def study_factors(
    subject: Subject,
    names: Sequence[str],
    pairs: Sequence[tuple[int, int]],
    size: int,
    progress: Callable[[int, int], None] | None = None,
) -> Movement:
    """Measure which factors transfers of parts move.

    Args:
        subject: what is measured.
        names: parts of its catalog.
        pairs: (target seed, reference seed).
        size: side of the pictures compared, from ``working_size``.
        progress: told (pairs done, pairs in all).

    Raises:
        LocalEditError: the catalog's pictures are truncated: the renderer's do not fit them.
    """
    subject.require_true_maps()
    world = subject.world
    parts: dict[str, PartMoves] = {}
    for name in names:
        own, trials = intended(world, name), _trials(subject, name)
        if own is not None:
            designs = (whole_design(world, name), single_design(world, name))
            whole, single = (Moves.empty(d, len(trials), len(pairs)) for d in designs)
            parts[name] = PartMoves(own, trials, whole, single)
    queries = [q for name, part in parts.items() for q in _queries(subject, name, part.trials)]
    # How many first factors of a design are swapped alone to check it; 0 for any of them.
    own_of: dict[Design, int] = {groups_of(world): 0}
    own_of.update((part.whole.design, 0) for part in parts.values())
    own_of.update((part.single.design, len(part.own.columns)) for part in parts.values())
    designs = tuple(own_of)
    checks = {design: Moves.empty(design, CHECKS, len(pairs)) for design in designs}
    swaps = {d: np.zeros((len(pairs), CHECKS, len(d)), np.bool_) for d in designs}
    factors = tuple(dict.fromkeys(each for design in designs for each in design))
    place = {each: n for n, each in enumerate(factors)}
    for number, seeds in enumerate(pairs):
        target, reference = normalize_second_moment(latents(world.z_dim, seeds))  # each [z_dim]
        source = np.random.default_rng([*seeds])
        wanted: list[Tensor] = []
        for design in designs:
            for n in range(CHECKS):
                chosen = random_swaps(design, target, reference, source, own_of[design])
                swaps[design][number, n] = chosen
                wanted.append(swapped(target, reference, _chosen(design, chosen)))
        drawn = [swapped(target, reference, [each]) for each in factors]
        moved = changes_of(_rendered(subject, torch.stack([target, *drawn]), size))
        made = changes_of(_generated(subject, torch.stack([target, *wanted]), size))
        edited = torch.from_numpy(Pair.of(subject, seeds, size).changes(queries))
        products = Products.of(moved, torch.cat([made, edited]))  # [checks + trials, factors]
        at = len(wanted)
        for part in parts.values():
            rows = slice(at, at + len(part.trials))
            at = rows.stop
            for moves in (part.whole, part.single):
                moves.add(number, products.part(rows, [place[f] for f in moves.design]))
        for row, design in enumerate(designs):
            rows = slice(CHECKS * row, CHECKS * (row + 1))
            checks[design].add(number, products.part(rows, [place[f] for f in design]))
        if progress is not None:
            progress(number + 1, len(pairs))
    recovered = {design: _recoveries(checks[design], swaps[design]) for design in designs}
    groups = checks[designs[0]]
    explained = float(groups.explained.sum() / groups.energy.sum())
    without = tuple(name for name in names if name not in parts)
    return Movement(parts, recovered, explained, without)


def _trials(subject: Subject, name: str) -> tuple[Trial, ...]:
    epsilon = subject.catalog.part(name).epsilon
    return (Trial(Method.SEQUENTIAL, epsilon), *trials_of(SWEEP))


def _queries(subject: Subject, name: str, trials: Sequence[Trial]) -> list[Query]:
    ranking = PartRanking.of(subject.catalog.contribution(name))
    walk = Walk(QuerySettings(floor=subject.catalog.part(name).floor))
    return [query_of(subject, ranking, trial, walk) for trial in trials]


def _chosen(design: Design, swaps: NDArray[np.bool_]) -> list[Factors]:
    return [each for each, chosen in zip(design, swaps, strict=True) if chosen]


def _rendered(subject: Subject, values: Tensor, size: int) -> Tensor:
    drawn = [subject.world.render_values(some, size)[0] for some in values.split(2 * BATCH)]
    return torch.cat(drawn)


def _generated(subject: Subject, z: Tensor, size: int) -> Tensor:
    with torch.inference_mode():
        made = [
            unit_range(subject.generator.synthesize(subject.styles(some), up_to=size).image)
            for some in z.split(BATCH)
        ]
    return torch.cat(made)


def _recoveries(moves: Moves, swaps: NDArray[np.bool_]) -> tuple[Recovery, ...]:
    power = np.repeat(moves.power, CHECKS, axis=0)  # [pairs * CHECKS, G]
    slopes, truth = moves.slopes.reshape(power.shape), swaps.reshape(power.shape)
    return tuple(
        recovery(each.name, slopes[:, g], power[:, g], truth[:, g])
        for g, each in enumerate(moves.design)
    )
