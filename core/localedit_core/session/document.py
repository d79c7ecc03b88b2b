"""The session's state as JSON: written to be read by people, read as what nobody vouches for."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from importlib.metadata import version
from typing import Any, TypeVar

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
from localedit_core.session.migrations import FORMAT, FORMAT_VERSION, check_version, migrate
from localedit_core.session.state import EditState, ModelReference

MAX_EDITS = 1000
MAX_FAVOURITES = 100_000
MAX_TEXT = 4096
_HINT = "The file is damaged or was changed by hand; take another copy of it."

Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")


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
            "w_plus": tensor_name(value),
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
        "edits": [
            {
                "id": edit.edit_id,
                "part": edit.part,
                "reference": latent(edit.reference),
                "settings": _settings_document(edit.settings),
                "strength": float(edit.strength),
                "muted": edit.muted,
            }
            for edit in state.edits
        ],
        "psi": float(state.psi),
        "noise_seed": state.noise_seed,
        "favourites": list(state.favourites),
        "class": state.class_index,
    }
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)
    # A lone surrogate (a file name that is no UTF-8) has no encoding; it is only a hint's part.
    return (text + "\n").encode("utf-8", errors="replace")


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
    root = _Fields(_decode(text, source), "", source)
    format_version = check_version(root.values, source)
    migrate(root.values, format_version)
    root.text("format")
    root.text("created_with")
    root.number("format_version", 1, FORMAT_VERSION)
    used: set[str] = set()

    def latent(fields: _Fields) -> Latent:
        seed = fields.whole("seed", MAX_SEED, optional=True)
        psi = fields.number("psi", -2.0, 2.0)
        class_index = fields.whole("class", MAX_CLASSES - 1, optional=True)
        name = fields.text("w_plus")
        fields.finish()
        if name not in w_plus:
            raise fields.wrong("w_plus", f"{name!r:.60} is not among the stored latents")
        used.add(name)
        return fields.build(lambda: Latent(seed, psi, w_plus[name], class_index))

    def edit(fields: _Fields) -> Edit:
        edit_id = fields.text("id")
        part = fields.text("part")
        reference = latent(fields.inner("reference"))
        settings = _read_settings(fields.inner("settings"))
        strength = fields.number("strength", 0.0, 1.0)
        muted = fields.flag("muted")
        fields.finish()
        return fields.build(lambda: Edit(edit_id, part, reference, settings, strength, muted))

    def model(fields: _Fields) -> ModelReference:
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
    edits = root.many("edits", MAX_EDITS, edit)
    psi = root.number("psi", -2.0, 2.0)
    noise_seed = root.whole("noise_seed", MAX_SEED, optional=True)
    favourites = root.seeds("favourites")
    class_index = root.whole("class", MAX_CLASSES - 1, optional=True)
    root.finish()
    if unused := sorted(set(w_plus) - used):
        raise LocalEditError(f"{source} stores the latent {unused[0]!r:.60}, unused.", _HINT)
    state = root.build(
        lambda: EditState(reference, target, edits, psi, noise_seed, favourites, class_index)
    )
    return state, format_version


def _read_settings(fields: _Fields) -> QuerySettings:
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


def _decode(text: bytes, source: str) -> dict[str, Any]:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no number")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs):
            raise ValueError("a field is given twice")
        return values

    try:
        document = json.loads(text.decode("utf-8"), parse_constant=refuse, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise LocalEditError(f"{source} holds a broken session.json: {error}.", _HINT) from error
    if not isinstance(document, dict):
        raise LocalEditError(f"{source} holds a session.json that is no object.", _HINT)
    return document


class _Fields:
    """One JSON object, read field by field; every complaint names the field."""

    def __init__(self, values: dict[str, Any], place: str, source: str) -> None:
        self.values = values
        self._place = place
        self._source = source
        self._seen: set[str] = set()

    def wrong(self, name: str, what: str) -> LocalEditError:
        place = f"{self._place}.{name}" if self._place else name
        return LocalEditError(f"{self._source}: in its session, {place}: {what}.", _HINT)

    def build(self, make: Callable[[], Item]) -> Item:
        """Make a value of the fields; its own complaint is told with file and place."""
        try:
            return make()
        except LocalEditError as error:
            where = f" ({self._place})" if self._place else ""
            raise LocalEditError(f"{self._source}{where}: {error.message}", error.hint) from error

    def take(self, name: str) -> Any:
        self._seen.add(name)
        if name not in self.values:
            raise self.wrong(name, "the field is missing")
        return self.values[name]

    def finish(self) -> None:
        """Refuse fields that nobody has taken."""
        if unknown := sorted(self.values.keys() - self._seen):
            raise self.wrong(f"{unknown[0]:.60}", "the field is unknown")

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
            raise self.wrong(name, f"{value!r:.60} is no text of 1 to {MAX_TEXT} characters")
        return value

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if not isinstance(value, bool):
            raise self.wrong(name, f"{value!r:.60} is neither true nor false")
        return value

    def number(self, name: str, low: float = -math.inf, high: float = math.inf) -> float:
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(name, f"{value!r:.60} is no number")
        # 1e999 is legal JSON and decodes to infinity; a whole number may be too large for a float.
        if not -1e300 < value < 1e300 or not low <= value <= high:
            raise self.wrong(name, f"{value!r:.60} is out of range")
        return float(value)

    def whole(self, name: str, high: int, *, optional: bool = False) -> int | None:
        value = self.take(name)
        if optional and value is None:
            return None
        if type(value) is not int or not 0 <= value <= high:
            raise self.wrong(name, f"{value!r:.60} is no whole number from 0 to {high}")
        return value

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        value = self.take(name)
        for member in choices:
            if isinstance(value, str) and member.value == value:
                return member
        raise self.wrong(name, f"{value!r:.60} is none of {', '.join(m.value for m in choices)}")

    def one_of(self, name: str, choices: tuple[int, ...]) -> int:
        value = self.take(name)
        if type(value) is not int or value not in choices:
            raise self.wrong(name, f"{value!r:.60} is none of {', '.join(map(str, choices))}")
        return value

    def inner(self, name: str) -> _Fields:
        value = self.take(name)
        if not isinstance(value, dict):
            raise self.wrong(name, f"{value!r:.60} is no object")
        place = f"{self._place}.{name}" if self._place else name
        return _Fields(value, place, self._source)

    def many(self, name: str, most: int, read: Callable[[_Fields], Item]) -> tuple[Item, ...]:
        items = []
        for index, value in enumerate(self._list(name, most)):
            if not isinstance(value, dict):
                raise self.wrong(f"{name}[{index}]", f"{value!r:.60} is no object")
            items.append(read(_Fields(value, f"{name}[{index}]", self._source)))
        return tuple(items)

    def seeds(self, name: str) -> tuple[int, ...]:
        values = self._list(name, MAX_FAVOURITES)
        for index, value in enumerate(values):
            if type(value) is not int or not 0 <= value <= MAX_SEED:
                raise self.wrong(f"{name}[{index}]", f"{value!r:.60} is no seed")
        return tuple(values)

    def _list(self, name: str, most: int) -> list[Any]:
        value = self.take(name)
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(name, f"{value!r:.60} is no list of at most {most}")
        return value
