"""Stand-ins for the slow and the asking: a generator, and the person at a dialog."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localedit_core.cards import Card
from localedit_core.editing.request import (
    HalfPrecision,
    Measures,
    Picture,
    RenderRequest,
    RenderResult,
)
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.devices import Device, Retreat
from localedit_core.latents import Latent
from localedit_core.session.state import EditState, ModelReference
from localedit_gui.models import OpenModel, PartInfo

PARTS = ("eyes", "mouth", "hair")
SIDE = 96
REFERENCE = ModelReference("fake", None, "f" * 64, "c" * 64)


def grey(latent: Latent) -> int:
    """The grey of a latent's picture."""
    return 20 + (latent.seed or 0) * 7 % 60 + round(10 * latent.psi)


def shade(request: RenderRequest) -> int:
    """The grey of a request's picture: edits add their strength."""
    moved = sum(100 * edit.strength for edit in request.edits if not edit.muted)
    return min(255, grey(request.target) + round(moved))


@dataclass
class FakePipeline:
    """Renders plain grey pictures, and takes as long as it is told to.

    Attributes:
        step_seconds: how long each of ``steps`` "layers" of a stage takes (asleep, as torch is
            while it does not hold the interpreter's lock).
        steps: layers per stage.
        fail_on: seeds of targets that cannot be rendered.
        begun: the requests begun.
        thumbnails: the latents drawn small.
    """

    step_seconds: float = 0.0
    steps: int = 4
    fail_on: tuple[int, ...] = ()
    begun: list[RenderRequest] = field(default_factory=list)
    thumbnails: list[Latent] = field(default_factory=list)
    halves: list[HalfPrecision] = field(default_factory=list)
    cancellations: int = 0

    def _work(self, cancelled: Callable[[], bool] | None) -> None:
        for _ in range(self.steps):
            if cancelled is not None and cancelled():
                self.cancellations += 1
                raise RenderCancelled
            if self.step_seconds:
                time.sleep(self.step_seconds)

    def run(
        self, request: RenderRequest, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[RenderResult]:
        self.begun.append(request)
        if request.target.seed in self.fail_on:
            raise LocalEditError("Seed is cursed.", "Take another.")
        seconds = {"synthesis": self.step_seconds * self.steps}
        if request.preview_resolution is not None:
            self._work(cancelled)
            small = np.full((32, 32, 3), shade(request), np.uint8)
            yield RenderResult(request, "preview", small, None, None, None, None, {})
        self._work(cancelled)
        image = np.full((SIDE, SIDE, 3), shade(request), np.uint8)
        original = np.full((SIDE, SIDE, 3), grey(request.target), np.uint8)
        yield RenderResult(request, "settled", image, original, None, None, None, seconds)
        part_map = np.full((SIDE, SIDE), 255, np.uint8)
        for index in range(len(PARTS)):
            part_map[index * 32 : index * 32 + 24] = index
        difference = np.abs(image.astype(np.float32) - original)[..., 0]
        measures = None
        if request.roi_part is not None:
            moved = float(sum(edit.strength for edit in request.edits if not edit.muted))
            measures = Measures(
                moved, moved / 10, 0.1, moved, 0.0, {"b4.conv1": 3}, {"b4.conv1": 512}
            )
        yield RenderResult(
            request, "measured", image, original, part_map, difference, measures, seconds
        )

    def thumbnail(
        self, latent: Latent, size: int = 64, half: HalfPrecision = HalfPrecision.OFF
    ) -> Picture:
        self.halves.append(half)
        self.thumbnails.append(latent)
        if self.step_seconds:
            time.sleep(self.step_seconds)
        return np.full((size, size, 3), grey(latent), np.uint8)

    def place(self, device: Device) -> None:
        self.device = device

    def watch(self, told: Callable[[Retreat], None]) -> None:
        self.told = told

    def w_plus(self, latent: Latent) -> NDArray[np.float32]:
        if latent.w_plus is not None:
            return np.array(latent.w_plus)
        return np.full((4, 8), float(latent.seed or 0) + latent.psi, np.float32)


def fake_model(pipeline: FakePipeline | None = None) -> OpenModel:
    """A generator that ``FakePipeline`` stands in for."""
    return OpenModel(
        renderer=pipeline or FakePipeline(),
        reference=REFERENCE,
        family="fake",
        resolution=256,
        parts=tuple(PartInfo(name, 20.0, 0.1) for name in PARTS),
        psi=0.7,
        card=Card("Fake"),
    )


def fake_state(seed: int = 1) -> EditState:
    """A session without edits on the fake generator."""
    return EditState(REFERENCE, Latent(seed, 0.7), psi=0.7)


@dataclass
class FakeDialogs:
    """A person who answers as told, and notes what was asked."""

    save_to: Path | None = None
    open_from: Path | None = None
    seed: int | None = None
    unsaved: str = "cancel"
    name: str | None = None
    asked: list[str] = field(default_factory=list)

    def ask_checkpoint_path(self, folder: Path) -> Path | None:
        self.asked.append("checkpoint")
        return self.open_from

    def ask_name(self, title: str, current: str) -> str | None:
        self.asked.append("name")
        return self.name

    def ask_reference_path(self, folder: Path) -> Path | None:
        self.asked.append("reference")
        return self.open_from

    def ask_open_path(self, folder: Path) -> Path | None:
        self.asked.append("open")
        return self.open_from

    def ask_save_path(self, kind: str, suggestion: Path) -> Path | None:
        self.asked.append(f"save {kind}")
        return self.save_to

    def ask_unsaved(self, name: str) -> str:
        self.asked.append("unsaved")
        return self.unsaved

    def ask_seed(self, current: int) -> int | None:
        self.asked.append("seed")
        return self.seed

    def show_about(self, text: str) -> None:
        self.asked.append("about")
