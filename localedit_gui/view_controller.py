"""How the picture is looked at: original, overlays, zoom."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker

from localedit_gui.main_window import MainWindow
from localedit_gui.panels.target_canvas import Overlay

_OVERLAYS: tuple[Overlay, ...] = ("none", "parts", "difference")


class ViewController(QObject):
    """Does what the menu View offers for the canvas."""

    def __init__(self, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        actions, canvas = window.actions_, window.canvas
        actions["original"].toggled.connect(canvas.set_show_original)
        window.space_held.connect(
            lambda held: canvas.set_show_original(held or actions["original"].isChecked())
        )
        for overlay in _OVERLAYS:
            actions[f"overlay_{overlay}"].triggered.connect(
                lambda _=False, overlay=overlay: self.set_overlay(overlay)
            )
        self.set_overlay(canvas.overlay())
        window.opacity.valueChanged.connect(
            lambda percent: canvas.set_overlay_opacity(percent / 100)
        )
        verbs: dict[str, Callable[[], object]] = {
            "overlay_more": lambda: window.opacity.setValue(window.opacity.value() + 10),
            "overlay_less": lambda: window.opacity.setValue(window.opacity.value() - 10),
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "zoom_fit": canvas.zoom_fit,
            "zoom_actual": canvas.zoom_actual,
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: verb())
        canvas.zoom_changed.connect(window.status_line.set_zoom)

    def set_overlay(self, overlay: Overlay) -> None:
        """Show an overlay; the one that is shown is taken away."""
        window = self._window
        canvas, actions, slider = window.canvas, window.actions_, window.opacity
        if overlay == canvas.overlay():
            overlay = "none"  # the key that shows an overlay also takes it away
        canvas.set_overlay(overlay)
        actions[f"overlay_{overlay}"].setChecked(True)
        for name in ("overlay_more", "overlay_less"):
            actions[name].setEnabled(overlay != "none")
        slider.setEnabled(overlay != "none")
        with QSignalBlocker(slider):
            slider.setValue(round(canvas.overlay_opacity() * 100))
