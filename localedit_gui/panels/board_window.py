"""A board of alternatives: every part of every reference, budgets, references."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.request import Picture
from localedit_gui.boards import Board, BoardKind
from localedit_gui.widgets.pictures import empty_icon, plain_icon, to_image

_SIDES = (64, 256)
_CAPTION = 110  # room beside a picture
_PER_ROW = 3  # of a board without headings
_PICTURE = Qt.ItemDataRole.UserRole


class _Cells(QTableWidget):
    """The pictures; a click or Enter takes one."""

    taken = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.cellClicked.connect(self.taken)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the picture that the keys are on."""
        if self.currentRow() >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(self.currentRow(), self.currentColumn())
        else:
            super().keyPressEvent(event)


class BoardWindow(QDialog):
    """Shows a board and lets its cells be taken.

    Signals:
        settings_changed(): kind, parts or references are others.
        cell_taken(int, int): this row and column of the board.
        export_wanted(): write it to a file.
        shown_changed(): the window came or went.
    """

    settings_changed = Signal()
    cell_taken = Signal(int, int)
    export_wanted = Signal()
    shown_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Board"))
        self.setAccessibleName(self.windowTitle())
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1100, 780)
        self._across = 0
        self._wraps = False
        self._top = 0  # rows above the board's: the references themselves
        self.kind = QComboBox(self)
        for kind, text in (
            (BoardKind.MATRIX, self.tr("Parts of references")),
            (BoardKind.BUDGETS, self.tr("Budgets of the selected edit")),
            (BoardKind.REFERENCES, self.tr("References of the selected edit")),
        ):
            self.kind.addItem(text, kind)
        self.kind.setToolTip(self.tr("What is varied"))
        self.kind.setAccessibleName(self.tr("What is varied"))
        self.parts = QToolButton(self)
        self.parts.setText(self.tr("&Parts"))
        self.parts.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.parts.setToolTip(self.tr("Which parts have a row"))
        self.parts.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.parts.setMenu(QMenu(self.parts))
        self.count = QSpinBox(self)
        self.count.setRange(1, 40)
        self.count.setValue(8)
        self.count.setToolTip(self.tr("How many references"))
        self.count.setAccessibleName(self.tr("How many references"))
        self.first = QSpinBox(self)
        self.first.setRange(-1, 1_000_000)
        self.first.setSpecialValueText(self.tr("favourites and chosen ones"))
        self.first.setValue(-1)
        self.first.setToolTip(
            self.tr("The first picture of the references; below 0 the favourites come first")
        )
        self.first.setAccessibleName(self.tr("First reference"))
        self.size_slider = QSlider(Qt.Orientation.Horizontal, self)
        self.size_slider.setRange(*_SIDES)
        self.size_slider.setValue(112)
        self.size_slider.setFixedWidth(120)
        self.size_slider.setToolTip(self.tr("Size of the pictures"))
        self.size_slider.setAccessibleName(self.tr("Size of the pictures"))
        self.title = QLabel(self)
        self.export = QPushButton(self.tr("&Export…"), self)
        self.export.setToolTip(self.tr("Write the board as PNG or PDF, once it is filled"))
        self.cells = _Cells(self)
        self.cells.setAccessibleName(self.tr("Alternatives"))
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self._lay_out()
        self._connect()

    def board_kind(self) -> BoardKind:
        """What is to be varied."""
        kind: BoardKind = self.kind.currentData()
        return kind

    def set_parts(self, names: Sequence[str]) -> None:
        """Offer these parts, all of them chosen."""
        menu = self.parts.menu()
        menu.clear()
        for name in names:
            action = QAction(name.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(True)
            action.setData(name)
            action.toggled.connect(lambda _: self.settings_changed.emit())
            menu.addAction(action)

    def chosen_parts(self) -> tuple[str, ...]:
        """The parts that have a row."""
        return tuple(a.data() for a in self.parts.menu().actions() if a.isChecked())

    def show_note(self, text: str) -> None:
        """Say why there is no board."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.cells.setVisible(not text)
        self.title.setText("")
        self.export.setEnabled(False)

    def show_board(self, board: Board) -> None:
        """Show a board whose pictures are still to come."""
        self.show_note("")
        self.title.setText(board.title)
        view = self.cells
        self._across = len(board.cells[0])
        self._wraps = not board.rows
        columns = min(self._across, _PER_ROW) if self._wraps else self._across
        rows = -(-self._across // columns) if self._wraps else len(board.cells)
        self._top = 1 if board.column_states else 0
        with QSignalBlocker(view):
            kept = (view.currentRow(), view.currentColumn())
            view.clear()
            view.setRowCount(self._top + rows)
            view.setColumnCount(columns)
            view.horizontalHeader().setVisible(bool(board.columns))
            view.verticalHeader().setVisible(bool(board.rows))
            for column, text in enumerate(board.columns):
                view.setHorizontalHeaderItem(column, QTableWidgetItem(text))
            for row, text in enumerate(board.rows):
                view.setVerticalHeaderItem(self._top + row, QTableWidgetItem(text))
            if self._top:
                view.setVerticalHeaderItem(0, QTableWidgetItem(self.tr("reference")))
                for column, text in enumerate(board.columns):
                    item = QTableWidgetItem(empty_icon(_SIDES[1], self.palette()), "")
                    spoken = self.tr("Reference {name}").format(name=text)
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                    item.setToolTip(spoken)
                    view.setItem(0, column, item)
            for row, line in enumerate(board.cells):
                for column, cell in enumerate(line):
                    item = QTableWidgetItem(empty_icon(_SIDES[1], self.palette()), cell.caption)
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, cell.text)
                    item.setToolTip(cell.text)
                    if cell.now:
                        font = item.font()
                        font.setBold(True)
                        item.setFont(font)
                        item.setBackground(self.palette().highlight())
                    view.setItem(*self._place(row, column), item)
            if 0 <= kept[0] < rows and 0 <= kept[1] < columns:
                view.setCurrentCell(*kept)
        self._size()

    def show_picture(self, row: int, column: int, picture: Picture) -> None:
        """Fill a cell."""
        item = self.cells.item(*self._place(row, column))
        if item is not None:
            item.setIcon(plain_icon(to_image(picture)))
            item.setData(_PICTURE, picture)

    def show_heading(self, column: int, picture: Picture) -> None:
        """Put a reference's own picture above its column."""
        item = self.cells.item(0, column) if self._top else None
        if item is not None:
            item.setIcon(plain_icon(to_image(picture)))
            item.setData(_PICTURE, picture)

    def picture(self, row: int, column: int) -> Picture | None:
        """What a cell shows, or None while it is empty."""
        item = self.cells.item(*self._place(row, column))
        picture: Picture | None = None if item is None else item.data(_PICTURE)
        return picture

    def heading(self, column: int) -> Picture | None:
        """What stands above a column, or None."""
        item = self.cells.item(0, column) if self._top else None
        picture: Picture | None = None if item is None else item.data(_PICTURE)
        return picture

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that pictures are needed."""
        super().showEvent(event)
        self.shown_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that no pictures are needed."""
        super().hideEvent(event)
        self.shown_changed.emit()

    def _place(self, row: int, column: int) -> tuple[int, int]:
        """Where a cell of the board is in the table: a single row is broken into several."""
        if self._wraps:
            return divmod(column, self.cells.columnCount())
        return self._top + row, column

    def _taken(self, row: int, column: int) -> None:
        if self._wraps:
            row, column = 0, row * self.cells.columnCount() + column
        else:
            row -= self._top
        if row >= 0 and column < self._across:
            self.cell_taken.emit(row, column)

    def _size(self) -> None:
        side = self.size_slider.value() * (2 if self._wraps else 1)
        view = self.cells
        view.setIconSize(QSize(side, side))
        for column in range(view.columnCount()):
            view.setColumnWidth(column, side + 8 + (_CAPTION if self._wraps else 0))
        for row in range(view.rowCount()):
            view.setRowHeight(row, side + 8)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.kind)
        top.addWidget(self.parts)
        for text, widget in (
            (self.tr("&References:"), self.count),
            (self.tr("&from"), self.first),
            (self.tr("&Size:"), self.size_slider),
        ):
            label = QLabel(text, self)
            label.setBuddy(widget)
            top.addWidget(label)
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.export)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.title)
        column.addWidget(self.note)
        column.addWidget(self.cells, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _: self.settings_changed.emit())
        self.count.valueChanged.connect(lambda _: self.settings_changed.emit())
        self.first.valueChanged.connect(lambda _: self.settings_changed.emit())
        self.size_slider.valueChanged.connect(lambda _: self._size())
        self.cells.taken.connect(self._taken)
        self.export.clicked.connect(self.export_wanted)
