"""The window's thread never waits for the generator."""

from __future__ import annotations

import time

import pytest
from fakes import FakePipeline, fake_model, fake_state
from held_up import Sleepers, own_share
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
        self.gaps: list[tuple[float, float]] = []
        self._last = time.monotonic()
        self._sleepers = Sleepers()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(2)

    def _beat(self) -> None:
        now = time.monotonic()
        self.gaps.append((self._last, now))
        self._last = now

    def stop(self) -> float:
        """End; the longest gap, less the time in which the machine held everything up."""
        self._timer.stop()
        spans = self._sleepers.stop()
        return max(own_share(gap, spans) for gap in self.gaps)


def test_only_the_machines_own_pauses_are_taken_off() -> None:
    spans = [(1.0, 1.2), (1.1, 1.3), (2.0, 2.5)]
    assert own_share((0.0, 0.5), spans) == pytest.approx(0.5)
    assert own_share((0.9, 1.4), spans) == pytest.approx(0.2)
    assert own_share((1.05, 1.25), spans) == 0.0
    assert own_share((0.5, 2.2), spans) == pytest.approx(0.5 + 0.7)


def test_the_event_loop_runs_on_while_a_slow_generator_works(qtbot: QtBot, editor: Editor) -> None:
    pipeline = FakePipeline(step_seconds=0.1, steps=3)  # 0.3 s to the preview, 0.3 s to the rest
    editor.sessions._take(Opened(fake_model(pipeline), fake_state(), fresh=True))
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
        gaps.append(heart.stop())
        assert len(heart.gaps) > 50
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
        if gaps[-1] < LONGEST_GAP:
            break
    assert min(gaps) < LONGEST_GAP


def test_closing_does_not_wait_for_the_end_of_a_slow_render(qtbot: QtBot, editor: Editor) -> None:
    pipeline = FakePipeline(step_seconds=0.02, steps=10_000)
    editor.sessions._take(Opened(fake_model(pipeline), fake_state(), fresh=True))
    qtbot.waitUntil(lambda: bool(pipeline.begun))
    editor.window.close()
    editor.stop()
    assert pipeline.cancellations == 1
    assert pipeline.begun[0].target == Latent(1, 0.7)
