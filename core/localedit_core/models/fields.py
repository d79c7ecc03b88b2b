"""Small JSON files read strictly: every complaint names the file and the field."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from localedit_core.errors import LocalEditError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Fields:
    """One JSON object, its values taken one by one.

    Args:
        values: what the JSON text held.
        source: what to call the file in errors.
        hint: what to do about a wrong one.

    Raises:
        LocalEditError: ``values`` is no object; from the methods, a value is missing or wrong.
    """

    def __init__(self, values: object, source: str, hint: str) -> None:
        self._source = source
        self._hint = hint
        if not isinstance(values, dict):
            raise LocalEditError(f"{source}: {values!r:.60} is no object.", hint)
        self._values: Mapping[str, Any] = values
        self._seen: set[str] = set()

    def wrong(self, name: str, what: str) -> LocalEditError:
        """An error about one field, to be raised by the caller."""
        return LocalEditError(f"{self._source}: {name!r:.60}: {what}.", self._hint)

    def take(self, name: str) -> Any:
        """Any value."""
        self._seen.add(name)
        if name not in self._values:
            raise self.wrong(name, "the field is missing")
        return self._values[name]

    def text(self, name: str, most: int, *, empty: bool = False) -> str:
        """A text of at most ``most`` characters; blank only where ``empty`` is fine."""
        value = self.take(name)
        if not isinstance(value, str) or len(value) > most or not (empty or value.strip()):
            raise self.wrong(name, f"{value!r:.60} is no text of {0 if empty else 1} to {most}")
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number in a range."""
        value = self.take(name)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(name, f"{value!r:.60} is no whole number from {low} to {high}")
        return value

    def sha256(self, name: str) -> str:
        """A SHA-256 in 64 small hexadecimal digits."""
        value = self.take(name)
        if not isinstance(value, str) or not is_sha256(value):
            raise self.wrong(name, f"{value!r:.80} is no SHA-256")
        return value

    def many(self, name: str, most: int) -> list[Any]:
        """A list of at most ``most`` values."""
        value = self.take(name)
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(name, f"{value!r:.60} is no list of at most {most}")
        return value

    def is_null(self, name: str) -> bool:
        """Whether the value is there and null."""
        return self.take(name) is None

    def finish(self) -> None:
        """Refuse fields that nobody has taken."""
        if unknown := sorted(self._values.keys() - self._seen):
            raise self.wrong(unknown[0], "the field is unknown")


def is_sha256(text: str) -> bool:
    """Whether a text is a SHA-256 in 64 small hexadecimal digits."""
    return _SHA256.fullmatch(text) is not None


def parse_json(data: bytes, source: str, hint: str) -> Any:
    """The value of a JSON text in UTF-8. LocalEditError if it is none, or not strictly one."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise LocalEditError(f"{source} is no JSON: {error}.", hint) from error


def write_json(value: Any) -> bytes:
    """The text of a value, for people to read too."""
    # Names can hold half a surrogate pair (from file names), which UTF-8 cannot: escape those.
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")
