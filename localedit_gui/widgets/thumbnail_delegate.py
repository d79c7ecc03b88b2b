"""How a seed looks in the gallery."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from localedit_gui.widgets.seed_model import FAVOURITE_ROLE

AnyIndex = QModelIndex | QPersistentModelIndex

_GAP = 3  # around a thumbnail
_STAR = 16
_STAR_POINTS = (
    (0.0, -1.0), (0.29, -0.40), (0.95, -0.31), (0.48, 0.15), (0.59, 0.81),
    (0.0, 0.5), (-0.59, 0.81), (-0.48, 0.15), (-0.95, -0.31), (-0.29, -0.40),
)  # fmt: skip


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints thumbnail, seed and star; a quiet square while the thumbnail is being made."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def cell(self) -> QSize:
        """Room that one seed takes."""
        return QSize(self.side + 2 * _GAP, self.side + 2 * _GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """All cells are alike."""
        return self.cell()

    def star_rect(self, cell: QRect) -> QRect:
        """Where a click marks the seed."""
        return QRect(cell.right() - _GAP - _STAR - 2, cell.top() + _GAP + 3, _STAR, _STAR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one cell."""
        picture = QRectF(option.rect).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(picture, 4, 4)
        if image is None:
            ink = QColor(option.palette.color(QPalette.ColorRole.Text))
            ink.setAlphaF(0.08)
            painter.fillPath(shape, ink)
            ink.setAlphaF(0.55)
            painter.setPen(ink)
            painter.drawText(picture, Qt.AlignmentFlag.AlignCenter, index.data())
        else:
            painter.setClipPath(shape)
            painter.drawImage(picture, image)
            painter.setClipping(False)
            if hovered or selected:
                self._paint_number(painter, picture, option, str(index.data()))
        if selected or hovered or focused:
            colour = option.palette.color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(colour, 3.0 if selected else 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(picture, 4, 4)
        favourite = bool(index.data(FAVOURITE_ROLE))
        if favourite or hovered:
            self._paint_star(painter, QRectF(self.star_rect(option.rect)), favourite)
        painter.restore()

    @staticmethod
    def _paint_number(
        painter: QPainter, picture: QRectF, option: QStyleOptionViewItem, text: str
    ) -> None:
        metrics = option.fontMetrics
        height = metrics.height() + 1
        width = min(metrics.horizontalAdvance(text) + 10, picture.width())
        strip = QRectF(picture.x() + 3, picture.bottom() - height - 3, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(strip, 3, 3)
        painter.setPen(QColor("white"))
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, text)

    @staticmethod
    def _paint_star(painter: QPainter, rect: QRectF, filled: bool) -> None:
        path = QPainterPath()
        centre, radius = rect.center(), rect.width() / 2 - 1
        for step, (x, y) in enumerate(_STAR_POINTS):
            at = (centre.x() + x * radius, centre.y() + y * radius)
            path.moveTo(*at) if step == 0 else path.lineTo(*at)
        path.closeSubpath()
        pen = QPen(QColor(0, 0, 0, 200), 3)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        painter.setPen(QPen(QColor("#F0E442") if filled else QColor("white"), 1.2))
        painter.setBrush(QColor("#F0E442") if filled else QColor(0, 0, 0, 90))
        painter.drawPath(path)
