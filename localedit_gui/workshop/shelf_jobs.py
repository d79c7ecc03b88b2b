"""What the workshop has the shelf do. Runs on the thread of the workshop's long jobs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from localedit_gui.workshop.values import Subject

if TYPE_CHECKING:
    from localedit_core.catalog.catalog import Catalog
    from localedit_core.models.catalog_shelf import CatalogShelf, RemovedCatalog, ShelvedCatalog


class ShelfJobs:
    """Saves, finds and changes catalogs. LocalEditError where something cannot be done."""

    def entries(self, subject: Subject) -> tuple[ShelvedCatalog, ...]:
        """The catalogs of a generator, the one beside its file among them."""
        from localedit_core import library

        beside = library.catalog_path(library.generator_path(subject.source))
        return self._shelf().entries(subject.fingerprint, beside)

    def save(self, catalog: Catalog, name: str) -> ShelvedCatalog:
        """Put a catalog on the shelf, as a new version of its name."""
        return self._shelf().save(catalog, name)

    def open(self, entry: ShelvedCatalog) -> Catalog:
        """Read a catalog of the shelf."""
        return self._shelf().open(entry)

    def duplicate(self, entry: ShelvedCatalog, name: str) -> ShelvedCatalog:
        """Copy a catalog of the shelf."""
        return self._shelf().duplicate(entry, name)

    def rename(self, entry: ShelvedCatalog, name: str) -> ShelvedCatalog:
        """Call a catalog of the shelf something else."""
        return self._shelf().rename(entry, name)

    def remove(self, entry: ShelvedCatalog) -> RemovedCatalog:
        """Take a catalog off the shelf; what comes back restores it."""
        return self._shelf().remove(entry)

    def restore(self, removed: RemovedCatalog) -> ShelvedCatalog:
        """Put a removed catalog back."""
        return self._shelf().restore(removed)

    def activate(self, subject: Subject, entry: ShelvedCatalog) -> None:
        """Have the generator opened with this catalog from now on.

        A generator of the person's own that had none gets a copy beside its file, by which the
        library knows that it can be opened.
        """
        from localedit_core import library
        from localedit_core.catalog.storage import save_catalog

        shelf = self._shelf()
        path = library.generator_path(subject.source)
        beside = library.catalog_path(path)
        if not beside.exists() and not library.is_bundled(path):
            save_catalog(shelf.open(entry), beside)
        shelf.activate(entry)

    def write_draft(self, path: Path, catalog: Catalog) -> None:
        """Keep names that are not saved yet."""
        from localedit_core.catalog.storage import save_catalog

        save_catalog(catalog, path)

    def read_draft(self, subject: Subject, path: Path) -> Catalog:
        """Read kept names."""
        from localedit_core.catalog.storage import load_catalog

        return load_catalog(path, subject.fingerprint)

    def _shelf(self) -> CatalogShelf:
        from localedit_core.models.catalog_shelf import CatalogShelf

        return CatalogShelf()
