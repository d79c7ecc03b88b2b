"""The door for pickled checkpoints: tells formats by content, hands out plain values."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localedit_core.bounded import ZIP_MAGIC, read_start
from localedit_core.checkpoints.pickles.budget import Budget, text_budget
from localedit_core.checkpoints.pickles.machine import Machine
from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import Region, Source
from localedit_core.checkpoints.pickles.torch_files import (
    LEGACY_START,
    read_legacy,
    read_nested,
    read_zip,
)
from localedit_core.errors import LocalEditError

MAX_FILE_BYTES = 16 * 2**30
_ELSEWHERE = "Choose a checkpoint: .pkl, .pt, .pth or .safetensors."
# First bytes -> what it is and what to do. Of what is often taken for a checkpoint.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"version https://git-lfs",
        "only a note of Git LFS where the file should be",
        "Fetch the file itself: git lfs pull.",
    ),
    (b"\x89PNG", "a picture", _ELSEWHERE),
    (b"\xff\xd8\xff", "a picture", _ELSEWHERE),
    (b"\x1f\x8b", "packed by gzip", "Unpack it first."),
    (b"BZh", "packed by bzip2", "Unpack it first."),
    (b"\xfd7zXZ", "packed by xz", "Unpack it first."),
    (b"7z\xbc\xaf", "packed by 7-Zip", "Unpack it first."),
    (b"Rar!", "packed by RAR", "Unpack it first."),
    (b"\x89HDF", "an HDF5 file", "Published generators are pickles or files of PyTorch."),
    (b"%PDF", "a PDF", _ELSEWHERE),
    (b"\x7fELF", "a program", _ELSEWHERE),
    (b"MZ", "a program", _ELSEWHERE),
    (b"\x93NUMPY", "a numpy array", _ELSEWHERE),
)


@dataclass(frozen=True, eq=False)
class Pickled:
    """What a pickled file holds.

    Attributes:
        layout: "pickle", "torch" (ZIP) or "torch-legacy".
        root: its value; see ``values`` for what can be in it. It may refer to itself.
    """

    layout: str
    root: Any


@contextmanager
def open_pickled(
    path: Path | str, cancelled: Callable[[], bool] | None = None
) -> Iterator[Pickled]:
    """Read a pickled checkpoint. Arrays in it can be read while the context is open.

    Args:
        path: the file; its name does not matter.
        cancelled: asked now and then.

    Raises:
        LocalEditError: it is something else, is damaged, or asks for what is refused. Also for
            arrays that are read within the context.
        RenderCancelled: ``cancelled`` said yes.
    """
    path = Path(path)
    start = read_start(path, 512)
    _check_kind(path, start)
    budget = Budget(text=text_budget(path.stat().st_size), cancelled=cancelled)
    try:
        with path.open("rb") as file:
            region = Region(file, 0, path.stat().st_size)
            if start.startswith(ZIP_MAGIC):
                yield Pickled("torch", read_zip(region, budget))
            elif start.startswith(LEGACY_START):
                yield Pickled("torch-legacy", read_legacy(region, budget))
            else:
                yield Pickled("pickle", Machine(Source(region), budget, None, read_nested).run())
    except Refusal as refusal:
        raise LocalEditError(f"Cannot open {path}: {refusal.reason}.", refusal.hint) from refusal
    except OSError as error:
        reason = error.strerror or str(error)
        raise LocalEditError(f"Cannot read {path}: {reason}.", "Try another copy.") from error
    except MemoryError as error:
        raise LocalEditError(
            f"There is not enough memory to read {path}.", "Close other programs."
        ) from error


def _check_kind(path: Path, start: bytes) -> None:
    """Refuse what is no pickle by its first bytes, and say what it is."""
    if not start:
        raise LocalEditError(f"{path} is empty.", "Take another copy of it.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise LocalEditError(
            f"{path} is larger than any generator.", f"At most {MAX_FILE_BYTES} bytes are read."
        )
    for magic, what, hint in _OTHERS:
        if start.startswith(magic):
            raise LocalEditError(f"{path} is {what}.", hint)
    if start[257:262] == b"ustar":
        raise LocalEditError(
            f"{path} is a TAR archive.",
            "Unpack it first. Files of PyTorch before 0.1.10 cannot be read.",
        )
    if start.lstrip()[:1] == b"<":
        raise LocalEditError(
            f"{path} is a web page, not a checkpoint.",
            "The download went wrong: open its page in a browser and fetch the file there.",
        )
    if start.startswith(ZIP_MAGIC) or looks_pickled(start):
        return
    raise LocalEditError(f"{path} is no checkpoint: nothing known begins like it.", _ELSEWHERE)


def looks_pickled(start: bytes) -> bool:
    """Whether a file may be a pickle, by its first bytes."""
    if start[:1] == b"\x80":
        return len(start) > 1 and start[1] <= 5
    # Protocols 0 and 1 have no mark of their own: a container, a name or a number comes first.
    return start[:1] in (b"(", b"]", b"}", b"c", b")", b"l", b"d", b"i", b"I", b"L")


def is_published(path: Path) -> bool:
    """Whether a file is a pickle or a ZIP of torch.save, by its first bytes.

    Raises:
        LocalEditError: it cannot be read.
    """
    start = read_start(path, 64)
    if start.startswith(ZIP_MAGIC):  # its records lie in a folder, those of sessions do not
        (length,) = struct.unpack_from("<H", start.ljust(64), 26)
        return b"/" in start[30 : 30 + length]
    return looks_pickled(start) and start[8:9] != b"{"
