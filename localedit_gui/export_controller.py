"""Exports that take a while: a page to print, and the way from the target to the result."""

from __future__ import annotations

from collections.abc import Callable
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
from localedit_gui.rendering.worker import Failure, Job, RenderWorker, Sketch
from localedit_gui.sessions import Sessions

if TYPE_CHECKING:
    from localedit_core.editing.pipeline import Pipeline
    from localedit_core.sheets.morph import MorphPlan

_FRAMES, _SECONDS = 30, 2.0
_LARGEST = 512  # side of a morph's pictures
_SHOWN_AFTER_MS = 400


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
        self._worker = worker
        self._generation = 0
        self.progress: QProgressDialog | None = None
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
            self._submit(path, work)

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
        frames: dict[int, Picture] = {}

        def take(generation: int, frame: int, picture: object) -> None:
            if generation != self._generation or self.progress is None:
                return
            frames[frame] = cast(Picture, picture)
            if len(frames) < plan.frames:
                self.progress.setValue(len(frames))
                return
            self._end()
            ordered = [frames[n] for n in range(plan.frames)]
            self._submit(path, partial(_write_morph, path, model, state, plan, ordered))

        for frame in range(plan.frames):
            self._worker.sketch(
                Sketch(
                    (self, frame),
                    partial(_draw_frame, model, state, plan, frame),
                    partial(take, self._generation, frame),
                    self._failed,
                )
            )

    def cancel(self) -> None:
        """Give up the morph under way; nothing of it was written."""
        self._worker.drop_sketches(lambda key: isinstance(key, tuple) and key[0] is self)
        self._end()

    def _end(self) -> None:
        self._generation += 1
        if self.progress is not None:
            dialog, self.progress = self.progress, None
            dialog.canceled.disconnect()
            dialog.close()
            dialog.deleteLater()

    def _failed(self, failure: Failure) -> None:
        if self.progress is not None:
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

    def _submit(self, path: Path, work: Callable[[], object]) -> None:
        said = self.tr("Exported {name}.").format(name=path.name)
        self._worker.submit(
            Job(
                self.tr("exporting {name}").format(name=path.name),
                work,
                lambda _: self.message.emit(Message("info", said)),
                self._tell,
            )
        )

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


def _draw_frame(
    model: OpenModel,
    state: EditState,
    plan: MorphPlan,
    frame: int,
    cancelled: Callable[[], bool],
) -> Picture:
    from localedit_core.sheets.boards import draw_state
    from localedit_core.sheets.morph import state_at

    shown = state_at(state, plan.progress_at(frame))
    return draw_state(cast("Pipeline", model.renderer), shown, plan.side, cancelled)


def _write_morph(
    path: Path, model: OpenModel, state: EditState, plan: MorphPlan, frames: list[Picture]
) -> Path:
    from localedit_core.session.storage import session_bytes
    from localedit_core.sheets.morph import write_morph
    from localedit_gui.core_jobs import latent_values

    write_morph(path, frames, plan, session_bytes(state, latent_values(model, state)))
    return path


def _write_report(path: Path, model: OpenModel, state: EditState, title: str, day: date) -> Path:
    from localedit_core.sheets.contact_sheet import check_sheet_path
    from localedit_core.sheets.report import draw_report, write_report

    check_sheet_path(path)
    write_report(path, draw_report(cast("Pipeline", model.renderer), state, day, title))
    return path
