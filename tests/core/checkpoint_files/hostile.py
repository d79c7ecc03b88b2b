"""Pickles that would leave a file ``canary`` in the working folder, were they run.

``CALLS`` really do it under Python's own unpickler. ``LEVELS`` put such a stream where published
files have pickles: at the root, in a network's state, in a storage inside, in a ZIP, in the older
files of torch.save.
"""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

START = b"\x80\x02"
COMMAND = "echo > canary"


def name(module: str, member: str) -> bytes:
    """Puts a class or function on the stack (GLOBAL)."""
    return f"c{module}\n{member}\n".encode()


def value(plain: object) -> bytes:
    """Puts a plain value on the stack."""
    return pickle.dumps(plain, 2)[2:-1]


def call(function: bytes, *args: bytes) -> bytes:
    """Calls (REDUCE) what ``function`` puts on the stack with what ``args`` put there."""
    return function + b"(" + b"".join(args) + b"tR"


@contextmanager
def canary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in a folder, and fail if anything in a file was run there."""
    before = {file.name for file in folder.iterdir()}
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        yield
    new = {file.name for file in folder.iterdir()} - before
    assert "canary" not in new, "a payload was run"


_SYSTEM = name("posix", "system")
_TEXT = value(COMMAND)
_SOURCE = value("open('canary', 'w').close()")
_GETATTR = name("builtins", "getattr")
_PARTIAL = call(name("functools", "partial"), _SYSTEM, _TEXT)
_IMPORT = call(name("builtins", "__import__"), value("os"))

CALLS: Mapping[str, bytes] = {
    "system": call(_SYSTEM, _TEXT),
    "os.system": call(name("os", "system"), _TEXT),
    "exec": call(name("builtins", "exec"), _SOURCE),
    "eval": call(name("builtins", "eval"), value("open('canary', 'w').close()")),
    "mkdir": call(name("os", "mkdir"), value("canary")),
    "Popen": call(name("subprocess", "getoutput"), _TEXT),
    "getattr of import": call(call(_GETATTR, _IMPORT, value("system")), _TEXT),
    "getattr of import_module": call(
        call(
            _GETATTR,
            call(name("importlib", "import_module"), value("os")),
            value("system"),
        ),
        _TEXT,
    ),
    "attrgetter": call(call(call(name("operator", "attrgetter"), value("system")), _IMPORT), _TEXT),
    "methodcaller": call(call(name("operator", "methodcaller"), value("system"), _TEXT), _IMPORT),
    "partial": call(_PARTIAL),
    "map in a list": call(
        name("builtins", "list"), call(name("builtins", "map"), _SYSTEM, value([COMMAND]))
    ),
    "pickle.loads": call(name("pickle", "loads"), value(START + call(_SYSTEM, _TEXT) + b".")),
    "OBJ": b"(" + _SYSTEM + _TEXT + b"o",
    "INST": b"(" + _TEXT + b"iposix\nsystem\n",
    "dotted": b"\x80\x04" + value("os") + value("path.os.system") + b"\x93" + _TEXT + b"\x85R",
    "missing key": call(
        call(
            _GETATTR,
            call(name("collections", "defaultdict"), _PARTIAL),
            value("__missing__"),
        ),
        value("k"),
    ),
    "through the memo": _SYSTEM + b"q\x070h\x07" + _TEXT + b"\x85R",
    "key of a dictionary": b"}" + call(_SYSTEM, _TEXT) + b"Ns",
    "state of an object": name("argparse", "Namespace")
    + b")R}"
    + value("x")
    + call(_SYSTEM, _TEXT)
    + b"sb",
}
"""Opcodes, without start and end, that run a command."""


def _root(evil: bytes) -> bytes:
    return START + evil + b"."


def _state(evil: bytes) -> bytes:
    """In the state of G_ema, as NVIDIA's PyTorch files have it."""
    meta = {"type": "class", "version": 6, "module_src": "import os", "class_name": "Generator"}
    network = value(meta) + value("state") + b"}" + value("_parameters") + evil + b"ss"
    persistent = name("torch_utils.persistence", "_reconstruct_persistent_obj")
    return START + b"}" + value("G_ema") + call(persistent, network) + b"s."


def _legacy(part: int) -> Callable[[bytes], bytes]:
    """In one of the five pickles that torch.save wrote before version 1.6."""

    def build(evil: bytes) -> bytes:
        file = io.BytesIO()
        torch.save([1], file, _use_new_zipfile_serialization=False)
        data, pieces = io.BytesIO(file.getvalue()), []
        for _ in range(5):
            begin = data.tell()
            pickle.Unpickler(data).load()
            pieces.append(file.getvalue()[begin : data.tell()])
        pieces[part] = _root(evil)
        return b"".join(pieces)

    return build


def _blob(evil: bytes) -> bytes:
    """In a storage inside a pickle."""
    return _root(call(name("torch.storage", "_load_from_bytes"), b"B" + _sized(_legacy(3)(evil))))


def _sized(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _zip(evil: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", _root(evil))
        archive.writestr("archive/version", b"3\n")
    return file.getvalue()


def _persistent(evil: bytes) -> bytes:
    """In the id of a storage in a ZIP."""
    return _zip(b"(" + value("storage") + evil + value("0") + value("cpu") + b"K\x01tQ")


LEVELS: Mapping[str, Callable[[bytes], bytes]] = {
    "root": _root,
    "state of G_ema": _state,
    "blob": _blob,
    "zip": _zip,
    "persistent id": _persistent,
    "legacy system information": _legacy(2),
    "legacy object": _legacy(3),
    "legacy storage keys": _legacy(4),
}
"""Each makes a file of opcodes."""
