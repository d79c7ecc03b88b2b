"""What is told of the factors that transfers move: tables and numbers with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Method
from localedit_core.evaluation.bootstrap import RESAMPLES, interval, pair_weights
from measuring.factors import Design, Numbers, Recovery, at_equal_movement, pooled
from measuring.movement import Movement, PartMoves
from measuring.tables import markdown, number

RECOVERED = 0.5
"""Least R2 of factors that are reported."""

COMPARED = (Method.SEQUENTIAL, Method.SIMULTANEOUS, Method.GLOBAL)

MEANING = (
    "A slope says how far factors moved from the target's to the reference's, by least squares on "
    "the renderer's own pictures of each swap: 1 all the way, 0 not at all. Corrected: on the "
    "scale that the generator itself sets, from 0 (factors not swapped in its z) to 1 (swapped). "
    "Factors that this check does not recover (R2 below .5) are left out. The simultaneous and the "
    "global query are taken where the intended factors move as far as with the sequential query at "
    "the part's own epsilon and floor; a dash: not reached."
)


@dataclass(frozen=True)
class Slope:
    """One slope over pairs, its 95 % interval, and what it is on the generator's own scale."""

    name: str
    slope: float
    low: float | None
    high: float | None
    corrected: float
    r2: float


@dataclass(frozen=True)
class Others:
    """How far the factors moved that ought to stay, with one method.

    Attributes:
        largest: the slope farthest from 0.
        name: of which factors it is.
        mean: mean of the slopes' absolute values.
        low, high: its 95 % interval over resampled pairs.
    """

    largest: float
    name: str
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Row:
    """One part.

    Attributes:
        part: its name.
        pairs: how many show its intended factors.
        intended: how far these moved, with the sequential query.
        recovered: whether they can be told.
        explained: share of the change's energy that all factors explain.
        others: of each method at equal movement; None where it is not reached.
        ratio: mean of the others, sequential over simultaneous.
        low, high: its 95 % interval.
        single: the intended factors one by one, those that can be told.
        dropped: names of those that cannot.
    """

    part: str
    pairs: int
    intended: Slope
    recovered: bool
    explained: float
    others: dict[str, Others | None]
    ratio: float | None
    low: float | None
    high: float | None
    single: tuple[Slope, ...]
    dropped: tuple[str, ...]


def rows_of(
    movement: Movement, pairs: Sequence[tuple[int, int]], resamples: int = RESAMPLES
) -> list[Row]:
    """Return a row for each part of which some pair shows the factors."""
    weights = np.stack([pair_weights(resamples, pair) for pair in pairs], axis=1)  # [1 + B, pairs]
    found = (_row(name, p, movement.recovered, weights) for name, p in movement.parts.items())
    return [row for row in found if row is not None]


def _row(
    name: str,
    moves: PartMoves,
    recovered: dict[Design, tuple[Recovery, ...]],
    weights: Numbers,
) -> Row | None:
    whole, single = moves.whole, moves.single
    own = whole.design.index(moves.own)
    usable = whole.power[:, own] > 0
    if not usable.any():
        return None
    weights = weights[:, usable]
    curves = pooled(whole.slopes[usable], whole.power[usable], weights)  # [1 + B, T, G]
    checks = recovered[whole.design]
    known = np.array([check.r2 >= RECOVERED for check in checks])
    known[own] = False
    at = {method: _slopes_at(moves, curves, method, own) for method in COMPARED}
    with np.errstate(invalid="ignore"):
        means = {m: np.abs(s[:, known]).mean(axis=1) for m, s in at.items()}  # [1 + B]
        ratio = means[Method.SEQUENTIAL] / means[Method.SIMULTANEOUS]
    singles = pooled(single.slopes[usable], single.power[usable], weights)[:, 0]
    count = len(moves.own.columns)
    own_checks = recovered[single.design][:count]
    energy = whole.energy[usable, 0].sum()
    return Row(
        part=name,
        pairs=int(usable.sum()),
        intended=_slope(curves[:, 0, own], checks[own]),
        recovered=checks[own].r2 >= RECOVERED,
        explained=float(whole.explained[usable, 0].sum() / energy) if energy else float("nan"),
        others={
            m.value: _others(at[m][0], means[m], known, [check.name for check in checks])
            for m in COMPARED
        },
        ratio=None if np.isnan(ratio[0]) else float(ratio[0]),
        **_ends(ratio[1:]),
        single=tuple(
            _slope(singles[:, n], check)
            for n, check in enumerate(own_checks)
            if check.r2 >= RECOVERED
        ),
        dropped=tuple(check.name for check in own_checks if not check.r2 >= RECOVERED),
    )


