"""Choosing a part's default budget and floor by what transfers of it change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.query import PartRanking, Query, solve
from measuring.subject import Subject
from measuring.transfers import Pair, split_means

EPSILONS = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0, 80.0)
FLOORS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
ALIKE = 0.03
"""Settings whose In-MSE differs by less than this share count as equally strong."""


@dataclass(frozen=True)
class Setting:
    """A budget and floor with what they did, as shares of the full difference in the same region.

    Attributes:
        epsilon: in channels per 512.
        floor: M up to which channels do not move.
        in_mse: change inside the part, which is the union of both pictures' masks.
        out_mse: change outside of it.
    """

    epsilon: float
    floor: float
    in_mse: float
    out_mse: float


GRID = tuple((epsilon, floor) for floor in FLOORS for epsilon in EPSILONS)


def try_settings(
    subject: Subject,
    names: Sequence[str],
    pairs: Sequence[tuple[int, int]],
    size: int,
    grid: Sequence[tuple[float, float]] = GRID,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[Setting]]:
    """Measure transfers of parts at every (epsilon, floor) of a grid.

    Returns:
        Part -> one setting per place of the grid; none where the part covers nothing on any pair.
    """
    queries = {name: _queries(subject, name, grid) for name in names}
    sums = {name: np.zeros((len(grid) + 1, 2)) for name in names}
    for number, seeds in enumerate(pairs):
        pair = Pair.of(subject, seeds, size)
        for name in names:
            index = subject.catalog.parts.index(subject.catalog.part(name))
            region = (pair.target_parts == index) | (pair.reference_parts == index)
            if region.any() and not region.all():
                every = np.vstack([pair.full, pair.errors(queries[name])])
                sums[name] += split_means(every, region.reshape(1, -1))[:, 0]
        if progress is not None:
            progress(number + 1, len(pairs))
    return {
        name: [
            Setting(epsilon, floor, *(change / total[0]).tolist())
            for (epsilon, floor), change in zip(grid, total[1:], strict=True)
        ]
        for name, total in sums.items()
        if (total[0] > 0).all()
    }


def choose(settings: Sequence[Setting], cap: float) -> Setting:
    """Return the setting that changes the part most while Out-MSE stays at or below ``cap``.

    Of settings that are equally strong, up to ``ALIKE``, it is the one that changes least outside.
    Where no setting keeps the cap, it is the one that changes least outside of all.
    """
    kept = [setting for setting in settings if setting.out_mse <= cap]
    if not kept:
        return min(settings, key=lambda setting: setting.out_mse)
    strongest = max(setting.in_mse for setting in kept)
    alike = [setting for setting in kept if setting.in_mse >= (1.0 - ALIKE) * strongest]
    return min(alike, key=lambda setting: setting.out_mse)


def _queries(subject: Subject, name: str, grid: Sequence[tuple[float, float]]) -> list[Query]:
    ranking = PartRanking.of(subject.catalog.contribution(name))
    layers = subject.generator.layers
    return [solve(ranking, QuerySettings(epsilon=e, floor=f), layers) for e, f in grid]
