"""A generator that was trained with classes, in the editor, through its widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import PART_NAMES
from fakes import FakeDialogs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.editing.pipeline import to_picture
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import Latent, sample_z
from localedit_core.library import catalog_path
from localedit_gui.app import Editor

CLASSES = 3
MakeEditor = Callable[[str | Path], Editor]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generator of three classes with its catalog."""
    path = tmp_path_factory.mktemp("zoo") / "zoo.safetensors"
    config = StyleGAN2Config(
        z_dim=16,
        w_dim=16,
        resolution=32,
        channels=(16, 16, 16, 16),
        mapping_layers=2,
        c_dim=CLASSES,
        embed_features=16,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        save_generator(StyleGAN2(config).eval(), path, name="Zoo")
    generator = load_generator(path).generator
    catalog = build_catalog(generator, layer="b16.conv1", n_clusters=3, n_samples=6)
    parts = tuple(Part(name, (index,)) for index, name in enumerate(PART_NAMES))
    save_catalog(catalog.with_parts(parts), catalog_path(path))
    return path


@pytest.fixture
def editor(qtbot: QtBot, make_editor: MakeEditor, zoo: Path) -> Editor:
    editor = make_editor(zoo)
    settle(qtbot, editor)
    editor.window.show()
    return editor


def pictured(path: Path, seed: int, class_index: int, psi: float) -> np.ndarray:
    """The picture of a seed and a class, by the generator itself."""
    generator = load_generator(path).generator
    labels = torch.eye(CLASSES)[class_index][None]
    with torch.no_grad():
        w = generator.mapping(torch.from_numpy(sample_z(seed, 16)), labels)
        styles = generator.styles(generator.broadcast(w, psi))
        return to_picture(generator.synthesize(styles).image)


def shown(editor: Editor) -> np.ndarray:
    last = editor.scheduler.last
    assert last is not None
    return last.image


def type_class(editor: Editor, text: str) -> None:
    """Choose a class at the keyboard."""
    box = editor.window.target_bar.class_index
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_picker_shows_only_with_classes(
    qtbot: QtBot, make_editor: MakeEditor, zoo: Path, model_file: Path
) -> None:
    editor = make_editor(model_file)
    settle(qtbot, editor)
    editor.window.show()
    bar, actions = editor.window.target_bar, editor.window.actions_
    assert not bar.class_index.isVisible()
    assert not actions["class_next"].isVisible()
    assert state_of(editor).class_index is None

    editor.sessions.open_path(zoo)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "zoo", timeout=20_000)
    settle(qtbot, editor)
    assert bar.class_index.isVisible()
    assert bar.class_label.isVisible()
    assert actions["class_next"].isVisible()
    assert (bar.class_index.minimum(), bar.class_index.maximum()) == (0, CLASSES - 1)
    assert bar.class_index.accessibleName()
    assert "0 to 2" in bar.class_index.toolTip()
    assert bar.class_label.buddy() is bar.class_index
    assert state_of(editor).target.class_index == 0


def test_choosing_a_class_is_one_step(qtbot: QtBot, editor: Editor, zoo: Path) -> None:
    state = state_of(editor)
    assert state.target.seed is not None
    type_class(editor, "2")
    settle(qtbot, editor)
    after = state_of(editor)
    assert after.class_index == after.target.class_index == 2
    assert after.target.seed == state.target.seed
    expected = pictured(zoo, state.target.seed, 2, state.psi)
    np.testing.assert_array_equal(shown(editor), expected)
    assert "Class 2" in editor.window.actions_["undo"].text()

    editor.window.actions_["undo"].trigger()
    settle(qtbot, editor)
    assert state_of(editor) == state
    assert editor.window.target_bar.class_index.value() == 0
    expected = pictured(zoo, state.target.seed, 0, state.psi)
    np.testing.assert_array_equal(shown(editor), expected)
    editor.window.actions_["redo"].trigger()
    assert editor.window.target_bar.class_index.value() == 2


def test_keys_go_through_the_classes(qtbot: QtBot, editor: Editor) -> None:
    editor.window.canvas.setFocus()
    seen = []
    for _ in range(CLASSES):
        editor.window.actions_["class_next"].trigger()
        seen.append(state_of(editor).class_index)
    assert seen == [1, 2, 0]
    editor.window.actions_["class_previous"].trigger()
    assert state_of(editor).class_index == 2
    keys = [editor.window.actions_[f"class_{way}"].shortcut() for way in ("next", "previous")]
    assert [key.toString() for key in keys] == ["C", "Shift+C"]


def test_gallery_and_new_pictures_are_of_the_class(qtbot: QtBot, editor: Editor, zoo: Path) -> None:
    wanted: list[Latent] = []
    editor.worker.thumbnail_ready.connect(lambda made: wanted.append(made.latent))
    type_class(editor, "1")
    qtbot.waitUntil(lambda: any(latent.class_index == 1 for latent in wanted), timeout=20_000)

    editor.window.target_bar.seed.setFocus()
    editor.window.target_bar.seed.selectAll()
    QTest.keyClicks(editor.window.target_bar.seed, "33")
    QTest.keyClick(editor.window.target_bar.seed, Qt.Key.Key_Return)
    assert state_of(editor).target == Latent(33, state_of(editor).psi, class_index=1)


def test_a_reference_keeps_its_class(qtbot: QtBot, editor: Editor) -> None:
    """So a part of one class can be lent to a picture of another."""
    psi = state_of(editor).psi
    editor.controller.select_part("mouth")
    editor.window.gallery.reference_picked.emit(8)
    type_class(editor, "2")
    settle(qtbot, editor)
    (edit,) = state_of(editor).edits
    assert edit.reference == Latent(8, psi, class_index=0)
    row = editor.window.stack.row(edit.edit_id)
    assert "8 of class 0" in row.detail.text()
    qtbot.waitUntil(lambda: not row.thumbnail.pixmap().isNull(), timeout=20_000)
    editor.window.gallery.reference_picked.emit(8)
    (edit,) = state_of(editor).edits
    assert edit.reference == Latent(8, psi, class_index=2)


def test_a_session_comes_back_in_its_class(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    type_class(editor, "2")
    settle(qtbot, editor)
    picture = shown(editor).copy()
    path = tmp_path / "lion.localedit"
    dialogs = FakeDialogs(save_to=path)
    editor.set_dialogs(dialogs)
    editor.window.actions_["save"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=20_000)
    type_class(editor, "0")
    dialogs.unsaved = "discard"
    dialogs.open_from = path
    editor.window.actions_["open"].trigger()
    qtbot.waitUntil(lambda: state_of(editor).class_index == 2, timeout=20_000)
    settle(qtbot, editor)
    assert editor.window.target_bar.class_index.value() == 2
    np.testing.assert_array_equal(shown(editor), picture)
