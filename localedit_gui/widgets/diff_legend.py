"""The legend that says what the colours of a diff map mean."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

from localedit_core.editing.difference import JUST_NOTICEABLE
from localedit_core.editing.diffmap import FULL_SCALE, colour_scale

_GRADIENT_STOPS = 18


def paint_legend(painter: QPainter, corner: QPointF, title: str, noticeable: str) -> QRectF:
    """Paint the legend with its lower right corner at ``corner``; returns where it lies."""
    metrics = QFontMetricsF(painter.font())
    line, pad, bar_height = metrics.height(), 8.0, 10.0
    below = f"{JUST_NOTICEABLE:g} {noticeable}"
    bar_width = max(180.0, metrics.horizontalAdvance(below) * 1.25)
    width = bar_width + 2 * pad + metrics.horizontalAdvance(f"≥{FULL_SCALE:g}") / 2
    height = 3 * line + bar_height + 2 * pad + 5
    box = QRectF(corner.x() - width, corner.y() - height, width, height)

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(box, 6, 6)
    painter.setPen(QColor("white"))
    left, top = box.x() + pad, box.y() + pad
    painter.drawText(QRectF(left, top, bar_width, line), Qt.AlignmentFlag.AlignLeft, title)
    bar = QRectF(left, top + line + 2, bar_width, bar_height)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    values = np.linspace(0.0, FULL_SCALE, _GRADIENT_STOPS, dtype=np.float32)
    for value, (red, green, blue) in zip(values, colour_scale(values).tolist(), strict=True):
        gradient.setColorAt(float(value) / FULL_SCALE, QColor(red, green, blue))
    painter.setPen(QPen(QColor(255, 255, 255, 120), 1))
    painter.setBrush(gradient)
    painter.drawRect(bar)

    painter.setPen(QColor("white"))

    def mark(value: float, text: str, row: int) -> None:
        x = bar.x() + bar_width * value / FULL_SCALE
        y = bar.bottom() + 3 + row * line
        painter.drawLine(QPointF(x, bar.top()), QPointF(x, y + (2 if row else 0)))
        advance = metrics.horizontalAdvance(text)
        x = max(x - advance / 2, left) if row == 0 else max(x - 4, left)
        painter.drawText(QPointF(x, y + metrics.ascent()), text)

    for value, text in (
        (0.0, "0"),
        (FULL_SCALE / 2, f"{FULL_SCALE / 2:g}"),
        (FULL_SCALE, f"≥{FULL_SCALE:g}"),
    ):
        mark(value, text, 0)
    mark(JUST_NOTICEABLE, below, 1)
    painter.restore()
    return box
