"""Earlier states as pictures, and snapshots that were given a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.request import Picture
from localedit_gui.widgets.pictures import to_image
from localedit_gui.widgets.taking_list import TakingList

THUMBNAIL = 48


@dataclass(frozen=True, eq=False)
class Step:
    """One line.

    Attributes:
        text: what was done, or the name of a snapshot.
        picture: [H, W, 3], or None while it is not there.
    """

    text: str
    picture: Picture | None


class _PictureList(TakingList):
    """Lines with pictures."""

    def __init__(self, name: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent, removable=True)
        self._pictures: list[Picture | None] = []
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setStatusTip(tip)

    def pictures(self) -> list[Picture | None]:
        """What is shown, line by line."""
        return list(self._pictures)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these lines; only what is new is drawn."""
        with QSignalBlocker(self):
            while self.count() > len(steps):
                self.takeItem(self.count() - 1)
                self._pictures.pop()
            for row, step in enumerate(steps):
                new = row == self.count()
                if new:
                    self.addItem(QListWidgetItem())
                    self._pictures.append(None)
                self.item(row).setText(step.text)
                if new or step.picture is not self._pictures[row]:
                    self.item(row).setIcon(_icon(step.picture, self.palette()))
                    self._pictures[row] = step.picture


class HistoryPanel(QWidget):
    """Lists all states that undo and redo lead to, and the snapshots below.

    Signals:
        step_taken(int): go to this state, 0 for the one that the session was opened with.
        snapshot_wanted(): keep the present state under a name.
        snapshot_taken(int): go back to this snapshot.
        snapshot_renamed(int, str): call it otherwise.
        snapshot_removed(int): forget it.
    """

    step_taken = Signal(int)
    snapshot_wanted = Signal()
    snapshot_taken = Signal(int)
    snapshot_renamed = Signal(int, str)
    snapshot_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = _PictureList(
            self.tr("Steps"), self.tr("Click a step to go there; nothing after it is lost"), self
        )
        self.keep = QPushButton(self.tr("&Keep a Snapshot"), self)
        self.keep.setToolTip(
            self.tr("Keep the present state as long as this window is open (Ctrl+Alt+S)")
        )
        self.keep.setStatusTip(self.tr("Keep the present state as long as this window is open"))
        self.snapshots = _PictureList(
            self.tr("Snapshots"),
            self.tr("Click to go back to a snapshot, F2 renames, Del forgets it"),
            self,
        )
        self.snapshots.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self.snapshots.setMaximumHeight(2 * THUMBNAIL)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.steps, 2)
        layout.addWidget(self.keep)
        layout.addWidget(self.snapshots, 1)
        self.steps.taken.connect(self.step_taken)
        self.keep.clicked.connect(lambda: self.snapshot_wanted.emit())
        self.snapshots.taken.connect(self.snapshot_taken)
        self.snapshots.removal_wanted.connect(self.snapshot_removed)
        self.snapshots.itemChanged.connect(
            lambda item: self.snapshot_renamed.emit(self.snapshots.row(item), item.text())
        )
        self.set_snapshots(())

    def set_steps(self, steps: Sequence[Step], present: int) -> None:
        """Show the states in order; those after ``present`` were taken back."""
        self.steps.show_steps(steps)
        palette = self.palette()
        with QSignalBlocker(self.steps):
            for row in range(self.steps.count()):
                item, font = self.steps.item(row), self.font()
                font.setBold(row == present)
                item.setFont(font)
                role = QPalette.ColorRole.PlaceholderText if row > present else None
                item.setForeground(palette.color(role or QPalette.ColorRole.Text))
            self.steps.setCurrentRow(present)
        if 0 <= present < self.steps.count():
            self.steps.scrollToItem(self.steps.item(present))

    def set_snapshots(self, snapshots: Sequence[Step]) -> None:
        """Show the snapshots in the order of keeping."""
        self.snapshots.show_steps(snapshots)
        with QSignalBlocker(self.snapshots):
            for row in range(self.snapshots.count()):
                item = self.snapshots.item(row)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        self.snapshots.setVisible(bool(snapshots))

    def sizeHint(self) -> QSize:
        """As much as the edit stack."""
        return QSize(280, 240)


def _icon(picture: Picture | None, palette: QPalette) -> QIcon:
    side = 2 * THUMBNAIL  # sharp on dense screens
    if picture is None:
        pixmap = QPixmap(side, side)
        empty = QColor(palette.color(QPalette.ColorRole.Text))
        empty.setAlphaF(0.08)
        pixmap.fill(empty)
        return _plain_icon(pixmap)
    image = to_image(picture).scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return _plain_icon(QPixmap.fromImage(image))


def _plain_icon(pixmap: QPixmap) -> QIcon:
    """An icon that keeps its colours where its line is selected."""
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made
