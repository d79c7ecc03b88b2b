"""The one thing in the program that changes: the session on screen, and those kept behind it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup, QUndoStack

from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui import commands
from localedit_gui.undo_step import UndoStep


@dataclass(frozen=True)
class Snapshot:
    """A state that was kept under a name, as long as the window lasts."""

    name: str
    state: EditState


class Sheet:
    """A session with its history and its file. It changes only through ``EditDocument``.

    Attributes:
        undo_stack: its history.
        state: None before a session was taken up.
        path: its file, None where it has none yet.
        given_name: what to call it where it has no file; may be empty.
        solo: the edit that was soloed last, and the edits that were muted before.
        snapshots: in the order of keeping; no file has them.
    """

    def __init__(self, parent: QObject) -> None:
        self.undo_stack = QUndoStack(parent)
        self.state: EditState | None = None
        self.path: Path | None = None
        self.given_name = ""
        self.solo: tuple[str, frozenset[str]] = ("", frozenset())
        self.snapshots: tuple[Snapshot, ...] = ()

    @property
    def name(self) -> str:
        """What it is called; empty where it has no name yet."""
        return self.path.stem if self.path is not None else self.given_name

    @property
    def modified(self) -> bool:
        """Whether there is work that its file does not have."""
        return not self.undo_stack.isClean()


class EditDocument(QObject):
    """The state on screen, its history and its file.

    Every change goes through ``edit`` and becomes a step of ``undo_stack``. There may be more
    sheets than the one on screen; ``turn_to`` brings another one there, as it was left.

    Signals:
        state_changed(EditState): there is another state now, from whatever cause.
        opened(EditState): it is the state of another session.
        modified_changed(bool): whether there is work that the file does not have.
        name_changed(): path or name are others.
    """

    state_changed = Signal(object)
    opened = Signal(object)
    modified_changed = Signal(bool)
    name_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = QUndoGroup(self)  # tells of the stack on screen, whichever that is
        self._drag = 0
        self._sheet = self.new_sheet()
        self.history.setActiveStack(self._sheet.undo_stack)
        self.history.cleanChanged.connect(self._clean_changed)

    @property
    def sheet(self) -> Sheet:
        """What is on screen."""
        return self._sheet

    @property
    def undo_stack(self) -> QUndoStack:
        """The history of what is on screen."""
        return self._sheet.undo_stack

    @property
    def state(self) -> EditState | None:
        """The current state; None before a model is open."""
        return self._sheet.state

    @property
    def path(self) -> Path | None:
        """The session's file, None where it has none yet."""
        return self._sheet.path

    @property
    def name(self) -> str:
        """What to call the session."""
        return self._sheet.name or self.tr("Untitled")

    @property
    def modified(self) -> bool:
        """Whether there is work that the file does not have."""
        return self._sheet.modified

    def new_sheet(self) -> Sheet:
        """Make an empty sheet; it is not on screen yet."""
        sheet = Sheet(self)
        self.history.addStack(sheet.undo_stack)
        return sheet

    def drop_sheet(self, sheet: Sheet) -> None:
        """Forget a sheet that is not on screen."""
        self.history.removeStack(sheet.undo_stack)
        sheet.undo_stack.deleteLater()

    def turn_to(self, sheet: Sheet) -> None:
        """Bring another sheet to the screen; the one there now is kept as it is."""
        if sheet is self._sheet:
            return
        self.end_drag()
        self._sheet = sheet
        self.history.setActiveStack(sheet.undo_stack)
        if sheet.state is not None:
            self._tell_opened(sheet.state)

    def open(
        self, state: EditState, path: Path | None = None, *, name: str = "", modified: bool = False
    ) -> None:
        """Take up another session in the place of the one on screen, whose history is gone.

        Args:
            state: the session.
            path: its file.
            name: what to call it where it has no file.
            modified: whether it is work that no file has, as after a recovery.
        """
        sheet = self._sheet
        sheet.state, sheet.path, sheet.given_name = state, path, name
        sheet.solo, sheet.snapshots = ("", frozenset()), ()
        sheet.undo_stack.clear()
        if modified:
            sheet.undo_stack.resetClean()
        self._tell_opened(state)

    def _tell_opened(self, state: EditState) -> None:
        self.name_changed.emit()
        self.modified_changed.emit(self.modified)
        self.opened.emit(state)
        self.state_changed.emit(state)

    def saved(self, state: EditState, path: Path, sheet: Sheet | None = None) -> None:
        """Note that ``state`` lies in ``path``; later changes stay unsaved.

        Args:
            state: what was written.
            path: where to.
            sheet: whose state it is; None for the one on screen.
        """
        sheet = sheet or self._sheet
        sheet.path = path
        if state == sheet.state:
            sheet.undo_stack.setClean()
        if sheet is self._sheet:
            self.name_changed.emit()

    def edit(self, text: str, after: EditState, merge: Hashable | None = None) -> None:
        """Change the state by one step, or by more of the step that ``merge`` names."""
        before = self.state
        if before is None or after == before:
            return
        if merge is not None:
            merge = (merge, self._drag)
        self.undo_stack.push(UndoStep(text, before, after, self._apply, merge))

    def end_drag(self) -> None:
        """What comes next is a step of its own, even from the same slider."""
        self._drag += 1

    def _clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _apply(self, state: EditState) -> None:
        self._sheet.state = state
        self.state_changed.emit(state)

    # What people do. Each is one step; where ``final`` is false it is a part of a drag.

    def set_target(self, target: Latent) -> None:
        """Edit another picture with the same stack."""
        if self.state is not None:
            text = self.tr("Target {name}").format(name=target.label)
            self.edit(text, replace(self.state, target=target))

    def set_psi(self, psi: float, *, final: bool) -> None:
        """Draw target and references at another truncation."""
        if self.state is not None:
            self.edit(self.tr("Truncation"), self.state.with_psi(psi), "psi")
        if final:
            self.end_drag()

    def set_class(self, class_index: int) -> None:
        """Draw the target and new pictures of another class; references stay what they are."""
        if self.state is not None:
            text = self.tr("Class {number}").format(number=class_index)
            self.edit(text, self.state.with_class(class_index))

    def transfer(
        self, part: str, reference: Latent, settings: QuerySettings, selected: str | None
    ) -> str | None:
        """Transfer a part; returns the id of the edit that carries it."""
        if self.state is None:
            return None
        after, edit_id = commands.with_transfer(self.state, part, reference, settings, selected)
        text = self.tr("Transfer of {part} from {name}").format(part=part, name=reference.label)
        self.edit(text, after)
        return edit_id

    def change_edit(
        self, edit_id: str, settings: QuerySettings, strength: float, *, final: bool
    ) -> None:
        """Give an edit other parameters."""
        if self._has(edit_id):
            text = self.tr("Settings of {part}").format(part=self._part(edit_id))
            after = commands.with_settings(self._known(), edit_id, settings, strength)
            self.edit(text, after, ("settings", edit_id))
        if final:
            self.end_drag()

    def toggle_mute(self, edit_id: str) -> None:
        """Mute an edit, or let it act again."""
        if self._has(edit_id):
            muted = self._known().edit(edit_id).muted
            text = self.tr("Unmuting of {part}") if muted else self.tr("Muting of {part}")
            after = commands.with_mute_toggled(self._known(), edit_id)
            self.edit(text.format(part=self._part(edit_id)), after)

    def toggle_solo(self, edit_id: str) -> None:
        """Mute all other edits; for the one that is soloed, let them act as they did before."""
        if not self._has(edit_id):
            return
        state, part = self._known(), self._part(edit_id)
        alone, (last, before) = commands.soloed(state), self._sheet.solo
        if alone != last:  # none is, or one by muting the others
            before = frozenset() if alone else frozenset(e.edit_id for e in state.edits if e.muted)
        if alone == edit_id:
            text, muted = self.tr("End of solo of {part}"), before
        else:
            text = self.tr("Solo of {part}")
            muted = frozenset(e.edit_id for e in state.edits) - {edit_id}
            self._sheet.solo = (edit_id, before)
        self.edit(text.format(part=part), commands.with_muted(state, muted))

    def paste_edit(self, edit: Edit, above: str | None) -> str | None:
        """Take up an edit of another session; returns its id here."""
        if self.state is None:
            return None
        after, edit_id = commands.with_edit_pasted(self.state, edit, above)
        self.edit(self.tr("Paste of {part}").format(part=edit.part), after)
        return edit_id

    def delete_edit(self, edit_id: str) -> None:
        """Remove an edit from the stack."""
        if self._has(edit_id):
            text = self.tr("Deletion of {part}").format(part=self._part(edit_id))
            self.edit(text, commands.without_edit(self._known(), edit_id))

    def move_edit(self, edit_id: str, index: int) -> None:
        """Put an edit elsewhere in the stack, ``index`` counted from the lowest."""
        if self._has(edit_id):
            text = self.tr("Move of {part}").format(part=self._part(edit_id))
            self.edit(text, commands.with_edit_moved(self._known(), edit_id, index))

    def duplicate_edit(self, edit_id: str) -> str | None:
        """Copy an edit; returns the copy's id."""
        if not self._has(edit_id):
            return None
        after, copy = commands.with_edit_duplicated(self._known(), edit_id)
        self.edit(self.tr("Copy of {part}").format(part=self._part(edit_id)), after)
        return copy

    def toggle_favourite(self, seed: int) -> None:
        """Mark a seed in the gallery, or unmark it."""
        if self.state is not None:
            text = self.tr("Favourite {seed}").format(seed=seed)
            self.edit(text, commands.with_favourite_toggled(self.state, seed))

    def _has(self, edit_id: str) -> bool:
        return self.state is not None and any(e.edit_id == edit_id for e in self.state.edits)

    def _known(self) -> EditState:
        assert self.state is not None
        return self.state

    def _part(self, edit_id: str) -> str:
        return self._known().edit(edit_id).part
