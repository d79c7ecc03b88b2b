"""A list of things to tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

_VALUE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class CheckEntry:
    """One of them.

    Attributes:
        text: what people read.
        value: what it stands for.
        ticked: whether to begin with it.
        tip: what it is, or why it cannot be had.
        offered: whether it can be ticked.
    """

    text: str
    value: str
    ticked: bool = False
    tip: str = ""
    offered: bool = True


class CheckList(QListWidget):
    """Shows entries with boxes; Space ticks the one that the keys are on.

    Signals:
        ticks_changed(): others are ticked.
    """

    ticks_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, rows: int = 5) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(lambda _: self.ticks_changed.emit())
        outline_boxes(self)

    def set_entries(self, entries: Iterable[CheckEntry]) -> None:
        """Show these instead."""
        with QSignalBlocker(self):
            self.clear()
            for entry in entries:
                item = QListWidgetItem(entry.text, self)
                item.setData(_VALUE, entry.value)
                item.setToolTip(entry.tip)
                flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
                item.setFlags(flags | Qt.ItemFlag.ItemIsEnabled if entry.offered else flags)
                item.setCheckState(_state(entry.ticked and entry.offered))
            self.setCurrentRow(0)
        self.ticks_changed.emit()

    def ticked(self) -> tuple[str, ...]:
        """What the ticked ones stand for, in their order."""
        return tuple(
            item.data(_VALUE) for item in self._items() if item.checkState() is _state(True)
        )

    def tick(self, wanted: bool) -> None:
        """Tick all, or none."""
        with QSignalBlocker(self):
            for item in self._items():
                if item.flags() & Qt.ItemFlag.ItemIsEnabled:
                    item.setCheckState(_state(wanted))
        self.ticks_changed.emit()

    def sizeHint(self) -> QSize:
        """Room for some rows."""
        row = self.sizeHintForRow(0) if self.count() else self.fontMetrics().height() + 4
        return QSize(180, self._rows * row + 2 * self.frameWidth())

    def changeEvent(self, event: QEvent) -> None:
        """Keep the boxes visible in the colours of a new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            outline_boxes(self)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]


def outline_boxes(view: QAbstractItemView) -> None:
    """Have the boxes of a view drawn so that they are seen.

    Fusion draws a box in a darker Window colour, which cannot be seen in the dark theme.
    """
    parent = view.parentWidget()
    palette = QPalette(view.palette() if parent is None else parent.palette())
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    role = QPalette.ColorRole.PlaceholderText if dark else QPalette.ColorRole.Dark
    palette.setColor(QPalette.ColorRole.Window, palette.color(role))
    view.setPalette(palette)


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
