"""Keeps unsaved work on disk, so that a crash loses a few seconds at most."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from localedit_core.session.state import EditState
from localedit_gui.core_jobs import CoreJobs
from localedit_gui.document import EditDocument, Sheet
from localedit_gui.models import OpenModel
from localedit_gui.recovery import Leftover, RecoveryFolder
from localedit_gui.rendering.worker import Failure, Job, RenderWorker

_REST_MS = 1000  # written after this long without a change ...
_MOST_MS = 4000  # ... and at the latest this long after the first unwritten one
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Slot:
    """Where a sheet's unsaved work is kept.

    Attributes:
        place: its slot on disk.
        adopted: the leftover that the sheet's work came from, until that is kept elsewhere.
    """

    place: RecoveryFolder
    adopted: Leftover | None = None

    def drop_adopted(self) -> None:
        if self.adopted is not None:
            self.place.discard(self.adopted)
            self.adopted = None


class Autosave(QObject):
    """Writes the unsaved work of each of the document's sheets into a recovery slot of its own.

    Only the sheet on screen changes; one that leaves it is written once more and then kept.

    Signals:
        failed(Failure): it could not be written; told once until it works again.
        written(): a slot holds its sheet's present work.

    Args:
        folder: where slots are.
    """

    failed = Signal(object)
    written = Signal()

    def __init__(
        self,
        document: EditDocument,
        folder: Path,
        worker: RenderWorker,
        jobs: CoreJobs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._worker = worker
        self._jobs = jobs
        self._model: OpenModel | None = None
        self._slots: dict[Sheet, _Slot] = {}
        self._told = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.write)
        self._since_change = QElapsedTimer()
        document.state_changed.connect(self._changed)
        document.modified_changed.connect(self._modified_changed)

    def set_model(self, model: OpenModel) -> None:
        """Take the generator that the states of the document's sheet belong to.

        Comes before the document turns to another sheet; ``write`` comes before this.
        """
        self._model = model

    def leftovers(self) -> list[Leftover]:
        """Unsaved work of programs that are gone."""
        adopted = [slot.adopted for slot in self._slots.values()]
        return [left for left in RecoveryFolder(self._folder).leftovers() if left not in adopted]

    def adopt(self, leftover: Leftover) -> None:
        """The document now holds a leftover's work; delete that once it is kept elsewhere."""
        slot = self._slot(self._document.sheet)
        slot.drop_adopted()
        slot.adopted = leftover

    def discard(self, leftover: Leftover) -> None:
        """Delete a leftover, as its owner wishes."""
        RecoveryFolder(self._folder).discard(leftover)

    def write(self) -> None:
        """Write now, if there is unsaved work on screen."""
        self._rest.stop()
        self._since_change.invalidate()
        sheet, state, model = self._document.sheet, self._document.state, self._model
        if state is None or model is None or not sheet.modified:
            return
        name, path, place = self._document.name, sheet.path, self._slot(sheet).place

        def work() -> None:
            place.claim()
            self._jobs.save(place.file, model, state, None)
            place.note(name, path, model.card.title)

        def done(_: object) -> None:
            self._kept(sheet, state)

        self._worker.submit(Job(self.tr("keeping unsaved work"), work, done, self._not_kept))

    def forget(self, sheet: Sheet) -> None:
        """A sheet's work is saved, or given up by its owner."""
        slot = self._slot(sheet)
        slot.place.clear()
        slot.drop_adopted()

    def release(self, sheet: Sheet) -> None:
        """A sheet is closed."""
        slot = self._slots.pop(sheet, None)
        if slot is not None:
            slot.drop_adopted()
            slot.place.release()

    def finish(self) -> None:
        """The program ends in order: what is unsaved now was given up by its owner."""
        self._rest.stop()
        for sheet in list(self._slots):
            self.release(sheet)

    def _slot(self, sheet: Sheet) -> _Slot:
        if sheet not in self._slots:
            self._slots[sheet] = _Slot(RecoveryFolder(self._folder))
        return self._slots[sheet]

    def _changed(self) -> None:
        if self._document.modified:
            self._schedule()

    def _schedule(self) -> None:
        if not self._since_change.isValid():
            self._since_change.start()
        left = _MOST_MS - self._since_change.elapsed()
        self._rest.start(int(max(0, min(_REST_MS, left))))

    def _modified_changed(self, modified: bool) -> None:
        if modified:
            self._schedule()  # the first change is told before it counts as one
        else:
            self._rest.stop()
            self._since_change.invalidate()
            self.forget(self._document.sheet)

    def _kept(self, sheet: Sheet, state: EditState) -> None:
        self._told = False
        if not sheet.modified:
            self._slot(sheet).place.clear()  # it was saved while this was being written
            return
        if state == sheet.state:
            self._slot(sheet).drop_adopted()
        self.written.emit()

    def _not_kept(self, failure: Failure) -> None:
        _log.warning("Unsaved work was not kept: %s", failure.message)
        if not self._told:
            self._told = True
            self.failed.emit(failure)


def recovery_path(folder: Path) -> Path:
    """Where in the state folder unsaved work is kept."""
    return folder / "recovery"
