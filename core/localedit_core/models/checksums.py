"""What came from which address the first time: "downloads.json" in the folder of downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from localedit_core.atomic import atomic_write
from localedit_core.bounded import read_bounded
from localedit_core.errors import LocalEditError
from localedit_core.models.disk import disk_errors
from localedit_core.models.fields import Fields, parse_json, write_json

CHECKSUMS_NAME = "downloads.json"
FORMAT_VERSION = 1
_MAX_BYTES = 8 * 2**20
_WAIT = 10.0  # seconds; nobody holds the lock longer than a write takes


@dataclass(frozen=True)
class Seen:
    """A file that came from an address: its SHA-256, its bytes, the day it came first."""

    sha256: str
    size: int
    first_seen: str


class Checksums:
    """The file of a folder. Nothing is kept in memory: another LocalEdit may write it too.

    The methods raise LocalEditError where it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / CHECKSUMS_NAME
        self._hint = f"Remove {self._path}; the checksums in it are forgotten."

    def of(self, address: str) -> Seen | None:
        """What came from an address, or None."""
        return self._read().get(address)

    def remember(self, address: str, sha256: str, size: int) -> None:
        """Write down what came; the day stays where it is the same as before."""
        with disk_errors(self._path), self._lock():
            seen = dict(self._read())
            before = seen.get(address)
            if before is None or before.sha256 != sha256:
                seen[address] = Seen(sha256, size, datetime.now(UTC).date().isoformat())
                files = {name: asdict(entry) for name, entry in sorted(seen.items())}
                document = {"format_version": FORMAT_VERSION, "files": files}
                atomic_write(self._path, write_json(document))

    def _lock(self) -> FileLock:
        return FileLock(self._path.with_name(f".{CHECKSUMS_NAME}.lock"), timeout=_WAIT)

    def _read(self) -> Mapping[str, Seen]:
        if not self._path.is_file():
            return {}
        source = str(self._path)
        values = parse_json(read_bounded(self._path, _MAX_BYTES), source, self._hint)
        document = Fields(values, source, self._hint)
        document.whole("format_version", 1, FORMAT_VERSION)
        files = document.take("files")
        if not isinstance(files, dict):
            raise document.wrong("files", "is no object")
        return {address: self._seen(entry) for address, entry in files.items()}

    def _seen(self, values: object) -> Seen:
        fields = Fields(values, str(self._path), self._hint)
        day = fields.text("first_seen", 10)
        try:
            date.fromisoformat(day)
        except ValueError:
            raise fields.wrong("first_seen", f"{day!r:.60} is no date") from None
        return Seen(fields.sha256("sha256"), fields.whole("size", 0, 2**62), day)


class OnlyOne:
    """Holds a file's name for one download at a time, across processes.

    Args:
        target: the file that is fetched.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=0)

    def __enter__(self) -> None:
        with disk_errors(self._target):
            try:
                self._lock.acquire()
            except Timeout:
                raise LocalEditError(
                    f"{self._target.name} is being fetched already.",
                    "Wait for it, or stop the other one.",
                ) from None

    def __exit__(self, *_: object) -> None:
        self._lock.release()
