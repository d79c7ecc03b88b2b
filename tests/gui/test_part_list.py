"""The part list, by pointer and keys; and the colours it shares with the canvas."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest
from painted import painted
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from localedit_gui.colours import part_colours
from localedit_gui.panels.part_list import PartList, PartRow

NAMES = ("eyes", "nose", "mouth", "hair")


def rows(edits: int = 0) -> list[PartRow]:
    colours = part_colours(len(NAMES))
    return [
        PartRow(name, colour, 0.1 * (i + 1), edits if name == "nose" else 0)
        for i, (name, colour) in enumerate(zip(NAMES, colours, strict=True))
    ]


@pytest.fixture
def parts(qtbot: QtBot) -> PartList:
    widget = PartList()
    qtbot.addWidget(widget)
    widget.resize(220, 240)
    widget.set_parts(rows())
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def middle(parts: PartList, row: int) -> QPoint:
    return parts.view.visualRect(parts.view.model().index(row, 0)).center()


def count_of(image: QImage, colour: QColor) -> int:
    return sum(
        image.pixelColor(x, y) == colour
        for y in range(image.height())
        for x in range(image.width())
    )


def test_a_click_picks_the_part(parts: PartList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(parts.part_picked) as picked:
        qtbot.mouseClick(parts.view.viewport(), Qt.MouseButton.LeftButton, pos=middle(parts, 2))
    assert picked.args == ["mouth"]


def test_keys_pick(parts: PartList, qtbot: QtBot) -> None:
    picked: list[str] = []
    parts.part_picked.connect(picked.append)
    qtbot.keyClick(parts.view, Qt.Key.Key_3)
    qtbot.keyClick(parts.view, Qt.Key.Key_Down)
    qtbot.keyClick(parts.view, Qt.Key.Key_Up)
    qtbot.keyClick(parts.view, Qt.Key.Key_9)  # there is no ninth part
    assert picked == ["mouth", "hair", "mouth"]


def test_hovering_tells_each_part_once_and_the_end(parts: PartList, qtbot: QtBot) -> None:
    hovered: list[str] = []
    parts.part_hovered.connect(hovered.append)
    viewport = parts.view.viewport()
    for at in (middle(parts, 0), middle(parts, 0) + QPoint(5, 0), middle(parts, 1)):
        qtbot.mouseMove(viewport, at)
    qtbot.mouseMove(viewport, QPoint(50, 200))  # below the last row
    qtbot.mouseMove(viewport, middle(parts, 3))
    QApplication.sendEvent(parts.view, QEvent(QEvent.Type.Leave))
    assert hovered == ["eyes", "nose", "", "hair", ""]


def test_selecting_from_code_is_silent_and_survives_new_shares(
    parts: PartList, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(parts.part_picked):
        parts.set_selected("hair")
        parts.set_parts(rows(edits=2))
    assert parts.view.currentIndex().row() == 3
    assert parts.view.selectionModel().selectedIndexes()[0].data() == "hair"
    parts.set_selected(None)
    assert not parts.view.selectionModel().selectedIndexes()


def test_each_row_shows_its_swatch_and_the_number_of_edits(parts: PartList) -> None:
    image = painted(parts.view.viewport())
    for row, colour in enumerate(part_colours(len(NAMES))):
        rect = parts.view.visualRect(parts.view.model().index(row, 0))
        assert count_of(image.copy(rect), colour) > 60
    nose = parts.view.visualRect(parts.view.model().index(1, 0))
    before = image.copy(nose)
    parts.set_parts(rows(edits=3))
    after = painted(parts.view.viewport()).copy(nose)
    assert after != before
    spoken = parts.view.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "nose" in spoken
    assert "20.0%" in spoken
    assert "3" in spoken


def test_a_long_name_does_not_run_into_the_share(parts: PartList, qtbot: QtBot) -> None:
    def right_end(name: str) -> QImage:
        parts.set_parts([PartRow(name, QColor("red"), 0.5, 0)])
        rect = parts.view.visualRect(parts.view.model().index(0, 0))
        return painted(parts.view.viewport()).copy(rect).copy(160, 0, 58, rect.height())

    assert right_end("hat") == right_end("an exceedingly long name of a part")


# Machado, Oliveira, Fernandes 2009, full severity, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


@pytest.mark.parametrize("kind", BLINDNESS)
def test_eight_parts_can_be_told_apart_by_everyone(kind: str) -> None:
    rgb = np.array([[c.redF(), c.greenF(), c.blueF()] for c in part_colours(8)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ BLINDNESS[kind].T, 0, 1)
    encoded = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    lab = cv2.cvtColor(encoded[None].astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    closest = min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2))
    assert closest > 10


def test_twenty_four_colours_are_all_different() -> None:
    assert len({colour.name() for colour in part_colours(24)}) == 24
