"""Safetensors files: written byte for byte the same, read as what nobody vouches for.

Reading checks sizes first and values later, and never runs a file's code.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor

from localedit_core.bounded import ZIP_MAGIC, read_start
from localedit_core.errors import LocalEditError

MAX_HEADER_BYTES = 8 * 2**20
MAX_FILE_BYTES = 4 * 2**30
FLOAT_DTYPES = ("F16", "BF16", "F32")

CHECKPOINT_SUFFIXES = (".pt", ".pth", ".pkl", ".ckpt")
_PICKLE_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")
_DAMAGED = "The file is damaged or incomplete; take another copy of it."


def pack_tensors(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """Lay out a safetensors file; equal arguments give equal bytes."""
    packed = safetensors.torch.save(dict(tensors), dict(metadata))
    # The library hashes its metadata, so that their order differs from run to run.
    (length,) = struct.unpack_from("<Q", packed)
    header = json.dumps(json.loads(packed[8 : 8 + length]), sort_keys=True).encode()
    header += b" " * (-len(header) % 8)  # the values stay aligned
    return struct.pack("<Q", len(header)) + header + packed[8 + length :]


def pack_float_header(shapes: Mapping[str, tuple[int, ...]], metadata: Mapping[str, str]) -> bytes:
    """The start of a safetensors file of float32; the values follow in the order of ``shapes``."""
    entries: dict[str, Any] = {"__metadata__": dict(metadata)}
    at = 0
    for name, shape in shapes.items():
        end = at + 4 * math.prod(shape)
        entries[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, end]}
        at = end
    header = json.dumps(entries).encode()
    header += b" " * (-len(header) % 8)  # the values stay aligned
    return struct.pack("<Q", len(header)) + header


@dataclass(frozen=True)
class TensorEntry:
    """What a file says about one tensor: dtype ("F32", "I64", ...) and shape."""

    dtype: str
    shape: tuple[int, ...]


class TensorFile:
    """An open safetensors file. Its header is checked, tensors are read one by one.

    Attributes:
        path: the file.
        metadata: texts by name.
        entries: what the file says about its tensors; their sizes add up to the file's.
    """

    def __init__(self, path: Path, handle: Any) -> None:
        self.path = path
        self._handle = handle
        self.metadata: Mapping[str, str] = handle.metadata() or {}
        entries: dict[str, TensorEntry] = {}
        for name in handle.keys():  # noqa: SIM118 - safe_open is no mapping
            view = handle.get_slice(name)
            entries[name] = TensorEntry(str(view.get_dtype()), tuple(view.get_shape()))
        self.entries: Mapping[str, TensorEntry] = entries

    def read(self, name: str, *, double: bool = False) -> Tensor:
        """Read one tensor of floats as float32, in memory of its own.

        Args:
            name: the tensor's.
            double: read one of float64, as float64, instead.

        Raises:
            LocalEditError: there is none of that name, it holds no floats, or not only finite ones.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise LocalEditError(f"{self.path} lacks the values {name!r}.", _DAMAGED)
        dtypes = ("F64",) if double else FLOAT_DTYPES
        if entry.dtype not in dtypes:
            raise LocalEditError(
                f"{self.path} stores {name!r} as {entry.dtype}.",
                f"Only {', '.join(dtypes)} can be read.",
            )
        # The handle's tensor may be a window onto the file, which can change: copy it.
        kind = torch.float64 if double else torch.float32
        values: Tensor = self._handle.get_tensor(name).to(kind, copy=True)
        if not bool(torch.isfinite(values).all()):
            raise LocalEditError(
                f"{self.path} holds values in {name!r} that are not finite numbers.", _DAMAGED
            )
        return values


@contextmanager
def open_tensor_file(path: Path | str, max_bytes: int = MAX_FILE_BYTES) -> Iterator[TensorFile]:
    """Open a safetensors file, its declared sizes checked before memory is taken.

    Raises:
        LocalEditError: the file is missing, cannot be read, is larger than ``max_bytes``, or is
            something else than safetensors.
    """
    path = Path(path)
    start = read_start(path, 16)
    try:
        _check_start(path, start, path.stat().st_size, max_bytes)
        with safe_open(path, framework="pt") as handle:
            yield TensorFile(path, handle)
    except (SafetensorError, OSError) as error:
        raise LocalEditError(f"{path} cannot be read: {error}.", _DAMAGED) from error


def is_published_checkpoint(start: bytes, path: Path) -> bool:
    """Whether a file's first bytes and name say that it was written by pickle or torch.save."""
    # A safetensors file may begin with the same two bytes, but its ninth opens the JSON header.
    pickled = start[:1] == b"\x80" and start[1:2] in _PICKLE_PROTOCOLS and start[8:9] != b"{"
    zipped = start.startswith(ZIP_MAGIC) and path.suffix.lower() in CHECKPOINT_SUFFIXES
    return pickled or zipped


def _check_start(path: Path, start: bytes, size: int, max_bytes: int) -> None:
    if size == 0:
        raise LocalEditError(f"{path} is empty.", _DAMAGED)
    if is_published_checkpoint(start, path):
        raise LocalEditError(
            f"{path} looks like a published checkpoint (a pickle), which is never opened as it is.",
            "Import it first: localedit import, or File > Import in the editor.",
        )
    # Layout: length of the header, unsigned 64 bit little-endian; the header, a JSON object.
    header = struct.unpack("<Q", start[:8])[0] if len(start) >= 9 else 0
    if start[8:9] != b"{" or header < 2:
        raise LocalEditError(
            f"{path} is no safetensors file.", "Choose a generator or catalog of LocalEdit."
        )
    if header > MAX_HEADER_BYTES or header + 8 > size:
        raise LocalEditError(
            f"{path} announces a header of {header} bytes, but is {size} bytes long.", _DAMAGED
        )
    if size > max_bytes:
        raise LocalEditError(
            f"{path} is {size} bytes long.", f"At most {max_bytes} bytes can be read."
        )


def parse_tensors(data: bytes, source: str) -> dict[str, NDArray[np.float32]]:
    """Read a small safetensors file that lies in memory; every tensor must be float32.

    Args:
        data: the file's bytes; nothing larger than they are is allocated.
        source: what to call the file in errors.

    Raises:
        LocalEditError: it cannot be read, or holds something else.
    """
    try:
        arrays = safetensors.numpy.load(data)
    except (SafetensorError, KeyError, ValueError, TypeError, OverflowError) as error:
        raise LocalEditError(f"{source} cannot be read: {error}.", _DAMAGED) from error
    for name, array in arrays.items():
        if array.dtype != np.float32:
            raise LocalEditError(f"{source} stores {name!r} as {array.dtype}, not float32.")
    return arrays
