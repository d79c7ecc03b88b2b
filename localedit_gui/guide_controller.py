"""Takes a person through a job: a picture to begin with, then one part after the other."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QDockWidget

from localedit_core.session.state import EditState
from localedit_gui import commands
from localedit_gui.actions import ActionSpec
from localedit_gui.controller import EditController
from localedit_gui.document import EditDocument
from localedit_gui.guides import Guide, guide_for
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.panels.guide_panel import SIDE, Choice
from localedit_gui.rendering.state_sketches import StateSketches
from localedit_gui.rendering.worker import Failure, RenderWorker

SHOWN = 12
"""Pictures to choose from at a time."""

_REST_MS = 150  # a slider's drag changes the state many times
_SEEDS = 10_000
_NOT_BEGUN = -1


class GuideController(QObject):
    """Fills the guide's panel and commits what is chosen there.

    Step 0 chooses the target, step n the n-th part's reference; after the last comes the end. A
    picture to choose is that of the very state that choosing it makes.

    Signals:
        save_wanted(), export_wanted(), report_wanted(): keep what came out.
        message(Message): something to tell.
    """

    save_wanted = Signal()
    export_wanted = Signal()
    report_wanted = Signal()
    message = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._panel = window.guide
        self._document = document
        self._controller = controller
        self._sketches = StateSketches(worker, self)
        self._model: OpenModel | None = None
        self._guide: Guide | None = None
        self._step = _NOT_BEGUN
        self._page = 0
        self._awaited = ""
        self._offered: tuple[int, ...] = ()  # the seeds that are shown to choose from
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._fill)
        self._add_action()
        panel = self._panel
        panel.begin_wanted.connect(self.begin)
        panel.step_wanted.connect(self.go_to)
        panel.choice_taken.connect(self._take)
        panel.more_wanted.connect(self._more)
        panel.save_wanted.connect(self.save_wanted)
        panel.export_wanted.connect(self.export_wanted)
        panel.report_wanted.connect(self.report_wanted)
        self._sketches.ready.connect(panel.show_picture)
        self._sketches.failed.connect(self._failed)
        document.state_changed.connect(lambda _: self._rest.start())
        self._dock.visibilityChanged.connect(lambda _: self._rest.start())

    def set_model(self, model: OpenModel) -> None:
        """Show the job that suits a generator."""
        if model is self._model:
            return
        self._model = model
        self._guide = guide_for([part.name for part in model.parts])
        self._step = _NOT_BEGUN
        self._sketches.forget()
        self._panel.show_start(self._guide.title, self._guide.sentence)
        self._window.actions_["guide"].setEnabled(True)
        if model.reference.path is None and model.reference.name == self._awaited:
            self.show()
        self._awaited = ""

    def show(self) -> None:
        """Bring the guide to the front."""
        window, dock = self._window, self._dock
        if not dock.isVisible():
            gallery = window.gallery.parentWidget()
            if isinstance(gallery, QDockWidget) and gallery.isVisible() and not dock.isFloating():
                window.tabifyDockWidget(gallery, dock)  # Qt cannot while one of them is hidden
        dock.show()
        dock.raise_()
        panel = self._panel
        (panel.begin if self._step == _NOT_BEGUN else panel.choices).setFocus()

    def show_for(self, name: str) -> None:
        """Bring the guide to the front as soon as the bundled generator ``name`` is on screen."""
        model = self._model
        if model is not None and model.reference.path is None and model.reference.name == name:
            self.show()
        else:
            self._awaited = name

    def begin(self) -> None:
        """Go to the first step."""
        self.go_to(0)

    def go_to(self, step: int) -> None:
        """Go to a step; one past the last part is the end."""
        guide = self._guide
        if guide is None or not 0 <= step <= len(guide.parts) + 1:
            return
        self._step, self._page = step, 0
        names = [self.tr("Start"), *guide.parts, self.tr("Done")]
        self._panel.show_steps(names, step)
        self._panel.back.setEnabled(step > 0)
        if step == len(guide.parts) + 1:
            self._sketches.forget()
            self._panel.show_end(guide.end)
            return
        if step > 0:
            self._controller.select_part(guide.parts[step - 1])
        self._fill()
        self._panel.choices.setFocus()

    # The pictures to choose from -------------------------------------------------------------

    def _part(self) -> str | None:
        assert self._guide is not None
        return self._guide.parts[self._step - 1] if self._step > 0 else None

    def _seeds(self, state: EditState) -> tuple[int, ...]:
        """The seeds of the present page: favourites, those chosen for the generator, then all."""
        assert self._model is not None
        start = self._page * SHOWN
        return tuple(islice(self._model.offered_seeds(state), start, start + SHOWN))

    def _asked(self, state: EditState) -> list[tuple[Choice, EditState]]:
        """What can be chosen now, and the state that each choice makes."""
        part = self._part()
        if part is None:
            return [
                (
                    Choice(
                        str(seed),
                        self.tr("Picture {n}").format(n=seed),
                        state.target == state.picture(seed),
                    ),
                    replace(state, target=state.picture(seed)),
                )
                for seed in self._offered
            ]
        edit = commands.transfer_target(state, part, self._controller.selected_edit)
        without = state if edit is None else commands.without_edit(state, edit.edit_id)
        asked = [
            (
                Choice(
                    self.tr("as it is"),
                    self.tr("{part} as it is").format(part=part),
                    edit is None,
                ),
                without,
            )
        ]
        for seed in self._offered:
            latent = state.picture(seed)
            after, _ = commands.with_transfer(
                state,
                part,
                latent,
                self._controller.first_settings(part),
                self._controller.selected_edit,
            )
            spoken = self.tr("{part} of picture {n}").format(part=part, n=seed)
            taken = edit is not None and edit.reference == latent
            asked.append((Choice(str(seed), spoken, taken), after))
        return asked

    def _fill(self) -> None:
        state, model, guide = self._document.state, self._model, self._guide
        at_choice = guide is not None and 0 <= self._step <= len(guide.parts)
        shown = self._dock.isVisible() and self._panel.isVisible()
        if state is None or model is None or guide is None or not at_choice or not shown:
            self._sketches.forget()
            return
        if state.model != model.reference:
            return  # another generator is about to be shown
        self._offered = self._seeds(state)
        asked = self._asked(state)
        part = self._part()
        question = guide.start if part is None else guide.step.format(part=part)
        self._panel.show_question(question, [choice for choice, _ in asked])
        self._sketches.ask(model, [(n, after) for n, (_, after) in enumerate(asked)], SIDE)

    def _more(self) -> None:
        self._page = (self._page + 1) % (_SEEDS // SHOWN)
        self._fill()

    def _take(self, row: int) -> None:
        state = self._document.state
        if state is None or self._model is None or state.model != self._model.reference:
            return
        part = self._part()
        if part is None:
            self._controller.set_target(self._offered[row])
            return
        self._controller.select_part(part)
        if row > 0:
            self._controller.pick_reference(self._offered[row - 1])
            return
        edit = commands.transfer_target(state, part, self._controller.selected_edit)
        if edit is not None:
            self._document.delete_edit(edit.edit_id)

    def _failed(self, failure: Failure) -> None:
        self.message.emit(Message("error", failure.message, failure.hint))

    @property
    def _dock(self) -> QDockWidget:
        dock = self._panel.parentWidget()
        assert isinstance(dock, QDockWidget)
        return dock

    def _add_action(self) -> None:
        window = self._window
        spec = ActionSpec(
            "guide",
            "file",
            QCoreApplication.translate("Guides", "Compose Ste&p by Step"),
            ("Ctrl+Shift+G",),
            QCoreApplication.translate("Guides", "Be led through all parts, one after the other"),
        )
        window.actions_.extend([spec])
        action = window.actions_["guide"]
        action.setEnabled(False)
        window.file_menu.insertAction(window.actions_["import"], action)
        action.triggered.connect(lambda _=False: self.show())
