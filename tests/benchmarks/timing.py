"""Interleaved timing: what every benchmark here does with the things it compares.

A benchmark is a script ``bench_*.py`` that prints a table and never fails on time. Its rows are run
in turns within one process, one of each per round: when the machine slows down, all rows slow down,
and their ratios stay right. Ratios are what a report may quote; seconds are those of one machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np


def interleave(
    rows: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 2
) -> dict[str, list[float]]:
    """Seconds that each row took in each of ``rounds`` rounds, the order turned every round."""
    taken: dict[str, list[float]] = {name: [] for name in rows}
    names = list(rows)
    for number in range(-warm_up, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            start = time.perf_counter()
            rows[name]()
            if number >= 0:
                taken[name].append(time.perf_counter() - start)
    return taken


def table(taken: Mapping[str, list[float]], baseline: str) -> str:
    """Median, 95th percentile and the median of the rounds' ratios to the baseline, per row."""
    width = max(map(len, taken))
    lines = [f"{'':{width}}  median ms    95 % ms   of {baseline}"]
    for name, seconds in taken.items():
        median, high = np.percentile(seconds, [50, 95]) * 1e3
        ratio = np.median(np.divide(seconds, taken[baseline]))
        lines.append(f"{name:{width}} {median:10.2f} {high:10.2f} {100 * ratio:8.1f} %")
    return "\n".join(lines)
