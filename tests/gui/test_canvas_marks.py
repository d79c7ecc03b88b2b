"""Marks on the canvas that are kept as pixels look as if they were painted each time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from localedit_gui.widgets.canvas_marks import KeptMarks, Marks
from localedit_gui.widgets.part_outlines import shapes_of
from localedit_gui.widgets.view_transform import ViewTransform

PART_MAP = np.zeros((32, 32), np.uint8)
PART_MAP[4:20, 6:24] = 1
PART_MAP[22:30, 2:30] = 2
NAMES = ("sky", "door", "floor")
MARKS = Marks(
    shapes_of(PART_MAP, NAMES),
    version=1,
    colours=tuple(zip(NAMES, (0xFF3366CC, 0xFFCC3333, 0xFF33AA55), strict=True)),
    selected="door",
    hovered=None,
    overlay=None,
    tinted=True,
)
ROUNDING = 8
"""Of values of 255: several half transparent layers are rounded one by one, over nothing first."""

KINDS = {
    "selected": MARKS,
    "hovered": replace(MARKS, hovered="floor"),
    "both": replace(MARKS, hovered="door"),
    "overlay": replace(MARKS, overlay=0.45, hovered="sky", tinted=False),
    "untinted": replace(MARKS, hovered="floor", tinted=False),
}


def _view(ratio: float, zoom: float | None = None) -> ViewTransform:
    view = ViewTransform()
    view.side, view.view, view.device_ratio = 64.0, QSizeF(300, 220), ratio
    if zoom is not None:
        view.zoom_to(zoom, QPointF(100.0, 80.0))
    return view


def _painted(how: object, view: ViewTransform, marks: Marks) -> NDArray[np.int64]:
    size = (view.view * view.device_ratio).toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(view.device_ratio)
    image.fill(QColor(90, 140, 60))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if isinstance(how, KeptMarks):
        how.paint(painter, marks, view)
    else:
        marks.paint(painter, view)
    painter.end()
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(size.height(), size.width(), 4)
    return flat[..., :3].astype(np.int64)


def _apart(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    return int(np.abs(one - other).max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_kept_marks_look_as_if_painted(qtbot: QtBot, kind: str, ratio: float) -> None:
    view, kept = _view(ratio), KeptMarks()
    expected = _painted(None, view, KINDS[kind])
    assert (expected != expected[0, 0]).any()
    for _ in range(2):  # made, then kept
        assert _apart(_painted(kept, view, KINDS[kind]), expected) <= ROUNDING


def test_what_changes_is_painted_anew(qtbot: QtBot) -> None:
    kept = KeptMarks()
    moved = PART_MAP[:, ::-1].copy()
    other = replace(MARKS, shapes=shapes_of(np.roll(moved, 3, axis=1), NAMES), version=2)
    nothing = replace(MARKS, selected=None)
    paled = replace(KINDS["overlay"], overlay=0.2)
    for marks in (*KINDS.values(), other, nothing, paled, MARKS):
        for view in (_view(1.0), _view(1.0, zoom=9.0), _view(2.0)):
            found, expected = _painted(kept, view, marks), _painted(None, view, marks)
            assert _apart(found, expected) <= ROUNDING
