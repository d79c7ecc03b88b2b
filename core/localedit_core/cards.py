"""A generator's card: how it is presented, what it opens on, and its ready-made examples.

A card is a JSON file beside the generator, "<name>.card.json", with a picture "<name>.card.png"
and session files in the folder "examples". Reading one loads neither torch nor a generator.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from localedit_core.bounded import read_bounded
from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_SEED

CARD_SUFFIX = ".card.json"
PICTURE_SUFFIX = ".card.png"
EXAMPLES = "examples"
FORMAT_VERSION = 1

_MAX_BYTES = 2**20
_MAX_TEXT = 1000
_MAX_SEEDS = 10_000
_MAX_EXAMPLES = 50
_HINT = "The file is damaged or was changed by hand; take another copy of it."


@dataclass(frozen=True)
class Transfer:
    """A first transfer that shows well: ``part`` of the picture of the seed ``reference``."""

    part: str
    reference: int


@dataclass(frozen=True)
class Example:
    """A ready-made session.

    Attributes:
        title: a few words.
        sentence: what it shows.
        file: its name in the folder "examples" beside the card.
    """

    title: str
    sentence: str
    file: str


@dataclass(frozen=True)
class Card:
    """What a card says.

    Attributes:
        title: what to call the generator.
        sentence: what it makes.
        first_target: seed of the picture that new sessions begin with.
        psi: truncation of new sessions; None for the catalog's.
        first_transfer: what to try first, or None.
        gallery: seeds that the gallery shows before all others, in this order.
        favourites: seeds that new sessions have marked.
        examples: ready-made sessions.
    """

    title: str
    sentence: str = ""
    first_target: int = 0
    psi: float | None = None
    first_transfer: Transfer | None = None
    gallery: tuple[int, ...] = ()
    favourites: tuple[int, ...] = ()
    examples: tuple[Example, ...] = ()


def card_path(generator: Path) -> Path:
    """Where the card of a generator file lies."""
    return generator.with_name(generator.stem + CARD_SUFFIX)


def picture_path(generator: Path) -> Path:
    """Where the card's picture lies."""
    return generator.with_name(generator.stem + PICTURE_SUFFIX)


def example_path(generator: Path, example: Example) -> Path:
    """Where an example of a generator's card lies."""
    return generator.parent / EXAMPLES / example.file


def plain_card(generator: Path) -> Card:
    """The card of a generator that has none: called like its file."""
    return Card(title=generator.stem)


def write_card(card: Card) -> bytes:
    """The text of a card's file, which ``parse_card`` reads."""
    document = {"format_version": FORMAT_VERSION} | asdict(card)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def read_card(generator: Path) -> Card:
    """Read the card of a generator file.

    Raises:
        LocalEditError: it is missing or damaged; it names the file and what is wrong.
    """
    path = card_path(generator)
    return parse_card(read_bounded(path, _MAX_BYTES), str(path))


def parse_card(text: bytes, source: str) -> Card:
    """Read a card from memory.

    Args:
        text: what ``write_card`` made.
        source: what to call the file in errors.

    Raises:
        LocalEditError: anything in it is missing, unknown, of a wrong type or out of range.
    """
    try:
        document = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LocalEditError(f"{source} is no card: {error}.", _HINT) from error
    fields = _Fields(document, source)
    version = fields.whole("format_version", 2**31)
    if version != FORMAT_VERSION:
        raise LocalEditError(
            f"{source} is a card of version {version}, not {FORMAT_VERSION}.",
            "Use the LocalEdit that it came with.",
        )
    transfer = fields.take("first_transfer")
    card = Card(
        title=fields.text("title"),
        sentence=fields.text("sentence"),
        first_target=fields.whole("first_target", MAX_SEED),
        psi=None if fields.take("psi") is None else fields.number("psi", -2.0, 2.0),
        first_transfer=None if transfer is None else _transfer(_Fields(transfer, source)),
        gallery=fields.seeds("gallery"),
        favourites=fields.seeds("favourites"),
        examples=tuple(
            _example(_Fields(e, source)) for e in fields.many("examples", _MAX_EXAMPLES)
        ),
    )
    fields.finish()
    return card


def _transfer(fields: _Fields) -> Transfer:
    transfer = Transfer(fields.text("part"), fields.whole("reference", MAX_SEED))
    fields.finish()
    return transfer


def _example(fields: _Fields) -> Example:
    example = Example(fields.text("title"), fields.text("sentence"), fields.file_name("file"))
    fields.finish()
    return example


class _Fields:
    """One JSON object; every complaint names the file and the field."""

    def __init__(self, values: object, source: str) -> None:
        self._source = source
        if not isinstance(values, dict):
            raise LocalEditError(f"{source}: {values!r:.60} is no object.", _HINT)
        self._values: Mapping[str, Any] = values
        self._seen: set[str] = set()

    def _wrong(self, name: str, what: str) -> LocalEditError:
        return LocalEditError(f"{self._source}: {name:.60}: {what}.", _HINT)

    def take(self, name: str) -> Any:
        self._seen.add(name)
        if name not in self._values:
            raise self._wrong(name, "the field is missing")
        return self._values[name]

    def finish(self) -> None:
        """Refuse fields that nobody has taken."""
        if unknown := sorted(self._values.keys() - self._seen):
            raise self._wrong(unknown[0], "the field is unknown")

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT:
            raise self._wrong(name, f"{value!r:.60} is no text of 1 to {_MAX_TEXT} characters")
        return value

    def file_name(self, name: str) -> str:
        """A plain name: a card must not point out of its own folder."""
        value = self.text(name)
        posix, windows = PurePosixPath(value), PureWindowsPath(value)
        if value == ".." or posix.name != value or windows.name != value or "\0" in value:
            raise self._wrong(name, f"{value!r:.60} is no plain file name")
        return value

    def whole(self, name: str, high: int) -> int:
        value = self.take(name)
        if type(value) is not int or not 0 <= value <= high:
            raise self._wrong(name, f"{value!r:.60} is no whole number from 0 to {high}")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(name, f"{value!r:.60} is no number")
        if not low <= value <= high:
            raise self._wrong(name, f"{value!r:.60} is out of range")
        return float(value)

    def many(self, name: str, most: int) -> list[Any]:
        value = self.take(name)
        if not isinstance(value, list) or len(value) > most:
            raise self._wrong(name, f"{value!r:.60} is no list of at most {most}")
        return value

    def seeds(self, name: str) -> tuple[int, ...]:
        values = self.many(name, _MAX_SEEDS)
        if not all(type(v) is int and 0 <= v <= MAX_SEED for v in values):
            raise self._wrong(name, f"not all are whole numbers from 0 to {MAX_SEED}")
        if len(set(values)) != len(values):
            raise self._wrong(name, "a seed is given twice")
        return tuple(values)
