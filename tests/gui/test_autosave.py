"""Unsaved work after a crash: kept, offered, brought back, and never offered twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeDialogs
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from watching import state_of

from localedit_core.session.storage import load_session
from localedit_gui.app import Editor
from localedit_gui.recovery import RecoveryFolder

MakeEditor = Callable[[str | Path], Editor]

VICTIM = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from localedit_gui.app import Editor

app = QApplication([])
editor = Editor(app, Path(sys.argv[2]))
editor.start(Path(sys.argv[1]))
editor.autosave.written.connect(lambda: print("kept", flush=True))

def work(result):
    if result.stage == "measured" and not editor.document.modified:
        editor.controller.select_part("mouth")
        editor.controller.pick_reference(3)
        editor.controller.set_target(33)

editor.scheduler.shown.connect(work)
app.exec()
"""


def recovery_files(folder: Path) -> list[Path]:
    return sorted((folder / "recovery").glob("*.localedit"))


def button(editor: Editor, text: str) -> QPushButton:
    for found in editor.window.messages.findChildren(QPushButton):
        if found.text() == text and found.isVisible():
            return found
    raise AssertionError(f"no button {text}")


@pytest.fixture(scope="module")
def killed_once(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a program that was killed after it had kept its work."""
    folder = tmp_path_factory.mktemp("killed")
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(model_file), str(folder)],
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
    return folder


@pytest.fixture
def killed(killed_once: Path, state_folder: Path) -> Path:
    """The recovery file of that program, in this test's state folder."""
    shutil.copytree(killed_once, state_folder)
    (file,) = recovery_files(state_folder)
    return file


def test_work_survives_a_kill_and_can_be_brought_back(
    qtbot: QtBot, killed: Path, make_editor: MakeEditor, model_file: Path, state_folder: Path
) -> None:
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    message = editor.window.messages.current
    assert message is not None
    assert "ended before" in message.text
    button(editor, "Bring it back").click()
    qtbot.waitUntil(lambda: state_of(editor).target.seed == 33, timeout=20_000)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    assert [(e.part, e.reference.seed) for e in state_of(editor).edits] == [("mouth", 3)]
    assert editor.document.modified  # it is in no file of its own yet
    with qtbot.waitSignal(editor.autosave.written, timeout=20_000):
        pass
    assert killed not in recovery_files(state_folder)  # taken over into the new program's slot
    assert len(recovery_files(state_folder)) == 1


def test_work_that_is_not_brought_back_is_offered_again(
    qtbot: QtBot, killed: Path, make_editor: MakeEditor, model_file: Path, state_folder: Path
) -> None:
    first = make_editor(model_file)
    qtbot.waitUntil(lambda: first.window.messages.current is not None, timeout=20_000)
    first.window.messages.close_message()
    first.window.close()
    first.stop()
    assert recovery_files(state_folder) == [killed]
    second = make_editor(model_file)
    qtbot.waitUntil(lambda: second.window.messages.current is not None, timeout=20_000)
    button(second, "Discard it").click()
    assert recovery_files(state_folder) == []


def test_a_broken_recovery_file_is_told_and_kept(
    qtbot: QtBot, killed: Path, make_editor: MakeEditor, model_file: Path
) -> None:
    killed.write_bytes(killed.read_bytes()[:100])
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    before = state_of(editor)
    button(editor, "Bring it back").click()
    bar = editor.window.messages
    qtbot.waitUntil(lambda: bar.current is not None and bar.current.kind == "error")
    assert bar.current is not None
    assert str(killed) in f"{bar.current.text} {bar.current.hint}"
    assert killed.exists()
    assert state_of(editor) == before


def test_the_slot_follows_the_work_and_is_empty_once_it_is_saved(
    qtbot: QtBot, editor: Editor, state_folder: Path, tmp_path: Path
) -> None:
    assert recovery_files(state_folder) == []
    with qtbot.waitSignal(editor.autosave.written, timeout=20_000):
        editor.controller.set_target(9)
    (slot,) = recovery_files(state_folder)
    assert load_session(slot).state.target.seed == 9
    assert json.loads(slot.with_suffix(".json").read_text())["path"] is None
    path = tmp_path / "face.localedit"
    editor.set_dialogs(FakeDialogs(save_to=path))
    editor.sessions.save()
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=20_000)
    assert recovery_files(state_folder) == []
    editor.document.undo_stack.undo()
    with qtbot.waitSignal(editor.autosave.written, timeout=20_000):
        pass
    (slot,) = recovery_files(state_folder)
    assert json.loads(slot.with_suffix(".json").read_text())["path"] == str(path)


def test_work_is_kept_during_changes_without_a_pause(
    qtbot: QtBot, editor: Editor, state_folder: Path
) -> None:
    written: list[float] = []
    editor.autosave.written.connect(lambda: written.append(time.monotonic()))
    deadline = time.monotonic() + 20
    seed = 0
    while not written and time.monotonic() < deadline:
        seed += 1
        editor.controller.set_target(seed)
        qtbot.wait(100)  # much less than the rest that is waited for otherwise
    assert written


def test_work_given_up_at_closing_is_not_offered(
    qtbot: QtBot, editor: Editor, state_folder: Path
) -> None:
    with qtbot.waitSignal(editor.autosave.written, timeout=20_000):
        editor.controller.set_target(9)
    editor.set_dialogs(FakeDialogs(unsaved="discard"))
    editor.window.close()
    editor.stop()
    assert list((state_folder / "recovery").iterdir()) == []


def test_the_slot_of_a_running_program_is_not_offered(qapp: object, tmp_path: Path) -> None:
    mine, other = RecoveryFolder(tmp_path), RecoveryFolder(tmp_path)
    mine.claim()
    mine.file.write_bytes(b"work")
    assert other.leftovers() == []
    mine.release()
    assert not mine.file.exists()


def test_work_that_cannot_be_kept_is_told_once(
    qtbot: QtBot, editor: Editor, state_folder: Path
) -> None:
    (state_folder / "recovery").parent.mkdir(parents=True, exist_ok=True)
    (state_folder / "recovery").write_text("a file in the folder's place")
    with qtbot.waitSignal(editor.autosave.failed, timeout=20_000):
        editor.controller.set_target(9)
    told: list[object] = []
    editor.autosave.failed.connect(told.append)
    editor.controller.set_target(10)
    editor.autosave.write()
    settled = editor.scheduler.is_settled
    qtbot.waitUntil(settled, timeout=20_000)
    qtbot.wait(200)
    assert told == []
    bar = editor.window.messages
    assert bar.current is not None
    assert bar.current.kind == "warning"
    assert state_of(editor).target.seed == 10


def test_a_recovered_picture_has_the_pixels_it_had(
    qtbot: QtBot, killed: Path, make_editor: MakeEditor, model_file: Path
) -> None:
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    editor.controller.set_target(33)
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(3)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    assert editor.scheduler.last is not None
    fresh = editor.scheduler.last.image
    editor.set_dialogs(FakeDialogs(unsaved="discard"))
    button(editor, "Bring it back").click()
    qtbot.waitUntil(lambda: state_of(editor).target.w_plus is not None, timeout=20_000)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    assert np.array_equal(editor.scheduler.last.image, fresh)
