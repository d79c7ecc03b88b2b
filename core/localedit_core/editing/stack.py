"""Several edits at once: a stack, in which each moves styles from where those below left them.

Edits that blend move none. In a mixed stack all styles are moved first; while the picture is made
of them, features are blended, in stack order (``feature_blending``); pictures are blended into the
finished one, in stack order, too (``poisson_blending``). So a blend covers, in its part, what edits
of styles did there, above it in the stack or below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import Edit, Method
from localedit_core.editing.interpolation import StyleMove, interpolate
from localedit_core.editing.per_image import norm_keeping_move
from localedit_core.editing.query import PartRanking, Query, solve
from localedit_core.generators.base import LayerInfo, Styles

PerImage = Callable[[Edit], Query]
"""Makes the per-image query of an edit, of the target and the edit's reference."""


@dataclass(frozen=True, eq=False)
class EditMove:
    """An edit that moves styles, and the move."""

    edit: Edit
    move: StyleMove


@dataclass(frozen=True, eq=False)
class Composition:
    """What a stack does to styles.

    Attributes:
        styles: with all edits applied, name -> [N, C_l]; untouched channels keep their very
            values, layers without any moved channel are the target's own tensors.
        moves: of the edits that move styles, lowest first.
    """

    styles: Styles
    moves: tuple[EditMove, ...]


def compose(
    target: Styles,
    references: Mapping[str, Styles],
    edits: Iterable[Edit],
    catalog: Catalog,
    layers: Iterable[LayerInfo],
    rankings: Mapping[str, PartRanking] | None = None,
    per_image: PerImage | None = None,
) -> Composition:
    """Apply a stack of edits to a target's styles.

    Where two edits claim the same channel, the upper one moves it from where the lower one left
    it; at a query of 1 the upper one alone decides.

    Args:
        target: name -> [N, C_l].
        references: the reference's styles per edit id, name -> [N or 1, C_l]; edits that are muted,
            have no strength or blend need none.
        edits: lowest first.
        catalog: knows the parts.
        layers: the generator's layers.
        rankings: per part name, from ``query.rank_parts``, so that nothing is sorted here; parts
            that are missing are ranked anew.
        per_image: needed by edits of that method.

    Raises:
        LocalEditError: an edit names a part that the catalog lacks.
    """
    layers = tuple(layers)
    known = dict(rankings or {})
    styles = target
    moves = []
    for edit in edits:
        if edit.muted or edit.strength == 0.0:
            continue
        if not edit.settings.method.moves_styles:
            catalog.part(edit.part)  # an unknown part is told here as well
            continue
        reference = references[edit.edit_id]
        if edit.settings.method is Method.PER_IMAGE:
            if per_image is None:
                raise ValueError("per-image edits need their pictures")
            move = norm_keeping_move(styles, reference, per_image(edit), edit.strength)
        else:
            if edit.part not in known:
                known[edit.part] = PartRanking.of(catalog.contribution(edit.part))
            query = solve(known[edit.part], edit.settings, layers)
            move = StyleMove.of(query, reference, edit.strength)
        moves.append(EditMove(edit, move))
        styles = interpolate(styles, move.reference, move.shares)
    return Composition(styles, tuple(moves))
