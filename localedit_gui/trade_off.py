"""Keeps the trade-off curve of the selected edit current, and finds budgets for limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer

from localedit_core.editing.dials import dial_of
from localedit_core.editing.edit import Edit
from localedit_core.editing.request import RenderRequest
from localedit_core.session.state import EditState, FoundBudget
from localedit_gui.commands import with_settings
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.rendering.worker import Failure, Job, RenderWorker

if TYPE_CHECKING:
    from localedit_core.editing.trade_off import TradeOffMeter, TradeOffPoint

REST_MS = 350
"""How long everything has to rest before the curve is measured: pictures come first."""


@dataclass(frozen=True)
class _Subject:
    """What a curve is of; another one needs another curve."""

    model: OpenModel
    request: RenderRequest
    edit: Edit

    def meter(self) -> TradeOffMeter:
        """Measure it. On the worker's thread."""
        from localedit_core.editing.pipeline import Pipeline
        from localedit_core.editing.trade_off import TradeOffMeter

        return TradeOffMeter(cast(Pipeline, self.model.renderer), self.request, self.edit.edit_id)


@dataclass(frozen=True)
class _Sweep:
    """A curve that is measured point by point, on pictures of ``side`` px."""

    points: Iterator[TradeOffPoint]
    side: int

    @classmethod
    def of(cls, subject: _Subject) -> _Sweep:
        """Begin one. On the worker's thread."""
        meter = subject.meter()
        return cls(meter.sweep(), meter.side)


class TradeOffController(QObject):
    """Measures on the worker, point by point, so that no picture waits for a whole curve."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = window.budget
        self._messages = window.messages
        self._document = document
        self._worker = worker
        self._model: OpenModel | None = None
        self._key: object = None  # what the curve is of
        self._edit_id = ""
        self._points: list[TradeOffPoint] = []
        self._found: FoundBudget | None = None  # for what is shown
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._measure)
        self._panel.edit_shown.connect(self._edit_shown)
        self._panel.auto_wanted.connect(self.find_budget)

    def set_model(self, model: OpenModel) -> None:
        """Measure on this generator from now on."""
        self._model = model
        self._forget()

    def find_budget(self, edit_id: str, limit: float) -> None:
        """Give an edit the largest budget that changes no more than a limit outside its part."""
        subject = self._subject(edit_id)
        if subject is None:
            return
        before = self._document.state
        # The curve makes way, and is measured anew once the budget is shown.
        self._key = None
        self._timer.stop()

        def done(value: object) -> None:
            point = cast("TradeOffPoint", value)
            state = self._document.state
            edit = None if state is None else _edit(state, edit_id)
            if state is None or edit is None or state != before:
                return  # it was for settings that are gone
            method = edit.settings.method
            changed = dial_of(method).turn(edit, point.value)
            after = with_settings(state, edit_id, changed.settings, changed.strength)
            found = FoundBudget(state.target.origin, edit.part, method, point.value, limit)
            self._document.end_drag()
            text = self.tr("Budget of {part}").format(part=edit.part)
            self._document.edit(text, after.with_budget(found))

        self._submit(
            self.tr("finding the budget"), lambda: subject.meter().largest(limit), done, self._tell
        )

    # The curve ------------------------------------------------------------------------------

    def _edit_shown(self, edit: Edit | None) -> None:
        subject = None if edit is None else self._subject(edit.edit_id)
        if edit is None or subject is None:
            self._forget()
            return
        self._panel.trade_off.set_value(dial_of(edit.settings.method).read(edit))
        state = self._document.state
        known = None if state is None else state.budget(edit.part, edit.settings.method)
        if known is not None and known != self._found:  # else the limit is the person's to change
            self._panel.auto.limit.setValue(known.limit)
        self._found = known
        key = self._key_of(subject)
        if key != self._key:
            self._key, self._edit_id = key, edit.edit_id
            self._points = []
            self._timer.start()

    def _key_of(self, subject: _Subject) -> object:
        request, edit = subject.request, subject.edit
        others = tuple(e for e in request.edits if e.edit_id != edit.edit_id)
        still = dial_of(edit.settings.method).turn(edit, 0.0)
        return (subject.model.reference, request.target, request.noise_seed, others, still)

    def _forget(self) -> None:
        self._key = self._found = None
        self._points = []
        self._timer.stop()
        self._panel.trade_off.set_points(())

    def _measure(self) -> None:
        key, subject = self._key, self._subject(self._edit_id)
        if key is None or subject is None:
            return
        sweeps: list[_Sweep] = []  # begun on the worker

        def measure() -> TradeOffPoint | None:
            if not sweeps:
                sweeps.append(_Sweep.of(subject))
            return next(sweeps[0].points, None)

        def take(value: object) -> None:
            if key != self._key:
                return
            if value is None:
                self._panel.trade_off.set_points(self._points, sweeps[0].side)
            else:
                self._points.append(cast("TradeOffPoint", value))
                ask()

        def ask() -> None:
            self._submit("", measure, take, lambda _: None)

        ask()

    # Help -----------------------------------------------------------------------------------

    def _subject(self, edit_id: str) -> _Subject | None:
        state = self._document.state
        if self._model is None or state is None or state.model != self._model.reference:
            return None
        edit = _edit(state, edit_id)
        if edit is None:
            return None
        request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
        return _Subject(self._model, request, edit)

    def _submit(
        self,
        label: str,
        work: Callable[[], object],
        done: Callable[[object], None],
        failed: Callable[[Failure], None],
    ) -> None:
        self._worker.submit(Job(label, work, done, failed))

    def _tell(self, failure: Failure) -> None:
        self._messages.show_message(Message("warning", failure.message, failure.hint))


def _edit(state: EditState, edit_id: str) -> Edit | None:
    return next((edit for edit in state.edits if edit.edit_id == edit_id), None)
