"""Ten thousand references under the pointer: only what is seen is drawn, and memory has an end."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from localedit_gui.app import Editor
from localedit_gui.rendering.worker import Thumbnail
from localedit_gui.widgets.seed_model import SeedModel

_AHEAD = 2  # lines


def bar_of(editor: Editor) -> QScrollBar:
    return editor.window.gallery.view.verticalScrollBar()


def per_line(editor: Editor) -> int:
    view = editor.window.gallery.view
    return view.viewport().width() // view.gridSize().width()


def in_sight(editor: Editor) -> list[int]:
    """The seeds whose cells touch the viewport, by asking each one near the top."""
    view = editor.window.gallery.view
    model, inside = view.model(), view.viewport().rect()
    rows = [
        row
        for row in range(model.rowCount())
        if view.visualRect(model.index(row, 0)).intersects(inside)
    ]
    return [int(model.index(row, 0).data()) for row in rows]


def filled(qtbot: QtBot, editor: Editor) -> list[int]:
    """Wait until all that is in sight, and what is a little ahead, has its picture."""
    seeds = in_sight(editor)
    ahead = range(seeds[-1] + 1, seeds[-1] + 1 + _AHEAD * per_line(editor))
    model = editor.window.gallery.view.model()
    assert isinstance(model, SeedModel)
    qtbot.waitUntil(lambda: all(map(model.has_thumbnail, (*seeds, *ahead))), timeout=20_000)
    return [*seeds, *ahead]


def scroll_to(editor: Editor, value: int) -> None:
    """By many small steps, as a wheel does it, without a rest."""
    bar = bar_of(editor)
    for step in range(bar.value(), value, 400):
        bar.setValue(step)
    bar.setValue(value)


def test_scrolling_past_draws_nothing(qtbot: QtBot, editor: Editor) -> None:
    filled(qtbot, editor)
    drawn: list[int] = []

    def note(thumbnail: Thumbnail) -> None:
        assert thumbnail.latent.seed is not None
        drawn.append(thumbnail.latent.seed)

    editor.worker.thumbnail_ready.connect(note)
    scroll_to(editor, bar_of(editor).maximum() // 2)
    wanted = filled(qtbot, editor)
    assert wanted[0] > 3000
    qtbot.waitUntil(lambda: len(drawn) >= len(wanted))
    assert drawn == wanted  # what is seen comes first


def test_what_was_looked_at_last_is_kept_and_the_rest_drawn_again(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = filled(qtbot, editor)
    shown = len(first)
    monkeypatch.setattr("localedit_gui.gallery_controller._KEPT", 2 * shown)
    monkeypatch.setattr("localedit_gui.widgets.seed_model._THUMBNAILS_KEPT", 2 * shown)
    drawn: list[int | None] = []
    editor.worker.thumbnail_ready.connect(lambda made: drawn.append(made.latent.seed))
    bar, page = bar_of(editor), bar_of(editor).pageStep()
    for turn in range(1, 7):
        scroll_to(editor, turn * 5 * page)
        last = filled(qtbot, editor)
    model = editor.window.gallery.view.model()
    assert isinstance(model, SeedModel)
    assert shown <= sum(map(model.has_thumbnail, range(10_000))) <= 2 * shown
    qtbot.waitUntil(lambda: {*last} <= {*drawn})  # the view hears of a thumbnail first
    drawn.clear()
    editor.window.gallery.clear_thumbnails()  # the view's own; it asks anew
    assert filled(qtbot, editor) == last
    assert not drawn  # they were still there
    bar.setValue(0)
    assert filled(qtbot, editor) == first
    qtbot.waitUntil(lambda: len(drawn) >= len(first))
    assert drawn == first  # long gone
