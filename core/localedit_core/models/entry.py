"""What is known of a generator in the library, without loading it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from localedit_core.bounded import read_bounded
from localedit_core.checkpoints.native import FORMAT, FORMAT_VERSION
from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_CLASSES
from localedit_core.models.fields import Fields, is_sha256, parse_json, write_json
from localedit_core.models.names import shortened_name, tidy_name
from localedit_core.tensor_files import open_tensor_file
from localedit_resources import CATALOG_SUFFIX, GENERATOR_SUFFIX

FACTS_SUFFIX = ".json"
THUMBNAIL_SUFFIX = ".png"
SUFFIXES = (GENERATOR_SUFFIX, CATALOG_SUFFIX, THUMBNAIL_SUFFIX, FACTS_SUFFIX)
"""Of the files that a library keeps for one generator; all have the same stem."""

_FACTS_VERSION = 1
_MAX_FACTS_BYTES = 2**20
MAX_LICENCE = 100_000  # characters
MAX_SOURCE = 4000
_FACTS_HINT = "Rename the generator to write them anew."


@dataclass(frozen=True)
class Facts:
    """What the library writes down beside a generator, in "<stem>.json".

    Attributes:
        name: what people call it.
        family: "stylegan2", ...; may be empty.
        resolution: side of its pictures in pixels, or None.
        size: of the generator's file in bytes.
        licence: text, may be empty.
        source: page, address or file name that it came from, may be empty.
        source_sha256: of the file that was imported, or None.
        imported: the day, like "2026-11-24"; may be empty.
    """

    name: str
    family: str = ""
    resolution: int | None = None
    size: int = 0
    licence: str = ""
    source: str = ""
    source_sha256: str | None = None
    imported: str = ""


@dataclass(frozen=True)
class LibraryEntry:
    """One generator of the library.

    Attributes:
        path: its file; the catalog lies beside it, where ``library.open_model`` finds it.
        facts: what is known of it. What the file itself says goes before what was written down.
        description: from the file, may be empty.
        card: further facts from the file, name -> text.
        classes: how many classes a picture can be asked of; 0 for none.
        has_catalog: whether a catalog lies beside it.
        thumbnail: a PNG beside it, or None.
        problem: why the generator cannot be opened, with what to do; empty where it can.
        notice: what is wrong with the facts beside it; empty where nothing is.
    """

    path: Path
    facts: Facts
    description: str = ""
    card: Mapping[str, str] = field(default_factory=dict)
    classes: int = 0
    has_catalog: bool = False
    thumbnail: Path | None = None
    problem: str = ""
    notice: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.facts.name

    @property
    def stem(self) -> str:
        """By what the command line and sessions call it: its file's name without suffix."""
        return self.path.name.removesuffix(GENERATOR_SUFFIX)


def beside(generator: Path, suffix: str) -> Path:
    """The file of the same stem with another one of ``SUFFIXES``."""
    return generator.with_name(generator.name.removesuffix(GENERATOR_SUFFIX) + suffix)


def read_entry(path: Path) -> LibraryEntry:
    """Describe a generator file and what lies beside it. Never raises for what is in them."""
    written, notice = _written_facts(path)
    try:
        said = read_generator_facts(path)
        problem = ""
    except LocalEditError as error:
        said = GeneratorFacts(written or Facts(shortened_name(path.stem)))
        problem = str(error)
    facts = said.facts
    if written is not None:
        facts = replace(
            written,
            family=facts.family,
            resolution=facts.resolution,
            size=facts.size,
            licence=written.licence or facts.licence,
            source_sha256=facts.source_sha256 or written.source_sha256,
        )
    thumbnail = beside(path, THUMBNAIL_SUFFIX)
    return LibraryEntry(
        path=path,
        facts=facts,
        description=said.description,
        card=said.card,
        classes=said.classes,
        has_catalog=beside(path, CATALOG_SUFFIX).is_file(),
        thumbnail=thumbnail if thumbnail.is_file() else None,
        problem=problem,
        notice=notice,
    )


