"""Going from generator to generator, and finding each session as it was left."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from choosing import MakeEditor, card, go_to, page, started, texts, work
from fakes import REFERENCE, FakeDialogs, fake_model, fake_state
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.session.storage import load_session
from localedit_gui.app import Editor
from localedit_gui.core_jobs import Opened


@pytest.fixture
def editor(qtbot: QtBot, bundled: Path, make_editor: MakeEditor) -> Editor:
    return started(qtbot, make_editor)


def test_going_back_finds_everything_as_it_was_left(qtbot: QtBot, editor: Editor) -> None:
    gallery = editor.window.gallery
    work(editor, 7)
    work(editor, 8, "nose")
    editor.window.actions_["undo"].trigger()
    editor.controller.select_part("eyes")
    before, picture = state_of(editor), settle(qtbot, editor).image
    gallery.jump.setValue(4000)
    place = gallery.view.verticalScrollBar().value()
    assert place > 0

    dialogs = FakeDialogs()
    editor.set_dialogs(dialogs)
    go_to(qtbot, editor, "Betas")
    assert state_of(editor).edits == ()
    assert not editor.window.actions_["undo"].isEnabled()
    assert not editor.window.isWindowModified()
    assert gallery.view.verticalScrollBar().value() == 0
    work(editor, 3)
    assert "As you left it · unsaved changes" in texts(card(editor, "Alphas"))

    go_to(qtbot, editor, "Alphas")
    assert dialogs.asked == []  # nothing was lost, so there was nothing to ask
    assert state_of(editor) == before
    assert np.array_equal(settle(qtbot, editor).image, picture)
    assert editor.controller.selected_part == "eyes"
    assert gallery.view.verticalScrollBar().value() == place
    assert editor.window.isWindowModified()
    editor.window.actions_["redo"].trigger()
    assert [edit.part for edit in state_of(editor).edits] == ["mouth", "nose"]
    for _ in range(2):
        editor.window.actions_["undo"].trigger()
    assert state_of(editor).edits == ()
    assert not editor.window.actions_["undo"].isEnabled()
    assert not editor.window.isWindowModified()

    go_to(qtbot, editor, "Betas")
    assert [edit.reference.seed for edit in state_of(editor).edits] == [3]


def test_a_slider_that_has_not_come_to_rest_belongs_to_the_session_that_is_left(
    qtbot: QtBot, editor: Editor
) -> None:
    work(editor, 7)
    go_to(qtbot, editor, "Betas")
    work(editor, 7)
    strength = editor.window.budget.strength
    strength.slider.triggerAction(strength.slider.SliderAction.SliderPageStepSub)
    moved = strength.value()
    assert moved < 1
    go_to(qtbot, editor, "Alphas")
    assert [edit.strength for edit in state_of(editor).edits] == [1.0]
    go_to(qtbot, editor, "Betas")
    assert [edit.strength for edit in state_of(editor).edits] == [moved]


def test_a_generators_own_file_is_also_open_and_can_be_gone_back_to(
    qtbot: QtBot, editor: Editor, model_file: Path
) -> None:
    editor.sessions.open_path(model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "tiny", timeout=20_000)
    work(editor, 4)
    left = state_of(editor)
    go_to(qtbot, editor, "Betas")
    (button,) = page(editor).others
    assert "tiny" in button.text()
    assert "unsaved" in button.text()
    button.click()
    assert state_of(editor) == left
    editor.sessions.open_bundled("beta")
    editor.sessions.open_path(model_file)  # the same as going back
    qtbot.waitUntil(lambda: state_of(editor).model.name == "tiny", timeout=20_000)
    assert state_of(editor) == left


def test_a_save_that_ends_after_the_session_was_left_counts_for_that_session(
    qtbot: QtBot, editor: Editor, tmp_path: Path, state_folder: Path
) -> None:
    path = tmp_path / "a.localedit"
    go_to(qtbot, editor, "Betas")
    go_to(qtbot, editor, "Alphas")
    work(editor, 7)
    editor.set_dialogs(FakeDialogs(save_to=path))
    editor.sessions.save()
    editor.sessions.open_bundled("beta")  # before the worker could begin
    assert state_of(editor).model.name == "beta"
    work(editor, 3)
    qtbot.waitUntil(path.exists, timeout=20_000)
    settle(qtbot, editor)
    assert editor.document.path is None
    assert editor.document.modified
    go_to(qtbot, editor, "Alphas")
    assert editor.document.path == path
    assert not editor.document.modified
    kept = [load_session(f).state.model.name for f in state_folder.glob("recovery/*.localedit")]
    assert kept == ["beta"]


def test_generators_left_long_ago_are_closed_but_never_with_unsaved_work(
    qtbot: QtBot, editor: Editor
) -> None:
    work(editor, 7)
    for number in range(9):
        reference = replace(REFERENCE, fingerprint=f"{number:064d}")
        model = replace(fake_model(), reference=reference)
        state = replace(fake_state(number), model=reference)
        editor.sessions._take(Opened(model, state, fresh=True))
        settle(qtbot, editor)
    names = [workspace.model.reference.name for workspace in editor.workspaces.others]
    assert 3 <= len(names) <= 7
    assert "alpha" in names
    go_to(qtbot, editor, "Alphas")
    assert [edit.reference.seed for edit in state_of(editor).edits] == [7]
    assert editor.document.history.stacks()  # and the others' histories are gone with them
    assert len(editor.document.history.stacks()) == 1 + len(editor.workspaces.others)


def test_closing_asks_about_every_session_with_changes(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    work(editor, 7)
    go_to(qtbot, editor, "Betas")
    work(editor, 3)
    dialogs = FakeDialogs(unsaved="cancel")
    editor.set_dialogs(dialogs)
    editor.window.close()
    assert dialogs.asked == ["unsaved"]
    assert editor.window.isVisible()

    paths = iter([tmp_path / "b.localedit", tmp_path / "a.localedit"])

    class Saving(FakeDialogs):
        def ask_save_path(self, kind: str, suggestion: Path) -> Path | None:
            return next(paths)

    editor.set_dialogs(Saving(unsaved="save"))
    editor.window.close()
    qtbot.waitUntil(lambda: not editor.window.isVisible(), timeout=20_000)
    for name, seed in (("b", 3), ("a", 7)):
        saved = load_session(tmp_path / f"{name}.localedit").state
        assert [edit.reference.seed for edit in saved.edits] == [seed]


VICTIM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from localedit_gui.app import Editor

app = QApplication([])
editor = Editor(app, Path(sys.argv[3]))
first, second = Path(sys.argv[1]), Path(sys.argv[2])
editor.start(first)
written = []

def count():
    written.append(1)
    if len(written) == 2:
        print("kept", flush=True)

editor.autosave.written.connect(count)

def work(result):
    state = editor.document.state
    if result.stage != "measured" or editor.document.modified:
        return
    if state.model.name == first.stem:
        editor.controller.set_target(33)
        editor.sessions.open_path(second)
    else:
        editor.controller.set_target(44)

editor.scheduler.shown.connect(work)
app.exec()
"""


