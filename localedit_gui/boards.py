"""What a board of alternatives shows: for each cell the state that taking it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QCoreApplication

from localedit_core.editing.dials import dial_of
from localedit_core.editing.edit import QuerySettings
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui import commands

BUDGET_STEPS = 9
"""Values of a dial on a board of budgets."""


class BoardKind(Enum):
    """What is varied."""

    MATRIX = "matrix"
    BUDGETS = "budgets"
    REFERENCES = "references"


@dataclass(frozen=True)
class BoardCell:
    """A picture on a board.

    Attributes:
        state: the session whose picture it is, and which taking it makes.
        text: what taking it is called in the history.
        caption: below it; empty where the headings say all.
        edit_id: the edit that it is about.
        now: whether the session is like this already.
    """

    state: EditState
    text: str
    caption: str
    edit_id: str
    now: bool = False


@dataclass(frozen=True)
class Board:
    """Rows and columns of alternatives.

    Attributes:
        title: what it shows.
        rows: a heading for each row; empty for a single row.
        columns: a heading for each column; empty where captions say all.
        column_states: the sessions whose pictures stand above the columns; may be empty.
        cells: [rows][columns].
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    column_states: tuple[EditState, ...]
    cells: tuple[tuple[BoardCell, ...], ...]


def matrix_board(
    state: EditState,
    parts: Sequence[str],
    references: Sequence[Latent],
    first_settings: Callable[[str], QuerySettings],
) -> Board:
    """Each part of each reference on the session's picture, as in the paper's Fig. 3.

    Args:
        state: the session; its own edits of a part make way for the cell's, the others stay.
        parts: one row each.
        references: one column each.
        first_settings: what a new transfer of a part begins with.
    """
    rows = []
    for part in parts:
        old = commands.transfer_target(state, part, None)
        row = []
        for reference in references:
            after, edit_id = commands.with_transfer(state, part, reference, first_settings(part))
            text = _tr("Transfer of {part} from {name}").format(part=part, name=reference.label)
            now = old is not None and old.reference == reference
            row.append(BoardCell(after, text, "", edit_id, now))
        rows.append(tuple(row))
    return Board(
        _tr("Parts of references on target {name}").format(name=state.target.label),
        tuple(parts),
        tuple(reference.label for reference in references),
        tuple(replace(state, target=reference, edits=()) for reference in references),
        tuple(rows),
    )


def budgets_board(state: EditState, edit_id: str) -> Board:
    """One edit at several values of its method's dial, from nothing to the most.

    Raises:
        KeyError: the session has no such edit.
    """
    from localedit_core.sheets.boards import budget_values, plan_budgets

    edit = state.edit(edit_id)
    dial = dial_of(edit.settings.method)
    name = {"epsilon": _tr("budget {value:.3g}"), "lam": _tr("lambda {value:.3g}")}.get(
        dial.name, _tr("strength {value:.3g}")
    )
    values = budget_values(edit.settings.method, BUDGET_STEPS)
    cells = []
    for value, planned in zip(values, plan_budgets(state, edit_id, values), strict=True):
        caption = name.format(value=value)
        text = _tr("{part}: {what}").format(part=edit.part, what=caption)
        now = planned.state == state
        cells.append(BoardCell(planned.state, text, caption, edit_id, now))
    title = _tr("{part} from {name}, more and more").format(
        part=edit.part, name=edit.reference.label
    )
    return Board(title, (), (), (), (tuple(cells),))


def references_board(state: EditState, edit_id: str, references: Sequence[Latent]) -> Board:
    """One edit with several references.

    Raises:
        KeyError: the session has no such edit.
    """
    from localedit_core.sheets.boards import plan_references

    edit = state.edit(edit_id)
    cells = []
    plan = plan_references(state, edit_id, references)
    for reference, planned in zip(references, plan, strict=True):
        text = _tr("Transfer of {part} from {name}").format(part=edit.part, name=reference.label)
        now = planned.state == state
        cells.append(BoardCell(planned.state, text, reference.label, edit_id, now))
    title = _tr("{part} from other references").format(part=edit.part)
    return Board(title, (), (), (), (tuple(cells),))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Boards", text)
