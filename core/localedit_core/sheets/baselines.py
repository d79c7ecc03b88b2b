"""The paper's Fig. 5: the same transfers by feature blending, Poisson blending and our query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from localedit_core.catalog.catalog import Part
from localedit_core.catalog.sampling import Progress
from localedit_core.editing.edit import BLEND_SIDES, Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_core.sheets.boards import draw_state
from localedit_core.sheets.contact_sheet import contact_sheet

_EDIT = "compared"
_TITLE = "Feature blending up to 32 and 64 px, Poisson blending, and the sequential query (ours)"


@dataclass(frozen=True)
class Transfer:
    """One row: a part of a reference for a target."""

    target: Latent
    reference: Latent
    part: str


def compared_settings(
    part: Part, has_styles: bool = True, guard: float = 0.0
) -> dict[str, QuerySettings]:
    """What is compared, by the name of its column.

    Args:
        part: whose own budget and floor the query has.
        has_styles: without, there is no query to compare with.
        guard: the query's.
    """
    found = {
        f"features {side}": QuerySettings(Method.FEATURE_BLENDING, blend_to=side)
        for side in BLEND_SIDES
    }
    found["Poisson"] = QuerySettings(Method.POISSON_BLENDING)
    if has_styles:
        name = f"ours, guard {guard:g}" if guard else "ours"
        found[name] = QuerySettings(
            Method.SEQUENTIAL, epsilon=part.epsilon, floor=part.floor, guard=guard
        )
    return found


def draw_baselines(
    pipeline: Pipeline,
    session: EditState,
    transfers: Sequence[Transfer],
    side: int,
    *,
    guard: float = 0.0,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Picture:
    """Draw a row per transfer: target, reference, and what each method makes of them.

    Args:
        pipeline: of the session's generator and catalog.
        session: its noise is used; its target and edits are not.
        transfers: the rows, at least one.
        side: of each picture in pixels.
        guard: the sequential query's spatial guard; the paper's has none.
        progress: told (rows done, rows in all).
        cancelled: asked between layers.

    Raises:
        LocalEditError: the catalog lacks a part, or the sheet would be too large.
        RenderCancelled: ``cancelled`` said yes.
    """
    has_styles = pipeline.model.generator.has_styles
    rows: list[list[Picture]] = []
    methods: list[str] = []
    for transfer in transfers:
        part = pipeline.catalog.part(transfer.part)
        settings = compared_settings(part, has_styles, guard)
        methods = list(settings)
        plain = replace(session, target=transfer.target, edits=())
        edits = [Edit(_EDIT, part.name, transfer.reference, chosen) for chosen in settings.values()]
        states = [plain, replace(plain, target=transfer.reference)]
        states += [replace(plain, edits=(edit,)) for edit in edits]
        rows.append([draw_state(pipeline, state, side, cancelled) for state in states])
        if progress is not None:
            progress(len(rows), len(transfers))
    return contact_sheet(
        rows,
        rows=[transfer.part for transfer in transfers],
        columns=["target", "reference", *methods],
        captions=[[t.target.label, t.reference.label, *[""] * len(methods)] for t in transfers],
        title=_TITLE if has_styles else "",
    )
