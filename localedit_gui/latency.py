"""What the last picture spent where, to look at and to put into a report of a fault."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication

from localedit_core.editing.request import RenderResult
from localedit_gui.actions import ActionSpec
from localedit_gui.main_window import MainWindow
from localedit_gui.models import OpenModel
from localedit_gui.panels.latency_window import LatencyWindow
from localedit_gui.rendering.scheduler import RenderScheduler

_PACKAGES = ("localedit", "torch", "numpy", "PySide6_Essentials")


@dataclass(frozen=True)
class Latency:
    """What is told of a picture.

    Attributes:
        steps: name and seconds of each step of the last picture, in order.
        asked: how many edits and of which resolution, in words.
        medians: of the time from a change to the screen, "preview" and "settled"; None where
            there is none.
    """

    steps: tuple[tuple[str, float], ...]
    asked: str
    medians: tuple[tuple[str, float | None], ...]


def latency_report(latency: Latency, where: str) -> str:
    """All of it as plain text, in English whatever the window speaks.

    Args:
        latency: what was measured.
        where: device and generator.
    """
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    lines = [versions, machine, where, latency.asked, ""]
    width = max((len(name) for name, _ in latency.steps), default=0)
    lines += [f"{name:{width}}  {1000 * seconds:8.1f} ms" for name, seconds in latency.steps]
    total = sum(seconds for _, seconds in latency.steps)
    lines += [f"{'all':{width}}  {1000 * total:8.1f} ms", ""]
    lines += [
        f"median from a change to the {name} picture: "
        + ("not measured" if seconds is None else f"{1000 * seconds:.0f} ms")
        for name, seconds in latency.medians
    ]
    return "\n".join(lines)


class LatencyController(QObject):
    """Keeps the window of latencies current while it is open."""

    def __init__(
        self,
        window: MainWindow,
        scheduler: RenderScheduler,
        device: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.latency_window = LatencyWindow(window)
        self._scheduler = scheduler
        self._device = device
        self._model: OpenModel | None = None
        translate = QCoreApplication.translate
        spec = ActionSpec(
            "latency",
            "help",
            translate("Latency", "&Where Time Goes…"),
            ("Shift+F1",),
            translate("Latency", "What the last picture spent where, to copy into a report"),
        )
        window.actions_.extend([spec])
        action = window.actions_["latency"]
        window.help_menu.insertAction(window.actions_["about"], action)
        action.triggered.connect(lambda _=False: self.show())
        scheduler.shown.connect(self._shown)
        self.latency_window.copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.latency_window.text())
        )

    def set_model(self, model: OpenModel) -> None:
        """Pictures are this generator's from now on."""
        self._model = model

    def show(self) -> None:
        """Bring the window to the front."""
        self._fill(self._scheduler.last)
        self.latency_window.show()
        self.latency_window.raise_()

    def _shown(self, result: RenderResult) -> None:
        if result.stage == "measured" and self.latency_window.isVisible():
            self._fill(result)

    def _fill(self, result: RenderResult | None) -> None:
        model = self._model
        if model is None or result is None:
            return
        acting = [edit for edit in result.request.edits if not edit.muted]
        guarded = sum(bool(edit.settings.guard) for edit in acting)
        asked = f"edits: {len(acting)}, guarded: {guarded}"
        names = ("preview", "settled")
        medians = tuple((name, self._scheduler.latency(name)) for name in names)
        latency = Latency(tuple(result.seconds.items()), asked, medians)
        side = f"{model.family}, {model.resolution} px"
        self.latency_window.set_text(latency_report(latency, f"{self._device()}, {side}"))
