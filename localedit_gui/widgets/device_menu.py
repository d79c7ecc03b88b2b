"""The menu of devices, of which one is in use."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from localedit_core.generators.devices import AUTO, Device
from localedit_gui.actions import describe

_KEYS = "Ctrl+Alt+D, {number}"


class DeviceMenu(QMenu):
    """Automatic, and one entry for each device.

    Signals:
        device_wanted(str): "auto" or a device's name was chosen, perhaps the one in use again.

    Args:
        window: the keys of the entries work all over it.
    """

    device_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setTitle(self.tr("De&vice"))
        self.setToolTipsVisible(True)
        self.setEnabled(False)
        self._window = window
        self._group = QActionGroup(self)
        self._entries: dict[str, QAction] = {}

    def set_devices(self, devices: Sequence[Device], best: Device) -> None:
        """Offer these devices; ``best`` is the one that automatic stands for."""
        for old in self._entries.values():
            self._group.removeAction(old)
            self._window.removeAction(old)
            old.deleteLater()
        self._entries = {}
        tip = self.tr("Compute on the best device there is")
        self._add(AUTO, self.tr("&Automatic ({device})").format(device=best.label), tip)
        for device in devices:
            tip = self.tr("Compute on {device}").format(device=device.label)
            if device.memory:
                size = QLocale().formattedDataSize(device.memory, 0)
                tip += self.tr(", which has {size} of memory").format(size=size)
            self._add(device.name, device.label.replace("&", "&&"), tip)
        self.setEnabled(True)

    def show_chosen(self, name: str) -> None:
        """Mark what is in use, without a signal."""
        if name in self._entries:
            self._entries[name].setChecked(True)

    def _add(self, name: str, text: str, tip: str) -> None:
        action = QAction(text, self)
        action.setCheckable(True)
        describe(action, tip, _KEYS.format(number=len(self._entries)))
        action.triggered.connect(lambda: self.device_wanted.emit(name))
        self._group.addAction(action)
        self.addAction(action)
        self._window.addAction(action)
        self._entries[name] = action
