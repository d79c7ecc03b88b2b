"""``localedit sheet``: many pictures on one page."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from localedit_core.commands.edit import stored_latents
from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.commands.session_pipeline import open_pipeline
from localedit_core.editing.dials import dial_of
from localedit_core.editing.edit import usual_psi
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.generators.classes import first_class
from localedit_core.generators.devices import choose_device
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model, reference_to
from localedit_core.session.state import EditState
from localedit_core.session.storage import session_bytes
from localedit_core.sheets.baselines import Transfer, draw_baselines
from localedit_core.sheets.boards import (
    PlannedCell,
    budget_values,
    draw_cells,
    plan_budgets,
    plan_references,
)
from localedit_core.sheets.contact_sheet import check_sheet_path, contact_sheet, write_sheet
from localedit_core.sheets.report import draw_report, write_report
from localedit_core.sheets.transfers import matrix_sheet

CELL = 256
"""Side of a sheet's pictures, at most, unless asked for otherwise."""


def run(arguments: argparse.Namespace) -> None:
    """Draw the sheet of the kind asked for and write it."""
    check_sheet_path(arguments.out)
    if arguments.kind == "matrix":
        facts = _matrix(arguments)
    elif arguments.kind == "variations":
        facts = _variations(arguments)
    elif arguments.kind == "baselines":
        facts = _baselines(arguments)
    else:
        facts = _report(arguments)
    if arguments.json:
        print(json.dumps({"out": arguments.out, **facts}))
    else:
        print(f"wrote {arguments.out}")


def side_of(arguments: argparse.Namespace, pipeline: Pipeline) -> int:
    """The side of a board's pictures."""
    return arguments.size or min(CELL, pipeline.model.generator.resolution)


def _matrix(arguments: argparse.Namespace) -> dict[str, object]:
    pipeline, state = _matrix_session(arguments)
    parts: Sequence[str] = arguments.parts or [part.name for part in pipeline.catalog.parts]
    references = [state.picture(seed) for seed in arguments.references]
    side = side_of(arguments, pipeline)
    with progress_bar("sheet") as progress:
        sheet = matrix_sheet(pipeline, state, parts, references, side, progress=progress)
    _write(arguments, pipeline, state, sheet)
    return {"parts": list(parts), "references": list(arguments.references), "size": side}


def _matrix_session(arguments: argparse.Namespace) -> tuple[Pipeline, EditState]:
    if arguments.session is not None:
        if arguments.target is not None:
            raise LocalEditError("A session has its own target.", "Leave --target out.")
        return open_pipeline(arguments)
    if arguments.model is None or arguments.target is None:
        raise LocalEditError(
            "The matrix needs a target.", "Name a session, or --model and --target."
        )
    return _new_session(arguments, arguments.target)


def _new_session(arguments: argparse.Namespace, target: int) -> tuple[Pipeline, EditState]:
    """A session on ``model`` as the editor begins one."""
    model, catalog = open_labelled_model(arguments.model)
    place(model, choose_device(arguments.device))
    psi = usual_psi(catalog.psi, model.generator.has_styles)
    class_index = first_class(model.generator.c_dim)
    latent = Latent(target, psi, class_index=class_index)
    state = EditState(reference_to(model, catalog), latent, psi=psi, class_index=class_index)
    return Pipeline(model, catalog), state


def _variations(arguments: argparse.Namespace) -> dict[str, object]:
    pipeline, state = open_pipeline(arguments)
    edits = state.edits
    number = arguments.edit or len(edits)
    if not 1 <= number <= len(edits):
        raise LocalEditError(f"The session has {len(edits)} edits.", "Choose one of them: --edit.")
    edit = edits[number - 1]
    dial = dial_of(edit.settings.method)
    plan: tuple[PlannedCell, ...]
    if arguments.references:
        latents = [state.picture(seed) for seed in arguments.references]
        plan = plan_references(state, edit.edit_id, latents)
        varied, values = "reference", list(arguments.references)
    else:
        values = arguments.values or list(budget_values(edit.settings.method, arguments.steps))
        plan = plan_budgets(state, edit.edit_id, values)
        varied = "lambda" if dial.name == "lam" else dial.name
    side = side_of(arguments, pipeline)
    row: list[Picture] = []
    with progress_bar("sheet") as progress:
        for cell in draw_cells(pipeline, plan, side):
            row.append(cell.picture)
            progress(len(row), len(plan))
    captions = [
        f"{varied} {value}" if varied == "reference" else f"{varied} {value:.3g}"
        for value in values
    ]
    title = f"{edit.part} of {edit.reference.label}"
    _write(arguments, pipeline, state, contact_sheet([row], captions=[captions], title=title))
    return {"edit": number, "part": edit.part, "varied": varied, "values": values, "size": side}


def _baselines(arguments: argparse.Namespace) -> dict[str, object]:
    targets: Sequence[int] = arguments.targets
    references = _for_each("--references", arguments.references, len(targets))
    parts = _for_each("--parts", arguments.parts, len(targets))
    pipeline, state = _new_session(arguments, targets[0])
    transfers = [
        Transfer(state.picture(target), state.picture(reference), part)
        for target, reference, part in zip(targets, references, parts, strict=True)
    ]
    for part in parts:
        pipeline.catalog.part(part)  # a wrong name is told before anything is drawn
    side = side_of(arguments, pipeline)
    with progress_bar("sheet") as progress:
        sheet = draw_baselines(
            pipeline, state, transfers, side, guard=arguments.guard, progress=progress
        )
    write_sheet(arguments.out, sheet)
    pairs = [list(pair) for pair in zip(targets, references, strict=True)]
    return {"pairs": pairs, "parts": list(parts), "guard": arguments.guard, "size": side}


_Value = TypeVar("_Value")


def _for_each(option: str, given: Sequence[_Value], rows: int) -> Sequence[_Value]:
    """One value per row: given for each, or once for all."""
    if len(given) == 1:
        return [given[0]] * rows
    if len(given) != rows:
        raise LocalEditError(
            f"There are {rows} targets, but {len(given)} {option}.",
            "Give one for all, or one for each.",
        )
    return given


def _report(arguments: argparse.Namespace) -> dict[str, object]:
    pipeline, state = open_pipeline(arguments)
    day = arguments.date or date.today()
    page = draw_report(pipeline, state, day, arguments.title or Path(arguments.session).stem)
    write_report(arguments.out, page)
    return {"date": day.isoformat(), "edits": len(state.edits)}


def _write(
    arguments: argparse.Namespace, pipeline: Pipeline, state: EditState, sheet: Picture
) -> None:
    session = session_bytes(state, stored_latents(pipeline, state))
    write_sheet(arguments.out, sheet, session)
