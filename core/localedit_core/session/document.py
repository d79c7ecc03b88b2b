"""The session's state as JSON: written to be read by people, read as what nobody vouches for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import (
    BLEND_SIDES,
    Edit,
    EpsilonUnit,
    LayerBands,
    Method,
    QuerySettings,
)
from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_CLASSES, MAX_SEED, Latent
from localedit_core.session.fields import Fields, decode
from localedit_core.session.migrations import FORMAT, FORMAT_VERSION, check_version, migrate
from localedit_core.session.state import (
    MAX_BUDGETS,
    MAX_OWN,
    EditState,
    FoundBudget,
    ModelReference,
)

MAX_EDITS = 1000
_HINT = "The file is damaged or was changed by hand; take another copy of it."


def write_document(state: EditState, tensor_name: Callable[[Latent], str]) -> bytes:
    """The text of session.json: sorted, indented, the same for the same state.

    Args:
        state: what to write.
        tensor_name: where a latent's w_plus is stored.
    """

    def latent(value: Latent) -> dict[str, Any]:
        return {
            "seed": value.seed,
            "psi": float(value.psi),
            "class": value.class_index,
            "w_plus": tensor_name(value) if value.styles is None else None,
            "styles": None if value.styles is None else tensor_name(value),
            "name": value.name,
        }

    document = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "created_with": version("localedit"),
        "model": {
            "name": state.model.name,
            "path": state.model.path,
            "fingerprint": state.model.fingerprint,
            "catalog_fingerprint": state.model.catalog_fingerprint,
        },
        "target": latent(state.target),
        "edits": [edit_document(edit, latent) for edit in state.edits],
        "psi": float(state.psi),
        "noise_seed": state.noise_seed,
        "favourites": list(state.favourites),
        "class": state.class_index,
        "own": [latent(value) for value in state.own],
        "budgets": [
            {
                "target": found.target,
                "part": found.part,
                "method": found.method.value,
                "value": float(found.value),
                "limit": float(found.limit),
            }
            for found in state.budgets
        ],
    }
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)
    # A lone surrogate (a file name that is no UTF-8) has no encoding; it is only a hint's part.
    return (text + "\n").encode("utf-8", errors="replace")


def edit_document(edit: Edit, latent: Callable[[Latent], Any]) -> dict[str, Any]:
    """An edit as JSON values; ``latent`` turns its reference into some."""
    return {
        "id": edit.edit_id,
        "part": edit.part,
        "reference": latent(edit.reference),
        "settings": _settings_document(edit.settings),
        "strength": float(edit.strength),
        "muted": edit.muted,
    }


def read_edit(fields: Fields, latent: Callable[[Fields], Latent]) -> Edit:
    """Read what ``edit_document`` wrote; LocalEditError names the field that is wrong."""
    edit_id = fields.text("id")
    part = fields.text("part")
    reference = latent(fields.inner("reference"))
    settings = _read_settings(fields.inner("settings"))
    strength = fields.number("strength", 0.0, 1.0)
    muted = fields.flag("muted")
    fields.finish()
    return fields.build(lambda: Edit(edit_id, part, reference, settings, strength, muted))


def _settings_document(settings: QuerySettings) -> dict[str, Any]:
    return {
        "method": settings.method.value,
        "epsilon": float(settings.epsilon),
        "floor": float(settings.floor),
        "lambda": float(settings.lam),
        "bands": {
            "coarse": float(settings.bands.coarse),
            "middle": float(settings.bands.middle),
            "fine": float(settings.bands.fine),
        },
        "colour_layers": settings.colour_layers,
        "unit": settings.unit.value,
        "blend_to": settings.blend_to,
        "guard": float(settings.guard),
    }


def read_document(
    text: bytes, w_plus: Mapping[str, NDArray[np.float32]], source: str
) -> tuple[EditState, int]:
    """Read session.json.

    Args:
        text: its bytes.
        w_plus: the stored latents by name, [num_ws, w_dim] each; all of them must be in use.
        source: what to call the file in errors.

    Returns:
        The state, whose latents carry their stored w_plus, and the format version.

    Raises:
        LocalEditError: anything in it is missing, unknown, of a wrong type or out of range; the
            message names the field.
    """
    root = Fields(decode(text, source), "", source)
    format_version = check_version(root.values, source)
    migrate(root.values, format_version)
    root.text("format")
    root.text("created_with")
    root.number("format_version", 1, FORMAT_VERSION)
    used: set[str] = set()

    def latent(fields: Fields) -> Latent:
        seed = fields.whole("seed", MAX_SEED, optional=True)
        psi = fields.number("psi", -2.0, 2.0)
        class_index = fields.whole("class", MAX_CLASSES - 1, optional=True)
        stored: dict[str, NDArray[np.float32] | None] = {}
        for field in ("w_plus", "styles"):
            name = None if fields.take(field) is None else fields.text(field)
            if name is not None and name not in w_plus:
                raise fields.wrong(field, f"{name!r:.60} is not among the stored latents")
            stored[field] = None if name is None else w_plus[name]
            used.update(() if name is None else (name,))
        if (stored["w_plus"] is None) == (stored["styles"] is None):
            raise fields.wrong("w_plus", "a latent has either w_plus or styles")
        called = fields.text_or_empty("name")
        fields.finish()
        return fields.build(
            lambda: Latent(
                seed, psi, stored["w_plus"], class_index, styles=stored["styles"], name=called
            )
        )

    def budget(fields: Fields) -> FoundBudget:
        found = FoundBudget(
            fields.text("target"),
            fields.text("part"),
            fields.choice("method", Method),
            fields.number("value", 0.0),
            fields.number("limit", 0.0),
        )
        fields.finish()
        return found

    def model(fields: Fields) -> ModelReference:
        reference = ModelReference(
            name=fields.text("name"),
            path=fields.text("path") if fields.take("path") is not None else None,
            fingerprint=fields.text("fingerprint"),
            catalog_fingerprint=fields.text("catalog_fingerprint"),
        )
        fields.finish()
        return reference

    reference = model(root.inner("model"))
    target = latent(root.inner("target"))
    edits = root.many("edits", MAX_EDITS, lambda fields: read_edit(fields, latent))
    psi = root.number("psi", -2.0, 2.0)
    noise_seed = root.whole("noise_seed", MAX_SEED, optional=True)
    favourites = root.seeds("favourites")
    class_index = root.whole("class", MAX_CLASSES - 1, optional=True)
    own = root.many("own", MAX_OWN, latent)
    budgets = root.many("budgets", MAX_BUDGETS, budget)
    root.finish()
    if unused := sorted(set(w_plus) - used):
        raise LocalEditError(f"{source} stores the latent {unused[0]!r:.60}, unused.", _HINT)
    state = root.build(
        lambda: EditState(
            reference, target, edits, psi, noise_seed, favourites, class_index, own, budgets
        )
    )
    return state, format_version


def _read_settings(fields: Fields) -> QuerySettings:
    bands = fields.inner("bands")
    layer_bands = LayerBands(
        coarse=bands.number("coarse", 0.0, 1.0),
        middle=bands.number("middle", 0.0, 1.0),
        fine=bands.number("fine", 0.0, 1.0),
    )
    bands.finish()
    method = fields.choice("method", Method)
    unit = fields.choice("unit", EpsilonUnit)
    epsilon = fields.number("epsilon")
    floor = fields.number("floor")
    lam = fields.number("lambda")
    colour_layers = fields.flag("colour_layers")
    blend_to = fields.one_of("blend_to", BLEND_SIDES)
    guard = fields.number("guard")
    fields.finish()
    return fields.build(
        lambda: QuerySettings(
            method, epsilon, floor, lam, layer_bands, colour_layers, unit, blend_to, guard
        )
    )
