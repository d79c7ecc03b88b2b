"""Where a square picture lies in a view: zoom and pan, without any widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

ZOOM_MIN, ZOOM_MAX = 0.05, 64.0
ZOOM_STEP = 1.25
WHEEL_BASE = 1.0016  # per eighth of a degree: a click of the wheel is about 1.2
_MARGIN = 8.0  # free room around the picture when it fits the view


class ViewTransform:
    """Maps picture coordinates (pixels of the full-size picture) to view coordinates.

    Zoom counts screen pixels per picture pixel, so 1 is one to one on any screen;
    ``device_ratio`` says how many screen pixels one unit of view coordinates has.
    """

    def __init__(self) -> None:
        self.side = 1.0
        self.view = QSizeF(1, 1)
        self.device_ratio = 1.0
        self.fitted = True
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)  # of the view, in shares of the picture

    @property
    def zoom(self) -> float:
        """Screen pixels per picture pixel."""
        return self.fit_zoom() if self.fitted else self._zoom

    @property
    def scale(self) -> float:
        """View units per picture pixel."""
        return self.zoom / self.device_ratio

    def fit_zoom(self) -> float:
        """The zoom at which the whole picture just fits."""
        room = min(self.view.width(), self.view.height()) - 2 * _MARGIN
        return max(room, 16.0) * self.device_ratio / self.side

    def picture_rect(self) -> QRectF:
        """Where the picture lies in the view."""
        length = self.side * self.scale
        centre = QPointF(0.5, 0.5) if self.fitted else self._centre
        return QRectF(
            self.view.width() / 2 - centre.x() * length,
            self.view.height() / 2 - centre.y() * length,
            length,
            length,
        )

    def to_picture(self, point: QPointF) -> QPointF:
        """View to picture coordinates."""
        rect = self.picture_rect()
        return QPointF((point.x() - rect.x()) / self.scale, (point.y() - rect.y()) / self.scale)

    def to_view(self, point: QPointF) -> QPointF:
        """Picture to view coordinates."""
        rect = self.picture_rect()
        return QPointF(rect.x() + point.x() * self.scale, rect.y() + point.y() * self.scale)

    def set_side(self, side: float) -> None:
        """Take a picture of another size; on the screen it stays as large as it was."""
        self._zoom = self._zoom * self.side / side
        self.side = side

    def fit(self) -> None:
        """Show the whole picture, now and after the view changes its size."""
        self.fitted = True

    def zoom_to(self, zoom: float, anchor: QPointF) -> None:
        """Zoom so that the picture point under ``anchor`` (view coordinates) stays there."""
        held = self.to_picture(anchor)
        self._zoom = min(max(zoom, min(ZOOM_MIN, self.fit_zoom())), ZOOM_MAX)
        self.fitted = False
        length = self.side * self.scale
        self._set_centre(
            QPointF(
                held.x() / self.side + (self.view.width() / 2 - anchor.x()) / length,
                held.y() / self.side + (self.view.height() / 2 - anchor.y()) / length,
            )
        )

    def pan(self, by: QPointF) -> None:
        """Move the picture by view units."""
        if self.fitted:
            self._zoom, self._centre = self.fit_zoom(), QPointF(0.5, 0.5)
            self.fitted = False
        length = self.side * self.scale
        self._set_centre(
            QPointF(self._centre.x() - by.x() / length, self._centre.y() - by.y() / length)
        )

    def _set_centre(self, centre: QPointF) -> None:
        # The middle of the view stays on the picture, so that it cannot get lost.
        self._centre = QPointF(min(max(centre.x(), 0.0), 1.0), min(max(centre.y(), 0.0), 1.0))
