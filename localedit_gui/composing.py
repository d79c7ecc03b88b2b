"""What helps to compose a picture of many edits: comparing, rows of the stack, history, a guide."""

from __future__ import annotations

from PySide6.QtCore import QObject

from localedit_gui.comparing import CompareController
from localedit_gui.controller import EditController
from localedit_gui.document import EditDocument
from localedit_gui.gallery_controller import GalleryController
from localedit_gui.guide_controller import GuideController
from localedit_gui.history_controller import HistoryController
from localedit_gui.main_window import MainWindow
from localedit_gui.models import OpenModel
from localedit_gui.own_references import OwnReferencesController
from localedit_gui.reference_order import ReferenceOrder
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import RenderWorker
from localedit_gui.settings import Settings
from localedit_gui.stack_controller import StackController


class Composing(QObject):
    """Holds the controllers of a window that belong to composing."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        scheduler: RenderScheduler,
        worker: RenderWorker,
        gallery: GalleryController,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.compare = CompareController(window, document, self)
        self.history = HistoryController(window, document, scheduler, worker, self)
        self.stack = StackController(window, document, controller, worker, self)
        self.order = ReferenceOrder(window, document, controller, worker, self)
        self.own = OwnReferencesController(
            window, document, controller, gallery, worker, settings, self
        )
        self.guide = GuideController(window, document, controller, worker, self)

    def set_model(self, model: OpenModel) -> None:
        """Another generator is open."""
        self.stack.set_model(model)
        self.history.set_model(model)
        self.order.set_model(model)
        self.own.set_model(model)
        self.guide.set_model(model)
