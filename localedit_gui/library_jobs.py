"""What the model library has the core do. Runs on the thread of long jobs.

The core's heavy modules are imported there, at the first use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from localedit_core.editing.request import Picture
from localedit_core.generators.devices import CPU, Device, Retreat
from localedit_gui.rendering.long_jobs import Cancelled, Progress

if TYPE_CHECKING:
    from localedit_core.models.entry import LibraryEntry
    from localedit_core.models.published_list import PublishedCheckpoint


@dataclass(frozen=True, eq=False)
class ShownEntry:
    """An entry of the library and its picture, [H, W, 3] or None."""

    entry: LibraryEntry
    picture: Picture | None


@dataclass(frozen=True, eq=False)
class Shelves:
    """All that the library page shows."""

    entries: tuple[ShownEntry, ...]
    published: tuple[PublishedCheckpoint, ...]


@dataclass(frozen=True, eq=False)
class Arrival:
    """An imported generator, and what is to be told about it."""

    entry: LibraryEntry
    layout: str
    notes: tuple[str, ...]
    has_styles: bool


def is_checkpoint(path: Path) -> bool:
    """Whether a file is a published checkpoint, by its first bytes. False if it cannot be read."""
    from localedit_core.checkpoints.pickles.reading import is_published
    from localedit_core.errors import LocalEditError

    try:
        return is_published(path)
    except LocalEditError:
        return False


def read_shelves() -> Shelves:
    """Read library and list. LocalEditError if the library's folder cannot be read."""
    from localedit_core.models.published_list import read_published
    from localedit_core.models.store import ModelLibrary
    from localedit_core.models.thumbnail import read_thumbnail

    library = ModelLibrary()
    library.tidy()
    entries = tuple(
        ShownEntry(entry, read_thumbnail(entry.thumbnail)) for entry in library.entries()
    )
    return Shelves(entries, read_published())


def import_file(
    path: Path,
    progress: Progress,
    cancelled: Cancelled,
    *,
    name: str | None = None,
    licence: str = "",
    source: str = "",
) -> Arrival:
    """Import a checkpoint and draw its thumbnail."""
    from localedit_core.generators.threads import prepare_threads

    prepare_threads()
    from localedit_core.errors import LocalEditError
    from localedit_core.importing import import_checkpoint
    from localedit_core.models.rendered_thumbnail import add_thumbnail
    from localedit_core.models.store import ModelLibrary

    library = ModelLibrary()
    imported = import_checkpoint(
        path,
        library=library,
        name=name,
        licence=licence,
        source=source,
        progress=progress,
        cancelled=cancelled,
    )
    entry, notes = imported.entry, list(imported.notes)
    assert entry is not None
    try:
        entry = add_thumbnail(entry, library)
    except LocalEditError as error:  # it is imported all the same
        notes.append(str(error))
    return Arrival(entry, imported.layout, tuple(notes), imported.family != "progan")


def fetch_and_import(
    checkpoint: PublishedCheckpoint,
    progress: Progress,
    cancelled: Cancelled,
    *,
    accept_changed: bool = False,
) -> Arrival:
    """Fetch a checkpoint of the list, then import it. What came stays until it is imported."""
    from localedit_core.models.download import fetch
    from localedit_core.models.store import ModelLibrary

    downloaded = fetch(
        checkpoint,
        ModelLibrary().downloads,
        progress=progress,
        cancelled=cancelled,
        accept_changed=accept_changed,
    )
    arrival = import_file(
        downloaded.path,
        progress,
        cancelled,
        name=checkpoint.name,
        licence=f"{checkpoint.licence}. {checkpoint.licence_note}",
        source=checkpoint.page,
    )
    downloaded.path.unlink(missing_ok=True)
    return arrival


def find_parts(
    entry: LibraryEntry,
    progress: Progress,
    cancelled: Cancelled,
    device: Device = CPU,
    on_retreat: Callable[[Retreat], None] | None = None,
) -> LibraryEntry:
    """Cluster a generator with the suggested settings; each cluster becomes a numbered part.

    Args:
        entry: the generator.
        progress: told how far it is.
        cancelled: asked now and then.
        device: where pictures are made.
        on_retreat: told, on this thread, where the device's memory did not suffice.
    """
    from localedit_core.generators.threads import prepare_threads

    prepare_threads()
    from localedit_core.catalog.build import build_catalog
    from localedit_core.catalog.catalog import Part
    from localedit_core.catalog.defaults import suggested_clustering
    from localedit_core.catalog.storage import save_catalog
    from localedit_core.checkpoints.native import load_generator
    from localedit_core.library import catalog_path
    from localedit_core.models.entry import read_entry

    generator = load_generator(entry.path).generator
    generator.on_retreat = on_retreat
    generator.place(device)
    layer, clusters = suggested_clustering(generator)
    catalog = build_catalog(
        generator, layer=layer, n_clusters=clusters, progress=progress, cancelled=cancelled
    )
    parts = [Part(f"part {index + 1}", (index,)) for index in range(clusters)]
    save_catalog(catalog.with_parts(parts), catalog_path(entry.path))
    return read_entry(entry.path)
