"""Poisson blending in the editor: chosen in the box of methods, seen, scaled, saved, taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fakes import FakeDialogs
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.cli import main
from localedit_core.editing.edit import Method
from localedit_gui.app import Editor

LEFT = Qt.MouseButton.LeftButton


def picture(editor: Editor) -> NDArray[np.uint8]:
    assert editor.scheduler.last is not None
    return editor.scheduler.last.image.copy()


def pick(qtbot: QtBot, editor: Editor, seed: int) -> None:
    """Click a thumbnail."""
    gallery = editor.window.gallery
    qtbot.mouseClick(gallery.view.viewport(), LEFT, pos=gallery.seed_position(seed))
    settle(qtbot, editor)


def test_chosen_in_the_box_it_changes_the_part_alone(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    window, budget = editor.window, editor.window.budget
    plain = picture(editor)
    editor.controller.select_part("eyes")
    pick(qtbot, editor, 5)
    moved = picture(editor)
    qtbot.mouseMove(window.statusBar())
    budget.method.setFocus()
    qtbot.keyClick(budget.method, Qt.Key.Key_End)
    assert budget.method.currentText() == "Poisson blending"
    result = settle(qtbot, editor)
    (edit,) = state_of(editor).edits
    assert edit.settings.method is Method.POISSON_BLENDING
    assert "Nothing outside" in budget.method.toolTip()
    for control in (budget.guard, budget.epsilon, budget.floor, budget.blend_to, budget.advanced):
        assert not control.isVisibleTo(budget)
    assert budget.strength.isVisibleTo(budget)

    blended = picture(editor)
    assert (blended != moved).any()
    assert result.part_map is not None
    eyes = result.part_map == 0  # the first of the small generator's parts
    assert (blended != plain)[eyes].any()
    np.testing.assert_array_equal(blended[~eyes], plain[~eyes])
    assert result.difference is not None
    assert not result.difference[~eyes].any()

    budget.strength.spin.setFocus()
    budget.strength.spin.selectAll()
    qtbot.keyClicks(budget.strength.spin, "0.5")
    qtbot.keyClick(budget.strength.spin, Qt.Key.Key_Return)
    settle(qtbot, editor)
    half = picture(editor).astype(float)
    assert np.abs(half - (plain.astype(float) + blended) / 2).max() <= 0.5

    png, again = tmp_path / "face.png", tmp_path / "again.png"
    editor.set_dialogs(FakeDialogs(save_to=png))
    with qtbot.waitSignal(window.messages.message_shown, timeout=20_000):
        window.actions_["export"].trigger()
    assert main(["render", str(png), "--out", str(again)]) == 0
    with Image.open(again) as image:
        np.testing.assert_array_equal(np.asarray(image), picture(editor))

    window.actions_["undo"].trigger()
    settle(qtbot, editor)
    np.testing.assert_array_equal(picture(editor), blended)
    window.actions_["undo"].trigger()
    settle(qtbot, editor)
    np.testing.assert_array_equal(picture(editor), moved)
