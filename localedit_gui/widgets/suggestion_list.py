"""Clusters that may belong together, each with its reason and a button to accept it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.widgets.cluster_look import ClusterLook, swatch_icon
from localedit_gui.widgets.elided_label import ElidedLabel

_ICON = QSize(26, 17)


@dataclass(frozen=True)
class Suggested:
    """Two clusters that may belong together.

    Attributes:
        clusters: the two.
        m_similarity: how alike their channels are, 0 to 1; None where M is not known.
        adjacency: how much of their border they share, 0 to 1.
    """

    clusters: tuple[int, int]
    m_similarity: float | None
    adjacency: float


class _Row(QFrame):
    entered = Signal(bool)

    def __init__(self, suggested: Suggested, looks: Sequence[ClusterLook], parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 2, 1)
        row.setSpacing(4)
        names = []
        for cluster in suggested.clusters:
            look = looks[cluster]
            names.append(look.text)
            swatch = QLabel(self)
            ratio = self.devicePixelRatioF()
            icon = swatch_icon(look.colour, str(cluster), _ICON, ratio, look.hatching)
            swatch.setPixmap(icon.pixmap(_ICON, ratio))
            swatch.setToolTip(look.text)
            row.addWidget(swatch)
        reasons = []
        if suggested.m_similarity is not None:
            reasons.append(
                self.tr("channels {value:.0%}").format(value=max(suggested.m_similarity, 0.0))
            )
        reasons.append(self.tr("border {value:.0%}").format(value=suggested.adjacency))
        self.text = ElidedLabel(" · ".join(reasons), self)
        row.addWidget(self.text, 1)
        self.accept = QPushButton(self.tr("Together"), self)
        said = self.tr(
            "Make {a} and {b} one part. Channels: how alike those that make them are (M). Border: "
            "how much of it they share."
        ).format(a=names[0], b=names[1])
        self.accept.setToolTip(said)
        self.accept.setAccessibleName(said)
        row.addWidget(self.accept)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.entered.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.entered.emit(False)
        super().leaveEvent(event)


class SuggestionList(QScrollArea):
    """The suggestions, best first.

    Signals:
        accepted(tuple): these clusters shall be one part.
        hovered(frozenset): the pointer is on these clusters' row; empty for none.
    """

    accepted = Signal(object)
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[_Row] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Clusters that may belong together"))
        self._inside = QWidget(self)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(2, 2, 2, 2)
        self._column.setSpacing(1)
        self.note = QLabel(self._inside)
        self.note.setWordWrap(True)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._column.addWidget(self.note)
        self._column.addStretch(1)
        self.setWidget(self._inside)

    def set_suggestions(
        self, suggestions: Sequence[Suggested], looks: Sequence[ClusterLook], note: str
    ) -> None:
        """Show these; ``note`` says why there are none, or what they are made of."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        self.note.setText(note)
        self.note.setVisible(bool(note))
        for index, suggested in enumerate(suggestions):
            row = _Row(suggested, looks, self._inside)
            clusters = suggested.clusters
            row.accept.clicked.connect(lambda _=False, c=clusters: self.accepted.emit(c))
            row.entered.connect(
                lambda inside, c=clusters: self.hovered.emit(
                    frozenset(c) if inside else frozenset()
                )
            )
            self._column.insertWidget(1 + index, row)
            self.rows.append(row)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def accept_first(self) -> None:
        """Accept the best one."""
        if self.rows:
            self.rows[0].accept.click()
