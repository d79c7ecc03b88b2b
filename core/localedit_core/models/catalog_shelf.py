"""The catalogs that people made: several for one generator, in versions that stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from localedit_core.atomic import atomic_write
from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.errors import LocalEditError
from localedit_core.models import trash
from localedit_core.models.disk import disk_errors, make_folder
from localedit_core.models.fields import is_sha256, write_json
from localedit_core.models.names import checked_name, file_stem
from localedit_core.models.shelved import (
    FACTS,
    FORMAT_VERSION,
    VERSION,
    RemovedCatalog,
    ShelvedCatalog,
    belongs_to,
    described,
    described_beside,
    drop_if_empty,
    file_name,
    name_of,
    next_version,
    read_fields,
    versions_in,
    write_name,
)
from localedit_core.models.store import library_folder

__all__ = ["CatalogShelf", "RemovedCatalog", "ShelvedCatalog", "shelf_folder"]

_ACTIVE = "active.json"
_MOST_VERSIONS = 999_999
_WAIT = 10.0  # seconds; nobody holds the lock longer than a write takes


def shelf_folder() -> Path:
    """Where the shelf is: in the library of generators."""
    return library_folder() / "catalogs"


class CatalogShelf:
    """Catalogs by generator, each with its versions. Nothing is kept in memory.

    Every file is written whole or not at all, and what changes several files takes a lock: several
    LocalEdits may use one shelf. The folder is made when something is saved. All methods raise
    LocalEditError where a folder or file cannot be read or written.

    Attributes:
        folder: absolute. In it, per generator's fingerprint, one folder per catalog with a file per
            version and "facts.json" for its name.

    Args:
        folder: None stands for ``shelf_folder()``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (shelf_folder() if folder is None else folder).absolute()

    def entries(self, fingerprint: str, beside: Path | None = None) -> tuple[ShelvedCatalog, ...]:
        """All versions of all catalogs of a generator: by name, newest first.

        Args:
            fingerprint: the generator's.
            beside: the catalog file beside the generator, which comes first if it is there; None
                looks among those that come with LocalEdit.
        """
        pinned = self._active(fingerprint)
        found: list[ShelvedCatalog] = []
        for folder in self._catalogs(fingerprint):
            name = name_of(folder)
            found += [
                described(ShelvedCatalog(name, version, path, fingerprint, active=path == pinned))
                for version, path in versions_in(folder)
            ]
        found.sort(key=lambda entry: (entry.name.casefold(), -entry.version))
        first = described_beside(fingerprint, beside)
        if first is not None:
            found.insert(0, replace(first, active=not any(entry.active for entry in found)))
        return tuple(found)

    def find(self, fingerprint: str, catalog_fingerprint: str) -> ShelvedCatalog | None:
        """The version that does exactly what a session's catalog does, or None."""
        return next(
            (e for e in self.entries(fingerprint) if e.fingerprint == catalog_fingerprint), None
        )

    def active(self, fingerprint: str) -> ShelvedCatalog | None:
        """The version that was activated for a generator, or None for the one beside it."""
        path = self._active(fingerprint)
        if path is None:
            return None
        matched = VERSION.fullmatch(path.name)
        version = int(matched[1]) if matched else 0
        name = name_of(path.parent)
        return described(ShelvedCatalog(name, version, path, fingerprint, active=True))

    def open(self, entry: ShelvedCatalog) -> Catalog:
        """Read a version."""
        return load_catalog(entry.path, entry.generator_fingerprint)

    def save(self, catalog: Catalog, name: str) -> ShelvedCatalog:
        """Save a catalog as a new version of that name. Older versions stay.

        Raises:
            LocalEditError: no name, or the disk does not take it; then nothing has changed.
        """
        name = checked_name(name)
        fingerprint = catalog.generator_fingerprint
        with self._locked():
            folder = self._named(fingerprint, name) or self._claim(fingerprint, name)
            try:
                return self._add(folder, catalog)
            except BaseException:
                drop_if_empty(folder)
                raise

    def duplicate(self, entry: ShelvedCatalog, name: str) -> ShelvedCatalog:
        """Save a version as the first one of another name.

        Raises:
            LocalEditError: another catalog of this generator has the name.
        """
        name = checked_name(name)
        catalog = self.open(entry)
        with self._locked():
            self._check_free(entry.generator_fingerprint, name)
            folder = self._claim(entry.generator_fingerprint, name)
            try:
                return self._add(folder, catalog)
            except BaseException:
                drop_if_empty(folder)
                raise

    def rename(self, entry: ShelvedCatalog, name: str) -> ShelvedCatalog:
        """Call a catalog something else, with all its versions.

        Raises:
            LocalEditError: another catalog of this generator has the name.
        """
        name = checked_name(name)
        with self._locked():
            folder = self._own(entry).parent
            self._check_free(entry.generator_fingerprint, name, folder)
            write_name(folder, name)
        return replace(entry, name=name)

    def remove(self, entry: ShelvedCatalog) -> RemovedCatalog:
        """Move one version, and nothing else, to the shelf's folder "trash"."""
        with self._locked():
            path = self._own(entry)
            aside = trash.new_folder(self.folder)
            removed = RemovedCatalog(entry.name, entry.version, entry.generator_fingerprint, aside)
            try:
                write_name(aside, entry.name)
                with disk_errors(path, "move"):
                    path.replace(aside / path.name)
            except BaseException:
                with suppress(OSError):
                    (aside / FACTS).unlink(missing_ok=True)
                    aside.rmdir()
                raise
            drop_if_empty(path.parent)
        return removed

    def removed(self, fingerprint: str) -> tuple[RemovedCatalog, ...]:
        """What lies in the trash of a generator's catalogs, removed last first."""
        folder = self.folder / trash.TRASH
        with disk_errors(folder, "read"):
            asides = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
            found = [
                RemovedCatalog(name_of(aside), version, fingerprint, aside)
                for aside in asides
                if aside.is_dir()
                for version, path in versions_in(aside)
                if belongs_to(path, fingerprint)
            ]
        return tuple(found)

    def restore(self, removed: RemovedCatalog) -> ShelvedCatalog:
        """Take back what was removed, under its name; as its newest version if its own is taken.

        Raises:
            LocalEditError: it was emptied from the trash.
        """
        kept = removed.folder / file_name(removed.version)
        if not kept.is_file():
            raise LocalEditError(f"{removed.name} is not in the trash any more.")
        with self._locked():
            fingerprint = removed.generator_fingerprint
            folder = self._named(fingerprint, removed.name) or self._claim(
                fingerprint, removed.name
            )
            path = folder / kept.name
            if path.exists():
                path = folder / file_name(next_version(folder))
            with disk_errors(kept, "move"):
                kept.replace(path)
            with suppress(OSError):
                (removed.folder / FACTS).unlink(missing_ok=True)
                removed.folder.rmdir()
        return self._entry(path, fingerprint)

    def activate(self, entry: ShelvedCatalog) -> None:
        """Have ``library.open_model`` take this version; one beside its generator, that again."""
        active = self.folder / entry.generator_fingerprint / _ACTIVE
        with self._locked():
            if entry.bundled:
                with disk_errors(active, "remove"):
                    active.unlink(missing_ok=True)
                return
            path = self._own(entry)
            facts = {
                "format_version": FORMAT_VERSION,
                "catalog": path.parent.name,
                "version": entry.version,
            }
            atomic_write(active, write_json(facts))

    def tidy(self, older_than: timedelta = trash.KEPT) -> int:
        """Delete for good what was removed long ago; how many versions that were."""
        return trash.empty(self.folder, older_than)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        make_folder(self.folder)
        lock = FileLock(self.folder / ".lock", timeout=_WAIT)
        with disk_errors(self.folder):
            try:
                lock.acquire()
            except Timeout as error:
                raise LocalEditError(
                    f"Another program keeps {self.folder} locked.", "Close it and try again."
                ) from error
        try:
            yield
        finally:
            lock.release()

    def _catalogs(self, fingerprint: str) -> list[Path]:
        """The folders of a generator's catalogs."""
        if not is_sha256(fingerprint):
            raise LocalEditError(f"{fingerprint!r:.80} is no generator's fingerprint.")
        folder = self.folder / fingerprint
        with disk_errors(folder, "read"):
            if not folder.is_dir():
                return []
            return sorted(path for path in folder.iterdir() if path.is_dir() and versions_in(path))

    def _named(self, fingerprint: str, name: str) -> Path | None:
        wanted = name.casefold()
        folders = self._catalogs(fingerprint)
        return next((path for path in folders if name_of(path).casefold() == wanted), None)

    def _check_free(self, fingerprint: str, name: str, own: Path | None = None) -> None:
        taken = self._named(fingerprint, name)
        if taken is not None and taken != own:
            raise LocalEditError(
                f"Another catalog of this generator is called {name}.", "Choose another name."
            )

    def _claim(self, fingerprint: str, name: str) -> Path:
        """A new folder for a catalog of that name."""
        stem = file_stem(name, "catalog")
        make_folder(self.folder / fingerprint)
        for number in count(1):
            folder = self.folder / fingerprint / (stem if number == 1 else f"{stem}-{number}")
            if folder.is_dir() and not versions_in(folder):
                break  # left by a write that was broken off
            if not folder.exists():
                make_folder(folder)
                break
        write_name(folder, name)
        return folder

    def _add(self, folder: Path, catalog: Catalog) -> ShelvedCatalog:
        path = folder / file_name(next_version(folder))
        save_catalog(catalog, path)
        return self._entry(path, catalog.generator_fingerprint)

    def _entry(self, path: Path, fingerprint: str) -> ShelvedCatalog:
        matched = VERSION.fullmatch(path.name)
        assert matched is not None  # we made the name
        active = path == self._active(fingerprint)
        name = name_of(path.parent)
        return described(ShelvedCatalog(name, int(matched[1]), path, fingerprint, active=active))

    def _own(self, entry: ShelvedCatalog) -> Path:
        """The file of an entry, made sure to be one of this shelf."""
        if entry.bundled:
            raise LocalEditError(
                f"The catalog {entry.name} comes with its generator.", "Duplicate it first."
            )
        path = entry.path.absolute()
        if path.parents[2] != self.folder or not path.is_file():
            raise LocalEditError(
                f"{entry.path} is not on the shelf {self.folder}.", "Look at the shelf again."
            )
        return path

    def _active(self, fingerprint: str) -> Path | None:
        """The file that was activated, or None where that is none, or not there any more."""
        path = self.folder / fingerprint / _ACTIVE
        if not path.is_file():
            return None
        try:
            fields = read_fields(path, f"Remove {path}.")
            stem, version = fields.text("catalog", 255), fields.whole("version", 1, _MOST_VERSIONS)
        except LocalEditError:  # a damaged choice must not lock its generator out
            return None
        found = self.folder / fingerprint / stem / file_name(version)
        inside = found.parent.parent == path.parent and Path(stem).name == stem
        return found if inside and found.is_file() else None
