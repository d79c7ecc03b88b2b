"""Bounded reading of a region of a file: never more than there is, never more than was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from localedit_core.checkpoints.pickles.refusal import Refusal

CHUNK = 64 * 1024
DAMAGED = "The file is damaged or incomplete; take another copy of it."


@dataclass(frozen=True, eq=False)
class Region:
    """A run of bytes in an open file.

    Attributes:
        file: open for reading; used by one thread at a time.
        start: of the region in the file.
        length: in bytes.
    """

    file: BinaryIO
    start: int
    length: int

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Read bytes, all of them or a Refusal."""
        wanted = self.length - offset if length is None else length
        if offset < 0 or wanted < 0 or offset + wanted > self.length:
            raise Refusal("it points at bytes that it does not have", DAMAGED)
        try:
            self.file.seek(self.start + offset)
            data = self.file.read(wanted)
        except OSError as error:
            raise Refusal(
                f"the disk does not give it: {error.strerror or error}", "Try another copy."
            ) from error
        if len(data) != wanted:
            raise Refusal("it became shorter while it was being read", "Open it again.")
        return data

    def part(self, offset: int, length: int) -> Region:
        """A region inside this one. Refusal if it is not inside."""
        if offset < 0 or length < 0 or offset + length > self.length:
            raise Refusal(f"it ends before {length} bytes that it announces", DAMAGED)
        return Region(self.file, self.start + offset, length)


class Source:
    """A region that is read from its start on, in small pieces.

    Attributes:
        region: what is read.
        position: how many bytes have been read or skipped.
    """

    def __init__(self, region: Region, position: int = 0) -> None:
        self.region = region
        self.position = position
        self._buffer = b""
        self._buffer_start = position

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return self.region.length - self.position

    def take(self, count: int) -> bytes:
        """Read ``count`` bytes. Refusal if there are fewer."""
        at = self.position - self._buffer_start
        if at + count <= len(self._buffer):
            self.position += count
            return self._buffer[at : at + count]
        if count > self.left:
            raise Refusal(
                f"it breaks off in the middle: {count} bytes announced, {max(self.left, 0)} left",
                DAMAGED,
            )
        self._buffer = self.region.read(self.position, min(max(count, CHUNK), self.left))
        self._buffer_start = self.position
        self.position += count
        return self._buffer[:count]

    def line(self, most: int) -> bytes:
        """Read up to a line feed, which is dropped. Refusal if it is not near."""
        start = self.position
        at = start - self._buffer_start
        near = self._buffer.find(b"\n", at, at + most + 1)
        if near >= 0:  # without a copy of all that was read ahead, for each short line
            self.position += near + 1 - at
            return self._buffer[at:near]
        held = self.take(min(most + 1, self.left))
        end = held.find(b"\n")
        if end < 0:
            raise Refusal("it breaks off in the middle of a line", DAMAGED)
        self.position = start + end + 1
        return held[:end]

    def skip(self, count: int) -> Region:
        """Step over ``count`` bytes and hand out where they are."""
        region = self.region.part(self.position, count)
        self.position += count
        return region
