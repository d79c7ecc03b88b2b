"""Reading files of unknown origin: never more than expected, failures told to the reader."""

from __future__ import annotations

from pathlib import Path

from localedit_core.errors import LocalEditError

ZIP_MAGIC = b"PK\x03\x04"


def read_bounded(path: Path, most: int) -> bytes:
    """Read a file of at most ``most`` bytes. LocalEditError if it is missing or larger."""
    data = read_start(path, most + 1)
    if len(data) > most:
        raise LocalEditError(f"{path} is larger than {most} bytes.", "Choose another file.")
    return data


def read_start(path: Path, count: int) -> bytes:
    """Read the first ``count`` bytes, or all if there are fewer. LocalEditError if it cannot."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError) -> LocalEditError:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return LocalEditError(f"There is no file {path}.", "Check the name.")
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return LocalEditError(f"{path} is a folder, not a file.", "Name a file in it.")
    if isinstance(error, PermissionError):
        return LocalEditError(f"No permission to read {path}.", "Ask its owner for it.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return LocalEditError(f"Cannot read {path}: {reason}.", "Try another copy.")
