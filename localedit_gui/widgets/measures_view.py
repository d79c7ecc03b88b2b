"""The numbers of an edited picture, beside the controls that move them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from localedit_core.editing.request import Measures
from localedit_gui.widgets.channel_bars import ChannelBars


class MeasuresView(QWidget):
    """Change inside and outside the selected part, and the channels moved in each layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        for column, text in ((1, self.tr("Inside")), (2, self.tr("Outside"))):
            head = QLabel(text, self)
            head.setEnabled(False)
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        mse = self.tr(
            "Mean squared error in CIELAB, as the paper counts it: In-MSE inside the selected "
            "part, Out-MSE outside."
        )
        delta_e = self.tr("Mean colour difference ΔE (CIE76); about 2.3 is just noticeable.")
        roir = self.tr("Mean change outside over mean change inside; lower is more local.")
        self.in_mse = self._number(self.tr("In-MSE"), mse)
        self.out_mse = self._number(self.tr("Out-MSE"), mse)
        self.delta_e_inside = self._number(self.tr("ΔE inside"), delta_e)
        self.delta_e_outside = self._number(self.tr("ΔE outside"), delta_e)
        self.roir = self._number(self.tr("ROIR"), roir)
        rows = (
            (self.tr("MSE"), mse, self.in_mse, self.out_mse),
            (self.tr("ΔE"), delta_e, self.delta_e_inside, self.delta_e_outside),
            (self.tr("ROIR"), roir, None, self.roir),
        )
        for line, (name, tooltip, inside, outside) in enumerate(rows, start=1):
            label = QLabel(name, self)
            label.setToolTip(tooltip)
            grid.addWidget(label, line, 0)
            for column, number in ((1, inside), (2, outside)):
                if number is not None:
                    grid.addWidget(number, line, column)
        self.bars = ChannelBars(self)
        self._bars_title = QLabel(self.tr("Channels moved"), self)
        self._bars_title.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid)
        layout.addWidget(self._bars_title)
        layout.addWidget(self.bars)
        self.show_measures(None)

    def _number(self, name: str, tooltip: str) -> QLabel:
        label = QLabel(self)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance("0.00000"))
        label.setToolTip(tooltip)
        label.setAccessibleName(name)
        return label

    def show_measures(self, measures: Measures | None) -> None:
        """Show the numbers, or dashes while there are none."""
        known = measures is not None
        texts = {self.in_mse: "–", self.out_mse: "–", self.roir: "–"}
        texts |= {self.delta_e_inside: "–", self.delta_e_outside: "–"}
        if measures is not None:
            texts[self.in_mse] = f"{measures.in_mse:.5f}"
            texts[self.out_mse] = f"{measures.out_mse:.5f}"
            texts[self.delta_e_inside] = f"{measures.delta_e_inside:.2f}"
            texts[self.delta_e_outside] = f"{measures.delta_e_outside:.2f}"
            if measures.roir is not None:
                texts[self.roir] = f"{measures.roir:.3f}"
            self.bars.set_channels(measures.channels_moved, measures.channels_total)
        for label, text in texts.items():
            label.setText(text)
        self.bars.setVisible(known)
        self._bars_title.setVisible(known)
