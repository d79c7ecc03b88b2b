"""What is asked for in the evaluation window, and what comes back. Frozen values, no work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from localedit_core.editing.edit import Method
from localedit_core.editing.request import Picture
from localedit_core.session.state import ModelReference

if TYPE_CHECKING:
    from localedit_core.evaluation.heatmaps import HeatmapNumbers
    from localedit_core.evaluation.locality import LocalityResult
    from localedit_core.evaluation.locality_report import Shortfall


class ReportKind(StrEnum):
    """What is measured, by the names that ``localedit evaluate`` has for it."""

    LOCALITY = "locality"
    HEATMAP = "heatmap"
    FRECHET = "frechet"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How files of a report may end; the usual one first."""
        others = {
            ReportKind.LOCALITY: (".png", ".pdf"),
            ReportKind.HEATMAP: (".png", ".pdf", ".npz"),
            ReportKind.FRECHET: (),
        }
        return (".json", ".csv", *others[self])


@dataclass(frozen=True)
class Wish:
    """What is to be measured.

    Attributes:
        kind: of the report.
        parts: their names.
        methods: one for heat maps and distances.
        guards: spatial guards, likewise.
        pairs: how many pairs of target and reference.
        size: side of the pictures compared.
        first_seed: of the first pair's target.
    """

    kind: ReportKind
    parts: tuple[str, ...]
    methods: tuple[Method, ...]
    guards: tuple[float, ...]
    pairs: int
    size: int
    first_seed: int

    @property
    def study(self) -> Wish:
        """The same for any number of pairs: what a longer run can go on from."""
        return replace(self, pairs=0)


@dataclass(frozen=True)
class BandPoint:
    """The 95 % interval of a curve's Out-MSE at an In-MSE."""

    in_mse: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Report:
    """What was found on the pairs that are done.

    Attributes:
        wish: what was asked for.
        model: of which generator and catalog.
        done: how many pairs are measured.
        job: as the core has it.
        sums: what it found, to go on from and to write.
        results: of locality, part by part, those where anything could be measured.
        bands: of each result's curves, once a run has ended.
        shortfalls: of each result, where sequential is not ahead, once a run has ended.
        maps: of heat maps, a picture and numbers for each part.
        distances: of Frechet distances, by the pictures' name.
        problems: what could not be measured, and why.
    """

    wish: Wish
    model: ModelReference
    done: int
    job: Any
    sums: Any
    results: tuple[LocalityResult, ...] = ()
    bands: tuple[tuple[tuple[BandPoint, ...], ...], ...] = ()
    shortfalls: tuple[tuple[Shortfall, ...], ...] = ()
    maps: tuple[tuple[Picture, HeatmapNumbers], ...] = ()
    distances: Mapping[str, float] | None = None
    problems: tuple[str, ...] = ()

    def begins(self, wish: Wish) -> bool:
        """Whether a longer run that measures what is wished for can go on from here."""
        return self.wish.study == wish.study and 0 < self.done < wish.pairs

    @property
    def tells_something(self) -> bool:
        """Whether there is anything to write: single pairs and absent parts may leave nothing."""
        return bool(self.results or self.maps or self.distances)