@dataclass(frozen=True)
class GeneratorFacts:
    """What a generator file says about itself."""

    facts: Facts
    description: str = ""
    card: Mapping[str, str] = field(default_factory=dict)
    classes: int = 0


def read_generator_facts(path: Path) -> GeneratorFacts:
    """Read a generator file's header, and none of its weights.

    Raises:
        LocalEditError: it cannot be read, is no generator of ours, or a newer one.
    """
    with open_tensor_file(path) as file:
        said = dict(file.metadata)
    if said.get("format") != FORMAT:
        raise LocalEditError(f"{path} is not a generator of LocalEdit.", "Import it first.")
    version = said.get("format_version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10 and int(version) > 0):
        raise LocalEditError(
            f"{path} has the format version {version!r:.30}.", "The file is damaged."
        )
    if int(version) > FORMAT_VERSION:
        raise LocalEditError(
            f"{path} was saved by a newer LocalEdit (format {version}).", "Update LocalEdit."
        )
    card = _object(said.get("card", ""))
    sha256 = said.get("source_sha256", "")
    facts = Facts(
        name=shortened_name(said.get("name", ""), shortened_name(path.stem)),
        family=tidy_name(said.get("family", ""))[:100],
        resolution=_number(said.get("architecture", ""), "resolution", 2**16),
        size=path.stat().st_size,
        licence=said.get("licence", "")[:MAX_LICENCE],
        source_sha256=sha256 if is_sha256(sha256) else None,
    )
    texts = {name: text for name, text in card.items() if isinstance(text, str)}
    classes = _number(said.get("architecture", ""), "c_dim", MAX_CLASSES) or 0
    return GeneratorFacts(facts, said.get("description", ""), texts, classes)


def write_facts(facts: Facts) -> bytes:
    """The text of a file of facts."""
    return write_json(
        {
            "format_version": _FACTS_VERSION,
            "name": facts.name,
            "family": facts.family,
            "resolution": facts.resolution,
            "size": facts.size,
            "licence": facts.licence,
            "source": facts.source,
            "source_sha256": facts.source_sha256,
            "imported": facts.imported,
        }
    )


def _written_facts(path: Path) -> tuple[Facts | None, str]:
    """The facts beside a generator, or None; and what is wrong with them."""
    file = beside(path, FACTS_SUFFIX)
    if not file.exists():  # a generator that somebody put here by hand
        return None, ""
    try:
        return _read_facts(file), ""
    except LocalEditError as error:
        return None, str(error)


def _read_facts(file: Path) -> Facts:
    source = str(file)
    values = parse_json(read_bounded(file, _MAX_FACTS_BYTES), source, _FACTS_HINT)
    fields = Fields(values, source, _FACTS_HINT)  # unknown ones are a newer LocalEdit's
    fields.whole("format_version", 1, 2**31)
    imported = fields.text("imported", 10, empty=True)
    try:
        if imported:
            date.fromisoformat(imported)
    except ValueError:
        raise fields.wrong("imported", f"{imported!r:.60} is no date") from None
    return Facts(
        name=shortened_name(fields.text("name", 1000)),
        family=fields.text("family", 100, empty=True),
        resolution=None if fields.is_null("resolution") else fields.whole("resolution", 1, 2**16),
        size=fields.whole("size", 0, 2**62),
        licence=fields.text("licence", MAX_LICENCE, empty=True),
        source=fields.text("source", MAX_SOURCE, empty=True),
        source_sha256=None if fields.is_null("source_sha256") else fields.sha256("source_sha256"),
        imported=imported,
    )


def _number(architecture: str, name: str, most: int) -> int | None:
    value = _object(architecture).get(name)
    return value if type(value) is int and 1 <= value <= most else None


def _object(text: str) -> dict[str, Any]:
    """A JSON object, empty where the text is none: loading the generator will say why."""
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
