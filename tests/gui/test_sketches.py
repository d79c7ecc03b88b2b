"""Small pictures that are made when nothing else is to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from fakes import FakePipeline, fake_model, fake_state
from pytestqt.qtbot import QtBot
from watching import state_of

from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.library import open_labelled_model
from localedit_gui.app import Editor
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.state_sketches import StateSketches
from localedit_gui.rendering.worker import Failure, Job, RenderWorker, Sketch

Cancelled = Callable[[], bool]


def test_one_is_given_up_for_a_render_and_begun_again(qtbot: QtBot, worker: RenderWorker) -> None:
    order: list[str] = []
    begun = threading.Event()

    def patient(cancelled: Cancelled) -> str:
        order.append("sketch begins")
        begun.set()
        for _ in range(400 if len(order) == 1 else 1):
            time.sleep(0.005)
            if cancelled():
                raise RenderCancelled
        return "drawn"

    done: list[object] = []
    worker.sketch(Sketch("one", patient, done.append, done.append))
    assert begun.wait(5)
    worker.submit(Job("job", lambda: order.append("job"), lambda _: None, lambda _: None))
    qtbot.waitUntil(lambda: done == ["drawn"], timeout=5_000)
    assert order == ["sketch begins", "job", "sketch begins"]


def test_renders_come_before_sketches_that_wait(qtbot: QtBot, worker: RenderWorker) -> None:
    held = threading.Event()
    order: list[object] = []
    worker.submit(Job("wait", held.wait, lambda _: None, lambda _: None))
    for number in range(3):
        worker.sketch(Sketch(number, lambda _, n=number: n, order.append, order.append))
    screen = RenderScheduler(worker)
    screen.shown.connect(lambda result: order.append(result.stage))
    model = fake_model(FakePipeline())
    screen.ask(model, fake_state(), (), None)
    held.set()
    qtbot.waitUntil(lambda: len(order) == 6, timeout=5_000)
    assert order == ["preview", "settled", "measured", 0, 1, 2]


def test_what_was_not_begun_is_forgotten_by_its_key(qtbot: QtBot, worker: RenderWorker) -> None:
    held = threading.Event()
    done: list[object] = []
    worker.submit(Job("wait", held.wait, lambda _: None, lambda _: None))
    for number in range(4):
        worker.sketch(Sketch(number, lambda _, n=number: n, done.append, done.append))
    worker.drop_sketches(lambda key: key in (0, 2))
    held.set()
    qtbot.waitUntil(lambda: done == [1, 3], timeout=5_000)


def test_an_error_is_told_and_the_worker_goes_on(qtbot: QtBot, worker: RenderWorker) -> None:
    told: list[object] = []

    def broken(_: Cancelled) -> object:
        raise LocalEditError("No.", "Do this.")

    worker.sketch(Sketch("a", broken, told.append, told.append))
    worker.sketch(Sketch("b", lambda _: "fine", told.append, told.append))
    qtbot.waitUntil(lambda: told == [Failure("No.", "Do this."), "fine"], timeout=5_000)


def test_pictures_of_states_are_those_of_the_pipeline(
    qtbot: QtBot, editor: Editor, model_file: Path
) -> None:
    model = editor.sessions.model
    assert model is not None
    sketches = StateSketches(editor.worker)
    told: dict[object, object] = {}
    sketches.ready.connect(told.__setitem__)
    state = state_of(editor)
    other = replace(state, target=state.picture(77))
    sketches.ask(model, [("old", state)], 32)
    sketches.ask(model, [("this", state), ("other", other)], 32)  # the first is not wanted any more
    qtbot.waitUntil(lambda: set(told) == {"this", "other"}, timeout=20_000)
    pipeline = Pipeline(*open_labelled_model(model_file))
    for name, shown in (("this", state), ("other", other)):
        request = RenderRequest(0, 0, shown.target, shown.edits, noise_seed=shown.noise_seed)
        np.testing.assert_array_equal(told[name], pipeline.picture(request, 32))
    told.clear()
    sketches.ask(model, [("again", other)], 32)
    assert set(told) == {"again"}  # at once: it was drawn lately
