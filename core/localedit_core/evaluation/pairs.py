"""Pairs of pictures, and how many of them are split into ranges of work."""

from __future__ import annotations

from dataclasses import dataclass

from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_SEED

FIRST_HELD_OUT_SEED = 1_000_000
"""Far from the seeds that catalogs are made of."""


def seed_pairs(count: int, first_seed: int = FIRST_HELD_OUT_SEED) -> tuple[tuple[int, int], ...]:
    """``count`` pairs (target seed, reference seed), no seed twice."""
    return tuple((first_seed + 2 * n, first_seed + 2 * n + 1) for n in range(count))


@dataclass(frozen=True, order=True)
class PairRange:
    """Some pairs that follow each other, counted from 0: the unit in which work is handed out."""

    first: int
    count: int

    @property
    def end(self) -> int:
        """The number of the first pair after it."""
        return self.first + self.count

    def pairs(self, first_seed: int) -> tuple[tuple[int, int], ...]:
        """Its pairs of seeds."""
        return seed_pairs(self.count, first_seed + 2 * self.first)


def check_pairs(count: int, first_seed: int) -> None:
    """LocalEditError where there are not that many pairs of seeds from ``first_seed`` on."""
    if first_seed + 2 * count - 1 > MAX_SEED:
        raise LocalEditError(
            f"There are no {count} pairs of seeds from {first_seed} on.",
            "Use a smaller --seed or fewer --pairs.",
        )


def split_pairs(first: int, end: int, per_range: int) -> tuple[PairRange, ...]:
    """The pairs from ``first`` up to ``end`` in ranges of at most ``per_range``.

    Ranges begin at multiples of ``per_range``, wherever the first one does: so a run that is gone
    on with has the same ranges as one that was not cut off.
    """
    ranges = []
    while first < end:
        stop = min(end, (first // per_range + 1) * per_range)
        ranges.append(PairRange(first, stop - first))
        first = stop
    return tuple(ranges)
