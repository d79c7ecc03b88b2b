"""What becomes of a composition: boards of alternatives, printed pages, morphs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from localedit_gui.board_controller import BoardController
from localedit_gui.controller import EditController
from localedit_gui.document import EditDocument
from localedit_gui.export_controller import ExportController
from localedit_gui.guide_controller import GuideController
from localedit_gui.main_window import MainWindow
from localedit_gui.models import OpenModel
from localedit_gui.rendering.worker import RenderWorker
from localedit_gui.sessions import Sessions


class Outcome(QObject):
    """Holds the controllers of a window that show, keep and hand out what was composed.

    Signals:
        message(Message): something to tell.
    """

    message = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        sessions: Sessions,
        worker: RenderWorker,
        guide: GuideController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.exports = ExportController(window, document, sessions, worker, self)
        self.boards = BoardController(window, document, controller, sessions, worker, self)
        guide.save_wanted.connect(sessions.save)
        guide.export_wanted.connect(sessions.export_picture)
        guide.report_wanted.connect(self.exports.export_report)
        for told in (self.exports.message, self.boards.message, guide.message):
            told.connect(self.message)

    def set_model(self, model: OpenModel) -> None:
        """Another generator is open."""
        self.exports.set_model(model)
        self.boards.set_model(model)
