"""The large sample of the workshop: zoomed and moved by hand, and still pointed at rightly."""

from __future__ import annotations

import numpy as np
import pytest
from painted import pixels
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from localedit_gui.widgets.cluster_look import ClusterLook
from localedit_gui.widgets.part_outlines import shapes_of
from localedit_gui.widgets.pictures import to_image
from localedit_gui.widgets.sample_canvas import SampleCanvas

SIDE, CELLS = 64, 8
LABELS = np.arange(CELLS * CELLS, dtype=np.uint8).reshape(CELLS, CELLS)


def colour(label: int) -> tuple[int, int, int]:
    """A colour of its own for each cluster."""
    row, column = divmod(label, CELLS)
    return 30 * row + 10, 30 * column + 10, 128


@pytest.fixture
def canvas(qtbot: QtBot) -> SampleCanvas:
    """A sample of 64 clusters, each a square of one colour, and nothing over it."""
    canvas = SampleCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 360)
    canvas.show()
    cell = SIDE // CELLS
    large = LABELS.repeat(cell, 0).repeat(cell, 1)
    picture = np.array([colour(label) for label in large.ravel()], np.uint8)
    shapes = shapes_of(LABELS, [str(label) for label in LABELS.ravel()])
    canvas.set_looks([ClusterLook(int(n), QColor("grey"), None, 0.0) for n in LABELS.ravel()])
    canvas.set_sample(to_image(picture.reshape(SIDE, SIDE, 3)), LABELS, shapes)
    canvas.set_opacity(0.0)
    return canvas


def turn(canvas: SampleCanvas, at: QPoint, clicks: int) -> None:
    """Turn the wheel at a place."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * clicks),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def place(canvas: SampleCanvas, cluster: int) -> QPoint:
    return canvas.cluster_position(cluster).toPoint()


def check(canvas: SampleCanvas) -> list[int]:
    """What is painted in the middle of each cluster that is seen, and pointed at there, is it."""
    canvas.set_lit(frozenset(), frozenset())
    shown, seen = pixels(canvas), []
    for cluster in map(int, LABELS.ravel()):
        at = place(canvas, cluster) + QPoint(0, -15)  # above its number
        if canvas.rect().adjusted(1, 1, -1, -1).contains(at):
            assert canvas.cluster_at(QPointF(at)) == cluster
            painted = tuple(int(value) for value in shown[at.y(), at.x()])
            assert painted == pytest.approx(colour(cluster), abs=6), cluster
            seen.append(cluster)
    return seen


def test_the_wheel_zooms_to_the_pointer(canvas: SampleCanvas) -> None:
    assert len(check(canvas)) == 64
    at = place(canvas, 18)
    zoom = canvas.current_zoom()
    turn(canvas, at, 6)
    assert canvas.current_zoom() == pytest.approx(zoom * 1.0016 ** (6 * 120))
    # Half a pixel, which it was off before, is three times as much now.
    assert (place(canvas, 18) - at).manhattanLength() <= 5
    seen = check(canvas)
    assert 18 in seen
    assert len(seen) < 64
    turn(canvas, at, -6)
    assert len(check(canvas)) == 64


def test_a_drag_moves_it_and_picks_nothing_and_a_click_picks(canvas: SampleCanvas) -> None:
    picked = QSignalSpy(canvas.cluster_picked)
    for _ in range(6):
        canvas.zoom_in()
    start = place(canvas, 27)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start + QPoint(30, 10))
    QTest.mouseMove(canvas, start + QPoint(60, 25))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 25))
    assert picked.count() == 0
    assert (place(canvas, 27) - start - QPoint(60, 25)).manhattanLength() <= 2
    check(canvas)
    QTest.mouseClick(
        canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place(canvas, 27)
    )
    assert [picked.at(n) for n in range(picked.count())] == [[27, True]]


def test_it_fits_again_also_after_the_window_grew(canvas: SampleCanvas, qtbot: QtBot) -> None:
    for _ in range(3):
        canvas.zoom_in()
    canvas.zoom_out()
    assert len(check(canvas)) < 64
    canvas.zoom_fit()
    assert len(check(canvas)) == 64
    canvas.resize(500, 480)
    qtbot.waitUntil(lambda: canvas.width() == 500)
    assert len(check(canvas)) == 64
