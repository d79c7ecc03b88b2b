"""Builds torch tensors of what a file says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from localedit_core.checkpoints.pickles.arguments import counts_of, wrong
from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Region
from localedit_core.checkpoints.pickles.values import (
    MAX_ELEMENTS,
    Global,
    Storage,
    StoredArray,
    make_view,
)

# dtype name -> numpy dtype; bfloat16 is read as the integers that its bytes are.
TORCH_DTYPES: Mapping[str, str] = {
    "float32": "f4",
    "float": "f4",
    "float64": "f8",
    "double": "f8",
    "float16": "f2",
    "half": "f2",
    "bfloat16": "u2",
    "int64": "i8",
    "long": "i8",
    "int32": "i4",
    "int": "i4",
    "int16": "i2",
    "short": "i2",
    "int8": "i1",
    "uint8": "u1",
    "bool": "?",
}
STORAGE_CLASSES: Mapping[str, str] = {
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "UntypedStorage": "uint8",
}


@dataclass(frozen=True)
class TorchDtype:
    """A torch dtype that a file mentions."""

    name: str


def make_storage(dtype: str, numel: Any, data: Region | None, swapped: bool = False) -> Storage:
    """A storage of ``numel`` numbers of a torch dtype; its data may come later."""
    if type(numel) is not int or not 0 <= numel <= MAX_ELEMENTS:
        raise wrong("a storage")
    kind = np.dtype(TORCH_DTYPES[dtype])
    if swapped:
        kind = kind.newbyteorder(">")
    if data is not None and data.length < numel * kind.itemsize:
        raise Refusal(f"it announces {numel} numbers where {data.length} bytes are", DAMAGED)
    return Storage(kind, numel, data, bfloat16=dtype == "bfloat16")


def rebuild_tensor(args: tuple[Any, ...]) -> StoredArray:
    """(storage, offset, shape, strides, ...): ``torch._utils._rebuild_tensor[_v2]``."""
    if len(args) < 4 or not isinstance(args[0], Storage):
        raise wrong("a tensor")
    shape, strides = counts_of(args[2]), counts_of(args[3])
    if shape is None or strides is None or type(args[1]) is not int:
        raise wrong("a tensor")
    return make_view(args[0], args[1], shape, strides)


def rebuild_tensor_v3(args: tuple[Any, ...]) -> StoredArray:
    """As above over a storage of bytes, with the dtype as the seventh argument."""
    if len(args) < 7 or not isinstance(args[0], Storage) or not isinstance(args[6], TorchDtype):
        raise wrong("a tensor")
    dtype = args[6].name
    storage = args[0]
    width = np.dtype(TORCH_DTYPES[dtype]).itemsize
    bytes_held = storage.numel * storage.dtype.itemsize
    view = Storage(
        np.dtype(TORCH_DTYPES[dtype]), bytes_held // width, storage.data, dtype == "bfloat16"
    )
    return rebuild_tensor((view, *args[1:4]))


def rebuild_parameter(args: tuple[Any, ...]) -> StoredArray:
    """``torch._utils._rebuild_parameter(tensor, ...)``."""
    if not args or not isinstance(args[0], StoredArray):
        raise wrong("a parameter")
    return args[0]


def rebuild_from_type(args: tuple[Any, ...]) -> Any:
    """``torch._tensor._rebuild_from_type_v2(function, type, args, state)``."""
    if len(args) != 4 or not isinstance(args[0], Global) or not isinstance(args[2], tuple):
        raise wrong("a tensor")
    functions = {
        "_rebuild_tensor": rebuild_tensor,
        "_rebuild_tensor_v2": rebuild_tensor,
        "_rebuild_tensor_v3": rebuild_tensor_v3,
        "_rebuild_parameter": rebuild_parameter,
    }
    if args[0].module != "torch._utils" or args[0].name not in functions:
        raise wrong("a tensor")
    return functions[args[0].name](args[2])


def size(args: tuple[Any, ...]) -> tuple[int, ...]:
    """``torch.Size(counts)``."""
    counts = counts_of(args[0]) if len(args) == 1 else None
    if counts is None:
        raise wrong("a shape")
    return counts


def device(args: tuple[Any, ...]) -> str:
    """``torch.device(name, index)``: only its name."""
    return " ".join(str(arg) for arg in args if isinstance(arg, str | int))[:40]
