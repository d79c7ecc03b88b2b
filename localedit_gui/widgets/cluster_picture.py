"""One sample with its clusters over it: point to light one up, click to select it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from localedit_gui.widgets.canvas_paint import paint_badge, paint_name, paint_outline, placed
from localedit_gui.widgets.cluster_look import ClusterLook, hatching_brush
from localedit_gui.widgets.part_outlines import PartShape

_DIM = QColor(0, 0, 0, 150)
_SEAM = QPen(QColor(0, 0, 0, 220), 1.0)  # between clusters
_LABELLED = 0.004  # share of the picture from which a cluster has room for its number
_NEXT = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BEFORE = (Qt.Key.Key_Left, Qt.Key.Key_Up)


class ClusterPicture(QWidget):
    """Paints a picture, its clusters in colour with outlines, and their numbers or names.

    Lit clusters stay as they are while the rest grows dark.

    Signals:
        cluster_hovered(int): the pointer, or the arrow keys, came onto a cluster; -1 for none.
        cluster_picked(int, bool): clicked, or Enter pressed on the cluster that the arrow keys
            lit; True adds it to the selection (Ctrl or Shift).
        clicked(): a mouse button was pressed on it.

    Args:
        large: whether it takes the keys and writes numbers and names.
    """

    cluster_hovered = Signal(int)
    cluster_picked = Signal(int, bool)
    clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(parent)
        self._large = large
        self._image: QImage | None = None
        self._labels: NDArray[np.uint8] | None = None
        self._shapes: Mapping[str, PartShape] = {}
        self._looks: Sequence[ClusterLook] = ()
        self._opacity = 0.45
        self._hovered: frozenset[int] = frozenset()
        self._selected: frozenset[int] = frozenset()
        self._marked = False
        self._cache: QPixmap | None = None
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(220, 220) if large else QSize(40, 40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if large:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # What is shown --------------------------------------------------------------------------

    def set_sample(
        self,
        image: QImage | None,
        labels: NDArray[np.uint8] | None,
        shapes: Mapping[str, PartShape],
    ) -> None:
        """Show another sample.

        Args:
            image: the picture.
            labels: cluster per position, [h, h].
            shapes: of the clusters, by their numbers as text.
        """
        self._image, self._labels, self._shapes = image, labels, shapes
        self._refresh()

    def set_looks(self, looks: Sequence[ClusterLook]) -> None:
        """Take colours and names, one per cluster."""
        self._looks = looks
        self._refresh()

    def set_opacity(self, opacity: float) -> None:
        """How much the colours cover the picture, 0 to 1."""
        self._opacity = opacity
        self._refresh()

    def set_lit(self, hovered: frozenset[int], selected: frozenset[int]) -> None:
        """Light up the hovered clusters and the selected ones."""
        if (hovered, selected) != (self._hovered, self._selected):
            self._hovered, self._selected = hovered, selected
            self._describe()
            self.update()

    def set_marked(self, marked: bool) -> None:
        """Frame it: it is the one that is shown large."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def clusters(self) -> tuple[int, ...]:
        """The clusters that this sample shows, from the top left to the bottom right."""
        shapes = sorted(
            self._shapes.values(), key=lambda s: (round(s.anchor.y() * 6), s.anchor.x())
        )
        return tuple(int(shape.name) for shape in shapes)

    def cluster_position(self, cluster: int) -> QPointF:
        """A point well inside a cluster, in widget coordinates; KeyError if it is not here."""
        anchor, rect = self._shapes[str(cluster)].anchor, self._rect()
        return QPointF(rect.x() + anchor.x() * rect.width(), rect.y() + anchor.y() * rect.height())

    def sizeHint(self) -> QSize:
        """Room for a picture."""
        return QSize(480, 480) if self._large else QSize(96, 96)

    def _refresh(self) -> None:
        self._cache = None
        self._describe()
        self.update()

    def _describe(self) -> None:
        texts = [self._look(cluster).text for cluster in self._lit()]
        self.setAccessibleDescription(
            self.tr("Lit up: {clusters}").format(clusters=", ".join(texts)) if texts else ""
        )

    # Pointing -------------------------------------------------------------------------------

    def _rect(self) -> QRectF:
        margin = 0.0 if self._large else 2.0
        side = max(1.0, min(self.width(), self.height()) - 2 * margin)
        left, top = (self.width() - side) / 2, (self.height() - side) / 2
        return QRectF(left, top, side, side)

    def cluster_at(self, point: QPointF) -> int:
        """The cluster at a point in widget coordinates; -1 for none."""
        rect = self._rect()
        if self._labels is None or not rect.contains(point):
            return -1
        side = len(self._labels)
        x = min(int((point.x() - rect.x()) / rect.width() * side), side - 1)
        y = min(int((point.y() - rect.y()) / rect.height() * side), side - 1)
        return int(self._labels[y, x])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is under the pointer."""
        self._pointer = event.position()
        self.cluster_hovered.emit(self.cluster_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Light nothing up once the pointer is gone."""
        self._pointer = None
        self.cluster_hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.clicked.emit()
        self._pick(event)

    def _pick(self, event: QMouseEvent) -> None:
        cluster = self.cluster_at(event.position())
        if cluster >= 0:
            add = event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            )
            self.cluster_picked.emit(cluster, bool(add))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from cluster to cluster, Enter and Space select."""
        key, shown = event.key(), self.clusters()
        if shown and (key in _NEXT or key in _BEFORE):
            self._pointer = None
            present = min(self._hovered or self._selected, default=-1)
            forward = key in _NEXT
            if present in shown:
                step = shown.index(present) + (1 if forward else -1)
            else:
                step = 0 if forward else -1
            self.cluster_hovered.emit(shown[step % len(shown)])
        elif (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            and len(self._hovered) == 1
        ):
            add = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self.cluster_picked.emit(min(self._hovered), bool(add))
        else:
            super().keyPressEvent(event)

    # Painting -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew in the new size."""
        self._cache = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, clusters, what is lit, names."""
        painter = QPainter(self)
        rect = self._rect()
        if self._image is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No sample"))
            return
        if self._cache is None:
            self._cache = self._drawn(rect)
        painter.drawPixmap(self._seen(rect).topLeft(), self._cache)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lit(painter, rect)
        if self._large:
            self._paint_names(painter, rect)
        if self.hasFocus() or self._marked:
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for inset in (0.5, 1.5) if self._marked else (0.5,):
                painter.drawRect(self._seen(rect).adjusted(inset, inset, -inset, -inset))

    def _seen(self, rect: QRectF) -> QRectF:
        """What of the picture, which lies in ``rect``, is inside the widget."""
        return rect & QRectF(self.rect())

    def _drawn(self, rect: QRectF) -> QPixmap:
        """What is seen of the picture, with its clusters in colour."""
        ratio, seen = self.devicePixelRatioF(), self._seen(rect)
        assert self._image is not None
        inside = rect.translated(-seen.topLeft())
        pixmap = _empty(seen.size(), ratio)
        painter = QPainter(pixmap)
        part, place = _needed(self._image, inside, QRectF(QPointF(), seen.size()))
        image = part.scaled(
            (place.size() * ratio).toSize(),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(place, image)
        painter.setOpacity(self._opacity)
        painter.drawPixmap(0, 0, self._coloured(inside, seen.size(), ratio))
        painter.end()
        return pixmap

    def _coloured(self, inside: QRectF, size: QSizeF, ratio: float) -> QPixmap:
        """The clusters in colour; those of one part without a seam."""
        colours = _empty(size, ratio)
        painter = QPainter(colours)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shape in self._shapes.values():
            look = self._look(int(shape.name))
            path = placed(shape.path, inside)
            painter.fillPath(path, look.colour)
            if look.part is not None:
                painter.strokePath(path, QPen(look.colour, 2.4))
            if look.hatching:
                painter.fillPath(path, hatching_brush(look.colour, look.hatching))
        for shape in self._shapes.values():
            if self._look(int(shape.name)).part is None and self._large:
                painter.strokePath(placed(shape.path, inside), _SEAM)
        painter.end()
        return colours

    def _look(self, cluster: int) -> ClusterLook:
        if cluster < len(self._looks):
            return self._looks[cluster]
        return ClusterLook(cluster, QColor("grey"), None, 0.0)

    def _lit(self) -> list[int]:
        return sorted(self._selected | self._hovered)

    def _paint_lit(self, painter: QPainter, rect: QRectF) -> None:
        lit = self._lit()
        if not lit:
            return
        dark = QPainterPath()
        dark.addRect(rect)
        paths = {}
        for cluster in lit:
            shape = self._shapes.get(str(cluster))
            if shape is not None:
                paths[cluster] = placed(shape.path, rect)
                dark.addPath(paths[cluster])  # what is in it twice is left out
        painter.fillPath(dark, _DIM)
        width = 2.0 if self._large else 1.2
        for cluster, path in paths.items():
            selected = cluster in self._selected
            colour = QColor("white") if selected else self._look(cluster).colour
            paint_outline(painter, path, colour, width)

    def _paint_names(self, painter: QPainter, rect: QRectF) -> None:
        lit, named = self._lit(), set()
        bounds = QSizeF(self.size())
        for shape in sorted(self._shapes.values(), key=lambda s: -s.share):
            cluster = int(shape.name)
            look = self._look(cluster)
            if lit or shape.share < _LABELLED:
                break
            if look.part is not None and look.part in named:
                continue
            at = self.cluster_position(cluster)
            if not QRectF(self.rect()).contains(at):
                continue
            if look.part is not None:
                named.add(look.part)
            paint_name(painter, at, look.part or str(cluster), bounds)
        for cluster in lit:
            if str(cluster) not in self._shapes:
                continue
            look = self._look(cluster)
            if len(lit) > 1 and not (self._hovered == {cluster} and self._pointer is not None):
                paint_name(painter, self.cluster_position(cluster), look.text, bounds)
                continue
            corner = self.cluster_position(cluster) + QPointF(8, 8)
            if cluster in self._hovered and self._pointer is not None:
                corner = self._pointer + QPointF(16, 18)
            text = f"{look.text} · {look.share:.1%}"
            paint_badge(painter, corner, text, bounds, look.colour)


def _empty(size: QSizeF, ratio: float) -> QPixmap:
    """Nothing, to paint on, as large as ``size`` in widget units."""
    pixmap = QPixmap((size * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _needed(image: QImage, inside: QRectF, seen: QRectF) -> tuple[QImage, QRectF]:
    """The pixels of an image lying in ``inside`` of which something is seen, and where they lie."""
    across, down = image.width() / inside.width(), image.height() / inside.height()
    part = QRectF(
        (seen.x() - inside.x()) * across,
        (seen.y() - inside.y()) * down,
        seen.width() * across,
        seen.height() * down,
    )
    # One more around them: what is scaled smoothly looks at its neighbours.
    pixels = part.toAlignedRect().adjusted(-1, -1, 1, 1) & image.rect()
    place = QRectF(
        inside.x() + pixels.x() / across,
        inside.y() + pixels.y() / down,
        pixels.width() / across,
        pixels.height() / down,
    )
    return (image if pixels == image.rect() else image.copy(pixels)), place
