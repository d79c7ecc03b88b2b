"""Work that takes minutes: imports, downloads, clustering. One after the other, beside the editor.

It has a thread of its own, so that pictures are rendered meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal

from localedit_core.errors import RenderCancelled
from localedit_gui.rendering.worker import Failure, failure_of

Progress = Callable[[int, int | None], None]
"""Told (done, total), or (done, None) where nobody knows the total."""

Cancelled = Callable[[], bool]
_REPORTS_APART = 0.05  # seconds


@dataclass(frozen=True, eq=False)
class LongJob:
    """One piece of work.

    Attributes:
        label: what people read while it runs.
        work: runs on the other thread; tells how far it is, and stops where it is asked to.
        done: gets what ``work`` returned, on the window's thread.
        failed: gets the exception and its meaning where it raised, on the window's thread.
        unit: what is counted, "bytes" or "".
    """

    label: str
    work: Callable[[Progress, Cancelled], object]
    done: Callable[[object], None]
    failed: Callable[[Exception, Failure], None]
    unit: str = ""


@dataclass(frozen=True)
class Running:
    """How far the running job is.

    Attributes:
        label, unit: of the job.
        done, total: as it told; total may be None.
        seconds_left: by the pace so far, or None.
    """

    label: str
    unit: str = ""
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None


class LongJobs(QThread):
    """The thread of long jobs. It starts with the first job.

    Signals (all arrive on the window's thread):
        changed(Running | None): how far the running job is; None when nothing runs.
    """

    changed = Signal(object)
    _deliver = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("localedit-long-jobs")
        self._waiting: deque[LongJob] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._given_up = False
        self._deliver.connect(lambda call: call())

    def submit(self, job: LongJob) -> None:
        """Queue a job."""
        with self._wake:
            if self._stopping:
                return
            self._waiting.append(job)
            self._wake.notify()
        if not self.isRunning():
            self.start()

    def cancel(self) -> None:
        """Give up the job that runs; it tells neither done nor failed."""
        self._given_up = True

    def deliver(self, call: Callable[[], None]) -> None:
        """Have something done on the window's thread; for jobs that tell what they have so far."""
        self._deliver.emit(call)

    def stop(self) -> None:
        """Give up all jobs and end the thread. Waits for it."""
        with self._wake:
            self._stopping = self._given_up = True
            self._waiting.clear()
            self._wake.notify()
        self.wait()

    def run(self) -> None:
        """Serve until ``stop``. Runs on the thread."""
        while True:
            with self._wake:
                while not self._waiting and not self._stopping:
                    self._wake.wait()
                if self._stopping:
                    return
                job = self._waiting.popleft()
                self._given_up = False
            self._do(job)
            self.changed.emit(None)

    def _do(self, job: LongJob) -> None:
        began = told = time.monotonic()
        self.changed.emit(Running(job.label, job.unit))

        def progress(done: int, total: int | None) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told < _REPORTS_APART and done != total:
                return
            told = now
            left = (now - began) * (total - done) / done if total and done else None
            self.changed.emit(Running(job.label, job.unit, done, total, left))

        try:
            value = job.work(progress, lambda: self._given_up)
        except RenderCancelled:
            return
        except Exception as error:
            caught, failure = error, failure_of(error, job.label)
            self._deliver.emit(lambda: job.failed(caught, failure))
        else:
            self._deliver.emit(lambda: job.done(value))
