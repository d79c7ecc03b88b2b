"""What devices have the core do: find them, put generators there. Runs on the worker's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import ref

from localedit_core.errors import LocalEditError
from localedit_core.generators.devices import (
    AUTO,
    CPU,
    Device,
    Finder,
    Retreat,
    best_device,
    choose_device,
    find_devices,
)
from localedit_gui.rendering.worker import Renderer


@dataclass(frozen=True)
class FoundDevices:
    """What there is to choose from.

    Attributes:
        devices: all of them, the CPU first.
        best: the one that "auto" stands for.
        chosen: "auto" or a device's name: what is taken now.
        in_use: the device that this is.
        notice: why it is not the one that was remembered; may be empty.
    """

    devices: tuple[Device, ...]
    best: Device
    chosen: str
    in_use: Device
    notice: str = ""


class DeviceJobs:
    """Knows where generators are to be. One object per worker, used on its thread.

    Attributes:
        in_use: where they are.
        on_retreat: told, on whatever thread it happened, when one left its device.

    Args:
        finder: who looks for devices; None asks torch.
    """

    def __init__(self, finder: Finder | None = None) -> None:
        self.in_use = CPU
        self.on_retreat: Callable[[Retreat], None] | None = None
        self._finder = finder
        self._known: list[ref[Renderer]] = []

    def find(self, remembered: str) -> FoundDevices:
        """Look which devices there are, and take the remembered one if it is among them."""
        from localedit_core.generators.threads import prepare_threads

        prepare_threads()  # before torch is in memory, which looks for them
        devices = find_devices(self._finder)
        best, notice, chosen = best_device(devices), "", remembered
        try:
            self.in_use = choose_device(remembered, devices)
        except LocalEditError as error:
            self.in_use, chosen = best, AUTO
            notice = f"{error.message} {best.label} is used instead."
        return FoundDevices(devices, best, chosen, self.in_use, notice)

    def admit(self, renderer: Renderer) -> str:
        """Put a generator that was just opened where they all are; why not, where it cannot be."""
        self._known.append(ref(renderer))
        renderer.watch(self._retreated)
        try:
            renderer.place(self.in_use)
        except LocalEditError as error:
            return str(error)
        return ""

    def move(self, device: Device) -> None:
        """Move all generators to a device; they stay where they are if one of them cannot.

        Raises:
            LocalEditError: the device cannot be used.
        """
        moved: list[Renderer] = []
        try:
            for renderer in self._open():
                renderer.place(device)
                moved.append(renderer)
        except LocalEditError:
            for renderer in moved:
                renderer.place(self.in_use)
            raise
        self.in_use = device

    def _open(self) -> list[Renderer]:
        """Those admitted that are still open somewhere."""
        known = [(held, held()) for held in self._known]
        self._known = [held for held, renderer in known if renderer is not None]
        return [renderer for _, renderer in known if renderer is not None]

    def _retreated(self, retreat: Retreat) -> None:
        if self.on_retreat is not None:
            self.on_retreat(retreat)
