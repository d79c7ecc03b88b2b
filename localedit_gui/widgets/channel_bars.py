"""Bars that show, layer by layer, how many style channels an edit moves."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

_ROW_GAP = 3


class ChannelBars(QWidget):
    """One bar per layer: the share of its channels that move, with the numbers beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, int, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Channels moved per layer"))

    def set_channels(self, moved: Mapping[str, int], total: Mapping[str, int]) -> None:
        """Show how many of each layer's channels moved; the layers keep the order of ``total``."""
        rows = tuple((name, moved.get(name, 0), count) for name, count in total.items())
        if rows == self._rows:
            return
        same_height = len(rows) == len(self._rows)
        self._rows = rows
        spoken = self.tr("{layer}: {moved} of {total}")
        self.setAccessibleDescription(
            "; ".join(spoken.format(layer=n, moved=m, total=t) for n, m, t in rows)
        )
        if not same_height:
            self.updateGeometry()
        self.update()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + _ROW_GAP

    def sizeHint(self) -> QSize:
        """Tall enough for every layer."""
        return QSize(200, self._row_height() * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """As tall as the hint, narrower."""
        return QSize(120, self.sizeHint().height())

    def bar_rect(self, row: int) -> QRectF:
        """Where the full bar of a row lies."""
        metrics = self.fontMetrics()
        left = max((metrics.horizontalAdvance(name) for name, _, _ in self._rows), default=0) + 8
        numbers = max((metrics.horizontalAdvance(f"{t}/{t}") for _, _, t in self._rows), default=0)
        height = self._row_height()
        width = max(self.width() - left - numbers - 10, 8)
        return QRectF(left, row * height + height * 0.28, width, height * 0.44)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ink = palette.color(QPalette.ColorRole.WindowText)
        groove = QColor(ink)
        groove.setAlphaF(0.14)
        height = self._row_height()
        vertical = Qt.AlignmentFlag.AlignVCenter
        for row, (name, moved, total) in enumerate(self._rows):
            line = QRectF(0, row * height, self.width(), height)
            painter.setPen(ink)
            painter.drawText(line, vertical | Qt.AlignmentFlag.AlignLeft, name)
            numbers = vertical | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, numbers, f"{moved}/{total}")
            bar = self.bar_rect(row)
            radius = bar.height() / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(groove)
            painter.drawRoundedRect(bar, radius, radius)
            if moved and total:
                # At least a dot, so that one channel of 512 is seen.
                bar.setWidth(max(bar.width() * moved / total, bar.height()))
                painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
                painter.drawRoundedRect(bar, radius, radius)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say the row's numbers in words."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = event.pos().y() // self._row_height()
            if 0 <= row < len(self._rows):
                name, moved, total = self._rows[row]
                text = self.tr("Layer {layer}: {moved} of {total} style channels moved")
                text = text.format(layer=name, moved=moved, total=total)
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)
