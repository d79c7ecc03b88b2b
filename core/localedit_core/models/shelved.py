"""The files of one shelved catalog: a folder with a name and a file per version."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from localedit_core.atomic import atomic_write
from localedit_core.bounded import read_bounded
from localedit_core.catalog.storage import load_catalog
from localedit_core.errors import LocalEditError
from localedit_core.models.fields import Fields, parse_json, write_json
from localedit_core.models.names import MAX_NAME, shortened_name
from localedit_resources import CATALOG_SUFFIX, bundled_models, models_folder

FACTS = "facts.json"
FORMAT_VERSION = 1
VERSION = re.compile(r"v([0-9]{4,6})" + re.escape(CATALOG_SUFFIX))
_MAX_BYTES = 2**20
_HINT = "Remove the file; the catalog gets the name of its folder."


@dataclass(frozen=True)
class ShelvedCatalog:
    """One version of a catalog.

    Attributes:
        name: what people call it.
        version: from 1 on; 0 for one that lies beside its generator.
        path: its file.
        generator_fingerprint: the generator it belongs to.
        saved: when, in UTC; None if unknown.
        layer: that was clustered; empty where the file cannot be read.
        clusters: how many.
        parts: their names.
        fingerprint: the catalog's; empty where the file cannot be read.
        active: whether it is what ``library.open_model`` takes for its generator.
        bundled: whether it lies beside its generator, where the shelf changes nothing.
        problem: why it cannot be opened, with what to do; empty where it can.
    """

    name: str
    version: int
    path: Path
    generator_fingerprint: str
    saved: datetime | None = None
    layer: str = ""
    clusters: int = 0
    parts: tuple[str, ...] = ()
    fingerprint: str = ""
    active: bool = False
    bundled: bool = False
    problem: str = ""


@dataclass(frozen=True)
class RemovedCatalog:
    """A version that was removed: ``CatalogShelf.restore`` takes it back."""

    name: str
    version: int
    generator_fingerprint: str
    folder: Path


def file_name(version: int) -> str:
    """What a version's file is called."""
    return f"v{version:04d}{CATALOG_SUFFIX}"


def versions_in(folder: Path) -> list[tuple[int, Path]]:
    """The versions in a folder, oldest first, with their files. May raise OSError."""
    matches = ((VERSION.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(match[1]), path) for match, path in matches if match and path.is_file())


def next_version(folder: Path) -> int:
    """The number of the version that comes after all in a folder."""
    return max((version for version, _ in versions_in(folder)), default=0) + 1


def name_of(folder: Path) -> str:
    """What people call the catalog of a folder."""
    try:
        return read_fields(folder / FACTS, _HINT).text("name", MAX_NAME)
    except LocalEditError:  # a name is not worth a catalog
        return shortened_name(folder.name)


def read_fields(path: Path, hint: str) -> Fields:
    """A small JSON file's object. LocalEditError, with the hint, if it holds none."""
    return Fields(parse_json(read_bounded(path, _MAX_BYTES), str(path), hint), str(path), hint)


def write_name(folder: Path, name: str) -> None:
    """Write down what people call the catalog of a folder, whole or not at all."""
    facts = {"format_version": FORMAT_VERSION, "name": name}
    atomic_write(folder / FACTS, write_json(facts))


def drop_if_empty(folder: Path) -> None:
    """Remove a folder that has no version any more."""
    with suppress(OSError):
        if not versions_in(folder):
            (folder / FACTS).unlink(missing_ok=True)
            folder.rmdir()


def described(entry: ShelvedCatalog) -> ShelvedCatalog:
    """The entry with what its file says. Never raises for what is in it."""
    try:
        catalog = load_catalog(entry.path, entry.generator_fingerprint)
        saved = datetime.fromtimestamp(entry.path.stat().st_mtime, UTC)
    except (LocalEditError, OSError) as error:
        return replace(entry, problem=str(error))
    return replace(
        entry,
        saved=saved,
        layer=catalog.layer,
        clusters=catalog.n_clusters,
        parts=tuple(part.name for part in catalog.parts),
        fingerprint=catalog.fingerprint,
    )


def belongs_to(path: Path, fingerprint: str) -> bool:
    """Whether a file is a catalog of that generator."""
    try:
        return load_catalog(path).generator_fingerprint == fingerprint
    except LocalEditError:
        return False


def described_beside(fingerprint: str, path: Path | None) -> ShelvedCatalog | None:
    """The catalog beside a generator, of which it may be another's."""
    folder = models_folder()
    paths = [folder / f"{name}{CATALOG_SUFFIX}" for name in bundled_models(folder)]
    for candidate in paths if path is None else [path]:
        if candidate.is_file():
            name = candidate.name.removesuffix(CATALOG_SUFFIX)
            entry = described(ShelvedCatalog(name, 0, candidate, fingerprint, bundled=True))
            if not entry.problem or path is not None:
                return entry
    return None
