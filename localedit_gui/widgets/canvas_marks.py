"""What marks the parts in the target canvas: fills, outlines, names; kept as pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from localedit_gui.widgets.canvas_paint import paint_name, paint_outline, placed
from localedit_gui.widgets.part_outlines import PartShape
from localedit_gui.widgets.view_transform import ViewTransform

_REACH = 4.0
"""How far a stroke may reach beyond its path, in view units."""


@dataclass(frozen=True)
class Marks:
    """Which parts are marked and how. Equal marks look equal.

    Attributes:
        shapes: of all parts, by name.
        version: another one where ``shapes`` are others.
        colours: of all parts, as QColor.rgba has them.
        selected: outlined in its own colour.
        hovered: outlined in white, and filled where no overlay shows colours.
        overlay: opacity of all parts in their colours, with names; None leaves them out.
        tinted: whether the hovered part is filled.
    """

    shapes: Mapping[str, PartShape] = field(compare=False)
    version: int
    colours: tuple[tuple[str, int], ...]
    selected: str | None
    hovered: str | None
    overlay: float | None
    tinted: bool

    def bounds(self, view: ViewTransform) -> QRectF:
        """What they may cover of the view, in whole view units; empty for nothing."""
        whole, rect = QRectF(QPointF(0, 0), view.view), view.picture_rect()
        if self.overlay is not None:
            return whole if self.shapes else QRectF()
        covered = QRectF()
        for name in (self.selected, self.hovered):
            shape = self.shapes.get(name or "")
            if shape is not None:
                box = placed(shape.path, rect).controlPointRect()
                covered = covered.united(box.adjusted(-_REACH, -_REACH, _REACH, _REACH))
        return QRectF(covered.intersected(whole).toAlignedRect())

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Paint them."""
        rect, colours = view.picture_rect(), {n: QColor.fromRgba(c) for n, c in self.colours}
        if self.overlay is not None:
            for name, shape in self.shapes.items():
                path = placed(shape.path, rect)
                painter.setOpacity(self.overlay)
                painter.fillPath(path, colours[name])
                painter.setOpacity(1.0)
                paint_outline(painter, path, colours[name], 1.2)
        selected = self.shapes.get(self.selected or "")
        hovered = self.shapes.get(self.hovered or "")
        if selected is not None and selected is not hovered:
            paint_outline(painter, placed(selected.path, rect), colours[selected.name], 2.2)
        if hovered is not None:
            path = placed(hovered.path, rect)
            # The selected part keeps its own colours: whoever points at it wants to judge them.
            if self.tinted and hovered is not selected:
                painter.setOpacity(0.3)
                painter.fillPath(path, colours[hovered.name])
                painter.setOpacity(1.0)
            paint_outline(painter, path, QColor("white"), 2.2 if hovered is selected else 1.4)
        if self.overlay is not None:
            for shape in self.shapes.values():
                if shape is not hovered:
                    paint_name(painter, anchor(shape, rect), shape.name, view.view)


class KeptMarks:
    """Paints marks, and keeps them while they stay as they are.

    While a slider moves the picture changes many times a second, and what lies over it does not; to
    stroke long outlines each time takes as long as all the rest of the canvas.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] | None = None
        self._corner = QPointF()
        self._pixels: QPixmap | None = None

    def paint(self, painter: QPainter, marks: Marks, view: ViewTransform) -> None:
        """Paint marks over a picture.

        Args:
            painter: on the canvas, moved by whole units at most.
            marks: what to paint.
            view: where the picture lies.
        """
        rect, size, ratio = view.picture_rect(), view.view, view.device_ratio
        key = (marks, rect.getRect(), size.toTuple(), ratio, painter.font().key())
        if key != self._key:
            self._key, self._pixels = key, self._drawn(painter, marks, view)
        if self._pixels is not None:
            painter.drawPixmap(self._corner, self._pixels)

    def _drawn(self, painter: QPainter, marks: Marks, view: ViewTransform) -> QPixmap | None:
        bounds = marks.bounds(view)
        if bounds.isEmpty():
            return None
        self._corner = bounds.topLeft()
        pixels = QPixmap((bounds.size() * view.device_ratio).toSize())
        pixels.setDevicePixelRatio(view.device_ratio)
        pixels.fill(Qt.GlobalColor.transparent)
        mine = QPainter(pixels)
        mine.setRenderHint(QPainter.RenderHint.Antialiasing)
        mine.setFont(painter.font())
        mine.translate(-self._corner)
        marks.paint(mine, view)
        mine.end()
        return pixels


def anchor(shape: PartShape, rect: QRectF) -> QPointF:
    """Where a part's name is centred, for a picture that lies in ``rect``."""
    return QPointF(
        rect.x() + shape.anchor.x() * rect.width(), rect.y() + shape.anchor.y() * rect.height()
    )
