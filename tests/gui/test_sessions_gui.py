"""Saving, opening, exporting, dropping: what happens to files and to unsaved work."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeDialogs
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.editing.request import RenderResult
from localedit_core.library import catalog_path
from localedit_core.session.storage import load_session
from localedit_gui.app import Editor
from localedit_gui.settings import Settings

MakeEditor = Callable[[str | Path], Editor]


def answer(editor: Editor, **answers: object) -> FakeDialogs:
    dialogs = FakeDialogs(**answers)  # type: ignore[arg-type]
    editor.set_dialogs(dialogs)
    return dialogs


def work(qtbot: QtBot, editor: Editor, seed: int = 3) -> RenderResult:
    """Do something worth keeping."""
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(seed)
    return settle(qtbot, editor)


def act(editor: Editor, name: str) -> None:
    editor.window.actions_[name].trigger()


def wait_for_message(qtbot: QtBot, editor: Editor, part: str) -> str:
    bar = editor.window.messages

    def shown() -> bool:
        return bar.current is not None and part in f"{bar.current.text} {bar.current.hint}"

    qtbot.waitUntil(shown, timeout=20_000)
    assert bar.current is not None
    return f"{bar.current.text} {bar.current.hint}"


def save(qtbot: QtBot, editor: Editor, path: Path) -> None:
    answer(editor, save_to=path)
    act(editor, "save_as")
    qtbot.waitUntil(lambda: not editor.document.modified and path.exists(), timeout=20_000)


def drop(editor: Editor, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, action = QPointF(10, 10), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), action, data, buttons, keys)
    QApplication.sendEvent(editor.window.canvas, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(editor.window.canvas, QDropEvent(place, action, data, buttons, keys))


def work_elsewhere(
    qtbot: QtBot, editor: Editor, model_file: Path, folder: Path
) -> tuple[Path, Path]:
    """Save work on a copy of the generator: the folder of the copy, and the session."""
    home = folder / "home"
    home.mkdir()
    for file in model_file.parent.iterdir():
        shutil.copy(file, home)
    drop(editor, home / model_file.name)
    qtbot.waitUntil(lambda: str(home) in str(state_of(editor).model.path), timeout=20_000)
    work(qtbot, editor)
    path = folder / "face.localedit"
    save(qtbot, editor, path)
    return home, path


def test_a_saved_session_reopens_with_the_same_pixels(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    editor.controller.set_target(21)
    made = work(qtbot, editor)
    before = state_of(editor)
    path = tmp_path / "face.localedit"
    save(qtbot, editor, path)
    assert editor.window.windowTitle() == "face[*] – LocalEdit"
    assert not editor.window.isWindowModified()
    act(editor, "new")
    assert not np.array_equal(settle(qtbot, editor).image, made.image)
    answer(editor, open_from=path)
    act(editor, "open")
    qtbot.waitUntil(lambda: editor.document.path == path, timeout=20_000)
    again = settle(qtbot, editor)
    assert np.array_equal(again.image, made.image)
    after = state_of(editor)
    assert [e.reference.seed for e in after.edits] == [e.reference.seed for e in before.edits]
    assert (after.target.seed, after.psi) == (21, before.psi)
    assert not editor.document.modified


def test_a_session_opens_the_generator_that_it_needs(
    qtbot: QtBot, editor: Editor, make_editor: MakeEditor, other_model_file: Path, tmp_path: Path
) -> None:
    made = work(qtbot, editor)
    path = tmp_path / "face.localedit"
    save(qtbot, editor, path)
    second = make_editor(other_model_file)
    settle(qtbot, second)
    second.sessions.open_path(path)
    qtbot.waitUntil(lambda: second.document.path == path, timeout=20_000)
    assert np.array_equal(settle(qtbot, second).image, made.image)
    assert state_of(second).model.name == "tiny"


def test_save_writes_to_the_sessions_own_file(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "face.localedit"
    work(qtbot, editor)
    save(qtbot, editor, path)
    dialogs = answer(editor)
    editor.controller.set_target(44)
    assert editor.window.isWindowModified()
    act(editor, "save")
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=20_000)
    assert dialogs.asked == []
    stored = load_session(path)
    assert stored.state.target.seed == 44
    assert editor.settings.recent[0] == path


def test_an_exported_picture_is_the_one_on_screen_and_reopens_when_dropped(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    made = work(qtbot, editor)
    path = tmp_path / "face.png"
    answer(editor, save_to=path, unsaved="discard")
    act(editor, "export")
    wait_for_message(qtbot, editor, "Exported face.png")
    with Image.open(path) as picture:
        assert np.array_equal(np.asarray(picture), made.image)
    act(editor, "new")
    drop(editor, path)
    qtbot.waitUntil(lambda: len(state_of(editor).edits) == 1, timeout=20_000)
    assert np.array_equal(settle(qtbot, editor).image, made.image)
    assert editor.document.path is None  # saving must not overwrite the picture
    assert editor.document.name == "face"


def test_the_diff_map_is_exported(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    work(qtbot, editor)
    path = tmp_path / "diff.png"
    answer(editor, save_to=path)
    act(editor, "export_difference")
    wait_for_message(qtbot, editor, "Exported diff.png")
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.std() > 0


def test_a_dropped_generator_opens(qtbot: QtBot, editor: Editor, other_model_file: Path) -> None:
    drop(editor, other_model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "other", timeout=20_000)
    result = settle(qtbot, editor)
    assert result.request.edits == ()
    assert editor.settings.recent[0] == other_model_file


@pytest.mark.parametrize("answered", ["save", "discard", "cancel"])
def test_closing_with_unsaved_work_asks(
    qtbot: QtBot, editor: Editor, tmp_path: Path, answered: str
) -> None:
    path = tmp_path / "face.localedit"
    work(qtbot, editor)
    dialogs = answer(editor, unsaved=answered, save_to=path)
    editor.window.close()
    if answered == "cancel":
        assert dialogs.asked == ["unsaved"]
        assert editor.window.isVisible()
        assert editor.document.modified
    else:
        qtbot.waitUntil(lambda: not editor.window.isVisible(), timeout=20_000)
    assert path.exists() == (answered == "save")


def test_closing_without_unsaved_work_does_not_ask(qtbot: QtBot, editor: Editor) -> None:
    dialogs = answer(editor)
    editor.window.close()
    assert dialogs.asked == []
    assert not editor.window.isVisible()


def test_a_save_that_fails_keeps_the_window_and_the_work(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    work(qtbot, editor)
    before = state_of(editor)
    answer(editor, unsaved="save", save_to=tmp_path / "no such folder" / "face.localedit")
    editor.window.close()
    wait_for_message(qtbot, editor, "no such folder")
    assert editor.window.isVisible()
    assert editor.document.modified
    assert state_of(editor) == before


def test_a_failed_save_leaves_the_old_file_as_it_was(
    qtbot: QtBot, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "face.localedit"
    work(qtbot, editor)
    save(qtbot, editor, path)
    content = path.read_bytes()
    editor.controller.set_target(50)

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "replace", full)
    act(editor, "save")
    wait_for_message(qtbot, editor, "face.localedit")
    assert path.read_bytes() == content
    assert editor.document.modified


def damaged(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:200])
    return path


@pytest.mark.parametrize("kind", ["missing", "foreign", "truncated", "picture"])
def test_a_bad_file_is_told_and_nothing_is_lost(
    qtbot: QtBot, editor: Editor, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bad.localedit"
    made = work(qtbot, editor)
    if kind == "truncated":
        save(qtbot, editor, path)
        damaged(path)
    elif kind == "foreign":
        path.write_text("Dear diary")
    elif kind == "picture":
        path = path.with_suffix(".png")
        Image.new("RGB", (8, 8)).save(path)
    before = state_of(editor)
    dialogs = answer(editor, unsaved="discard")
    editor.sessions.open_path(path)
    wait_for_message(qtbot, editor, path.name)
    assert dialogs.asked == []  # nothing was at stake
    assert state_of(editor) == before
    assert np.array_equal(settle(qtbot, editor).image, made.image)


def test_a_session_for_another_generator_is_refused(
    qtbot: QtBot, editor: Editor, other_model_file: Path, model_file: Path, tmp_path: Path
) -> None:
    """The session's generator file is there, but holds another generator now."""
    home, path = work_elsewhere(qtbot, editor, model_file, tmp_path)
    for file in other_model_file.parent.iterdir():
        shutil.copy(file, home / file.name.replace("other", "tiny"))
    drop(editor, other_model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "other", timeout=20_000)
    before = state_of(editor)
    editor.sessions.open_path(path)
    wait_for_message(qtbot, editor, "was made with")
    assert state_of(editor) == before


