"""The window's thread never waits for the generator."""

from __future__ import annotations

import time

from fakes import FakePipeline, fake_model, fake_state
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from localedit_core.editing.edit import QuerySettings
from localedit_core.latents import Latent
from localedit_gui.app import Editor
from localedit_gui.core_jobs import Opened

LONGEST_GAP = 0.050  # seconds
ATTEMPTS = 3  # a busy machine may hold any program up; a thread that waits is late every time


class Heartbeat:
    """Measures how long the event loop does not come round."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.beats = 0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(2)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
        self.beats += 1

    def stop(self) -> None:
        self._timer.stop()


def test_the_event_loop_runs_on_while_a_slow_generator_works(qtbot: QtBot, editor: Editor) -> None:
    pipeline = FakePipeline(step_seconds=0.1, steps=3)  # 0.3 s to the preview, 0.3 s to the rest
    editor.sessions._take(Opened(fake_model(pipeline), fake_state(), fresh=True), None)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=10_000)
    window, document = editor.window, editor.document
    gaps = []
    for attempt in range(ATTEMPTS):
        editor.controller.select_part("mouth")
        editor.controller.pick_reference(100 + attempt)
        edit_id = editor.controller.selected_edit
        assert edit_id is not None
        begun = len(pipeline.begun)
        heart = Heartbeat()
        for tick in range(60):
            window.budget.settings_changing.emit(
                edit_id, QuerySettings(epsilon=20.0 + tick), (tick + 1) / 61
            )
            qtbot.wait(10)
        window.budget.settings_changed.emit(edit_id, QuerySettings(epsilon=90.0), 0.25)
        qtbot.waitUntil(editor.scheduler.is_settled, timeout=10_000)
        heart.stop()
        assert heart.beats > 50
        # The generator was at work all the time, and its last picture is that of the last value.
        assert len(pipeline.begun) - begun >= 2
        last = editor.scheduler.last
        assert last is not None
        assert (last.request.edits[0].settings.epsilon, last.request.edits[0].strength) == (
            90,
            0.25,
        )
        assert document.state is not None
        assert document.state.edits == last.request.edits
        gaps.append(heart.longest)
        if heart.longest < LONGEST_GAP:
            break
    assert min(gaps) < LONGEST_GAP


def test_closing_does_not_wait_for_the_end_of_a_slow_render(qtbot: QtBot, editor: Editor) -> None:
    pipeline = FakePipeline(step_seconds=0.02, steps=10_000)
    editor.sessions._take(Opened(fake_model(pipeline), fake_state(), fresh=True), None)
    qtbot.waitUntil(lambda: bool(pipeline.begun))
    editor.window.close()
    editor.stop()
    assert pipeline.cancellations == 1
    assert pipeline.begun[0].target == Latent(1, 0.7)
