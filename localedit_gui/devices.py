"""Connects the menu of devices with the generators that are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, Signal

from localedit_core.generators.devices import AUTO, CPU, Device, Retreat
from localedit_gui.device_jobs import DeviceJobs, FoundDevices
from localedit_gui.message_bar import Message
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.settings import Settings
from localedit_gui.widgets.device_menu import DeviceMenu


class Devices(QObject):
    """Finds devices, switches between them, and remembers the choice.

    Signals:
        changed(): generators are on another device, or the first time it is known where: pictures
            are to be made anew.
        message(Message): something to tell.
    """

    changed = Signal()
    message = Signal(object)
    _retreated = Signal(object)  # comes from the worker's thread, arrives on the window's

    def __init__(
        self,
        menu: DeviceMenu,
        jobs: DeviceJobs,
        worker: RenderWorker,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._menu = menu
        self._jobs = jobs
        self._worker = worker
        self._settings = settings
        self._found = FoundDevices((CPU,), CPU, AUTO, CPU)
        self._in_use = CPU
        self._chosen = AUTO
        menu.device_wanted.connect(self.choose)
        self._retreated.connect(self._tell_retreat)
        jobs.on_retreat = self._retreated.emit

    @property
    def in_use(self) -> Device:
        """Where generators are."""
        return self._in_use

    def read(self) -> None:
        """Have devices looked for; comes before anything is opened."""
        remembered = self._settings.device
        self._submit(
            self.tr("looking for devices"),
            lambda: self._jobs.find(remembered),
            lambda found: self._take(cast(FoundDevices, found)),
        )

    def choose(self, name: str) -> None:
        """Move everything to "auto" or a device of that name, and remember it."""
        device = self._device(name)

        def done(_: object) -> None:
            self._settings.device = name
            self._show(name, device)

        self._submit(
            self.tr("switching to {device}").format(device=device.label),
            lambda: self._jobs.move(device),
            done,
        )

    def _device(self, name: str) -> Device:
        for device in self._found.devices:
            if device.name == name:
                return device
        return self._found.best

    def _take(self, found: FoundDevices) -> None:
        self._found = found
        self._menu.set_devices(found.devices, found.best)
        if found.notice:
            self._settings.device = found.chosen
            self.message.emit(Message("warning", found.notice))
        self._show(found.chosen, found.in_use)

    def _show(self, chosen: str, in_use: Device) -> None:
        self._chosen, self._in_use = chosen, in_use
        self._menu.show_chosen(chosen)
        self.changed.emit()

    def _tell_retreat(self, retreat: Retreat) -> None:
        if self._in_use != retreat.device:
            return  # told already
        self._in_use = CPU
        self.message.emit(Message("warning", retreat.message, retreat.hint))
        # The others follow, and what was begun elsewhere is made anew in one place.
        self._submit(
            self.tr("switching to {device}").format(device=CPU.label),
            lambda: self._jobs.move(CPU),
            lambda _: self._show(CPU.name, CPU),
        )

    def _submit(
        self, label: str, work: Callable[[], object], done: Callable[[object], None]
    ) -> None:
        def failed(failure: Failure) -> None:
            self._menu.show_chosen(self._chosen)
            self.message.emit(Message("error", failure.message, failure.hint))

        self._worker.submit(Job(label, work, done, failed))
