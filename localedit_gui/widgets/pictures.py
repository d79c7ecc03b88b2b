"""From arrays to what Qt draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette, QPixmap


def to_image(picture: NDArray[np.uint8]) -> QImage:
    """A QImage that owns its pixels.

    Args:
        picture: [H, W, 3] sRGB, or [H, W, 4] sRGB with straight alpha; uint8.

    Raises:
        ValueError: for any other shape or type.
    """
    if picture.ndim != 3 or picture.shape[2] not in (3, 4) or picture.dtype != np.uint8:
        raise ValueError(f"not a picture: {picture.dtype} {picture.shape}")
    height, width, channels = picture.shape
    pixels = np.ascontiguousarray(picture)
    formats = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    view = QImage(pixels.data, width, height, channels * width, formats[channels])
    # copy(): the array's buffer may be gone before Qt draws. RGB32 is what Qt draws fastest.
    if channels == 3:
        return view.convertToFormat(QImage.Format.Format_RGB32)
    return view.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def plain_icon(picture: QImage | QPixmap) -> QIcon:
    """An icon that a selection does not tint: colours are what is to be judged."""
    pixmap = picture if isinstance(picture, QPixmap) else QPixmap.fromImage(picture)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def empty_icon(side: int, palette: QPalette) -> QIcon:
    """A faint square in the place of a picture that is still to come."""
    pixmap = QPixmap(side, side)
    colour = QColor(palette.color(QPalette.ColorRole.WindowText))
    colour.setAlphaF(0.08)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.fill(colour)
    return plain_icon(pixmap)
