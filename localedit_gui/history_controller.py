"""The undo stack as pictures, and snapshots."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QDockWidget

from localedit_core.editing.request import Picture, RenderRequest, RenderResult
from localedit_core.session.state import EditState
from localedit_gui.actions import ActionSpec
from localedit_gui.document import EditDocument, Snapshot
from localedit_gui.main_window import MainWindow
from localedit_gui.models import OpenModel
from localedit_gui.panels.history_panel import Step
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import Job, RenderWorker
from localedit_gui.undo_step import UndoStep

if TYPE_CHECKING:
    from localedit_core.editing.pipeline import Pipeline

REST_MS = 400
"""How long everything has to rest before small pictures are made: the large one comes first."""

_SIDE = 64  # of pictures made for the history
_KEPT = 300  # a settled picture of 256 px is reduced to this side too: 4 MB in all


@dataclass(frozen=True)
class _Look:
    """What a picture depends on; states that look alike share one."""

    subject: object
    request: RenderRequest


def _look(state: EditState) -> _Look:
    request = RenderRequest(
        0,
        0,
        state.target,
        tuple(replace(edit, edit_id=str(n)) for n, edit in enumerate(state.edits)),
        noise_seed=state.noise_seed,
    )
    return _Look(state.model, request)


class HistoryController(QObject):
    """Fills the history panel and goes where people click."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        scheduler: RenderScheduler,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._panel = window.history
        self._document = document
        self._worker = worker
        self._model: OpenModel | None = None
        self._pictures: OrderedDict[_Look, Picture | None] = OrderedDict()  # None: cannot be made
        self._states: tuple[EditState, ...] = ()
        tip = _tr("Keep the present state as long as this window is open")
        window.actions_.extend(
            [ActionSpec("snapshot", "history", _tr("&Keep a Snapshot"), ("Ctrl+Alt+S",), tip)]
        )
        action = window.actions_["snapshot"]
        window.edit_menu.insertAction(window.actions_["mute"], action)
        action.triggered.connect(lambda _=False: self.keep())
        self._panel.step_taken.connect(self.go_to)
        self._panel.snapshot_wanted.connect(self.keep)
        self._panel.snapshot_taken.connect(self._take_snapshot)
        self._panel.snapshot_renamed.connect(self._rename)
        self._panel.snapshot_removed.connect(self._remove)
        self._in_front = False  # a dock behind another's tab says that it is visible
        for dock in window.findChildren(QDockWidget, "history"):
            dock.visibilityChanged.connect(self._come_to_front)
        self._refill = self._timer(0, self._show)
        self._rest = self._timer(REST_MS, self._make_next)
        document.state_changed.connect(lambda _: self._follow())
        document.history.indexChanged.connect(lambda _: self._follow())
        scheduler.shown.connect(self._harvest)

    def set_model(self, model: OpenModel) -> None:
        """States are of this generator from now on."""
        self._model = model

    def go_to(self, index: int) -> None:
        """Go to a state, by as many steps of undo or redo as lie between."""
        self._window.budget.commit_pending()
        self._window.target_bar.psi.commit()
        self._document.undo_stack.setIndex(index)

    def _timer(self, interval: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(act)
        return timer

    # What is shown --------------------------------------------------------------------------

    def _come_to_front(self, in_front: bool) -> None:
        self._in_front = in_front
        self._follow()

    def _follow(self) -> None:
        self._refill.start()
        self._rest.start()

    def _show(self) -> None:
        stack, state = self._document.undo_stack, self._document.state
        steps = [stack.command(n) for n in range(stack.count())]
        known = [step for step in steps if isinstance(step, UndoStep)]
        if state is None or not self._in_front:
            return
        first = known[0].before if known else state
        self._states = (first, *(step.after for step in known))
        texts = [self.tr("Opened"), *(step.text() for step in known)]
        self._panel.set_steps(
            [
                Step(text, self._pictures.get(_look(shown)))
                for text, shown in zip(texts, self._states, strict=True)
            ],
            stack.index(),
        )
        self._panel.set_snapshots(
            [
                Step(kept.name, self._pictures.get(_look(kept.state)))
                for kept in self._document.sheet.snapshots
            ]
        )

    # Pictures -------------------------------------------------------------------------------

    def _harvest(self, result: RenderResult) -> None:
        """Keep a picture that was made anyway, where it is of the present state."""
        state, request = self._document.state, result.request
        if self._rest.isActive():
            self._rest.start()  # somebody hovers over references: small pictures can wait
        if state is None or result.stage != "measured":
            return
        same = (request.target, request.edits) == (state.target, state.edits)
        if same and request.noise_seed == state.noise_seed:
            step = max(1, result.image.shape[0] // (2 * _SIDE))
            self._keep_picture(_look(state), result.image[::step, ::step].copy())

    def _keep_picture(self, look: _Look, picture: Picture | None) -> None:
        self._pictures[look] = picture
        self._pictures.move_to_end(look)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self._refill.start()

    def _make_next(self) -> None:
        """Make one picture that is missing, the latest first; the next after another rest."""
        model = self._model
        if model is None or not self._in_front:
            return
        states = [*self._states, *(kept.state for kept in self._document.sheet.snapshots)]
        looks = [_look(state) for state in reversed(states) if state.model == model.reference]
        missing = [look for look in looks[:_KEPT] if look not in self._pictures]
        if not missing:
            return
        look = missing[0]
        side = min(_SIDE, model.resolution)

        def work() -> object:
            return cast("Pipeline", model.renderer).picture(look.request, side)

        def done(value: object) -> None:
            self._keep_picture(look, cast("Picture | None", value))
            self._rest.start()

        self._worker.submit(Job("", work, done, lambda _: done(None)))

    # Snapshots ------------------------------------------------------------------------------

    def keep(self) -> None:
        """Keep the present state as a snapshot, while the window lasts."""
        state, sheet = self._document.state, self._document.sheet
        if state is None:
            return
        names = {kept.name for kept in sheet.snapshots}
        number = 1
        while (name := self.tr("Snapshot {number}").format(number=number)) in names:
            number += 1
        sheet.snapshots = (*sheet.snapshots, Snapshot(name, state))
        self._follow()

    def _take_snapshot(self, row: int) -> None:
        kept = self._document.sheet.snapshots[row]
        self._document.edit(self.tr("Return to {name}").format(name=kept.name), kept.state)

    def _rename(self, row: int, name: str) -> None:
        sheet = self._document.sheet
        kept = list(sheet.snapshots)
        if name.strip():
            kept[row] = replace(kept[row], name=name.strip())
            sheet.snapshots = tuple(kept)
        self._refill.start()

    def _remove(self, row: int) -> None:
        sheet = self._document.sheet
        sheet.snapshots = (*sheet.snapshots[:row], *sheet.snapshots[row + 1 :])
        self._refill.start()


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryActions", text)
