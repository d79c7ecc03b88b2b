"""Wipe, side by side and blink, judged by what is painted where.

The original says where it is (red four times x, green four times y, blue 77); the edited picture
says the same with blue 177. So every painted pixel tells which picture it is of, and which place.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray
from painted import pixels
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from localedit_gui.app import Editor
from localedit_gui.panels.target_canvas import TargetCanvas
from localedit_gui.widgets.comparison import BLINK_MS, Compare

SIDE = 64
WIDTH, HEIGHT = 600, 320
ORIGINAL, EDITED = 77, 177


def picture(blue: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    return np.stack([4 * x, 4 * y, np.full_like(x, blue)], axis=2).astype(np.uint8)


def seen(canvas: TargetCanvas, at: QPoint) -> tuple[int, int, int]:
    """Picture (its blue), x and y of the picture pixel that is painted there."""
    red, green, blue = (int(v) for v in pixels(canvas)[at.y(), at.x()])
    return blue, red // 4, green // 4


def leave(canvas: TargetCanvas) -> None:
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))


@pytest.fixture
def canvas(qtbot: QtBot) -> TargetCanvas:
    widget = TargetCanvas()
    qtbot.addWidget(widget)
    widget.resize(WIDTH, HEIGHT)
    widget.show_original(picture(ORIGINAL))
    widget.show_image(picture(EDITED))
    part_map = np.full((SIDE, SIDE), 255, np.uint8)
    part_map[24:40, 8:16] = 0
    part_map[24:40, 48:56] = 1
    widget.set_part_map(part_map, ("left", "right"), (QColor("#E69F00"), QColor("#009E73")))
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.mouseMove(widget, QPoint(2, 2))
    leave(widget)
    return widget


def drag(qtbot: QtBot, canvas: TargetCanvas, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 5):
        qtbot.mouseMove(canvas, start + (end - start) * step / 4)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    leave(canvas)


def test_a_wipe_shows_the_original_left_and_the_edited_right_in_the_same_place(
    canvas: TargetCanvas,
) -> None:
    plain = {x: seen(canvas, QPoint(x, 100)) for x in (200, 290, 312, 420)}
    canvas.comparison.set_mode(Compare.WIPE)
    for x, (_, *where) in plain.items():
        assert seen(canvas, QPoint(x, 100)) == (ORIGINAL if x < 300 else EDITED, *where)


def test_the_divider_is_dragged_and_neither_picks_nor_moves_the_picture(
    canvas: TargetCanvas, qtbot: QtBot
) -> None:
    canvas.comparison.set_mode(Compare.WIPE)
    _, *where = seen(canvas, QPoint(350, 100))
    with qtbot.assertNotEmitted(canvas.part_picked):
        drag(qtbot, canvas, QPoint(302, 240), QPoint(400, 200))
    assert canvas.comparison.divider == pytest.approx(400 / WIDTH)
    assert seen(canvas, QPoint(350, 100)) == (ORIGINAL, *where)
    assert seen(canvas, QPoint(412, 100))[0] == EDITED
    drag(qtbot, canvas, QPoint(400, 100), QPoint(WIDTH + 300, 100))  # not out of the view
    assert canvas.comparison.divider == 1.0


def test_away_from_the_divider_a_drag_moves_both_pictures(
    canvas: TargetCanvas, qtbot: QtBot
) -> None:
    canvas.comparison.set_mode(Compare.WIPE)
    canvas.zoom_in()
    _, *left = seen(canvas, QPoint(250, 200))
    _, *right = seen(canvas, QPoint(350, 200))
    drag(qtbot, canvas, QPoint(200, 150), QPoint(220, 170))
    assert seen(canvas, QPoint(270, 220)) == (ORIGINAL, *left)
    assert seen(canvas, QPoint(370, 220)) == (EDITED, *right)


def test_side_by_side_shows_the_same_place_in_both_panes_at_any_zoom(
    canvas: TargetCanvas, qtbot: QtBot
) -> None:
    canvas.comparison.set_mode(Compare.SIDE_BY_SIDE)
    assert seen(canvas, QPoint(150, 160)) == (ORIGINAL, SIDE // 2, SIDE // 2)
    assert seen(canvas, QPoint(450, 160)) == (EDITED, SIDE // 2, SIDE // 2)
    at = QPoint(400, 100)  # in the right pane
    held = seen(canvas, at)
    plain = Qt.KeyboardModifier.NoModifier
    for _ in range(4):
        event = QWheelEvent(
            QPointF(at),
            QPointF(canvas.mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            plain,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, event)
    leave(canvas)
    assert seen(canvas, at) == held
    drag(qtbot, canvas, QPoint(80, 200), QPoint(110, 215))
    for x, y in ((60, 90), (150, 200), (240, 130)):
        original, edited = seen(canvas, QPoint(x, y)), seen(canvas, QPoint(x + 300, y))
        assert (original[0], edited[0]) == (ORIGINAL, EDITED)
        assert original[1:] == edited[1:]
    canvas.comparison.set_mode(Compare.OFF)
    canvas.zoom_fit()
    assert seen(canvas, QPoint(300, 160)) == (EDITED, SIDE // 2, SIDE // 2)


@pytest.mark.parametrize("mode", list(Compare))
def test_parts_are_hovered_and_picked_in_every_mode(
    canvas: TargetCanvas, qtbot: QtBot, mode: Compare
) -> None:
    canvas.comparison.set_mode(mode)
    shift = QPoint(300, 0) if mode is Compare.SIDE_BY_SIDE else QPoint()
    hovered: list[str] = []
    picked: list[str] = []
    canvas.part_hovered.connect(hovered.append)
    canvas.part_picked.connect(picked.append)
    left, right = canvas.part_position("left"), canvas.part_position("right") + shift
    for at in (left, right):
        before = pixels(canvas)
        qtbot.mouseMove(canvas, at)
        assert (pixels(canvas) != before).any()
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    leave(canvas)
    assert hovered == ["left", "right", ""]
    assert picked == ["left", "right"]


def test_the_diff_map_covers_the_edited_side_alone(canvas: TargetCanvas) -> None:
    canvas.set_difference(np.zeros((SIDE, SIDE), np.float32))
    canvas.set_overlay("difference")
    canvas.set_overlay_opacity(1.0)
    for mode in (Compare.WIPE, Compare.SIDE_BY_SIDE):
        canvas.comparison.set_mode(mode)
        painted = pixels(canvas)
        assert painted[100, 220, 2] == ORIGINAL, mode
        assert painted[100, 400].max() < 12, mode  # nothing changed: the map is dark
    canvas.set_overlay("parts")
    plain, x = picture(ORIGINAL), 150 - 142 + round(12 * 284 / SIDE)
    assert abs(int(pixels(canvas)[160, x, 2]) - int(plain[32, 12, 2])) > 10  # tinted


def test_the_held_original_fills_every_pane(canvas: TargetCanvas, qtbot: QtBot) -> None:
    for mode in Compare:
        canvas.comparison.set_mode(mode)
        qtbot.keyPress(canvas, Qt.Key.Key_Space)
        assert seen(canvas, QPoint(400, 100))[0] == ORIGINAL
        qtbot.keyRelease(canvas, Qt.Key.Key_Space)
        assert seen(canvas, QPoint(400, 100))[0] == EDITED


def test_blinking_takes_turns_and_ends_with_the_focus(canvas: TargetCanvas, qtbot: QtBot) -> None:
    at = QPoint(300, 100)
    canvas.comparison.set_mode(Compare.BLINK)
    began = time.perf_counter()
    for blue in (EDITED, ORIGINAL, EDITED):
        qtbot.waitUntil(lambda blue=blue: seen(canvas, at)[0] == blue, timeout=5000)
    assert time.perf_counter() - began > 1.7 * BLINK_MS / 1000
    menu = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason)
    QApplication.sendEvent(canvas, menu)
    assert canvas.comparison.mode is Compare.BLINK  # a menu is no other window
    away = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(canvas, away)
    assert canvas.comparison.mode is Compare.OFF
    qtbot.wait(round(1.3 * BLINK_MS))
    assert seen(canvas, at)[0] == EDITED


def test_the_menu_chooses_one_mode_and_keys_move_the_divider(qtbot: QtBot, editor: Editor) -> None:
    window, comparison = editor.window, editor.window.canvas.comparison
    menus = [entry.menu() for entry in window.view_menu.actions()]
    assert "&Compare" in [menu.title() for menu in menus if isinstance(menu, QMenu)]
    names = [f"compare_{mode.value}" for mode in Compare]
    assert comparison.mode is Compare.OFF
    assert not window.actions_["wipe_left"].isEnabled()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.canvas.setFocus()
    for key, mode in (
        (Qt.Key.Key_W, Compare.WIPE),
        (Qt.Key.Key_S, Compare.SIDE_BY_SIDE),
        (Qt.Key.Key_S, Compare.OFF),
        (Qt.Key.Key_B, Compare.BLINK),
        (Qt.Key.Key_E, Compare.OFF),
        (Qt.Key.Key_W, Compare.WIPE),
    ):
        qtbot.keyClick(window.canvas, key)
        assert comparison.mode is mode
        checked = [name for name in names if window.actions_[name].isChecked()]
        assert checked == [f"compare_{mode.value}"]
    for key, share in ((Qt.Key.Key_Left, 0.48), (Qt.Key.Key_Right, 0.5), (Qt.Key.Key_Right, 0.52)):
        qtbot.keyClick(window.canvas, key, Qt.KeyboardModifier.AltModifier)
        assert comparison.divider == pytest.approx(share)
    assert "52%" in window.canvas.accessibleDescription()


def test_an_edit_ends_the_blinking_and_no_other_mode(editor: Editor) -> None:
    comparison, actions = editor.window.canvas.comparison, editor.window.actions_
    actions["compare_blink"].trigger()
    editor.target.random_target()
    assert comparison.mode is Compare.OFF
    assert actions["compare_off"].isChecked()
    actions["compare_side"].trigger()
    editor.target.random_target()
    assert comparison.mode is Compare.SIDE_BY_SIDE
