"""The workshop's first step: which layer, how many clusters, and what that gives."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.widgets.cluster_tree import RoomyRows
from localedit_gui.widgets.plots import ScorePlot
from localedit_gui.widgets.sweep_rows import SweepRows
from localedit_gui.workshop.values import ClusterWish, Subject

MAX_K = 255
MAX_SAMPLES = 10_000
_MOST_CELLS = 60


class ClusterPanel(QWidget):
    """Settings on the left; memberships and scores on the right.

    Signals:
        start_wanted(ClusterWish): cluster.
        go_on_wanted(): go on where it was cancelled.
        refused(str, str): what was asked for cannot be, and what to do.
        picked(str, int): go on with this layer and K.
    """

    start_wanted = Signal(object)
    go_on_wanted = Signal()
    refused = Signal(str, str)
    picked = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers = self._layer_list()
        self.clusters = QLineEdit(self)
        self.clusters.setPlaceholderText(self.tr("for instance 12, 16, 24"))
        self.samples = QSpinBox(self)
        self.samples.setRange(2, MAX_SAMPLES)
        self.samples.setValue(200)
        self.psi = QDoubleSpinBox(self)
        self.psi.setRange(-2.0, 2.0)
        self.psi.setSingleStep(0.05)
        self.psi.setValue(0.7)
        self.random_state = QSpinBox(self)
        self.random_state.setRange(0, 99_999)
        self.stability = QCheckBox(self.tr("Measure s&tability"), self)
        self.stability.setChecked(True)
        self.start = QPushButton(self.tr("&Start"), self)
        self.go_on = QPushButton(self.tr("&Go On"), self)
        self.amount = QLabel(self)
        self.amount.setWordWrap(True)
        self.rows = SweepRows(self)
        self.plot = ScorePlot(self)
        self.plot.setMinimumHeight(150)
        self._hint = QLabel(
            self.tr(
                "Choose layers and one or more values of K, then press Start.\n\n"
                "Each clustering is shown as one row over the same samples. Take the one whose "
                "clusters follow the things you see: too few, and eyes and brows are one; too "
                "many, and you name more than you need. Clusters can be merged and split later."
            ),
            self,
        )
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setContentsMargins(40, 0, 40, 0)
        self._describe()
        self._build()
        self._connect()
        self.set_go_on(False)
        self._show_amount()

    # What is shown --------------------------------------------------------------------------

    def set_subject(self, subject: Subject) -> None:
        """Show a generator's layers, with what to begin with chosen."""
        with QSignalBlocker(self.layers):
            self.layers.clear()
            for layer in subject.layers:
                note = self.tr("suggested") if layer.suggested else ""
                row = [layer.name, f"{layer.side} px", str(layer.channels), note]
                item = QTreeWidgetItem(row)
                checked = Qt.CheckState.Checked if layer.suggested else Qt.CheckState.Unchecked
                item.setCheckState(0, checked)
                if layer.suggested:
                    font = QFont(self.font())
                    font.setBold(True)
                    item.setFont(0, font)
                self.layers.addTopLevelItem(item)
                if layer.suggested:
                    self.layers.setCurrentItem(item)
        self.clusters.setText(str(subject.suggested_clusters))
        self.psi.setValue(subject.psi)
        self.psi.setEnabled(subject.has_styles)  # without a mapping nothing is truncated
        self.rows.clear()
        self.plot.set_points(())
        self.set_go_on(False)
        self._stack.setCurrentIndex(0)
        self._show_amount()

    def begin(self, keys: Sequence[tuple[str, int]], samples: int) -> None:
        """Show empty rows for what is being clustered."""
        self.rows.begin(keys, samples)
        self._stack.setCurrentIndex(1)

    def set_problem(self, key: tuple[str, int], text: str) -> None:
        """Say in a clustering's row why it cannot be made."""
        if key in self.rows.rows:
            self.rows.rows[key].set_problem(text)

    def set_running(self, running: bool) -> None:
        """While a sweep runs no other can be started."""
        self.start.setEnabled(not running)
        self.go_on.setEnabled(not running)

    def set_go_on(self, possible: bool) -> None:
        """Whether there is a cancelled sweep to go on with."""
        self.go_on.setVisible(possible)

    # What is asked for ----------------------------------------------------------------------

    def wish(self) -> ClusterWish | None:
        """What is asked for; None, and ``refused``, where it cannot be."""
        layers = tuple(self._checked())
        if not layers:
            self.refused.emit(
                self.tr("No layer is chosen."), self.tr("Tick one or more in the list.")
            )
            return None
        clusters = self._numbers()
        if clusters is None:
            return None
        wish = ClusterWish(
            layers,
            clusters,
            self.samples.value(),
            round(self.psi.value(), 4),
            self.random_state.value(),
            self.stability.isChecked(),
        )
        if wish.cells > _MOST_CELLS:
            self.refused.emit(
                self.tr("{count} clusterings are too many.").format(count=wish.cells),
                self.tr("Choose {most} at most.").format(most=_MOST_CELLS),
            )
            return None
        return wish

    def _checked(self) -> list[str]:
        items = (self.layers.topLevelItem(row) for row in range(self.layers.topLevelItemCount()))
        checked = Qt.CheckState.Checked
        return [i.text(0) for i in items if i is not None and i.checkState(0) == checked]

    def _numbers(self) -> tuple[int, ...] | None:
        words = self.clusters.text().replace(",", " ").replace(";", " ").split()
        hint = self.tr("Type numbers from 2 to {most}, for instance 12, 16, 24.").format(most=MAX_K)
        wrong = [w for w in words if not w.isdecimal() or not 2 <= int(w[:9]) <= MAX_K]
        if wrong or not words:
            said = (
                self.tr("K = {word} cannot be.").format(word=wrong[0])
                if wrong
                else self.tr("K is missing.")
            )
            self.refused.emit(said, hint)
            self.clusters.setFocus()
            return None
        return tuple(sorted({int(word) for word in words}))

    def _show_amount(self) -> None:
        words = self.clusters.text().replace(",", " ").replace(";", " ").split()
        count = len(self._checked()) * len({w for w in words if w.isdecimal()})
        self.amount.setText(
            self.tr("{count} clusterings of {samples} pictures").format(
                count=count, samples=self.samples.value()
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        """Keep the boxes visible in the colours of a new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_stack"):
            self._outline_boxes()

    def _outline_boxes(self) -> None:
        # Fusion draws a box in a darker Window colour, which cannot be seen in the dark theme.
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.Dark))
        if palette.color(QPalette.ColorRole.Base).lightness() < 128:
            faint = palette.color(QPalette.ColorRole.PlaceholderText)
            palette.setColor(QPalette.ColorRole.Window, faint)
        self.layers.setPalette(palette)

    # Building -------------------------------------------------------------------------------

    def _layer_list(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setItemDelegate(RoomyRows(tree))
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setHeaderLabels([self.tr("Layer"), self.tr("Side"), self.tr("Channels"), ""])
        header = tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setMinimumHeight(120)
        return tree

    def _describe(self) -> None:
        described: tuple[tuple[QWidget, str, str], ...] = (
            (
                self.layers,
                self.tr("Layers"),
                self.tr("Whose activations are clustered. The paper takes the first of 32 px."),
            ),
            (
                self.clusters,
                self.tr("K, the number of clusters"),
                self.tr("One number or several, 2 to {most}; each is clustered").format(most=MAX_K),
            ),
            (
                self.samples,
                self.tr("Samples"),
                self.tr("How many random pictures are clustered; the paper takes 200"),
            ),
            (
                self.psi,
                self.tr("Truncation"),
                self.tr("Of those pictures: lower is more typical, higher more varied"),
            ),
            (self.random_state, self.tr("Seed"), self.tr("Which random pictures, and which start")),
            (
                self.stability,
                self.tr("Measure stability"),
                self.tr("Cluster other samples too and see what stays; takes longer"),
            ),
            (self.start, self.tr("Start"), self.tr("Cluster every chosen layer with every K")),
            (
                self.go_on,
                self.tr("Go On"),
                self.tr("Go on where it was cancelled; what is done stays"),
            ),
        )
        for widget, name, tip in described:
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
            widget.setAccessibleDescription(tip)

    def _build(self) -> None:
        settings = QWidget(self)
        form = QFormLayout()
        form.addRow(self.tr("&K"), self.clusters)
        form.addRow(self.tr("S&amples"), self.samples)
        form.addRow(self.tr("&Truncation"), self.psi)
        form.addRow(self.tr("S&eed"), self.random_state)
        form.addRow("", self.stability)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.go_on, 1)
        title = QLabel(self.tr("&Layers"), settings)
        title.setBuddy(self.layers)
        column = QVBoxLayout(settings)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(self.layers, 1)
        column.addLayout(form)
        column.addWidget(self.amount)
        column.addLayout(buttons)
        settings.setMinimumWidth(310)

        results = QSplitter(Qt.Orientation.Vertical, self)
        results.addWidget(self.rows)
        results.addWidget(self.plot)
        results.setStretchFactor(0, 1)
        results.setSizes([420, 190])
        results.setChildrenCollapsible(False)
        right = QWidget(self)
        self._stack = QStackedLayout(right)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(results)

        splitter = QSplitter(self)
        splitter.addWidget(settings)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([330, 900])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self._outline_boxes()

    def _connect(self) -> None:
        self.start.clicked.connect(self._start)
        self.clusters.returnPressed.connect(self.start.click)
        self.go_on.clicked.connect(lambda: self.go_on_wanted.emit())
        self.rows.picked.connect(self.picked)
        self.layers.itemChanged.connect(lambda *_: self._show_amount())
        self.clusters.textChanged.connect(lambda _: self._show_amount())
        self.samples.valueChanged.connect(lambda _: self._show_amount())

    def _start(self) -> None:
        wish = self.wish()
        if wish is not None:
            self.start_wanted.emit(wish)
