"""A PG-GAN in the editor: parts, hovering, feature blending, files; and what says why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dense_networks import random_progan
from fakes import FakeDialogs
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.cli import main
from localedit_core.editing.edit import Method
from localedit_core.library import catalog_path
from localedit_gui.app import Editor

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def progan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    network = random_progan((8, 8, 8, 6, 4), seed=4)
    path = tmp_path_factory.mktemp("progan") / "celeba.safetensors"
    save_generator(build_progan(network.arguments, network.variables), path, name="CelebA")
    generator = load_generator(path).generator
    catalog = build_catalog(generator, layer="16x16/Conv1", n_clusters=3, n_samples=6, psi=1.0)
    parts = [Part(name, (index,)) for index, name in enumerate(("eyes", "nose", "mouth"))]
    save_catalog(catalog.with_parts(parts), catalog_path(path))
    return path


@pytest.fixture
def progan(qtbot: QtBot, make_editor: Callable[[Path], Editor], progan_file: Path) -> Editor:
    editor = make_editor(progan_file)
    settle(qtbot, editor)
    return editor


def picture(editor: Editor) -> np.ndarray:
    assert editor.scheduler.last is not None
    return editor.scheduler.last.image


def pick(qtbot: QtBot, editor: Editor, seed: int) -> None:
    """Click a thumbnail."""
    gallery = editor.window.gallery
    qtbot.mouseClick(gallery.view.viewport(), LEFT, pos=gallery.seed_position(seed))
    settle(qtbot, editor)


def test_a_reference_is_hovered_and_kept_by_feature_blending(qtbot: QtBot, progan: Editor) -> None:
    window = progan.window
    assert state_of(progan).psi == 1.0
    plain = picture(progan).copy()
    qtbot.mouseClick(window.canvas, LEFT, pos=window.canvas.part_position("eyes"))
    assert progan.controller.selected_part == "eyes"
    gallery = window.gallery
    place = gallery.seed_position(5)
    qtbot.mouseMove(gallery.view.viewport(), place)
    gallery.reference_hovered.emit(5)
    settle(qtbot, progan)
    hovered = picture(progan).copy()
    assert (hovered != plain).any()
    assert not state_of(progan).edits
    pick(qtbot, progan, 5)
    (edit,) = state_of(progan).edits
    assert edit.settings.method is Method.FEATURE_BLENDING
    np.testing.assert_array_equal(picture(progan), hovered)
    assert "feature" not in window.messages.accessibleDescription().lower()
    assert window.budget.measures.in_mse.text() != "–"


def test_the_panel_says_why_styles_are_not_offered(qtbot: QtBot, progan: Editor) -> None:
    budget = progan.window.budget
    progan.controller.select_part("nose")
    pick(qtbot, progan, 4)
    notes = [n.text() for n in budget.findChildren(QLabel) if n.isVisibleTo(budget)]
    assert any("no styles" in note for note in notes)
    items = budget.method.model()
    assert isinstance(items, QStandardItemModel)
    for row in range(budget.method.count()):
        offered = not Method(budget.method.itemData(row)).moves_styles
        assert items.item(row).isEnabled() is offered
        assert ("no styles" in items.item(row).toolTip()) is not offered
    shown = [s for s in (budget.epsilon, budget.floor, budget.strength) if s.isVisibleTo(budget)]
    assert shown == [budget.strength]
    assert not budget.bands["coarse"].isVisibleTo(budget)
    assert [
        Method(budget.method.itemData(row))
        for row in range(budget.method.count())
        if items.item(row).isEnabled()
    ] == [Method.FEATURE_BLENDING, Method.POISSON_BLENDING]


def test_strength_resolution_and_undo(qtbot: QtBot, progan: Editor) -> None:
    budget = progan.window.budget
    plain = picture(progan).copy()
    progan.controller.select_part("mouth")
    pick(qtbot, progan, 6)
    full = picture(progan).copy()
    budget.strength.spin.setFocus()
    budget.strength.spin.selectAll()
    qtbot.keyClicks(budget.strength.spin, "0.5")
    qtbot.keyClick(budget.strength.spin, Qt.Key.Key_Return)
    settle(qtbot, progan)
    half = picture(progan).copy()
    changes = [np.abs(image.astype(int) - plain).mean() for image in (half, full)]
    assert 0 < changes[0] < changes[1]
    budget.blend_to.setFocus()
    qtbot.keyClick(budget.blend_to, Qt.Key.Key_Down)
    settle(qtbot, progan)
    assert state_of(progan).edits[0].settings.blend_to == 64
    assert (picture(progan) != half).any()
    for _ in range(3):
        progan.window.actions_["undo"].trigger()
    settle(qtbot, progan)
    np.testing.assert_array_equal(picture(progan), plain)


def test_truncation_says_that_it_means_nothing(progan: Editor, model_file: Path) -> None:
    bar = progan.window.target_bar
    assert bar.seed.isEnabled()
    assert not bar.psi.isEnabled()
    assert "truncates nothing" in bar.psi.toolTip()
    assert not progan.window.actions_["psi_up"].isEnabled()
    assert not progan.window.actions_["psi_down"].isEnabled()


def test_what_is_exported_renders_again_without_a_window(
    qtbot: QtBot, progan: Editor, tmp_path: Path
) -> None:
    for part, seed in (("eyes", 4), ("mouth", 5)):
        progan.controller.select_part(part)
        pick(qtbot, progan, seed)
    png = tmp_path / "face.png"
    progan.set_dialogs(FakeDialogs(save_to=png))
    with qtbot.waitSignal(progan.window.messages.message_shown, timeout=20_000):
        progan.window.actions_["export"].trigger()
    again = tmp_path / "again.png"
    assert main(["render", str(png), "--out", str(again)]) == 0
    with Image.open(again) as image:
        np.testing.assert_array_equal(np.asarray(image), picture(progan))


def test_another_generator_has_all_methods_again(
    qtbot: QtBot, progan: Editor, model_file: Path
) -> None:
    progan.sessions.open_path(model_file)
    qtbot.waitUntil(lambda: state_of(progan).model.name == "tiny", timeout=20_000)
    settle(qtbot, progan)
    budget = progan.window.budget
    progan.controller.select_part("mouth")
    pick(qtbot, progan, 3)
    assert state_of(progan).edits[0].settings.method is Method.SEQUENTIAL
    assert budget.epsilon.isVisibleTo(budget)
    assert progan.window.target_bar.psi.isEnabled()
    plain = picture(progan).copy()
    budget.method.setFocus()
    qtbot.keyClick(budget.method, Qt.Key.Key_End)
    qtbot.keyClick(budget.method, Qt.Key.Key_Up)
    settle(qtbot, progan)
    assert state_of(progan).edits[0].settings.method is Method.FEATURE_BLENDING
    assert not budget.epsilon.isVisibleTo(budget)
    assert budget.blend_to.isVisibleTo(budget)
    assert (picture(progan) != plain).any()
