"""The generators that are open, each with its session as it was left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from localedit_core.session.state import ModelReference
from localedit_gui.autosave import Autosave
from localedit_gui.document import EditDocument, Sheet
from localedit_gui.models import OpenModel

_KEPT = 6  # generators in memory; more where their sessions have unsaved changes


@dataclass(frozen=True)
class View:
    """How the window showed a session.

    Attributes:
        part: the selected part, or None.
        edit_id: the selected edit, or None.
        first_seed: the gallery's first visible seed.
        only_favourites: whether the gallery shows nothing else.
    """

    part: str | None
    edit_id: str | None
    first_seed: int
    only_favourites: bool


class Views(Protocol):
    """Who shows sessions."""

    def view(self) -> View:
        """How the session on screen is shown."""
        ...

    def show_view(self, view: View) -> None:
        """Show the session on screen in that way."""
        ...


@dataclass(eq=False)
class Workspace:
    """A generator and the session on it.

    Attributes:
        model: the generator.
        sheet: the session, its history and its file.
        view: how it was shown when it left the screen; None while it never did.
    """

    model: OpenModel
    sheet: Sheet
    view: View | None = None


class Workspaces(QObject):
    """Knows every open generator; one of them is on screen.

    Signals:
        leaving(): what is on screen may be left; what its sliders hold back must be told now.
        model_opened(OpenModel): another generator is on screen; its session comes next.
        changed(): the same, once all of it is there; or a generator was closed.
    """

    leaving = Signal()
    model_opened = Signal(object)
    changed = Signal()

    def __init__(
        self,
        document: EditDocument,
        autosave: Autosave,
        views: Views,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._autosave = autosave
        self._views = views
        self._all: list[Workspace] = []  # the one left last comes last
        self._current: Workspace | None = None

    @property
    def current(self) -> Workspace | None:
        """What is on screen; None before a generator is open."""
        return self._current

    @property
    def others(self) -> tuple[Workspace, ...]:
        """What is open but not on screen, the one left last first."""
        return tuple(w for w in reversed(self._all) if w is not self._current)

    def find(self, reference: ModelReference) -> Workspace | None:
        """The workspace of a generator with its catalog, if it is open."""
        for workspace in self._all:
            if workspace.model.reference == reference:
                return workspace
        return None

    def find_bundled(self, name: str) -> Workspace | None:
        """The workspace of a bundled generator, the one left last, if it is open."""
        for workspace in self._latest_first():
            reference = workspace.model.reference
            if reference.path is None and reference.name == name:
                return workspace
        return None

    def find_generator(self, fingerprint: str) -> Workspace | None:
        """The workspace of a generator with whatever catalog, the one left last."""
        for workspace in self._latest_first():
            if workspace.model.reference.fingerprint == fingerprint:
                return workspace
        return None

    def _latest_first(self) -> tuple[Workspace, ...]:
        return (() if self._current is None else (self._current,)) + self.others

    def settle(self) -> None:
        """Have everything told to the document that is on its way to it."""
        self.leaving.emit()

    def enter(self, model: OpenModel) -> Workspace:
        """Bring a generator to the screen, with its session as it was left.

        A generator that was not open has an empty sheet: the caller opens a session on it next.
        """
        workspace = self.find(model.reference)
        if workspace is not None and workspace is self._current:
            return workspace
        if self._current is not None:
            self.settle()
            self._autosave.write()
            self._current.view = self._views.view()
            self._all.remove(self._current)
            self._all.append(self._current)
        if workspace is None:
            first = self._current is None
            sheet = self._document.sheet if first else self._document.new_sheet()
            workspace = Workspace(model, sheet)
            self._all.append(workspace)
        self._current = workspace
        self._autosave.set_model(workspace.model)
        self.model_opened.emit(workspace.model)
        self._document.turn_to(workspace.sheet)
        if workspace.view is not None:
            self._views.show_view(workspace.view)
        self._let_go()
        self.changed.emit()
        return workspace

    def _let_go(self) -> None:
        """Close what was left longest ago, so that memory does not fill; never unsaved work."""
        for workspace in self._all[: max(0, len(self._all) - _KEPT)]:
            if workspace is not self._current and not workspace.sheet.modified:
                self._all.remove(workspace)
                self._autosave.release(workspace.sheet)
                self._document.drop_sheet(workspace.sheet)
