"""Connects the page of the model library with files, downloads and the editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from localedit_core.errors import LocalEditError
from localedit_core.generators.devices import Device, Retreat
from localedit_gui import library_jobs
from localedit_gui.dialogs import Dialogs
from localedit_gui.library_jobs import Arrival, Shelves
from localedit_gui.message_bar import Message, MessageBar
from localedit_gui.panels.library_page import LibraryPage
from localedit_gui.rendering.long_jobs import Cancelled, LongJob, LongJobs, Progress
from localedit_gui.rendering.worker import Failure
from localedit_gui.settings import Settings

if TYPE_CHECKING:
    from localedit_core.models.entry import LibraryEntry
    from localedit_core.models.published_list import PublishedCheckpoint


class ModelLibraryController(QObject):
    """Imports, fetches, renames and removes generators, and opens them.

    Signals:
        workshop_wanted(LibraryEntry): find this generator's parts in the catalog workshop.

    Args:
        page: what people see.
        messages: where outcomes are told.
        open_path: opens a generator's file in the editor.
        device: tells where pictures are to be made.
    """

    workshop_wanted = Signal(object)

    def __init__(
        self,
        page: LibraryPage,
        messages: MessageBar,
        settings: Settings,
        open_path: Callable[[Path], None],
        device: Callable[[], Device],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.page = page
        self.jobs = LongJobs(self)
        self._messages = messages
        self._settings = settings
        self._open_path = open_path
        self._device = device
        self._dialogs: Dialogs | None = None
        self.jobs.changed.connect(page.set_running)
        page.cancel_wanted.connect(self.jobs.cancel)
        page.import_wanted.connect(self.import_dialog)
        page.open_wanted.connect(self._open)
        page.parts_wanted.connect(self._to_workshop)
        page.quick_wanted.connect(self.number_parts)
        page.rename_wanted.connect(self._rename)
        page.remove_wanted.connect(self._remove)
        page.folder_wanted.connect(self._show_folder)
        page.fetch_wanted.connect(self.fetch)
        page.page_wanted.connect(lambda found: QDesktopServices.openUrl(QUrl(found.page)))

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs

    def show(self) -> None:
        """Show the page, with what is there now."""
        self.refresh()
        self.page.show()
        self.page.raise_()

    def stop(self) -> None:
        """Give up what runs, and wait for it."""
        self.jobs.stop()

    def refresh(self, select: str = "") -> None:
        """Read library and list again."""

        def done(value: object) -> None:
            shelves = cast(Shelves, value)
            self.page.set_entries(shelves.entries)
            if self.page.published.count() != len(shelves.published):
                self.page.set_published(shelves.published)
            if select:
                self.page.select(select)

        self._submit(self.tr("reading the library"), lambda *_: library_jobs.read_shelves(), done)

    # Importing ------------------------------------------------------------------------------

    def import_dialog(self) -> None:
        """Ask for a checkpoint and import it."""
        assert self._dialogs is not None
        path = self._dialogs.ask_checkpoint_path(self._settings.folder)
        if path is not None:
            self.import_path(path)

    def import_path(self, path: Path) -> None:
        """Import a checkpoint, or take up a generator of ours."""
        self._settings.folder = path.parent
        self.show()
        self._submit(
            self.tr("importing {name}").format(name=path.name),
            lambda progress, cancelled: library_jobs.import_file(path, progress, cancelled),
            self._arrived,
            unit="bytes",
        )

    def fetch(self, checkpoint: PublishedCheckpoint, *, accept_changed: bool = False) -> None:
        """Fetch a published checkpoint and import it."""

        def failed(error: Exception, failure: Failure) -> None:
            from localedit_core.models.download import ChecksumChangedError

            choices = []
            if isinstance(error, ChecksumChangedError):
                choices.append(
                    (
                        self.tr("Use It All the Same"),
                        lambda: self.fetch(checkpoint, accept_changed=True),
                    )
                )
            else:
                choices.append((self.tr("Try Again"), lambda: self.fetch(checkpoint)))
            self._tell("error", failure.message, failure.hint, tuple(choices))

        self._submit(
            self.tr("fetching {name}").format(name=checkpoint.name),
            lambda progress, cancelled: library_jobs.fetch_and_import(
                checkpoint, progress, cancelled, accept_changed=accept_changed
            ),
            self._arrived,
            failed,
            unit="bytes",
        )

    def number_parts(self, entry: LibraryEntry) -> None:
        """Cluster a generator with the suggested settings, so that it can be opened."""

        def done(value: object) -> None:
            found = cast("LibraryEntry", value)
            self.refresh(found.name)
            self._tell(
                "info",
                self.tr("The parts of {name} are found; they have numbers for names.").format(
                    name=found.name
                ),
                self.tr("Name them in the catalog workshop (Ctrl+K)."),
                ((self.tr("Open It"), lambda: self._open(found)),),
            )

        device = self._device()

        def retreated(retreat: Retreat) -> None:
            self.jobs.deliver(lambda: self._tell("info", retreat.message))

        self._submit(
            self.tr("finding the parts of {name}").format(name=entry.name),
            lambda progress, cancelled: library_jobs.find_parts(
                entry, progress, cancelled, device, retreated
            ),
            done,
        )

    def _to_workshop(self, entry: LibraryEntry) -> None:
        self.page.accept()
        self.workshop_wanted.emit(entry)

    def _arrived(self, value: object) -> None:
        arrival = cast(Arrival, value)
        entry = arrival.entry
        self.refresh(entry.name)
        text = self.tr("{name} is imported: {layout}, {resolution} px.").format(
            name=entry.name, layout=arrival.layout, resolution=entry.facts.resolution
        )
        choices: tuple[tuple[str, Callable[[], None]], ...]
        if entry.has_catalog:
            choices = ((self.tr("Open It"), lambda: self._open(entry)),)
        else:
            choices = ((self.tr("Find Its Parts"), lambda: self._to_workshop(entry)),)
        if not arrival.has_styles:
            text += " " + self.tr("It has no styles: parts are brought over by feature blending.")
        self._tell("info", text, " ".join(arrival.notes), choices)

    # One entry ------------------------------------------------------------------------------

    def _open(self, entry: LibraryEntry) -> None:
        self.page.accept()
        self._open_path(entry.path)

    def _rename(self, entry: LibraryEntry) -> None:
        assert self._dialogs is not None
        name = self._dialogs.ask_name(self.tr("Rename generator"), entry.name)
        if name is None or name == entry.name:
            return
        from localedit_core.models.store import ModelLibrary

        renamed = self._try(lambda: ModelLibrary().rename(entry, name))
        if renamed is not None:
            self.refresh(cast("LibraryEntry", renamed).name)

    def _remove(self, entry: LibraryEntry) -> None:
        from localedit_core.models.store import ModelLibrary
        from localedit_core.models.trash import Removed

        removed = self._try(lambda: ModelLibrary().remove(entry))
        if removed is None:
            return
        gone = cast(Removed, removed)

        def undo() -> None:
            if self._try(lambda: ModelLibrary().restore(gone)) is not None:
                self.refresh(gone.name)

        self.refresh()
        self._tell(
            "info",
            self.tr("{name} is removed from the library.").format(name=entry.name),
            self.tr("It stays in the library's trash for 30 days."),
            ((self.tr("Take It Back"), undo),),
        )

    def _show_folder(self, entry: LibraryEntry) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path.parent)))

    # Help -----------------------------------------------------------------------------------

    def _try(self, act: Callable[[], object]) -> object | None:
        """Do something short; tell why where it cannot be done."""
        try:
            return act()
        except LocalEditError as error:
            self._tell("error", error.message, error.hint)
            return None

    def _submit(
        self,
        label: str,
        work: Callable[[Progress, Cancelled], object],
        done: Callable[[object], None],
        failed: Callable[[Exception, Failure], None] | None = None,
        unit: str = "",
    ) -> None:
        def tell(_: Exception, failure: Failure) -> None:
            self._tell("error", failure.message, failure.hint)

        self.jobs.submit(LongJob(label, work, done, failed or tell, unit))

    def _tell(
        self,
        kind: str,
        text: str,
        hint: str = "",
        choices: tuple[tuple[str, Callable[[], None]], ...] = (),
    ) -> None:
        message = Message("error" if kind == "error" else "info", text, hint, choices)
        self._messages.show_message(message)
