"""A file that is still coming, with what is needed to go on with it another day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from localedit_core.atomic import atomic_write
from localedit_core.bounded import read_bounded
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.models.disk import disk_errors, flush_to_disk
from localedit_core.models.exchange import Answer
from localedit_core.models.fields import Fields, parse_json, write_json

_BLOCK = 2**20
_MAX_STATE_BYTES = 2**16
_MAX_TEXT = 4000
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")


class Fit(Enum):
    """What an answer means for the bytes that are here already."""

    GOES_ON = "the rest follows"
    ANEW = "the whole file follows"
    COMPLETE = "nothing is missing"
    USELESS = "it does not fit: ask again for the whole file"


@dataclass(frozen=True)
class Origin:
    """Which file of which server the bytes are of.

    Attributes:
        address: what was asked for.
        validator: strong ETag or date of change as the server put it; empty if it gave none.
        total: bytes of the whole file, or None.
    """

    address: str
    validator: str
    total: int | None


class PartialFile:
    """The bytes so far in "<name>.part", their origin in "<name>.part.json".

    Use as a context manager. One process at a time: the caller sees to that.

    Attributes:
        origin: of the bytes so far, or None where there are none to go on with.
        size: how many there are.

    Args:
        target: the file that it will be.
        address: what is asked for. Bytes from another address are thrown away.

    The methods raise LocalEditError for whatever the disk does not do.
    """

    def __init__(self, target: Path, address: str) -> None:
        self.path = part_path(target)
        self._address = address
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self.origin: Origin | None = None
        self.size = 0

    def __enter__(self) -> PartialFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            with suppress(OSError):  # a full disk was told when writing
                self._file.close()
            self._file = None

    def find(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Take up what an earlier attempt left. RenderCancelled if ``cancelled`` says yes."""
        origin = _read_origin(self.path)
        if origin is None or origin.address != self._address or not origin.validator:
            self.discard()
            return
        with disk_errors(self.path, "read"):
            self._file = self.path.open("rb+")
            while block := self._file.read(_BLOCK):
                if cancelled is not None and cancelled():
                    raise RenderCancelled
                self._digest.update(block)
                self.size += len(block)
        if self.size:
            self.origin = origin
        else:
            self.discard()

    @property
    def headers(self) -> dict[str, str]:
        """What to ask the server for: the rest, if its file is still the same."""
        if self.origin is None:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.origin.validator}

    def fit(self, answer: Answer) -> Fit:
        """Whether an answer to ``headers`` goes on where the bytes end.

        A status that is neither 200, 206 nor 416 is the caller's to judge.
        """
        if answer.status == 200:
            return Fit.ANEW
        if self.origin is None:
            return Fit.USELESS
        total = self.origin.total
        said = answer.headers.get("Content-Range", "")
        if answer.status == 416:  # we asked for what lies behind the file's end
            complete = total in (None, self.size) and said == f"bytes */{self.size}"
            return Fit.COMPLETE if complete else Fit.USELESS
        match = _RANGE.fullmatch(said)
        same = validator_of(answer.headers) in ("", self.origin.validator)
        if match is None or int(match[1]) != self.size or not same:
            return Fit.USELESS
        if total is not None and match[3] not in ("*", str(total)):
            return Fit.USELESS
        return Fit.GOES_ON

    def begin(self, origin: Origin) -> None:
        """Throw away what is here and begin with another file."""
        self.discard()
        atomic_write(_state_path(self.path), write_json(asdict(origin)))
        with disk_errors(self.path):
            self._file = self.path.open("wb")
        self.origin = origin

    def append(self, chunk: bytes) -> None:
        """Put bytes behind those that are here."""
        assert self._file is not None
        with disk_errors(self.path):
            self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    def close(self) -> str:
        """Have every byte on the disk; the SHA-256 of them all."""
        assert self._file is not None
        with disk_errors(self.path):
            self._file.close()
            flush_to_disk(self.path)
        self._file = None
        return self._digest.hexdigest()

    def become(self, path: Path) -> None:
        """Move the closed file to ``path``, in the same folder, and forget its origin."""
        with disk_errors(path):
            self.path.replace(path)
            _state_path(self.path).unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove what is here."""
        self.__exit__(None, None, None)
        self.origin, self.size, self._digest = None, 0, hashlib.sha256()
        # The bytes go first: without their origin they would be of no use, but not the reverse.
        for path in (self.path, _state_path(self.path)):
            with disk_errors(path, "remove"):
                path.unlink(missing_ok=True)


def part_path(target: Path) -> Path:
    """Where the bytes of a file lie until it is complete."""
    return target.with_name(f"{target.name}.part")


def validator_of(headers: Mapping[str, str]) -> str:
    """By what a server lets us ask whether its file is still the same; empty if by nothing."""
    tag = headers.get("ETag", "").strip()
    if tag.startswith('"') and len(tag) < _MAX_TEXT:  # a weak one, W/"...", promises no bytes
        return tag
    changed = headers.get("Last-Modified", "").strip()
    return changed if len(changed) < _MAX_TEXT else ""


def _state_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _read_origin(part: Path) -> Origin | None:
    """The origin of the bytes in ``part``; None if that is not known, whatever the reason."""
    source = _state_path(part)
    try:
        fields = Fields(
            parse_json(read_bounded(source, _MAX_STATE_BYTES), str(source), ""), str(source), ""
        )
        total = None if fields.is_null("total") else fields.whole("total", 0, 2**62)
        validator = fields.text("validator", _MAX_TEXT, empty=True)
        return Origin(fields.text("address", _MAX_TEXT), validator, total)
    except LocalEditError:
        return None
