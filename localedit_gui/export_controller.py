"""Exports that take a while: a page to print, and the way from the target to the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QProgressDialog

from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.session.state import EditState
from localedit_gui.actions import ActionSpec
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.rendering.state_sketches import StateSketches
from localedit_gui.rendering.worker import Failure, RenderWorker
from localedit_gui.sessions import Sessions

if TYPE_CHECKING:
    from localedit_core.editing.pipeline import Pipeline
    from localedit_core.sheets.morph import MorphPlan

_FRAMES, _SECONDS = 30, 2.0
_LARGEST = 512  # side of a morph's pictures
_SHOWN_AFTER_MS = 400


@dataclass(frozen=True, eq=False)
class _Morph:
    """A morph under way, and the pictures of it that are there."""

    path: Path
    model: OpenModel
    state: EditState
    plan: MorphPlan
    frames: dict[int, Picture] = field(default_factory=dict)

    def write(self) -> None:
        """Write it. On the worker's thread."""
        from localedit_core.session.storage import session_bytes
        from localedit_core.sheets.morph import write_morph
        from localedit_gui.core_jobs import latent_values

        session = session_bytes(self.state, latent_values(self.model, self.state))
        ordered = [self.frames[n] for n in range(self.plan.frames)]
        write_morph(self.path, ordered, self.plan, session)


class ExportController(QObject):
    """Writes printed pages and morphs of the session on screen.

    The pictures of a morph are drawn when nothing else is to do, so that work goes on meanwhile;
    nothing is written before the last is there.

    Signals:
        message(Message): something to tell.

    Attributes:
        progress: the dialog of the morph under way, or None.
    """

    message = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        sessions: Sessions,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._document = document
        self._sessions = sessions
        self._sketches = StateSketches(worker, self)
        self._morph: _Morph | None = None
        self.progress: QProgressDialog | None = None
        self._sketches.ready.connect(self._take)
        self._sketches.failed.connect(self._failed)
        self._add_actions()

    def set_model(self, model: OpenModel) -> None:
        """A generator is open: there is something to export."""
        for name in ("export_report", "export_morph"):
            self._window.actions_[name].setEnabled(True)

    def export_report(self) -> None:
        """Ask for a file and write a page with the picture, its parts and their sources to it."""
        model, state = self._sessions.model, self._document.state
        if model is None or state is None:
            return
        path = self._sessions.ask_path("report", ".pdf")
        if path is not None:
            work = partial(_write_report, path, model, state, self._document.name, date.today())
            self._sessions.write_export(path, work)

    def export_morph(self) -> None:
        """Ask for a file and write the way from the target to the result to it."""
        model, state = self._sessions.model, self._document.state
        if model is None or state is None:
            return
        path = self._sessions.ask_path("morph", ".gif")
        if path is None:
            return
        self.cancel()
        try:
            plan = _plan_morph(path, model)
        except LocalEditError as error:
            self._tell(Failure(error.message, error.hint))
            return
        self._show_progress(path, plan.frames)
        self._morph = _Morph(path, model, state, plan)
        self._sketches.ask(model, _planned_frames(state, plan), plan.side)

    def cancel(self) -> None:
        """Give up the morph under way; nothing of it was written."""
        self._sketches.forget()
        self._end()

    def _take(self, frame: object, picture: Picture) -> None:
        morph = self._morph
        if morph is None or self.progress is None:
            return
        morph.frames[cast(int, frame)] = picture
        if len(morph.frames) < morph.plan.frames:
            self.progress.setValue(len(morph.frames))
            return
        self._end()
        self._sessions.write_export(morph.path, morph.write)

    def _end(self) -> None:
        self._morph = None
        if self.progress is not None:
            dialog, self.progress = self.progress, None
            dialog.canceled.disconnect()
            dialog.close()
            dialog.deleteLater()

    def _failed(self, failure: Failure) -> None:
        self.cancel()
        self._tell(failure)

    def _show_progress(self, path: Path, frames: int) -> None:
        text = self.tr("Drawing the pictures of {name}…").format(name=path.name)
        dialog = QProgressDialog(text, self.tr("Cancel"), 0, frames, self._window)
        dialog.setWindowTitle(self.tr("Export Morph"))
        dialog.setAccessibleName(dialog.windowTitle())
        dialog.setMinimumDuration(_SHOWN_AFTER_MS)
        dialog.setAutoReset(False)
        dialog.setAutoClose(False)
        dialog.canceled.connect(self.cancel)
        dialog.setValue(0)
        self.progress = dialog

    def _tell(self, failure: Failure) -> None:
        self.message.emit(Message("error", failure.message, failure.hint))

    def _add_actions(self) -> None:
        translate = QCoreApplication.translate
        specs = (
            ActionSpec(
                "export_report",
                "file",
                translate("ExportActions", "Print S&heet…"),
                ("Ctrl+P",),
                translate(
                    "ExportActions", "Write a page with the picture, its parts and their sources"
                ),
            ),
            ActionSpec(
                "export_morph",
                "file",
                translate("ExportActions", "Export &Morph…"),
                ("Ctrl+Alt+M",),
                translate("ExportActions", "Write the way from the target to the result"),
            ),
        )
        actions = self._window.actions_
        actions.extend(specs)
        for spec, verb in zip(specs, (self.export_report, self.export_morph), strict=True):
            action = actions[spec.name]
            action.setEnabled(False)
            self._window.file_menu.insertAction(actions["quit"], action)
            action.triggered.connect(lambda _=False, verb=verb: verb())
        self._window.file_menu.insertSeparator(actions["quit"])


def _plan_morph(path: Path, model: OpenModel) -> MorphPlan:
    from localedit_core.sheets.contact_sheet import check_sheet_path
    from localedit_core.sheets.morph import MORPH_SUFFIXES, STRIP_FRAMES, MorphPlan

    check_sheet_path(path, MORPH_SUFFIXES)
    frames = STRIP_FRAMES if path.suffix.lower() == ".png" else _FRAMES
    return MorphPlan(frames, _SECONDS, min(_LARGEST, model.resolution))


def _planned_frames(state: EditState, plan: MorphPlan) -> list[tuple[int, EditState]]:
    from localedit_core.sheets.morph import state_at

    return [(n, state_at(state, plan.progress_at(n))) for n in range(plan.frames)]


def _write_report(path: Path, model: OpenModel, state: EditState, title: str, day: date) -> Path:
    from localedit_core.sheets.contact_sheet import check_sheet_path
    from localedit_core.sheets.report import draw_report, write_report

    check_sheet_path(path)
    write_report(path, draw_report(cast("Pipeline", model.renderer), state, day, title))
    return path
