"""The one thing in the program that changes: the session on screen."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from localedit_core.editing.edit import QuerySettings
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui import commands


class EditDocument(QObject):
    """The state, its history and its file.

    Every change goes through ``edit`` and becomes a step of ``undo_stack``.

    Signals:
        state_changed(EditState): there is another state now, from whatever cause.
        opened(EditState): it is the state of another session, and the history is new.
        modified_changed(bool): whether there is work that the file does not have.
        name_changed(): path or name are others.
    """

    state_changed = Signal(object)
    opened = Signal(object)
    modified_changed = Signal(bool)
    name_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._state: EditState | None = None
        self._path: Path | None = None
        self._name = ""
        self._drag = 0
        self.undo_stack.cleanChanged.connect(self._clean_changed)

    @property
    def state(self) -> EditState | None:
        """The current state; None before a model is open."""
        return self._state

    @property
    def path(self) -> Path | None:
        """The session's file, None where it has none yet."""
        return self._path

    @property
    def name(self) -> str:
        """What to call the session."""
        return self._path.stem if self._path is not None else self._name or self.tr("Untitled")

    @property
    def modified(self) -> bool:
        """Whether there is work that the file does not have."""
        return not self.undo_stack.isClean()

    def open(
        self, state: EditState, path: Path | None = None, *, name: str = "", modified: bool = False
    ) -> None:
        """Take up another session; the old one's history is gone.

        Args:
            state: the session.
            path: its file.
            name: what to call it where it has no file.
            modified: whether it is work that no file has, as after a recovery.
        """
        self._path, self._name = path, name
        self._state = state
        self.undo_stack.clear()
        if modified:
            self.undo_stack.resetClean()
        self.name_changed.emit()
        self.modified_changed.emit(self.modified)
        self.opened.emit(state)
        self.state_changed.emit(state)

    def saved(self, state: EditState, path: Path) -> None:
        """Note that ``state`` lies in ``path``; later changes stay unsaved."""
        self._path = path
        if state == self._state:
            self.undo_stack.setClean()
        self.name_changed.emit()

    def edit(self, text: str, after: EditState, merge: Hashable | None = None) -> None:
        """Change the state by one step, or by more of the step that ``merge`` names."""
        before = self._state
        if before is None or after == before:
            return
        if merge is not None:
            merge = (merge, self._drag)
        self.undo_stack.push(commands.ChangeState(text, before, after, self._apply, merge))

    def end_drag(self) -> None:
        """What comes next is a step of its own, even from the same slider."""
        self._drag += 1

    def _clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _apply(self, state: EditState) -> None:
        self._state = state
        self.state_changed.emit(state)

    # What people do. Each is one step; where ``final`` is false it is a part of a drag.

    def set_target(self, target: Latent) -> None:
        """Edit another picture with the same stack."""
        if self._state is not None:
            text = self.tr("Target {name}").format(name=target.label)
            self.edit(text, replace(self._state, target=target))

    def set_psi(self, psi: float, *, final: bool) -> None:
        """Draw target and references at another truncation."""
        if self._state is not None:
            self.edit(self.tr("Truncation"), self._state.with_psi(psi), "psi")
        if final:
            self.end_drag()

    def transfer(
        self, part: str, reference: Latent, settings: QuerySettings, selected: str | None
    ) -> str | None:
        """Transfer a part; returns the id of the edit that carries it."""
        if self._state is None:
            return None
        after, edit_id = commands.with_transfer(self._state, part, reference, settings, selected)
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
        if self._state is not None:
            text = self.tr("Favourite {seed}").format(seed=seed)
            self.edit(text, commands.with_favourite_toggled(self._state, seed))

    def _has(self, edit_id: str) -> bool:
        return self._state is not None and any(e.edit_id == edit_id for e in self._state.edits)

    def _known(self) -> EditState:
        assert self._state is not None
        return self._state

    def _part(self, edit_id: str) -> str:
        return self._known().edit(edit_id).part
