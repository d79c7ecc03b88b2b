"""From states to pictures that may be shown."""

from __future__ import annotations

import time
from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from localedit_core.editing.edit import Edit
from localedit_core.editing.request import HalfPrecision, RenderRequest, RenderResult
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.models import OpenModel
from localedit_gui.rendering.freshness import Freshness
from localedit_gui.rendering.stopwatch import Stopwatch
from localedit_gui.rendering.worker import Failure, Render, RenderWorker

_PREVIEW = 32  # side of the first, for generators of at least four times as much
_PREVIEW_WORTH = 0.1  # seconds; what comes quicker is felt as moving along with the hand
_REQUESTS_KEPT = 256


class RenderScheduler(QObject):
    """Asks the worker for pictures, and passes on those that are fresh enough to be shown.

    Signals:
        shown(RenderResult): show this now.
        failed(Failure): no picture came; the last one stays.
        latency_changed(): the medians of ``latency`` have moved.

    Attributes:
        half: whether previews are asked for in half precision.
    """

    shown = Signal(object)
    failed = Signal(object)
    latency_changed = Signal()

    def __init__(self, worker: RenderWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.half = HalfPrecision.OFF
        self._worker = worker
        self._freshness = Freshness()
        self._stopwatch = Stopwatch()
        self._asked_at: OrderedDict[int, float] = OrderedDict()
        self._model: OpenModel | None = None
        self._first_generation: int | None = None
        self._wanted: tuple[object, ...] | None = None
        self._last: RenderResult | None = None
        worker.result_ready.connect(self._take)
        worker.render_failed.connect(self._take_failure)

    @property
    def last(self) -> RenderResult | None:
        """What was shown last."""
        return self._last

    def is_settled(self) -> bool:
        """Whether the picture shown is the one asked for last, with all its numbers."""
        return (
            self._last is not None
            and self._last.stage == "measured"
            and self._freshness.is_newest(self._last.request)
        )

    def latency(self, stage: str) -> float | None:
        """Median seconds from asking to showing a "preview" or "settled" picture."""
        return self._stopwatch.median(stage)

    def ask(
        self,
        model: OpenModel,
        state: EditState,
        edits: tuple[Edit, ...],
        roi_part: str | None,
    ) -> None:
        """Ask for a picture, unless just that was asked for last.

        Args:
            model: who renders.
            state: target and noise.
            edits: the stack to render, which a hovered reference may have changed.
            roi_part: the part that the measures are about.
        """
        wanted = (model.reference, state.target, state.noise_seed, edits, roi_part)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if model is not self._model:
            self._model = model
            self._stopwatch = Stopwatch()
            self._first_generation = None
        epoch_key = (model.reference, _origin(state.target), state.noise_seed)
        generation, epoch = self._freshness.issue(epoch_key)
        self._asked_at[generation] = time.perf_counter()
        if self._first_generation is None:
            self._first_generation = generation
        while len(self._asked_at) > _REQUESTS_KEPT:
            self._asked_at.popitem(last=False)
        request = RenderRequest(
            generation=generation,
            epoch=epoch,
            target=state.target,
            edits=edits,
            roi_part=roi_part,
            noise_seed=state.noise_seed,
            preview_resolution=self._preview_side(model),
            half=self.half,
        )
        self._worker.render(Render(model.renderer, request))

    def start_over(self) -> None:
        """Ask anew, and forget how long pictures took: they are made elsewhere now."""
        self.forget()
        self._stopwatch = Stopwatch()
        self._first_generation = None
        self.latency_changed.emit()

    def forget(self) -> None:
        """Ask anew next time even for the same picture."""
        self._wanted = None

    def _preview_side(self, model: OpenModel) -> int | None:
        settled = self._stopwatch.median("synthesis")
        # A quick generator shows sharp pictures all through a drag; a blurred one before each of
        # them would only flicker.
        quick = settled is not None and settled < _PREVIEW_WORTH
        return None if quick or model.resolution < 4 * _PREVIEW else _PREVIEW

    def _take(self, result: RenderResult) -> None:
        if result.stage == "settled" and "synthesis" in result.seconds:
            steps = ("preview", "region", "synthesis")
            self._stopwatch.add("synthesis", sum(result.seconds.get(step, 0.0) for step in steps))
        if not self._freshness.accept(result):
            return
        last, self._last = self._last, result
        asked_at = self._asked_at.get(result.request.generation)
        first = self._first_generation == result.request.generation
        again = last is not None and last.request is result.request and last.stage == result.stage
        # A generator's first picture takes its time for reasons that later ones do not have.
        if asked_at is not None and result.stage != "measured" and not (first or again):
            self._stopwatch.add(result.stage, time.perf_counter() - asked_at)
            self.latency_changed.emit()
        self.shown.emit(result)

    def _take_failure(self, render: Render, failure: Failure) -> None:
        if self._freshness.is_newest(render.request):
            self._wanted = None  # asking again is worth a try
        if self._freshness.is_current(render.request):
            self.failed.emit(failure)


def _origin(target: Latent) -> object:
    # Truncation is left out where a seed says which picture it is: while its slider is dragged,
    # pictures of the way there are as good to show as an edit's.
    return target.key if target.seed is None or target.w_plus is not None else target.seed
