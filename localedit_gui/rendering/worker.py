"""The one thread that renders, opens and saves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from localedit_core.editing.request import HalfPrecision, Picture, RenderRequest, RenderResult
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.devices import Device, Retreat
from localedit_core.latents import Latent
from localedit_gui.rendering.mailbox import Mailbox

_log = logging.getLogger(__name__)


class Renderer(Protocol):
    """What the worker needs of ``localedit_core.editing.pipeline.Pipeline``."""

    def run(
        self, request: RenderRequest, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[RenderResult]:
        """Yield the stages of a request's result."""
        ...

    def thumbnail(
        self, latent: Latent, size: int = 64, half: HalfPrecision = HalfPrecision.OFF
    ) -> Picture:
        """A small picture of a latent."""
        ...

    def w_plus(self, latent: Latent) -> NDArray[np.float32]:
        """The latent's values."""
        ...

    def place(self, device: Device) -> None:
        """Compute on another device. LocalEditError if it cannot be used."""
        ...

    def watch(self, told: Callable[[Retreat], None]) -> None:
        """Tell when the device was left because its memory ran out."""
        ...


@dataclass(frozen=True)
class Failure:
    """Why something did not work, for people."""

    message: str
    hint: str = ""


@dataclass(frozen=True, eq=False)
class Job:
    """Work that is always done, once, in the order of asking.

    Attributes:
        label: what the status bar calls it while it runs.
        work: runs on the worker's thread.
        done: gets what ``work`` returned, on the window's thread.
        failed: gets the reason where ``work`` raised, on the window's thread.
    """

    label: str
    work: Callable[[], object]
    done: Callable[[object], None]
    failed: Callable[[Failure], None]


@dataclass(frozen=True, eq=False)
class Render:
    """A request and who renders it."""

    renderer: Renderer
    request: RenderRequest


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A small picture: asked for without ``picture``, answered with it."""

    renderer: Renderer
    latent: Latent
    size: int
    picture: Picture | None = None
    half: HalfPrecision = HalfPrecision.OFF


@dataclass(frozen=True, eq=False)
class Sketch:
    """Work for when nothing else is to do: a small picture of some state, for a board or a guide.

    It is given up for anything more urgent and begun again later, and forgotten by its key.

    Attributes:
        key: names it; of those that wait, each key is there once.
        work: runs on the worker's thread; asks its argument now and then whether to give up, and
            raises RenderCancelled then.
        done: gets what ``work`` returned, on the window's thread.
        failed: gets the reason where ``work`` raised, on the window's thread.
    """

    key: Hashable
    work: Callable[[Callable[[], bool]], object]
    done: Callable[[object], None]
    failed: Callable[[Failure], None]


def failure_of(error: BaseException, doing: str) -> Failure:
    """The failure that an exception means; unexpected ones go to the log with their trace."""
    if isinstance(error, LocalEditError):
        return Failure(error.message, error.hint)
    _log.error("Unexpected error while %s", doing, exc_info=error)
    if isinstance(error, MemoryError) or "not enough memory" in str(error):
        return Failure(
            f"The memory did not suffice while {doing}.",
            "Close other programs, or use a smaller generator.",
        )
    return Failure(f"{type(error).__name__} while {doing}: {error}".rstrip(": "))


class _Inbox(QObject):
    """Carries outcomes of jobs over to the window's thread."""

    arrived = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.arrived.connect(self._deliver)

    def _deliver(self, deliver: Callable[[], None]) -> None:
        deliver()


