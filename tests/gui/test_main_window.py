"""The window as a person meets it: parts, references, sliders, keys, messages, colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeDialogs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QMenu,
    QStyle,
    QStyleOptionButton,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.editing.request import RenderResult
from localedit_gui.actions import action_table
from localedit_gui.app import Editor
from localedit_gui.message_bar import Message
from localedit_gui.settings import Theme
from localedit_gui.theme import palette

LEFT = Qt.MouseButton.LeftButton


def visible_part(editor: Editor) -> str:
    """A part that this target has enough of to click on."""
    last = editor.scheduler.last
    assert last is not None
    assert last.part_map is not None
    assert editor.sessions.model is not None
    counts = np.bincount(last.part_map.ravel(), minlength=256)
    return editor.sessions.model.parts[int(np.argmax(counts[:3]))].name


def click_part(editor: Editor, part: str) -> None:
    canvas = editor.window.canvas
    QTest.mouseClick(canvas, LEFT, pos=canvas.part_position(part))


def thumbnail(editor: Editor, seed: int) -> tuple[QWidget, QPoint]:
    gallery = editor.window.gallery
    return gallery.view.viewport(), gallery.seed_position(seed)


def test_a_transfer_by_pointing(qtbot: QtBot, editor: Editor) -> None:
    original = settle(qtbot, editor)
    part = visible_part(editor)
    click_part(editor, part)
    assert editor.controller.selected_part == part
    viewport, place = thumbnail(editor, 3)
    QTest.mouseMove(viewport, place)
    hovered = settle(qtbot, editor)
    assert [e.reference.seed for e in hovered.request.edits] == [3]
    assert not np.array_equal(hovered.image, original.image)
    assert state_of(editor).edits == ()  # only looked at
    editor.window.gallery.hover_left.emit()
    assert np.array_equal(settle(qtbot, editor).image, original.image)
    QTest.mouseMove(viewport, place + QPoint(2, 2))
    QTest.mouseClick(viewport, LEFT, pos=place)
    picked = settle(qtbot, editor)
    assert [(e.part, e.reference.seed) for e in state_of(editor).edits] == [(part, 3)]
    assert np.array_equal(picked.image, hovered.image)
    assert picked.measures is not None
    assert picked.measures.in_mse > 0
    editor.window.actions_["undo"].trigger()
    assert np.array_equal(settle(qtbot, editor).image, original.image)
    editor.window.actions_["redo"].trigger()
    assert np.array_equal(settle(qtbot, editor).image, picked.image)


def test_pointing_at_a_part_in_the_list_lights_it_on_the_picture(editor: Editor) -> None:
    lit: list[str] = []
    editor.window.canvas.part_hovered.connect(lit.append)
    editor.window.parts.part_hovered.emit("nose")
    editor.window.parts.part_hovered.emit("")
    assert lit == ["nose", ""]


def test_without_a_part_a_reference_says_what_to_do_first(qtbot: QtBot, editor: Editor) -> None:
    assert "Click a part, then hover a reference" in editor.window.hint.text()
    editor.window.gallery.reference_picked.emit(5)
    assert "Click a part first" in editor.window.hint.text()
    assert state_of(editor).edits == ()


def test_a_slider_drag_moves_the_picture_and_is_one_step(qtbot: QtBot, editor: Editor) -> None:
    click_part(editor, visible_part(editor))
    editor.controller.pick_reference(3)
    full = settle(qtbot, editor)
    count = editor.document.undo_stack.count()
    slider = editor.window.budget.strength.slider
    slider.setSliderDown(True)
    for position in range(1000, 0, -50):
        slider.setSliderPosition(position)
    slider.setSliderDown(False)
    weak = settle(qtbot, editor)
    assert editor.document.undo_stack.count() == count + 1
    assert weak.request.edits[0].strength == state_of(editor).edits[0].strength < 0.1
    assert weak.original is not None
    assert full.original is not None

    def change(result: RenderResult) -> float:
        assert result.difference is not None
        return float(result.difference.mean())

    assert change(weak) < change(full)
    editor.window.actions_["undo"].trigger()
    assert state_of(editor).edits[0].strength == 1.0
    assert editor.window.budget.strength.value() == 1.0


def test_keys_select_parts_and_do_what_menus_do(qtbot: QtBot, editor: Editor) -> None:
    window = editor.window
    window.activateWindow()
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_2)
    assert editor.controller.selected_part == "nose"
    QTest.keyClick(window, Qt.Key.Key_9)  # there is no ninth part
    assert editor.controller.selected_part == "nose"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert editor.controller.selected_part is None
    before = state_of(editor).target
    QTest.keyClick(window, Qt.Key.Key_R)
    assert state_of(editor).target != before
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert state_of(editor).target == before
    QTest.keyClick(window, Qt.Key.Key_D)
    assert window.canvas.overlay() == "difference"
    QTest.keyClick(window, Qt.Key.Key_BracketLeft)
    assert state_of(editor).psi == pytest.approx(state_of(editor).target.psi)
    assert state_of(editor).psi < before.psi


def test_space_shows_the_original_while_it_is_held(qtbot: QtBot, editor: Editor) -> None:
    held: list[bool] = []
    editor.window.space_held.connect(held.append)
    handle = editor.window.windowHandle()
    editor.window.activateWindow()
    editor.window.parts.setFocus()
    QTest.keyPress(handle, Qt.Key.Key_Space)
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    assert held == [True, False]
    editor.window.target_bar.seed.setFocus()
    qtbot.waitUntil(editor.window.target_bar.seed.hasFocus)
    QTest.keyPress(handle, Qt.Key.Key_Space)
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    assert held == [True, False]


def test_targets_by_number_and_in_the_bar(qtbot: QtBot, editor: Editor) -> None:
    dialogs = FakeDialogs(seed=77)
    editor.set_dialogs(dialogs)
    editor.window.actions_["target_by_number"].trigger()
    assert state_of(editor).target.seed == 77
    assert editor.window.target_bar.seed.value() == 77
    editor.window.target_bar.seed.setValue(78)
    assert settle(qtbot, editor).request.target.seed == 78
    dialogs.seed = None
    editor.window.actions_["target_by_number"].trigger()
    assert state_of(editor).target.seed == 78


def test_truncation_moves_target_and_references_in_one_step(qtbot: QtBot, editor: Editor) -> None:
    click_part(editor, visible_part(editor))
    editor.controller.pick_reference(3)
    count = editor.document.undo_stack.count()
    bar = editor.window.target_bar
    for psi in (0.6, 0.5, 0.4):
        bar.psi_changing.emit(psi)
    bar.psi_changed.emit(0.4)
    assert editor.document.undo_stack.count() == count + 1
    result = settle(qtbot, editor)
    assert result.request.target.psi == result.request.edits[0].reference.psi == 0.4


def test_stack_actions_act_on_the_selected_edit(qtbot: QtBot, editor: Editor) -> None:
    window = editor.window
    for part, seed in (("eyes", 3), ("nose", 4)):
        editor.controller.select_part(part)
        editor.controller.pick_reference(seed)
    names = [edit.part for edit in state_of(editor).edits]
    assert names == ["eyes", "nose"]
    window.actions_["move_down"].trigger()
    assert [edit.part for edit in state_of(editor).edits] == ["nose", "eyes"]
    window.actions_["mute"].trigger()
    assert [edit.muted for edit in state_of(editor).edits] == [True, False]
    window.actions_["duplicate"].trigger()
    assert len(state_of(editor).edits) == 3
    window.actions_["delete"].trigger()
    window.stack.delete_wanted.emit(state_of(editor).edits[0].edit_id)
    assert [edit.part for edit in state_of(editor).edits] == ["eyes"]
    window.stack.delete_wanted.emit(state_of(editor).edits[0].edit_id)
    assert not window.actions_["delete"].isEnabled()


def test_the_gallery_fills_and_favourites_are_kept(qtbot: QtBot, editor: Editor) -> None:
    gallery = editor.window.gallery
    qtbot.waitUntil(lambda: gallery._model.has_thumbnail(0), timeout=20_000)
    gallery.favourite_toggled.emit(2)
    assert state_of(editor).favourites == (2,)
    editor.window.actions_["undo"].trigger()
    assert state_of(editor).favourites == ()


def menu_actions(menu: QMenu) -> list[QAction]:
    found = []
    for action in menu.actions():
        if isinstance(action.menu(), QMenu):
            found += menu_actions(action.menu())
        elif not action.isSeparator():
            found.append(action)
    return found


def test_every_action_has_menu_shortcut_and_tips(editor: Editor) -> None:
    window = editor.window
    in_menus = [
        action
        for entry in window.menuBar().actions()
        if isinstance(entry.menu(), QMenu)
        for action in menu_actions(entry.menu())
    ]
    specs = [spec for spec in action_table() if spec is not None]
    assert {spec.name for spec in specs} <= {action.objectName() for action in in_menus}
    keys: list[str] = []
    variable = {*window.recent_menu.actions(), *window.models_menu.actions()}
    for action in in_menus:
        assert action.toolTip(), action.text()
        assert action.statusTip(), action.text()
        if action not in variable:
            assert action.shortcuts(), action.text()
            keys += [key.toString() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_everything_in_the_tool_bar_has_a_name_to_read_out(editor: Editor) -> None:
    bars = editor.window.findChildren(QToolBar)
    assert bars
    for bar in bars:
        for control in (*bar.findChildren(QAbstractButton), *bar.findChildren(QAbstractSlider)):
            if not control.objectName().startswith("qt_"):
                assert control.accessibleName(), control


def test_messages_wait_for_each_other_and_repeat_once(qtbot: QtBot, editor: Editor) -> None:
    bar = editor.window.messages
    done: list[str] = []
    choice = (("Do it", lambda: done.append("done")),)
    bar.show_message(Message("info", "Saved."))
    assert bar.current is not None
    first = Message("error", "Broken.", "Mend it.", choice)
    for _ in range(50):
        bar.show_message(first)
    assert bar.current is first  # an info makes way
    bar.show_message(Message("warning", "Careful."))
    assert [message.text for message in bar.waiting] == ["Careful."]
    button = next(b for b in bar.findChildren(QAbstractButton) if b.text() == "Do it")
    button.click()
    assert done == ["done"]
    assert bar.current is not None
    assert bar.current.text == "Careful."
    bar.close_message()
    assert not bar.isVisible()


def test_themes_change_the_palette_and_are_remembered(editor: Editor) -> None:
    app = editor.theme.parent()
    for name, dark in (("theme_dark", True), ("theme_light", False)):
        editor.window.actions_[name].trigger()
        assert editor.theme.dark is dark
        assert app.palette().window().color() == palette(dark).window().color()  # type: ignore[union-attr]
    assert editor.settings.theme == "light"


@pytest.mark.parametrize("dark", [True, False])
def test_text_stands_out_from_its_ground(dark: bool) -> None:
    def luminance(colour: object) -> float:
        channels = [getattr(colour, name)() for name in ("redF", "greenF", "blueF")]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    colours = palette(dark)
    for text, ground in (
        (colours.windowText(), colours.window()),
        (colours.text(), colours.base()),
        (colours.buttonText(), colours.button()),
        (colours.toolTipText(), colours.toolTipBase()),
        (colours.highlightedText(), colours.highlight()),
    ):
        low, high = sorted((luminance(text.color()), luminance(ground.color())))
        assert (high + 0.05) / (low + 0.05) >= 3.5  # WCAG asks 4.5 of small, 3 of large text


def test_a_missing_generator_is_a_message_and_not_a_crash(
    qtbot: QtBot, make_editor: Callable[[str | Path], Editor], tmp_path: Path
) -> None:
    editor = make_editor(tmp_path / "gone.safetensors")
    bar = editor.window.messages
    qtbot.waitUntil(lambda: bar.current is not None, timeout=20_000)
    assert bar.current is not None
    assert "gone.safetensors" in bar.current.text
    assert editor.window.isVisible()


def test_an_error_while_rendering_keeps_the_last_picture(qtbot: QtBot, editor: Editor) -> None:
    good = settle(qtbot, editor)
    assert editor.sessions.model is not None
    pipeline = editor.sessions.model.renderer

    def fail(*args: object) -> object:
        raise RuntimeError("out of order")

    pipeline.run = fail  # type: ignore[method-assign,assignment]
    editor.target.random_target()
    bar = editor.window.messages
    qtbot.waitUntil(lambda: bar.current is not None)
    assert bar.current is not None
    assert "out of order" in bar.current.text
    assert editor.scheduler.last is good


def test_an_overlays_key_shows_it_and_takes_it_away(editor: Editor) -> None:
    canvas, actions = editor.window.canvas, editor.window.actions_
    actions["overlay_parts"].trigger()
    assert (canvas.overlay(), actions["overlay_parts"].isChecked()) == ("parts", True)
    editor.window.opacity.setValue(30)
    assert canvas.overlay_opacity() == pytest.approx(0.3)
    actions["overlay_difference"].trigger()
    assert canvas.overlay() == "difference"
    actions["overlay_difference"].trigger()
    assert (canvas.overlay(), actions["overlay_none"].isChecked()) == ("none", True)
    assert not editor.window.opacity.isEnabled()
    actions["overlay_parts"].trigger()
    assert editor.window.opacity.value() == 30  # each overlay remembers its own


def test_an_unexpected_error_is_told_in_the_window(editor: Editor) -> None:
    try:
        raise ZeroDivisionError("half of nothing")
    except ZeroDivisionError as error:
        editor.report(type(error), error, error.__traceback__)
    bar = editor.window.messages
    assert bar.current is not None
    assert "half of nothing" in bar.current.text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_empty_check_box_can_be_seen(qtbot: QtBot, editor: Editor, theme: Theme) -> None:
    editor.theme.set_theme(theme)
    qtbot.wait(50)  # until the colours have arrived
    box = editor.window.gallery.only_favourites
    assert not box.isChecked()
    option = QStyleOptionButton()
    option.initFrom(box)
    part = QStyle.SubElement.SE_CheckBoxIndicator
    image = box.grab(box.style().subElementRect(part, option, box)).toImage()
    levels = [
        image.pixelColor(x, y).lightness()
        for x in range(image.width())
        for y in range(image.height())
    ]
    assert max(levels) - min(levels) > 40  # the outline against what is around it
    editor.theme.set_theme("system")