def button(editor: Editor, text: str) -> QPushButton | None:
    for found in editor.window.messages.findChildren(QPushButton):
        if found.text() == text and found.isVisible():
            return found
    return None


def test_a_crash_loses_neither_of_two_sessions(
    qtbot: QtBot,
    make_editor: MakeEditor,
    model_file: Path,
    other_model_file: Path,
    state_folder: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(model_file), str(other_model_file), str(state_folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
        process.kill()
        process.wait()
    assert line == "kept\n"
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    offered: list[str] = []
    for _ in range(2):
        qtbot.waitUntil(lambda: button(editor, "Bring it back") is not None, timeout=20_000)
        restore = button(editor, "Bring it back")
        assert restore is not None
        message = editor.window.messages.current
        assert message is not None
        offered.append(message.text)
        before = state_of(editor)
        restore.click()
        qtbot.waitUntil(lambda before=before: state_of(editor) != before, timeout=20_000)
    assert {name for text in offered for name in ("tiny", "other") if name in text} == {
        "tiny",
        "other",
    }
    found = {state_of(editor).model.name: state_of(editor).target.seed}
    (other,) = editor.workspaces.others
    assert other.sheet.modified
    editor.workspaces.enter(other.model)
    found[state_of(editor).model.name] = state_of(editor).target.seed
    assert found == {"tiny": 33, "other": 44}
    assert editor.document.modified
