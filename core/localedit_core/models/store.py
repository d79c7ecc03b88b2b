"""The user's library of generators: a folder of files that people may also move by hand."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import platformdirs

from localedit_core.atomic import atomic_path, atomic_write
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.models import trash
from localedit_core.models.disk import disk_errors, make_folder
from localedit_core.models.entry import (
    FACTS_SUFFIX,
    MAX_LICENCE,
    MAX_SOURCE,
    SUFFIXES,
    THUMBNAIL_SUFFIX,
    LibraryEntry,
    beside,
    read_entry,
    read_generator_facts,
    write_facts,
)
from localedit_core.models.names import checked_name, file_stem, numbered_name, shortened_name
from localedit_core.models.thumbnail import write_thumbnail
from localedit_core.models.trash import KEPT, Removed
from localedit_resources import CATALOG_SUFFIX, GENERATOR_SUFFIX

MODELS_VARIABLE = "LOCALEDIT_MODELS"
_TEMPORARY = re.compile(r"\.localedit-[0-9a-f]{16}(\.safetensors|\.json|\.png)")
_STALE = 24 * 3600  # seconds after which nobody is still writing a temporary file


def library_folder() -> Path:
    """Where the library is; LOCALEDIT_MODELS names another folder."""
    named = os.environ.get(MODELS_VARIABLE)
    if named:
        return Path(named)
    return platformdirs.user_data_path("LocalEdit", appauthor=False) / "models"


class ModelLibrary:
    """The generators of a folder, with catalogs, thumbnails and facts beside them.

    Nothing is kept in memory, and every file is written whole or not at all: several LocalEdits may
    use one library. The folder is made when something is added.

    Attributes:
        folder: absolute.

    Args:
        folder: None stands for ``library_folder()``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (library_folder() if folder is None else folder).absolute()

    @property
    def downloads(self) -> Path:
        """Where to fetch published checkpoints to before they are imported."""
        return self.folder / "downloads"

    def entries(self) -> tuple[LibraryEntry, ...]:
        """All generators, by name. One that cannot be opened is there too and says why.

        Raises:
            LocalEditError: the folder itself cannot be read. A missing one is empty.
        """
        with disk_errors(self.folder, "read"):
            if not self.folder.exists():
                return ()
            files = [path for path in self.folder.iterdir() if _is_generator(path)]
        found = [read_entry(path) for path in files]
        return tuple(sorted(found, key=lambda entry: (entry.name.casefold(), entry.stem)))

    def find(self, name: str) -> LibraryEntry | None:
        """The generator of a file stem, or else of a name in large or small letters."""
        entries = self.entries()
        by_stem = [entry for entry in entries if entry.stem == name]
        wanted = name.strip().casefold()
        return next(iter(by_stem + [e for e in entries if e.name.casefold() == wanted]), None)

    def of_source(self, sha256: str) -> LibraryEntry | None:
        """A generator that was imported from a file of this SHA-256, or None."""
        return next((e for e in self.entries() if e.facts.source_sha256 == sha256), None)

    def add(
        self,
        write: Callable[[Path], object],
        *,
        name: str,
        licence: str = "",
        source: str = "",
        source_sha256: str | None = None,
        thumbnail: Picture | None = None,
        catalog: Path | None = None,
    ) -> LibraryEntry:
        """Take up a generator. It appears when everything about it is there, or not at all.

        Args:
            write: writes the generator file to the path that it gets, as ``save_generator`` does.
                What it raises, this raises.
            name: what to call it; cut where it is too long, numbered where another has it.
            licence: of the weights; empty takes what the file says.
            source: page, address or file name.
            source_sha256: of the file that was imported; None takes what the file says.
            thumbnail: at most 1024 px high and wide.
            catalog: its catalog's file, which is copied.

        Raises:
            LocalEditError: the folder cannot be written, or what was written is no generator.
        """
        make_folder(self.folder)
        name = self._free_name(shortened_name(name))
        path = self._claim(file_stem(name))
        try:
            with atomic_path(path) as temporary:
                write(temporary)
                said = read_generator_facts(temporary).facts
                facts = replace(
                    said,
                    name=name,
                    licence=(licence or said.licence)[:MAX_LICENCE],
                    source=source[:MAX_SOURCE],
                    source_sha256=source_sha256 or said.source_sha256,
                    imported=datetime.now(UTC).date().isoformat(),
                )
                if catalog is not None:
                    with atomic_path(beside(path, CATALOG_SUFFIX)) as copy:
                        shutil.copyfile(catalog, copy)
                if thumbnail is not None:
                    write_thumbnail(beside(path, THUMBNAIL_SUFFIX), thumbnail)
                atomic_write(beside(path, FACTS_SUFFIX), write_facts(facts))
        except BaseException:
            self._give_up(path)
            raise
        return read_entry(path)

    def add_file(
        self, file: Path, *, name: str | None = None, thumbnail: Picture | None = None
    ) -> LibraryEntry:
        """Copy a generator of ours into the library, with the catalog beside it if there is one.

        Args:
            file: what ``save_generator`` wrote.
            name: what to call it; None takes what the file says.
            thumbnail: as in ``add``.

        Raises:
            LocalEditError: as in ``add``.
        """
        said = read_generator_facts(file)
        beside_it = file.with_name(file.name.removesuffix(GENERATOR_SUFFIX) + CATALOG_SUFFIX)
        return self.add(
            lambda path: shutil.copyfile(file, path),
            name=said.facts.name if name is None else name,
            source=file.name,
            thumbnail=thumbnail,
            catalog=beside_it if beside_it.is_file() else None,
        )

    def rename(self, entry: LibraryEntry, name: str) -> LibraryEntry:
        """Call a generator something else. Its files keep their names: sessions look for those.

        Raises:
            LocalEditError: no name, too long a one, or another generator's; or it is not here, or
                cannot be written.
        """
        path = self._own(entry)
        name = checked_name(name)
        others = [other for other in self.entries() if other.path != path]
        if any(other.name.casefold() == name.casefold() for other in others):
            raise LocalEditError(f"Another generator is called {name}.", "Choose another name.")
        facts = replace(read_entry(path).facts, name=name)
        atomic_write(beside(path, FACTS_SUFFIX), write_facts(facts))
        return read_entry(path)

    def set_thumbnail(self, entry: LibraryEntry, picture: Picture) -> LibraryEntry:
        """Give a generator a picture of at most 1024 px. LocalEditError if it cannot be written."""
        path = self._own(entry)
        write_thumbnail(beside(path, THUMBNAIL_SUFFIX), picture)
        return read_entry(path)

    def remove(self, entry: LibraryEntry) -> Removed:
        """Move a generator's own files, and nothing else, to the library's folder "trash".

        Raises:
            LocalEditError: it is not of this library, or a file cannot be moved.
        """
        path = self._own(entry)
        return trash.move_to_trash(
            self.folder, entry.name, path.name.removesuffix(GENERATOR_SUFFIX)
        )

    def restore(self, removed: Removed) -> LibraryEntry:
        """Take back what was removed. Its files get other names where theirs are taken.

        Raises:
            LocalEditError: it was emptied from the trash, or a file cannot be moved.
        """
        if not (removed.folder / f"{removed.stem}{GENERATOR_SUFFIX}").is_file():
            raise LocalEditError(f"{removed.name} is not in the trash any more.")
        path = self._claim(removed.stem)
        stem = path.name.removesuffix(GENERATOR_SUFFIX)
        try:  # the generator last: it is what makes an entry
            trash.move_files(removed.folder, self.folder, removed.stem, stem, SUFFIXES[::-1])
        except BaseException:
            self._give_up(path)
            raise
        with suppress(OSError):
            if beside(path, FACTS_SUFFIX).stat().st_size == 0:  # our claim: it had no facts
                beside(path, FACTS_SUFFIX).unlink()
            removed.folder.rmdir()
        entry = read_entry(path)
        if (name := self._free_name(entry.name, path)) != entry.name:
            return self.rename(entry, name)
        return entry

    def tidy(self, older_than: timedelta = KEPT) -> int:
        """Delete what was removed long ago, and what writes that were broken off have left.

        To be called at start.

        Returns:
            How many removed generators were deleted for good.
        """
        with suppress(OSError):  # another day
            for path in self.folder.iterdir():
                stale = time.time() - path.lstat().st_mtime > _STALE
                if _TEMPORARY.fullmatch(path.name) and stale and not path.is_dir():
                    path.unlink()
        return trash.empty(self.folder, older_than)

    def _own(self, entry: LibraryEntry) -> Path:
        """The file of an entry, made sure to be one of this folder."""
        path = entry.path.absolute()
        if path.parent != self.folder or not _is_generator(path):
            raise LocalEditError(
                f"{entry.path} is not in the library {self.folder}.", "Look at the library again."
            )
        return path

    def _free_name(self, name: str, own: Path | None = None) -> str:
        """The name, numbered if another generator than ``own`` has it."""
        taken = {entry.name.casefold() for entry in self.entries() if entry.path != own}
        names = (name if n == 1 else numbered_name(name, n) for n in count(1))
        return next(free for free in names if free.casefold() not in taken)

    def _claim(self, stem: str) -> Path:
        """A generator path whose stem nobody uses, made ours by an empty file of facts."""
        for number in count(1):
            path = self.folder / f"{stem}{'' if number == 1 else f'-{number}'}{GENERATOR_SUFFIX}"
            if _taken(path):
                continue
            facts = beside(path, FACTS_SUFFIX)
            with disk_errors(facts):
                try:
                    os.close(os.open(facts, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
                except FileExistsError:  # another LocalEdit was faster
                    continue
            return path
        raise AssertionError("unreachable")

    def _give_up(self, path: Path) -> None:
        """Remove what lies beside a generator that did not come about."""
        for suffix in (CATALOG_SUFFIX, THUMBNAIL_SUFFIX, FACTS_SUFFIX):
            with suppress(OSError):
                beside(path, suffix).unlink(missing_ok=True)


def _taken(generator: Path) -> bool:
    return any(os.path.lexists(beside(generator, suffix)) for suffix in SUFFIXES)


def _is_generator(path: Path) -> bool:
    """By its name, and no folder. Temporary files begin with a dot."""
    name = path.name
    fitting = name.endswith(GENERATOR_SUFFIX) and not name.endswith(CATALOG_SUFFIX)
    return fitting and not name.startswith(".") and os.path.lexists(path) and not path.is_dir()
