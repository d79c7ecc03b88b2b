"""The opcodes that hold a number, a text or bytes."""

from __future__ import annotations

import ast
import struct
from typing import Any

import numpy as np

from localedit_core.checkpoints.pickles.budget import Budget
from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Source

LARGE = 64 * 1024  # bytes from this size on stay in the file
MAX_LINE = 64 * 1024
MAX_INTEGER = 1024  # bytes
MAX_TEXT = 2**20  # bytes; a longer one can only be an array's bytes
_LAST_LATIN_LEAD = 0xC3  # what a letter of Latin-1 begins with in UTF-8, at most


class Scalars:
    """Reads numbers, texts and bytes, and pushes them.

    Args:
        source: where from.
        budget: what it may cost.
    """

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source = source
        self._budget = budget
        self._stack: list[Any] = []

    def _push(self, value: Any) -> None:
        self._stack.append(value)

    def _unpack(self, layout: str) -> Any:
        return struct.unpack(layout, self._source.take(struct.calcsize(layout)))[0]

    def _line(self) -> str:
        return self._source.line(MAX_LINE).decode("latin-1")

    @staticmethod
    def _decimal(text: str) -> int:
        digits = text.removeprefix("-")
        if len(digits) > MAX_INTEGER or not digits.isascii() or not digits.isdigit():
            raise Refusal("a number in it is none", DAMAGED)
        return int(text)

    def _proto(self) -> None:
        protocol = self._source.take(1)[0]
        if protocol > 5:
            raise Refusal(
                f"it is a pickle of version {protocol}, of which nothing is known", DAMAGED
            )

    def _frame(self) -> None:
        if self._unpack("<Q") > self._source.left:
            raise Refusal("it breaks off in the middle", DAMAGED)

    def _none(self) -> None:
        self._push(None)

    def _newtrue(self) -> None:
        self._push(True)

    def _newfalse(self) -> None:
        self._push(False)

    def _int(self) -> None:
        text = self._line()
        self._push({"01": True, "00": False}[text] if text in ("00", "01") else self._decimal(text))

    def _long(self) -> None:
        self._push(self._decimal(self._line().removesuffix("L")))

    def _binint(self) -> None:
        self._push(self._unpack("<i"))

    def _binint1(self) -> None:
        self._push(self._source.take(1)[0])

    def _binint2(self) -> None:
        self._push(self._unpack("<H"))

    def _push_integer(self, length: int) -> None:
        if not 0 <= length <= MAX_INTEGER:
            raise Refusal(f"it holds an integer of {length} bytes", DAMAGED)
        self._push(int.from_bytes(self._source.take(length), "little", signed=True))

    def _long1(self) -> None:
        self._push_integer(self._source.take(1)[0])

    def _long4(self) -> None:
        self._push_integer(self._unpack("<i"))

    def _float(self) -> None:
        try:
            self._push(float(self._line()[:64]))
        except ValueError as error:
            raise Refusal("a number in it is none", DAMAGED) from error

    def _binfloat(self) -> None:
        self._push(self._unpack(">d"))

    def _push_text(self, length: int) -> None:
        self._budget.spend(0, length)
        raw = self._source.take(length)
        # One letter of another script makes Python take four bytes for each letter.
        if length > MAX_TEXT and np.frombuffer(raw, np.uint8).max() > _LAST_LATIN_LEAD:
            raise Refusal(f"it holds a text of {length} bytes", DAMAGED)
        try:
            self._push(raw.decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError as error:
            raise Refusal("a text in it is none", DAMAGED) from error

    def _short_binunicode(self) -> None:
        self._push_text(self._source.take(1)[0])

    def _binunicode(self) -> None:
        self._push_text(self._unpack("<I"))

    def _binunicode8(self) -> None:
        self._push_text(self._unpack("<Q"))

    def _unicode(self) -> None:
        line = self._source.line(MAX_LINE)
        try:
            self._push(line.decode("raw-unicode-escape"))
        except UnicodeDecodeError as error:
            raise Refusal("a text in it is none", DAMAGED) from error

    def _string(self) -> None:
        line = self._line()
        try:
            value = ast.literal_eval(line) if line[:1] in "'\"" else None
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            value = None
        if not isinstance(value, str):
            raise Refusal("a text in it is none", DAMAGED)
        self._push(value)

    def _push_bytes(self, length: int, *, old: bool = False) -> None:
        """Bytes; those of Python 2 were its texts, and large ones are numbers all the same."""
        if length < 0:
            raise Refusal("it announces a negative number of bytes", DAMAGED)
        if length >= LARGE:
            self._push(self._source.skip(length))
            return
        data = self._source.take(length)
        self._push(data.decode("latin-1") if old else data)

    def _short_binstring(self) -> None:
        self._push_bytes(self._source.take(1)[0], old=True)

    def _binstring(self) -> None:
        self._push_bytes(self._unpack("<i"), old=True)

    def _short_binbytes(self) -> None:
        self._push_bytes(self._source.take(1)[0])

    def _binbytes(self) -> None:
        self._push_bytes(self._unpack("<I"))

    def _binbytes8(self) -> None:
        self._push_bytes(self._unpack("<Q"))

    def _bytearray8(self) -> None:
        self._push_bytes(self._unpack("<Q"))
