"""Dark and light, as the system has it or as the person wants it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from localedit_gui.settings import Theme

Roles = dict[QPalette.ColorRole, str]
_Role = QPalette.ColorRole

_DARK: Roles = {
    _Role.Window: "#26282c",
    _Role.WindowText: "#e6e7ea",
    _Role.Base: "#1d1f22",
    _Role.AlternateBase: "#2c2f34",
    _Role.Text: "#e6e7ea",
    _Role.Button: "#33363c",
    _Role.ButtonText: "#e6e7ea",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#3a3d44",
    _Role.ToolTipText: "#f0f1f3",
    _Role.Highlight: "#3d7eff",
    _Role.HighlightedText: "#ffffff",
    _Role.Link: "#7fb0ff",
    _Role.LinkVisited: "#b79bff",
    _Role.PlaceholderText: "#8f949e",
    _Role.Accent: "#3d7eff",
    _Role.Light: "#4a4e56",
    _Role.Midlight: "#3f434a",
    _Role.Mid: "#2a2c31",
    _Role.Dark: "#17181b",
    _Role.Shadow: "#000000",
}
_LIGHT: Roles = {
    _Role.Window: "#f1f2f4",
    _Role.WindowText: "#1c1e22",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#e9ebee",
    _Role.Text: "#1c1e22",
    _Role.Button: "#e6e8eb",
    _Role.ButtonText: "#1c1e22",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#ffffff",
    _Role.ToolTipText: "#1c1e22",
    _Role.Highlight: "#1f62e0",
    _Role.HighlightedText: "#ffffff",
    _Role.Link: "#1f62e0",
    _Role.LinkVisited: "#6b3fc9",
    _Role.PlaceholderText: "#6d727b",
    _Role.Accent: "#1f62e0",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#f7f8f9",
    _Role.Mid: "#c3c7cd",
    _Role.Dark: "#9aa0a9",
    _Role.Shadow: "#6d727b",
}
_DISABLED = {
    True: {_Role.WindowText: "#7b808a", _Role.Text: "#7b808a", _Role.ButtonText: "#7b808a"},
    False: {_Role.WindowText: "#8d929b", _Role.Text: "#8d929b", _Role.ButtonText: "#8d929b"},
}


def palette(dark: bool) -> QPalette:
    """The palette of the dark or the light theme."""
    result = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        result.setColor(role, QColor(colour))
    for role, colour in _DISABLED[dark].items():
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colour))
    return result


class ThemeKeeper(QObject):
    """Gives the application its colours, and follows the system's when told to.

    Signals:
        changed(): the colours are others.
    """

    changed = Signal()

    def __init__(self, app: QApplication, theme: Theme) -> None:
        super().__init__(app)
        self._app = app
        self._theme: Theme = theme
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._refresh)
        self._refresh()

    @property
    def theme(self) -> Theme:
        """What was asked for."""
        return self._theme

    @property
    def dark(self) -> bool:
        """Whether it is dark now."""
        if self._theme == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._theme == "dark"

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        # Tells the platform, so that title bars and native dialogs come along where it can.
        self._app.styleHints().setColorScheme(
            {
                "system": Qt.ColorScheme.Unknown,
                "dark": Qt.ColorScheme.Dark,
                "light": Qt.ColorScheme.Light,
            }[theme]
        )
        self._refresh()

    def _refresh(self) -> None:
        colours = palette(self.dark)
        self._app.setPalette(colours)
        # Fusion takes a box's outline from the window's colour, darkened: on a dark window an empty
        # box would not be seen. A check box paints nothing else in that colour.
        boxes = QPalette(colours)
        if self.dark:
            boxes.setColor(_Role.Window, boxes.color(_Role.PlaceholderText))
        # The stub asks for bytes, which PySide itself refuses.
        self._app.setPalette(boxes, "QCheckBox")  # type: ignore[arg-type]
        self.changed.emit()
