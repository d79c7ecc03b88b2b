"""Files of ``torch.save``: the ZIP of PyTorch 1.6 and later, and the row of pickles before it."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

from localedit_core.checkpoints.pickles.budget import Budget
from localedit_core.checkpoints.pickles.machine import Machine
from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Region, Source
from localedit_core.checkpoints.pickles.tensor_builders import STORAGE_CLASSES, make_storage
from localedit_core.checkpoints.pickles.values import Global, Storage

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_START = b"\x80\x02\x8a\x0a" + LEGACY_MAGIC.to_bytes(10, "little") + b"."
_LEGACY_PROTOCOL = 1001
_MAX_RECORDS = 50_000  # some fifty times those of a large checkpoint
_MAX_DIRECTORY = 4 * 2**20  # bytes
_END = struct.Struct("<4s4H2LH")  # end of a ZIP's central directory
_END_64 = struct.Struct("<4sQ2H2L4Q")


def _storage_of(identity: Any) -> tuple[str, str, Any, Any]:
    """dtype, key, numel, view of an id ("storage", class, key, device, numel, view)."""
    if (
        not isinstance(identity, tuple)
        or len(identity) not in (5, 6)
        or identity[0] != "storage"
        or not isinstance(identity[1], Global)
        or identity[1].name not in STORAGE_CLASSES
        or not isinstance(identity[2], str)
        or len(identity[2]) > 256
    ):
        raise Refusal("it refers to a storage in an unknown way", DAMAGED)
    view = identity[5] if len(identity) == 6 else None
    return STORAGE_CLASSES[identity[1].name], identity[2], identity[4], view


# the row of pickles ---------------------------------------------------------------------------


class _LegacyStorages:
    """The storages that the object of a legacy file mentions; their numbers come behind it."""

    def __init__(self, swapped: bool) -> None:
        self._swapped = swapped
        self._roots: dict[str, Storage] = {}
        self._views: list[tuple[Storage, str, int]] = []

    def load(self, identity: Any) -> Storage:
        """What a persistent id stands for."""
        dtype, key, numel, view = _storage_of(identity)
        if key not in self._roots:
            self._roots[key] = make_storage(dtype, numel, None, self._swapped)
        root = self._roots[key]
        if root.numel != numel or root.bfloat16 != (dtype == "bfloat16"):
            raise Refusal("it describes one storage in two ways", DAMAGED)
        if view is None:
            return root
        if not isinstance(view, tuple) or len(view) != 3 or type(view[1]) is not int:
            raise Refusal("it refers to a storage in an unknown way", DAMAGED)
        part = make_storage(dtype, view[2], None, self._swapped)
        if view[1] < 0 or view[1] + part.numel > root.numel:
            raise Refusal("it refers to a storage in an unknown way", DAMAGED)
        self._views.append((part, key, view[1]))
        return part

    def fill(self, source: Source, keys: Any) -> None:
        """Find the numbers, which stand in the file in the order of ``keys``."""
        if not isinstance(keys, list) or len(keys) > _MAX_RECORDS:
            raise Refusal("it lists its storages in an unknown way", DAMAGED)
        for key in keys:
            root = self._roots.get(key) if isinstance(key, str) else None
            if root is None:
                raise Refusal("it lists a storage that nothing uses", DAMAGED)
            (numel,) = struct.unpack("<q", source.take(8))
            if numel != root.numel:
                raise Refusal("it describes one storage in two ways", DAMAGED)
            root.data = source.skip(numel * root.dtype.itemsize)
        if any(root.data is None for root in self._roots.values()):
            raise Refusal("a tensor's numbers are missing in the file", DAMAGED)
        for part, key, offset in self._views:
            data, width = self._roots[key].data, part.dtype.itemsize
            if isinstance(data, Region):
                part.data = data.part(offset * width, part.numel * width)


def read_legacy(region: Region, budget: Budget) -> Any:
    """Read the object of a legacy file: five pickles, then the numbers."""
    source = Source(region)

    def head() -> Any:
        return Machine(source, budget).run()

    if head() != LEGACY_MAGIC:
        raise Refusal("it is no file of torch.save", DAMAGED)
    if head() != _LEGACY_PROTOCOL:
        raise Refusal("it was saved in an unknown version of PyTorch's format", DAMAGED)
    system = head()
    swapped = isinstance(system, dict) and system.get("little_endian") is False
    storages = _LegacyStorages(swapped)
    root = Machine(source, budget, storages.load, read_nested).run()
    storages.fill(source, head())
    return root


def read_nested(data: Region | bytes, budget: Budget) -> Any:
    """Read a file of ``torch.save`` that lies inside a pickle, as in NVIDIA's checkpoints."""
    if isinstance(data, bytes):
        data = Region(io.BytesIO(data), 0, len(data))
    if data.length >= 4 and data.read(0, 4) == b"PK\x03\x04":
        return read_zip(data, budget)
    return read_legacy(data, budget)


