"""Printed pages and morphs: whole files, made while the editor goes on, or none at all."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fakes import FakeDialogs
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from watching import settle

from localedit_core.session.png import read_png_session
from localedit_gui.app import Editor


@pytest.fixture
def edited(qtbot: QtBot, editor: Editor) -> Editor:
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(77)
    settle(qtbot, editor)
    return editor


def export(editor: Editor, action: str, path: Path) -> None:
    editor.set_dialogs(FakeDialogs(save_to=path))
    editor.window.actions_[action].trigger()


def test_a_page_to_print(qtbot: QtBot, edited: Editor, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    export(edited, "export_report", path)
    qtbot.waitUntil(path.exists, timeout=20_000)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.rstrip().endswith(b"%%EOF")
    # A4 is 210 x 297 mm; PDF counts in 1/72 inch.
    box = data.split(b"/MediaBox")[1].split(b"[")[1].split(b"]")[0].split()
    assert [round(float(n)) for n in box[2:]] == [595, 842]


def test_a_morph_goes_from_the_target_to_the_result(
    qtbot: QtBot, edited: Editor, tmp_path: Path
) -> None:
    path = tmp_path / "morph.gif"
    last = edited.scheduler.last
    assert last is not None
    assert last.original is not None
    export(edited, "export_morph", path)
    assert edited.outcome.exports.progress is not None
    qtbot.waitUntil(path.exists, timeout=60_000)
    assert edited.outcome.exports.progress is None
    with Image.open(path) as film:
        assert film.n_frames == 30
        first = np.asarray(film.convert("RGB")).astype(int)
        film.seek(29)
        end = np.asarray(film.convert("RGB")).astype(int)
    # 256 colours stand for all: close to the pictures on screen, and each to its own.
    assert np.abs(first - last.original).mean() < np.abs(first - last.image).mean()
    assert np.abs(end - last.image).mean() < np.abs(end - last.original).mean()
    assert np.abs(end - last.image).mean() < 8


def test_a_film(qtbot: QtBot, edited: Editor, tmp_path: Path) -> None:
    path = tmp_path / "morph.mp4"
    export(edited, "export_morph", path)
    qtbot.waitUntil(path.exists, timeout=60_000)
    film = cv2.VideoCapture(str(path))
    assert round(film.get(cv2.CAP_PROP_FRAME_COUNT)) == 30
    film.release()


def test_a_strip_carries_the_session(qtbot: QtBot, edited: Editor, tmp_path: Path) -> None:
    path = tmp_path / "morph.png"
    export(edited, "export_morph", path)
    qtbot.waitUntil(path.exists, timeout=60_000)
    state = read_png_session(path).state
    assert state.target.seed == 0
    assert [(edit.part, edit.reference.seed) for edit in state.edits] == [("mouth", 77)]


def test_cancelled_it_leaves_no_file(qtbot: QtBot, edited: Editor, tmp_path: Path) -> None:
    path = tmp_path / "morph.gif"
    export(edited, "export_morph", path)
    dialog = edited.outcome.exports.progress
    assert dialog is not None
    dialog.show()
    QTest.mouseClick(dialog.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert edited.outcome.exports.progress is None
    edited.controller.pick_reference(78)
    settle(qtbot, edited)
    qtbot.wait(200)
    assert list(tmp_path.glob("morph*")) == []


def test_a_name_that_says_nothing_is_told(qtbot: QtBot, edited: Editor, tmp_path: Path) -> None:
    export(edited, "export_morph", tmp_path / "morph.txt")
    bar = edited.window.messages
    assert bar.current is not None
    assert bar.current.kind == "error"
    assert ".gif" in bar.current.text + bar.current.hint
    assert list(tmp_path.glob("morph*")) == []
