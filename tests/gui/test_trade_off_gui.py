"""Budgets found for limits, and the curve with its dot, through the widgets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from choosing import work
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.editing.difference import PictureChange, squared_error
from localedit_core.editing.edit import Edit
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Leak, Measures, RenderRequest
from localedit_core.library import open_labelled_model
from localedit_gui.app import Editor
from localedit_gui.widgets.measures_view import MeasuresView

LEFT = Qt.MouseButton.LeftButton


def _edit(editor: Editor) -> Edit:
    (edit,) = state_of(editor).edits
    return edit


def _changed(model_file: Path, editor: Editor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Target, edited picture and where the part is, rendered apart from the editor."""
    pipeline = Pipeline(*open_labelled_model(model_file))
    state = state_of(editor)
    *_, last = pipeline.run(RenderRequest(1, 1, state.target, state.edits))
    roi = pipeline.roi(pipeline.view(state.target), _edit(editor).part)
    assert last.original is not None
    return last.original, last.image, roi


def test_find_budget_keeps_the_change_outside_within_the_limit(
    qtbot: QtBot, editor: Editor, model_file: Path
) -> None:
    work(editor, 5)
    settle(qtbot, editor)
    panel = editor.window.budget
    qtbot.mouseDClick(panel.guard.spin, LEFT)
    panel.guard.spin.lineEdit().selectAll()
    qtbot.keyClicks(panel.guard.spin, "0")
    qtbot.keyClick(panel.guard.spin, Qt.Key.Key_Return)
    panel.auto.limit.lineEdit().selectAll()
    qtbot.keyClicks(panel.auto.limit, "1.5")
    qtbot.keyClick(panel.auto.limit, Qt.Key.Key_Return)
    before = _edit(editor).settings.epsilon
    qtbot.mouseClick(panel.auto.button, LEFT)
    qtbot.waitUntil(lambda: _edit(editor).settings.epsilon != before, timeout=20_000)
    settle(qtbot, editor)
    target, edited, roi = _changed(model_file, editor)
    assert 0.0 < PictureChange.between(target, edited).delta_e()[~roi].mean() <= 1.5
    assert panel.epsilon.value() == pytest.approx(_edit(editor).settings.epsilon)
    editor.window.actions_["undo"].trigger()  # it was one step
    assert _edit(editor).settings.epsilon == before


def test_the_dot_is_where_the_slider_stands(qtbot: QtBot, editor: Editor, model_file: Path) -> None:
    work(editor, 5)
    settle(qtbot, editor)
    plot = editor.window.budget.trade_off
    qtbot.waitUntil(lambda: len(plot.points) > 5, timeout=20_000)
    values = [point.value for point in plot.points]
    assert values == sorted(values)
    panel = editor.window.budget
    panel.epsilon.spin.lineEdit().selectAll()
    qtbot.keyClicks(panel.epsilon.spin, f"{values[4]:.1f}")
    qtbot.keyClick(panel.epsilon.spin, Qt.Key.Key_Return)
    settle(qtbot, editor)
    assert plot.here is not None
    target, edited, roi = _changed(model_file, editor)
    error = squared_error(target, edited)
    # A budget of one decimal is not quite the measured one.
    assert plot.here[0] == pytest.approx(error[roi].mean(dtype=np.float64), rel=0.05)
    axis = plot.findChild(pg.PlotWidget).getAxis("bottom")
    assert axis.autoSIPrefixScale == 1.0  # the numbers on it are In-MSE, not thousandths
    assert plot.here[1] == pytest.approx(error[~roi].mean(dtype=np.float64), rel=0.05, abs=1e-5)


def test_without_an_edit_there_is_no_curve(qtbot: QtBot, editor: Editor) -> None:
    work(editor, 5)
    settle(qtbot, editor)
    plot = editor.window.budget.trade_off
    qtbot.waitUntil(lambda: len(plot.points) > 5, timeout=20_000)
    editor.window.actions_["delete"].trigger()
    assert plot.points == ()
    assert plot.here is None


@pytest.mark.parametrize(("delta", "loud"), [(1.0, False), (4.0, True)])
def test_the_part_that_leaks_is_named(qtbot: QtBot, delta: float, loud: bool) -> None:
    view = MeasuresView()
    qtbot.addWidget(view)
    view.show()
    view.show_measures(Measures(1, 1, 1, 1, 1, {}, {}, Leak("neck", delta)))
    assert "neck" in view.leak.text()
    assert f"{delta:.1f}" in view.leak.text()
    assert view.leak.font().bold() is loud
    view.show_measures(None)
    assert not view.leak.isVisible()
