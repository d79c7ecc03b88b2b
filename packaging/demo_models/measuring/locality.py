"""Change inside and outside each part, pair by pair, for queries chosen in three ways.

The definition is that of ``localedit_core.evaluation.locality``: the region is the part on the
target, and each change is taken relative to that between target and reference in the same region.
Here every pair's own numbers are kept, all parts are measured together, and the region is taken
twice: from the renderer's true map and from the catalog's clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import EPSILON_MAX, Method, QuerySettings
from localedit_core.editing.query import PartRanking, Query, solve
from localedit_core.evaluation.pairs import seed_pairs
from measuring.comparison import MASKS, PartChanges, Trial, pooled_curve
from measuring.subject import Subject, latents
from measuring.transfers import Pair, split_means

Parameters = Mapping[Method, tuple[float, ...]]

GLOBAL_STEPS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
"""Lambda of the global query. One picture serves all parts, so there may be many."""

PILOT = {
    Method.SIMULTANEOUS: tuple(0.2 * 1.45**n for n in range(14)),
    Method.SEQUENTIAL: tuple(0.25 * 1.6**n for n in range(15)),
}
"""What a pilot tries: lambda from 0.2 to 25, epsilon from 0.25 to 180."""

STRENGTHS = tuple(0.12 * (1.0 / 0.12) ** (n / 9) for n in range(10))
"""What a pilot tries where the strength grows: 0.12 to 1, evenly in ratio."""

STEPS = {Method.SIMULTANEOUS: 7, Method.SEQUENTIAL: 9}
"""Parameters per part. The sequential query goes in jumps, one per channel, and needs more."""

INTEREST = (0.08, 0.45)
"""In-MSE from which to which parameters are spread."""

FLOORS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4)
"""Of which the sequential queries of a part take one, as a pilot advises."""

FLOORS_AT = (0.3, 0.2, 0.1)
"""In-MSE at which floors are compared: the first that one of them reaches."""

ALIKE = 1.02
"""Out-MSE up to which a floor counts as no worse than another."""

CLEAR_AREA = 0.004
"""Share of the target's pixels from which a part is there clearly."""

POOL = 4
"""Pairs that a pilot looks through, for each that it measures: some parts are rare."""

PILOT_SEED = 1_500_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Walk:
    """How a part's sequential queries go from no change to a large one.

    Attributes:
        settings: their floor and layers.
        by: what grows: epsilon, with all of each channel's difference (the paper); or the edit's
            strength, with the whole budget, so that all channels above the floor move by a share
            of theirs.
    """

    settings: QuerySettings
    by: Literal["epsilon", "strength"] = "epsilon"

    @property
    def tried(self) -> tuple[float, ...]:
        """What a pilot tries of it."""
        return PILOT[Method.SEQUENTIAL] if self.by == "epsilon" else STRENGTHS

    @property
    def tried_roughly(self) -> tuple[float, ...]:
        """Half as many, up to the largest that there is."""
        if self.by == "epsilon":
            return (*self.tried[::2], EPSILON_MAX)
        return (*self.tried[:-1:2], self.tried[-1])


def trials_of(parameters: Parameters) -> tuple[Trial, ...]:
    """Return the trials of methods and their parameters, by method and growing parameter."""
    return tuple(Trial(m, value) for m, values in parameters.items() for value in sorted(values))


def query_of(subject: Subject, ranking: PartRanking, trial: Trial, walk: Walk) -> Query:
    """Return the query of a trial; the walk, which only sequential ones have, says what grows."""
    layers = subject.generator.layers
    if trial.method is not Method.SEQUENTIAL:
        return solve(ranking, QuerySettings(method=trial.method, lam=trial.parameter), layers)
    grows = walk.by == "epsilon"
    epsilon = trial.parameter if grows else EPSILON_MAX
    query = solve(ranking, replace(walk.settings, method=trial.method, epsilon=epsilon), layers)
    strength = np.float32(1.0 if grows else trial.parameter)
    return {name: strength * shares for name, shares in query.items()}


def study(
    subject: Subject,
    parameters: Mapping[str, Parameters],
    pairs: Sequence[tuple[int, int]],
    size: int,
    *,
    walks: Mapping[str, Walk] | None = None,
    clear: int | None = None,
    progress: Progress | None = None,
) -> dict[str, PartChanges]:
    """Measure every trial on every pair.

    Args:
        subject: what is measured.
        parameters: part -> the parameters of each method.
        pairs: (target seed, reference seed).
        size: side of the pictures compared, from ``working_size``.
        walks: part -> how its sequential queries grow; None takes each part's own floor, all
            layers, and epsilon. The other methods have neither.
        clear: measure each part on so many pairs at most, the first whose targets show it clearly;
            None measures it wherever it is.
        progress: told (pairs done, pairs in all).

    Returns:
        Part -> the change of each pair and trial; the masks are (true, catalog).

    Raises:
        LocalEditError: the catalog's pictures are truncated: they have no true map.
    """
    subject.require_true_maps()
    trials = {name: trials_of(chosen) for name, chosen in parameters.items()}
    queries = {name: _queries(subject, name, trials[name], walks) for name in trials}
    found = {name: PartChanges.empty(trials[name], len(pairs)) for name in trials}
    for number, seeds in enumerate(pairs):
        if clear is not None and all(len(c.usable(0)) == clear for c in found.values()):
            break
        pair = Pair.of(subject, seeds, size)
        truth = subject.truth(latents(subject.world.z_dim, seeds[:1]), size)[0]
        shared: dict[Trial, NDArray[np.float64]] = {}  # global transfers are those of any part
        for name, changes in found.items():
            masks = _masks(subject, name, truth, pair.target_parts)
            unclear = clear is not None and masks[0].mean() < CLEAR_AREA
            if unclear or len(changes.usable(0)) == clear or not masks.any():
                continue
            own = [n for n, trial in enumerate(trials[name]) if trial not in shared]
            errors = pair.errors([queries[name][n] for n in own])
            made = shared | {trials[name][n]: errors[i] for i, n in enumerate(own)}
            shared = {t: error for t, error in made.items() if t.method is Method.GLOBAL}
            every = np.stack([pair.full, *[made[trial] for trial in trials[name]]])
            changes.add(number, split_means(every, masks), masks.mean(axis=1))
        if progress is not None:
            progress(number + 1, len(pairs))
    return found


