"""The combinations that a comparison of training trains, and tables of how they came out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any, Literal

from measuring.tables import markdown

METHODS = ("sequential", "simultaneous")

Result = Mapping[str, Any]
"""Numbers of one run: "arm", "psnr", "v", "mean_iou", and "rows" of part and In-MSE."""


@dataclass(frozen=True)
class Arm:
    """One way to train.

    Attributes:
        mapping: the mapping network's weights.
        local: whether the locality term takes part.
    """

    mapping: Literal["blocks", "dense"]
    local: bool

    @property
    def name(self) -> str:
        """For files and tables."""
        return f"{self.mapping}-{'local' if self.local else 'plain'}"


ARMS = tuple(Arm(m, local) for m in ("blocks", "dense") for local in (True, False))


def spread(values: Sequence[float], digits: int) -> str | None:
    """Return mean and, of several values, sample standard deviation as text."""
    if not values:
        return None
    text = f"{mean(values):.{digits}f}"
    return text if len(values) < 2 else f"{text} ± {stdev(values):.{digits}f}"


def out_mse(result: Result, in_mse: float) -> dict[str, dict[str, float]]:
    """Return part -> method -> Out-MSE at an In-MSE, of the parts that both methods bring there."""
    return {
        row["part"]: {method: row[method] for method in METHODS}
        for row in result["rows"]
        if abs(row["in_mse"] - in_mse) < 1e-9 and None not in [row[m] for m in METHODS]
    }


def common_parts(results: Sequence[Result], in_mse: float) -> list[str]:
    """Return the parts that every run brings to that In-MSE: only those can be compared."""
    found = [out_mse(result, in_mse) for result in results]
    return [part for part in found[0] if all(part in one for one in found)] if found else []


def summary_table(results: Sequence[Result], in_mse: float) -> str:
    """Return one row per arm, mean and spread over its seeds.

    Out-MSE is the geometric mean over the parts that all runs bring to that In-MSE.
    """
    parts = common_parts(results, in_mse)
    rows: list[tuple[object, ...]] = []
    for arm in dict.fromkeys(result["arm"] for result in results):
        own = [result for result in results if result["arm"] == arm]
        outs = [
            spread([_typical(out_mse(one, in_mse), parts, method) for one in own], 4)
            for method in METHODS
        ]
        plain = [spread([one[key] for one in own], digits) for key, digits in _PLAIN]
        rows.append((arm, len(own), *plain, *(outs if parts else (None, None))))
    header = (
        *("training", "seeds", "PSNR, dB", "V-measure", "mean IoU"),
        *(f"Out-MSE, {method}" for method in METHODS),
    )
    note = f"Out-MSE at In-MSE {in_mse:g}, true masks, geometric mean over {', '.join(parts)}."
    return markdown(header, rows) + "\n\n" + note


_PLAIN = (("psnr", 2), ("v", 3), ("mean_iou", 3))


def part_table(results: Sequence[Result], in_mse: float, method: str = METHODS[0]) -> str:
    """Return Out-MSE of one method by part and arm, mean and spread over seeds."""
    arms = list(dict.fromkeys(result["arm"] for result in results))
    parts = list(dict.fromkeys(row["part"] for result in results for row in result["rows"]))
    rows: list[tuple[object, ...]] = []
    for part in parts:
        cells: list[object] = [part]
        for arm in arms:
            found = [out_mse(one, in_mse) for one in results if one["arm"] == arm]
            known = [one[part][method] for one in found if part in one]
            text = spread(known, 4)
            # Fewer runs than there are is said, never passed over.
            short = text is not None and len(known) < len(found)
            cells.append(f"{text} ({len(known)} of {len(found)})" if short else text)
        rows.append(tuple(cells))
    return markdown((f"{method}, In-MSE {in_mse:g}", *arms), rows)


def _typical(found: Mapping[str, Mapping[str, float]], parts: Sequence[str], method: str) -> float:
    """Return the geometric mean over parts: they differ by orders of magnitude."""
    logs = [math.log(max(found[part][method], 1e-12)) for part in parts]
    return math.exp(mean(logs)) if logs else math.nan
