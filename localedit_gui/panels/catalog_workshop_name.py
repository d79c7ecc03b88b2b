"""The workshop's second step: point at clusters and say what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.widgets.cluster_look import ClusterLook
from localedit_gui.widgets.cluster_tree import ClusterTree
from localedit_gui.widgets.elided_label import ElidedLabel
from localedit_gui.widgets.name_field import NameField
from localedit_gui.widgets.sample_views import SampleViews
from localedit_gui.widgets.suggestion_list import Suggested, SuggestionList

SPLITS = (2, 3, 4)


class NamePanel(QWidget):
    """A large sample over small ones; the name field, the clusters and suggestions beside them.

    Signals:
        name_wanted(frozenset, str): give these clusters this name.
        unname_wanted(frozenset): take the names of these away.
        split_wanted(int, int): split this cluster into so many by k-means.
        sides_wanted(int): split this cluster into left and right.
        together_wanted(tuple): make two clusters one part.
        measure_wanted(): measure which channels make which cluster.
        nothing_selected(): something was asked for that needs a selected cluster.
        selection_changed(): other clusters are selected.
    """

    name_wanted = Signal(object, str)
    unname_wanted = Signal(object)
    split_wanted = Signal(int, int)
    sides_wanted = Signal(int)
    together_wanted = Signal(object)
    measure_wanted = Signal()
    nothing_selected = Signal()
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: tuple[ClusterLook, ...] = ()
        self._hovered: frozenset[int] = frozenset()
        self._selected: frozenset[int] = frozenset()
        self.samples = SampleViews(self)
        self.canvas = self.samples.canvas
        self.selection = ElidedLabel("", self)
        self.name = NameField(self)
        self.name.setAccessibleName(self.tr("Name of the selected clusters"))
        self.name.setToolTip(self.tr("Type a name and press Enter; the same name merges clusters"))
        self.apply = self._button(
            self.tr("&Name"), self.tr("Give the selected clusters this name (Enter)")
        )
        self.unname = self._button(
            self.tr("Leave &Unnamed"), self.tr("Take the name of the selected clusters away")
        )
        self.split = self._button(
            self.tr("&Split"), self.tr("Split the selected cluster by k-means inside it")
        )
        self.sides = self._button(
            self.tr("Left / &Right"),
            self.tr(
                "Split the selected cluster into the left and the right half of the picture, as "
                "one looks at it: left eye, right eye"
            ),
        )
        menu = QMenu(self.split)
        for into in SPLITS:
            action = menu.addAction(self.tr("Into &{count}").format(count=into))
            action.triggered.connect(lambda _=False, into=into: self.ask_split(into))
        self.split.setMenu(menu)
        self.tree = ClusterTree(self)
        self.suggestions = SuggestionList(self)
        self.measure = self._button(
            self.tr("&Measure"), self.tr("Measure which channels make which cluster")
        )
        self.measure.hide()
        self._build()
        self._connect()

    # What is shown --------------------------------------------------------------------------

    def set_samples(self, pictures: NDArray[np.uint8], seeds: Sequence[int]) -> None:
        """Show other samples, [S, R, R, 3]. Their clusters come next."""
        self._hovered = self._selected = frozenset()
        self.samples.set_samples(pictures, seeds)

    def set_clusters(
        self, labels: NDArray[np.int64], looks: Sequence[ClusterLook], parts: Sequence[str]
    ) -> None:
        """Show clusters and names.

        Args:
            labels: cluster per position of each sample, [S, h, h].
            looks: one per cluster.
            parts: the names, in the catalog's order.
        """
        self._looks = tuple(looks)
        self._selected = frozenset(c for c in self._selected if c < len(looks))
        self._hovered = frozenset()
        self.samples.set_clusters(labels, self._looks)
        self.tree.set_clusters(self._looks, parts)
        self.name.set_used(parts)
        self._show_lit()
        self._show_selection()

    def set_suggestions(
        self, suggestions: Sequence[Suggested], note: str, *, can_measure: bool = False
    ) -> None:
        """Show which clusters may belong together, or why that is not known."""
        self.measure.setVisible(can_measure)
        self.suggestions.set_suggestions(suggestions, self._looks, note)

    # Selecting ------------------------------------------------------------------------------

    @property
    def selected(self) -> frozenset[int]:
        """The selected clusters."""
        return self._selected

    def select(self, clusters: Iterable[int]) -> None:
        """Select these clusters."""
        self._selected = frozenset(clusters)
        self.tree.set_selected(self._selected)
        self._show_lit()
        self._show_selection()

    def _point(self, cluster: int) -> None:
        self._light(frozenset() if cluster < 0 else frozenset({cluster}))

    def _light(self, clusters: frozenset[int]) -> None:
        self._hovered = clusters
        self._show_lit()

    def _show_lit(self) -> None:
        self.samples.set_lit(self._hovered, self._selected)

    def _pick(self, cluster: int, add: bool) -> None:
        if add:
            self.select(self._selected ^ {cluster})
        else:
            self.select({cluster})
        self.edit_name()

    def edit_name(self) -> None:
        """Put the keys into the name field."""
        self.name.setFocus()
        self.name.selectAll()

    def _show_selection(self) -> None:
        looks = [self._looks[c] for c in sorted(self._selected) if c < len(self._looks)]
        some = bool(looks)
        named = {look.part for look in looks}
        (only,) = named if len(named) == 1 else (None,)
        self.name.setText(only or "")
        self.name.setPlaceholderText(self.tr("Its name, then Enter") if some else "")
        share = sum(look.share for look in looks)
        if not some:
            text = self.tr("Click a cluster on a picture, or choose one below.")
        elif len(looks) == 1:
            text = self.tr("Cluster {number} · {share:.1%} of the samples").format(
                number=looks[0].number, share=share
            )
        else:
            text = self.tr("Clusters {numbers} · {share:.1%} of the samples").format(
                numbers=", ".join(str(look.number) for look in looks), share=share
            )
        self.selection.setText(text)
        for widget in (self.name, self.apply):
            widget.setEnabled(some)
        self.unname.setEnabled(any(look.part is not None for look in looks))
        self.split.setEnabled(len(looks) == 1)
        self.sides.setEnabled(len(looks) == 1)
        self.selection_changed.emit()

    # Asking ---------------------------------------------------------------------------------

    def ask_name(self) -> None:
        """Give the selected clusters the typed name."""
        text = self.name.text().strip()
        if not self._selected:
            self.nothing_selected.emit()
        elif not text:
            self.unname_wanted.emit(self._selected)
        else:
            self.name_wanted.emit(self._selected, text)

    def ask_unname(self) -> None:
        """Take the names of the selected clusters away."""
        if self._selected:
            self.unname_wanted.emit(self._selected)
        else:
            self.nothing_selected.emit()

    def ask_split(self, into: int) -> None:
        """Split the selected cluster."""
        if len(self._selected) == 1:
            self.split_wanted.emit(min(self._selected), into)
        else:
            self.nothing_selected.emit()

    def ask_sides(self) -> None:
        """Split the selected cluster into left and right."""
        if len(self._selected) == 1:
            self.sides_wanted.emit(min(self._selected))
        else:
            self.nothing_selected.emit()

    # Building -------------------------------------------------------------------------------

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        return button

    def _build(self) -> None:
        naming = QHBoxLayout()
        naming.addWidget(self.name, 1)
        naming.addWidget(self.apply)
        rest = QHBoxLayout()
        for button in (self.unname, self.split, self.sides):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            rest.addWidget(button)
        lower = QWidget(self)
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        above = QHBoxLayout()
        above.addWidget(QLabel(self.tr("These may belong together:"), self), 1)
        above.addWidget(self.measure)
        below.addLayout(above)
        below.addWidget(self.suggestions, 1)
        lists = QSplitter(Qt.Orientation.Vertical, self)
        lists.addWidget(self.tree)
        lists.addWidget(lower)
        lists.setStretchFactor(0, 2)
        lists.setStretchFactor(1, 1)
        lists.setSizes([360, 170])
        lists.setChildrenCollapsible(False)
        right = QWidget(self)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.selection)
        side.addLayout(naming)
        side.addLayout(rest)
        side.addWidget(lists, 1)
        right.setMinimumWidth(340)

        splitter = QSplitter(self)
        splitter.addWidget(self.samples)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([800, 380])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.samples.cluster_hovered.connect(self._point)
        self.samples.cluster_picked.connect(self._pick)
        self.tree.clusters_picked.connect(self._take_tree)
        self.tree.clusters_hovered.connect(self._light)
        self.suggestions.hovered.connect(self._light)
        self.suggestions.accepted.connect(self.together_wanted)
        self.measure.clicked.connect(lambda: self.measure_wanted.emit())
        self.name.returnPressed.connect(self.ask_name)
        self.apply.clicked.connect(self.ask_name)
        self.unname.clicked.connect(self.ask_unname)
        self.sides.clicked.connect(self.ask_sides)

    def _take_tree(self, clusters: frozenset[int]) -> None:
        self._selected = clusters
        self._show_lit()
        self._show_selection()
