"""Sheets of transfers: parts or targets x references, pair by pair, as pictures or as diff maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from localedit_core.editing.diffmap import draw_diff, draw_legend
from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Measures, Picture, RenderRequest, RenderResult
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_core.sheets.boards import (
    PlannedCell,
    draw_state,
    part_shown,
    plan_matrix,
    plan_targets,
)
from localedit_core.sheets.contact_sheet import check_sheet_size, contact_sheet, fitted

Draw = Callable[[Pipeline, EditState, int], Picture]
"""Makes a cell of a session: its picture (``draw_state``) or what it changes (``draw_change``)."""

Progress = Callable[[int, int], None]

_LEGEND_WIDTH = 512
_AROUND = 16  # pixels of paper around the legend


def matrix_sheet(
    pipeline: Pipeline,
    state: EditState,
    parts: Sequence[str],
    references: Sequence[Latent],
    side: int,
    *,
    settings: Sequence[QuerySettings] | None = None,
    draw: Draw = draw_state,
    progress: Progress | None = None,
) -> Picture:
    """Each part of each reference on one target (as the paper's Fig. 3).

    Above are the target and the references, on the left each part where it is on the target.

    Args:
        pipeline: of the session's generator and catalog.
        state: the target, with edits that stay.
        parts: their names, one row each.
        references: one column each.
        side: of a picture in pixels.
        settings: of each part's transfers; the editor's if not said otherwise.
        draw: makes the cells.
        progress: told (transfers done, transfers in all).

    Raises:
        LocalEditError: the catalog lacks a part, or the sheet would be too large.
    """
    has_styles = pipeline.model.generator.has_styles
    plan = plan_matrix(
        state, pipeline.catalog, parts, references, has_styles=has_styles, settings=settings
    )
    rows = ["", *parts]
    columns = [f"target {state.target.label}", *[latent.label for latent in references]]
    check_sheet_size(rows, columns, side)
    top: list[Picture] = [draw_state(pipeline, state, side)]
    top += [_unedited(pipeline, state, latent, side) for latent in references]
    left = [part_shown(pipeline, state, part, side) for part in parts]
    cells = _drawn(pipeline, plan, side, draw, progress)
    sheet = contact_sheet([top, *_joined(left, cells)], rows=rows, columns=columns)
    return sheet if draw is draw_state else with_legend(sheet)


def targets_sheet(
    pipeline: Pipeline,
    states: Sequence[EditState],
    part: str,
    references: Sequence[Latent],
    side: int,
    settings: QuerySettings,
    *,
    draw: Draw = draw_state,
    progress: Progress | None = None,
) -> Picture:
    """One part of each reference (column) on each target (row); see ``matrix_sheet``."""
    rows = ["", *[state.target.label for state in states]]
    columns = ["target", *[latent.label for latent in references]]
    check_sheet_size(rows, columns, side)
    plan = plan_targets(states, part, references, settings)
    top: list[Picture | None] = [None]
    top += [_unedited(pipeline, states[0], latent, side) for latent in references]
    left = [draw_state(pipeline, state, side) for state in states]
    cells = _drawn(pipeline, plan, side, draw, progress)
    title = f"{part} of the references above, on the targets at the left"
    sheet = contact_sheet([top, *_joined(left, cells)], rows=rows, columns=columns, title=title)
    return sheet if draw is draw_state else with_legend(sheet)


def pairs_sheet(
    pipeline: Pipeline, states: Sequence[EditState], side: int
) -> tuple[Picture, tuple[Measures | None, ...]]:
    """Target, reference, result and diff map of one transfer a row; and what each measures.

    Args:
        pipeline: of the sessions' generator and catalog.
        states: sessions whose topmost edit is the one to look at, all of one part.
        side: of a picture in pixels.

    Raises:
        LocalEditError: the sheet would be too large.
    """
    columns = ["target", "reference", "edited", "difference"]
    check_sheet_size(["" for _ in states], columns, side)
    rows, captions, measured = [], [], []
    for state in states:
        (edit,) = state.edits[-1:]
        last = _rendered(pipeline, state)
        assert last.original is not None  # a measured result has one
        reference = _unedited(pipeline, state, edit.reference, side)
        row = [fitted(last.original, side), reference, fitted(last.image, side)]
        rows.append([*row, _change(pipeline, last, side)])
        told = "part not there"
        if last.measures is not None:
            told = f"{last.measures.delta_e_inside:.1f} in, {last.measures.delta_e_outside:.1f} out"
        captions.append([state.target.label, edit.reference.label, "", told])
        measured.append(last.measures)
    title = f"{states[0].edits[-1].part}; below the maps: mean delta E inside and outside of it"
    sheet = contact_sheet(rows, columns=columns, captions=captions, title=title)
    return with_legend(sheet), tuple(measured)


def draw_change(pipeline: Pipeline, state: EditState, side: int) -> Picture:
    """Where a session with edits changes its target, the topmost edit's part outlined.

    Returns:
        CIE76 delta E in colours (``diffmap``), [side, side, 3].
    """
    return _change(pipeline, _rendered(pipeline, state), side)


def with_legend(sheet: Picture) -> Picture:
    """A sheet of diff maps with what their colours mean below it."""
    legend = draw_legend(min(_LEGEND_WIDTH, sheet.shape[1] - 2 * _AROUND))
    height, width, _ = legend.shape
    below = np.full((height + _AROUND, sheet.shape[1], 3), 255, np.uint8)
    below[:height, _AROUND : _AROUND + width] = legend
    return np.concatenate((sheet, below), axis=0)


def _rendered(pipeline: Pipeline, state: EditState) -> RenderResult:
    """The session rendered to its end, measured for the part of its topmost edit."""
    part = state.edits[-1].part
    request = RenderRequest(0, 0, state.target, state.edits, part, state.noise_seed)
    *_, last = pipeline.run(request)
    return last


def _change(pipeline: Pipeline, result: RenderResult, side: int) -> Picture:
    assert result.difference is not None  # a measured result has one
    assert result.request.roi_part is not None
    view = pipeline.view(result.request.target, result.request.noise_seed)
    return draw_diff(result.difference, pipeline.roi(view, result.request.roi_part), side)


def _unedited(pipeline: Pipeline, state: EditState, latent: Latent, side: int) -> Picture:
    return draw_state(pipeline, replace(state, target=latent, edits=()), side)


def _drawn(
    pipeline: Pipeline,
    plan: Sequence[PlannedCell],
    side: int,
    draw: Draw,
    progress: Progress | None,
) -> list[list[Picture]]:
    """The planned pictures, row by row."""
    rows: list[list[Picture]] = [[] for _ in range(plan[-1].row + 1)]
    for done, cell in enumerate(plan):
        rows[cell.row].append(draw(pipeline, cell.state, side))
        if progress is not None:
            progress(done + 1, len(plan))
    return rows


def _joined(left: Sequence[Picture], cells: Sequence[Sequence[Picture]]) -> list[list[Picture]]:
    return [[first, *row] for first, row in zip(left, cells, strict=True)]
