"""How change outside a part grows with change inside, and a dot where the slider stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from localedit_gui.widgets.plots import Plots

if TYPE_CHECKING:
    from localedit_core.editing.trade_off import TradeOffPoint

DOT = 13
"""Its width in pixels."""


class TradeOffPlot(Plots):
    """Change outside the part against change inside, as a budget grows, with "you are here"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[TradeOffPoint, ...] = ()
        self._side = 0  # of the pictures that the points were measured on
        self._value = 0.0
        self._front: _Front | None = None
        self.setAccessibleName(self.tr("Trade-off"))
        self.setToolTip(
            self.tr(
                "How much changes outside the part (up) for how much changes inside (right), as "
                "the budget grows, measured on small pictures. The dot is where the slider stands."
            )
        )

    @property
    def here(self) -> tuple[float, float] | None:
        """Change inside and outside where the slider stands, on the line; None without a line."""
        if len(self._points) < 2:
            return None
        values = [point.value for point in self._points]
        return (
            float(np.interp(self._value, values, [point.in_mse for point in self._points])),
            float(np.interp(self._value, values, [point.out_mse for point in self._points])),
        )

    @property
    def points(self) -> tuple[TradeOffPoint, ...]:
        """What is shown, by growing value."""
        return self._points

    def set_points(self, points: Sequence[TradeOffPoint], side: int = 0) -> None:
        """Show a line through these points, measured on pictures of ``side`` px."""
        self._side = side
        self._points = tuple(sorted(points, key=lambda point: point.value))
        if points or self._plots:
            self._make(1)
            self._draw()

    def set_value(self, value: float) -> None:
        """Say where the slider stands."""
        self._value = value
        if self._plots:
            self._place_dot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture of the plot over it."""
        super().resizeEvent(event)
        if self._front is not None:
            self._front.setGeometry(self.rect())

    def _draw(self) -> None:
        import pyqtgraph as pg

        (plot,) = self._plots
        plot.clear()
        # Small pictures lose what is fine, so that these numbers are not those of the whole one.
        inside = self.tr("In-MSE at {side} px").format(side=self._side)
        plot.setLabel("bottom", inside if self._points else "")
        plot.setLabel("left", self.tr("Out-MSE") if self._points else "")
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        across = [point.in_mse for point in self._points]
        up = [point.out_mse for point in self._points]
        pen = pg.mkPen(accent, width=2)
        plot.plot(across, up, pen=pen, symbol="o", symbolSize=4, antialias=True)
        if self._front is None:
            self._front = _Front(self, plot)
            self._front.setGeometry(self.rect())
            self._front.show()
        self._place_dot()

    def _place_dot(self) -> None:
        here = self.here
        if self._front is not None:
            self._front.place(here)
        self.setAccessibleDescription("")
        if here is not None:
            self.setAccessibleDescription(
                self.tr("here: {inside:.5f} inside, {outside:.5f} outside").format(
                    inside=here[0], outside=here[1]
                )
            )


class _Front(QWidget):
    """A plot's picture, with the dot on it, that lies over the plot.

    The dot moves at every step of a slider, and to draw the plot anew each time takes as long as a
    small picture of the generator.
    """

    def __init__(self, parent: QWidget, plot: Any) -> None:
        super().__init__(parent)
        # Qt then paints nothing of what lies under it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._plot = plot
        self._picture: QPixmap | None = None
        self._here: tuple[float, float] | None = None
        plot.scene().changed.connect(self._forget)  # drawn, laid out, or its axes' numbers grew

    def place(self, here: tuple[float, float] | None) -> None:
        """Draw the dot at this point of the plot, or none."""
        self._here = here
        self.update()

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take a picture of the new size."""
        super().resizeEvent(event)
        self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both."""
        picture = self._picture
        if picture is None or picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = picture = self._plot.grab()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, picture)
        if self._here is None:
            return
        at = self._plot.getViewBox().mapViewToScene(QPointF(*self._here))
        centre = self._plot.viewportTransform().map(at)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
        painter.drawEllipse(QRectF(centre.x() - DOT / 2, centre.y() - DOT / 2, DOT, DOT))
