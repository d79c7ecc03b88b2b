"""New, open, save, export, recover: everything between the document and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal

from localedit_gui.autosave import Autosave
from localedit_gui.core_jobs import CoreJobs, Opened, new_state
from localedit_gui.dialogs import Dialogs, FileKind
from localedit_gui.document import EditDocument
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.recovery import Leftover
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.settings import Settings

SESSION_SUFFIX = ".localedit"


def _nothing() -> None:
    pass


class Sessions(QObject):
    """Answers the File menu, drops of files, and the closing window.

    Reading and writing happen on the worker; each verb returns at once. What is read replaces the
    document only when all of it was read; until then, and after an error, everything stays.

    Signals:
        model_opened(OpenModel): comes before the document takes up a state on it.
        message(Message): something to tell.
    """

    model_opened = Signal(object)
    message = Signal(object)

    def __init__(
        self,
        document: EditDocument,
        worker: RenderWorker,
        scheduler: RenderScheduler,
        autosave: Autosave,
        jobs: CoreJobs,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._worker = worker
        self._scheduler = scheduler
        self._autosave = autosave
        self._jobs = jobs
        self._settings = settings
        self._dialogs: Dialogs | None = None
        self._model: OpenModel | None = None

    @property
    def model(self) -> OpenModel | None:
        """The generator that is open."""
        return self._model

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person; comes before anything else is called."""
        self._dialogs = dialogs

    # Opening --------------------------------------------------------------------------------

    def start(self, first: str | Path, fallback: str) -> None:
        """Open what the program was started with, and offer work that a crash left behind.

        Args:
            first: a bundled generator's name or a file.
            fallback: opened if ``first`` cannot be.
        """

        def failed(failure: Failure) -> None:
            self._tell(failure)
            if first != fallback:
                self._submit_open(fallback, self._take)

        self._submit_open(first, self._take, failed)
        for leftover in self._autosave.leftovers():
            self._offer(leftover)

    def new(self) -> None:
        """Begin anew on the generator that is open."""

        def begin() -> None:
            if self._model is not None:
                self._document.open(new_state(self._model))

        self.guard(begin)

    def open_dialog(self) -> None:
        """Ask for a file and open it."""
        path = self._ask().ask_open_path(self._settings.folder)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a generator, a session or an exported PNG, after the unsaved work is dealt with."""
        self._settings.folder = path.parent
        self.guard(lambda: self._submit_open(path, self._take, self._not_opened(path)))

    def open_bundled(self, name: str) -> None:
        """Open a generator that comes with the program."""
        self.guard(lambda: self._submit_open(name, self._take))

    def _submit_open(
        self,
        what: str | Path,
        take: Callable[[Opened, Path | None], None],
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        path = what if isinstance(what, Path) else None
        asked_about = self._document.state

        def done(value: object) -> None:
            opened = cast(Opened, value)
            if self._document.state is asked_about:
                take(opened, path)
            else:  # somebody went on working while the file was read
                self.guard(lambda: take(opened, path))

        label = self.tr("opening {name}").format(name=path.name if path is not None else what)
        self._worker.submit(
            Job(label, lambda: self._jobs.open_file(what), done, failed or self._tell)
        )

    def _not_opened(self, path: Path) -> Callable[[Failure], None]:
        def failed(failure: Failure) -> None:
            if not path.exists():
                self._settings.forget_recent(path)
            self._tell(failure)

        return failed

    def _take(self, opened: Opened, path: Path | None) -> None:
        self._use(opened)
        if path is not None:
            self._settings.add_recent(path)
        if path is not None and opened.own_file:
            self._document.open(opened.state, path)
        else:
            # A picture's session is saved beside it and not over it.
            self._document.open(opened.state, name="" if opened.fresh or not path else path.stem)

    def _use(self, opened: Opened) -> None:
        self._model = opened.model
        self._autosave.set_model(opened.model)
        self.model_opened.emit(opened.model)
        for notice in opened.notices:
            self.message.emit(Message("warning", notice))

    # Saving ---------------------------------------------------------------------------------

    def save(self, then: Callable[[], None] = _nothing) -> None:
        """Write the session to its file; ask for one if it has none. ``then`` comes after."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._submit_save(self._document.path, then)

    def save_as(self, then: Callable[[], None] = _nothing) -> None:
        """Ask for a file and write the session to it."""
        path = self._ask_path("session", SESSION_SUFFIX)
        if path is not None:
            self._submit_save(path, then)

    def _submit_save(self, path: Path, then: Callable[[], None]) -> None:
        model, state = self._model, self._document.state
        if model is None or state is None:
            return
        last = self._scheduler.last
        image = last.image if last is not None and self._scheduler.is_settled() else None

        def done(_: object) -> None:
            self._document.saved(state, path)
            self._settings.add_recent(path)
            self._say(self.tr("Saved {name}.").format(name=path.name))
            then()

        label = self.tr("saving {name}").format(name=path.name)
        self._worker.submit(
            Job(label, lambda: self._jobs.save(path, model, state, image), done, self._tell)
        )

    def export_picture(self) -> None:
        """Ask for a file and write the picture to it, with the session inside."""
        self._export("picture", "", self._jobs.export_picture)

    def export_difference(self, part: str | None) -> None:
        """Ask for a file and write the diff map to it, with the outline of ``part``."""
        self._export(
            "difference",
            "-diff",
            lambda path, model, state: self._jobs.export_difference(path, model, state, part),
        )

    def _export(self, kind: FileKind, ending: str, write: Callable[..., Path]) -> None:
        model, state = self._model, self._document.state
        if model is None or state is None:
            return
        path = self._ask_path(kind, f"{ending}.png")
        if path is None:
            return
        self._worker.submit(
            Job(
                self.tr("exporting {name}").format(name=path.name),
                lambda: write(path, model, state),
                lambda _: self._say(self.tr("Exported {name}.").format(name=path.name)),
                self._tell,
            )
        )

    def _ask_path(self, kind: FileKind, ending: str) -> Path | None:
        folder = self._settings.folder
        if self._document.path is not None:
            folder = self._document.path.parent
        path = self._ask().ask_save_path(kind, folder / f"{self._document.name}{ending}")
        if path is not None:
            self._settings.folder = path.parent
        return path

    # Unsaved work ---------------------------------------------------------------------------

    def guard(self, then: Callable[[], None]) -> None:
        """Do ``then``, but ask first where it would lose work."""
        if not self._document.modified:
            then()
            return
        answer = self._ask().ask_unsaved(self._document.name)
        if answer == "save":
            self.save(then)
        elif answer == "discard":
            then()

    def _offer(self, leftover: Leftover) -> None:
        when = QLocale().toString(
            QDateTime.fromSecsSinceEpoch(int(leftover.when.timestamp())),
            QLocale.FormatType.ShortFormat,
        )
        text = self.tr("LocalEdit ended before “{name}” was saved ({when}).").format(
            name=leftover.name or self.tr("a session"), when=when
        )
        restore = (self.tr("Bring it back"), lambda: self._restore(leftover))
        discard = (self.tr("Discard it"), lambda: self._autosave.discard(leftover))
        hint = self.tr("Its last state was kept.")
        self.message.emit(Message("warning", text, hint, (restore, discard)))

    def _restore(self, leftover: Leftover) -> None:
        def take(opened: Opened, _: Path | None) -> None:
            self._use(opened)
            self._document.open(opened.state, leftover.path, name=leftover.name, modified=True)
            self._autosave.adopt(leftover)

        def failed(failure: Failure) -> None:
            self._tell(replace(failure, hint=f"{failure.hint} {leftover.file}".strip()))

        self.guard(lambda: self._submit_open(leftover.file, take, failed))

    def _ask(self) -> Dialogs:
        assert self._dialogs is not None
        return self._dialogs

    def _say(self, text: str) -> None:
        self.message.emit(Message("info", text))

    def _tell(self, failure: Failure) -> None:
        self.message.emit(Message("error", failure.message, failure.hint))
