"""Ready-made sessions: opened as copies, never written, and nothing lost for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from choosing import MakeEditor, card, started, work
from fakes import FakeDialogs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_gui.app import Editor


@pytest.fixture
def editor(qtbot: QtBot, bundled: Path, make_editor: MakeEditor) -> Editor:
    return started(qtbot, make_editor)


def test_an_example_opens_as_a_copy_that_asks_where_to_be_saved(
    qtbot: QtBot, editor: Editor, bundled: Path, tmp_path: Path
) -> None:
    file = bundled / "examples" / "beta-two.localedit"
    content = file.read_bytes()
    QTest.mouseClick(card(editor, "Betas").examples[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "beta", timeout=20_000)
    settle(qtbot, editor)
    assert state_of(editor).target.seed == 41
    assert [(e.part, e.reference.seed) for e in state_of(editor).edits] == [("mouth", 5)]
    assert editor.window.windowTitle() == "Two[*] – LocalEdit"
    assert not editor.document.modified
    assert editor.document.path is None
    assert file not in editor.settings.recent
    editor.controller.set_target(99)
    dialogs = FakeDialogs(save_to=tmp_path / "mine.localedit")
    editor.set_dialogs(dialogs)
    editor.window.actions_["save"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=20_000)
    assert dialogs.asked == ["save session"]
    assert file.read_bytes() == content


def test_a_bundled_example_opened_as_a_file_is_a_copy_too(
    qtbot: QtBot, editor: Editor, bundled: Path
) -> None:
    editor.sessions.open_path(bundled / "examples" / "alpha-one.localedit")
    qtbot.waitUntil(lambda: state_of(editor).target.seed == 40, timeout=20_000)
    assert editor.document.path is None
    assert editor.document.name == "alpha-one"


@pytest.mark.parametrize("answered", ["cancel", "discard"])
def test_an_example_takes_the_place_of_its_own_generators_session_only(
    qtbot: QtBot, editor: Editor, answered: str
) -> None:
    work(editor, 7)
    left = state_of(editor)
    dialogs = FakeDialogs(unsaved=answered)
    editor.set_dialogs(dialogs)
    card(editor, "Betas").examples[0].click()
    qtbot.waitUntil(lambda: state_of(editor).model.name == "beta", timeout=20_000)
    assert dialogs.asked == []
    card(editor, "Alphas").examples[2].click()
    qtbot.waitUntil(lambda: dialogs.asked == ["unsaved"], timeout=20_000)
    # What is asked about is what is seen.
    assert state_of(editor).model.name == "alpha"
    settle(qtbot, editor)
    if answered == "cancel":
        assert state_of(editor) == left
    else:
        assert state_of(editor).target.seed == 42
