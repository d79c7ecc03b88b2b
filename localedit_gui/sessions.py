"""New, open, save, export, recover: everything between the document and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal

from localedit_gui.autosave import Autosave
from localedit_gui.core_jobs import CoreJobs, Opened, new_state
from localedit_gui.dialogs import Dialogs, FileKind
from localedit_gui.document import EditDocument
from localedit_gui.library_jobs import is_checkpoint
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.recovery import Leftover
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.settings import Settings
from localedit_gui.workspaces import Workspace, Workspaces

SESSION_SUFFIX = ".localedit"


def _nothing() -> None:
    pass


class Sessions(QObject):
    """Answers the File menu, drops of files, and the closing window.

    Reading and writing happen on the worker; each verb returns at once. What is read comes to the
    screen only when all of it was read; until then, and after an error, everything stays. It takes
    the place of the session on its own generator, after asking where that has unsaved changes;
    sessions on other generators are kept behind it.

    Signals:
        message(Message): something to tell.
        import_wanted(Path): this file is a published checkpoint.
    """

    message = Signal(object)
    import_wanted = Signal(object)

    def __init__(
        self,
        document: EditDocument,
        workspaces: Workspaces,
        worker: RenderWorker,
        scheduler: RenderScheduler,
        autosave: Autosave,
        jobs: CoreJobs,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._workspaces = workspaces
        self._worker = worker
        self._scheduler = scheduler
        self._autosave = autosave
        self._jobs = jobs
        self._settings = settings
        self._dialogs: Dialogs | None = None

    @property
    def model(self) -> OpenModel | None:
        """The generator on screen."""
        current = self._workspaces.current
        return None if current is None else current.model

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
                self._submit_open(fallback)

        if isinstance(first, Path) and is_checkpoint(first):
            self.import_wanted.emit(first)
            first = fallback
        self._submit_open(first, failed=failed)
        for leftover in self._autosave.leftovers():
            self._offer(leftover)

    def new(self) -> None:
        """Begin anew on the generator that is open."""
        current = self._workspaces.current
        if current is not None:
            self._replace(current, lambda: self._document.open(new_state(current.model)))

    def open_dialog(self) -> None:
        """Ask for a file and open it."""
        path = self._ask().ask_open_path(self._settings.folder)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a generator, a session or an exported PNG; import a published checkpoint."""
        self._settings.folder = path.parent
        if is_checkpoint(path):
            self.import_wanted.emit(path)
            return
        self._submit_open(path, failed=self._not_opened(path))

    def open_bundled(self, name: str) -> None:
        """Open a generator that comes with the program, on its session if it has one."""
        known = self._workspaces.find_bundled(name)
        if known is not None:
            self._workspaces.enter(known.model)
        else:
            self._submit_open(name)

    def open_example(self, path: Path, title: str) -> None:
        """Open a copy of a ready-made session, which is not saved anywhere yet."""

        def put(opened: Opened) -> None:
            self._document.open(opened.state, name=title)

        self._submit_open(path, put)

    def use_catalog(self, what: str | Path, fingerprint: str) -> None:
        """Open a generator with the catalog that is active now; a session on it goes along.

        The session with the former catalog is kept behind it, with all of its edits.

        Args:
            what: a bundled generator's name, or its file.
            fingerprint: the generator's.
        """
        self._workspaces.settle()
        former = self._workspaces.find_generator(fingerprint)

        def put(opened: Opened) -> None:
            state = None if former is None else former.sheet.state
            if former is None or state is None:
                self._document.open(opened.state)
                return
            names = {part.name for part in opened.model.parts}
            kept = tuple(edit for edit in state.edits if edit.part in names)
            gone = sorted({edit.part for edit in state.edits} - names)
            carried = replace(state, model=opened.model.reference, edits=kept)
            self._document.open(carried, name=former.sheet.name, modified=bool(kept))
            self._tell_carried(former, gone)

        self._submit_open(what, put)

    def _tell_carried(self, former: Workspace, gone: Sequence[str]) -> None:
        if not gone:
            self._say(self.tr("The editor works with the other catalog now."))
            return
        text = self.tr("The other catalog lacks {parts}: edits of them did not come along.").format(
            parts=", ".join(gone)
        )
        hint = self.tr("They are kept in the session with the former catalog.")
        back = (self.tr("Go Back to It"), lambda: self._go_back(former))
        self.message.emit(Message("warning", text, hint, (back,)))

    def _go_back(self, workspace: Workspace) -> None:
        self._workspaces.enter(workspace.model)

    def _submit_open(
        self,
        what: str | Path,
        put: Callable[[Opened], None] | None = None,
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        """Read a file, bring its generator to the screen, then ``put`` its session there."""
        path = what if isinstance(what, Path) else None

        label = self.tr("opening {name}").format(name=path.name if path is not None else what)
        self._worker.submit(
            Job(
                label,
                lambda: self._jobs.open_file(what),
                lambda opened: self._take(cast(Opened, opened), path, put),
                failed or self._tell,
            )
        )

    def _take(
        self,
        opened: Opened,
        path: Path | None = None,
        put: Callable[[Opened], None] | None = None,
    ) -> None:
        is_open = self._workspaces.find(opened.model.reference) is not None
        workspace = self._workspaces.enter(opened.model)
        if put is None and path is not None:
            self._settings.add_recent(path)
        if opened.fresh and is_open:
            return  # its session is there as it was left
        self._replace(workspace, lambda: put(opened) if put else self._put(opened, path))
        for notice in opened.notices:
            self.message.emit(Message("warning", notice))

    def _not_opened(self, path: Path) -> Callable[[Failure], None]:
        def failed(failure: Failure) -> None:
            if not path.exists():
                self._settings.forget_recent(path)
            self._tell(failure)

        return failed

    def _put(self, opened: Opened, path: Path | None) -> None:
        if path is not None and opened.own_file:
            self._document.open(opened.state, path)
        else:
            # A picture's session is saved beside it and not over it.
            self._document.open(opened.state, name="" if opened.fresh or not path else path.stem)

    def _replace(self, workspace: Workspace, put: Callable[[], None]) -> None:
        """Put another session into a workspace on screen, but ask first where that loses work."""

        def act() -> None:
            self._workspaces.enter(workspace.model)  # it may have left the screen during a save
            put()

        self._workspaces.settle()
        self._guard(act)

    # Saving ---------------------------------------------------------------------------------

    def save(self, then: Callable[[], None] = _nothing) -> None:
        """Write the session to its file; ask for one if it has none. ``then`` comes after."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._submit_save(self._document.path, then)

    def save_as(self, then: Callable[[], None] = _nothing) -> None:
        """Ask for a file and write the session to it."""
        path = self.ask_path("session", SESSION_SUFFIX)
        if path is not None:
            self._submit_save(path, then)

    def _submit_save(self, path: Path, then: Callable[[], None]) -> None:
        model, state, sheet = self.model, self._document.state, self._document.sheet
        if model is None or state is None:
            return
        last = self._scheduler.last
        image = last.image if last is not None and self._scheduler.is_settled() else None

        def done(_: object) -> None:
            self._document.saved(state, path, sheet)
            if not sheet.modified:
                self._autosave.forget(sheet)
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
        model, state = self.model, self._document.state
        if model is None or state is None:
            return
        path = self.ask_path(kind, f"{ending}.png")
        if path is not None:
            self.write_export(path, lambda: write(path, model, state))

    def write_export(self, path: Path, write: Callable[[], object]) -> None:
        """Have a file written on the worker's thread, and say when it is there or why not."""
        self._worker.submit(
            Job(
                self.tr("exporting {name}").format(name=path.name),
                write,
                lambda _: self._say(self.tr("Exported {name}.").format(name=path.name)),
                self._tell,
            )
        )

    def ask_path(self, kind: FileKind, ending: str) -> Path | None:
        """Ask where to write to, beside the session; the name suggested has this ending."""
        folder = self._settings.folder
        if self._document.path is not None:
            folder = self._document.path.parent
        path = self._ask().ask_save_path(kind, folder / f"{self._document.name}{ending}")
        if path is not None:
            self._settings.folder = path.parent
        return path

    # Unsaved work ---------------------------------------------------------------------------

    def guard_all(self, then: Callable[[], None]) -> None:
        """Do ``then``, which ends the program, but ask first about each session with changes."""
        asked: list[Workspace] = []

        def ask_next() -> None:
            current, others = self._workspaces.current, self._workspaces.others
            for workspace in (current, *others) if current is not None else ():
                if workspace.sheet.modified and workspace not in asked:
                    self._workspaces.enter(workspace.model)  # people see what they are asked about
                    asked.append(workspace)
                    self._guard(ask_next)
                    return
            then()

        self._workspaces.settle()
        ask_next()

    def _guard(self, then: Callable[[], None]) -> None:
        """Do ``then``, but ask first where the session on screen has changes."""
        workspace = self._workspaces.current
        if workspace is None or not workspace.sheet.modified:
            then()
            return

        def saved() -> None:
            self._workspaces.enter(workspace.model)
            self._guard(then)  # something may have been changed since

        answer = self._ask().ask_unsaved(self._document.name)
        if answer == "save":
            self.save(saved)
        elif answer == "discard":
            then()

    def _offer(self, leftover: Leftover) -> None:
        when = QLocale().toString(
            QDateTime.fromSecsSinceEpoch(int(leftover.when.timestamp())),
            QLocale.FormatType.ShortFormat,
        )
        text = self.tr("LocalEdit ended before “{name}” was saved ({when}).").format(
            name=leftover.name or self.tr("a session"),
            when=f"{leftover.generator}, {when}" if leftover.generator else when,
        )
        restore = (self.tr("Bring it back"), lambda: self._restore(leftover))
        discard = (self.tr("Discard it"), lambda: self._autosave.discard(leftover))
        hint = self.tr("Its last state was kept.")
        self.message.emit(Message("warning", text, hint, (restore, discard)))

    def _restore(self, leftover: Leftover) -> None:
        def put(opened: Opened) -> None:
            self._document.open(opened.state, leftover.path, name=leftover.name, modified=True)
            self._autosave.adopt(leftover)

        def failed(failure: Failure) -> None:
            self._tell(replace(failure, hint=f"{failure.hint} {leftover.file}".strip()))

        self._submit_open(leftover.file, put, failed)

    def _ask(self) -> Dialogs:
        assert self._dialogs is not None
        return self._dialogs

    def _say(self, text: str) -> None:
        self.message.emit(Message("info", text))

    def _tell(self, failure: Failure) -> None:
        self.message.emit(Message("error", failure.message, failure.hint))
