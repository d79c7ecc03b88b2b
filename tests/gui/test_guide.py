"""Being led through a job: a picture to begin with, part after part, the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from choosing import MakeEditor, card, started
from fakes import FakeDialogs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.editing.edit import EDITOR_GUARD
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.library import open_labelled_model
from localedit_core.sheets.contact_sheet import fitted
from localedit_gui.app import Editor
from localedit_gui.guides import guide_for
from localedit_gui.panels.guide_panel import SIDE, GuidePanel


def press(button: QPushButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def click(panel: GuidePanel, row: int) -> None:
    choices = panel.choices
    choices.scrollToItem(choices.item(row))
    place = choices.visualItemRect(choices.item(row)).center()
    QTest.mouseClick(choices.viewport(), Qt.MouseButton.LeftButton, pos=place)


def filled(panel: GuidePanel) -> bool:
    rows = range(panel.choices.count())
    return bool(rows) and all(panel.picture(row) is not None for row in rows)


@pytest.fixture
def panel(qtbot: QtBot, editor: Editor) -> GuidePanel:
    assert not editor.window.guide.isVisible()
    editor.window.actions_["guide"].trigger()
    panel = editor.window.guide
    assert panel.title.isVisible()
    press(panel.begin)
    qtbot.waitUntil(lambda: filled(panel), timeout=20_000)
    return panel


def test_a_choice_shows_what_it_makes_and_undo_takes_it_back(
    qtbot: QtBot, editor: Editor, panel: GuidePanel, model_file: Path
) -> None:
    pipeline = Pipeline(*open_labelled_model(model_file))
    click(panel, 3)
    assert state_of(editor).target.seed == int(panel.choices.item(3).text())
    before = state_of(editor)
    press(panel.next)
    assert editor.controller.selected_part == "eyes"
    assert "eyes" in panel.question.text()
    qtbot.waitUntil(lambda: filled(panel), timeout=20_000)
    shown = panel.picture(2)
    click(panel, 2)
    state = state_of(editor)
    (edit,) = state.edits
    assert (edit.part, edit.reference.seed) == ("eyes", int(panel.choices.item(2).text()))
    assert edit.settings.guard == EDITOR_GUARD
    request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
    np.testing.assert_array_equal(shown, fitted(pipeline.picture(request, 32), SIDE))
    editor.window.actions_["undo"].trigger()
    assert state_of(editor) == before


def test_another_choice_replaces_and_as_it_is_removes(
    qtbot: QtBot, editor: Editor, panel: GuidePanel
) -> None:
    press(panel.next)
    click(panel, 2)
    click(panel, 4)
    (edit,) = state_of(editor).edits
    assert edit.reference.seed == int(panel.choices.item(4).text())
    qtbot.waitUntil(lambda: panel.choices.currentRow() == 4)
    click(panel, 0)
    assert state_of(editor).edits == ()


def test_it_goes_through_all_parts_to_the_end_and_saves(
    qtbot: QtBot, editor: Editor, panel: GuidePanel, tmp_path: Path
) -> None:
    names = [panel.steps.tabText(n) for n in range(panel.steps.count())]
    parts = [part.name for part in editor.sessions.model.parts]  # type: ignore[union-attr]
    assert names[1:-1] == parts
    for row, part in enumerate(parts, start=1):
        press(panel.next)
        assert editor.controller.selected_part == part
        click(panel, row)
    press(panel.next)
    assert [edit.part for edit in state_of(editor).edits] == parts
    path = tmp_path / "face.localedit"
    editor.set_dialogs(FakeDialogs(save_to=path))
    press(panel.save)
    qtbot.waitUntil(path.exists, timeout=10_000)
    panel.steps.setCurrentIndex(2)
    assert editor.controller.selected_part == parts[1]


def test_everything_goes_by_keys(qtbot: QtBot, editor: Editor, panel: GuidePanel) -> None:
    QTest.keyClick(panel.next, Qt.Key.Key_Space)
    assert panel.steps.currentIndex() == 1
    panel.choices.setCurrentRow(0)
    for _ in range(2):
        QTest.keyClick(panel.choices, Qt.Key.Key_Right)
    QTest.keyClick(panel.choices, Qt.Key.Key_Return)
    (edit,) = state_of(editor).edits
    assert edit.reference.seed == int(panel.choices.item(2).text())
    QTest.keyClick(panel.back, Qt.Key.Key_Space)
    assert panel.steps.currentIndex() == 0


def test_others_are_shown_and_follow_what_is_changed_elsewhere(
    qtbot: QtBot, editor: Editor, panel: GuidePanel
) -> None:
    first = [panel.choices.item(n).text() for n in range(panel.choices.count())]
    press(panel.more)
    second = [panel.choices.item(n).text() for n in range(panel.choices.count())]
    assert not set(first) & set(second)
    qtbot.waitUntil(lambda: filled(panel), timeout=20_000)
    press(panel.next)
    qtbot.waitUntil(lambda: filled(panel), timeout=20_000)
    before = panel.picture(1)
    editor.controller.set_target(4321)
    settle(qtbot, editor)
    qtbot.waitUntil(lambda: not np.array_equal(panel.picture(1), before), timeout=20_000)


def test_a_card_leads_into_it(qtbot: QtBot, bundled: Path, make_editor: MakeEditor) -> None:
    editor = started(qtbot, make_editor)
    press(card(editor, "Betas").guide)
    qtbot.waitUntil(editor.window.guide.isVisible, timeout=20_000)
    assert state_of(editor).model.name == "beta"
    assert editor.window.guide.begin.isVisible()
    editor.window.guide.parentWidget().hide()
    press(card(editor, "Betas").guide)  # it is on screen already
    assert editor.window.guide.isVisible()


def test_faces_rooms_and_others_have_jobs_of_their_own() -> None:
    face = guide_for([p.name for p in open_labelled_model("faces")[1].parts])
    room = guide_for([p.name for p in open_labelled_model("rooms")[1].parts])
    other = guide_for(["tyre", "door"])
    assert len({face.title, room.title, other.title}) == 3
    assert "Face" in face.title
    assert "Room" in room.title
    assert sorted(face.parts) == sorted(p.name for p in open_labelled_model("faces")[1].parts)
    assert sorted(room.parts) == sorted(p.name for p in open_labelled_model("rooms")[1].parts)
    assert other.parts == ("tyre", "door")
