"""One line of the edit stack."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.edit import Edit
from localedit_core.editing.request import Picture
from localedit_core.latents import Latent
from localedit_gui.widgets.elided_label import ElidedLabel
from localedit_gui.widgets.icons import IconButton
from localedit_gui.widgets.pictures import to_image

_THUMBNAIL = 40


class EditRow(QWidget):
    """Shows one edit; lives as long as the edit is in the stack.

    Signals:
        pressed(): the row was clicked.
        mute_clicked(): the eye was clicked.
        solo_clicked(): the eye was clicked with Alt held.
        delete_clicked(): the bin was clicked.
        menu_wanted(QPoint): at that place of the screen.
        dragged(QPoint): the row is being dragged, the pointer is there on the screen.
        dropped(QPoint): the row was let go there.
    """

    pressed = Signal()
    mute_clicked = Signal()
    solo_clicked = Signal()
    delete_clicked = Signal()
    menu_wanted = Signal(QPoint)
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self._selected = False
        self._pressed_at: QPoint | None = None
        self._dragging = False
        self._thumbnail_of: tuple[str, int] | None = None

        self.thumbnail = QLabel(self)
        self.thumbnail.setFixedSize(_THUMBNAIL, _THUMBNAIL)
        self.thumbnail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.part = ElidedLabel(parent=self)
        bold = QFont(self.part.font())
        bold.setBold(True)
        self.part.setFont(bold)
        self.detail = ElidedLabel(parent=self)
        self.conflict = IconButton("conflict", "", self)
        self.conflict.hide()
        self.conflict.clicked.connect(self._explain)
        self.mute = IconButton("eye", self._mute_text(muted=False), self, name_on="eye-off")
        self.remove = IconButton("delete", self.tr("Delete this edit (Del)"), self)
        self.mute.clicked.connect(self._eye)
        self.remove.clicked.connect(self.delete_clicked)

        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addStretch(1)
        texts.addWidget(self.part)
        texts.addWidget(self.detail)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 5, 5)
        row.setSpacing(8)
        row.addWidget(self.thumbnail)
        row.addLayout(texts, 1)
        row.addWidget(self.conflict)
        row.addWidget(self.mute)
        row.addWidget(self.remove)
        row.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Click to select, drag to reorder."))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.mapToGlobal(at))
        )

    def show_edit(self, edit: Edit, thumbnail: Picture | None, colour: QColor) -> None:
        """Show the edit as it is now."""
        self._colour = QColor(colour)
        strength = f"{edit.strength:.0%}"
        self.part.setText(edit.part)
        self.detail.setText(
            self.tr("from {seed} · {strength}").format(seed=edit.reference.label, strength=strength)
        )
        # Not setChecked on a click: the document decides, and tells through the next show_edit.
        self.mute.setChecked(edit.muted)
        self.mute.set_text(self._mute_text(muted=edit.muted))
        for label in (self.part, self.detail):
            label.setEnabled(not edit.muted)
        spoken = self.tr("{part} from {seed}, strength {strength}")
        if edit.muted:
            spoken = self.tr("{part} from {seed}, strength {strength}, muted")
        self.setAccessibleName(
            spoken.format(part=edit.part, seed=edit.reference.label, strength=strength)
        )
        self._show_thumbnail(edit.reference, thumbnail)
        self.update()

    def set_conflict(self, explanation: str) -> None:
        """Mark the row as one that another gets in the way of; "" takes the mark off."""
        self.conflict.set_text(explanation)
        self.conflict.setVisible(bool(explanation))
        self.setAccessibleDescription(explanation)

    def _explain(self) -> None:
        at = self.conflict.mapToGlobal(self.conflict.rect().bottomLeft())
        QToolTip.showText(at, self.conflict.toolTip(), self.conflict)
        self.pressed.emit()

    def _mute_text(self, *, muted: bool) -> str:
        if muted:
            return self.tr("Let this edit act again (M); with Alt, let it act alone (Shift+M)")
        return self.tr("Mute this edit (M); with Alt, let it act alone (Shift+M)")

    def _eye(self) -> None:
        alt = QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier
        (self.solo_clicked if alt else self.mute_clicked).emit()

    def _show_thumbnail(self, reference: Latent, picture: Picture | None) -> None:
        shown = (reference.label, id(picture))
        if shown == self._thumbnail_of:
            return
        if picture is None:
            # Keep the picture of the same seed rather than flash an empty square.
            if self._thumbnail_of is None or self._thumbnail_of[0] != reference.label:
                self.thumbnail.setPixmap(QPixmap())
                self.thumbnail.setText("…" if reference.seed is not None else "?")
                self._thumbnail_of = None
            return
        ratio = self.devicePixelRatioF()
        side = round(_THUMBNAIL * ratio)
        image: QImage = to_image(picture).scaled(
            side,
            side,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        image.setDevicePixelRatio(ratio)
        self.thumbnail.setPixmap(QPixmap.fromImage(image))
        self._thumbnail_of = shown

    def set_selected(self, selected: bool) -> None:
        """Mark the row whose settings are shown."""
        self._selected = selected
        self.update()

    def is_selected(self) -> bool:
        """Whether the row is marked."""
        return self._selected

    def minimumSizeHint(self) -> QSize:
        """The text may shrink to a few letters."""
        return QSize(170, super().minimumSizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the row; what follows may be a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.globalPosition().toPoint()
            self.pressed.emit()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the row to another place of the stack."""
        if self._pressed_at is None:
            return
        at = event.globalPosition().toPoint()
        if (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the row go."""
        dragged, self._pressed_at, self._dragging = self._dragging, None, False
        if dragged:
            self.unsetCursor()
            self.dropped.emit(event.globalPosition().toPoint())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The part's colour at the left, a frame around the selected row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        if self._selected:
            highlight = self.palette().color(QPalette.ColorRole.Highlight)
            fill = QColor(highlight)
            fill.setAlphaF(0.22)
            painter.setPen(QPen(highlight, 1.2))
            painter.setBrush(fill)
            painter.drawRoundedRect(frame, 5, 5)
        swatch = QRectF(5, frame.y() + 6, 5, frame.height() - 12)
        painter.setPen(QPen(QColor(0, 0, 0, 110), 0.8))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(swatch, 2, 2)
        painter.end()
