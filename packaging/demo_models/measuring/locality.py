"""Change inside and outside each part, pair by pair, for queries chosen in three ways.

The definition is that of ``localedit_core.evaluation.locality``: the region is the part on the
target, and each change is taken relative to that between target and reference in the same region.
Here every pair's own numbers are kept, all parts are measured together, and the region is taken
twice: from the renderer's true map and from the catalog's clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.editing.query import PartRanking, Query, solve
from localedit_core.evaluation.curves import DEFAULT_SWEEPS
from localedit_core.evaluation.locality import seed_pairs
from measuring.comparison import PartChanges, Trial, pooled_curve
from measuring.subject import Subject, latents
from measuring.transfers import Pair, split_means

Parameters = Mapping[Method, tuple[float, ...]]

GLOBAL_STEPS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
"""Lambda of the global query. One picture serves all parts, so there may be many."""

AIMS = (0.07, 0.1, 0.2, 0.3, 0.4, 0.55)
"""In-MSE at which the other methods are tried, as a pilot foretells it."""

Progress = Callable[[int, int], None]


def trials_of(parameters: Parameters) -> tuple[Trial, ...]:
    """Return the trials of methods and their parameters, by method and growing parameter."""
    return tuple(Trial(m, value) for m, values in parameters.items() for value in sorted(values))


def query_of(
    subject: Subject, ranking: PartRanking, trial: Trial, settings: QuerySettings
) -> Query:
    """Return the query of a trial, which overrides the settings' method and epsilon or lambda."""
    if trial.method in (Method.SEQUENTIAL, Method.AUTHORS):
        settings = replace(settings, method=trial.method, epsilon=trial.parameter)
    else:
        settings = replace(settings, method=trial.method, lam=trial.parameter)
    return solve(ranking, settings, subject.generator.layers)


def study(
    subject: Subject,
    parameters: Mapping[str, Parameters],
    pairs: Sequence[tuple[int, int]],
    size: int,
    *,
    floor: float | None = None,
    progress: Progress | None = None,
) -> dict[str, PartChanges]:
    """Measure every trial on every pair.

    Args:
        subject: what is measured.
        parameters: part -> the parameters of each method.
        pairs: (target seed, reference seed).
        size: side of the pictures compared, from ``working_size``.
        floor: of the sequential queries; None takes each part's own.
        progress: told (pairs done, pairs in all).

    Returns:
        Part -> the change of each pair and trial; the masks are (true, catalog).

    Raises:
        LocalEditError: the catalog's pictures are truncated: they have no true map.
    """
    subject.require_true_maps()
    trials = {name: trials_of(chosen) for name, chosen in parameters.items()}
    queries = {name: _queries(subject, name, trials[name], floor) for name in trials}
    found = {name: PartChanges.empty(trials[name], len(pairs)) for name in trials}
    for number, seeds in enumerate(pairs):
        pair = Pair.of(subject, seeds, size)
        truth = subject.truth(latents(subject.world.z_dim, seeds[:1]), size)[0]
        shared: dict[Trial, NDArray[np.float64]] = {}  # global transfers are those of any part
        for name, changes in found.items():
            masks = _masks(subject, name, truth, pair.target_parts)
            if not masks.any():
                continue  # nothing could be measured
            own = [n for n, trial in enumerate(trials[name]) if trial not in shared]
            errors = pair.errors([queries[name][n] for n in own])
            made = shared | {trials[name][n]: errors[i] for i, n in enumerate(own)}
            shared = {t: error for t, error in made.items() if t.method is Method.GLOBAL}
            every = np.stack([pair.full, *[made[trial] for trial in trials[name]]])
            changes.add(number, split_means(every, masks), masks.mean(axis=1))
        if progress is not None:
            progress(number + 1, len(pairs))
    return found


def choose_parameters(
    subject: Subject,
    names: Sequence[str],
    size: int,
    *,
    pairs: int = 10,
    floor: float | None = None,
) -> dict[str, Parameters]:
    """Choose a few budgets per part and method, close to the In-MSE that are compared.

    A few pairs of their own are measured with the wide sweeps of the core; the parameters at which
    they come to ``AIMS``, on the mean of both masks, are taken. An In-MSE that is not reached
    stands for the sweep's end, so that a curve's reach is measured too.
    """
    wide = {m: DEFAULT_SWEEPS[m][1:] for m in (Method.SIMULTANEOUS, Method.SEQUENTIAL)}
    seeds = seed_pairs(pairs, first_seed=1_500_000)
    pilot = study(subject, dict.fromkeys(names, wide), seeds, size, floor=floor)
    return {
        name: {
            Method.GLOBAL: GLOBAL_STEPS,
            **{method: _aimed(pilot[name], method) for method in wide},
        }
        for name in names
    }


def _aimed(changes: PartChanges, method: Method) -> tuple[float, ...]:
    """Return the parameters at which a pilot's curves come to ``AIMS``."""
    sweep = DEFAULT_SWEEPS[method]
    chosen: set[float] = set()
    for mask in range(changes.full.shape[1]):
        curve = pooled_curve(changes, method, mask)
        if curve is None:
            continue
        inside = np.maximum.accumulate([0.0, *(p.in_mse for p in curve.points)])
        parameters = [0.0, *(p.parameter for p in curve.points)]
        reached = [aim for aim in AIMS if aim <= inside[-1]]
        chosen |= {float(np.interp(aim, inside, parameters)) for aim in reached}
        if len(reached) < len(AIMS):
            chosen.add(sweep[-1])
    return _thinned(chosen, len(AIMS)) or sweep[1::2]


def _thinned(values: set[float], count: int) -> tuple[float, ...]:
    """Return at most ``count`` of the values, the two closest in ratio becoming one until then."""
    ordered = sorted(value for value in values if value > 0)
    while len(ordered) > count:
        ratios = [high / low for low, high in pairwise(ordered)]
        at = int(np.argmin(ratios))
        middle = float(np.sqrt(ordered[at] * ordered[at + 1]))
        # The ends say how far a curve goes: they stay.
        merged = ordered[0] if at == 0 else middle
        merged = ordered[-1] if at + 2 == len(ordered) else merged
        ordered[at : at + 2] = [merged]
    return tuple(ordered)


def _queries(
    subject: Subject, name: str, trials: Sequence[Trial], floor: float | None
) -> list[Query]:
    part = subject.catalog.part(name)
    settings = QuerySettings(floor=part.floor if floor is None else floor)
    ranking = PartRanking.of(subject.catalog.contribution(name))
    return [query_of(subject, ranking, trial, settings) for trial in trials]


def _masks(
    subject: Subject, name: str, truth: NDArray[np.uint8], parts: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Return where a part is by the true map and by the catalog, [2, pixels]."""
    names = [part.name for part in subject.catalog.parts]
    by_catalog = parts == names.index(name)
    known = name in subject.true_names
    true = truth == subject.true_names.index(name) if known else np.zeros_like(by_catalog)
    return np.stack([true.ravel(), by_catalog.ravel()])
