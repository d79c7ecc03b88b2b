"""One step of a history: from one frozen state to another."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakMethod

from PySide6.QtGui import QUndoCommand

State = TypeVar("State")

_MERGES = 1  # QUndoCommand.id of steps that may merge; -1 says never


class UndoStep(QUndoCommand, Generic[State]):
    """From one frozen state to another.

    Args:
        text: what was done, for the menu: "Undo <text>".
        before: the state that undo goes back to.
        after: the state that redo goes to.
        apply: takes the state that is to be current: a method of the document whose stack this is
            pushed on. It is held weakly. Document and step would else keep each other, and Python's
            collector would delete the step before Qt's stack did so again.
        merge: steps with equal, non-None values of this become one step: all of a slider's drag.
    """

    def __init__(
        self,
        text: str,
        before: State,
        after: State,
        apply: Callable[[State], None],
        merge: Hashable | None = None,
    ) -> None:
        super().__init__(text)
        self.before = before
        self.after = after
        self.merge = merge
        self._apply = WeakMethod(apply)

    def redo(self) -> None:
        """Make the later state current."""
        self._make_current(self.after)

    def undo(self) -> None:
        """Make the earlier state current."""
        self._make_current(self.before)

    def _make_current(self, state: State) -> None:
        apply = self._apply()
        if apply is not None:
            apply(state)

    def id(self) -> int:
        """Tells Qt whether to try ``mergeWith``."""
        return -1 if self.merge is None else _MERGES

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later step of the same drag; a drag back to its start leaves no step."""
        if not isinstance(other, UndoStep) or other.merge != self.merge:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True
