"""How a cluster is shown everywhere in the workshop: its colour, its number, its part."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPen, QPixmap


@dataclass(frozen=True)
class ClusterLook:
    """One cluster.

    Attributes:
        number: of the cluster, as on membership sheets.
        colour, hatching: its part's, so that clusters of one part look as one; its own while it has
            none. There are more clusters than colours: hatchings of the catalog's table tell those
            of one colour apart.
        part: the name of its part, or None.
        share: of the shown pictures that it covers, 0 to 1.
    """

    number: int
    colour: QColor
    part: str | None
    share: float
    hatching: int = 0

    @property
    def text(self) -> str:
        """What to write on it: never the colour alone tells clusters apart."""
        return str(self.number) if self.part is None else f"{self.part} ({self.number})"


_PATTERNS = (
    Qt.BrushStyle.NoBrush,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.VerPattern,
)


def hatching_brush(colour: QColor, hatching: int) -> QBrush:
    """The lines of a hatching (0 for none), to be painted over a colour."""
    return QBrush(QColor("black" if _is_bright(colour) else "white"), _PATTERNS[hatching])


def _is_bright(colour: QColor) -> bool:
    return 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue() > 140


def paint_swatch(
    painter: QPainter, rect: QRectF, colour: QColor, text: str = "", hatching: int = 0
) -> None:
    """A rounded square in a colour, with a number on it that can be read on that colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 130), 1))
    for brush in (QBrush(colour), hatching_brush(colour, hatching)):
        painter.setBrush(brush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if text:
        font = QFont(painter.font())
        font.setPixelSize(max(8, round(rect.height() * 0.62)))
        font.setBold(True)
        painter.setFont(font)
        if hatching:  # the lines would run through the number
            middle = rect.adjusted(5, 2, -5, -2)
            painter.fillRect(middle, colour)
        painter.setPen(QColor("black" if _is_bright(colour) else "white"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def swatch_icon(colour: QColor, text: str, size: QSize, ratio: float, hatching: int = 0) -> QIcon:
    """A swatch as an icon, sharp on a screen of that many pixels per unit."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_swatch(painter, QRectF(0, 0, size.width(), size.height()), colour, text, hatching)
    painter.end()
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # not tinted by the selection
        icon.addPixmap(pixmap, mode)
    return icon
