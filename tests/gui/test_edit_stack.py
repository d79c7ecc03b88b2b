"""The edit stack, by pointer and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from painted import painted
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from localedit_core.editing.edit import Edit
from localedit_core.latents import Latent
from localedit_gui.panels.edit_stack import EditStack

COLOURS = {"mouth": QColor("#009E73"), "hair": QColor("#F0E442")}
THUMBNAILS = {
    edit_id: np.full((64, 64, 3), (seed, 50, 200), np.uint8)
    for edit_id, seed in (("a", 3), ("b", 8))
}


def edits() -> tuple[Edit, ...]:
    """Lowest first."""
    return (
        Edit("a", "hair", Latent(3, 0.7)),
        Edit("b", "mouth", Latent(8, 0.7), strength=0.6),
        Edit("c", "mouth", Latent(None, 0.7, np.zeros((2, 4), np.float32))),
    )


@pytest.fixture
def stack(qtbot: QtBot) -> EditStack:
    widget = EditStack()
    qtbot.addWidget(widget)
    widget.resize(300, 260)
    widget.set_edits(edits(), THUMBNAILS, COLOURS)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def heard_by(stack: EditStack) -> list[tuple[object, ...]]:
    heard: list[tuple[object, ...]] = []
    stack.edit_picked.connect(lambda e: heard.append(("pick", e)))
    stack.mute_toggled.connect(lambda e: heard.append(("mute", e)))
    stack.delete_wanted.connect(lambda e: heard.append(("delete", e)))
    stack.duplicate_wanted.connect(lambda e: heard.append(("copy", e)))
    stack.move_wanted.connect(lambda e, index: heard.append(("move", e, index)))
    return heard


def top_to_bottom(stack: EditStack) -> list[str]:
    return sorted("abc", key=lambda e: stack.row(e).mapTo(stack, QPoint()).y())


def test_the_last_edit_is_on_top(stack: EditStack) -> None:
    assert top_to_bottom(stack) == ["c", "b", "a"]


def test_a_row_says_part_reference_and_strength(stack: EditStack) -> None:
    row = stack.row("b")
    assert row.part.text() == "mouth"
    assert "8" in row.detail.text()
    assert "60%" in row.detail.text()
    assert "stored" in stack.row("c").detail.text()
    image = painted(row)
    middle = row.thumbnail.geometry().center()
    assert image.pixelColor(middle) == QColor(8, 50, 200)
    swatch = {image.pixelColor(x, row.height() // 2).name() for x in range(3, 12)}
    assert COLOURS["mouth"].name() in swatch


def test_a_click_picks_and_the_selection_shows(stack: EditStack, qtbot: QtBot) -> None:
    heard = heard_by(stack)
    before = painted(stack.row("a"))
    qtbot.mouseClick(stack.row("a"), Qt.MouseButton.LeftButton, pos=QPoint(90, 10))
    assert heard == [("pick", "a")]
    assert painted(stack.row("a")) != before
    assert not stack.row("b").is_selected()


def test_selecting_from_code_is_silent(stack: EditStack) -> None:
    heard = heard_by(stack)
    stack.set_selected("b")
    stack.set_edits(edits()[:2], THUMBNAILS, COLOURS)
    stack.set_selected(None)
    assert heard == []


def test_eye_and_bin_ask_for_their_own_row(stack: EditStack, qtbot: QtBot) -> None:
    heard = heard_by(stack)
    stack.set_selected("a")
    qtbot.mouseClick(stack.row("b").mute, Qt.MouseButton.LeftButton)
    assert not stack.row("b").mute.isChecked()  # it is not muted before the document says so
    qtbot.mouseClick(stack.row("c").remove, Qt.MouseButton.LeftButton)
    assert heard == [("mute", "b"), ("delete", "c")]
    muted = tuple(replace(e, muted=e.edit_id == "b") for e in edits())
    stack.set_edits(muted, THUMBNAILS, COLOURS)
    assert stack.row("b").mute.isChecked()
    assert "muted" in stack.row("b").accessibleName()


def test_moving_counts_from_the_lowest_and_stops_at_the_ends(
    stack: EditStack, qtbot: QtBot
) -> None:
    heard = heard_by(stack)
    stack.set_selected("b")
    qtbot.mouseClick(stack.up, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(stack.down, Qt.MouseButton.LeftButton)
    alt = Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(stack, Qt.Key.Key_Up, alt)
    stack.set_selected("c")
    assert not stack.up.isEnabled()
    qtbot.keyClick(stack, Qt.Key.Key_Up, alt)
    qtbot.keyClick(stack, Qt.Key.Key_Down, alt)
    assert heard == [("move", "b", 2), ("move", "b", 0), ("move", "b", 2), ("move", "c", 1)]


@pytest.mark.parametrize(
    ("dragged", "onto", "below_its_middle", "index"),
    [
        ("a", "c", False, 2),
        ("a", "b", False, 1),
        ("a", "b", True, None),
        ("c", "a", True, 0),
        ("c", "a", False, 1),
        ("b", "b", False, None),
    ],
)
def test_a_row_is_dragged_to_its_place(
    stack: EditStack,
    qtbot: QtBot,
    dragged: str,
    onto: str,
    below_its_middle: bool,
    index: int | None,
) -> None:
    heard = heard_by(stack)
    row, other = stack.row(dragged), stack.row(onto)
    grip, offset = QPoint(90, 10), 18 if below_its_middle else -18
    target = row.mapFromGlobal(other.mapToGlobal(other.rect().center() + QPoint(0, offset)))
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=grip)
    for step in range(1, 5):
        qtbot.mouseMove(row, grip + (target - grip) * step / 4)
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton, pos=target)
    assert heard == [("pick", dragged)] + ([] if index is None else [("move", dragged, index)])


def test_keys_select_mute_delete_and_copy(stack: EditStack, qtbot: QtBot) -> None:
    heard = heard_by(stack)
    qtbot.keyClick(stack, Qt.Key.Key_Delete)  # nothing is selected
    stack.set_selected("c")
    qtbot.keyClick(stack, Qt.Key.Key_Down)
    qtbot.keyClick(stack, Qt.Key.Key_M)
    qtbot.keyClick(stack, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(stack, Qt.Key.Key_Delete)
    assert heard == [("pick", "b"), ("mute", "b"), ("copy", "b"), ("delete", "b")]


def test_rows_live_on_while_their_edits_change_and_move(stack: EditStack, qtbot: QtBot) -> None:
    rows = {edit_id: stack.row(edit_id) for edit_id in "abc"}
    a, b, c = edits()
    stack.set_edits((c, replace(a, strength=0.3), b), THUMBNAILS, COLOURS)
    qtbot.waitUntil(lambda: top_to_bottom(stack) == ["b", "a", "c"])
    assert {edit_id: stack.row(edit_id) for edit_id in "abc"} == rows
    assert "30%" in rows["a"].detail.text()
    stack.set_edits((c,), THUMBNAILS, COLOURS)
    with pytest.raises(KeyError):
        stack.row("a")


def test_a_thumbnail_that_is_dropped_from_the_cache_stays_on_its_row(stack: EditStack) -> None:
    row = stack.row("b")
    middle = row.thumbnail.geometry().center()
    stack.set_edits(edits(), {}, COLOURS)
    assert painted(row).pixelColor(middle) == QColor(8, 50, 200)
    changed = tuple(replace(e, reference=Latent(9, 0.7)) for e in edits())
    stack.set_edits(changed, {}, COLOURS)
    assert painted(row).pixelColor(middle) != QColor(8, 50, 200)
