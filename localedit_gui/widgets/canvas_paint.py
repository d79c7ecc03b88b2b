"""What lies over the picture: outlines, names, badges."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

_CASING = QColor(0, 0, 0, 200)


def placed(path: QPainterPath, picture: QRectF) -> QPainterPath:
    """A path in shares of the picture, placed where the picture lies in the view."""
    to_view = QTransform(picture.width(), 0, 0, 0, picture.height(), 0, picture.x(), picture.y(), 1)
    return to_view.map(path)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def paint_outline(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
    """Stroke a path so that it can be seen on any picture: the colour on a dark casing."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(_CASING, width + 2))
    painter.drawPath(path)
    painter.setPen(_pen(colour, width))
    painter.drawPath(path)


def paint_name(painter: QPainter, centre: QPointF, text: str, bounds: QSizeF) -> None:
    """Write a name around ``centre``, white with a dark halo, kept within the view."""
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text)
    left = min(centre.x() - width / 2, bounds.width() - width - 4)
    path = QPainterPath()
    path.addText(max(left, 4.0), centre.y() + metrics.capHeight() / 2, painter.font(), text)
    painter.strokePath(path, _pen(_CASING, 3.5))
    painter.fillPath(path, QColor("white"))


def paint_badge(
    painter: QPainter, corner: QPointF, text: str, bounds: QSizeF, mark: QColor | None = None
) -> QRectF:
    """Paint a dark rounded label at ``corner``, kept within the view; returns where it lies.

    Args:
        mark: colour of a small square in front of the text, or None for none.
    """
    metrics = QFontMetricsF(painter.font())
    swatch = metrics.capHeight() + 5 if mark is not None else 0.0
    width = metrics.horizontalAdvance(text) + 14 + swatch
    height = metrics.height() + 6
    box = QRectF(
        max(2.0, min(corner.x(), bounds.width() - width - 2)),
        max(2.0, min(corner.y(), bounds.height() - height - 2)),
        width,
        height,
    )
    painter.setPen(QPen(QColor(255, 255, 255, 70), 1))
    painter.setBrush(QColor(20, 20, 20, 215))
    painter.drawRoundedRect(box, 5, 5)
    if mark is not None:
        size = metrics.capHeight()
        painter.fillRect(QRectF(box.x() + 7, box.center().y() - size / 2, size, size), mark)
    painter.setPen(QColor("white"))
    painter.drawText(
        box.adjusted(7 + swatch, 0, -7, 0),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        text,
    )
    return box
