"""The window of evaluations: what to measure on the left, what was found on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.edit import Method
from localedit_gui.evaluation.values import ReportKind, Wish
from localedit_gui.panels.evaluation_report import EvaluationReport
from localedit_gui.widgets.check_list import CheckEntry, CheckList
from localedit_gui.widgets.method_box import MethodBox

GUARDS = (0.0, 0.5, 1.0)
FIRST_METHODS = (Method.SEQUENTIAL, Method.SIMULTANEOUS, Method.GLOBAL)
FIRST_PAIRS, FIRST_SIZE, LARGEST_SIZE = 8, 64, 1024


class EvaluationWindow(QDialog):
    """Asks what to measure and shows it. It measures nothing itself.

    Signals:
        changed(): something else is asked for.
        start_wanted(), go_on_wanted(), cancel_wanted(), copy_wanted(), export_wanted(): the
            buttons.
    """

    changed = Signal()
    start_wanted = Signal()
    go_on_wanted = Signal()
    cancel_wanted = Signal()
    copy_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Evaluation"))
        self.setAccessibleName(self.windowTitle())
        self._running = False
        self.kind = self._kinds()
        self.parts = CheckList(self, rows=6)
        self.methods = CheckList(self, rows=6)
        self.method = MethodBox(self)
        self.guards = CheckList(self, rows=3)
        self.guard = QComboBox(self)
        self.pairs = self._number(1, 10_000, FIRST_PAIRS)
        self.side = QComboBox(self)
        self.seed = self._number(0, 2**31 - 1, 0)
        self.report = EvaluationReport(self)
        self.estimate = QLabel(self)
        self.estimate.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(self.tr("Pairs measured"))
        self.start = self._button(
            self.tr("&Start"), self.tr("Measure, while the editor stays usable"), self.start_wanted
        )
        self.go_on = self._button(
            self.tr("Go &On"),
            self.tr("Measure the pairs that are missing, where a run of these settings stopped"),
            self.go_on_wanted,
        )
        self.cancel = self._button(
            self.tr("Cance&l"),
            self.tr("Stop after this pair; what is measured stays shown"),
            self.cancel_wanted,
        )
        self.copy = self._button(
            self.tr("&Copy Command"),
            self.tr("Copy the command line that measures the same, for a terminal"),
            self.copy_wanted,
        )
        self.export = self._button(
            self.tr("&Export…"),
            self.tr("Write the numbers (JSON, CSV) or a picture (PNG, PDF) of all parts"),
            self.export_wanted,
        )
        self._fill_guards()
        self._lay_out()
        for signal in (
            self.kind.currentIndexChanged,
            self.parts.ticks_changed,
            self.methods.ticks_changed,
            self.method.currentIndexChanged,
            self.guards.ticks_changed,
            self.guard.currentIndexChanged,
            self.pairs.valueChanged,
            self.side.currentIndexChanged,
            self.seed.valueChanged,
        ):
            signal.connect(lambda *_: self.changed.emit())
        self.kind.currentIndexChanged.connect(lambda _: self._show_rows())
        self._show_rows()
        self.set_running(False)
        self.resize(980, 640)

    @property
    def wish(self) -> Wish | None:
        """What is asked for; None while a list has nothing ticked, or before there is a subject."""
        kind = ReportKind(self.kind.currentData())
        parts = self.parts.ticked()
        methods = tuple(Method(value) for value in self.methods.ticked())
        guards = tuple(float(value) for value in self.guards.ticked())
        if kind is not ReportKind.LOCALITY:
            methods = (Method(self.method.currentData()),)
            guards = (float(self.guard.currentData()),)
        if not (parts and methods and guards and self.side.count()):
            return None
        return Wish(
            *(kind, parts, methods, guards, self.pairs.value()),
            size=int(self.side.currentData()),
            first_seed=self.seed.value(),
        )

    def set_subject(
        self, parts: Sequence[str], resolution: int, first_seed: int, *, has_styles: bool
    ) -> None:
        """Offer what a generator has; its first parts are ticked."""
        self.parts.set_entries(CheckEntry(name, name, n < 3) for n, name in enumerate(parts))
        self.method.set_has_styles(has_styles)
        if not has_styles:
            self.method.show_method(Method.FEATURE_BLENDING)
        entries = []
        for row in range(self.method.count()):
            method = Method(self.method.itemData(row))
            offered = has_styles or not method.moves_styles
            first = method in FIRST_METHODS or not has_styles
            tip = self.method.itemData(row, Qt.ItemDataRole.ToolTipRole)
            entries.append(
                CheckEntry(self.method.itemText(row), method.value, first, tip or "", offered)
            )
        self.methods.set_entries(entries)
        self.seed.setValue(first_seed)
        self.side.clear()
        side = min(32, resolution)
        while side <= min(resolution, LARGEST_SIZE):
            self.side.addItem(self.tr("{side} px").format(side=side), side)
            side *= 2
        self.side.setCurrentIndex(max(0, self.side.findData(min(FIRST_SIZE, resolution))))

    def set_running(self, running: bool) -> None:
        """Whether something is being measured."""
        self._running = running
        self.cancel.setEnabled(running)
        self.progress.setVisible(running)
        self.offer()

    def offer(self) -> None:
        """Offer what can be done with what is asked for and what is there."""
        wish, report = self.wish, self.report.report
        self.start.setEnabled(not self._running and wish is not None)
        begun = wish is not None and report is not None and report.begins(wish)
        self.go_on.setEnabled(not self._running and begun)
        self.copy.setEnabled(wish is not None)
        self.export.setEnabled(not self._running and report is not None and report.tells_something)

    def method_name(self, method: Method) -> str:
        """What people call a method."""
        return self.method.itemText(self.method.findData(method))

    # Making -------------------------------------------------------------------------------

    def _kinds(self) -> QComboBox:
        box = QComboBox(self)
        box.addItem(self.tr("Locality curves"), ReportKind.LOCALITY)
        box.addItem(self.tr("Heat map"), ReportKind.HEATMAP)
        box.addItem(self.tr("Frechet distance"), ReportKind.FRECHET)
        return box

    def _number(self, low: int, high: int, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(low, high)
        box.setValue(value)
        box.setKeyboardTracking(False)
        return box

    def _button(self, text: str, tip: str, wanted: SignalInstance) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: wanted.emit())
        return button

    def _fill_guards(self) -> None:
        names = [self.tr("none") if not guard else f"{guard:g}" for guard in GUARDS]
        tip = self.tr("Spatial guard: keeps changes from leaving the part")
        self.guards.set_entries(
            CheckEntry(name, f"{guard:g}", guard == 0.0, tip)
            for name, guard in zip(names, GUARDS, strict=True)
        )
        for name, guard in zip(names, GUARDS, strict=True):
            self.guard.addItem(name, guard)

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        rows: tuple[tuple[str, QWidget, str], ...] = (
            (self.tr("&Report:"), self.kind, self.tr("What is measured")),
            (self.tr("&Parts:"), self.parts, self.tr("The parts that are transferred")),
            (self.tr("&Methods:"), self.methods, self.tr("The methods that are compared")),
            (self.tr("&Method:"), self.method, self.tr("How parts are transferred")),
            (self.tr("&Guards:"), self.guards, self.tr("Each method is tried with each of them")),
            (self.tr("&Guard:"), self.guard, self.tr("How hard changes are kept inside")),
            (self.tr("P&airs:"), self.pairs, self.tr("Pairs of target and reference")),
            (self.tr("S&ize:"), self.side, self.tr("Side of the pictures that are compared")),
            (self.tr("First see&d:"), self.seed, self.tr("Of the first pair's target")),
        )
        for label, widget, tip in rows:
            widget.setAccessibleName(label.replace("&", "").rstrip(":"))
            widget.setToolTip(widget.toolTip() or tip)
            form.addRow(label, widget)
        asked = QWidget(self)
        left = QVBoxLayout(asked)
        left.addLayout(form)
        left.addWidget(self.estimate)
        left.addStretch(1)
        split = QSplitter(self)
        split.addWidget(asked)
        split.addWidget(self.report)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        close.rejected.connect(self.reject)
        bottom = QHBoxLayout()
        for button in (self.start, self.go_on, self.cancel):
            bottom.addWidget(button)
        bottom.addWidget(self.progress, 1)
        bottom.addStretch(0)
        bottom.addWidget(self.copy)
        bottom.addWidget(self.export)
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(split, 1)
        layout.addLayout(bottom)

    def _show_rows(self) -> None:
        many = self.kind.currentData() == ReportKind.LOCALITY
        for widget, shown in (
            (self.methods, many),
            (self.guards, many),
            (self.method, not many),
            (self.guard, not many),
        ):
            self._form.setRowVisible(widget, shown)
