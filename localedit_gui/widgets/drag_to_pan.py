"""Tells a press that picks from a drag that moves the picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication


class DragToPan:
    """A left press may become a pick or a move; a middle press is a move."""

    def __init__(self) -> None:
        self._pressed_at: QPointF | None = None
        self._panned_to: QPointF | None = None

    @property
    def panning(self) -> bool:
        """Whether the picture follows the pointer."""
        return self._panned_to is not None

    def press(self, event: QMouseEvent) -> bool:
        """Begin; whether it was a button for this."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._pressed_at, self._panned_to = None, event.position()
        else:
            return False
        return True

    def move(self, position: QPointF) -> QPointF | None:
        """How far the picture has to move; None while it stays."""
        if self._pressed_at is not None and self._panned_to is None:
            moved = (position - self._pressed_at).manhattanLength()
            if moved >= QApplication.startDragDistance():
                self._panned_to = self._pressed_at
        if self._panned_to is None:
            return None
        by, self._panned_to = position - self._panned_to, position
        return by

    def release(self, event: QMouseEvent) -> bool:
        """End; whether it was a pick."""
        picks = self._pressed_at is not None and self._panned_to is None
        self._pressed_at = self._panned_to = None
        return picks and event.button() == Qt.MouseButton.LeftButton
