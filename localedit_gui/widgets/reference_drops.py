"""References that are dragged over a widget and dropped on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from localedit_gui.widgets.seed_mime import dropped_seed


class ReferenceDrops(QObject):
    """Takes thumbnails only; files are the window's.

    Signals:
        pointed(QPointF | None): the drag is here now; None once it is gone.
        dropped(int): a reference was dropped where the drag was last.
    """

    pointed = Signal(object)
    dropped = Signal(int)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the class."""
        if isinstance(event, QDragEnterEvent):
            if dropped_seed(event.mimeData()) is None:
                event.ignore()
            else:
                event.acceptProposedAction()
        elif isinstance(event, QDragMoveEvent):
            self.pointed.emit(event.position())
            event.acceptProposedAction()
        elif event.type() == QEvent.Type.DragLeave:
            self.pointed.emit(None)
        elif isinstance(event, QDropEvent):
            self._drop(event)
        else:
            return super().eventFilter(watched, event)
        return True

    def _drop(self, event: QDropEvent) -> None:
        seed = dropped_seed(event.mimeData())
        if seed is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.pointed.emit(event.position())
        self.dropped.emit(seed)
