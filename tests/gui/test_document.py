"""The document: each action is one step, a drag too, and undo goes all the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import fake_state
from hypothesis import given
from hypothesis import strategies as st

from localedit_core.editing.edit import QuerySettings
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui import commands
from localedit_gui.document import EditDocument

SETTINGS = QuerySettings()


@pytest.fixture
def document(qapp: object) -> EditDocument:
    document = EditDocument()
    document.open(fake_state())
    return document


def state_of(document: EditDocument) -> EditState:
    assert document.state is not None
    return document.state


def add(document: EditDocument, part: str = "mouth", seed: int = 5) -> str:
    edit_id = document.transfer(part, Latent(seed, 0.7), SETTINGS, None)
    assert edit_id is not None
    return edit_id


ACTIONS: dict[str, Callable[[EditDocument, str], object]] = {
    "target": lambda d, e: d.set_target(Latent(77, 0.7)),
    "truncation": lambda d, e: d.set_psi(0.3, final=True),
    "transfer": lambda d, e: d.transfer("hair", Latent(9, 0.7), SETTINGS, None),
    "replace": lambda d, e: d.transfer("mouth", Latent(9, 0.7), SETTINGS, None),
    "settings": lambda d, e: d.change_edit(e, QuerySettings(epsilon=3), 0.5, final=True),
    "mute": lambda d, e: d.toggle_mute(e),
    "delete": lambda d, e: d.delete_edit(e),
    "move": lambda d, e: d.move_edit(e, 1),
    "duplicate": lambda d, e: d.duplicate_edit(e),
    "favourite": lambda d, e: d.toggle_favourite(12),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_is_one_step_that_undo_takes_back(document: EditDocument, name: str) -> None:
    edit_id = add(document)
    add(document, "eyes")
    before, count = state_of(document), document.undo_stack.count()
    ACTIONS[name](document, edit_id)
    after = state_of(document)
    assert after != before
    assert document.undo_stack.count() == count + 1
    assert document.undo_stack.undoText()
    document.undo_stack.undo()
    assert state_of(document) == before
    document.undo_stack.redo()
    assert state_of(document) == after


@given(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=15))
def test_undo_goes_back_to_the_beginning_from_anywhere(qapp: object, names: list[str]) -> None:
    document = EditDocument()
    document.open(fake_state())
    seen = [state_of(document)]
    document.state_changed.connect(lambda state: seen.append(state))
    edit_id = add(document)
    for name in names:
        ACTIONS[name](document, edit_id)
    forward = list(seen)
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert seen[len(forward) :] == forward[-2::-1]
    assert state_of(document) == fake_state()


def test_a_whole_drag_is_one_step(document: EditDocument) -> None:
    edit_id = add(document)
    count = document.undo_stack.count()
    for tick in range(50):
        document.change_edit(edit_id, QuerySettings(epsilon=float(tick)), 1.0, final=False)
    document.change_edit(edit_id, QuerySettings(epsilon=49.5), 1.0, final=True)
    assert document.undo_stack.count() == count + 1
    document.change_edit(edit_id, QuerySettings(epsilon=7), 1.0, final=True)
    assert document.undo_stack.count() == count + 2
    document.undo_stack.undo()
    assert state_of(document).edit(edit_id).settings.epsilon == 49.5
    document.undo_stack.undo()
    assert state_of(document).edit(edit_id).settings == SETTINGS


def test_a_drag_back_to_its_start_leaves_no_step(document: EditDocument) -> None:
    edit_id = add(document)
    count = document.undo_stack.count()
    for epsilon in (21.0, 40.0, 20.0):
        document.change_edit(edit_id, QuerySettings(epsilon=epsilon), 1.0, final=False)
    document.change_edit(edit_id, QuerySettings(), 1.0, final=True)
    assert document.undo_stack.count() == count
    assert state_of(document).edit(edit_id).settings == SETTINGS


def test_a_drag_of_another_edit_is_another_step(document: EditDocument) -> None:
    first, second = add(document, "mouth"), add(document, "eyes")
    count = document.undo_stack.count()
    document.change_edit(first, QuerySettings(epsilon=1), 1.0, final=False)
    document.change_edit(second, QuerySettings(epsilon=1), 1.0, final=False)
    assert document.undo_stack.count() == count + 2


def test_truncation_redraws_target_and_references(document: EditDocument) -> None:
    edit_id = add(document)
    for psi in (0.6, 0.5, 0.4):
        document.set_psi(psi, final=psi == 0.4)
    state = state_of(document)
    assert state.psi == state.target.psi == state.edit(edit_id).reference.psi == 0.4
    document.undo_stack.undo()
    assert state_of(document).target == Latent(1, 0.7)


def test_a_transfer_replaces_the_unmuted_edit_of_its_part(document: EditDocument) -> None:
    first = add(document, "mouth", 5)
    add(document, "eyes", 6)
    assert add(document, "mouth", 7) == first
    assert [(e.part, e.reference.seed) for e in state_of(document).edits] == [
        ("mouth", 7),
        ("eyes", 6),
    ]
    document.toggle_mute(first)
    third = add(document, "mouth", 8)
    assert third not in (first, "")
    assert [(e.part, e.reference.seed, e.muted) for e in state_of(document).edits] == [
        ("mouth", 7, True),
        ("eyes", 6, False),
        ("mouth", 8, False),
    ]


def test_among_edits_of_one_part_the_selected_one_is_replaced(document: EditDocument) -> None:
    first = add(document)
    second = document.duplicate_edit(first)
    assert second is not None
    document.transfer("mouth", Latent(30, 0.7), SETTINGS, first)
    document.transfer("mouth", Latent(40, 0.7), SETTINGS, None)
    assert state_of(document).edit(first).reference.seed == 30
    assert state_of(document).edit(second).reference.seed == 40  # the topmost


def test_edits_move_within_the_stack(document: EditDocument) -> None:
    ids = [add(document, part) for part in ("mouth", "eyes", "hair")]
    document.move_edit(ids[0], 2)
    assert [e.edit_id for e in state_of(document).edits] == [ids[1], ids[2], ids[0]]
    document.move_edit(ids[0], 0)
    assert [e.edit_id for e in state_of(document).edits] == ids


def test_ids_stay_unique_after_deletions() -> None:
    state, first = commands.with_transfer(fake_state(), "mouth", Latent(2, 0.7), SETTINGS)
    state, second = commands.with_transfer(state, "eyes", Latent(2, 0.7), SETTINGS)
    state = commands.without_edit(state, first)
    state, third = commands.with_transfer(state, "hair", Latent(2, 0.7), SETTINGS)
    assert len({first, second, third}) == 3


def test_actions_on_an_edit_that_is_gone_do_nothing(document: EditDocument) -> None:
    before = state_of(document)
    document.toggle_mute("e99")
    document.delete_edit("e99")
    document.move_edit("e99", 0)
    document.change_edit("e99", SETTINGS, 1.0, final=True)
    assert document.duplicate_edit("e99") is None
    assert state_of(document) == before
    assert document.undo_stack.count() == 0


def test_modified_follows_saving_undo_and_redo(document: EditDocument, tmp_path: Path) -> None:
    told: list[bool] = []
    document.modified_changed.connect(told.append)
    assert not document.modified
    add(document)
    assert document.modified
    document.saved(state_of(document), tmp_path / "a.localedit")
    assert not document.modified
    assert document.name == "a"
    document.undo_stack.undo()
    assert document.modified
    document.undo_stack.redo()
    assert not document.modified
    assert told == [True, False, True, False]


def test_what_changed_while_saving_stays_unsaved(document: EditDocument, tmp_path: Path) -> None:
    add(document)
    written = state_of(document)
    document.toggle_favourite(4)
    document.saved(written, tmp_path / "a.localedit")
    assert document.modified


def test_recovered_work_counts_as_unsaved(document: EditDocument) -> None:
    document.open(replace(fake_state(), favourites=(3,)), modified=True, name="portrait")
    assert document.modified
    assert document.name == "portrait"
    assert not document.undo_stack.canUndo()


def test_sheets_have_their_own_state_history_and_file(document: EditDocument) -> None:
    first = document.sheet
    add(document)
    left = state_of(document)
    second = document.new_sheet()
    document.turn_to(second)
    assert document.state is None
    document.open(fake_state(8), Path("b.localedit"))
    assert (document.name, document.modified) == ("b", False)
    document.history.undo()  # there is nothing to take back here
    assert state_of(document) == fake_state(8)
    opened: list[EditState] = []
    modified: list[bool] = []
    document.opened.connect(opened.append)
    document.modified_changed.connect(modified.append)
    document.turn_to(first)
    assert opened == [left]
    assert modified[-1] is True
    assert (document.name, state_of(document)) == ("Untitled", left)
    document.history.undo()
    assert state_of(document) == fake_state()
    assert second.state == fake_state(8)


def test_what_is_saved_late_counts_for_its_own_sheet(document: EditDocument) -> None:
    first = document.sheet
    add(document)
    left = state_of(document)
    document.turn_to(document.new_sheet())
    document.open(fake_state(8))
    document.set_target(Latent(9, 0.7))
    document.saved(left, Path("a.localedit"), first)
    assert document.path is None
    assert document.modified
    assert not first.modified
    document.turn_to(first)
    assert (document.name, document.modified) == ("a", False)


def test_a_drag_does_not_go_on_after_another_sheet_was_there(document: EditDocument) -> None:
    first = document.sheet
    document.set_psi(0.5, final=False)
    document.turn_to(document.new_sheet())
    document.turn_to(first)
    document.set_psi(0.4, final=False)
    assert document.undo_stack.count() == 2
