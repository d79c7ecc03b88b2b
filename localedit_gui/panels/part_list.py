"""The parts of the catalog: colour, name, share of the picture, edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class PartRow:
    """One line of the list.

    Attributes:
        name: of the part.
        colour: the same as on the canvas.
        share: of the picture that it covers, 0 to 1.
        edits: how many edits change it.
    """

    name: str
    colour: QColor
    share: float
    edits: int


class _PartModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[PartRow, ...] = ()

    def set_rows(self, rows: tuple[PartRow, ...]) -> None:
        if rows == self.rows:
            return  # a slider that moves changes none of this
        if [row.name for row in rows] == [row.name for row in self.rows]:
            self.rows = rows  # the same parts: selection and scroll position stay
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == _ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            text = self.tr("{name}: {share:.1%} of the picture, edits: {edits}").format(
                name=row.name, share=row.share, edits=row.edits
            )
            if index.row() < 9:
                text += self.tr(" · key {key}").format(key=index.row() + 1)
            return text
        return None


class _PartDelegate(QStyledItemDelegate):
    """Paints: key, swatch, name, edits, share."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(160, max(26, QFontMetrics(option.font).height() + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.data(_ROW_ROLE)
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)

        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        ink = option.palette.color(role)
        faint = QColor(ink)
        faint.setAlphaF(0.68)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(6, 0, -8, 0)
        metrics = option.fontMetrics
        vertical = Qt.AlignmentFlag.AlignVCenter

        painter.setPen(faint)
        digit = metrics.horizontalAdvance("0")
        if index.row() < 9:
            painter.drawText(rect, vertical | Qt.AlignmentFlag.AlignLeft, str(index.row() + 1))
        swatch = QRect(0, 0, 13, 13)
        swatch.moveCenter(QPoint(rect.left() + digit + 16, rect.center().y() + 1))
        painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
        painter.setBrush(row.colour)
        painter.drawRoundedRect(swatch, 3, 3)

        share = f"{row.share:.1%}"
        room = metrics.horizontalAdvance("100.0%")
        painter.setPen(faint)
        painter.drawText(rect, vertical | Qt.AlignmentFlag.AlignRight, share)
        right = rect.right() - room - 8
        if row.edits:
            right = self._paint_count(painter, option, right, row.edits)
        painter.setPen(ink)
        left = swatch.right() + 9
        name = QRect(left, rect.top(), right - left, rect.height())
        elided = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, vertical | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()

    @staticmethod
    def _paint_count(
        painter: QPainter, option: QStyleOptionViewItem, right: int, edits: int
    ) -> int:
        """A pill with the number of edits that ends at ``right``; returns where names may end."""
        text = str(edits)
        height = option.fontMetrics.height()
        pill = QRect(0, 0, max(height, option.fontMetrics.horizontalAdvance(text) + 10), height)
        pill.moveCenter(QPoint(right - pill.width() // 2, option.rect.center().y() + 1))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        roles = (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight)
        back, front = roles if chosen else roles[::-1]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(back))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(option.palette.color(front))
        font = QFont(option.font)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(option.font)
        return pill.left() - 6


class _PartView(QListView):
    hovered_row = Signal(int)  # -1 for none
    picked_row = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.entered.connect(lambda index: self.hovered_row.emit(index.row()))
        self.viewportEntered.connect(lambda: self.hovered_row.emit(-1))
        self.clicked.connect(lambda index: self.picked_row.emit(index.row()))
        self.activated.connect(lambda index: self.picked_row.emit(index.row()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered_row.emit(-1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the selection, 1 to 9 pick a row."""
        digit = event.key() - Qt.Key.Key_1
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if 0 <= digit < min(9, self.model().rowCount()) and not plain:
            self.picked_row.emit(digit)
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex().isValid() and self.currentIndex() != before:
            self.picked_row.emit(self.currentIndex().row())


class PartList(QWidget):
    """Lists the parts; the selected one is what the next reference changes.

    Signals:
        part_picked(str): a part was clicked, reached by arrow keys, or its digit was pressed.
        part_hovered(str): the pointer came onto a part; "" when it left.
    """

    part_picked = Signal(str)
    part_hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered = ""
        self._model = _PartModel(self)
        self.view = _PartView(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(_PartDelegate(self.view))
        self.view.setAccessibleName(self.tr("Parts"))
        self.view.setToolTip(
            self.tr("Click a part, or press its number, then pick a reference for it.")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.picked_row.connect(self._pick)
        self.view.hovered_row.connect(self._hover)

    def set_parts(self, rows: Sequence[PartRow]) -> None:
        """Show these parts, in this order."""
        self._model.set_rows(tuple(rows))

    def set_selected(self, name: str | None) -> None:
        """Mark the selected part, without a signal."""
        for row, part in enumerate(self._model.rows):
            if part.name == name:
                self.view.setCurrentIndex(self._model.index(row))
                return
        self.view.setCurrentIndex(QModelIndex())
        self.view.clearSelection()

    def sizeHint(self) -> QSize:
        """Room for a dozen parts."""
        return QSize(210, 320)

    def _pick(self, row: int) -> None:
        self.view.setCurrentIndex(self._model.index(row))
        self.part_picked.emit(self._model.rows[row].name)

    def _hover(self, row: int) -> None:
        name = self._model.rows[row].name if row >= 0 else ""
        if name != self._hovered:
            self._hovered = name
            self.part_hovered.emit(name)
