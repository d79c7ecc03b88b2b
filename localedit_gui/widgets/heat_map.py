"""Delta E as colours, and the legend that says what they mean."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

DELTA_E_TOP = 10.0  # this and more has the last colour
JUST_NOTICEABLE = 2.3


@cache
def _ramp() -> NDArray[np.uint8]:
    """256 colours from black to pale yellow, even in lightness, [256, 1, 3] sRGB."""
    steps = np.arange(256, dtype=np.uint8)[:, None]
    return np.ascontiguousarray(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO)[:, :, ::-1])


def heat_picture(delta_e: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture [H, W, 3] of a delta E map [H, W]: 0 is black, 10 and more is pale."""
    steps = cv2.convertScaleAbs(np.maximum(delta_e, 0), alpha=255.0 / DELTA_E_TOP)  # saturates
    return cv2.applyColorMap(steps, _ramp()).astype(np.uint8, copy=False)


def paint_legend(painter: QPainter, corner: QPointF, title: str, noticeable: str) -> QRectF:
    """Paint the legend with its lower right corner at ``corner``; returns where it lies."""
    metrics = QFontMetricsF(painter.font())
    line, pad, bar_height = metrics.height(), 8.0, 10.0
    below = f"{JUST_NOTICEABLE:g} {noticeable}"
    bar_width = max(180.0, metrics.horizontalAdvance(below) * 1.25)
    width = bar_width + 2 * pad + metrics.horizontalAdvance("≥10") / 2
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
    ramp = _ramp()
    for step in range(0, 256, 15):
        red, green, blue = (int(value) for value in ramp[step, 0])
        gradient.setColorAt(step / 255, QColor(red, green, blue))
    painter.setPen(QPen(QColor(255, 255, 255, 120), 1))
    painter.setBrush(gradient)
    painter.drawRect(bar)

    painter.setPen(QColor("white"))

    def mark(value: float, text: str, row: int) -> None:
        x = bar.x() + bar_width * value / DELTA_E_TOP
        y = bar.bottom() + 3 + row * line
        painter.drawLine(QPointF(x, bar.top()), QPointF(x, y + (2 if row else 0)))
        advance = metrics.horizontalAdvance(text)
        x = max(x - advance / 2, left) if row == 0 else max(x - 4, left)
        painter.drawText(QPointF(x, y + metrics.ascent()), text)

    for value, text in ((0.0, "0"), (5.0, "5"), (DELTA_E_TOP, f"≥{DELTA_E_TOP:g}")):
        mark(value, text, 0)
    mark(JUST_NOTICEABLE, below, 1)
    painter.restore()
    return box
