"""Solo, copy and paste, conflicts: through the window, on a small generator."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.app import Editor
from localedit_gui.stack_controller import EDIT_MIME

UNGUARDED = QuerySettings(Method.SEQUENTIAL, epsilon=400.0, floor=0.0)


def state_of(editor: Editor) -> EditState:
    assert editor.document.state is not None
    return editor.document.state


def muted(editor: Editor) -> list[bool]:
    return [edit.muted for edit in state_of(editor).edits]


@pytest.fixture
def three(editor: Editor) -> Editor:
    """Edits e1, e2 and e3, the second muted."""
    edits = tuple(
        Edit(f"e{n}", part, Latent(n, 0.7), replace(UNGUARDED, guard=1.0), muted=n == 2)
        for n, part in enumerate(("eyes", "nose", "mouth"), 1)
    )
    editor.document.edit("Edits", replace(state_of(editor), edits=edits))
    return editor


def alt_click(qtbot: QtBot, editor: Editor, edit_id: str) -> None:
    eye = editor.window.stack.row(edit_id).mute
    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier)


def test_solo_mutes_the_others_while_it_lasts(three: Editor, qtbot: QtBot) -> None:
    alt_click(qtbot, three, "e1")
    assert muted(three) == [False, True, True]
    alt_click(qtbot, three, "e2")
    assert muted(three) == [True, False, True]
    alt_click(qtbot, three, "e2")
    assert muted(three) == [False, True, False]  # as before the first solo
    for _ in range(3):
        three.window.actions_["undo"].trigger()
    assert muted(three) == [False, True, False]
    three.window.actions_["redo"].trigger()
    assert muted(three) == [False, True, True]
    assert not three.window.stack.row("e1").mute.isChecked()
    assert three.window.stack.row("e3").mute.isChecked()


def test_solo_has_a_key_and_a_plain_click_still_mutes(three: Editor, qtbot: QtBot) -> None:
    three.controller.select_edit("e3")
    qtbot.keyClick(three.window.stack, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert muted(three) == [True, True, False]
    three.window.actions_["solo"].trigger()
    assert muted(three) == [False, True, False]
    qtbot.mouseClick(three.window.stack.row("e3").mute, Qt.MouseButton.LeftButton)
    assert muted(three) == [False, True, True]


def test_a_row_goes_to_another_session_with_all_it_has(
    three: Editor, qtbot: QtBot, model_file: Path, make_editor: Callable[..., Editor]
) -> None:
    three.controller.select_edit("e2")
    three.window.actions_["copy"].trigger()
    other = make_editor(model_file)  # another window
    qtbot.waitUntil(other.scheduler.is_settled, timeout=20_000)
    assert state_of(other).edits == ()
    other.window.actions_["paste"].trigger()
    qtbot.waitUntil(lambda: len(state_of(other).edits) == 1, timeout=5000)
    assert state_of(other).edits[0] == replace(state_of(three).edit("e2"), edit_id="e1")
    assert other.controller.selected_edit == "e1"
    other.window.actions_["undo"].trigger()
    assert state_of(other).edits == ()


def test_a_row_is_pasted_above_the_selected_one_by_keys(three: Editor, qtbot: QtBot) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    three.controller.select_edit("e1")
    qtbot.keyClick(three.window.stack, Qt.Key.Key_C, control)
    qtbot.keyClick(three.window.stack, Qt.Key.Key_V, control)
    qtbot.waitUntil(lambda: len(state_of(three).edits) == 4, timeout=5000)
    assert [edit.edit_id for edit in state_of(three).edits] == ["e1", "e4", "e2", "e3"]


def change_clipboard(change: Callable[[dict[str, Any]], object]) -> None:
    clipboard = QApplication.clipboard()
    document = json.loads(bytes(clipboard.mimeData().data(EDIT_MIME).data()))
    change(document)
    data = QMimeData()
    data.setData(EDIT_MIME, json.dumps(document).encode())
    clipboard.setMimeData(data)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["edit"].update(part="beard"), "no part “beard”"),
        (lambda d: d.update(generator="0" * 64), "another generator"),
        (lambda d: d["edit"].update(strength=7), "edit.strength"),
        (
            lambda d: d["edit"]["reference"].update(w_plus={"rows": 1, "float32": "AACAPwAAgD8="}),
            "cannot take",
        ),
        (lambda d: d["edit"]["reference"].update({"class": 3}), "no class 3"),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    three: Editor, qtbot: QtBot, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    three.controller.select_edit("e1")
    three.window.actions_["copy"].trigger()
    change_clipboard(change)
    before = state_of(three)
    with qtbot.waitSignal(three.window.messages.message_shown, timeout=5000) as shown:
        three.window.actions_["paste"].trigger()
    assert told in shown.args[0]
    assert state_of(three) == before


def test_other_things_on_the_clipboard_are_no_edit(three: Editor, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("just text")
    with qtbot.waitSignal(three.window.messages.message_shown, timeout=5000) as shown:
        three.window.actions_["paste"].trigger()
    assert "no edit" in shown.args[0]
    assert len(state_of(three).edits) == 3


def test_rows_that_get_in_each_others_way_are_marked_and_say_why(
    three: Editor, qtbot: QtBot
) -> None:
    stack = three.window.stack
    loose = tuple(
        replace(edit, settings=UNGUARDED) if edit.edit_id != "e2" else edit
        for edit in state_of(three).edits
    )
    three.document.edit("Guards off", replace(state_of(three), edits=loose))
    qtbot.waitUntil(lambda: not stack.row("e1").conflict.isHidden(), timeout=5000)
    text = stack.row("e3").conflict.toolTip()
    assert text.startswith("mouth and eyes both move")
    assert "channels of b" in text
    assert "the upper one wins" in text
    assert stack.row("e2").conflict.isHidden()  # muted, it moves nothing
    stack.row("e1").conflict.click()
    assert stack.explanation.text() == text.split("\n")[0]
    assert stack.row("e1").conflict.accessibleName() == text
    three.window.actions_["undo"].trigger()  # the guards are up again
    qtbot.waitUntil(lambda: stack.row("e1").conflict.isHidden(), timeout=5000)
