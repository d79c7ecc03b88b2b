"""Keeps unsaved work on disk, so that a crash loses a few seconds at most."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from localedit_core.session.state import EditState
from localedit_gui.core_jobs import CoreJobs
from localedit_gui.document import EditDocument
from localedit_gui.models import OpenModel
from localedit_gui.recovery import Leftover, RecoveryFolder
from localedit_gui.rendering.worker import Failure, Job, RenderWorker

_REST_MS = 1000  # written after this long without a change ...
_MOST_MS = 4000  # ... and at the latest this long after the first unwritten one
_log = logging.getLogger(__name__)


class Autosave(QObject):
    """Writes the document's unsaved work into this program's recovery slot.

    Signals:
        failed(Failure): it could not be written; told once until it works again.
        written(): the slot holds the present work.
    """

    failed = Signal(object)
    written = Signal()

    def __init__(
        self,
        document: EditDocument,
        folder: RecoveryFolder,
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
        self._adopted: Leftover | None = None
        self._told = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.write)
        self._since_change = QElapsedTimer()
        document.state_changed.connect(self._changed)
        document.modified_changed.connect(self._modified_changed)

    def set_model(self, model: OpenModel) -> None:
        """Take the generator that the document's states belong to."""
        self._model = model

    def leftovers(self) -> list[Leftover]:
        """Unsaved work of programs that are gone."""
        return [left for left in self._folder.leftovers() if left != self._adopted]

    def adopt(self, leftover: Leftover) -> None:
        """The document now holds a leftover's work; delete that once it is kept elsewhere."""
        self._drop_adopted()
        self._adopted = leftover

    def discard(self, leftover: Leftover) -> None:
        """Delete a leftover, as its owner wishes."""
        self._folder.discard(leftover)

    def write(self) -> None:
        """Write now, if there is unsaved work."""
        self._rest.stop()
        self._since_change.invalidate()
        state, model = self._document.state, self._model
        if state is None or model is None or not self._document.modified:
            return
        name, path = self._document.name, self._document.path

        def work() -> None:
            self._folder.claim()
            self._jobs.save(self._folder.file, model, state, None)
            self._folder.note(name, path)

        self._worker.submit(
            Job(self.tr("keeping unsaved work"), work, lambda _: self._kept(state), self._not_kept)
        )

    def finish(self) -> None:
        """The program ends in order: what is unsaved now was given up by its owner."""
        self._rest.stop()
        self._drop_adopted()
        self._folder.release()

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
            self._folder.clear()
            self._drop_adopted()

    def _kept(self, state: EditState) -> None:
        self._told = False
        if not self._document.modified:
            self._folder.clear()  # it was saved while this was being written
            return
        if state == self._document.state:
            self._drop_adopted()
        self.written.emit()

    def _not_kept(self, failure: Failure) -> None:
        _log.warning("Unsaved work was not kept: %s", failure.message)
        if not self._told:
            self._told = True
            self.failed.emit(failure)

    def _drop_adopted(self) -> None:
        if self._adopted is not None:
            self._folder.discard(self._adopted)
            self._adopted = None


def recovery_path(folder: Path) -> Path:
    """Where in the state folder unsaved work is kept."""
    return folder / "recovery"
