"""The same samples once per clustering, one below the other: layers and K side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.widgets.elided_label import ElidedLabel
from localedit_gui.widgets.picture_strip import PictureStrip

Key = tuple[str, int]
"""Layer and K."""


class SweepRow(QFrame):
    """One clustering: what it is, its scores, its memberships over the samples.

    Signals:
        picked(): go on with this one.
    """

    picked = Signal()

    def __init__(self, key: Key, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        layer, clusters = key
        self.setAccessibleName(self.tr("{layer}, K {k}").format(layer=layer, k=clusters))
        title = QLabel(f"{layer} · K {clusters}", self)
        font = QFont(title.font())
        font.setBold(True)
        title.setFont(font)
        self.scores = ElidedLabel(self.tr("waiting…"), self)
        self.scores.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.pick = QPushButton(self.tr("Name These"), self)
        tip = self.tr("Go on with {layer}, K {k}: name its clusters").format(
            layer=layer, k=clusters
        )
        self.pick.setToolTip(tip)
        self.pick.setAccessibleName(tip)
        self.pick.setEnabled(False)
        self.pick.clicked.connect(self.picked)
        self.strip = PictureStrip(self)
        self.strip.set_count(count)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self.scores, 1)
        head.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.strip)

    def set_drawn(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """Show its memberships: it is ready."""
        self.strip.set_pictures(pictures)
        self.pick.setEnabled(True)

    def set_problem(self, text: str) -> None:
        """Say why it cannot be made."""
        self.scores.setText(text)
        self.setAccessibleDescription(text)
        self.strip.set_count(0)

    def set_scores(self, mean_cosine: float, stability: float | None, *, suggested: bool) -> None:
        """Show its scores."""
        texts = [self.tr("mean cosine {value:.3f}").format(value=mean_cosine)]
        if stability is not None:
            texts.insert(0, self.tr("stability {value:.2f}").format(value=stability))
        if suggested:
            texts.insert(0, self.tr("◎ suggested by the scores"))
        self.scores.setText(" · ".join(texts))
        self.setAccessibleDescription(self.scores.text())


class SweepRows(QScrollArea):
    """All rows, below the samples themselves.

    Signals:
        picked(str, int): go on with this layer and K.
    """

    picked = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[Key, SweepRow] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Memberships"))
        self._inside = QWidget(self)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(2)
        self.samples = PictureStrip(self._inside)
        self._column.addWidget(self.samples)
        self._column.addStretch(1)
        self.setWidget(self._inside)

    def begin(self, keys: Sequence[Key], count: int) -> None:
        """Show empty rows for these clusterings; those there already stay."""
        for key in [key for key in self.rows if key not in keys]:
            row = self.rows.pop(key)
            self._column.removeWidget(row)
            row.deleteLater()
        if self.samples.count() != count:
            self.samples.set_count(count)
        for index, key in enumerate(keys):
            if key not in self.rows:
                row = SweepRow(key, count, self._inside)
                row.picked.connect(lambda key=key: self.picked.emit(*key))
                self.rows[key] = row
                self._column.insertWidget(1 + index, row)

    def clear(self) -> None:
        """Show nothing."""
        self.begin((), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down scroll by rows."""
        step = next((row.height() for row in self.rows.values()), 100)
        bar = self.verticalScrollBar()
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            bar.setValue(bar.value() + (step if event.key() == Qt.Key.Key_Down else -step))
        else:
            super().keyPressEvent(event)
