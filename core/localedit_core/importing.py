"""Importing a checkpoint: convert it once, into the library or into a file of one's choice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from localedit_core.bounded import read_start
from localedit_core.checkpoints.conversion import Converted
from localedit_core.checkpoints.native import load_generator, write_converted
from localedit_core.checkpoints.published import open_published
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.models.entry import LibraryEntry
from localedit_core.models.store import ModelLibrary
from localedit_core.tensor_files import open_tensor_file

_CHUNK = 2**20
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Imported:
    """What an import made.

    Attributes:
        path: our file.
        family: "stylegan2", "stylegan" or "progan".
        layout: what the source was found as.
        resolution: of the pictures.
        source_sha256: of the source.
        notes: what had to be settled on the way.
        entry: in the library; None where a file was asked for.
    """

    path: Path
    family: str
    layout: str
    resolution: int
    source_sha256: str
    notes: tuple[str, ...]
    entry: LibraryEntry | None = None


def is_ours(path: Path) -> bool:
    """Whether a file is in the layout of ours, by content. LocalEditError if it cannot be read."""
    start = read_start(path, 9)
    return start[8:9] == b"{" and start[:1] != b"\x80"


def import_checkpoint(
    path: Path | str,
    *,
    library: ModelLibrary | None = None,
    out: Path | None = None,
    name: str | None = None,
    licence: str = "",
    source: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Imported:
    """Convert a published checkpoint, or take up a generator of ours.

    Args:
        path: the checkpoint.
        library: where to, unless ``out`` is given; None is the user's own.
        out: a file to write instead.
        name: what to call it; None makes one of the file's name.
        licence: of the weights.
        source: page or address it came from; empty is the file's name.
        progress: called with (done, total) in bytes: reading once, then writing.
        cancelled: asked now and then.

    Raises:
        LocalEditError: it cannot be opened or written; nothing is left behind.
        RenderCancelled: ``cancelled`` said yes; nothing is left behind.
    """
    path = Path(path)
    source = source or path.name
    if is_ours(path):
        return _take_ours(path, library, out, name)
    size = path.stat().st_size
    with _told(path):
        digest = _sha256(path, size, progress, cancelled)
        with open_published(path, cancelled) as converted:
            called = name or readable_name(path)

            def write(target: Path) -> None:
                write_converted(
                    converted,
                    target,
                    name=called,
                    licence=licence,
                    source_sha256=digest,
                    card={"source": source, "layout": converted.layout},
                    progress=_second_half(size, progress),
                    cancelled=cancelled,
                )

            if out is not None:
                write(out)
                return _imported(out, converted, digest)
            shelf = library or ModelLibrary()
            entry = shelf.add(
                write, name=called, licence=licence, source=source, source_sha256=digest
            )
            return _imported(entry.path, converted, digest, entry)


def readable_name(path: Path) -> str:
    """A name for people of a checkpoint's file name: "network-snapshot-000140"."""
    return path.stem.strip() or "Imported"


def _take_ours(
    path: Path, library: ModelLibrary | None, out: Path | None, name: str | None
) -> Imported:
    """A generator of ours: checked by opening it, then copied."""
    if out is not None:
        raise LocalEditError(
            f"{path} is a generator of LocalEdit already.", "Copy it, or import it without --out."
        )
    model = load_generator(path)
    with open_tensor_file(path) as file:
        layout = f"LocalEdit ({file.metadata.get('family', '')})"
    entry = (library or ModelLibrary()).add_file(path, name=name)
    return Imported(
        entry.path,
        model.family,
        layout,
        model.generator.resolution,
        _sha256(path, 0, None, None),
        (),
        entry,
    )


def _imported(
    path: Path, converted: Converted, digest: str, entry: LibraryEntry | None = None
) -> Imported:
    return Imported(
        path,
        converted.family,
        converted.layout,
        converted.config.resolution,
        digest,
        converted.notes,
        entry,
    )


def _second_half(size: int, progress: Progress | None) -> Progress | None:
    """Progress of the writing, which follows the reading of ``size`` bytes."""
    if progress is None:
        return None
    return lambda done, total: progress(size + done, size + total)


def _sha256(path: Path, size: int, progress: Progress | None, cancelled: Cancelled | None) -> str:
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if cancelled is not None and cancelled():
                raise RenderCancelled
            digest.update(chunk)
            done += len(chunk)
            if progress is not None:
                # What will be written is not known yet: as much as was read, at most.
                progress(done, 2 * max(size, done))
    return digest.hexdigest()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LocalEditError(
            f"Cannot read {path}: {error.strerror or error}.", "Try another copy."
        ) from error
