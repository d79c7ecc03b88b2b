"""Choosing how each part's sequential queries grow, on pilot pairs.

Eq. 5 is solved layer by layer, and each layer's budget may be scaled: the paper's authors give the
layers at 4 and 8 px a tenth of the others' or none. A small change can be made by a small budget,
which moves few channels by all of their difference, or by a small strength, which moves many by a
little. Which layers, which floor and which of the two a part needs differs from part to part, so
they are chosen by what leaks least.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import mean
from typing import Any

from localedit_core.editing.edit import LayerBands, Method, QuerySettings
from localedit_core.evaluation.curves import Curve
from localedit_core.evaluation.pairs import seed_pairs
from measuring.comparison import MASKS, MATCHED, PartChanges, pooled_curve
from measuring.locality import PILOT, PILOT_SEED, POOL, Parameters, Walk, study
from measuring.subject import Subject
from measuring.tuning import FLOORS

COARSE = (1.0, 0.3, 0.0)
MIDDLE = (1.0, 0.1)
"""Shares of epsilon for layers at 4 and 8 px, and at 16 and 32 px."""

ROUNDS = 3
"""How often all is gone through, at most: each depends on the others."""

ALIKE = 1.02
"""Score up to which a walk counts as no worse than another."""

SHORT = 2.0
"""Ratio that counts where a walk ends too early: what cannot be done is worse than what leaks."""

PLAIN = Walk(QuerySettings(floor=max(FLOORS)))


def _with(walk: Walk, **changes: Any) -> Walk:
    return replace(walk, settings=replace(walk.settings, **changes))


def _bands(walk: Walk, **changes: float) -> LayerBands:
    return replace(walk.settings.bands, **changes)


AXES: tuple[tuple[Callable[[Walk], Walk], ...], ...] = (
    tuple(lambda w, v=v: _with(w, floor=v) for v in sorted(FLOORS, reverse=True)),
    (lambda w: replace(w, by="epsilon"), lambda w: replace(w, by="strength")),
    tuple(lambda w, v=v: _with(w, bands=_bands(w, coarse=v)) for v in COARSE),
    tuple(lambda w, v=v: _with(w, bands=_bands(w, middle=v)) for v in MIDDLE),
    tuple(lambda w, v=v: _with(w, colour_layers=v) for v in (True, False)),
)
"""What is varied, one after the other; of values that leak alike, the first is taken."""

Tell = Callable[[str], None]


def choose_walks(
    subject: Subject, names: Sequence[str], size: int, *, pairs: int = 10, tell: Tell | None = None
) -> dict[str, Walk]:
    """Choose floor, layers and what grows of each part's sequential queries.

    One thing is varied at a time, the best value kept, ``ROUNDS`` times over. The pairs are a
    pilot's own, never those that are measured.

    Args:
        subject: what is measured.
        names: of the parts.
        size: side of the pictures compared.
        pairs: how many show each part.
        tell: told what was just tried.

    Returns:
        Part -> how its queries grow.
    """
    pool = seed_pairs(POOL * pairs, first_seed=PILOT_SEED)
    plain = {Method.SIMULTANEOUS: PILOT[Method.SIMULTANEOUS][::2]}
    compared = study(subject, dict.fromkeys(names, plain), pool, size, clear=pairs)
    known: dict[tuple[str, Walk], float] = {}

    def measure(wanted: Mapping[str, Walk]) -> None:
        new = {name: walk for name, walk in wanted.items() if (name, walk) not in known}
        sweeps: dict[str, Parameters] = {
            name: {Method.SEQUENTIAL: walk.tried_roughly} for name, walk in new.items()
        }
        found = study(subject, sweeps, pool, size, walks=new, clear=pairs) if new else {}
        for name, changes in found.items():
            known[name, new[name]] = score(changes, compared[name])

    chosen = dict.fromkeys(names, PLAIN)
    for _ in range(ROUNDS):
        before = dict(chosen)
        for number, axis in enumerate(AXES):
            for place, vary in enumerate(axis):
                measure({name: vary(walk) for name, walk in chosen.items()})
                if tell is not None:
                    tell(f"tried value {place + 1} of {len(axis)}, axis {number + 1}")
            for name, walk in chosen.items():
                scores = {vary(walk): known[name, vary(walk)] for vary in axis}
                chosen[name] = first_of_the_best(scores)
        if chosen == before:
            break
    return chosen


def first_of_the_best(scores: Mapping[Walk, float]) -> Walk:
    """Return the first of the walks whose score is within ``ALIKE`` of the lowest."""
    least = min(scores.values())
    return next(walk for walk, found in scores.items() if found <= ALIKE * least)


def score(sequential: PartChanges, simultaneous: PartChanges) -> float:
    """Return how much sequential queries leak, as a share of simultaneous ones: lower is better.

    It is the geometric mean over ``MATCHED`` of the ratio of Out-MSE, on the true masks. Where a
    walk does not go so far, it counts as ``SHORT``. What neither reaches is left out; where nothing
    can be compared, the score is 1.
    """
    mask = MASKS.index("true")
    own = pooled_curve(sequential, Method.SEQUENTIAL, mask)
    other = pooled_curve(simultaneous, Method.SIMULTANEOUS, mask)
    if own is None or other is None:
        return 1.0
    logs = [_log_ratio(own, other, at) for at in MATCHED if (other.out_at(at) or 0.0) > 0.0]
    return math.exp(mean(logs)) if logs else 1.0


def _log_ratio(own: Curve, other: Curve, at: float) -> float:
    out, compared = own.out_at(at), other.out_at(at)
    if out is None or compared is None:
        return math.log(SHORT)
    return math.log(max(out, 1e-12) / compared)
