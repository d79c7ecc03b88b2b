"""Boards of alternatives: part x reference (as the paper's Fig. 3), budgets, references.

A board is first a plan, which cells there are and what each renders; then its cells, one by one,
as they are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.editing.dials import dial_of
from localedit_core.editing.edit import EDITOR_GUARD, Edit, Method, QuerySettings, usual_method
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_core.sheets.contact_sheet import fitted

Cancelled = Callable[[], bool]
MATRIX_EDIT = "matrix"
"""The id of the edit that a cell of the matrix puts on top of the stack."""


@dataclass(frozen=True)
class PlannedCell:
    """A place on a board.

    Attributes:
        row, column: counted from 0.
        state: the session whose picture belongs there.
    """

    row: int
    column: int
    state: EditState


@dataclass(frozen=True, eq=False)
class Cell:
    """A place on a board with its picture, [side, side, 3]."""

    plan: PlannedCell
    picture: Picture


def part_settings(part: Part, has_styles: bool) -> QuerySettings:
    """What a transfer of a part begins with in the editor: its own budget and floor, guarded."""
    method = usual_method(has_styles)
    return QuerySettings(method, epsilon=part.epsilon, floor=part.floor, guard=EDITOR_GUARD)


def plan_matrix(
    state: EditState,
    catalog: Catalog,
    parts: Sequence[str],
    references: Sequence[Latent],
    *,
    has_styles: bool = True,
    settings: Sequence[QuerySettings] | None = None,
) -> tuple[PlannedCell, ...]:
    """One row for each part, one column for each reference: that part of it on the target.

    The session's own edits stay below the cell's; a session without edits gives the paper's Fig. 3.

    Args:
        state: the session.
        catalog: has the parts.
        parts: their names.
        references: lend them.
        has_styles: whether the generator has.
        settings: of each part's transfers; those that the editor begins with if not said otherwise.

    Raises:
        LocalEditError: the catalog lacks a part.
    """
    found = [catalog.part(name) for name in parts]
    how = [part_settings(part, has_styles) for part in found] if settings is None else settings
    return tuple(
        PlannedCell(row, column, with_transfer(state, part.name, reference, how[row]))
        for row, part in enumerate(found)
        for column, reference in enumerate(references)
    )


def plan_targets(
    states: Sequence[EditState],
    part: str,
    references: Sequence[Latent],
    settings: QuerySettings,
) -> tuple[PlannedCell, ...]:
    """One row for each session, one column for each reference: one part of it on each."""
    return tuple(
        PlannedCell(row, column, with_transfer(state, part, reference, settings))
        for row, state in enumerate(states)
        for column, reference in enumerate(references)
    )


def with_transfer(
    state: EditState, part: str, reference: Latent, settings: QuerySettings
) -> EditState:
    """The session with one transfer on top of its own edits."""
    return replace(state, edits=(*state.edits, Edit(MATRIX_EDIT, part, reference, settings)))


def budget_values(method: Method, steps: int) -> tuple[float, ...]:
    """Values of a method's dial, from nothing to its most, at steps that are felt as even."""
    dial = dial_of(method)
    return tuple(dial.at(n / max(steps - 1, 1)) for n in range(steps))


def plan_budgets(
    state: EditState, edit_id: str, values: Sequence[float]
) -> tuple[PlannedCell, ...]:
    """One row: the session with each value of one edit's dial. KeyError if it lacks the edit."""
    dial = dial_of(state.edit(edit_id).settings.method)
    return _one_row(
        state.with_edit(edit_id, partial(dial.turn, value=float(value))) for value in values
    )


def plan_references(
    state: EditState, edit_id: str, references: Sequence[Latent]
) -> tuple[PlannedCell, ...]:
    """One row: the session with each reference for one edit. KeyError if it lacks the edit."""
    state.edit(edit_id)
    return _one_row(
        state.with_edit(edit_id, partial(_of_reference, reference=other)) for other in references
    )


def _of_reference(edit: Edit, reference: Latent) -> Edit:
    return replace(edit, reference=reference)


def _one_row(states: Iterable[EditState]) -> tuple[PlannedCell, ...]:
    return tuple(PlannedCell(0, column, state) for column, state in enumerate(states))


def draw_cells(
    pipeline: Pipeline,
    plan: Sequence[PlannedCell],
    side: int,
    cancelled: Cancelled | None = None,
) -> Iterator[Cell]:
    """Draw a board's cells, one after the other.

    Args:
        pipeline: of the sessions' generator and catalog.
        plan: which.
        side: of each picture in pixels.
        cancelled: asked between cells and layers.

    Raises:
        LocalEditError: a session does not fit the generator.
        RenderCancelled: ``cancelled`` said yes.
    """
    for planned in plan:
        yield Cell(planned, draw_state(pipeline, planned.state, side, cancelled))


def draw_state(
    pipeline: Pipeline, state: EditState, side: int, cancelled: Cancelled | None = None
) -> Picture:
    """The picture of a session at ``side`` px, [side, side, 3].

    It is the full picture, scaled; where the generator is larger and makes small pictures sooner,
    it is the smallest of those that suffices.
    """
    generator = pipeline.model.generator
    size = generator.resolution
    if generator.has_previews:
        size = min(size, max(4, 2 ** (side - 1).bit_length()))
    request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
    return fitted(pipeline.picture(request, size, cancelled), side)


def part_shown(pipeline: Pipeline, state: EditState, part: str, side: int) -> Picture:
    """The unedited target in which everything but a part is pale and grey, [side, side, 3]."""
    view = pipeline.view(state.target, state.noise_seed)
    roi = pipeline.roi(view, part)[..., None]  # [R, R, 1]
    grey = view.image.mean(axis=2, keepdims=True)  # [R, R, 1]
    pale = np.broadcast_to(170.0 + grey / 3.0, view.image.shape)  # [R, R, 3]
    shown = np.where(roi, view.image, np.round(pale)).astype(np.uint8)
    return fitted(shown, side)
