"""Connects the page of generators with what is open and what can be opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QObject, Signal

from localedit_core.session.state import ModelReference
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.panels.generators_page import GeneratorsPage, OpenGenerator
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.sessions import Sessions
from localedit_gui.showcase import ShownCard, ShownExample, read_showcase
from localedit_gui.widgets.generator_card import translated
from localedit_gui.workspaces import Workspace, Workspaces


class Generators(QObject):
    """Shows the page and does what was chosen on it.

    Signals:
        guide_wanted(str): lead through the parts of the bundled generator of this name, once it is
            on screen.
    """

    guide_wanted = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        workspaces: Workspaces,
        sessions: Sessions,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._workspaces = workspaces
        self._sessions = sessions
        self._worker = worker
        self.page = GeneratorsPage(window)
        self.page.bundled_wanted.connect(sessions.open_bundled)
        self.page.guide_wanted.connect(self._lead)
        self.page.example_wanted.connect(self._open_example)
        self.page.open_wanted.connect(self._go_back)
        self.page.file_wanted.connect(sessions.open_dialog)

    def read(self) -> None:
        """Have the cards read, and show them in menu and page once they are there."""
        label = self.tr("reading the cards of the generators")
        self._worker.submit(
            Job(
                label,
                read_showcase,
                lambda cards: self._take(cast(Sequence[ShownCard], cards)),
                self._tell,
            )
        )

    def show(self) -> None:
        """Show the page."""
        current = self._workspaces.current
        workspaces = (current, *self._workspaces.others) if current is not None else ()
        described, seen = [], set()
        for workspace in workspaces:
            fingerprint = workspace.model.reference.fingerprint
            described.append(self._described(workspace, again=fingerprint in seen))
            seen.add(fingerprint)
        self.page.set_open(described)
        self.page.open()

    def _described(self, workspace: Workspace, *, again: bool) -> OpenGenerator:
        model = workspace.model
        title = translated(model.card.title)
        if again:
            title = self.tr("{title} with its former catalog").format(title=title)
        return OpenGenerator(
            model.reference,
            title,
            on_screen=workspace is self._workspaces.current,
            modified=workspace.sheet.modified,
        )

    def _take(self, cards: Sequence[ShownCard]) -> None:
        self.page.set_cards(cards)
        titles = {card.name: translated(card.title) for card in cards}
        self._window.set_bundled(titles, self._sessions.open_bundled)

    def _lead(self, name: str) -> None:
        self.guide_wanted.emit(name)
        self._sessions.open_bundled(name)

    def _open_example(self, example: ShownExample) -> None:
        self._sessions.open_example(example.path, translated(example.title))

    def _go_back(self, reference: ModelReference) -> None:
        workspace = self._workspaces.find(reference)
        if workspace is not None:
            self._workspaces.enter(workspace.model)

    def _tell(self, failure: Failure) -> None:
        self._window.messages.show_message(Message("error", failure.message, failure.hint))
