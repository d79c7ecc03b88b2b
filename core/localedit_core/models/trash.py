"""Where removed generators lie until nobody can want them back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from localedit_core.models.disk import disk_errors, make_folder
from localedit_core.models.entry import SUFFIXES

TRASH = "trash"
KEPT = timedelta(days=30)

_STAMP = "%Y%m%d-%H%M%S"
_FOLDER = re.compile(r"(\d{8}-\d{6})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Removed:
    """A generator that was removed.

    Attributes:
        name: what people called it.
        folder: where its files lie now.
        stem: what they are called, without suffixes.
    """

    name: str
    folder: Path
    stem: str


def move_to_trash(library: Path, name: str, stem: str) -> Removed:
    """Move the files of one stem, and nothing else, into a new folder in the trash.

    Raises:
        LocalEditError: one cannot be moved; those that were are put back.
    """
    folder = new_folder(library)
    try:
        move_files(library, folder, stem, stem, SUFFIXES)
    except BaseException:
        with suppress(OSError):
            folder.rmdir()
        raise
    return Removed(name, folder, stem)


def new_folder(library: Path) -> Path:
    """Make a folder in the trash, which ``empty`` finds. LocalEditError if it cannot."""
    stamp = datetime.now(UTC).strftime(_STAMP)
    folder = library / TRASH / f"{stamp}-{secrets.token_hex(4)}"
    make_folder(folder)
    return folder


def move_files(
    source: Path, target: Path, stem: str, new_stem: str, suffixes: Sequence[str]
) -> None:
    """Move the files of a stem between two folders of a library, in the order of ``suffixes``.

    What lies at the new place is overwritten: the caller makes sure that it is nobody's.

    Raises:
        LocalEditError: one cannot be moved; those that were are put back.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        for suffix in suffixes:
            before, after = source / f"{stem}{suffix}", target / f"{new_stem}{suffix}"
            if before.is_file() or before.is_symlink():
                with disk_errors(before, "move"):
                    before.replace(after)
                moved.append((before, after))
    except BaseException:
        for before, after in reversed(moved):
            with suppress(OSError):
                after.replace(before)
        raise


def empty(library: Path, older_than: timedelta) -> int:
    """Delete for good what has lain in the trash longer; how many generators that were.

    Only folders that ``move_to_trash`` made, and in them only a library's kinds of files.
    """
    trash = library / TRASH
    if trash.is_symlink() or not trash.is_dir():
        return 0
    before = datetime.now(UTC) - older_than
    emptied = 0
    for folder in sorted(trash.iterdir()):
        removed = _removed_at(folder.name)
        if removed is None or removed > before or folder.is_symlink() or not folder.is_dir():
            continue
        with suppress(OSError):  # what cannot be deleted now can be later
            for file in folder.iterdir():
                if file.name.endswith(SUFFIXES) and (file.is_symlink() or file.is_file()):
                    file.unlink()
            folder.rmdir()
            emptied += 1
    return emptied


def _removed_at(name: str) -> datetime | None:
    match = _FOLDER.fullmatch(name)
    try:
        return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None
