"""``localedit evaluate grid`` and ``evaluate diffs``: sheets of transfers, their pages in a folder.

They are the paper's figures 3, 4, 6, 15, 17 and 19, and its diff maps 13, 14, 16, 18 and 20, in
kind.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from localedit_core.catalog.fitting import series_of
from localedit_core.commands.figure_pages import CELL, write_pages
from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.commands.study import Study, open_study, transfer_settings
from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Measures, Picture
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.pairs import seed_pairs
from localedit_core.generators.devices import choose_device
from localedit_core.latents import Latent
from localedit_core.library import reference_to
from localedit_core.session.state import EditState
from localedit_core.sheets.boards import draw_state, with_transfer
from localedit_core.sheets.transfers import draw_change, matrix_sheet, pairs_sheet, targets_sheet

PAIRS_A_PAGE = 6
_MEASURES = ("in_mse", "out_mse", "roir", "delta_e_inside", "delta_e_outside")


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is drawn.

    Attributes:
        pipeline: with what.
        states: the targets, unedited.
        references: what lends its parts.
        parts: their names, with the settings of their transfers.
        side: of a picture in pixels.
    """

    pipeline: Pipeline
    states: tuple[EditState, ...]
    references: tuple[Latent, ...]
    parts: dict[str, QuerySettings]
    side: int


def run(arguments: argparse.Namespace) -> None:
    """Draw the pages, write them as PNG and PDF, print what is on them."""
    study = open_study(arguments)
    assert study.out is not None  # required of these commands
    place(study.model, choose_device(arguments.device))
    plan = _planned(arguments, study)
    measured: list[dict[str, Any]] = []
    if arguments.by == "pair":
        drawn = _pair_pages(plan, measured)
    else:
        drawn = _grid_pages(plan, arguments.figure, arguments.by)
    pages: dict[str, Picture] = {}
    with progress_bar(arguments.figure, "page") as progress:
        for name, total, page in drawn:
            pages[name] = page
            progress(len(pages), total)
    description = "Transfers between generated pictures, no photographs."
    written = write_pages(study.out, arguments.figure, pages, description)
    pdf = study.out / f"{arguments.figure}.pdf"
    if arguments.json:
        facts: dict[str, Any] = {
            "targets": [state.target.seed for state in plan.states],
            "references": [reference.seed for reference in plan.references],
            "parts": list(plan.parts),
            "size": plan.side,
            "pages": {name: str(path) for name, path in written.items()},
            "pdf": str(pdf),
        }
        print(json.dumps(facts | ({"pairs": measured} if measured else {})))
        return
    pages_in_all = "1 page" if len(written) == 1 else f"{len(written)} pages"
    print(f"wrote {pdf} ({pages_in_all}), and a PNG of each beside it")


def _planned(arguments: argparse.Namespace, study: Study) -> _Plan:
    """Targets and references: those named, else of the pairs from the first seed on."""
    drawn = seed_pairs(arguments.pairs, study.first_seed)
    targets = arguments.targets or [target for target, _ in drawn]
    references = arguments.references or [reference for _, reference in drawn]
    if arguments.by == "pair" and len(targets) != len(references):
        raise LocalEditError(
            f"{len(targets)} targets and {len(references)} references make no pairs.",
            "Name as many --references as --targets, or draw grids: --by target, --by part.",
        )
    # One class for all, where there are classes: the first target's.
    class_index = series_of(study.model.generator, study.catalog.clustering).class_of(targets[0])

    def latents(seeds: Sequence[int]) -> tuple[Latent, ...]:
        return tuple(Latent(seed, study.psi, class_index=class_index) for seed in seeds)

    model = reference_to(study.model, study.catalog)
    settings = transfer_settings(study, arguments)
    return _Plan(
        Pipeline(study.model, study.catalog),
        tuple(EditState(model, target, psi=study.psi) for target in latents(targets)),
        latents(references),
        dict(zip(study.parts, settings, strict=True)),
        arguments.size or min(CELL, study.model.generator.resolution),
    )


def _grid_pages(plan: _Plan, figure: str, by: str) -> Iterator[tuple[str, int, Picture]]:
    """A page for each target, with a row for each part; or for each part, with its targets.

    Yields:
        The page's name, how many there are in all, the page.
    """
    pipeline, references, side = plan.pipeline, plan.references, plan.side
    draw = draw_state if figure == "grid" else draw_change
    if by == "target":
        parts, settings = list(plan.parts), list(plan.parts.values())
        for state in plan.states:
            page = matrix_sheet(
                pipeline, state, parts, references, side, settings=settings, draw=draw
            )
            yield f"target {state.target.label}", len(plan.states), page
        return
    for part, how in plan.parts.items():
        page = targets_sheet(pipeline, plan.states, part, references, side, how, draw=draw)
        yield part, len(plan.parts), page


def _pair_pages(plan: _Plan, measured: list[dict[str, Any]]) -> Iterator[tuple[str, int, Picture]]:
    """Pages of a few pairs for each part, as in ``_grid_pages``; adds what each pair measures."""
    pages_each = -(-len(plan.states) // PAIRS_A_PAGE)
    for part, how in plan.parts.items():
        edited = [
            with_transfer(state, part, reference, how)
            for state, reference in zip(plan.states, plan.references, strict=True)
        ]
        for number in range(pages_each):
            shown = edited[number * PAIRS_A_PAGE : (number + 1) * PAIRS_A_PAGE]
            page, found = pairs_sheet(plan.pipeline, shown, plan.side)
            for state, measures in zip(shown, found, strict=True):
                measured.append(_told(part, state, measures))
            name = part if pages_each == 1 else f"{part} {number + 1}"
            yield name, pages_each * len(plan.parts), page


def _told(part: str, state: EditState, measures: Measures | None) -> dict[str, Any]:
    seeds = {"target": state.target.seed, "reference": state.edits[-1].reference.seed}
    return {"part": part, **seeds} | {key: getattr(measures, key, None) for key in _MEASURES}
