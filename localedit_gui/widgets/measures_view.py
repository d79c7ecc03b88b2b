"""The numbers of an edited picture, beside the controls that move them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from localedit_core.editing.request import Leak, Measures
from localedit_gui.widgets.channel_bars import ChannelBars

JUST_NOTICEABLE = 2.3
"""Mean CIE76 delta E from which a leak is called one."""


class MeasuresView(QWidget):
    """Change inside and outside the selected part, and the channels moved in each layer.

    Args:
        curve: what stands between the two.
    """

    def __init__(self, parent: QWidget | None = None, curve: QWidget | None = None) -> None:
        super().__init__(parent)
        mse = self.tr(
            "Mean squared error in CIELAB, as the paper counts it: In-MSE inside the selected "
            "part, Out-MSE outside."
        )
        delta_e = self.tr("Mean colour difference (CIE76); about 2.3 is just noticeable.")
        roir = self.tr("Mean change outside over mean change inside; lower is more local.")
        rest = "\n" + self.tr("Parts that other edits of the stack change are not counted.")
        mse, delta_e, roir = mse + rest, delta_e + rest, roir + rest
        self.in_mse = self._number(self.tr("In-MSE"), mse)
        self.out_mse = self._number(self.tr("Out-MSE"), mse)
        self.delta_e_inside = self._number(self.tr("ΔE inside"), delta_e)
        self.delta_e_outside = self._number(self.tr("ΔE outside"), delta_e)
        self.roir = self._number(self.tr("ROIR"), roir)
        numbers = (
            (self.in_mse, self.out_mse),
            (self.delta_e_inside, self.delta_e_outside),
            (self.roir,),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(2, 10)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(4, 1)
        for line, pair in enumerate(numbers):
            for side, number in enumerate(pair):
                label = QLabel(number.accessibleName(), self)
                label.setToolTip(number.toolTip())
                grid.addWidget(label, line, 3 * side)
                grid.addWidget(number, line, 3 * side + 1)
        self.leak = QLabel(self)
        self.leak.setWordWrap(True)
        self.leak.setAccessibleName(self.tr("Most change elsewhere"))
        self.leak.setToolTip(
            self.tr("The other part that changes most, by its mean colour difference.")
        )
        self.bars = ChannelBars(self)
        self._bars_title = QLabel(self.tr("Channels moved"), self)
        self._bars_title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid)
        layout.addWidget(self.leak)
        if curve is not None:
            layout.addWidget(curve)
        layout.addWidget(self._bars_title)
        layout.addWidget(self.bars)
        self.show_measures(None)

    def _number(self, name: str, tooltip: str) -> QLabel:
        label = QLabel(self)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance("0.000000"))
        label.setToolTip(tooltip)
        label.setAccessibleName(name)
        return label

    def show_measures(self, measures: Measures | None) -> None:
        """Show the numbers, or dashes while there are none."""
        # A generator without styles has no channels to count.
        countable = measures is not None and bool(measures.channels_total)
        texts = {self.in_mse: "–", self.out_mse: "–", self.roir: "–"}
        texts |= {self.delta_e_inside: "–", self.delta_e_outside: "–"}
        if measures is not None:
            texts[self.in_mse] = f"{measures.in_mse:.6f}"
            texts[self.out_mse] = f"{measures.out_mse:.6f}"
            texts[self.delta_e_inside] = f"{measures.delta_e_inside:.2f}"
            texts[self.delta_e_outside] = f"{measures.delta_e_outside:.2f}"
            if measures.roir is not None:
                texts[self.roir] = f"{measures.roir:.3f}"
            self.bars.set_channels(measures.channels_moved, measures.channels_total)
        self._show_leak(None if measures is None else measures.leak)
        for label, text in texts.items():
            label.setText(text)
        self.bars.setVisible(countable)
        self._bars_title.setVisible(countable)

    def _show_leak(self, leak: Leak | None) -> None:
        """Name the part that changes most elsewhere; loudly where one can see it."""
        seen = leak is not None and leak.delta_e >= JUST_NOTICEABLE
        text = ""
        if leak is not None:
            text = (
                self.tr("⚠ Leaks into {part}: ΔE {delta:.1f}")
                if seen
                else self.tr("Most change elsewhere: {part}, ΔE {delta:.1f}")
            )
            text = text.format(part=leak.part, delta=leak.delta_e)
        self.leak.setText(text)
        self.leak.setVisible(bool(text))
        font = self.leak.font()
        font.setBold(seen)
        self.leak.setFont(font)
