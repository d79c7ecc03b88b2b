"""References that no seed makes: imported latents and saved sessions, beside the gallery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QListView, QListWidgetItem, QMenu, QWidget

from localedit_core.editing.request import Picture
from localedit_core.latents import Latent
from localedit_gui.widgets.pictures import empty_icon, plain_icon, to_image
from localedit_gui.widgets.taking_list import TakingList

_SIDE = 84
_PICTURE = Qt.ItemDataRole.UserRole


class OwnReferences(TakingList):
    """Shows latents with their names; hovering one previews it, a click or Enter takes it.

    It hides itself while there are none.

    Signals:
        hovered(Latent): the pointer, or the arrow keys, came onto this one.
        hover_left(): they left it.
        picked(Latent): a click, or Enter.
        remove_wanted(Latent): Del, or the menu.
        like_wanted(Latent): show those of the gallery whose part is like this one's.
        target_wanted(Latent): edit this picture.
    """

    hovered = Signal(object)
    hover_left = Signal()
    picked = Signal(object)
    remove_wanted = Signal(object)
    like_wanted = Signal(object)
    target_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, removable=True)
        self._latents: tuple[Latent, ...] = ()
        self._over = -1
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFixedWidth(_SIDE + 2 * self.verticalScrollBar().sizeHint().width() + 8)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Own references"))
        self.setToolTip(
            self.tr("References from files; click one to take its part, Del takes it away")
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.taken.connect(lambda row: self.picked.emit(self._latents[row]))
        self.removal_wanted.connect(lambda row: self.remove_wanted.emit(self._latents[row]))
        self.currentRowChanged.connect(self._moved)
        self.hide()

    def set_latents(self, latents: Sequence[Latent], pictures: Mapping[Latent, Picture]) -> None:
        """Show these, with the pictures that are there."""
        if tuple(latents) != self._latents:
            self._latents = tuple(latents)
            with QSignalBlocker(self):
                self.clear()
                for latent in latents:
                    item = QListWidgetItem(empty_icon(_SIDE, self.palette()), latent.label)
                    item.setToolTip(latent.label)
                    item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
                    item.setSizeHint(QSize(_SIDE + 8, _SIDE + self.fontMetrics().height() + 10))
                    self.addItem(item)
            self.setVisible(bool(latents))
        for row, latent in enumerate(self._latents):
            item, picture = self.item(row), pictures.get(latent)
            # Asked with every change of the session, of which most leave the pictures as they are.
            if picture is not None and item.data(_PICTURE) is not picture:
                item.setIcon(plain_icon(to_image(picture)))
                item.setData(_PICTURE, picture)

    def current(self) -> Latent | None:
        """The one that the pointer or the keys are on."""
        row = self._over if self._over >= 0 else self.currentRow() if self.hasFocus() else -1
        return self._latents[row] if 0 <= row < len(self._latents) else None

    def latents(self) -> tuple[Latent, ...]:
        """What is shown."""
        return self._latents

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what the pointer is over."""
        super().mouseMoveEvent(event)
        self._moved(self._row_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that it is over none."""
        super().leaveEvent(event)
        self._moved(-1)

    def _moved(self, row: int) -> None:
        if row == self._over:
            return
        self._over = row
        if 0 <= row < len(self._latents):
            self.hovered.emit(self._latents[row])
        else:
            self.hover_left.emit()

    def _menu(self, at: QPoint) -> None:
        row = self._row_at(at)
        if row < 0:
            return
        latent, menu = self._latents[row], QMenu(self)
        for text, signal in (
            (self.tr("More like this"), self.like_wanted),
            (self.tr("Use as target"), self.target_wanted),
            (self.tr("Take Away"), self.remove_wanted),
        ):
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit(latent))
            menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))

    def _row_at(self, at: QPoint) -> int:
        item = self.itemAt(at)
        return -1 if item is None else self.row(item)
