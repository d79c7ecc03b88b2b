"""What the workshop's steps share: the window, the thread of long jobs, the generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from localedit_core.errors import RenderCancelled
from localedit_gui.message_bar import Message
from localedit_gui.panels.catalog_workshop import CatalogWorkshop
from localedit_gui.rendering.long_jobs import Cancelled, LongJob, LongJobs, Progress
from localedit_gui.rendering.worker import Failure
from localedit_gui.workshop.document import NamingDocument
from localedit_gui.workshop.jobs import WorkshopJobs
from localedit_gui.workshop.values import Subject

Work = Callable[[Progress, Cancelled], object]


@dataclass(eq=False)
class _Token:
    """A background job on its way.

    Attributes:
        makes_room: it has to stop for something else, and comes again afterwards.
        given_up: a person has cancelled it, begun or not.
    """

    makes_room: bool = False
    given_up: bool = False

    @property
    def stops(self) -> bool:
        return self.makes_room or self.given_up


class Desk(QObject):
    """Runs jobs for the steps. What a person waits for goes before what runs in the background.

    Results of another generator than the present one are dropped.

    Attributes:
        window: what people see.
        document: the names under work.
        core: what the core does.
        jobs: the thread.
        subject: the generator; None before one is loaded.
    """

    def __init__(
        self,
        window: CatalogWorkshop,
        core: WorkshopJobs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.window = window
        self.core = core
        self.document = NamingDocument(self)
        self.jobs = LongJobs(self)
        self.subject: Subject | None = None
        self._tokens: list[_Token] = []
        self._epoch = 0
        self.jobs.changed.connect(window.set_running)
        window.cancel_wanted.connect(self.cancel)

    def turn_to(self, subject: Subject | None) -> None:
        """Take another generator; what still runs for the last one is given up."""
        self._epoch += 1
        self.subject = subject
        self._tokens.clear()
        self.jobs.cancel()

    def run(
        self,
        label: str,
        work: Work,
        done: Callable[[object], None],
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        """Do what a person waits for. Background jobs make room and come again."""
        epoch = self._epoch

        def deliver(value: object) -> None:
            if epoch == self._epoch:
                done(value)

        def tell(_: Exception, failure: Failure) -> None:
            if epoch == self._epoch:
                (failed or self.tell_failure)(failure)

        self.jobs.submit(LongJob(label, work, deliver, tell))
        for token in self._tokens:
            token.makes_room = True

    def run_behind(
        self,
        label: str,
        work: Work,
        ended: Callable[[object], None],
        again: Callable[[], None],
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        """Do what takes minutes.

        Args:
            label: what people read.
            work: keeps what it has done where it is cancelled.
            ended: gets what it returned, None where it was cancelled with nothing to show.
            again: asks for it anew; called where it made room for something else.
            failed: gets the reason where it raised.
        """
        token, epoch = _Token(), self._epoch
        self._tokens.append(token)

        def guarded(progress: Progress, cancelled: Cancelled) -> object:
            try:
                if token.stops:
                    return None
                return work(progress, lambda: cancelled() or token.stops)
            except RenderCancelled:
                return None

        def is_mine() -> bool:
            if token in self._tokens:
                self._tokens.remove(token)
            return epoch == self._epoch

        def deliver(value: object) -> None:
            if is_mine():
                ended(value)
                if token.makes_room and not token.given_up:
                    again()

        def tell(_: Exception, failure: Failure) -> None:
            if is_mine():
                (failed or self.tell_failure)(failure)

        self.jobs.submit(LongJob(label, guarded, deliver, tell))

    def cancel(self) -> None:
        """Give up what runs, and what waits behind it."""
        for token in self._tokens:
            token.given_up = True
        self.jobs.cancel()

    # Telling --------------------------------------------------------------------------------

    def tell_failure(self, failure: Failure) -> None:
        """Say why something did not work."""
        self.window.messages.show_message(Message("error", failure.message, failure.hint))

    def tell(
        self,
        text: str,
        hint: str = "",
        choices: tuple[tuple[str, Callable[[], None]], ...] = (),
    ) -> None:
        """Say what happened."""
        self.window.messages.show_message(Message("info", text, hint, choices))

    def warn(self, text: str, hint: str = "") -> None:
        """Say what cannot be, in one line with what to do."""
        self.window.messages.show_message(Message("warning", text, hint))
