"""What a checkpoint is read into: plain values, arrays that stay in the file, inert stand-ins."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Region

MAX_AXES = 8
MAX_ELEMENTS = 2**30
# A view may repeat its storage (a broadcast constant) up to this size, whatever it claims to be.
MOST_REPEATED = 2**16

Data = Region | bytes
"""The bytes of an array: in the file, or small ones in memory."""


@dataclass(frozen=True)
class Global:
    """The name of a class or function that a file mentions. It cannot be called."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class StandIn:
    """Stands where a file wants an object of some class; holds what it was to be made of.

    Attributes:
        module: of the class, as the file names it.
        name: of the class.
        args: what the class was to be called with.
        state: what the object was to be given as its state.
        items: (key, value) pairs that were to be stored in it.
        appended: values that were to be appended to it.
    """

    module: str
    name: str
    args: tuple[Any, ...] = ()
    state: Any = None
    items: list[tuple[Any, Any]] = field(default_factory=list)
    appended: list[Any] = field(default_factory=list)

    def __repr__(self) -> str:  # never of what is inside: it may be endless
        return f"<stand-in for {self.module}.{self.name}>"


@dataclass(eq=False)
class Storage:
    """A run of numbers that tensors share.

    Attributes:
        dtype: of one number; bfloat16 is kept as 2-byte integers.
        numel: how many there are.
        data: where; None until the file has told.
        bfloat16: whether the integers are the upper halves of float32.
    """

    dtype: np.dtype[Any]
    numel: int
    data: Data | None = None
    bfloat16: bool = False


@dataclass(eq=False)
class StoredArray:
    """A tensor or array that is read from the file when it is asked for.

    Attributes:
        dtype: of the numbers that ``read`` returns.
        shape: of the array.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    _storage: Storage = field(repr=False)
    _strides: tuple[int, ...] = field(repr=False)
    _offset: int = field(default=0, repr=False)

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    def read(self) -> NDArray[Any]:
        """Read the numbers, in memory of their own and in C order.

        Raises:
            Refusal: they are not in the file, or more than it can mean.
        """
        storage = self._storage
        if storage.data is None:
            raise Refusal("a tensor's numbers are missing in the file", DAMAGED)
        if self.size == 0:
            return np.empty(self.shape, self.dtype)
        if self.size > max(storage.numel, MOST_REPEATED):
            raise Refusal(
                f"a tensor of {' x '.join(map(str, self.shape))} repeats "
                f"only {storage.numel} numbers",
                DAMAGED,
            )
        width = storage.dtype.itemsize
        reach = 1 + sum((n - 1) * s for n, s in zip(self.shape, self._strides, strict=True))
        if isinstance(storage.data, Region):
            raw = storage.data.read(self._offset * width, reach * width)
        else:
            raw = storage.data[self._offset * width : (self._offset + reach) * width]
        flat = np.frombuffer(raw, storage.dtype)
        view = np.lib.stride_tricks.as_strided(
            flat, self.shape, tuple(stride * width for stride in self._strides), writeable=False
        )
        if storage.bfloat16:
            wide = np.ascontiguousarray(view).astype(np.uint32) << 16
            return wide.view(np.float32)
        return np.array(view, dtype=self.dtype, order="C")


def held_bytes(arrays: Iterable[StoredArray]) -> int:
    """How many bytes of the file some arrays have in all; what they share counts once."""
    held = 0
    runs: dict[int, set[tuple[int, int]]] = {}
    seen: set[int] = set()
    for array in arrays:
        data = array._storage.data
        if isinstance(data, Region):
            runs.setdefault(id(data.file), set()).add((data.start, data.start + data.length))
        elif data is not None and id(data) not in seen:
            seen.add(id(data))
            held += len(data)
    for spans in runs.values():
        end = 0
        for first, last in sorted(spans):
            held += max(last - max(first, end), 0)
            end = max(end, last)
    return held


def make_view(
    storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> StoredArray:
    """A view of a storage; strides and offset count elements.

    Raises:
        Refusal: it does not lie inside the storage, or is larger than any tensor we need.
    """
    numbers = (offset, *shape, *strides)
    if len(shape) != len(strides) or len(shape) > MAX_AXES or any(n < 0 for n in numbers):
        raise Refusal("a tensor has an impossible shape", DAMAGED)
    if math.prod(shape) > MAX_ELEMENTS:
        raise Refusal(
            f"a tensor claims to be {' x '.join(f'{n:.4g}' for n in shape)} numbers large", DAMAGED
        )
    if math.prod(shape):
        last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
        if last >= storage.numel:
            raise Refusal(
                f"a tensor reaches for number {last} of a storage of {storage.numel}", DAMAGED
            )
    dtype = np.dtype(np.float32) if storage.bfloat16 else storage.dtype.newbyteorder("=")
    return StoredArray(dtype, shape, storage, strides, offset)
