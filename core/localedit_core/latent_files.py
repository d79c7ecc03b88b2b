"""Files of latents as other programs write them: ``.npy``, ``.npz``, and PyTorch's.

Nothing in them is run: arrays of objects are refused, and pickles go through the restricted reader.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from localedit_core.bounded import ZIP_MAGIC, read_bounded, read_start
from localedit_core.checkpoints.pickles.reading import looks_pickled, open_pickled
from localedit_core.checkpoints.pickles.values import StoredArray
from localedit_core.errors import LocalEditError

MAX_BYTES = 64 * 2**20
MAX_ARRAYS = 256

_MAX_ENTRIES = 4 * MAX_ARRAYS  # PyTorch keeps notes beside its arrays
_DIRECTORY_ENTRY = b"PK\x01\x02"
_NPY_MAGIC = b"\x93NUMPY"
_LARGEST = 2**22  # numbers in an array: 64 latents of 18 x 512, seven times over
_DEEPEST = 4
_HINT = "Take another copy of it, or save the latents anew as .npy."


@dataclass(frozen=True, eq=False)
class StoredLatent:
    """An array of a file that may hold latents.

    Attributes:
        kind: "z" where its name says so, else "w", of which w+ is told by its shape.
        values: float32, any shape.
    """

    kind: Literal["z", "w"]
    values: NDArray[np.float32]


def is_latent_file(path: Path) -> bool:
    """Whether a file's content is that of arrays or of PyTorch, and not a session or picture.

    Raises:
        LocalEditError: it cannot be read.
    """
    start = read_start(path, 512)
    if start.startswith(ZIP_MAGIC):
        return "session.json" not in _names(path)
    return start.startswith(_NPY_MAGIC) or looks_pickled(start)


def read_latent_file(path: Path) -> tuple[StoredLatent, ...]:
    """Read all arrays of real numbers.

    Raises:
        LocalEditError: the file is too large, damaged, holds too many or too large arrays, or
            asks for something to be run.
    """
    start = read_start(path, 16)
    if start.startswith(_NPY_MAGIC):
        found = [("", _parse_npy(read_bounded(path, MAX_BYTES), str(path)))]
    elif start.startswith(ZIP_MAGIC) and any(n.endswith(".npy") for n in _names(path)):
        found = _read_npz(path)
    else:
        found = _read_pickled(path)
    return tuple(
        StoredLatent("z" if _says_z(name) else "w", np.array(values, np.float32, order="C"))
        for name, values in found
        if values.dtype.kind == "f" and values.size
    )


def _says_z(name: str) -> bool:
    return name.rpartition("/")[2].removesuffix(".npy").lower() in ("z", "zs", "z_samples")


def _names(path: Path) -> list[str]:
    data = read_bounded(path, MAX_BYTES)
    # Opening a ZIP makes an object per entry, however many there are: count them before.
    if data.count(_DIRECTORY_ENTRY) > _MAX_ENTRIES:
        raise LocalEditError(f"{path} holds more than {_MAX_ENTRIES} files.", _HINT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise LocalEditError(f"{path} is a damaged ZIP: {error}.", _HINT) from error


def _read_npz(path: Path) -> list[tuple[str, NDArray[Any]]]:
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(read_bounded(path, MAX_BYTES))) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ARRAYS or sum(e.file_size for e in entries) > MAX_BYTES:
                raise LocalEditError(
                    f"{path} holds more than {MAX_ARRAYS} arrays or {MAX_BYTES} bytes.", _HINT
                )
            for entry in entries:
                with archive.open(entry) as file:
                    data = file.read(MAX_BYTES)  # whatever the entry declares
                found.append((entry.filename, _parse_npy(data, f"{path} ({entry.filename:.60})")))
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,  # encrypted, and NotImplementedError
    ) as error:
        raise LocalEditError(f"{path} is a damaged ZIP: {error}.", _HINT) from error
    return found


def _parse_npy(data: bytes, place: str) -> NDArray[Any]:
    """An array of a ``.npy`` file, whose declared size is held against what is there."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }.get(version)
        if read is None:
            raise ValueError(f"version {version} of the format is unknown")
        shape, fortran, dtype = read(stream)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise LocalEditError(f"{place} is a damaged array: {error!s:.120}.", _HINT) from error
    if dtype.kind not in "fiub":
        raise LocalEditError(
            f"{place} holds values of the type {dtype!s:.40}, not numbers.",
            "Arrays of objects would have to run code; save the latents as float32.",
        )
    count, body = math.prod(shape), data[stream.tell() :]
    if any(side < 0 for side in shape) or count * dtype.itemsize != len(body) or count > _LARGEST:
        raise LocalEditError(
            f"{place} declares {' x '.join(map(str, shape))} numbers, "
            f"but holds {len(body)} bytes of them.",
            _HINT,
        )
    flat = np.frombuffer(body, dtype)
    return flat.reshape(shape, order="F" if fortran else "C")


def _read_pickled(path: Path) -> list[tuple[str, NDArray[Any]]]:
    found: list[tuple[str, NDArray[Any]]] = []
    with open_pickled(path) as pickled:
        for name, stored in _arrays(pickled.root, "", 0):
            if len(found) == MAX_ARRAYS:
                raise LocalEditError(f"{path} holds more than {MAX_ARRAYS} arrays.", _HINT)
            if stored.size <= _LARGEST:  # pictures and noise beside the latents may be larger
                found.append((name, stored.read()))
    return found


def _arrays(value: Any, name: str, depth: int) -> Iterator[tuple[str, StoredArray]]:
    if isinstance(value, StoredArray):
        yield name, value
    elif depth < _DEEPEST and isinstance(value, dict):
        for key, inner in value.items():
            yield from _arrays(inner, f"{name}/{key!s:.60}", depth + 1)
    elif depth < _DEEPEST and isinstance(value, (list, tuple)):
        for inner in value:
            yield from _arrays(inner, name, depth + 1)