def _slopes_at(moves: PartMoves, curves: Numbers, method: Method, own: int) -> Numbers:
    """Return a method's slopes at the sequential query's movement, [1 + B, G]; NaN if none."""
    if method is Method.SEQUENTIAL:
        return curves[:, 0]
    tried = [n for n, trial in enumerate(moves.trials) if trial.method is method]
    found = np.full((len(curves), curves.shape[2]), np.nan)
    for n, curve in enumerate(curves):
        slopes = at_equal_movement(curve[tried], own, curve[0, own])
        if slopes is not None:
            found[n] = slopes
    return found


def _others(
    slopes: Numbers, means: Numbers, known: NDArray[np.bool_], names: Sequence[str]
) -> Others | None:
    if np.isnan(means[0]):
        return None
    largest = int(np.where(known, np.abs(slopes), -1.0).argmax())
    return Others(float(slopes[largest]), names[largest], float(means[0]), **_ends(means[1:]))


def _slope(drawn: Numbers, check: Recovery) -> Slope:
    slope = float(drawn[0])
    ends = _ends(drawn[1:])
    return Slope(check.name, slope, corrected=check.corrected(slope), r2=check.r2, **ends)


def _ends(drawn: Numbers) -> dict[str, float | None]:
    low, high = interval(drawn) or (None, None)
    return {"low": low, "high": high}


def report(movement: Movement, rows: Sequence[Row]) -> str:
    """Return the text with its tables."""
    checks = next(iter(movement.recovered.values()))  # of all groups
    checked = [(c.name, number(c.moved, 2), number(c.stayed, 2), number(c.r2, 2)) for c in checks]
    header = (
        *("part", "pairs", "intended (95 %)", "corrected", "explained"),
        *("others, sequential", "simultaneous", "global", "seq./sim. (95 %)"),
    )
    dropped = [
        f"{row.part} {len(row.dropped)} of {len(row.single) + len(row.dropped)} "
        f"({', '.join(row.dropped)})"
        for row in rows
        if row.dropped
    ]
    text = [
        "Check: a random quarter of the groups swapped in the generator's own z; of a part's own "
        "factors a random half and no others, for those one by one. All groups together explain "
        f"{movement.explained:.0%} of the change of its pictures.\n",
        markdown(("group", "slope, swapped", "not swapped", "R2"), checked),
        f"\n{MEANING}\n",
        markdown(header, [_line(row) for row in rows]),
        "\nOthers: mean of the absolute slopes; in brackets the largest and whose it is.\n",
        markdown(
            ("part", "its factors one by one: corrected slopes"),
            [(row.part, ", ".join(map(_single, row.single)) or None) for row in rows],
        ),
        f"\nNot recovered: {'; '.join(dropped) or 'none'}.",
    ]
    if movement.without:
        text.append(f"Without factors of their own: {', '.join(movement.without)}.")
    return "\n".join(text)


def as_json(movement: Movement, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the same numbers, and all of the checks."""
    groups = next(iter(movement.recovered.values()))
    return {
        "explained": movement.explained,
        "groups": [asdict(check) for check in groups],
        "checks": {
            name: {
                "whole": [asdict(check) for check in movement.recovered[part.whole.design]],
                "single": [asdict(check) for check in movement.recovered[part.single.design]],
            }
            for name, part in movement.parts.items()
        },
        "rows": [asdict(row) for row in rows],
        "without": list(movement.without),
    }


def _line(row: Row) -> tuple[object, ...]:
    own, others = row.intended, [row.others[method.value] for method in COMPARED]
    name = row.part if own.name == row.part else f"{row.part} ({own.name})"
    slope = _between(own.slope, own.low, own.high) if row.recovered else None
    corrected = number(own.corrected, 2) if row.recovered else None
    ratio = None if row.ratio is None else _between(row.ratio, row.low, row.high)
    cells = [None if o is None else f"{o.mean:.3f} ({o.name} {o.largest:.2f})" for o in others]
    return (name, row.pairs, slope, corrected, f"{row.explained:.0%}", *cells, ratio)


def _between(value: float, low: float | None, high: float | None) -> str:
    ends = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
    return f"{value:.2f}{ends}"


def _single(slope: Slope) -> str:
    return f"{slope.name} {slope.corrected:.2f}"
