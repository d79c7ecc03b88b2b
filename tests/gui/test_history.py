"""The history as pictures, and snapshots: through the window, on a small generator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QListWidget
from pytestqt.qtbot import QtBot

from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import load_generator
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.library import catalog_path
from localedit_core.session.state import EditState
from localedit_gui.app import Editor


def state_of(editor: Editor) -> EditState:
    assert editor.document.state is not None
    return editor.document.state


def click(qtbot: QtBot, view: QListWidget, row: int) -> None:
    view.scrollToItem(view.item(row))
    at = view.visualItemRect(view.item(row)).topLeft() + QPoint(60, 12)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def texts(view: QListWidget) -> list[str]:
    return [view.item(row).text() for row in range(view.count())]


@pytest.fixture
def steps(editor: Editor, qtbot: QtBot) -> list[EditState]:
    """The states after each of four steps; the panel is in front."""
    editor.window.findChild(QDockWidget, "history").raise_()
    states = [state_of(editor)]
    editor.controller.select_part("nose")
    for act in (
        lambda: editor.controller.pick_reference(5),
        lambda: editor.controller.set_target(8),
        lambda: editor.controller.pick_reference(6),
        lambda: editor.controller.mute_selected(),
    ):
        act()
        states.append(state_of(editor))
    qtbot.waitUntil(lambda: editor.window.history.steps.count() == 5, timeout=5000)
    return states


def test_a_click_goes_to_a_state_and_nothing_is_lost(
    editor: Editor, steps: list[EditState], qtbot: QtBot
) -> None:
    view, stack = editor.window.history.steps, editor.document.undo_stack
    assert texts(view)[:3] == ["Opened", "Transfer of nose from 5", "Target 8"]
    for row in (1, 4, 0, 3):
        click(qtbot, view, row)
        assert state_of(editor) == steps[row]
        assert (stack.index(), stack.count()) == (row, 4)
        qtbot.waitUntil(lambda row=row: view.item(row).font().bold(), timeout=5000)
        assert sum(view.item(n).font().bold() for n in range(5)) == 1
    editor.window.actions_["redo"].trigger()
    assert state_of(editor) == steps[4]
    view.setCurrentRow(2)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert state_of(editor) == steps[2]
    editor.controller.set_target(9)  # a new step takes the place of those that were taken back
    qtbot.waitUntil(lambda: texts(view)[2:] == ["Target 8", "Target 9"], timeout=5000)


def test_every_state_gets_the_picture_that_rendering_it_gives(
    editor: Editor, steps: list[EditState], qtbot: QtBot, model_file: Path
) -> None:
    view = editor.window.history.steps
    qtbot.waitUntil(lambda: all(p is not None for p in view.pictures()), timeout=20_000)
    pipeline = Pipeline(load_generator(model_file), load_catalog(catalog_path(model_file)))
    for state, shown in zip(steps, view.pictures(), strict=True):
        request = RenderRequest(1, 1, state.target, state.edits, noise_seed=state.noise_seed)
        expected = next(r.image for r in pipeline.run(request) if r.stage == "settled")
        assert shown is not None
        assert np.abs(shown.astype(int) - expected).max() <= 1
    distinct: list[NDArray[np.uint8]] = [p for p in view.pictures() if p is not None]
    assert (distinct[0] != distinct[2]).any()


def test_no_picture_is_made_while_nobody_looks(editor: Editor, qtbot: QtBot) -> None:
    assert editor.window.history.visibleRegion().isEmpty()
    assert not editor.window.stack.visibleRegion().isEmpty()
    for seed in range(3, 9):
        editor.controller.set_target(seed)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    qtbot.wait(700)
    assert editor.window.history.steps.count() == 0


def test_snapshots_are_named_gone_back_to_and_forgotten(
    editor: Editor, steps: list[EditState], qtbot: QtBot
) -> None:
    panel = editor.window.history
    assert panel.snapshots.isHidden()
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    editor.window.actions_["undo"].trigger()
    editor.window.actions_["snapshot"].trigger()
    qtbot.waitUntil(lambda: texts(panel.snapshots) == ["Snapshot 1", "Snapshot 2"], timeout=5000)
    panel.snapshots.item(1).setText("softer mouth")
    editor.controller.set_target(77)
    click(qtbot, panel.snapshots, 0)
    assert state_of(editor) == steps[4]
    assert editor.document.undo_stack.undoText() == "Return to Snapshot 1"
    click(qtbot, panel.snapshots, 1)
    assert state_of(editor) == steps[3]
    assert editor.document.undo_stack.undoText() == "Return to softer mouth"
    editor.window.actions_["undo"].trigger()
    assert state_of(editor) == steps[4]
    panel.snapshots.setCurrentRow(0)
    qtbot.keyClick(panel.snapshots, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: texts(panel.snapshots) == ["softer mouth"], timeout=5000)
    assert state_of(editor) == steps[4]
