"""The scrolling view of thumbnails under the gallery's bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from localedit_gui.widgets.thumbnail_delegate import ThumbnailDelegate


class SeedView(QListView):
    """Tells rows, of whatever model it shows.

    Signals:
        hovered(int): the pointer or the keys came onto this row; -1 for none.
        picked(int): a click, or Enter.
        favourite(int): a click on the star, or F.
        moved(): other rows may be visible.
    """

    hovered = Signal(int)
    picked = Signal(int)
    favourite = Signal(int)
    moved = Signal()

    def __init__(self, delegate: ThumbnailDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self.setItemDelegate(delegate)
        # A list that runs to the right and wraps looks like IconMode and lays out twice as fast.
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        self._starring = False
        self.clicked.connect(lambda index: self.picked.emit(index.row()))
        self.entered.connect(lambda index: self.hovered.emit(index.row()))
        self.viewportEntered.connect(lambda: self.hovered.emit(-1))
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())

    def visible_rows(self, ahead: int) -> tuple[range, range]:
        """The rows that are seen, and as many lines more as ``ahead`` says below them."""
        cell = self.gridSize()
        count = self.model().rowCount()
        per_line = max(1, self.viewport().width() // max(cell.width(), 1))
        top = self.verticalOffset() // max(cell.height(), 1)
        bottom = (self.verticalOffset() + self.viewport().height() - 1) // max(cell.height(), 1)
        first, last = min(top * per_line, count), min((bottom + 1) * per_line, count)
        return range(first, last), range(last, min(last + ahead * per_line, count))

    def show_on_top(self, row: int) -> None:
        """Scroll so that the row's line is the first that is seen."""
        cell = self.gridSize()
        per_line = max(1, self.viewport().width() // max(cell.width(), 1))
        self.doItemsLayout()  # the scroll bar must know how many lines there are now
        self.verticalScrollBar().setValue(row // per_line * cell.height())

    def _on_star(self, at: QPoint) -> QModelIndex:
        index = self.indexAt(at)
        if index.isValid() and self._delegate.star_rect(self.visualRect(index)).contains(at):
            return index
        return QModelIndex()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a star marks, and is no click on the thumbnail."""
        starred = self._on_star(event.position().toPoint())
        self._starring = event.button() == Qt.MouseButton.LeftButton and starred.isValid()
        if self._starring:
            self.favourite.emit(starred.row())
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends what the press began."""
        if self._starring:
            self._starring = False
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a star, the second press is one like the first."""
        if self._on_star(event.position().toPoint()).isValid():
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Carry the seed, with its thumbnail under the pointer."""
        index = self.currentIndex()
        if not index.isValid():
            return
        self.hovered.emit(-1)
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if image is not None:
            pixmap = QPixmap.fromImage(image)
            drag.setPixmap(pixmap)
            drag.setHotSpot(pixmap.rect().center())
        drag.exec(Qt.DropAction.CopyAction)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is on no row any more."""
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows preview, Enter picks, F marks."""
        row = self.currentIndex().row()
        if row >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit(row)
        elif row >= 0 and event.key() == Qt.Key.Key_F and not event.modifiers():
            self.favourite.emit(row)
        else:
            super().keyPressEvent(event)
            if self.currentIndex().row() != row:
                self.hovered.emit(self.currentIndex().row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are seen."""
        super().resizeEvent(event)
        self.moved.emit()
