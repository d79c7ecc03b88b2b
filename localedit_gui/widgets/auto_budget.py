"""A limit on what may change outside, and the button that finds the budget for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QWidget

FIRST_LIMIT = 0.5
"""A fifth of what is just noticeable, on average over everything outside."""


class AutoBudget(QWidget):
    """Asks for the largest budget that keeps the change outside the part within a limit.

    Signals:
        wanted(float): find it for this limit, a mean CIE76 delta E.
    """

    wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr(
            "The most that may change outside the part on average, in ΔE; about 2.3 is just "
            "noticeable."
        )
        self.limit = QDoubleSpinBox(self)
        self.limit.setRange(0.0, 20.0)
        self.limit.setSingleStep(0.1)
        self.limit.setDecimals(2)
        self.limit.setValue(FIRST_LIMIT)
        self.limit.setAccessibleName(self.tr("Most change outside"))
        self.limit.setToolTip(tip)
        self.label = QLabel(self.tr("Outside ≤ ΔE"), self)
        self.label.setToolTip(tip)
        self.label.setBuddy(self.limit)
        self.button = QPushButton(self.tr("Find &Budget"), self)
        self.button.setToolTip(
            self.tr("Set the largest budget that changes no more than this outside the part")
        )
        self.button.setAccessibleName(self.tr("Find budget"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.limit, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(lambda: self.wanted.emit(self.limit.value()))
