"""Edits as a JSON list, for stacks that no command line wants to spell out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from localedit_core.bounded import read_bounded
from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent

MAX_BYTES = 2**20

_NUMBERS = {"epsilon": "epsilon", "floor": "floor", "guard": "guard", "lambda": "lam"}
_KNOWN = frozenset({"part", "reference", "method", "strength", "blend_to", *_NUMBERS})
_HINT = 'Write for instance [{"part": "mouth", "reference": 27, "epsilon": 30}].'


def read_edits(
    path: Path,
    catalog: Catalog,
    common: QuerySettings,
    reference: Callable[[int | Path], Latent],
) -> tuple[Edit, ...]:
    """Read a list of edits.

    Args:
        path: the file.
        catalog: knows the parts, whose own epsilon and floor an edit has unless it says others.
        common: what edits have that do not say otherwise.
        reference: makes the latent of a seed or of a file's name.

    Raises:
        LocalEditError: the file cannot be read, or holds something else.
    """
    try:
        entries = json.loads(read_bounded(path, MAX_BYTES).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LocalEditError(f"{path} holds no JSON: {error}.", _HINT) from error
    if not isinstance(entries, list) or not entries:
        raise LocalEditError(f"{path} holds no list of edits.", _HINT)
    return tuple(
        _edit(entry, f"{path}, edit {number}", f"edit-{number}", catalog, common, reference)
        for number, entry in enumerate(entries, start=1)
    )


def _edit(
    entry: Any,
    place: str,
    edit_id: str,
    catalog: Catalog,
    common: QuerySettings,
    reference: Callable[[int | Path], Latent],
) -> Edit:
    if not isinstance(entry, dict):
        raise LocalEditError(f"{place}: {entry!r:.60} is no object.", _HINT)
    if unknown := sorted(entry.keys() - _KNOWN):
        raise LocalEditError(
            f"{place}: {unknown[0]!r:.60} is unknown.", f"It may have {', '.join(sorted(_KNOWN))}."
        )
    for needed in ("part", "reference"):
        if needed not in entry:
            raise LocalEditError(f"{place} names no {needed}.", _HINT)
    named = entry["reference"]
    if not isinstance(entry["part"], str) or type(named) not in (int, str):
        raise LocalEditError(
            f"{place}: a part is a text, a reference a whole number or a file's name.", _HINT
        )
    try:
        part = catalog.part(entry["part"])
        settings = replace(common, epsilon=part.epsilon, floor=part.floor)
        return Edit(
            edit_id=edit_id,
            part=part.name,
            reference=reference(named if type(named) is int else Path(named)),
            settings=_settings(entry, settings),
            strength=_number(entry, "strength", 1.0),
        )
    except LocalEditError as error:
        raise LocalEditError(f"{place}: {error.message}", error.hint) from error


def _settings(entry: Mapping[str, Any], settings: QuerySettings) -> QuerySettings:
    changes: dict[str, Any] = {
        field: _number(entry, name, getattr(settings, field)) for name, field in _NUMBERS.items()
    }
    if "method" in entry:
        if entry["method"] not in list(Method):
            raise LocalEditError(
                f"{entry['method']!r:.60} is no method.", f"Use {', '.join(Method)}."
            )
        changes["method"] = Method(entry["method"])
    if "blend_to" in entry:
        if type(entry["blend_to"]) is not int:
            raise LocalEditError(f"blend_to is {entry['blend_to']!r:.60}, no whole number.")
        changes["blend_to"] = entry["blend_to"]
    return replace(settings, **changes)


def _number(entry: Mapping[str, Any], name: str, default: float) -> float:
    value = entry.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise LocalEditError(f"{name} is {value!r:.60}, which is no number.")
    return float(value)
