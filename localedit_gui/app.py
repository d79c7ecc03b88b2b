"""Builds the program out of its parts; nothing else does."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

import localedit_resources
from localedit_core.editing.request import HalfPrecision
from localedit_gui.autosave import Autosave, recovery_path
from localedit_gui.composing import Composing
from localedit_gui.controller import EditController
from localedit_gui.core_jobs import CoreJobs
from localedit_gui.devices import Devices
from localedit_gui.dialogs import Dialogs, WindowDialogs
from localedit_gui.document import EditDocument
from localedit_gui.evaluation.controller import EvaluationController
from localedit_gui.gallery_controller import GalleryController
from localedit_gui.generators import Generators
from localedit_gui.language import Languages, chosen_language, speak
from localedit_gui.latency import LatencyController
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.model_library import ModelLibraryController
from localedit_gui.models import OpenModel
from localedit_gui.outcome import Outcome
from localedit_gui.panels.library_page import LibraryPage
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import Failure, RenderWorker
from localedit_gui.sessions import Sessions
from localedit_gui.settings import Settings, Theme, state_folder
from localedit_gui.target_controller import TargetController
from localedit_gui.theme import ThemeKeeper
from localedit_gui.trade_off import TradeOffController
from localedit_gui.view_controller import ViewController
from localedit_gui.widgets.generator_card import translated
from localedit_gui.workshop.controller import Workshop
from localedit_gui.workshop.jobs import WorkshopJobs
from localedit_gui.workspaces import Workspaces

FIRST_MODEL = localedit_resources.FIRST_MODEL
_log = logging.getLogger(__name__)
_THEMES: tuple[Theme, ...] = ("system", "light", "dark")


class Editor(QObject):
    """One window with its document, its worker and its files.

    Args:
        app: the application.
        folder: where settings and unsaved work are kept.
        jobs: what the core does.
    """

    def __init__(self, app: QApplication, folder: Path, jobs: CoreJobs | None = None) -> None:
        super().__init__(app)
        jobs = jobs or CoreJobs()
        self.settings = Settings(folder, self)
        self.theme = ThemeKeeper(app, self.settings.theme)
        self.document = EditDocument(self)
        self.worker = RenderWorker(self)
        self.scheduler = RenderScheduler(self.worker, self)
        self.window = MainWindow()
        self.gallery = GalleryController(self.window.gallery, self.worker, self)
        self.controller = EditController(
            self.window, self.document, self.scheduler, self.gallery, self
        )
        self.view = ViewController(self.window, self)
        self.target = TargetController(self.window, self.document, self.controller, self)
        self.composing = Composing(
            self.window,
            self.document,
            self.controller,
            self.scheduler,
            self.worker,
            self.gallery,
            self.settings,
            self,
        )
        self.autosave = Autosave(self.document, recovery_path(folder), self.worker, jobs, self)
        self.trade_off = TradeOffController(self.window, self.document, self.worker, self)
        self.workspaces = Workspaces(self.document, self.autosave, self.controller, self)
        self.sessions = Sessions(
            self.document,
            self.workspaces,
            self.worker,
            self.scheduler,
            self.autosave,
            jobs,
            self.settings,
            self,
        )
        self.devices = Devices(
            self.window.device_menu,
            jobs.devices,
            self.worker,
            self.settings,
            self,
        )
        self.outcome = Outcome(
            self.window,
            self.document,
            self.controller,
            self.sessions,
            self.worker,
            self.composing.guide,
            self,
        )
        self.outcome.message.connect(self.window.messages.show_message)
        self.latency = LatencyController(
            self.window, self.scheduler, lambda: self.devices.in_use.label, self
        )
        self.evaluation = EvaluationController(self.window, lambda: self.devices.in_use, self)
        self.evaluation.message.connect(self.window.messages.show_message)
        self.languages = Languages(self.window.language_menu, self.settings, self)
        self.languages.message.connect(self.window.messages.show_message)
        self.generators = Generators(self.window, self.workspaces, self.sessions, self.worker, self)
        self.library = ModelLibraryController(
            LibraryPage(self.window),
            self.window.messages,
            self.settings,
            self.sessions.open_path,
            lambda: self.devices.in_use,
            self,
        )
        self.sessions.import_wanted.connect(self.library.import_path)
        self.workshop = Workshop(
            self.window,
            self.worker,
            self.settings,
            recovery_path(folder),
            self._present_generator,
            WorkshopJobs(lambda: self.devices.in_use),
            self,
        )
        self.library.workshop_wanted.connect(
            lambda entry: self.workshop.open_on(entry.path, entry.name, start=True)
        )
        self.workshop.use_wanted.connect(
            lambda subject: self.sessions.use_catalog(subject.source, subject.fingerprint)
        )
        self.workshop.message.connect(self.window.messages.show_message)
        self.set_dialogs(WindowDialogs(self.window))
        self._connect_document()
        self._connect_file_actions()
        self._connect_edit_actions()
        self._connect_view_actions()
        self.window.restore_layout(*self.settings.geometry)

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs
        self.sessions.set_dialogs(dialogs)
        self.library.set_dialogs(dialogs)
        self.workshop.set_dialogs(dialogs)
        self.composing.own.set_dialogs(dialogs)
        self.target.set_dialogs(dialogs)
        self.evaluation.set_dialogs(dialogs)

    def start(self, first: str | Path) -> None:
        """Show the window, then open ``first``: a bundled generator's name or a file."""
        self.worker.start()
        self.window.first_shown.connect(self.devices.read)
        self.window.first_shown.connect(lambda: self.sessions.start(first, FIRST_MODEL))
        self.window.first_shown.connect(self.generators.read)
        self.window.first_shown.connect(self.workshop.offer_leftovers)
        self.window.show()

    def stop(self) -> None:
        """Give up what is being rendered, finish what is being written, and wait for both."""
        self.evaluation.stop()
        self.library.stop()
        self.workshop.stop()
        self.worker.stop()
        self.autosave.finish()
        self.settings.sync()
        # Deleted, stacks clear themselves and tell actions that may be gone by then.
        self.document.history.blockSignals(True)
        for stack in self.document.history.stacks():
            stack.blockSignals(True)

    def report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Tell of an error that nothing expected, instead of leaving it to the terminal alone."""
        _log.error("Unexpected error", exc_info=(kind, error, trace))
        self.window.messages.show_message(
            Message(
                "error",
                self.tr("Something unexpected went wrong ({error}).").format(
                    error=f"{kind.__name__}: {error}"
                ),
                self.tr("Your work is still here; save it under another name to be safe."),
            )
        )

    # Wiring ---------------------------------------------------------------------------------

    def _connect_document(self) -> None:
        window, document = self.window, self.document

        def show_name() -> None:
            window.set_document(document.name, document.path, document.modified)

        document.name_changed.connect(show_name)
        document.modified_changed.connect(show_name)
        show_name()
        self.workspaces.leaving.connect(self._commit_pending)
        self.workspaces.model_opened.connect(self._model_opened)
        self.sessions.message.connect(window.messages.show_message)
        self.devices.message.connect(window.messages.show_message)
        self.devices.changed.connect(self._device_changed)
        self.autosave.failed.connect(self._not_kept)
        self.worker.working.connect(window.status_line.set_job)
        self.scheduler.latency_changed.connect(
            lambda: window.status_line.set_latency(
                self.scheduler.latency("preview"), self.scheduler.latency("settled")
            )
        )
        window.file_dropped.connect(self.sessions.open_path)
        window.close_wanted.connect(
            lambda: self.workshop.guard(lambda: self.sessions.guard_all(self._close))
        )

    def _connect_file_actions(self) -> None:
        sessions, actions = self.sessions, self.window.actions_
        verbs: dict[str, Callable[[], object]] = {
            "new": sessions.new,
            "open": sessions.open_dialog,
            "generators": self.generators.show,
            "import": self.library.import_dialog,
            "library": self.library.show,
            "workshop": self.workshop.show,
            "save": sessions.save,
            "save_as": sessions.save_as,
            "export": sessions.export_picture,
            "export_difference": lambda: sessions.export_difference(self.controller.selected_part),
            "quit": self.window.close,
            "about": self._about,
        }
        self.generators.guide_wanted.connect(self.composing.guide.show_for)
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: verb())
        for name in ("new", "save", "save_as", "export", "export_difference", "workshop"):
            actions[name].setEnabled(False)  # until a generator is open

        def show_recent() -> None:
            self.window.set_recent(self.settings.recent, sessions.open_path)

        self.settings.recent_changed.connect(show_recent)
        show_recent()
        names = localedit_resources.bundled_models()  # their titles come once they are read
        self.window.set_bundled({name: name for name in names}, sessions.open_bundled)

    def _connect_edit_actions(self) -> None:
        actions, controller = self.window.actions_, self.controller
        stack = self.document.history
        actions["undo"].triggered.connect(lambda: self._step(stack.undo))
        actions["redo"].triggered.connect(lambda: self._step(stack.redo))
        stack.canUndoChanged.connect(actions["undo"].setEnabled)
        stack.canRedoChanged.connect(actions["redo"].setEnabled)
        stack.undoTextChanged.connect(self.window.set_undo_text)
        stack.redoTextChanged.connect(self.window.set_redo_text)
        for name in ("undo", "redo"):
            actions[name].setEnabled(False)
        verbs: dict[str, Callable[[], object]] = {
            "mute": controller.mute_selected,
            "duplicate": controller.duplicate_selected,
            "delete": controller.delete_selected,
            "move_up": lambda: controller.move_selected(1),
            "move_down": lambda: controller.move_selected(-1),
            "deselect": controller.deselect,
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: verb())
            actions[name].setEnabled(False)

    def _connect_view_actions(self) -> None:
        actions = self.window.actions_
        for theme in _THEMES:
            actions[f"theme_{theme}"].triggered.connect(
                lambda _=False, theme=theme: self._set_theme(theme)
            )
        actions[f"theme_{self.settings.theme}"].setChecked(True)
        for half in HalfPrecision:
            actions[f"half_{half.value}"].triggered.connect(
                lambda _=False, half=half: self._set_half(half)
            )
        self._set_half(self.settings.half_precision)

    # What the wires do ----------------------------------------------------------------------

    def _model_opened(self, model: OpenModel) -> None:
        self.controller.set_model(model)
        self.trade_off.set_model(model)
        self.composing.set_model(model)
        self.outcome.set_model(model)
        self.latency.set_model(model)
        self.evaluation.set_model(model)
        self._show_device()
        for name in ("new", "save", "save_as", "export", "export_difference", "workshop"):
            self.window.actions_[name].setEnabled(True)
        self.target.set_model(model)

    def _present_generator(self) -> tuple[str | Path, str] | None:
        model = self.sessions.model
        if model is None:
            return None
        path = model.reference.path
        source = model.reference.name if path is None else Path(path).expanduser()
        return source, translated(model.card.title)

    def _device_changed(self) -> None:
        self._show_device()
        self.controller.render_again()

    def _show_device(self) -> None:
        current = self.workspaces.current
        title = "" if current is None else f"{translated(current.model.card.title)} · "
        self.window.status_line.set_device(f"{title}{self.devices.in_use.label}")

    def _step(self, step: Callable[[], None]) -> None:
        # Steps of a slider that have not come to rest yet are a part of what is taken back.
        self._commit_pending()
        step()

    def _commit_pending(self) -> None:
        self.window.budget.commit_pending()
        self.window.target_bar.psi.commit()

    def _set_half(self, half: HalfPrecision) -> None:
        self.settings.half_precision = half
        self.scheduler.half = self.gallery.half = half
        self.window.actions_[f"half_{half.value}"].setChecked(True)

    def _set_theme(self, theme: Theme) -> None:
        self.settings.theme = theme
        self.theme.set_theme(theme)

    def _not_kept(self, failure: Failure) -> None:
        self.window.messages.show_message(Message("warning", failure.message, failure.hint))

    def _about(self) -> None:
        self._dialogs.show_about(
            self.tr(
                "<h3>LocalEdit {version}</h3>"
                "<p>Changes one part of a generated picture and leaves the rest alone, after "
                "“Editing in Style” (Collins, Bala, Price, Süsstrunk, CVPR 2020).</p>"
                "<p>Every picture it makes is a synthetic composite, and exports say so.</p>"
            ).format(version=version("localedit"))
        )

    def _close(self) -> None:
        self.settings.geometry = self.window.layout_state()
        self.window.close_for_good()
        QTimer.singleShot(0, QApplication.quit)


def run(path: str | None = None) -> int:
    """Open the editor and stay until it is closed; returns the exit status.

    Args:
        path: a session, an exported PNG or a generator to open; None for the bundled faces.
    """
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    QGuiApplication.setDesktopFileName("localedit")
    app = cast(QApplication, QApplication.instance() or QApplication(sys.argv[:1]))
    app.setApplicationName("LocalEdit")
    app.setApplicationDisplayName("LocalEdit")
    app.setApplicationVersion(version("localedit"))
    icons = Path(localedit_resources.__file__).parent / "icons"
    app.setWindowIcon(QIcon(str(icons / "localedit.svg")))
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python would not hear it inside Qt's loop
    speak(app, chosen_language(Settings(state_folder()).language))
    editor = Editor(app, state_folder())
    sys.excepthook = editor.report
    editor.start(_first(path))
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        editor.stop()


def _first(path: str | None) -> str | Path:
    if path is None or path in localedit_resources.bundled_models():
        return path or FIRST_MODEL
    return Path(path)
