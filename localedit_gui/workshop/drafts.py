"""Names that are not saved yet, kept on disk, so that a crash loses a second at most."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from localedit_gui.recovery import Leftover, RecoveryFolder
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.workshop.document import NamingDocument
from localedit_gui.workshop.jobs import WorkshopJobs
from localedit_gui.workshop.values import Subject

_REST_MS = 800
_SUFFIX = ".draft"


def leftovers(folder: Path) -> list[Leftover]:
    """Unsaved names of programs that are gone; ``path`` is the generator's file, if it has one."""
    return RecoveryFolder(folder, _SUFFIX).leftovers()


class Drafts(QObject):
    """Writes the document's unsaved state into a recovery slot of its own.

    A draft is a catalog file with names and without M, which can be measured again.

    Signals:
        failed(Failure): it could not be written; told once until it works again.
        written(): the present state is kept.

    Args:
        folder: where slots are.
        worker: writes them, so that they need not wait for long jobs.
    """

    failed = Signal(object)
    written = Signal()

    def __init__(
        self,
        document: NamingDocument,
        core: WorkshopJobs,
        worker: RenderWorker,
        folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._core = core
        self._worker = worker
        self._folder = folder
        self._slot = RecoveryFolder(folder, _SUFFIX)
        self._subject: Subject | None = None
        self._adopted: Leftover | None = None
        self._told = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._write)
        document.changed.connect(self._changed)
        document.modified_changed.connect(self._modified_changed)

    def set_subject(self, subject: Subject | None) -> None:
        """Take the generator that the names belong to."""
        self._subject = subject

    def adopt(self, leftover: Leftover) -> None:
        """The document holds a leftover's names now; delete that once they are kept elsewhere."""
        self._adopted = leftover

    def discard(self, leftover: Leftover) -> None:
        """Delete a leftover, as its owner wishes."""
        self._slot.discard(leftover)

    def forget(self) -> None:
        """The names are saved, or given up by their owner."""
        self._rest.stop()
        self._slot.clear()
        self._drop_adopted()

    def finish(self) -> None:
        """The program ends in order."""
        self._rest.stop()
        self._slot.release()
        self._drop_adopted()

    def _drop_adopted(self) -> None:
        if self._adopted is not None:
            self._slot.discard(self._adopted)
            self._adopted = None

    def _changed(self) -> None:
        if self._document.modified:
            self._rest.start()

    def _modified_changed(self, modified: bool) -> None:
        if modified:
            self._rest.start()
        else:
            self.forget()

    def _write(self) -> None:
        state, subject = self._document.state, self._subject
        if state is None or subject is None or not self._document.modified:
            return
        name, slot = self._document.name, self._slot
        source = subject.source

        def work() -> None:
            slot.claim()
            self._core.shelf.write_draft(slot.file, self._core.catalog_of(state, None))
            path = source if isinstance(source, Path) else None
            slot.note(name, path, source if isinstance(source, str) else subject.title)

        def done(_: object) -> None:
            self._told = False
            if not self._document.modified:
                slot.clear()  # it was saved while this was being written
                return
            self._drop_adopted()
            self.written.emit()

        self._worker.submit(Job(self.tr("keeping unsaved names"), work, done, self._not_kept))

    def _not_kept(self, failure: Failure) -> None:
        if not self._told:
            self._told = True
            self.failed.emit(failure)