def choose_floors(
    subject: Subject, names: Sequence[str], size: int, *, pairs: int = 10
) -> dict[str, float]:
    """Choose the floor of each part's sequential queries on a few pairs of their own.

    A floor keeps channels out that hardly belong to the part, but takes reach. It is the one with
    the least change outside, by ``least_leak``.
    """
    pool = seed_pairs(POOL * pairs, first_seed=PILOT_SEED)
    found = {}
    for floor in FLOORS:
        walk = Walk(QuerySettings(floor=floor))
        sweep = {Method.SEQUENTIAL: walk.tried_roughly}
        found[floor] = study(
            *(subject, dict.fromkeys(names, sweep), pool, size),
            walks=dict.fromkeys(names, walk),
            clear=pairs,
        )
    return {name: least_leak({f: found[f][name] for f in FLOORS}) for name in names}


def least_leak(found: Mapping[float, PartChanges]) -> float:
    """Return the floor whose sequential queries change least outside where they are compared.

    That is on the true masks, at the first of ``FLOORS_AT`` which some floor reaches. Of floors
    within ``ALIKE`` of the best, as small budgets meet none, it is the highest. Where none goes so
    far, it is the lowest.
    """
    curves = {f: pooled_curve(c, Method.SEQUENTIAL, MASKS.index("true")) for f, c in found.items()}
    for at in FLOORS_AT:
        outs = {floor: curve.out_at(at) for floor, curve in curves.items() if curve is not None}
        leaks = {floor: out for floor, out in outs.items() if out is not None}
        if leaks:
            least = min(leaks.values())
            return max(floor for floor, leak in leaks.items() if leak <= ALIKE * least)
    return min(found)


def choose_parameters(
    subject: Subject, walks: Mapping[str, Walk], size: int, *, pairs: int = 10
) -> dict[str, Parameters]:
    """Choose the parameters of each part and method, spread over the In-MSE that are compared.

    A few pairs of their own are measured over a wide range; what lies within ``INTEREST``, on
    either mask, is divided evenly in ratio. Straight lines between points further apart would
    overrate the change outside, the more so for curves that bend much.

    Args:
        subject: what is measured.
        walks: part -> how its sequential queries grow.
        size: side of the pictures compared.
        pairs: how many show each part.
    """
    pool = seed_pairs(POOL * pairs, first_seed=PILOT_SEED)
    wide = {name: PILOT | {Method.SEQUENTIAL: walk.tried} for name, walk in walks.items()}
    pilot = study(subject, wide, pool, size, walks=walks, clear=pairs)
    return {
        name: {
            Method.GLOBAL: GLOBAL_STEPS,
            **{method: spread(pilot[name], method, STEPS[method]) for method in PILOT},
        }
        for name in walks
    }


def spread(changes: PartChanges, method: Method, count: int) -> tuple[float, ...]:
    """Return parameters evenly in ratio, from below ``INTEREST`` to above it.

    Where a pilot does not come so far, they end where it stops growing. Where it says nothing, as
    the part was on no picture, they go over all that it tried.
    """
    low, high = [], []
    for mask in range(changes.full.shape[1]):
        curve = pooled_curve(changes, method, mask)
        if curve is None:
            continue
        inside = np.array([point.in_mse for point in curve.points])
        tried = [point.parameter for point in curve.points]
        start = int(np.argmax(inside >= INTEREST[0])) if inside.max() >= INTEREST[0] else 1
        end = int(np.argmax(inside >= min(INTEREST[1], 0.999 * inside.max())))
        low.append(tried[max(start - 1, 1)])  # the first point is the unchanged picture
        high.append(tried[end])
    tried = [trial.parameter for trial in changes.trials if trial.method is method]
    ends = (min(low), max(high)) if low else (tried[0], tried[-1])
    return tuple(np.geomspace(min(ends[0], ends[1] / 1.5), ends[1], count).tolist())


def _queries(
    subject: Subject, name: str, trials: Sequence[Trial], walks: Mapping[str, Walk] | None
) -> list[Query]:
    own = Walk(QuerySettings(floor=subject.catalog.part(name).floor))
    walk = own if walks is None else walks[name]
    ranking = PartRanking.of(subject.catalog.contribution(name))
    return [query_of(subject, ranking, trial, walk) for trial in trials]


def _masks(
    subject: Subject, name: str, truth: NDArray[np.uint8], parts: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Return where a part is by the true map and by the catalog, [2, pixels]."""
    names = [part.name for part in subject.catalog.parts]
    by_catalog = parts == names.index(name)
    known = name in subject.true_names
    true = truth == subject.true_names.index(name) if known else np.zeros_like(by_catalog)
    return np.stack([true.ravel(), by_catalog.ravel()])
