"""The board of alternatives: it fills, a click commits what was shown, it goes to a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeDialogs
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.editing.dials import dial_of
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.library import open_labelled_model
from localedit_core.session.png import read_png_session
from localedit_core.session.state import EditState
from localedit_gui.app import Editor
from localedit_gui.boards import BoardKind
from localedit_gui.panels.board_window import BoardWindow


def full(board: BoardWindow) -> bool:
    view = board.cells
    places = [(r, c) for r in range(view.rowCount()) for c in range(view.columnCount())]
    items = [view.item(r, c) for r, c in places if view.item(r, c) is not None]
    return bool(items) and all(i.data(Qt.ItemDataRole.UserRole) is not None for i in items)


def show(qtbot: QtBot, editor: Editor, kind: BoardKind = BoardKind.MATRIX) -> BoardWindow:
    editor.window.actions_["board"].trigger()
    board = editor.outcome.boards.board_window
    board.count.setValue(3)
    board.kind.setCurrentIndex(board.kind.findData(kind))
    qtbot.wait(300)  # until the settings rest
    qtbot.waitUntil(lambda: full(board), timeout=20_000)
    return board


def click(board: BoardWindow, row: int, column: int) -> None:
    view = board.cells
    view.scrollToItem(view.item(row, column))
    place = view.visualItemRect(view.item(row, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def drawn(pipeline: Pipeline, state: EditState) -> object:
    request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
    return pipeline.picture(request, 32)


@pytest.fixture
def pipeline(model_file: Path) -> Pipeline:
    return Pipeline(*open_labelled_model(model_file))


@pytest.fixture
def edited(qtbot: QtBot, editor: Editor) -> Editor:
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(77)
    settle(qtbot, editor)
    return editor


def test_a_click_commits_what_the_cell_showed(
    qtbot: QtBot, edited: Editor, pipeline: Pipeline
) -> None:
    board = show(qtbot, edited)
    parts = [part.name for part in pipeline.catalog.parts]
    view = board.cells
    headings = [view.verticalHeaderItem(r).text() for r in range(view.rowCount())]
    assert headings == ["reference", *parts]
    before = state_of(edited)
    row = parts.index("eyes")
    shown, seed = board.picture(row, 2), int(view.horizontalHeaderItem(2).text())
    np.testing.assert_array_equal(board.heading(2), pipeline.view(before.picture(seed)).image)
    click(board, 0, 2)  # the reference itself is nothing to take
    assert state_of(edited) == before
    click(board, row + 1, 2)
    after = state_of(edited)
    assert [(e.part, e.reference.seed) for e in after.edits] == [("mouth", 77), ("eyes", seed)]
    assert edited.controller.selected_part == "eyes"
    np.testing.assert_array_equal(shown, drawn(pipeline, after))
    edited.window.actions_["undo"].trigger()
    assert state_of(edited) == before


def test_it_follows_the_session(qtbot: QtBot, edited: Editor, pipeline: Pipeline) -> None:
    board = show(qtbot, edited)
    edited.controller.set_target(4321)
    click(board, 1, 0)  # of a state that is no more: nothing happens
    assert [e.part for e in state_of(edited).edits] == ["mouth"]
    qtbot.wait(300)
    qtbot.waitUntil(lambda: full(board), timeout=20_000)
    shown = board.picture(0, 0)
    click(board, 1, 0)
    np.testing.assert_array_equal(shown, drawn(pipeline, state_of(edited)))
    assert state_of(edited).target.seed == 4321


def test_budgets_run_from_nothing_to_the_most(
    qtbot: QtBot, edited: Editor, pipeline: Pipeline
) -> None:
    board = show(qtbot, edited, BoardKind.BUDGETS)
    (edit,) = state_of(edited).edits
    last = edited.scheduler.last
    assert last is not None
    np.testing.assert_array_equal(board.picture(0, 0), last.original)  # no budget, no change
    shown = board.picture(0, 8)
    click(board, 2, 2)
    (after,) = state_of(edited).edits
    assert after.settings.epsilon == dial_of(edit.settings.method).most
    assert after.reference == edit.reference
    np.testing.assert_array_equal(shown, drawn(pipeline, state_of(edited)))


def test_references_of_one_edit_keep_its_settings(
    qtbot: QtBot, edited: Editor, pipeline: Pipeline
) -> None:
    (before,) = state_of(edited).edits
    edited.document.change_edit("e1", before.settings, 0.5, final=True)
    board = show(qtbot, edited, BoardKind.REFERENCES)
    shown = board.picture(0, 1)
    view = board.cells
    view.setFocus()
    view.setCurrentCell(0, 0)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    (after,) = state_of(edited).edits
    assert after.reference.seed == int(view.item(0, 1).text())
    assert after.strength == 0.5
    np.testing.assert_array_equal(shown, drawn(pipeline, state_of(edited)))


def test_parts_and_references_can_be_chosen(qtbot: QtBot, editor: Editor) -> None:
    board = show(qtbot, editor)
    board.parts.menu().actions()[0].trigger()
    board.first.setValue(500)
    qtbot.wait(300)
    view = board.cells
    assert view.rowCount() == 3
    assert [view.horizontalHeaderItem(c).text() for c in range(3)] == ["500", "501", "502"]
    for action in board.parts.menu().actions()[1:]:
        action.trigger()
    qtbot.waitUntil(lambda: "part" in board.note.text())
    board.kind.setCurrentIndex(board.kind.findData(BoardKind.BUDGETS))
    qtbot.waitUntil(lambda: "stack" in board.note.text())


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_it_goes_to_a_file(qtbot: QtBot, edited: Editor, tmp_path: Path, suffix: str) -> None:
    board = show(qtbot, edited)
    path = tmp_path / f"board.{suffix}"
    edited.set_dialogs(FakeDialogs(save_to=path))
    qtbot.waitUntil(board.export.isEnabled)
    QTest.mouseClick(board.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(path.exists, timeout=20_000)
    if suffix == "pdf":
        assert path.read_bytes().startswith(b"%PDF")
        return
    with Image.open(path) as image:
        sheet = np.asarray(image.convert("RGB"))
    cell = board.picture(1, 1)
    assert cell is not None
    windows = np.lib.stride_tricks.sliding_window_view(sheet, cell.shape)[..., 0, :, :, :]
    found = (windows == cell).all(axis=(2, 3, 4)).sum()
    assert found >= 1  # pixel for pixel
    assert [e.part for e in read_png_session(path).state.edits] == ["mouth"]
