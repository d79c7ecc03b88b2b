"""References from subtle to bold and like one another, through gallery, menu and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.query import solve
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model
from localedit_gui.app import Editor
from localedit_gui.widgets.order_box import Order

SAMPLE = 300


@pytest.fixture(name="pipeline")
def _pipeline(model_file: Path) -> Pipeline:
    return Pipeline(*open_labelled_model(model_file))


def shown(editor: Editor) -> list[int]:
    model = editor.window.gallery.view.model()
    return [int(model.index(row, 0).data()) for row in range(model.rowCount())]


def expected(pipeline: Pipeline, part: str, anchor: Latent, psi: float) -> np.ndarray:
    """Distances of the first seeds, by plain loops over layers, one picture at a time."""
    catalog: Catalog = pipeline.catalog
    info = catalog.part(part)
    contribution = catalog.contribution(part)
    layers = pipeline.model.generator.layers
    query = solve(contribution, QuerySettings(epsilon=info.epsilon, floor=info.floor), layers)
    styles = [pipeline.styles(Latent(seed, psi)) for seed in range(SAMPLE)]
    own = pipeline.styles(anchor)
    total = np.zeros(SAMPLE)
    for layer in layers:
        values = np.concatenate([s[layer.name].double().numpy() for s in styles])  # [SAMPLE, C]
        spread = values[:256].var(axis=0).mean()
        weights = query[layer.name] ** 2 * contribution[layer.name]
        move = values - own[layer.name].double().numpy()
        total += (weights * move**2).sum(axis=1) / spread
    return total


def among_sample(seeds: list[int]) -> list[int]:
    return [seed for seed in seeds if seed < SAMPLE]


def choose(qtbot: QtBot, editor: Editor, order: Order) -> None:
    """Choose in the box, by keys, and wait until all are in order."""
    box = editor.window.gallery.order
    box.setFocus()
    rows = {Order.NUMBER: 0, Order.SUBTLE: 1, Order.BOLD: 2}
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(rows[order]):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.order() is order
    ordered(qtbot, editor)


def ordered(qtbot: QtBot, editor: Editor) -> None:
    qtbot.waitUntil(
        lambda: not editor.composing.order.busy and not editor.window.gallery.progress.text(),
        timeout=20_000,
    )


def test_subtle_to_bold_and_back(qtbot: QtBot, editor: Editor, pipeline: Pipeline) -> None:
    editor.controller.select_part("mouth")
    settle(qtbot, editor)
    choose(qtbot, editor, Order.SUBTLE)
    seeds, state = shown(editor), state_of(editor)
    assert sorted(seeds) == list(range(10_000))
    distances = expected(pipeline, "mouth", state.target, state.psi)
    assert among_sample(seeds) == list(np.argsort(distances, kind="stable"))
    assert seeds[0] == state.target.seed  # nothing is nearer than itself
    choose(qtbot, editor, Order.BOLD)
    assert among_sample(shown(editor)) == list(np.argsort(-distances, kind="stable"))
    choose(qtbot, editor, Order.NUMBER)
    assert shown(editor) == list(range(10_000))


def test_it_follows_part_and_target_once_they_rest(
    qtbot: QtBot, editor: Editor, pipeline: Pipeline
) -> None:
    editor.controller.select_part("mouth")
    choose(qtbot, editor, Order.SUBTLE)
    for seed in (5, 6, 7, 8):
        editor.controller.set_target(seed)
    assert editor.composing.order.busy
    ordered(qtbot, editor)
    psi = state_of(editor).psi
    found = np.argsort(expected(pipeline, "mouth", Latent(8, psi), psi), kind="stable")
    assert among_sample(shown(editor)) == list(found)
    QTest.keyClick(editor.window, Qt.Key.Key_1)  # the eyes
    ordered(qtbot, editor)
    found = np.argsort(expected(pipeline, "eyes", Latent(8, psi), psi), kind="stable")
    assert among_sample(shown(editor)) == list(found)


def test_without_a_part_it_asks_for_one_and_begins_with_it(qtbot: QtBot, editor: Editor) -> None:
    editor.window.actions_["order_subtle"].trigger()
    assert "Click a part first" in editor.window.hint.text()
    assert editor.window.gallery.order.order() is Order.SUBTLE
    assert shown(editor) == list(range(10_000))
    editor.controller.select_part("nose")
    ordered(qtbot, editor)
    assert shown(editor) != list(range(10_000))


def choose_entry(editor: Editor, seed: int, text: str) -> None:
    """Take an entry of a thumbnail's menu."""
    gallery = editor.window.gallery
    gallery.view.customContextMenuRequested.emit(gallery.seed_position(seed))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (found,) = [action for action in menu.actions() if action.text() == text]
    found.trigger()
    menu.close()
    editor.window.activateWindow()  # a window manager would give it the keys back


def test_more_like_this(qtbot: QtBot, editor: Editor, pipeline: Pipeline) -> None:
    editor.controller.select_part("eyes")
    choose_entry(editor, 3, "More like this")
    ordered(qtbot, editor)
    psi = state_of(editor).psi
    found = np.argsort(expected(pipeline, "eyes", Latent(3, psi), psi), kind="stable")
    assert among_sample(shown(editor)) == list(found)
    assert shown(editor)[0] == 3
    assert editor.window.gallery.order.currentText() == "Like 3"
    second = shown(editor)[1]
    view = editor.window.gallery.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 0))
    QTest.keyClick(view, Qt.Key.Key_L)
    ordered(qtbot, editor)
    assert shown(editor)[0] == second
    choose(qtbot, editor, Order.NUMBER)
    assert editor.window.gallery.order.count() == 3  # nothing to be like any more


def test_favourites_follow_the_order(qtbot: QtBot, editor: Editor, pipeline: Pipeline) -> None:
    for seed in (9, 4, 30):
        editor.document.toggle_favourite(seed)
    editor.controller.select_part("mouth")
    choose(qtbot, editor, Order.BOLD)
    editor.window.gallery.only_favourites.setChecked(True)
    state = state_of(editor)
    distances = expected(pipeline, "mouth", state.target, state.psi)
    assert shown(editor) == sorted((9, 4, 30), key=lambda seed: -distances[seed])
    editor.document.toggle_favourite(4)
    assert set(shown(editor)) == {9, 30}


def test_go_to_seed_by_keys(qtbot: QtBot, editor: Editor) -> None:
    editor.window.actions_["go_to_seed"].trigger()
    assert editor.window.gallery.jump.hasFocus()
    QTest.keyClicks(editor.window.gallery.jump, "7777")
    QTest.keyClick(editor.window.gallery.jump, Qt.Key.Key_Return)
    assert editor.window.gallery.position()[0] in range(7700, 7778)
