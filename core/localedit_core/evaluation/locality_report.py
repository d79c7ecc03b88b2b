"""What a locality study is told as: methods at equal In-MSE, where one is not ahead, and files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from localedit_core.atomic import atomic_write
from localedit_core.editing.edit import Method
from localedit_core.evaluation.curves import Curve
from localedit_core.evaluation.locality import LocalityResult
from localedit_core.evaluation.plots import curve_label, plot_locality
from localedit_core.evaluation.tables import csv_table

LOCALITY_SUFFIXES = (".json", ".csv", ".png", ".pdf")
RIVALS = (Method.SIMULTANEOUS, Method.GLOBAL)
"""Methods below which the paper's sequential query is said to lie."""


class Reason(StrEnum):
    """Why a sequential query is not below another method."""

    NOT_REACHED = "not reached"  # the other one gets to that In-MSE, it does not
    WITHIN_NOISE = "within noise"  # the interval of the ratio has 1 in it
    NOT_BY_CHANCE = "not by chance"
    TOO_FEW_PAIRS = "too few pairs for an interval"


@dataclass(frozen=True)
class Shortfall:
    """Where a sequential query does not lie below another method.

    Attributes:
        curve: the sequential query's.
        rival: the other's, of the same guard.
        in_mse: where.
        reason: why.
        ratio: its Out-MSE over the other's; None where it is not reached.
    """

    curve: Curve
    rival: Curve
    in_mse: float
    reason: Reason
    ratio: float | None = None

    @property
    def most(self) -> float:
        """The largest In-MSE that the sequential query reaches."""
        return max(point.in_mse for point in self.curve.points)

    def told(self, floor: float) -> str:
        """One English line; ``floor`` is the relevance floor, which bounds how far it goes."""
        mine, other = curve_label(self.curve), self.rival.method.value
        if self.ratio is None:
            return (
                f"{mine} does not reach In-MSE {self.in_mse:g} ({self.most:.2f} at most, with "
                f"floor {floor:g}), {other} does"
            )
        return (
            f"{mine} is not below {other} at In-MSE {self.in_mse:g}: {self.ratio:.2f} times its "
            f"Out-MSE, {self.reason.value}"
        )


def shortfalls(result: LocalityResult, shares: Sequence[float]) -> Iterator[Shortfall]:
    """Where sequential queries do not lie below ``RIVALS`` of the same guard, at some In-MSE."""
    keys = [(curve.method, curve.guard) for curve in result.curves]
    for number, (method, guard) in enumerate(keys):
        if method is not Method.SEQUENTIAL:
            continue
        for other in RIVALS:
            if (other, guard) not in keys:
                continue
            against = keys.index((other, guard))
            for share in shares:
                found = _shortfall(result, share, number, against)
                if found is not None:
                    yield found


def _shortfall(result: LocalityResult, share: float, mine: int, against: int) -> Shortfall | None:
    curve, rival = result.curves[mine], result.curves[against]
    if curve.out_at(share) is None:
        reached = rival.out_at(share) is not None
        return Shortfall(curve, rival, share, Reason.NOT_REACHED) if reached else None
    ratio = result.ratio_at(share, mine, against)
    if ratio is None or ratio < 1.0:
        return None
    low_high = result.ratio_interval_at(share, mine, against)
    if low_high is None:
        reason = Reason.TOO_FEW_PAIRS
    else:
        reason = Reason.WITHIN_NOISE if low_high[0] < 1.0 else Reason.NOT_BY_CHANCE
    return Shortfall(curve, rival, share, reason, ratio)


def locality_facts(results: Sequence[LocalityResult], shares: Sequence[float]) -> dict[str, Any]:
    """All results as JSON takes them; ``matched`` compares methods at each In-MSE of ``shares``."""
    return {"parts": [_part_facts(result, shares) for result in results]}


def _part_facts(result: LocalityResult, shares: Sequence[float]) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(result.to_json())
    matched: list[dict[str, Any]] = []
    for share in shares:
        outside = {curve_label(curve): curve.out_at(share) for curve in result.curves}
        more = {
            curve_label(curve): {
                "interval": result.interval_at(share, number),
                "roir": curve.roir_at(share),
            }
            for number, curve in enumerate(result.curves)
        }
        matched.append({"in_mse": share, **outside, "details": more})
    not_below = [found.told(result.settings.floor) for found in shortfalls(result, shares)]
    return facts | {"matched": matched, "not_below": not_below}


def write_locality(path: Path, results: Sequence[LocalityResult], shares: Sequence[float]) -> None:
    """Write what the suffix says: all numbers (.json), points (.csv), curves (.png, .pdf).

    Raises:
        LocalEditError: the file cannot be written, or matplotlib, which draws, is missing.
    """
    suffix = path.suffix.lower()
    if suffix == ".json":
        facts = locality_facts(results, shares)
        atomic_write(path, (json.dumps(facts, indent=1) + "\n").encode())
    elif suffix == ".csv":
        atomic_write(path, csv_table(_points(results)))
    else:
        plot_locality(path, results)


def _points(results: Sequence[LocalityResult]) -> list[dict[str, object]]:
    return [
        {
            "part": result.part,
            "pairs": result.pairs,
            "method": curve.method.value,
            "guard": curve.guard,
            **asdict(point),
        }
        for result in results
        for curve in result.curves
        for point in curve.points
    ]
