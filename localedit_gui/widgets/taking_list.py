"""A list whose entries are taken, and perhaps removed, by pointer or keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget

_REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_TAKE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TakingList(QListWidget):
    """A click or Enter takes an entry; where that is offered, Del asks to remove one.

    Signals:
        taken(int): the row that was clicked, or that the keys are on.
        removal_wanted(int): take this row away.

    Args:
        removable: whether Del is for the list; elsewhere it removes the selected edit.
    """

    taken = Signal(int)
    removal_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, removable: bool = False) -> None:
        super().__init__(parent)
        self._removable = removable
        self.itemClicked.connect(lambda item: self.taken.emit(self.row(item)))

    def event(self, event: QEvent) -> bool:
        """Keep Del for the list where it is."""
        override = event.type() == QEvent.Type.ShortcutOverride and self._removable
        if override and isinstance(event, QKeyEvent) and event.key() in _REMOVE:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        row = self.currentRow()
        if row >= 0 and event.key() in _TAKE:
            self.taken.emit(row)
        elif row >= 0 and self._removable and event.key() in _REMOVE:
            self.removal_wanted.emit(row)
        else:
            super().keyPressEvent(event)
