"""The worker and what of its results is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes import FakePipeline, fake_model, fake_state, shade
from pytestqt.qtbot import QtBot

from localedit_core.editing.edit import Edit
from localedit_core.editing.request import RenderRequest, RenderResult
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.rendering.freshness import Freshness
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import Failure, Job, Render, RenderWorker, Thumbnail


def with_strength(state: EditState, strength: float) -> EditState:
    return replace(state, edits=(Edit("e1", "mouth", Latent(3, 0.7), strength=strength),))


class Screen:
    """Asks like the window and remembers what would have been shown."""

    def __init__(self, worker: RenderWorker, pipeline: FakePipeline) -> None:
        self.model = fake_model(pipeline)
        self.scheduler = RenderScheduler(worker)
        self.shown: list[RenderResult] = []
        self.failures: list[Failure] = []
        self.scheduler.shown.connect(self.shown.append)
        self.scheduler.failed.connect(self.failures.append)

    def ask(self, state: EditState) -> None:
        self.scheduler.ask(self.model, state, state.edits, "mouth")

    def stages(self) -> list[str]:
        return [result.stage for result in self.shown]


def test_a_preview_comes_first_then_sharp_then_measured(qtbot: QtBot, worker: RenderWorker) -> None:
    screen = Screen(worker, FakePipeline())
    screen.ask(with_strength(fake_state(), 0.5))
    qtbot.waitUntil(screen.scheduler.is_settled)
    assert screen.stages() == ["preview", "settled", "measured"]
    assert screen.shown[-1].measures is not None


def test_latencies_are_measured_from_the_second_picture_on(
    qtbot: QtBot, worker: RenderWorker
) -> None:
    screen = Screen(worker, FakePipeline(step_seconds=0.03))
    screen.ask(fake_state())
    qtbot.waitUntil(screen.scheduler.is_settled)
    assert screen.scheduler.latency("preview") is None
    screen.ask(with_strength(fake_state(), 0.5))
    qtbot.waitUntil(screen.scheduler.is_settled)
    preview, settled = (screen.scheduler.latency(s) for s in ("preview", "settled"))
    assert preview is not None
    assert settled is not None
    assert preview >= 0.12  # four steps asleep
    assert settled >= 0.24  # and four more


def test_the_last_value_of_a_long_drag_is_the_picture_that_stays(
    qtbot: QtBot, worker: RenderWorker
) -> None:
    pipeline = FakePipeline(step_seconds=0.005)
    screen = Screen(worker, pipeline)
    for tick in range(200):
        screen.ask(with_strength(fake_state(), tick / 200))
        qtbot.wait(2)
    last = with_strength(fake_state(), 0.731)
    screen.ask(last)
    qtbot.waitUntil(screen.scheduler.is_settled, timeout=10_000)
    final = screen.shown[-1]
    assert final.request.edits == last.edits
    assert final.image[0, 0, 0] == shade(final.request)
    # Pictures kept coming while the hand moved, in order, and not one for each tick.
    drag = [r for r in screen.shown if r.request is not final.request]
    assert len(drag) >= 3
    generations = [r.request.generation for r in screen.shown]
    assert generations == sorted(generations)
    assert len(pipeline.begun) < 150


def test_the_same_question_is_not_asked_twice(qtbot: QtBot, worker: RenderWorker) -> None:
    pipeline = FakePipeline()
    screen = Screen(worker, pipeline)
    for _ in range(5):
        screen.ask(fake_state())
        qtbot.waitUntil(screen.scheduler.is_settled)
    assert len(pipeline.begun) == 1


def test_a_quick_generator_is_spared_the_preview(qtbot: QtBot, worker: RenderWorker) -> None:
    screen = Screen(worker, FakePipeline())
    screen.ask(fake_state(1))
    qtbot.waitUntil(screen.scheduler.is_settled)
    screen.ask(with_strength(fake_state(1), 0.5))
    qtbot.waitUntil(screen.scheduler.is_settled)
    assert screen.stages()[3:] == ["settled", "measured"]


def test_another_target_cuts_off_the_render_under_way(qtbot: QtBot, worker: RenderWorker) -> None:
    pipeline = FakePipeline(step_seconds=0.05, steps=20)
    screen = Screen(worker, pipeline)
    screen.ask(fake_state(1))
    qtbot.waitUntil(lambda: len(pipeline.begun) == 1)
    pipeline.steps = 1
    screen.ask(fake_state(2))
    qtbot.waitUntil(screen.scheduler.is_settled, timeout=10_000)
    assert {r.request.target.seed for r in screen.shown} == {2}


def test_an_error_arrives_as_a_value_and_the_next_render_works(
    qtbot: QtBot, worker: RenderWorker
) -> None:
    screen = Screen(worker, FakePipeline(fail_on=(13,)))
    screen.ask(fake_state(1))
    qtbot.waitUntil(screen.scheduler.is_settled)
    good = screen.shown[-1]
    screen.ask(fake_state(13))
    qtbot.waitUntil(lambda: bool(screen.failures))
    assert screen.failures == [Failure("Seed is cursed.", "Take another.")]
    assert screen.scheduler.last is good
    screen.ask(fake_state(2))
    qtbot.waitUntil(screen.scheduler.is_settled)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LocalEditError("Not there.", "Look elsewhere."), "Not there."),
        (RuntimeError("shape mismatch"), "RuntimeError while reading: shape mismatch"),
        (MemoryError(), "The memory did not suffice while reading."),
    ],
)
def test_a_job_that_fails_says_why_and_the_thread_lives(
    qtbot: QtBot, worker: RenderWorker, error: Exception, told: str
) -> None:
    failures: list[Failure] = []
    values: list[object] = []

    def fail() -> object:
        raise error

    worker.submit(Job("reading", fail, values.append, failures.append))
    worker.submit(Job("counting", lambda: 42, values.append, failures.append))
    qtbot.waitUntil(lambda: values == [42])
    assert [failure.message for failure in failures] == [told]


def test_jobs_run_on_the_worker_and_answer_on_the_window_thread(
    qtbot: QtBot, worker: RenderWorker
) -> None:
    threads: list[int] = []
    worker.submit(
        Job(
            "asking",
            threading.get_ident,
            lambda ident: threads.extend([int(str(ident)), threading.get_ident()]),
            lambda failure: None,
        )
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threads[1] == threading.get_ident()


def test_thumbnails_wait_for_renders_and_come_in_order(qtbot: QtBot, worker: RenderWorker) -> None:
    pipeline = FakePipeline(step_seconds=0.01)
    came: list[Thumbnail] = []
    worker.thumbnail_ready.connect(came.append)
    gate = threading.Event()
    worker.submit(Job("waiting", lambda: gate.wait(5), lambda _: None, lambda _: None))
    for seed in (4, 5, 6, 7):
        worker.want_thumbnail(Thumbnail(pipeline, Latent(seed, 0.7), 16))
    worker.drop_thumbnails(lambda latent: latent.seed == 6)
    worker.render(Render(pipeline, RenderRequest(1, 1, Latent(1, 0.7))))
    drawn_at_first_render: list[int] = []
    worker.result_ready.connect(lambda _: drawn_at_first_render.append(len(pipeline.thumbnails)))
    gate.set()
    qtbot.waitUntil(lambda: len(came) == 3)
    assert [t.latent.seed for t in came] == [4, 5, 7]
    assert all(t.picture is not None and t.picture.shape == (16, 16, 3) for t in came)
    assert drawn_at_first_render[0] <= 1  # at most the one that had begun before the render came


def test_stopping_cuts_off_the_render_and_finishes_the_jobs(qapp: object) -> None:
    pipeline = FakePipeline(step_seconds=0.02, steps=10_000)
    worker = RenderWorker()
    worker.start()
    saved: list[bool] = []
    worker.render(Render(pipeline, RenderRequest(1, 1, Latent(1, 0.7))))
    while not pipeline.begun:
        pass
    worker.submit(Job("saving", lambda: saved.append(True), lambda _: None, lambda _: None))
    worker.stop()
    assert not worker.isRunning()
    assert pipeline.cancellations == 1
    assert saved == [True]
    assert not worker.submit(Job("late", lambda: None, lambda _: None, lambda _: None))


def test_results_are_shown_while_stale_but_never_backwards_or_from_another_epoch() -> None:
    fresh = Freshness()

    def result(numbers: tuple[int, int], stage: str) -> RenderResult:
        request = RenderRequest(*numbers, target=Latent(1, 0.7))
        picture = FakePipeline().run(request)
        stages: Callable[[RenderResult], bool] = lambda r: r.stage == stage  # noqa: E731
        return next(filter(stages, picture))

    one, two, three = (fresh.issue("face") for _ in range(3))
    assert fresh.accept(result(one, "settled"))  # stale, but newer than nothing
    assert not fresh.accept(result(one, "settled"))
    assert fresh.accept(result(one, "measured"))
    assert fresh.accept(result(three, "settled"))
    assert not fresh.accept(result(two, "measured"))
    other = fresh.issue("another face")
    assert not fresh.accept(result(three, "measured"))
    assert fresh.accept(result(other, "settled"))
    back = fresh.issue("face")
    assert back[1] not in (one[1], other[1])