# the ZIP --------------------------------------------------------------------------------------


class _Window(io.RawIOBase):
    """A region as a file, for the library that reads ZIP directories."""

    def __init__(self, region: Region) -> None:
        super().__init__()
        self._region = region
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._region.length}[whence]
        if base + offset < 0:
            raise OSError("before the start")
        self._at = base + offset
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        left = max(self._region.length - self._at, 0)
        count = left if size is None or size < 0 else min(size, left)
        if count > _MAX_DIRECTORY:  # a second directory can hide behind the one looked at
            raise OSError("it is longer than any checkpoint's")
        data = self._region.read(self._at, count) if count else b""
        self._at += count
        return data


def _check_directory(region: Region) -> None:
    """Refuse a ZIP whose list of records is longer than any checkpoint's, before it is read."""
    tail_length = min(region.length, 2**16 + _END.size)
    tail = region.read(region.length - tail_length, tail_length)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise Refusal("it breaks off in the middle: its list of records is missing", DAMAGED)
    _, _, _, _, records, size, _, _ = _END.unpack_from(tail, at)
    at_64 = tail.rfind(b"PK\x06\x06")
    if at_64 >= 0 and at_64 + _END_64.size <= len(tail):
        records, size = _END_64.unpack_from(tail, at_64)[-3:-1]
    if records > _MAX_RECORDS or size > _MAX_DIRECTORY:
        raise Refusal(f"it lists {records} records, more than any checkpoint", DAMAGED)


def _records(region: Region) -> dict[str, Region]:
    """Where the records of a ZIP lie. They must be stored as they are, as torch does."""
    _check_directory(region)
    try:
        with zipfile.ZipFile(_Window(region)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise Refusal(f"its list of records is damaged: {error}", DAMAGED) from error
    found: dict[str, Region] = {}
    for entry in entries:
        if entry.filename in found:
            raise Refusal(f"it holds {entry.filename[:80]!r} twice", DAMAGED)
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
            raise Refusal(
                f"its record {entry.filename[:80]!r} is packed or encrypted",
                "PyTorch stores records as they are; take another copy of the file.",
            )
        head = region.part(entry.header_offset, 30).read()
        name, extra = struct.unpack_from("<2H", head, 26)
        if head[:4] != b"PK\x03\x04":
            raise Refusal("its list of records is damaged", DAMAGED)
        found[entry.filename] = region.part(
            entry.header_offset + 30 + name + extra, entry.file_size
        )
    return found


def read_zip(region: Region, budget: Budget) -> Any:
    """Read the object of a ZIP of ``torch.save``."""
    records = _records(region)
    pickles = [name for name in records if name.split("/")[-1] == "data.pkl"]
    folders = {name.split("/")[-2] for name in records if name.count("/") >= 2}
    if "code" in folders:
        raise Refusal(
            "it is a TorchScript program, not a checkpoint",
            "LocalEdit runs no programs; take the file of the weights.",
        )
    if len(pickles) != 1:
        raise Refusal(
            "it is a ZIP, but not one of torch.save", "Choose a checkpoint of a generator."
        )
    folder = pickles[0].removesuffix("data.pkl")
    order = records.get(f"{folder}byteorder")
    swapped = order is not None and order.length < 16 and order.read() == b"big"
    storages: dict[str, Storage] = {}

    def load(identity: Any) -> Storage:
        dtype, key, numel, _ = _storage_of(identity)
        if key not in storages:
            data = records.get(f"{folder}data/{key}")
            if data is None:
                raise Refusal(f"its storage {key[:40]!r} is missing", DAMAGED)
            storages[key] = make_storage(dtype, numel, data, swapped)
        return storages[key]

    return Machine(Source(records[pickles[0]]), budget, load, read_nested).run()
