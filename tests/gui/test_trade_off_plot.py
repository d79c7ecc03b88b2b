"""The trade-off's dot on the screen: where it lies, and what moving it costs."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from localedit_core.editing.trade_off import TradeOffPoint
from localedit_gui.widgets.trade_off_plot import TradeOffPlot

LINE = [TradeOffPoint(v, 1e-3 * v, 2e-4 * v, 0.0) for v in (0.0, 10.0, 40.0)]


class _Paints(QObject):
    """Counts how often what it watches is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture(name="plot")
def _plot(qtbot: QtBot) -> TradeOffPlot:
    plot = TradeOffPlot()
    qtbot.addWidget(plot)
    plot.resize(300, 150)
    plot.show()
    qtbot.waitExposed(plot)
    plot.set_points(LINE, 64)
    qtbot.wait(200)  # the axes make room for their numbers
    return plot


def _pixels(plot: TradeOffPlot) -> NDArray[np.int64]:
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), -1, 3).astype(np.int64)


def _dot(plot: TradeOffPlot, value: float) -> NDArray[np.float64]:
    """The middle (x, y) of what the dot at ``value`` covers and the one far away does not."""
    plot.set_value(value)
    one = _pixels(plot)
    plot.set_value(40.0 if value < 20.0 else 0.0)
    changed = np.argwhere(np.abs(one - _pixels(plot)).sum(axis=2) > 30)  # [n, (y, x)]
    left = changed[:, 1] < changed[:, 1].mean()
    mine = changed[left if value < 20.0 else ~left]
    middle: NDArray[np.float64] = (mine.min(axis=0) + mine.max(axis=0))[::-1] / 2
    return middle


def test_the_dot_moves_along_the_line(plot: TradeOffPlot) -> None:
    first, tenth, last = (_dot(plot, value) for value in (0.0, 10.0, 40.0))
    assert last[0] - first[0] > 100  # to the right
    assert first[1] - last[1] > 40  # and up
    np.testing.assert_allclose(tenth, first + (last - first) / 4, atol=1.0)


def test_the_dot_moves_without_drawing_the_plot(qtbot: QtBot, plot: TradeOffPlot) -> None:
    paints = _Paints()
    plot.findChild(pg.PlotWidget).viewport().installEventFilter(paints)
    for value in range(40):
        plot.set_value(float(value))
        qtbot.wait(2)
    assert paints.count == 0
    # A new line is drawn.
    before = _pixels(plot)
    plot.set_points([*LINE[:2], TradeOffPoint(40.0, 0.04, 0.0, 0.0)], 64)
    qtbot.wait(200)
    assert paints.count > 0
    assert (np.abs(before - _pixels(plot)).sum(axis=2) > 30).sum() > 50