def test_a_session_outlives_the_labelling_of_its_generator(
    qtbot: QtBot, editor: Editor, other_model_file: Path, model_file: Path, tmp_path: Path
) -> None:
    home, path = work_elsewhere(qtbot, editor, model_file, tmp_path)
    beside = catalog_path(home / model_file.name)
    catalog = load_catalog(beside)
    save_catalog(catalog.with_parts(replace(p, floor=0.2) for p in catalog.parts), beside)
    drop(editor, other_model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "other", timeout=20_000)
    editor.sessions.open_path(path)
    wait_for_message(qtbot, editor, "another catalog")
    assert [edit.part for edit in state_of(editor).edits] == ["mouth"]
    assert settle(qtbot, editor).request.target == state_of(editor).target


def test_a_session_opens_whatever_its_file_is_called(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    work(qtbot, editor)
    path = tmp_path / "face.localedit"
    save(qtbot, editor, path)
    renamed = path.rename(tmp_path / "face.safetensors")
    act(editor, "new")
    settle(qtbot, editor)
    editor.sessions.open_path(renamed)
    qtbot.waitUntil(lambda: len(state_of(editor).edits) == 1, timeout=20_000)


def test_only_a_sessions_own_file_is_saved_over(
    qtbot: QtBot, editor: Editor, other_model_file: Path, tmp_path: Path
) -> None:
    """Names lie: neither a generator nor a picture called .localedit may be overwritten."""
    generator = tmp_path / "other.localedit"
    shutil.copy(other_model_file, generator)
    shutil.copy(catalog_path(other_model_file), catalog_path(generator))
    work(qtbot, editor)
    picture = tmp_path / "picture.png"
    answer(editor, save_to=picture, unsaved="discard")
    act(editor, "export")
    qtbot.waitUntil(picture.exists, timeout=20_000)
    editor.sessions.open_path(generator)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "other", timeout=20_000)
    assert editor.document.path is None
    editor.sessions.open_path(picture.rename(tmp_path / "picture.localedit"))
    qtbot.waitUntil(lambda: len(state_of(editor).edits) == 1, timeout=20_000)
    assert editor.document.path is None


