"""Builds numpy arrays, dtypes and numbers of what a file says about them."""

from __future__ import annotations

from typing import Any

import numpy as np

from localedit_core.checkpoints.pickles.arguments import as_bytes, counts_of, wrong
from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Region
from localedit_core.checkpoints.pickles.values import (
    MAX_ELEMENTS,
    Global,
    Storage,
    StoredArray,
    make_view,
)

# The kinds of numbers that weights and counts are stored as, without their byte order.
_NUMERIC_CODES = "f2 f4 f8 f d e i1 i2 i4 i8 i u1 u2 u4 u8 b1 ? b B h H l L q Q"
_NUMERIC = frozenset(_NUMERIC_CODES.split())
_SCALAR_NAMES = """
    float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_
"""
NUMPY_SCALARS = frozenset(_SCALAR_NAMES.split())


class ArrayStandIn(StoredArray):
    """An array that a file has begun to describe; its state makes it whole, once."""

    def __init__(self) -> None:
        super().__init__(np.dtype(np.float32), (0,), Storage(np.dtype(np.float32), 0, b""), (1,))
        self.whole = False

    def set_state(self, state: Any) -> None:
        """Take (version, shape, dtype, Fortran order, bytes), as numpy's arrays give."""
        if self.whole or not isinstance(state, tuple) or len(state) not in (4, 5):
            raise wrong("an array")
        shape, dtype, fortran, data = state[-4:]
        array = _array(shape, dtype, bool(fortran), data)
        self.dtype, self.shape = array.dtype, array.shape
        self._storage, self._strides, self._offset = array._storage, array._strides, array._offset
        self.whole = True


class DtypeStandIn:
    """A numpy dtype that a file describes. ``kind`` is None for what holds no numbers."""

    def __init__(self, code: str) -> None:
        text = code.lstrip("<>=|")
        self.kind: np.dtype[Any] | None = np.dtype(text) if text in _NUMERIC else None
        if self.kind is not None and code[:1] == ">":
            self.kind = self.kind.newbyteorder(">")

    def set_state(self, state: Any) -> None:
        """Take (version, byte order, ...), as numpy's dtypes give."""
        if isinstance(state, tuple) and len(state) >= 2 and self.kind is not None:
            if state[1] == ">":
                self.kind = self.kind.newbyteorder(">")
            elif state[1] in ("<", "|", "="):
                self.kind = self.kind.newbyteorder("<")


def _array(shape: Any, dtype: Any, fortran: bool, data: Any) -> StoredArray:
    counts, raw = counts_of(shape), as_bytes(data)
    if not isinstance(dtype, DtypeStandIn) or counts is None:
        raise wrong("an array")
    if dtype.kind is None or raw is None:
        raise Refusal(
            "it holds an array of Python objects, which LocalEdit refuses",
            "Nothing in the file was run. Weights are arrays of numbers.",
        )
    width = dtype.kind.itemsize
    length = raw.length if isinstance(raw, Region) else len(raw)
    strides = [1] * len(counts)
    order = range(len(counts)) if fortran else range(len(counts) - 1, -1, -1)
    step = 1
    for axis in order:
        strides[axis] = step
        step *= counts[axis]
        if step > MAX_ELEMENTS:
            break
    if step > MAX_ELEMENTS or step * width != length:
        raise Refusal(
            f"it announces an array of {' x '.join(f'{n:.6g}' for n in counts)} numbers "
            f"in {length} bytes",
            DAMAGED,
        )
    return make_view(Storage(dtype.kind, step, raw), 0, counts, tuple(strides))


def numpy_dtype(args: tuple[Any, ...]) -> DtypeStandIn:
    """``numpy.dtype(code, ...)``."""
    code = args[0] if args else None
    if isinstance(code, bytes):
        code = code.decode("latin-1")
    if isinstance(code, Global):
        code = np.dtype(code.name).str if code.name in NUMPY_SCALARS else "O"
    if not isinstance(code, str) or not 1 <= len(code) <= 32:
        raise wrong("a kind of number")
    return DtypeStandIn(code)


def numpy_scalar(args: tuple[Any, ...]) -> Any:
    """``numpy.core.multiarray.scalar(dtype, bytes)``: a plain number."""
    if len(args) != 2 or not isinstance(args[0], DtypeStandIn):
        raise wrong("a number")
    value = _array((), args[0], False, args[1]).read()
    return value.item()


def numpy_frombuffer(args: tuple[Any, ...]) -> StoredArray:
    """``numpy.core.numeric._frombuffer(bytes, dtype, shape, order)``, of protocol 5."""
    if len(args) != 4 or args[3] not in ("C", "F"):
        raise wrong("an array")
    return _array(args[2], args[1], args[3] == "F", args[0])
