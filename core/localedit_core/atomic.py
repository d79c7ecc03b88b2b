"""Writing files so that nothing a person made is ever lost or half-written."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from localedit_core.errors import LocalEditError


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Hand out a temporary file that becomes ``path`` when the block ends well.

    The temporary file is empty, lies in the same folder and has the same suffix. If the block (or
    the final step) fails, it is removed and what was at ``path`` stays as it was. A symbolic link
    is followed, the permissions of an earlier file are kept.

    Raises:
        LocalEditError: for every ``OSError`` of the block or of our own steps: a read-only or
            missing folder, a full disk, a folder that has the file's name.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        real = Path(os.path.realpath(path))
        if real.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        temporary = _create_beside(real)
        yield temporary
        _flush_to_disk(temporary)
        os.replace(temporary, real)  # noqa: PTH105 - the one step that must be atomic
    except OSError as error:
        raise _explained(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def atomic_write(path: Path | str, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all. Errors as in ``atomic_path``."""
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(data)


def _create_beside(real: Path) -> Path:
    """Make an empty file in the folder of ``real``, with the permissions that ``real`` has."""
    temporary = real.with_name(f".localedit-{secrets.token_hex(8)}{real.suffix}")
    # Not tempfile: its files are private to their owner, a saved picture is not.
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    with suppress(OSError):  # no earlier file, or a file system without permissions
        temporary.chmod(stat.S_IMODE(real.stat().st_mode))
    return temporary


def _flush_to_disk(temporary: Path) -> None:
    # Without it a power cut after the rename may leave an empty file on some file systems.
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())


def _explained(path: Path, error: OSError) -> LocalEditError:
    if isinstance(error, IsADirectoryError):
        return LocalEditError(f"Cannot write {path}: it is a folder.", "Choose another name.")
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return LocalEditError(
            f"Cannot write {path}: the folder {path.parent} does not exist.",
            "Create it or choose another place.",
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return LocalEditError(
            f"Cannot write {path}: no permission to write there.", "Choose another folder."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalEditError(
            f"Cannot write {path}: the disk is full.",
            "Free some space or choose another place; an earlier file is unharmed.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return LocalEditError(
            f"Cannot write {path}: the name is too long.", "Choose a shorter one."
        )
    reason = error.strerror or str(error) or type(error).__name__
    return LocalEditError(f"Cannot write {path}: {reason}.", "Choose another place.")