def test_what_is_done_while_a_file_is_read_is_asked_about(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    path = tmp_path / "face.localedit"
    work(qtbot, editor)
    save(qtbot, editor, path)
    act(editor, "new")
    dialogs = answer(editor, unsaved="cancel")
    editor.sessions.open_path(path)
    editor.controller.set_target(60)
    qtbot.waitUntil(lambda: dialogs.asked == ["unsaved"], timeout=20_000)
    assert state_of(editor).target.seed == 60


def test_recent_files_are_listed_newest_first_and_forgotten_when_gone(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.localedit" for name in ("one", "two")]
    for path in paths:
        work(qtbot, editor)
        editor.controller.set_target(len(path.stem) + 70 + paths.index(path))
        save(qtbot, editor, path)
    entries = editor.window.recent_menu.actions()
    assert [entry.toolTip() for entry in entries[:2]] == [str(paths[1]), str(paths[0])]
    paths[0].unlink()
    entries[1].trigger()
    wait_for_message(qtbot, editor, "one.localedit")
    assert paths[0] not in editor.settings.recent


def test_recent_files_survive_and_are_limited(qapp: object, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for number in range(15):
        settings.add_recent(tmp_path / f"{number}.localedit")
    settings.add_recent(tmp_path / "12.localedit")
    settings.sync()
    names = [path.stem for path in Settings(tmp_path).recent]
    assert names == ["12", "14", "13", "11", "10", "9", "8", "7", "6", "5"]
