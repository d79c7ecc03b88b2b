"""Several edits at once: a stack, in which each moves styles from where those below left them.

Edits that blend features move none. In a mixed stack all styles are moved first; while the picture
is made of them, the blends then replace features, in stack order (``feature_blending``). So a blend
covers, in its part, what edits of styles did there, above it in the stack or below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import Edit, Method
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import PartRanking, solve
from localedit_core.generators.base import LayerInfo, Styles


def compose(
    target: Styles,
    references: Mapping[str, Styles],
    edits: Iterable[Edit],
    catalog: Catalog,
    layers: Iterable[LayerInfo],
    rankings: Mapping[str, PartRanking] | None = None,
) -> Styles:
    """Apply a stack of edits to a target's styles.

    Where two edits claim the same channel, the upper one moves it from where the lower one left
    it; at a query of 1 the upper one alone decides.

    Args:
        target: name -> [N, C_l].
        references: the reference's styles per edit id, name -> [N or 1, C_l]; edits that are muted,
            have no strength or blend features need none.
        edits: lowest first.
        catalog: knows the parts.
        layers: the generator's layers.
        rankings: per part name, from ``query.rank_parts``, so that nothing is sorted here; parts
            that are missing are ranked anew.

    Returns:
        name -> [N, C_l]; untouched channels keep their very values, layers without any moved
        channel are the target's own tensors.

    Raises:
        LocalEditError: an edit names a part that the catalog lacks.
    """
    layers = tuple(layers)
    known = dict(rankings or {})
    styles = target
    for edit in edits:
        if edit.muted or edit.strength == 0.0:
            continue
        if edit.settings.method is Method.FEATURE_BLENDING:
            catalog.part(edit.part)  # an unknown part is told here as well
            continue
        if edit.part not in known:
            known[edit.part] = PartRanking.of(catalog.contribution(edit.part))
        query = solve(known[edit.part], edit.settings, layers)
        styles = interpolate(styles, references[edit.edit_id], query, edit.strength)
    return styles
