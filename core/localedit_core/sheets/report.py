"""A page to print: the picture, where its parts come from, and with which parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from localedit_core.editing.dials import dial_of
from localedit_core.editing.edit import Edit, Method
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.latents import Latent
from localedit_core.session.png import DESCRIPTION
from localedit_core.session.state import EditState
from localedit_core.sheets.boards import draw_state
from localedit_core.sheets.contact_sheet import FOOTER, write_sheet
from localedit_core.sheets.lettering import INK, PALE_INK, PAPER, font, shortened

REPORT_DPI = 200
PAGE = (1654, 2339)
"""An A4 page, 210 x 297 mm, in pixels at that resolution."""

_MARGIN = 118  # 15 mm
_TITLE, _TEXT, _SMALL = 52, 30, 25
_RESULT, _ORIGINAL, _TILE = 860, 500, 132
_LINE = round(1.4 * _TEXT)
_HEADER = 1320  # where the list of parts begins
_BOTTOM = PAGE[1] - _MARGIN


def draw_report(
    pipeline: Pipeline,
    state: EditState,
    day: date,
    title: str = "",
    cancelled: Callable[[], bool] | None = None,
) -> Picture:
    """Draw the page, [2339, 1654, 3]: A4 at 200 dpi.

    Args:
        pipeline: of the session's generator and catalog.
        state: the session.
        day: printed on it.
        title: what the session is called.
        cancelled: asked between layers.

    Raises:
        LocalEditError: the session does not fit the generator.
        RenderCancelled: ``cancelled`` said yes.
    """
    page = Image.new("RGB", PAGE, PAPER)
    draw = ImageDraw.Draw(page)
    right = PAGE[0] - _MARGIN

    def write(
        x: int, y: int, text: str, size: int = _TEXT, ink: tuple[int, ...] = INK, room: int = 0
    ) -> None:
        fitting = shortened(text, size, room or right - x)
        draw.text((x, y), fitting, fill=ink, font=font(size))

    full = pipeline.model.generator.resolution
    result = draw_state(pipeline, state, full, cancelled)
    original = pipeline.view(state.target, state.noise_seed).image
    write(_MARGIN, _MARGIN, title or "LocalEdit", _TITLE, room=right - _MARGIN - 300)
    draw.text((right, _MARGIN + 14), f"{day:%Y-%m-%d}", fill=INK, font=font(_TEXT), anchor="ra")
    write(_MARGIN, _MARGIN + 76, FOOTER.upper(), _TEXT)
    top = _MARGIN + 150
    page.paste(_scaled(result, _RESULT), (_MARGIN, top))
    aside = right - _ORIGINAL
    page.paste(_scaled(original, _ORIGINAL), (aside, top))
    write(aside, top + _ORIGINAL + 10, f"original: {_origin(state.target)}", _SMALL, PALE_INK)
    write(_MARGIN, top + _RESULT + 10, "result", _SMALL, PALE_INK)
    model = pipeline.model
    facts = [("generator", model.name), ("", f"{model.family}, {full} x {full} px")]
    for name, print_ in (
        ("fingerprint", state.model.fingerprint),
        ("catalog", state.model.catalog_fingerprint),
    ):
        pieces = [print_[start : start + 22] for start in range(0, len(print_), 22)]
        facts += zip((name, *[""] * len(pieces)), pieces, strict=False)
    for number, (name, value) in enumerate(facts):
        y = top + _ORIGINAL + 64 + number * 36
        write(aside, y, name, _SMALL - 2, PALE_INK)
        write(aside + 150, y, value, _SMALL - 2)
    _draw_parts(page, draw, pipeline, state, write)
    write(_MARGIN, _BOTTOM - _SMALL, DESCRIPTION, _SMALL, PALE_INK)
    return np.array(page)


def write_report(path: Path | str, page: Picture) -> None:
    """Write the page as PDF, or as PNG. LocalEditError as in ``write_sheet``."""
    write_sheet(path, page, dpi=REPORT_DPI)


def _draw_parts(
    page: Image.Image,
    draw: ImageDraw.ImageDraw,
    pipeline: Pipeline,
    state: EditState,
    write: Callable[..., None],
) -> None:
    """The edits in the order in which they act, in one or two columns."""
    edits = state.edits
    write(_MARGIN, _HEADER - _LINE - 12, "Parts and their sources" if edits else "No edits")
    draw.line((_MARGIN, _HEADER - 12, PAGE[0] - _MARGIN, _HEADER - 12), fill=PALE_INK, width=2)
    room = (_BOTTOM - 2 * _SMALL - _HEADER) // (_TILE + 16)
    columns = 1 if len(edits) <= room else 2
    width = (PAGE[0] - 2 * _MARGIN) // columns
    shown = edits if len(edits) <= columns * room else edits[: columns * room - 1]
    for number, edit in enumerate(shown):
        x = _MARGIN + number // room * width
        y = _HEADER + number % room * (_TILE + 16)
        page.paste(_scaled(pipeline.thumbnail(edit.reference, _TILE), _TILE), (x, y))
        for line, text in enumerate(_about(edit)):
            size = _TEXT if line == 0 else _SMALL
            below = 0 if line == 0 else 10 + 31 * line
            write(x + _TILE + 20, y + below, text, size, room=width - _TILE - 30)
    if len(shown) < len(edits):
        x = _MARGIN + (columns - 1) * width
        y = _HEADER + (room - 1) * (_TILE + 16)
        write(x, y, f"and {len(edits) - len(shown)} more, which the session lists")


def _about(edit: Edit) -> tuple[str, str, str, str]:
    settings, dial = edit.settings, dial_of(edit.settings.method)
    how = {"epsilon": f", epsilon {settings.epsilon:g}, floor {settings.floor:g}"}
    how |= {"lam": f", lambda {settings.lam:g}", "strength": ""}
    if settings.method is Method.FEATURE_BLENDING:
        how["strength"] = f", up to {settings.blend_to} px"
    muted = ", muted" if edit.muted else ""
    guard = f", guard {settings.guard:g}" if settings.method.moves_styles else ""
    return (
        f"{edit.part}{muted}",
        f"from {_origin(edit.reference)}",
        f"{settings.method}{how[dial.name]}",
        f"strength {edit.strength:g}{guard}",
    )


def _origin(latent: Latent) -> str:
    kind = "stored picture" if latent.seed is None else f"seed {latent.label}"
    return f"{kind}, truncation {latent.psi:g}"


def _scaled(picture: Picture, side: int) -> Image.Image:
    return Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
