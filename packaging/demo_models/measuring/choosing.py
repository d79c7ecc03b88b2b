"""Choosing the layers and the floor of each part's sequential queries, on pilot pairs.

Eq. 5 is solved layer by layer, and each layer's budget may be scaled: the paper's authors give the
layers at 4 and 8 px a tenth of the others' or none. Which layers a part needs differs from part to
part, as does the floor, so both are chosen by what leaks least.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import mean

from localedit_core.editing.edit import EPSILON_MAX, Method, QuerySettings
from localedit_core.evaluation.curves import Curve
from localedit_core.evaluation.pairs import seed_pairs
from measuring.comparison import MASKS, MATCHED, PartChanges, pooled_curve
from measuring.locality import FLOORS, PILOT, PILOT_SEED, POOL, Parameters, study
from measuring.subject import Subject

COARSE = (1.0, 0.3, 0.0)
MIDDLE = (1.0, 0.1)
"""Shares of epsilon for layers at 4 and 8 px, and at 16 and 32 px."""

ROUNDS = 2
"""How often the floor and the layers are gone through: each depends on the others."""

ALIKE = 1.02
"""Score up to which a setting counts as no worse than another."""

PLAIN = QuerySettings(floor=max(FLOORS))

AXES: tuple[tuple[Callable[[QuerySettings], QuerySettings], ...], ...] = (
    tuple(lambda s, v=v: replace(s, floor=v) for v in sorted(FLOORS, reverse=True)),
    tuple(lambda s, v=v: replace(s, bands=replace(s.bands, coarse=v)) for v in COARSE),
    tuple(lambda s, v=v: replace(s, bands=replace(s.bands, middle=v)) for v in MIDDLE),
    tuple(lambda s, v=v: replace(s, colour_layers=v) for v in (True, False)),
)
"""What is varied, one after the other; of values that leak alike, the first is taken."""

Tell = Callable[[str], None]


def choose_settings(
    subject: Subject, names: Sequence[str], size: int, *, pairs: int = 10, tell: Tell | None = None
) -> dict[str, QuerySettings]:
    """Choose floor, layer bands and colour layers of each part's sequential queries.

    One thing is varied at a time, the best value kept, ``ROUNDS`` times over. The pairs are a
    pilot's own, never those that are measured.

    Args:
        subject: what is measured.
        names: of the parts.
        size: side of the pictures compared.
        pairs: how many show each part.
        tell: told what was just tried.

    Returns:
        Part -> settings; their epsilon says nothing.
    """
    pool = seed_pairs(POOL * pairs, first_seed=PILOT_SEED)
    sweep = {Method.SEQUENTIAL: (*PILOT[Method.SEQUENTIAL][::2], EPSILON_MAX)}
    plain = {Method.SIMULTANEOUS: PILOT[Method.SIMULTANEOUS][::2]}
    compared = study(subject, dict.fromkeys(names, plain), pool, size, clear=pairs)
    known: dict[tuple[str, QuerySettings], float] = {}

    def measure(wanted: Mapping[str, QuerySettings]) -> None:
        new = {n: s for n, s in wanted.items() if (n, s) not in known}
        sweeps: dict[str, Parameters] = dict.fromkeys(new, sweep)
        found = study(subject, sweeps, pool, size, settings=new, clear=pairs) if new else {}
        for name, changes in found.items():
            known[name, new[name]] = score(changes, compared[name])

    chosen = dict.fromkeys(names, PLAIN)
    for _ in range(ROUNDS):
        before = dict(chosen)
        for number, axis in enumerate(AXES):
            for place, vary in enumerate(axis):
                measure({name: vary(settings) for name, settings in chosen.items()})
                if tell is not None:
                    tell(f"tried value {place + 1} of {len(axis)}, axis {number + 1}")
            for name, settings in chosen.items():
                scores = {vary(settings): known[name, vary(settings)] for vary in axis}
                chosen[name] = first_of_the_best(scores)
        if chosen == before:
            break
    return chosen


def first_of_the_best(scores: Mapping[QuerySettings, float]) -> QuerySettings:
    """Return the first of the settings whose score is within ``ALIKE`` of the lowest."""
    least = min(scores.values())
    return next(settings for settings, found in scores.items() if found <= ALIKE * least)


def score(sequential: PartChanges, simultaneous: PartChanges) -> float:
    """Return how much sequential queries leak, as a share of simultaneous ones: lower is better.

    It is the geometric mean over ``MATCHED`` of the ratio of Out-MSE, on the true masks. Where a
    setting does not go so far, it counts as no better than the simultaneous query: 1. What neither
    reaches is left out; where nothing can be compared, the score is 1.
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
        return 0.0
    return math.log(max(out, 1e-12) / compared)
