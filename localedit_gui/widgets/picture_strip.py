"""A row of equal squares as wide as there is room: samples, memberships, checks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from localedit_gui.widgets.pictures import to_image

_GAP = 4


class PictureStrip(QWidget):
    """Shows pictures side by side; places that wait for theirs are grey.

    Args:
        most: the largest side of a square.
        per_row: squares in a row; 0 for all in one.
    """

    def __init__(self, parent: QWidget | None = None, *, most: int = 180, per_row: int = 0) -> None:
        super().__init__(parent)
        self._most = most
        self._per_row = per_row
        self._images: tuple[QImage | None, ...] = ()
        self._captions: tuple[str, ...] = ()
        self._scaled: list[QImage | None] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(200)

    def set_count(self, count: int) -> None:
        """Show empty places."""
        self._set((None,) * count, ())

    def set_pictures(
        self, pictures: Sequence[NDArray[np.uint8]], captions: Sequence[str] = ()
    ) -> None:
        """Show pictures, [H, W, 3] each, with a word below each where there are captions."""
        self._set(tuple(to_image(picture) for picture in pictures), tuple(captions))

    def set_most(self, side: int) -> None:
        """Squares are at most this large."""
        if side != self._most:
            self._most = side
            self._scaled = [None] * len(self._images)
            self._fit()
            self.update()

    def count(self) -> int:
        """How many places there are."""
        return len(self._images)

    def filled(self) -> int:
        """How many of them have a picture."""
        return sum(image is not None for image in self._images)

    def _set(self, images: tuple[QImage | None, ...], captions: tuple[str, ...]) -> None:
        self._images, self._captions = images, captions
        self._scaled = [None] * len(images)
        self._fit()
        self.update()

    def _columns(self) -> int:
        count = max(1, len(self._images))
        return min(count, self._per_row) if self._per_row else count

    def _side(self) -> int:
        columns = self._columns()
        return max(16, min(self._most, (self.width() - _GAP * (columns - 1)) // columns))

    def _row_height(self) -> int:
        return self._side() + (self.fontMetrics().height() + 2 if self._captions else 0)

    def _fit(self) -> None:
        rows = -(-max(1, len(self._images)) // self._columns())
        height = rows * self._row_height() + (rows - 1) * _GAP
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        """As high as one row."""
        return QSize(self._columns() * 110, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the new width asks for."""
        self._scaled = [None] * len(self._images)
        self._fit()
        super().resizeEvent(event)

    def rect_of(self, index: int) -> QRectF:
        """Where a picture lies."""
        row, column = divmod(index, self._columns())
        side = self._side()
        return QRectF(column * (side + _GAP), row * (self._row_height() + _GAP), side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pictures, captions, empty places."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        ink = QColor(self.palette().color(QPalette.ColorRole.WindowText))
        empty = QColor(ink)
        empty.setAlphaF(0.08)
        for index, image in enumerate(self._images):
            rect = self.rect_of(index)
            if image is None:
                painter.fillRect(rect, empty)
                continue
            scaled = self._scaled[index]
            if scaled is None:
                scaled = image.scaled(
                    (rect.size() * ratio).toSize(),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                scaled.setDevicePixelRatio(ratio)
                self._scaled[index] = scaled
            painter.drawImage(rect.topLeft(), scaled)
            if index < len(self._captions):
                painter.setPen(ink)
                line = QRectF(rect.x(), rect.bottom() + 1, rect.width(), self._row_height())
                text = self.fontMetrics().elidedText(
                    self._captions[index], Qt.TextElideMode.ElideRight, int(rect.width())
                )
                painter.drawText(
                    line, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, text
                )
        painter.end()
