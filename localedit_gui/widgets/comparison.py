"""The original beside the edited picture: wipe, side by side, blink."""

from __future__ import annotations

from enum import StrEnum
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from localedit_gui.widgets.canvas_layers import CanvasLayers
from localedit_gui.widgets.canvas_paint import paint_badge
from localedit_gui.widgets.view_transform import ViewTransform

BLINK_MS = 500
"""How long each picture is shown: slow enough to look at, quick enough to catch a difference."""

WIPE_STEP = 0.02
"""How far a key moves the divider, as a share of the view."""

_GRIP = 6.0  # how far from the divider it can still be grabbed
_MARGIN = 10.0
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)


class Compare(StrEnum):
    """How the original is compared with the edited picture."""

    OFF = "off"
    WIPE = "wipe"  # one over the other, with a divider
    SIDE_BY_SIDE = "side"  # two panes with one zoom and pan
    BLINK = "blink"  # by turns


class Comparison(QObject):
    """The mode of a canvas, its divider and its beat; paints the canvas's layers accordingly.

    It watches the canvas's events, so that a press on the divider moves the divider alone.

    Signals:
        changed(): the canvas looks different now.
        mode_changed(Compare): from whatever cause.

    Attributes:
        mode: see ``Compare``.
        divider: where the wipe's divider is, as a share of the view's width.
    """

    changed = Signal()
    mode_changed = Signal(object)

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.mode = Compare.OFF
        self.divider = 0.5
        self._canvas = canvas
        self._original_turn = False
        self._dragged = False
        self._grabbable = False
        self._beat = QTimer(self)
        self._beat.setInterval(BLINK_MS)
        self._beat.timeout.connect(self._turn)
        canvas.installEventFilter(self)

    # What people do ---------------------------------------------------------------------------

    def set_mode(self, mode: Compare) -> None:
        """Compare in another way, or not at all."""
        if mode is self.mode:
            return
        self.mode = mode
        self._dragged = self._grabbable = self._original_turn = False
        if mode is Compare.BLINK:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)  # losing it ends the blinking
            self._beat.start()
        else:
            self._beat.stop()
        self.mode_changed.emit(mode)
        self.changed.emit()

    def stop_blinking(self) -> None:
        """Show the edited picture steadily, where the two were shown by turns."""
        if self.mode is Compare.BLINK:
            self.set_mode(Compare.OFF)

    def move_divider(self, by: float) -> None:
        """Move the wipe's divider by a share of the view's width."""
        self._put_divider(self.divider + by)

    def _put_divider(self, share: float) -> None:
        self.divider = min(max(share, 0.0), 1.0)
        self.changed.emit()

    def _turn(self) -> None:
        self._original_turn = not self._original_turn
        self.changed.emit()

    # Geometry ---------------------------------------------------------------------------------

    def pane(self) -> QSizeF:
        """The room that one picture has."""
        size = QSizeF(self._canvas.size())
        if self.mode is Compare.SIDE_BY_SIDE:
            return QSizeF(size.width() / 2, size.height())
        return size

    def to_pane(self, point: QPointF) -> QPointF:
        """A point of the canvas in its pane: both panes show the same place of the picture."""
        width = self.pane().width()
        return QPointF(point.x() - width, point.y()) if point.x() >= width else QPointF(point)

    def description(self) -> str:
        """The mode in words, for those who do not see it; empty where nothing is compared."""
        return {
            Compare.OFF: "",
            Compare.WIPE: self.tr("Wipe: original left of {share}, edited right.").format(
                share=f"{self.divider:.0%}"
            ),
            Compare.SIDE_BY_SIDE: self.tr("Side by side: original left, edited right."),
            Compare.BLINK: self.tr("Blinking between original and edited picture."),
        }[self.mode]

    # The divider under the mouse --------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the divider by dragging it; stop blinking when the canvas loses the focus."""
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            if cast(QFocusEvent, event).reason() not in _STAYS:
                self.stop_blinking()
        elif self.mode is Compare.WIPE and isinstance(event, QMouseEvent):
            return self._mouse(kind, event)
        return super().eventFilter(watched, event)

    def _mouse(self, kind: QEvent.Type, event: QMouseEvent) -> bool:
        x, width = event.position().x(), max(self._canvas.width(), 1)
        near = abs(x - self.divider * width) <= _GRIP
        if kind == QEvent.Type.MouseButtonPress and near:
            self._dragged = event.button() == Qt.MouseButton.LeftButton
            return self._dragged
        if kind == QEvent.Type.MouseMove:
            if self._dragged:
                self._put_divider(x / width)
                return True
            self._set_grabbable(near and event.buttons() == Qt.MouseButton.NoButton)
            return self._grabbable
        if kind == QEvent.Type.MouseButtonRelease and self._dragged:
            self._dragged = False
            return True
        return False

    def _set_grabbable(self, grabbable: bool) -> None:
        if grabbable != self._grabbable:
            self._grabbable = grabbable
            if grabbable:
                self._canvas.setCursor(Qt.CursorShape.SplitHCursor)
            else:
                self._canvas.unsetCursor()
            self.changed.emit()

    # Painting ---------------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, layers: CanvasLayers, view: ViewTransform, pointer: QPointF | None
    ) -> bool:
        """Paint the canvas; returns whether there was a picture.

        Args:
            painter: on the canvas.
            layers: what lies in it.
            view: where the picture lies in its pane.
            pointer: where the mouse is on the canvas, or None if it lights nothing up.
        """
        if self.mode is Compare.OFF or layers.original is None or layers.image is None:
            return layers.paint(painter, view, pointer)
        if self.mode is Compare.SIDE_BY_SIDE:
            self._paint_panes(painter, layers, view, pointer)
        elif layers.show_original:
            layers.paint(painter, view, pointer)
        elif self.mode is Compare.WIPE:
            self._paint_wipe(painter, layers, view, pointer)
        else:
            layers.paint(painter, view, pointer, original=self._original_turn)
            name = self.tr("Original") if self._original_turn else self.tr("Edited")
            paint_badge(painter, QPointF(_MARGIN, _MARGIN), name, view.view)
        return True

    def _paint_wipe(
        self, painter: QPainter, layers: CanvasLayers, view: ViewTransform, pointer: QPointF | None
    ) -> None:
        width, height = view.view.width(), view.view.height()
        x = round(self.divider * width)
        for left, right, original in ((0, x, True), (x, width, False)):
            painter.save()
            painter.setClipRect(QRectF(left, 0, right - left, height))
            layers.paint(painter, view, pointer, original=original)
            self._name_sides(painter, view.view)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_divider(painter, x, height, held=self._dragged or self._grabbable)

    def _name_sides(self, painter: QPainter, bounds: QSizeF) -> None:
        paint_badge(painter, QPointF(_MARGIN, _MARGIN), self.tr("Original"), bounds)
        inner = QSizeF(bounds.width() - _MARGIN + 2, bounds.height())
        paint_badge(painter, QPointF(bounds.width(), _MARGIN), self.tr("Edited"), inner)

    def _paint_panes(
        self, painter: QPainter, layers: CanvasLayers, view: ViewTransform, pointer: QPointF | None
    ) -> None:
        width, height = view.view.width(), view.view.height()
        there = None if pointer is None else self.to_pane(pointer)
        for left, original in ((0.0, True), (width, False)):
            pointed = pointer is not None and (pointer.x() >= width) != original
            painter.save()
            painter.translate(left, 0)
            painter.setClipRect(QRectF(0, 0, width, height))
            layers.paint(painter, view, there, original=original, named=pointed or pointer is None)
            if not pointed and there is not None:
                _paint_ring(painter, there)
            if original or not layers.show_original:
                name = self.tr("Original") if original else self.tr("Edited")
                paint_badge(painter, QPointF(_MARGIN, _MARGIN), name, view.view)
            painter.restore()
        painter.setPen(QPen(self._canvas.palette().mid().color(), 1))
        painter.drawLine(QPointF(width, 0), QPointF(width, height))


def _paint_divider(painter: QPainter, x: float, height: float, *, held: bool) -> None:
    for colour, thickness in ((QColor(0, 0, 0, 160), 3.0), (QColor("white"), 1.4)):
        painter.setPen(QPen(colour, thickness))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    centre, radius = QPointF(x, height / 2), 12.0 if held else 10.5
    painter.setPen(QPen(QColor(0, 0, 0, 160), 1.5))
    painter.setBrush(QColor("white"))
    painter.drawEllipse(centre, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(30, 30, 30))
    for side in (-1, 1):
        tip = centre + QPointF(side * 7, 0)
        base = centre + QPointF(side * 3, 0)
        painter.drawPolygon(QPolygonF([tip, base + QPointF(0, 4), base - QPointF(0, 4)]))


def _paint_ring(painter: QPainter, centre: QPointF) -> None:
    """Where the pointer would be in the other pane."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, thickness in ((QColor(0, 0, 0, 190), 3.5), (QColor("white"), 1.5)):
        painter.setPen(QPen(colour, thickness))
        painter.drawEllipse(centre, 5, 5)
