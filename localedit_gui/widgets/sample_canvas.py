"""The large sample, which can be zoomed and moved as the target picture can."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QNativeGestureEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from localedit_gui.widgets.cluster_picture import ClusterPicture
from localedit_gui.widgets.drag_to_pan import DragToPan
from localedit_gui.widgets.part_outlines import PartShape
from localedit_gui.widgets.view_transform import WHEEL_BASE, ZOOM_STEP, ViewTransform


class SampleCanvas(ClusterPicture):
    """A sample with its clusters; the wheel zooms to the pointer, a drag moves it.

    Another sample of the same size is shown at the same place.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, large=True)
        self._view = ViewTransform()
        self._drag = DragToPan()
        self.setWhatsThis(
            self.tr(
                "Click a cluster to select it. Turn the wheel to zoom, drag to move the sample."
            )
        )

    def set_sample(
        self,
        image: QImage | None,
        labels: NDArray[np.uint8] | None,
        shapes: Mapping[str, PartShape],
    ) -> None:
        """Show another sample, as ``ClusterPicture`` does."""
        if image is not None and image.width() != self._view.side:
            self._view.set_side(image.width())
        super().set_sample(image, labels, shapes)

    # Zoom -----------------------------------------------------------------------------------

    def current_zoom(self) -> float:
        """Screen pixels per pixel of the sample."""
        return self._view.zoom

    def zoom_in(self) -> None:
        """Zoom in one step around the middle."""
        self._zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out one step around the middle."""
        self._zoom_by(1 / ZOOM_STEP)

    def zoom_fit(self) -> None:
        """Show the whole sample, and keep doing so when the window changes its size."""
        self._view.fit()
        self._refresh()

    def _zoom_by(self, factor: float, anchor: QPointF | None = None) -> None:
        around = QRectF(self.rect()).center() if anchor is None else anchor
        self._view.zoom_to(self._view.zoom * factor, around)
        self._refresh()

    def _rect(self) -> QRectF:
        return self._view.picture_rect()

    # Pointing -------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A left press may become a pick or a move; a middle press is a move."""
        if not self._drag.press(event):
            super().mousePressEvent(event)
        elif self._drag.panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is under the pointer, or move the sample."""
        by = self._drag.move(event.position())
        if by is None:
            super().mouseMoveEvent(event)
            return
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._view.pan(by)
        self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the cluster, unless the sample was moved."""
        picks = self._drag.release(event)
        self.unsetCursor()
        if picks:
            self._pick(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer."""
        turned = event.angleDelta().y()
        if turned:
            self._zoom_by(WHEEL_BASE**turned, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching on a touchpad."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what was in the middle in the middle."""
        self._view.view = QSizeF(self.size())
        self._view.device_ratio = self.devicePixelRatioF()
        super().resizeEvent(event)
