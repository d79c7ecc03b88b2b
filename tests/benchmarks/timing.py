"""Interleaved timing: what every benchmark here does with the things it compares.

A benchmark is a script ``bench_*.py`` that prints a table and never fails on time. Its rows are run
in turns within one process, one of each per round: when the machine slows down, all rows slow down,
and their ratios stay right. Ratios are what a report may quote; seconds are those of one machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

Clock = Callable[[], float]


def clock_for(threads: int) -> Clock:
    """What to time with: with one thread its own time, which others on the machine take none of."""
    return time.thread_time if threads == 1 else time.perf_counter


def interleave(
    rows: Mapping[str, Callable[[], object]],
    rounds: int,
    warm_up: int = 2,
    clock: Clock = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds that each row took in each of ``rounds`` rounds, the order turned every round."""
    taken: dict[str, list[float]] = {name: [] for name in rows}
    names = list(rows)
    for number in range(-warm_up, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            start = clock()
            rows[name]()
            if number >= 0:
                taken[name].append(clock() - start)
    return taken


def table(taken: Mapping[str, list[float]], *baselines: str) -> str:
    """Median, 95th percentile and the median of the rounds' ratios to each baseline, per row."""
    width = max(map(len, taken))
    heads = "".join(f"  of {baseline}" for baseline in baselines)
    lines = [f"{'':{width}}  median ms    95 % ms{heads}"]
    for name, seconds in taken.items():
        median, high = np.percentile(seconds, [50, 95]) * 1e3
        line = f"{name:{width}} {median:10.2f} {high:10.2f}"
        for baseline in baselines:
            ratio = np.median(np.divide(seconds, taken[baseline]))
            line += f"{ratio:{len(baseline) + 5}.3f}"
        lines.append(line)
    return "\n".join(lines)
