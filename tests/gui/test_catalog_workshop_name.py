"""The catalog workshop's second step: pointing, naming, merging, splitting, taking back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from benches import LAYER, click, measured, name, naming, parts, place_of, press, state
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from localedit_core.catalog import measuring
from localedit_core.catalog.suggesting import suggest_merges
from localedit_core.errors import RenderCancelled
from localedit_core.models.store import MODELS_VARIABLE
from localedit_gui.app import Editor
from localedit_gui.panels.catalog_workshop import CHECK
from localedit_gui.widgets.suggestion_list import Suggested


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "library"))


def brightness(widget: QWidget, place: QPoint) -> float:
    colour = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32).pixelColor(place)
    return float(colour.red() + colour.green() + colour.blue())


def point_at(widget: QWidget, place: QPoint) -> None:
    """Move the pointer; straight to the widget, since windows lie over each other offscreen."""
    none = Qt.MouseButton.NoButton
    where = QPointF(place), QPointF(widget.mapToGlobal(place))
    modifier = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, *where, none, none, modifier))


def test_names_merge_and_can_be_taken_back(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    assert not window.steps.button(CHECK).isEnabled()
    name(window, 2, "sky")
    name(window, 0, "ground")
    name(window, 3, "sky")
    assert parts(editor) == {"sky": (2, 3), "ground": (0,)}
    assert [window.naming.tree.topLevelItem(row).text(0) for row in range(3)] == [
        "sky",
        "ground",
        "No name yet",
    ]
    assert window.steps.button(CHECK).isEnabled()
    assert window.isWindowModified()
    undo, redo = window.actions_["undo"], window.actions_["redo"]
    undo.trigger()
    assert parts(editor) == {"sky": (2,), "ground": (0,)}
    undo.trigger()
    undo.trigger()
    assert parts(editor) == {}
    assert not undo.isEnabled()
    for _ in range(3):
        redo.trigger()
    assert parts(editor) == {"sky": (2, 3), "ground": (0,)}


def test_undo_works_while_the_name_field_has_the_keys(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    name(window, 2, "sky")
    click(window, 1)
    window.activateWindow()
    qtbot.waitUntil(window.naming.name.hasFocus)
    QTest.keyClick(window.naming.name, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert parts(editor) == {}
    click(window, 1)
    QTest.keyClicks(window.naming.name, "ab")
    QTest.keyClick(window.naming.name, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.naming.name.text() != "ab"  # what was typed is taken back first


def test_several_clusters_are_named_at_once_and_parts_renamed(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    click(window, 1)
    click(window, 3, add=True)
    assert window.naming.selected == {1, 3}
    QTest.keyClicks(window.naming.name, "land")
    press(window.naming.apply)
    assert parts(editor) == {"land": (1, 3)}
    name(window, 0, "water")
    window.naming.select({1, 3})
    assert window.naming.name.text() == "land"
    window.naming.edit_name()
    QTest.keyClicks(window.naming.name, "hills")
    QTest.keyClick(window.naming.name, Qt.Key.Key_Return)
    assert list(parts(editor).items()) == [("hills", (1, 3)), ("water", (0,))]
    window.naming.select({1})
    press(window.naming.unname)
    assert parts(editor) == {"hills": (3,), "water": (0,)}


def test_a_name_that_cannot_be_is_told(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    click(window, 1)
    window.naming.name.setText("a\u200bb")
    press(window.naming.apply)
    message = window.messages.current
    assert message is not None
    assert "no name" in message.text
    assert parts(editor) == {}


def test_pointing_lights_a_cluster_up_in_all_samples(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    panel = window.naming
    qtbot.waitUntil(
        lambda: all(view.clusters() for view in panel.samples.thumbnails), timeout=10_000
    )
    place = place_of(window, 1)
    other = next(
        view
        for index, view in enumerate(panel.samples.thumbnails)
        if index != panel.samples.sample and {1, 2} <= set(view.clusters())
    )
    inside = other.cluster_position(1).toPoint()
    outside = other.cluster_position(2).toPoint()
    before = brightness(other, inside), brightness(other, outside)
    point_at(panel.canvas, place)
    assert brightness(other, outside) < 0.7 * before[1]
    assert brightness(other, inside) > 0.8 * before[0]


def test_any_sample_can_be_clicked_and_becomes_the_large_one(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    panel = window.naming
    qtbot.waitUntil(
        lambda: all(view.clusters() for view in panel.samples.thumbnails), timeout=10_000
    )
    view = panel.samples.thumbnails[5]
    cluster = view.clusters()[0]
    place = view.cluster_position(cluster).toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert panel.samples.sample == 5
    assert panel.selected == {cluster}
    # What was clicked is what the labels say of that place.
    labels = state(editor).labels[5]
    side = len(labels)
    row, column = (int(v / view.height() * side) for v in (place.y(), place.x()))
    assert labels[row, column] == cluster


def test_everything_goes_by_keys(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    panel, canvas = window.naming, window.naming.canvas
    window.activateWindow()
    qtbot.waitUntil(canvas.hasFocus)
    shown = canvas.clusters()
    for _ in range(2):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert panel.selected == {shown[1]}
    QTest.keyClicks(panel.name, "sky")
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    assert parts(editor) == {"sky": (shown[1],)}
    assert canvas.hasFocus()
    fitted = canvas.current_zoom()
    QTest.keyClick(canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.current_zoom() == pytest.approx(1.25 * fitted)
    window.actions_["next_sample"].trigger()
    assert panel.samples.sample == 1
    assert canvas.current_zoom() == pytest.approx(1.25 * fitted)  # the same place of another one
    QTest.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.current_zoom() == fitted
    colours = panel.samples.opacity.value()
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert panel.samples.opacity.value() == colours + 10
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert len(panel.selected) == 1
    window.actions_["deselect"].trigger()
    assert panel.selected == frozenset()


def test_left_and_right_are_told_apart(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    before = state(editor).labels
    name(window, 1, "both")
    click(window, 1)
    press(window.naming.sides)
    qtbot.waitUntil(lambda: state(editor).naming.clustering.n_clusters == 5, timeout=20_000)
    after, half = state(editor).labels, before.shape[2] // 2
    expected = before.copy()
    right = expected[:, :, half:]
    right[right == 1] = 4
    assert np.array_equal(after, expected)
    assert parts(editor) == {"both": (1, 4)}
    assert window.naming.selected == {1, 4}
    window.actions_["undo"].trigger()
    assert np.array_equal(state(editor).labels, before)


def test_a_cluster_is_split_and_the_others_stay(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    before = state(editor).labels
    window.naming.select({2})
    menu = window.naming.split.menu()
    menu.actions()[1].trigger()  # into 3
    qtbot.waitUntil(lambda: state(editor).naming.clustering.n_clusters == 6, timeout=20_000)
    after = state(editor).labels
    assert np.array_equal(np.where(np.isin(after, (2, 4, 5)), 2, after), before)
    assert len(np.unique(after)) == 6


def test_suggestions_say_why_and_are_taken_with_one_click(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    measured(qtbot, editor)
    panel = window.naming
    name(window, 3, "sky")
    editor.workshop.naming._rest.stop()  # suggestions of our own, so that they are known
    panel.set_suggestions((Suggested((1, 3), 0.8, 0.25), Suggested((0, 2), -0.1, 0.5)), "")
    first = panel.suggestions.rows[0]
    assert "1" in first.accept.accessibleName()
    assert "sky" in first.accept.accessibleName()
    assert "80%" in first.text.text()
    assert "25%" in first.text.text()
    press(first.accept)
    assert parts(editor) == {"sky": (1, 3)}
    editor.workshop.naming._rest.stop()
    panel.set_suggestions((Suggested((0, 2), -0.1, 0.5),), "")
    press(panel.suggestions.rows[0].accept)
    assert parts(editor) == {"sky": (1, 3), "part 1": (0, 2)}
    assert panel.selected == {0, 2}  # its stand-in name is there to be typed over


def test_suggestions_are_those_of_the_core(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor, 6)
    measured(qtbot, editor)
    present = state(editor)
    catalog = editor.workshop.naming.known(present.naming.clustering)
    assert catalog is not None
    found = suggest_merges(present.naming, catalog.contributions, present.labels)
    expected = [f"{s.adjacency:.0%}" for s in found if s.score >= 0.25 and s.adjacency > 0]
    qtbot.waitUntil(
        lambda: len(window.naming.suggestions.rows) == len(expected[:12]), timeout=10_000
    )
    for row, share in zip(window.naming.suggestions.rows, expected, strict=False):
        assert f"border {share}" in row.text.text()


def test_measuring_can_be_cancelled_and_asked_for(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object, cancelled: Callable[[], bool], **__: object) -> object:
        while not cancelled():
            time.sleep(0.005)
        raise RenderCancelled

    with monkeypatch.context() as patched:
        patched.setattr(measuring, "measure_catalog", endless)
        window = naming(qtbot, editor)
        qtbot.waitUntil(window.cancel.isVisible, timeout=10_000)
        press(window.cancel)
        qtbot.waitUntil(window.naming.measure.isVisible, timeout=10_000)
    press(window.naming.measure)
    measured(qtbot, editor)
    assert LAYER in editor.workshop.naming.known(state(editor).naming.clustering).contributions
