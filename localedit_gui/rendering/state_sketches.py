"""Small pictures of whole sessions that are not on screen: what a choice would give."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, Signal

from localedit_core.editing.request import Picture
from localedit_core.session.state import EditState
from localedit_gui.models import OpenModel
from localedit_gui.rendering.worker import Failure, RenderWorker, Sketch

_KEPT = 64 * 2**20  # bytes: 340 pictures of 256 px


class StateSketches(QObject):
    """Has small pictures of states drawn when the worker has nothing else to do.

    Each call of ``ask`` begins a new generation: what was asked for before and has not been drawn
    is forgotten, and what comes late of it is not told. Pictures drawn lately are told at once.

    Signals:
        ready(name, Picture): a picture of the present generation.
        failed(Failure): one could not be drawn.
    """

    ready = Signal(object, object)
    failed = Signal(object)

    def __init__(self, worker: RenderWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._generation = 0
        self._kept: OrderedDict[Hashable, Picture] = OrderedDict()

    def ask(
        self, model: OpenModel, states: Sequence[tuple[Hashable, EditState]], side: int
    ) -> None:
        """Draw states, each under a name, at ``side`` px, in this order."""
        self.forget()
        for name, state in states:
            picture_key = (model.reference, state.target, state.noise_seed, state.edits, side)
            kept = self._kept.get(picture_key)
            if kept is not None:
                self._kept.move_to_end(picture_key)
                self.ready.emit(name, kept)
                continue
            self._worker.sketch(
                Sketch(
                    (self, self._generation, name),
                    partial(_draw, model, state, side),
                    partial(self._take, self._generation, name, picture_key),
                    partial(self._fail, self._generation),
                )
            )

    def forget(self) -> None:
        """Draw nothing more of what was asked for."""
        self._generation += 1
        self._worker.drop_sketches(lambda key: isinstance(key, tuple) and key[0] is self)

    def _take(self, generation: int, name: Hashable, key: Hashable, picture: object) -> None:
        self._kept[key] = cast(Picture, picture)
        while sum(kept.nbytes for kept in self._kept.values()) > _KEPT:
            self._kept.popitem(last=False)
        if generation == self._generation:
            self.ready.emit(name, picture)

    def _fail(self, generation: int, failure: Failure) -> None:
        if generation == self._generation:
            self.failed.emit(failure)


def _draw(model: OpenModel, state: EditState, side: int, cancelled: Callable[[], bool]) -> Picture:
    from localedit_core.editing.pipeline import Pipeline
    from localedit_core.sheets.boards import draw_state

    return draw_state(cast(Pipeline, model.renderer), state, side, cancelled)
