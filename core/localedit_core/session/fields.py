"""JSON that nobody vouches for, read field by field."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_SEED

MAX_FAVOURITES = 100_000
MAX_TEXT = 4096
_HINT = "The file is damaged or was changed by hand; take another copy of it."

Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")


def decode(text: bytes, source: str) -> dict[str, Any]:
    """Decode an object that nobody vouches for; LocalEditError where it is none."""

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
        raise LocalEditError(f"{source} holds a broken session: {error}.", _HINT) from error
    if not isinstance(document, dict):
        raise LocalEditError(f"{source} holds a session that is no object.", _HINT)
    return document


class Fields:
    """One JSON object, read field by field; every complaint names the field."""

    def __init__(self, values: dict[str, Any], place: str, source: str) -> None:
        self.values = values
        self._place = place
        self._source = source
        self._seen: set[str] = set()

    def wrong(self, name: str, what: str) -> LocalEditError:
        """The error that names a field of this object and what is wrong with it."""
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
        """The value of a field that must be there."""
        self._seen.add(name)
        if name not in self.values:
            raise self.wrong(name, "the field is missing")
        return self.values[name]

    def finish(self) -> None:
        """Refuse fields that nobody has taken."""
        if unknown := sorted(self.values.keys() - self._seen):
            raise self.wrong(f"{unknown[0]:.60}", "the field is unknown")

    def text(self, name: str) -> str:
        """A text that is not empty and not too long."""
        value = self.take(name)
        if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
            raise self.wrong(name, f"{value!r:.60} is no text of 1 to {MAX_TEXT} characters")
        return value

    def text_or_empty(self, name: str) -> str:
        """A text that may be empty."""
        return "" if self.take(name) == "" else self.text(name)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise self.wrong(name, f"{value!r:.60} is neither true nor false")
        return value

    def number(self, name: str, low: float = -math.inf, high: float = math.inf) -> float:
        """A finite number in a range."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(name, f"{value!r:.60} is no number")
        # 1e999 is legal JSON and decodes to infinity; a whole number may be too large for a float.
        if not -1e300 < value < 1e300 or not low <= value <= high:
            raise self.wrong(name, f"{value!r:.60} is out of range")
        return float(value)

    def whole(self, name: str, high: int, *, optional: bool = False) -> int | None:
        """A whole number from 0 to ``high``; None where that is allowed."""
        value = self.take(name)
        if optional and value is None:
            return None
        if type(value) is not int or not 0 <= value <= high:
            raise self.wrong(name, f"{value!r:.60} is no whole number from 0 to {high}")
        return value

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        """One of the members of an enumeration."""
        value = self.take(name)
        for member in choices:
            if isinstance(value, str) and member.value == value:
                return member
        raise self.wrong(name, f"{value!r:.60} is none of {', '.join(m.value for m in choices)}")

    def one_of(self, name: str, choices: tuple[int, ...]) -> int:
        """One of some whole numbers."""
        value = self.take(name)
        if type(value) is not int or value not in choices:
            raise self.wrong(name, f"{value!r:.60} is none of {', '.join(map(str, choices))}")
        return value

    def inner(self, name: str) -> Fields:
        """An object inside this one."""
        value = self.take(name)
        if not isinstance(value, dict):
            raise self.wrong(name, f"{value!r:.60} is no object")
        place = f"{self._place}.{name}" if self._place else name
        return Fields(value, place, self._source)

    def many(self, name: str, most: int, read: Callable[[Fields], Item]) -> tuple[Item, ...]:
        """A list of objects, at most ``most``, each read by ``read``."""
        items = []
        for index, value in enumerate(self._list(name, most)):
            if not isinstance(value, dict):
                raise self.wrong(f"{name}[{index}]", f"{value!r:.60} is no object")
            items.append(read(Fields(value, f"{name}[{index}]", self._source)))
        return tuple(items)

    def seeds(self, name: str) -> tuple[int, ...]:
        """A list of seeds."""
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
