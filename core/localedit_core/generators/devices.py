"""What generators can run on: which devices are there, and which one somebody means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from localedit_core.errors import LocalEditError

AUTO = "auto"
"""Stands for the best device there is."""


@dataclass(frozen=True)
class Device:
    """One device.

    Attributes:
        name: what torch and ``--device`` call it: "cpu", "cuda:0", "mps".
        label: what people call it: "CPU", "NVIDIA H100 (CUDA 0)", "Apple GPU (MPS)".
        memory: its memory in bytes, None where that is not known.
    """

    name: str
    label: str
    memory: int | None = None

    @property
    def kind(self) -> str:
        """ "cpu", "cuda" or "mps"."""
        return self.name.partition(":")[0]


CPU = Device("cpu", "CPU")


@dataclass(frozen=True)
class Retreat:
    """A device's memory ran out, and the work went on on the CPU.

    Attributes:
        device: the device that was left.
    """

    device: Device

    @property
    def message(self) -> str:
        """What happened and what was done about it."""
        return (
            f"The memory of {self.device.label} did not suffice. The CPU is used instead: "
            "the same pictures, more slowly."
        )

    @property
    def hint(self) -> str:
        """What a person can do."""
        return "Close other programs that use the device, then choose it again."


class Finder(Protocol):
    """Who knows what is built into this computer."""

    def cuda(self) -> Sequence[tuple[str, int | None]]:
        """Name and memory in bytes of each GPU that CUDA can use, in CUDA's order."""
        ...

    def mps(self) -> Sequence[tuple[str, int | None]]:
        """The same of Apple's GPU, of which there is one at most."""
        ...


class TorchFinder:
    """Asks torch. What cannot be asked is not there."""

    def cuda(self) -> Sequence[tuple[str, int | None]]:
        """Name and memory of each CUDA GPU."""
        import warnings

        import torch

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a broken driver is no GPU, and no concern
                count = torch.cuda.device_count() if torch.cuda.is_available() else 0
                found = [torch.cuda.get_device_properties(index) for index in range(count)]
        except (RuntimeError, AssertionError):
            return ()
        return tuple((each.name, each.total_memory) for each in found)

    def mps(self) -> Sequence[tuple[str, int | None]]:
        """Name and memory of Apple's GPU."""
        import torch

        if not torch.backends.mps.is_available():
            return ()
        limit = getattr(torch.mps, "recommended_max_memory", None)  # in newer versions of torch
        return (("Apple GPU", limit() if limit is not None else None),)


def find_devices(finder: Finder | None = None) -> tuple[Device, ...]:
    """The devices of this computer, the CPU first.

    Args:
        finder: who looks; None asks torch.
    """
    finder = finder or TorchFinder()
    cuda = (
        Device(f"cuda:{index}", f"{name} (CUDA {index})", memory)
        for index, (name, memory) in enumerate(finder.cuda())
    )
    mps = (Device("mps", f"{name} (MPS)", memory) for name, memory in finder.mps())
    return (CPU, *cuda, *mps)


def best_device(devices: Sequence[Device]) -> Device:
    """The one to take where nobody chooses: the GPU with the most memory, else the CPU.

    Of several that are equal it is the first.
    """
    gpus = [device for device in devices if device.kind != "cpu"]
    return max(gpus, key=lambda device: device.memory or 0, default=CPU)


def choose_device(wanted: str, devices: Sequence[Device] | None = None) -> Device:
    """The device that somebody means.

    Args:
        wanted: "auto", "cpu", "cuda" (the first), "cuda:N" or "mps".
        devices: those there are; None looks.

    Raises:
        LocalEditError: no such word, or no such device here; the hint lists those there are.
    """
    text = wanted.strip().lower()
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?|mps", text):
        raise LocalEditError(
            f"{wanted!r:.60} is no device.", "Use auto, cpu, cuda, cuda:0, cuda:1, ... or mps."
        )
    if text == CPU.name:
        return CPU
    devices = find_devices() if devices is None else devices
    if text == AUTO:
        return best_device(devices)
    name = "cuda:0" if text == "cuda" else text
    for device in devices:
        if device.name == name:
            return device
    there = ", ".join(f"{device.name} ({device.label})" for device in devices)
    raise LocalEditError(
        f"This computer has no device {text!r} that can be used.", f"It has {there}."
    )
