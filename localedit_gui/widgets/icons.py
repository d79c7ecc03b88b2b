"""Line icons that take the colour of the text around them, in dark and light."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolButton, QWidget

import localedit_resources

_SIZES = (16, 20, 24, 32, 48)


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    folder = Path(localedit_resources.__file__).parent / "icons"
    return (folder / f"{name}.svg").read_text(encoding="utf-8")


def _pixmap(name: str, colour: QColor, side: int) -> QPixmap:
    svg = _source(name).replace("currentColor", colour.name())
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return QPixmap.fromImage(image)


def icon(name: str, palette: QPalette) -> QIcon:
    """The icon ``name`` in the colours of ``palette``; make it anew when the palette changes."""
    result = QIcon()
    modes = (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    )
    for mode, group in modes:
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        for side in _SIZES:
            result.addPixmap(_pixmap(name, colour, side), mode)
    return result


class IconButton(QToolButton):
    """A flat button with a line icon that follows the palette.

    Args:
        name: the icon, and ``name_on`` the one to show while checked (makes it checkable).
        text: what it does, as tooltip and accessible name.
    """

    def __init__(
        self, name: str, text: str, parent: QWidget | None = None, name_on: str | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._name_on = name_on
        self.setAutoRaise(True)
        self.setIconSize(QSize(16, 16))
        self.setCheckable(name_on is not None)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_text(text)
        self.toggled.connect(self._refresh)
        self._refresh()

    def set_text(self, text: str) -> None:
        """Say what the button does."""
        self.setToolTip(text)
        self.setAccessibleName(text)

    def _refresh(self) -> None:
        shown = self._name_on if self._name_on is not None and self.isChecked() else self._name
        self.setIcon(icon(shown, self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh()