class RenderWorker(QThread):
    """One long-lived thread; it alone calls renderers, so that they need no locks.

    Signals (all arrive on the window's thread):
        result_ready(RenderResult): a stage of a render.
        render_failed(Render, Failure): a render that gave no picture.
        thumbnail_ready(Thumbnail): a small picture.
        working(str): the label of the job that begins; empty when it has ended.
    """

    result_ready = Signal(object)
    render_failed = Signal(object, object)
    thumbnail_ready = Signal(object)
    working = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("localedit-render")
        self._mailbox: Mailbox[Job, Render, Thumbnail | Sketch] = Mailbox()
        self._inbox = _Inbox(self)

    def submit(self, job: Job) -> bool:
        """Queue a job; False if the worker is stopping."""
        return self._mailbox.put_job(job)

    def render(self, render: Render) -> None:
        """Ask for a picture; one that was asked for before and not begun is forgotten."""
        self._mailbox.put_render(render)

    def want_thumbnail(self, thumbnail: Thumbnail) -> None:
        """Queue a small picture, made when nothing else is to do."""
        self._mailbox.put_thumbnail(thumbnail.latent, thumbnail)

    def drop_thumbnails(self, unwanted: Callable[[Latent], bool]) -> None:
        """Forget small pictures that were not begun."""
        self._mailbox.drop_thumbnails(lambda key: isinstance(key, Latent) and unwanted(key))

    def sketch(self, sketch: Sketch) -> None:
        """Queue a sketch, made when nothing else is to do."""
        self._mailbox.put_thumbnail(_sketch_key(sketch.key), sketch)

    def drop_sketches(self, unwanted: Callable[[Hashable], bool]) -> None:
        """Forget sketches that were not begun; their keys are asked about."""
        self._mailbox.drop_thumbnails(
            lambda key: isinstance(key, tuple) and key[0] is Sketch and unwanted(key[1])
        )

    def stop(self) -> None:
        """Give up the render under way, finish the jobs, end the thread. Waits for it."""
        self._mailbox.close()
        self.wait()

    def run(self) -> None:
        """Serve until the mailbox is closed. Runs on the worker's thread."""
        while (order := self._mailbox.take()) is not None:
            if isinstance(order, Job):
                self._do(order)
            elif isinstance(order, Render):
                self._render(order)
            elif isinstance(order, Sketch):
                self._sketch(order)
            else:
                self._thumbnail(order)

    def _do(self, job: Job) -> None:
        self.working.emit(job.label)
        done, failed = job.done, job.failed
        try:
            value = job.work()
        except Exception as error:
            failure = failure_of(error, job.label)
            self._inbox.arrived.emit(lambda: failed(failure))
        else:
            self._inbox.arrived.emit(lambda: done(value))
        self.working.emit("")

    def _render(self, render: Render) -> None:
        stage = ""

        def cancelled() -> bool:
            if self._mailbox.closed:
                return True
            newer = self._mailbox.waiting_render
            if newer is None:
                return False
            # Of a drag's many requests each one begun gets as far as its first picture: giving
            # them all up for the next would show nothing until the hand rests. Only sharpening a
            # preview is given up; the measures of a settled picture cost little.
            return stage == "preview" or newer.request.epoch != render.request.epoch

        try:
            for result in render.renderer.run(render.request, cancelled):
                self.result_ready.emit(result)
                stage = result.stage
                if cancelled():
                    return
        except RenderCancelled:
            return
        except Exception as error:
            self.render_failed.emit(render, failure_of(error, "rendering"))

    def _sketch(self, sketch: Sketch) -> None:
        done, failed = sketch.done, sketch.failed
        try:
            value = sketch.work(lambda: self._mailbox.is_pressed)
        except RenderCancelled:
            self._mailbox.put_thumbnail_back(_sketch_key(sketch.key), sketch)
        except Exception as error:
            failure = failure_of(error, "drawing a small picture")
            self._inbox.arrived.emit(lambda: failed(failure))
        else:
            self._inbox.arrived.emit(lambda: done(value))

    def _thumbnail(self, order: Thumbnail) -> None:
        try:
            picture = order.renderer.thumbnail(order.latent, order.size, order.half)
        except Exception as error:
            # One empty tile says enough; a message for each would bury everything else.
            failure_of(error, f"drawing thumbnail {order.latent.label}")
            return
        self.thumbnail_ready.emit(Thumbnail(order.renderer, order.latent, order.size, picture))


def _sketch_key(key: Hashable) -> tuple[type[Sketch], Hashable]:
    return Sketch, key  # apart from those of thumbnails, which are latents
