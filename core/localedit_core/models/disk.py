"""What can go wrong with folders and files, told to the reader."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from localedit_core.errors import LocalEditError, RenderCancelled

_BLOCK = 2**20


@contextmanager
def disk_errors(path: Path, doing: str = "write") -> Iterator[None]:
    """Tell every ``OSError`` of the block as one about ``path``. BrokenPipeError passes."""
    try:
        yield
    except BrokenPipeError:  # whoever read our output has gone: nothing to do with files
        raise
    except OSError as error:
        raise _explained(path, doing, error) from error


def make_folder(folder: Path) -> None:
    """Create a folder and those above it where they are missing. LocalEditError if it cannot."""
    with disk_errors(folder, "create the folder"):
        folder.mkdir(parents=True, exist_ok=True)


def sha256_of(path: Path, cancelled: Callable[[], bool] | None = None) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        LocalEditError: it cannot be read.
        RenderCancelled: ``cancelled``, asked before each MiB, said yes.
    """
    digest = hashlib.sha256()
    with disk_errors(path, "read"), path.open("rb") as file:
        while block := file.read(_BLOCK):
            if cancelled is not None and cancelled():
                raise RenderCancelled
            digest.update(block)
    return digest.hexdigest()


def megabytes(count: int) -> str:
    """A number of bytes for people: "363.1 MB", "12 bytes"."""
    if count < 10_000:
        return f"{count} bytes"
    return f"{count / 1e6:,.1f} MB"


def flush_to_disk(path: Path) -> None:
    """Have a file's bytes on the disk before its name means anything. May raise OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _explained(path: Path, doing: str, error: OSError) -> LocalEditError:
    start = f"Cannot {doing} {path}: "
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return LocalEditError(start + "no permission.", "Choose another folder.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalEditError(start + "the disk is full.", "Free some space.")
    if isinstance(error, FileExistsError):
        return LocalEditError(start + "there is a file of that name.", "Choose another place.")
    if isinstance(error, NotADirectoryError):
        return LocalEditError(start + "a part of it is no folder.", "Choose another place.")
    if isinstance(error, FileNotFoundError):
        return LocalEditError(start + "it is not there.", "Choose another place.")
    if error.errno == errno.ENAMETOOLONG:
        return LocalEditError(start + "the name is too long.", "Choose a shorter one.")
    reason = error.strerror or str(error) or type(error).__name__
    return LocalEditError(f"{start}{reason}.", "Choose another place.")
