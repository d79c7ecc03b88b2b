"""Opens the workshop on a generator, goes from step to step, and asks before work is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from localedit_core.generators.devices import Retreat
from localedit_gui.dialogs import Dialogs
from localedit_gui.message_bar import Message
from localedit_gui.panels.catalog_workshop import CHECK, CLUSTER, NAME, SAVE, CatalogWorkshop
from localedit_gui.panels.library_page import FAMILY_NAMES
from localedit_gui.recovery import Leftover
from localedit_gui.rendering.worker import Failure, RenderWorker
from localedit_gui.settings import Settings
from localedit_gui.workshop.checking import CheckingStep
from localedit_gui.workshop.clustering import ClusteringStep
from localedit_gui.workshop.desk import Desk
from localedit_gui.workshop.drafts import Drafts, leftovers
from localedit_gui.workshop.jobs import WorkshopJobs
from localedit_gui.workshop.naming import NamingStep
from localedit_gui.workshop.shelving import ShelvingStep
from localedit_gui.workshop.values import Bench, Subject

Source = str | Path


def _nothing() -> None:
    pass


class Workshop(QObject):
    """The catalog workshop. Its window is made when it is wanted first.

    Signals:
        use_wanted(Subject): the editor shall use what is active on the shelf now.
        message(Message): something to tell in the main window.

    Args:
        parent_window: whose window it belongs to.
        worker: writes drafts.
        settings: remembers folders.
        folder: where drafts are kept.
        present: the editor's generator, as source and title, or None.
        core: what the core does.
    """

    use_wanted = Signal(object)
    message = Signal(object)

    def __init__(
        self,
        parent_window: QWidget,
        worker: RenderWorker,
        settings: Settings,
        folder: Path,
        present: Callable[[], tuple[Source, str] | None],
        core: WorkshopJobs | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parent_window = parent_window
        self._worker = worker
        self._settings = settings
        self._folder = folder
        self._present = present
        self._core = core or WorkshopJobs()
        self._dialogs: Dialogs | None = None
        self._window: CatalogWorkshop | None = None
        self._loading: Source | None = None

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs
        if self._window is not None:
            self.shelving.set_dialogs(dialogs)

    @property
    def window(self) -> CatalogWorkshop:
        """The window, made now if it was not there."""
        if self._window is None:
            self._make()
        assert self._window is not None
        return self._window

    def _make(self) -> None:
        self._window = window = CatalogWorkshop(self._parent_window)
        self.desk = Desk(window, self._core, self)
        self.naming = NamingStep(self.desk, self)
        self.clustering = ClusteringStep(self.desk, self.open_bench, self)
        self.checking = CheckingStep(self.desk, self.naming, self)
        self.shelving = ShelvingStep(self.desk, self.naming, self._settings, self)
        self.drafts = Drafts(self.desk.document, self._core, self._worker, self._folder, self)
        if self._dialogs is not None:
            self.shelving.set_dialogs(self._dialogs)
        self.drafts.failed.connect(self.desk.tell_failure)
        self.shelving.bench_wanted.connect(self.open_bench)
        self.shelving.use_wanted.connect(self.use_wanted)
        document, actions = self.desk.document, window.actions_
        document.changed.connect(self._show_possible)
        document.modified_changed.connect(window.setWindowModified)
        stack = document.undo_stack
        actions["undo"].triggered.connect(stack.undo)
        actions["redo"].triggered.connect(stack.redo)
        stack.canUndoChanged.connect(actions["undo"].setEnabled)
        stack.canRedoChanged.connect(actions["redo"].setEnabled)
        stack.undoTextChanged.connect(
            lambda text: actions["undo"].setText(self.tr("&Undo {step}").format(step=text).strip())
        )
        stack.redoTextChanged.connect(
            lambda text: actions["redo"].setText(self.tr("&Redo {step}").format(step=text).strip())
        )
        for name in ("undo", "redo"):
            actions[name].setEnabled(False)
        window.naming.selection_changed.connect(self._show_actions)
        self.clustering.changed.connect(self._show_hint)
        window.step_wanted.connect(self.go_to)
        window.close_wanted.connect(lambda: self.guard(self._close))
        self._show_possible()

    # Opening --------------------------------------------------------------------------------

    def show(self) -> None:
        """Open the workshop on the editor's generator."""
        present = self._present()
        if self._window is not None and present is not None:
            subject, there = self.desk.subject, self.clustering.has_results
            there = there or self.clustering.running or self.desk.document.state is not None
            if subject is not None and subject.source != present[0] and there:
                self._offer_present(subject, *present)
                return
        if present is not None:
            self.open_on(*present)

    def _offer_present(self, subject: Subject, source: Source, title: str) -> None:
        """Show the workshop as it is, on another generator than the editor's, and say so."""
        self._raise()
        self.desk.tell(
            self.tr("The workshop is still at work on {name}.").format(name=subject.title),
            choices=(
                (
                    self.tr("Turn to {title}").format(title=title),
                    lambda: self.open_on(source, title),
                ),
            ),
        )

    def open_on(self, source: Source, title: str, *, start: bool = False) -> None:
        """Open the workshop on a generator.

        Args:
            source: a bundled generator's name, or a file.
            title: what people call it; empty takes what its file says.
            start: whether to cluster it at once, with what is suggested.
        """
        self._raise()
        subject = self.desk.subject
        if (subject is not None and subject.source == source) or self._loading == source:
            if start and subject is not None and self._loading is None:
                self._start_suggested()
            return
        self.guard(lambda: self._load(source, title, self._start_suggested if start else _nothing))

    def _raise(self) -> None:
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self.window.messages.window_shown()

    def _load(self, source: Source, title: str, then: Callable[[], None]) -> None:
        self.desk.turn_to(None)
        self.clustering.clear()
        self.naming.forget()
        self.shelving.forget()
        self.drafts.set_subject(None)
        self.desk.document.open(None)
        self._loading = source
        self.window.set_subject(title or str(source))
        self.window.set_step(CLUSTER)
        self._show_possible()

        def done(value: object) -> None:
            self._loading = None
            self._take(cast(Subject, value))
            then()

        def failed(failure: Failure) -> None:
            self._loading = None
            self.desk.tell_failure(failure)

        self.desk.run(
            self.tr("opening {name}").format(name=title or source),
            lambda *_: self._core.open_subject(source, title, self._retreated),
            done,
            failed,
        )

    def _retreated(self, retreat: Retreat) -> None:
        """A device's memory did not suffice. Called on the thread of long jobs."""
        self.desk.jobs.deliver(lambda: self.desk.tell(retreat.message))

    def _take(self, subject: Subject) -> None:
        self.desk.subject = subject
        self.drafts.set_subject(subject)
        window = self.window
        family = FAMILY_NAMES.get(subject.family, subject.family)
        window.set_subject(
            self.tr("{title} · {family} · {side} px").format(
                title=subject.title, family=family, side=subject.resolution
            )
        )
        window.cluster.set_subject(subject)
        window.check.set_has_styles(subject.has_styles)
        self.shelving.refresh()
        self._show_possible()

    def _start_suggested(self) -> None:
        self.go_to(CLUSTER)
        self.window.cluster.start.click()

    def open_bench(self, bench: Bench) -> None:
        """Put something on the bench, after asking about what is there."""

        def put() -> None:
            self.desk.document.open(bench)
            self.go_to(NAME)

        self.guard(put)

    # Steps ----------------------------------------------------------------------------------

    def go_to(self, step: int) -> None:
        """Show another step, if it can be gone to."""
        window = self.window
        if not window.steps.button(step).isEnabled():
            return
        window.check.epsilon.commit()
        window.check.floor.commit()
        window.set_step(step)
        self.checking.set_shown(step == CHECK)
        if step == SAVE:
            self.naming.measure(asked=True)
        if step == NAME:
            window.naming.canvas.setFocus()
        self._show_actions()

    def _show_possible(self) -> None:
        window, state = self.window, self.desk.document.state
        loaded = self.desk.subject is not None
        something = state is not None
        named = state is not None and bool(state.naming.parts())
        loading = self.tr("The generator is being opened")
        pick = self.tr("Cluster first, then press Name These; or open a catalog under Save")
        window.set_possible(CLUSTER, True)
        window.set_possible(NAME, something, pick)
        window.set_possible(
            CHECK, named, self.tr("Name at least one cluster first") if something else pick
        )
        window.set_possible(SAVE, loaded, loading)
        window.cluster.setEnabled(loaded)
        if not window.steps.button(window.step).isEnabled():
            self.go_to(NAME if something else CLUSTER)
        self._show_actions()

    def _show_hint(self) -> None:
        ready = any(row.pick.isEnabled() for row in self.window.cluster.rows.rows.values())
        first = self.tr("Choose layers and K, then press Start.")
        if ready:
            first = self.tr("Press Name These on the row whose clusters follow what you see.")
        self.window.set_hint(
            (
                first,
                self.tr("Click a cluster, type what it is, press Enter. One name, one part."),
                self.tr("Does the outline follow the part? Budget and floor are kept with it."),
                self.tr("Save a version, then press Use in Editor to edit with it."),
            )[self.window.step]
        )

    def _show_actions(self) -> None:
        self._show_hint()
        window, state = self.window, self.desk.document.state
        actions, naming = window.actions_, window.naming
        here = window.step == NAME and state is not None
        one = here and len(naming.selected) == 1
        for name in ("split_2", "split_3", "split_4", "sides"):
            actions[name].setEnabled(one)
        actions["name"].setEnabled(here and bool(naming.selected))
        actions["unname"].setEnabled(here and naming.unname.isEnabled())
        views = (
            "next_sample",
            "previous_sample",
            "more",
            "less",
            "zoom_in",
            "zoom_out",
            "zoom_fit",
        )
        for name in ("together", "deselect", *views):
            actions[name].setEnabled(here)
        actions["start"].setEnabled(window.step == CLUSTER and self.desk.subject is not None)
        actions["sheet"].setEnabled(state is not None)

    # Unsaved names --------------------------------------------------------------------------

    def guard(self, then: Callable[[], None]) -> None:
        """Do ``then``, which loses what is on the bench, but ask first where it is not saved."""
        if self._window is None or not self.desk.document.modified or self._dialogs is None:
            then()
            return
        document = self.desk.document
        name = document.name or (self.desk.subject.title if self.desk.subject else "")
        answer = self._dialogs.ask_unsaved(self.tr("the parts of {name}").format(name=name))
        if answer == "discard":
            self.drafts.forget()
            document.open(None)
            then()
        elif answer == "save":

            def saved() -> None:
                self.shelving.saved.disconnect(saved)
                then()

            self.shelving.saved.connect(saved)
            self.go_to(SAVE)
            self.shelving.save(self.window.saving.name.text().strip() or name)

    def _close(self) -> None:
        if self.clustering.running:
            self.desk.cancel()
        self.window.close_for_good()

    def stop(self) -> None:
        """Give up what runs, and wait for it."""
        if self._window is None:
            return
        self.desk.jobs.stop()
        self.drafts.finish()
        self.desk.document.blockSignals(True)
        self.desk.document.undo_stack.blockSignals(True)
        self._window.close_for_good()

    # After a crash --------------------------------------------------------------------------

    def offer_leftovers(self) -> None:
        """Offer names that a program which is gone had not saved."""
        for leftover in leftovers(self._folder):
            when = QLocale().toString(
                QDateTime.fromSecsSinceEpoch(int(leftover.when.timestamp())),
                QLocale.FormatType.ShortFormat,
            )
            title = leftover.path.stem if leftover.path is not None else leftover.generator
            text = self.tr("LocalEdit ended before the parts of “{name}” were saved ({when}).")
            restore = (self.tr("Bring Them Back"), partial(self._restore, leftover))
            discard = (self.tr("Discard Them"), partial(self._discard, leftover))
            self.message.emit(
                Message(
                    "warning",
                    text.format(name=leftover.name or title, when=when),
                    self.tr("Their names were kept."),
                    (restore, discard),
                )
            )

    def _discard(self, leftover: Leftover) -> None:
        _ = self.window
        self.drafts.discard(leftover)

    def _restore(self, leftover: Leftover) -> None:
        source: Source = leftover.generator if leftover.path is None else leftover.path
        self._raise()

        def loaded() -> None:
            subject = self.desk.subject
            assert subject is not None

            def done(value: object) -> None:
                self.desk.document.open(cast(Bench, value), modified=True)
                self.drafts.adopt(leftover)
                self.go_to(NAME)

            self.desk.run(
                self.tr("bringing names back"),
                lambda *_: self._core.bench_of_catalog(
                    subject, self._core.shelf.read_draft(subject, leftover.file), leftover.name
                ),
                done,
            )

        title = leftover.generator if leftover.path is not None else ""
        self.guard(lambda: self._load(source, title, loaded))
