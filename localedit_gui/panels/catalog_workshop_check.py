"""The workshop's third step: is each part what its name says, and does it transfer?"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.widgets.cluster_look import ClusterLook, swatch_icon
from localedit_gui.widgets.picture_strip import PictureStrip
from localedit_gui.widgets.plots import HistogramPlot
from localedit_gui.widgets.value_slider import ValueSlider
from localedit_gui.workshop.values import (
    DEFAULT_EPSILON,
    DEFAULT_FLOOR,
    CheckedPart,
    PartDefaults,
    TriedTransfer,
)

_STRIP = 10
_PER_ROW = 5
MAX_TRIAL_SEED = 2**31 - 1
MAX_EPSILON = 512.0
MAX_FLOOR = 1.0


class CheckPanel(QWidget):
    """Parts on the left; the selected one's strip, histogram and trial beside them.

    Signals:
        part_picked(str): look at another part.
        trial_wanted(int, int): transfer the part to this target from this reference.
        defaults_changing(PartDefaults), defaults_changed(PartDefaults): budget and floor that new
            edits of the part begin with; the second once a drag is over.
    """

    part_picked = Signal(str)
    trial_wanted = Signal(int, int)
    defaults_changing = Signal(object)
    defaults_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: dict[str, QColor] = {}
        self._checked: CheckedPart | None = None
        self._has_styles = True
        self.parts = QListWidget(self)
        self.parts.setAccessibleName(self.tr("Parts to check"))
        self.parts.setToolTip(self.tr("Look at each part before you save"))
        self.title = QLabel(self)
        font = QFont(self.title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.title.setFont(font)
        self.share = QLabel(self)
        self.share.setWordWrap(True)
        self.strip = PictureStrip(self, most=170, per_row=_PER_ROW)
        self.strip.setAccessibleName(self.tr("Ten unseen pictures with the part outlined"))
        self.layer = QComboBox(self)
        self.layer.setAccessibleName(self.tr("Layer of the histogram"))
        self.layer.setToolTip(self.tr("Whose channels are counted"))
        self.histogram = HistogramPlot(self)
        self.histogram.setMinimumHeight(170)
        self.epsilon = ValueSlider(
            self.tr("Budget"),
            0.0,
            MAX_EPSILON,
            DEFAULT_EPSILON,
            decimals=1,
            step=1.0,
            power=2.0,
            tooltip=self.tr(
                "Epsilon that new edits of this part begin with: more moves more channels"
            ),
        )
        self.floor = ValueSlider(
            self.tr("Floor"),
            0.0,
            MAX_FLOOR,
            DEFAULT_FLOOR,
            decimals=3,
            step=0.01,
            power=2.0,
            tooltip=self.tr(
                "Relevance floor that new edits begin with: channels below it never move"
            ),
        )
        self.target = self._seed(self.tr("Target seed"), 22)
        self.reference = self._seed(self.tr("Reference seed"), 27)
        self.try_it = QPushButton(self.tr("&Try a Transfer"), self)
        tip = self.tr("Lend the part of the reference to the target, and measure what changed")
        self.try_it.setToolTip(tip)
        self.try_it.setAccessibleDescription(tip)
        self.trial = PictureStrip(self, most=200)
        self.trial.setAccessibleName(self.tr("Target, reference and result"))
        self.measures = QLabel(self)
        self.measures.setWordWrap(True)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.unmeasured = QLabel(self)
        self.unmeasured.setWordWrap(True)
        self.unmeasured.hide()
        self._build()
        self._connect()

    # What is shown --------------------------------------------------------------------------

    def set_has_styles(self, has_styles: bool) -> None:
        """Say why there is no trial where there is none."""
        self._has_styles = has_styles
        for widget in self._of_styles:
            widget.setVisible(has_styles)
        self.note.setVisible(not has_styles)
        self.note.setText(
            self.tr(
                "This generator has no styles (PG-GAN): there are no channel scales that a query "
                "could move, so there is no M, no histogram and no trial transfer. Its parts can "
                "be found and saved all the same; the editor brings them over by feature blending."
            )
        )

    def set_parts(self, looks: Mapping[str, ClusterLook]) -> None:
        """Show the parts; the selected one stays selected."""
        names = list(looks)
        self._colours = {name: look.colour for name, look in looks.items()}
        present = self.part()
        with QSignalBlocker(self.parts):
            self.parts.clear()
            self.parts.setIconSize(QSize(18, 18))
            for name, look in looks.items():
                item = QListWidgetItem(name)
                ratio = self.devicePixelRatioF()
                size = QSize(18, 18)
                item.setIcon(swatch_icon(look.colour, "", size, ratio, look.hatching))
                self.parts.addItem(item)
            if names:
                row = names.index(present) if present is not None and present in names else 0
                self.parts.setCurrentRow(row)

    def part(self) -> str | None:
        """The selected part."""
        item = self.parts.currentItem()
        return None if item is None else item.text()

    def set_waiting(self, part: str) -> None:
        """The check of a part is on its way."""
        self._checked = None
        self.title.setText(part)
        self.share.setText(self.tr("Drawing ten pictures that the catalog has not seen…"))
        self.strip.set_count(_STRIP)
        self.clear_trial()

    def set_empty(self, text: str) -> None:
        """There is nothing to check, and why."""
        self._checked = None
        self.title.clear()
        self.share.setText(text)
        self.strip.set_count(0)
        self.clear_trial()

    def set_checked(self, checked: CheckedPart) -> None:
        """Show what a check found."""
        self._checked = checked
        self.title.setText(checked.part)
        self.share.setText(
            self.tr("{share:.1%} of ten pictures that the catalog has not seen").format(
                share=checked.share
            )
        )
        self.strip.set_pictures(checked.pictures)
        layers = list(checked.histogram)
        present = self.layer.currentText()
        with QSignalBlocker(self.layer):
            self.layer.clear()
            self.layer.addItems(layers)
            if present in layers:
                self.layer.setCurrentText(present)
        self._show_histogram()

    def set_preferred_layer(self, name: str) -> None:
        """Begin with the histogram of this layer."""
        with QSignalBlocker(self.layer):
            if self.layer.findText(name) < 0:
                self.layer.addItem(name)
            self.layer.setCurrentText(name)

    def set_defaults(self, defaults: PartDefaults) -> None:
        """Show what new edits of the part begin with."""
        self.epsilon.set_value(defaults.epsilon)
        self.floor.set_value(defaults.floor)
        self.histogram.set_floor(defaults.floor)

    def clear_trial(self) -> None:
        """Show no trial."""
        self.trial.set_count(3 if self._has_styles else 0)
        self.measures.clear()

    def set_trial(self, tried: TriedTransfer) -> None:
        """Show a trial transfer."""
        captions = (self.tr("target"), self.tr("reference"), self.tr("result"))
        self.trial.set_pictures((tried.target, tried.reference, tried.edited), captions)
        if tried.measures is None:
            self.measures.setText(
                self.tr("This target does not show the part: try another target.")
            )
            return
        self.measures.setText(
            self.tr(
                "In-MSE {inside:.4f} · Out-MSE {outside:.5f} · change outside ΔE {de:.2f}"
            ).format(
                inside=tried.measures.in_mse,
                outside=tried.measures.out_mse,
                de=tried.measures.delta_e_outside,
            )
        )

    def set_busy(self, busy: bool) -> None:
        """While a check or a trial runs no trial can be started."""
        self.try_it.setEnabled(not busy and self.part() is not None)

    def set_unmeasured(self, unmeasured: bool, *, measuring: bool) -> None:
        """Say why there is no histogram and no trial yet."""
        self.unmeasured.setVisible(unmeasured)
        self.unmeasured.setText(
            self.tr(
                "It is being measured which channels make which part; the histogram and trial "
                "transfers come after that."
            )
            if measuring
            else self.tr("Which channels make which part is not measured: open this page anew.")
        )

    def has_trial(self) -> bool:
        """Whether a trial is on screen."""
        return self.trial.filled() > 0

    def _show_histogram(self) -> None:
        checked = self._checked
        if checked is None or self.layer.currentText() not in checked.histogram:
            return
        counts, edges = checked.histogram[self.layer.currentText()]
        colour = self._colours.get(checked.part, QColor("grey"))
        self.histogram.set_histogram(counts, edges, self.floor.value(), colour)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pictures what the height has room for."""
        super().resizeEvent(event)
        self.strip.set_most(max(120, round(0.24 * self.height())))
        self.trial.set_most(max(160, round(0.3 * self.height())))

    # Building -------------------------------------------------------------------------------

    def _seed(self, name: str, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(0, MAX_TRIAL_SEED)
        box.setValue(value)
        box.setAccessibleName(name)
        box.setToolTip(name)
        return box

    def _build(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.title)
        above.addWidget(self.share, 1)
        channels = QFrame(self)
        left = QVBoxLayout(channels)
        left.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Channels of"), self))
        row.addWidget(self.layer, 1)
        left.addLayout(row)
        left.addWidget(self.histogram, 1)
        left.addWidget(self.epsilon)
        left.addWidget(self.floor)
        trying = QFrame(self)
        right = QVBoxLayout(trying)
        right.setContentsMargins(0, 0, 0, 0)
        seeds = QGridLayout()
        seeds.addWidget(QLabel(self.tr("Target"), self), 0, 0)
        seeds.addWidget(self.target, 0, 1)
        seeds.addWidget(QLabel(self.tr("Reference"), self), 0, 2)
        seeds.addWidget(self.reference, 0, 3)
        seeds.addWidget(self.try_it, 0, 4)
        seeds.setColumnStretch(1, 1)
        seeds.setColumnStretch(3, 1)
        right.addLayout(seeds)
        right.addWidget(self.trial)
        right.addWidget(self.measures)
        right.addStretch(1)
        self._of_styles = (channels, trying)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(channels, 1)
        below.addWidget(trying, 1)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.addLayout(above)
        column.addWidget(self.strip)
        column.addSpacing(6)
        column.addWidget(self.note)
        column.addWidget(self.unmeasured)
        column.addLayout(below, 1)
        column.addStretch(0)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(self.tr("What is known of the chosen part"))
        splitter = QSplitter(self)
        splitter.addWidget(self.parts)
        splitter.addWidget(scroll)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([190, 1000])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.parts.currentRowChanged.connect(lambda _: self._picked())
        self.layer.currentTextChanged.connect(lambda _: self._show_histogram())
        self.try_it.clicked.connect(
            lambda: self.trial_wanted.emit(self.target.value(), self.reference.value())
        )
        for slider in (self.epsilon, self.floor):
            slider.changing.connect(lambda _: self._defaults(self.defaults_changing))
            slider.changed.connect(lambda _: self._defaults(self.defaults_changed))

    def _picked(self) -> None:
        part = self.part()
        if part is not None:
            self.part_picked.emit(part)

    def _defaults(self, signal: SignalInstance) -> None:
        defaults = PartDefaults(round(self.epsilon.value(), 2), round(self.floor.value(), 4))
        self.histogram.set_floor(defaults.floor)
        signal.emit(defaults)
