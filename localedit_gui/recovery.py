"""Unsaved work on disk, and how the next start tells whose it is."""

from __future__ import annotations

import json
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile

from localedit_core.atomic import atomic_write
from localedit_core.errors import LocalEditError

_SUFFIX = ".localedit"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leftover:
    """Work that a program which is gone had not saved.

    Attributes:
        file: a session file.
        name: what the session was called.
        path: the session's own file, or None if it had none.
        when: when it was written.
        generator: what its generator is called; empty where that is not known.
    """

    file: Path
    name: str
    path: Path | None
    when: datetime
    generator: str = ""


class RecoveryFolder:
    """A slot for the unsaved work of one session, in the folder of all such slots.

    A slot is a session file, a note about it and a lock. The lock dies with the program, however
    that dies; a slot without a live lock is a leftover.

    Args:
        folder: is made when the first work is kept.
        suffix: of the files in which work of this kind is kept.
    """

    def __init__(self, folder: Path, suffix: str = _SUFFIX) -> None:
        self._folder = folder
        self._suffix = suffix
        self._slot = uuid.uuid4().hex
        self._lock: QLockFile | None = None

    @property
    def file(self) -> Path:
        """The slot's session file."""
        return self._folder / f"{self._slot}{self._suffix}"

    def claim(self) -> None:
        """Make the folder and take the slot.

        Raises:
            LocalEditError: the folder cannot be written.
        """
        if self._lock is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalEditError(
                f"Unsaved work cannot be kept in {self._folder}: {error.strerror}.",
                "Save often, or make room for that folder.",
            ) from error
        lock = _lock(self.file)
        if not lock.tryLock(0):
            raise LocalEditError(
                f"Unsaved work cannot be kept in {self._folder}: it cannot be written.",
                "Save often, or allow writing there.",
            )
        self._lock = lock

    def note(self, name: str, path: Path | None, generator: str) -> None:
        """Write down what the slot's session is. LocalEditError if it cannot be written."""
        facts = {
            "name": name,
            "path": None if path is None else str(path.absolute()),
            "generator": generator,
            "when": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        atomic_write(_note(self.file), json.dumps(facts).encode())

    def clear(self) -> None:
        """Empty the slot: the work is saved, or given up by its owner."""
        _remove(self.file)

    def release(self) -> None:
        """Empty the slot and give it back."""
        self.clear()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def leftovers(self) -> list[Leftover]:
        """Work that nobody alive owns, newest first."""
        found = []
        for file in self._folder.glob(f"*{self._suffix}"):
            lock = _lock(file)
            if file == self.file or not lock.tryLock(0):
                continue
            lock.unlock()
            found.append(_read(file))
        return sorted(found, key=lambda leftover: leftover.when, reverse=True)

    def discard(self, leftover: Leftover) -> None:
        """Delete a leftover."""
        _remove(leftover.file)


def _lock(file: Path) -> QLockFile:
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # however old: only a dead owner makes a lock stale
    return lock


def _note(file: Path) -> Path:
    return file.with_suffix(".json")


def _remove(file: Path) -> None:
    for path in (file, _note(file)):
        try:
            path.unlink(missing_ok=True)
        except OSError:  # worst, it is offered once more
            _log.warning("%s could not be removed", path, exc_info=True)


def _read(file: Path) -> Leftover:
    name, path, generator = "", None, ""
    when = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    try:
        facts = json.loads(_note(file).read_text(encoding="utf-8"))
        name, generator = str(facts["name"]), str(facts.get("generator", ""))
        path = None if facts["path"] is None else Path(str(facts["path"]))
        when = datetime.fromisoformat(str(facts["when"])).astimezone()
    except (OSError, ValueError, KeyError, TypeError):
        pass  # the session is what counts; without its note it only has no name
    return Leftover(file, name, path, when, generator)
