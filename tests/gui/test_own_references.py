"""References from files beside the gallery, and budgets that are remembered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeDialogs
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model
from localedit_core.session.storage import load_session
from localedit_gui.app import Editor
from localedit_gui.widgets.own_references import OwnReferences


@pytest.fixture
def pipeline(model_file: Path) -> Pipeline:
    return Pipeline(*open_labelled_model(model_file))


@pytest.fixture
def latent_file(tmp_path: Path, pipeline: Pipeline) -> Path:
    """What another program projected a picture to."""
    path = tmp_path / "projected.npz"
    np.savez(path, w=pipeline.w_plus(Latent(123, 1.0))[None])
    return path


def own(editor: Editor) -> OwnReferences:
    return editor.window.gallery.own


def add(qtbot: QtBot, editor: Editor, path: Path) -> None:
    count = len(own(editor).latents())
    editor.set_dialogs(FakeDialogs(open_from=path))
    editor.window.actions_["add_reference"].trigger()
    qtbot.waitUntil(lambda: len(own(editor).latents()) == count + 1, timeout=10_000)


def middle(view: OwnReferences, row: int) -> QPoint:
    return view.visualItemRect(view.item(row)).center()


def click(view: OwnReferences, row: int) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, row))


def drawn(pipeline: Pipeline, editor: Editor) -> object:
    state = state_of(editor)
    request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
    return pipeline.picture(request, 32)


def test_a_stored_latent_is_shown_tried_taken_and_removed(
    qtbot: QtBot, editor: Editor, latent_file: Path, pipeline: Pipeline
) -> None:
    view = own(editor)
    assert not view.isVisible()
    add(qtbot, editor, latent_file)
    assert view.isVisible()
    assert view.item(0).text() == "projected"
    editor.controller.select_part("mouth")
    settle(qtbot, editor)
    before = editor.scheduler.last
    assert before is not None
    QTest.mouseMove(view.viewport(), middle(view, 0))
    qtbot.waitUntil(
        lambda: editor.scheduler.last is not None and bool(editor.scheduler.last.request.edits)
    )
    assert state_of(editor).edits == ()  # so far it is only shown
    click(view, 0)
    (edit,) = state_of(editor).edits
    np.testing.assert_array_equal(edit.reference.w_plus, pipeline.w_plus(Latent(123, 1.0)))
    settle(qtbot, editor)
    assert editor.scheduler.last is not None
    np.testing.assert_array_equal(editor.scheduler.last.image, drawn(pipeline, editor))
    view.setFocus()
    view.setCurrentRow(0)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert view.latents() == ()
    assert state_of(editor).edits == (edit,)  # which keeps it
    editor.window.actions_["undo"].trigger()
    assert [latent.label for latent in view.latents()] == ["projected"]


def test_a_saved_session_lends_its_parts_and_is_not_needed_again(
    qtbot: QtBot, editor: Editor, tmp_path: Path, pipeline: Pipeline
) -> None:
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(77)
    settle(qtbot, editor)
    source = tmp_path / "witness.localedit"
    editor.set_dialogs(FakeDialogs(save_to=source))
    editor.window.actions_["save_as"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=10_000)
    editor.window.actions_["new"].trigger()
    qtbot.waitUntil(lambda: state_of(editor).edits == (), timeout=10_000)
    editor.controller.set_target(9)
    add(qtbot, editor, source)
    editor.controller.select_part("mouth")
    click(own(editor), 0)
    (edit,) = state_of(editor).edits
    assert edit.reference.styles is not None
    assert edit.reference.label == "witness"
    settle(qtbot, editor)
    kept = tmp_path / "taking.localedit"
    editor.set_dialogs(FakeDialogs(save_to=kept))
    editor.window.actions_["save_as"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified and kept.exists(), timeout=10_000)
    source.unlink()
    shown = editor.scheduler.last
    assert shown is not None
    state = load_session(kept).state
    assert [latent.label for latent in state.own] == ["witness"]
    request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
    np.testing.assert_array_equal(pipeline.picture(request, 32), shown.image)


def test_a_stored_latent_becomes_the_target(
    qtbot: QtBot, editor: Editor, latent_file: Path, pipeline: Pipeline, tmp_path: Path
) -> None:
    add(qtbot, editor, latent_file)
    view = own(editor)
    view.setFocus()
    view.setCurrentRow(0)
    QTest.keyClick(view, Qt.Key.Key_T)
    target = state_of(editor).target
    np.testing.assert_array_equal(target.w_plus, pipeline.w_plus(Latent(123, 1.0)))
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(5)
    shown = settle(qtbot, editor)
    np.testing.assert_array_equal(shown.image, drawn(pipeline, editor))
    plain = pipeline.view(Latent(123, 1.0)).image  # the same picture, of its seed
    assert shown.original is not None
    assert np.abs(shown.original.astype(int) - plain).max() <= 1
    kept = tmp_path / "kept.localedit"
    editor.set_dialogs(FakeDialogs(save_to=kept))
    editor.window.actions_["save_as"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified and kept.exists(), timeout=10_000)
    assert load_session(kept).state.target == target


def test_more_like_a_stored_latent(qtbot: QtBot, editor: Editor, latent_file: Path) -> None:
    """It holds the w of seed 123, so that nothing of the same truncation is nearer than that."""
    editor.document.set_psi(1.0, final=True)
    add(qtbot, editor, latent_file)
    editor.controller.select_part("mouth")
    view = own(editor)
    view.customContextMenuRequested.emit(middle(view, 0))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (like,) = [action for action in menu.actions() if action.text() == "More like this"]
    like.trigger()
    menu.close()
    qtbot.waitUntil(lambda: not editor.composing.order.busy, timeout=20_000)
    first = editor.window.gallery.view.model().index(0, 0)
    assert first.data() == "123"
    assert editor.window.gallery.order.currentText() == "Like projected"


def test_the_present_picture_becomes_a_reference(qtbot: QtBot, editor: Editor) -> None:
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(77)
    editor.window.actions_["add_result"].trigger()
    qtbot.waitUntil(lambda: len(own(editor).latents()) == 1, timeout=10_000)
    assert own(editor).latents()[0].styles is not None
    editor.controller.set_target(5)
    editor.window.actions_["add_result"].trigger()
    qtbot.waitUntil(lambda: len(own(editor).latents()) == 2, timeout=10_000)
    name = editor.document.name
    assert [latent.label for latent in own(editor).latents()] == [name, f"{name} 2"]


def test_files_can_be_dropped_on_the_gallery(
    qtbot: QtBot, editor: Editor, latent_file: Path
) -> None:
    gallery = editor.window.gallery
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(latent_file))])
    gallery.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: len(own(editor).latents()) == 1, timeout=10_000)


def test_what_lends_nothing_is_told(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "odd.npy"
    np.save(path, np.zeros((3, 5), np.float32))
    editor.set_dialogs(FakeDialogs(open_from=path))
    editor.window.actions_["add_reference"].trigger()
    bar = editor.window.messages
    qtbot.waitUntil(lambda: bar.current is not None, timeout=10_000)
    assert bar.current is not None
    assert "odd.npy" in bar.current.text
    assert "3 x 5" in bar.current.text
    assert own(editor).latents() == ()


def test_a_budget_found_is_remembered_for_target_and_part(qtbot: QtBot, editor: Editor) -> None:
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(77)
    settle(qtbot, editor)
    auto = editor.window.budget.auto
    auto.limit.setValue(1.25)
    QTest.mouseClick(auto.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(state_of(editor).budgets), timeout=20_000)
    (found,) = state_of(editor).edits
    epsilon = found.settings.epsilon
    assert editor.document.undo_stack.undoText() == "Budget of mouth"
    editor.document.delete_edit(found.edit_id)
    auto.limit.setValue(0.5)
    editor.controller.pick_reference(78)
    (again,) = state_of(editor).edits
    assert again.settings.epsilon == epsilon
    assert auto.limit.value() == 1.25
    auto.limit.setValue(2.5)
    editor.document.change_edit(again.edit_id, again.settings, 0.5, final=True)
    assert auto.limit.value() == 2.5  # what a person sets stays
    editor.controller.select_part("eyes")
    editor.controller.pick_reference(78)
    model = editor.sessions.model
    assert model is not None
    assert state_of(editor).edits[-1].settings.epsilon == model.part("eyes").epsilon
