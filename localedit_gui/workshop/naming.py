"""The Name step: names, splits, suggestions, and M measured behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from localedit_core.errors import LocalEditError
from localedit_gui.rendering.long_jobs import Cancelled, Progress
from localedit_gui.rendering.worker import Failure
from localedit_gui.widgets.suggestion_list import Suggested
from localedit_gui.workshop.desk import Desk
from localedit_gui.workshop.looks import looks_of
from localedit_gui.workshop.values import Labelled

if TYPE_CHECKING:
    from localedit_core.catalog.catalog import Catalog
    from localedit_core.catalog.clustering import Clustering
    from localedit_core.catalog.measuring import Measurement
    from localedit_core.catalog.suggesting import MergeSuggestion

_REST_MS = 250  # after the last change suggestions are looked for
_MOST_SUGGESTIONS = 12
_LEAST_SCORE = 0.25
_KEPT = 6  # measured clusterings; undo goes back to them


class NamingStep(QObject):
    """Shows the document and changes it as asked. M is measured in the background.

    Signals:
        measured(): M of the present clusters is known now.
        measuring_ended(): it was given up or failed.
    """

    measured = Signal()
    measuring_ended = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._panel = desk.window.naming
        self._begun: list[Measurement] = []
        self._done: list[tuple[Clustering, Catalog]] = []
        self._measuring = False
        self._held: Clustering | None = None  # whose measuring a person gave up
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look_for_suggestions)
        document, panel = desk.document, self._panel
        document.opened.connect(self._opened)
        document.changed.connect(self._changed)
        panel.name_wanted.connect(self._name)
        panel.unname_wanted.connect(self._unname)
        panel.split_wanted.connect(self._split)
        panel.sides_wanted.connect(self._split_sides)
        panel.together_wanted.connect(self._together)
        panel.measure_wanted.connect(lambda: self.measure(asked=True))
        panel.nothing_selected.connect(
            lambda: desk.warn(
                self.tr("This needs a selected cluster."), self.tr("Click one on a picture.")
            )
        )

    # Showing --------------------------------------------------------------------------------

    def _opened(self) -> None:
        self._begun, self._done = [], []
        bench = self._desk.document.bench
        if bench is None:
            return
        if bench.measured is not None:
            self._done.append((bench.first.naming.clustering, bench.measured))
        self._panel.set_samples(bench.pictures, bench.seeds)

    def _changed(self) -> None:
        state = self._desk.document.state
        if state is None:
            return
        parts = [part.name for part in state.naming.parts()]
        self._panel.set_clusters(state.labels, looks_of(state), parts)
        self._panel.set_suggestions((), self.tr("Looking for clusters that belong together…"))
        self._rest.start()
        self.measure()

    # M --------------------------------------------------------------------------------------

    def known(self, clustering: Clustering) -> Catalog | None:
        """The catalog in which M of these clusters was measured, or None."""
        return next((catalog for known, catalog in self._done if known is clustering), None)

    @property
    def measuring(self) -> bool:
        """Whether M is on its way."""
        return self._measuring

    def measure(self, *, asked: bool = False) -> None:
        """Measure M of the present clusters, or go on with that, unless it is known.

        Args:
            asked: whether a person wants it; what one has cancelled does not begin by itself.
        """
        subject, clustering = self._desk.subject, self._present()
        if subject is None or clustering is None or self._measuring:
            return
        if self.known(clustering) is not None or (clustering is self._held and not asked):
            return
        self._held = None
        kept = next((m for m in self._begun if m.clustering is clustering), None)
        if kept is None:
            kept = self._desk.core.measurement(clustering)
            self._begun = [*self._begun, kept][-_KEPT:]
        self._measuring = True

        def work(progress: Progress, cancelled: Cancelled) -> object:
            return self._desk.core.measure(
                subject, kept, progress, lambda: cancelled() or self._present() is not clustering
            )

        self._desk.run_behind(
            self.tr("measuring which channels make which cluster"),
            work,
            lambda value: self._measure_ended(clustering, value),
            lambda: self.measure(asked=True),
            self._measure_failed,
        )

    def forget(self) -> None:
        """Another generator comes."""
        self._measuring = False
        self._begun, self._done, self._held = [], [], None

    def _present(self) -> Clustering | None:
        state = self._desk.document.state
        return None if state is None else state.naming.clustering

    def _measure_ended(self, clustering: Clustering, value: object) -> None:
        self._measuring = False
        if value is not None:
            self._done = [*self._done, (clustering, cast("Catalog", value))][-_KEPT:]
            self._begun = [m for m in self._begun if m.clustering is not clustering]
        if clustering is not self._present():
            self.measure()  # it was split meanwhile, or something else is on the bench
            return
        if value is None:
            self._held = clustering
            self.measuring_ended.emit()
        else:
            self.measured.emit()
        self._rest.start()

    def _measure_failed(self, failure: Failure) -> None:
        self._measuring = False
        self._held = self._present()
        self._desk.tell_failure(failure)
        self.measuring_ended.emit()
        self._rest.start()

    # Suggestions ----------------------------------------------------------------------------

    def _look_for_suggestions(self) -> None:
        state = self._desk.document.state
        if state is None or self._desk.subject is None:
            return
        measured = self.known(state.naming.clustering)
        if measured is None:
            held = state.naming.clustering is self._held
            note = self.tr("They come once it is measured which channels make which cluster.")
            self._panel.set_suggestions((), note, can_measure=held)
            return

        def done(value: object) -> None:
            if state is self._desk.document.state:
                self._show_suggestions(cast("tuple[MergeSuggestion, ...]", value))

        self._desk.run(
            self.tr("looking for clusters that belong together"),
            lambda *_: self._desk.core.suggestions(state, measured),
            done,
        )

    def _show_suggestions(self, found: tuple[MergeSuggestion, ...]) -> None:
        state = self._desk.document.state
        assert state is not None  # it is theirs
        # Whoever gave two clusters two names has decided.
        shown = [
            Suggested(one.clusters, one.m_similarity, one.adjacency)
            for one in found
            if one.score >= _LEAST_SCORE
            and one.adjacency > 0
            and not all(state.naming.part_of(cluster) for cluster in one.clusters)
        ][:_MOST_SUGGESTIONS]
        self._panel.set_suggestions(
            shown, "" if shown else self.tr("No two clusters look as if they belonged together.")
        )

    def _together(self, clusters: tuple[int, int]) -> None:
        state = self._desk.document.state
        if state is None:
            return
        named = [(c, state.naming.part_of(c)) for c in clusters]
        names = [name for _, name in named if name is not None]
        text = names[0] if names else self._free_name(state)
        self._try(lambda: self._desk.document.name_clusters(clusters, text))
        after = self._desk.document.state
        if after is not None and not names:
            # Its name is a stand-in: the person types the real one over it.
            self._panel.select(clusters)
            self._panel.edit_name()

    def _free_name(self, state: Labelled) -> str:
        taken = {part.name for part in state.naming.parts()}
        number = 1
        while (text := self.tr("part {number}").format(number=number)) in taken:
            number += 1
        return text

    # Naming and splitting -------------------------------------------------------------------

    def _name(self, clusters: frozenset[int], text: str) -> None:
        if self._try(lambda: self._desk.document.name_clusters(clusters, text)):
            self._panel.select(())
            self._panel.canvas.setFocus()

    def _unname(self, clusters: frozenset[int]) -> None:
        self._try(lambda: self._desk.document.unname_clusters(clusters))

    def _split(self, cluster: int, into: int) -> None:
        subject, state = self._desk.subject, self._desk.document.state
        bench = self._desk.document.bench
        if subject is None or state is None or bench is None:
            return

        def work(progress: Progress, cancelled: Cancelled) -> object:
            return self._desk.core.split_by_kmeans(
                subject, bench, state, cluster, into, progress, cancelled
            )

        label = self.tr("splitting cluster {number}").format(number=cluster)
        self._desk.run(label, work, lambda value: self._take_split(state, value, cluster))

    def _split_sides(self, cluster: int) -> None:
        subject, state = self._desk.subject, self._desk.document.state
        bench = self._desk.document.bench
        if subject is None or state is None or bench is None:
            return
        self._desk.run(
            self.tr("splitting cluster {number}").format(number=cluster),
            lambda *_: self._desk.core.split_by_side(subject, bench, state, cluster),
            lambda value: self._take_split(state, value, cluster),
        )

    def _take_split(self, before: Labelled, value: object, cluster: int) -> None:
        after = cast(Labelled, value)
        if not self._desk.document.take_split(before, after, cluster):
            self._desk.warn(
                self.tr("Names changed while the cluster was split."),
                self.tr("Split it once more."),
            )
            return
        old = before.naming.clustering.n_clusters
        children = {cluster, *range(old, after.naming.clustering.n_clusters)}
        self._panel.select(children)
        self._desk.tell(
            self.tr("Cluster {number} is split into {children}.").format(
                number=cluster, children=", ".join(str(c) for c in sorted(children))
            )
        )

    def _try(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except LocalEditError as error:
            self._desk.warn(error.message, error.hint)
            return False
        return True
