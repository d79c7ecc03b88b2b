"""The Cluster step: sweeps over layers and K."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from localedit_gui.rendering.long_jobs import Cancelled, Progress
from localedit_gui.rendering.worker import Failure
from localedit_gui.widgets.plots import ScorePoint
from localedit_gui.widgets.sweep_rows import Key
from localedit_gui.workshop.desk import Desk
from localedit_gui.workshop.jobs import DrawnCell
from localedit_gui.workshop.values import Bench, ClusterWish

if TYPE_CHECKING:
    from localedit_core.catalog.sweep import Sweep, SweepCell


class ClusteringStep(QObject):
    """Runs sweeps and shows their cells as they are ready.

    Signals:
        changed(): another clustering is ready.

    Args:
        desk: shared with the other steps.
        name: goes on to name a bench.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, name: Callable[[Bench], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._panel = desk.window.cluster
        self._name = name
        self._wish: ClusterWish | None = None
        self._sweep: Sweep | None = None
        self._cells: dict[Key, SweepCell] = {}
        self._pictures: NDArray[np.uint8] | None = None
        self._running = False
        self._panel.start_wanted.connect(self.start)
        self._panel.go_on_wanted.connect(self.go_on)
        self._panel.picked.connect(self._pick)
        self._panel.refused.connect(desk.warn)

    @property
    def running(self) -> bool:
        """Whether a sweep runs."""
        return self._running

    @property
    def has_results(self) -> bool:
        """Whether there are clusterings to look at."""
        return bool(self._cells)

    def clear(self) -> None:
        """Forget what was clustered: another generator comes."""
        self._wish = self._sweep = self._pictures = None
        self._cells = {}
        self._running = False
        self._panel.set_running(False)

    def start(self, wish: ClusterWish) -> None:
        """Cluster anew."""
        if self._running or self._desk.subject is None:
            return
        self._wish, self._sweep, self._pictures = wish, None, None
        self._cells = {}
        keys = [(layer, k) for layer in wish.layers for k in wish.clusters]
        self._panel.rows.clear()
        self._panel.plot.set_points(())
        self._panel.begin(keys, len(self._desk.core.shown_seeds(wish)))
        self._run()

    def go_on(self) -> None:
        """Go on with the sweep that was cancelled."""
        if not self._running and self._wish is not None:
            self._run()

    def _run(self) -> None:
        subject, wish, before = self._desk.subject, self._wish, self._sweep
        assert subject is not None
        assert wish is not None
        self._running = True
        self._panel.set_running(True)
        self._panel.set_go_on(False)
        deliver = self._desk.jobs.deliver

        def work(progress: Progress, cancelled: Cancelled) -> object:
            return self._desk.core.sweep(
                subject,
                wish,
                progress,
                cancelled,
                on_pictures=lambda made: deliver(lambda: self._show_pictures(wish, made)),
                on_cell=lambda cell: deliver(lambda: self._show_cell(wish, cell)),
                resume=before,
            )

        label = self.tr("clustering {layers} · K {clusters}").format(
            layers=", ".join(wish.layers), clusters=", ".join(map(str, wish.clusters))
        )
        self._desk.run_behind(label, work, self._ended, self._run, self._failed)

    def _ended(self, value: object) -> None:
        self._stopped()
        if value is None:
            self._panel.set_go_on(True)
            return
        sweep = self._sweep = cast("Sweep", value)
        if len(sweep.pictures):
            self._pictures = sweep.pictures
        for problem in sweep.problems:
            self._panel.set_problem((problem.layer, problem.clusters), problem.message)
        self._show_scores()
        if not sweep.complete:
            self._panel.set_go_on(True)

    def _failed(self, failure: Failure) -> None:
        self._stopped()
        self._panel.set_go_on(self._sweep is not None)
        self._desk.tell_failure(failure)

    def _stopped(self) -> None:
        self._running = False
        self._panel.set_running(False)

    # Showing --------------------------------------------------------------------------------

    def _show_pictures(self, wish: ClusterWish, pictures: NDArray[np.uint8]) -> None:
        if wish is self._wish:
            self._pictures = pictures
            self._panel.rows.samples.set_pictures(list(pictures))

    def _show_cell(self, wish: ClusterWish, drawn: DrawnCell) -> None:
        if wish is not self._wish:
            return
        cell = drawn.cell
        key = (cell.clustering.layer, cell.clustering.n_clusters)
        self._cells[key] = cell
        row = self._panel.rows.rows.get(key)
        if row is not None:
            row.set_drawn(drawn.pictures)
        self._show_scores()

    def _show_scores(self) -> None:
        cells = list(self._cells.values())
        suggested: Key | None = None
        if self._sweep is not None and len(cells) > 1:
            suggested = self._desk.core.suggested(self._sweep)
        points = []
        for key, cell in self._cells.items():
            is_suggested = key == suggested
            points.append(
                ScorePoint(key[0], key[1], cell.mean_cosine, cell.stability, is_suggested)
            )
            row = self._panel.rows.rows.get(key)
            if row is not None:
                row.set_scores(cell.mean_cosine, cell.stability, suggested=is_suggested)
        self._panel.plot.set_points(points)
        self.changed.emit()

    def _pick(self, layer: str, clusters: int) -> None:
        cell = self._cells.get((layer, clusters))
        if cell is not None and self._pictures is not None and self._wish is not None:
            seeds = self._desk.core.shown_seeds(self._wish)
            self._name(self._desk.core.bench_of(cell, self._pictures, seeds))
