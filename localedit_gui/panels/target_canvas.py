"""The picture that is edited: look, point, pick a part, compare."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from localedit_core.editing.request import Picture
from localedit_gui.widgets.canvas_layers import CanvasLayers, Overlay
from localedit_gui.widgets.comparison import Comparison
from localedit_gui.widgets.drag_to_pan import DragToPan
from localedit_gui.widgets.pictures import to_image
from localedit_gui.widgets.reference_drops import ReferenceDrops
from localedit_gui.widgets.view_transform import WHEEL_BASE, ZOOM_STEP, ViewTransform

__all__ = ["Overlay", "TargetCanvas"]


class TargetCanvas(QWidget):
    """Shows the edited picture, its parts and what changed.

    Signals:
        part_hovered(str): the part under the pointer is another; "" for none.
        part_picked(str): a part was clicked, or Enter pressed on the part lit up by arrow keys.
        reference_dropped(int): a thumbnail was dropped on the picture; where it fell on a part
            that is not the selected one, ``part_picked`` comes first.
        zoom_changed(float): screen pixels per picture pixel.

    Keys: arrows light up part after part, Enter picks, Space (held) shows the original.

    Attributes:
        comparison: how the original is shown besides.
    """

    part_hovered = Signal(str)
    part_picked = Signal(str)
    reference_dropped = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = ViewTransform()
        self._layers = CanvasLayers(self)
        self.comparison = Comparison(self)
        self.comparison.changed.connect(self._compared)
        self._pointer: QPointF | None = None  # None while the part is lit by keys
        self._drag = DragToPan()
        self._space_held = False
        self._reported_zoom = 0.0

        self.setMouseTracking(True)
        drops = ReferenceDrops(self)
        drops.pointed.connect(self._point)
        drops.dropped.connect(self._drop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 160)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Target picture"))
        self.setWhatsThis(
            self.tr(
                "Click a part to select it. Turn the wheel to zoom, drag to move the picture, "
                "hold Space to see the original."
            )
        )
        self._describe()

    # What is shown -------------------------------------------------------------------------

    def show_image(self, picture: Picture) -> None:
        """Show the edited picture, [H, W, 3]; a smaller one than the original is a preview."""
        image = to_image(picture)
        self._layers.image = image
        if self._layers.original is None or image.width() > self._view.side:
            self._set_side(image.width())
        self.update()

    def show_original(self, picture: Picture) -> None:
        """Take the picture without edits, [H, W, 3]; its size is what 100 % means."""
        self._layers.original = to_image(picture)
        self._set_side(self._layers.original.width())
        self.update()

    def clear(self) -> None:
        """Forget every picture, before another generator's come in."""
        self._layers.image = self._layers.original = None
        self.set_part_map(None)
        self.set_difference(None)
        self.update()

    def set_part_map(
        self,
        part_map: NDArray[np.uint8] | None,
        names: Sequence[str] = (),
        colours: Sequence[QColor] = (),
    ) -> None:
        """Take where the parts are: index into ``names`` per pixel, [H, W], 255 for none."""
        self._layers.set_part_map(part_map, names, colours)
        if self._pointer is not None:
            self._hover(self._part_at(self._pointer))
        elif self._layers.hovered not in self._layers.shapes:
            self._hover(None)
        self.update()

    def set_difference(self, delta_e: NDArray[np.float32] | None) -> None:
        """Take the change per pixel in CIE76 delta E, [H, W], or None while it is not known."""
        self._layers.set_difference(delta_e)
        self.update()

    def set_selected_part(self, name: str | None) -> None:
        """Outline the selected part."""
        self._layers.selected = name
        self._describe()
        self.update()

    def light_part(self, name: str) -> None:
        """Light a part up as pointing at it does, "" for none; the pointer itself goes first."""
        if self._pointer is None:
            self._hover(name or None)

    def set_overlay(self, overlay: Overlay) -> None:
        """Choose what lies over the picture."""
        self._layers.overlay = overlay
        self.update()

    def overlay(self) -> Overlay:
        """What lies over the picture."""
        return self._layers.overlay

    def set_overlay_opacity(self, opacity: float) -> None:
        """Set the opacity, 0 to 1, of the present overlay; each remembers its own."""
        self._layers.opacity[self._layers.overlay] = min(max(opacity, 0.0), 1.0)
        self.update()

    def overlay_opacity(self) -> float:
        """Opacity of the present overlay."""
        return self._layers.opacity[self._layers.overlay]

    def set_show_original(self, shown: bool) -> None:
        """Show the picture without edits, and nothing over it, for comparison."""
        self._layers.show_original = shown
        self.update()

    # Zoom ----------------------------------------------------------------------------------

    def current_zoom(self) -> float:
        """Screen pixels per pixel of the full-size picture."""
        return self._view.zoom

    def zoom_in(self) -> None:
        """Zoom in one step around the middle."""
        self._zoom_to(self._view.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out one step around the middle."""
        self._zoom_to(self._view.zoom / ZOOM_STEP)

    def zoom_actual(self) -> None:
        """One screen pixel per picture pixel."""
        self._zoom_to(1.0)

    def zoom_fit(self) -> None:
        """Show the whole picture, and keep doing so when the window changes its size."""
        self._view.fit()
        self._view_moved()

    def part_position(self, name: str) -> QPoint:
        """A point well inside a part, in widget coordinates; KeyError if it is not visible."""
        anchor = self._layers.shapes[name].anchor
        side = self._view.side
        return self._view.to_view(QPointF(anchor.x() * side, anchor.y() * side)).toPoint()

    def sizeHint(self) -> QSize:
        """Room for a picture to look at."""
        return QSize(560, 560)

    def _zoom_to(self, zoom: float, anchor: QPointF | None = None) -> None:
        if anchor is None:
            anchor = QRectF(QPointF(), self._view.view).center()
        self._view.zoom_to(zoom, anchor)
        self._view_moved()

    def _set_side(self, side: int) -> None:
        if side != self._view.side:
            self._view.set_side(side)
            self._view_moved()

    def _compared(self) -> None:
        self._view.view = self.comparison.pane()
        if self._pointer is not None:
            self._hover(self._part_at(self._pointer))  # another part may lie there now
        self._describe()
        self._view_moved()

    def _view_moved(self) -> None:
        shows = self._layers.image is not None or self._layers.original is not None
        if shows and self._view.zoom != self._reported_zoom:
            self._reported_zoom = self._view.zoom
            self.zoom_changed.emit(self._reported_zoom)
        self.update()

    # Pointing ------------------------------------------------------------------------------

    def _part_at(self, point: QPointF) -> str | None:
        at = self._view.to_picture(self.comparison.to_pane(point)) / self._view.side
        return self._layers.part_at(at.x(), at.y())

    def _hover(self, name: str | None) -> None:
        if name == self._layers.hovered:
            return
        self._layers.hovered = name
        self._describe()
        self.part_hovered.emit(name or "")
        self.update()

    def _point(self, point: QPointF | None) -> None:
        self._pointer = point
        self._hover(None if point is None else self._part_at(point))
        self._refresh_cursor()
        self.update()

    def _refresh_cursor(self) -> None:
        if self._drag.panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._layers.hovered is not None and self._pointer is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def _describe(self) -> None:
        selected = self._layers.selected or self.tr("none")
        text = self.tr("Selected part: {part}.").format(part=selected)
        if self._layers.hovered is not None:
            text += " " + self.tr("Highlighted: {part}.").format(part=self._layers.hovered)
        self.setAccessibleDescription(f"{text} {self.comparison.description()}".strip())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A left press may become a pick or a move; a middle press is a move."""
        if self._drag.press(event):
            self._refresh_cursor()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the part under the pointer, or move the picture."""
        position = event.position()
        by = self._drag.move(position)
        if by is None:
            self._point(position)
            return
        self._view.pan(by)
        self._pointer = position
        self._refresh_cursor()
        self._view_moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick the part, unless the picture was moved."""
        picked = self._drag.release(event)
        self._point(event.position())
        if picked and self._layers.hovered is not None:
            self.part_picked.emit(self._layers.hovered)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up where the pointer comes in."""
        self._point(event.position())
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Light nothing up once the pointer is gone."""
        self._point(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer."""
        turned = event.angleDelta().y()
        if turned:
            anchor = self.comparison.to_pane(event.position())
            self._zoom_to(self._view.zoom * WHEEL_BASE**turned, anchor)
            self._point(event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching on a touchpad."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            anchor = self.comparison.to_pane(event.position())
            self._zoom_to(self._view.zoom * (1 + event.value()), anchor)
            return True
        return super().event(event)

    # Keys ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows light up part after part, Enter picks, Space shows the original."""
        key, names = event.key(), list(self._layers.shapes)
        forward = key in (Qt.Key.Key_Right, Qt.Key.Key_Down)
        if names and (forward or key in (Qt.Key.Key_Left, Qt.Key.Key_Up)):
            present = self._layers.hovered or self._layers.selected
            if present in names:
                step = names.index(present) + (1 if forward else -1)
            else:
                step = 0 if forward else -1
            self._pointer = None
            self._hover(names[step % len(names)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._layers.hovered is not None:
            self.part_picked.emit(self._layers.hovered)
        elif (
            key == Qt.Key.Key_Escape and self._layers.hovered is not None and self._pointer is None
        ):
            self._hover(None)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space_held = True
                self.set_show_original(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Back to the edited picture when Space is let go."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._let_space_go()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key let go elsewhere is not heard: end what Space began."""
        self._let_space_go()
        super().focusOutEvent(event)

    def _let_space_go(self) -> None:
        if self._space_held:
            self._space_held = False
            self.set_show_original(False)

    def _drop(self, seed: int) -> None:
        if self._layers.hovered is not None and self._layers.hovered != self._layers.selected:
            self.part_picked.emit(self._layers.hovered)
        self.reference_dropped.emit(seed)

    # Painting ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what was in the middle in the middle."""
        self._view.view = self.comparison.pane()
        self._view.device_ratio = self.devicePixelRatioF()
        self._view_moved()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, overlay, outlines, names, legend."""
        if self._view.device_ratio != self.devicePixelRatioF():  # moved to another screen
            self._view.device_ratio = self.devicePixelRatioF()
            self._view_moved()
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window).darker(112))
        if not self.comparison.paint(painter, self._layers, self._view, self._pointer):
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            text = self.tr("The picture appears here.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
