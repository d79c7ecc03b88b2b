"""Windows without a screen, files in a folder of their own, and no thread left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

import pytest
from PySide6.QtWidgets import QApplication

from localedit_gui.rendering.worker import RenderWorker


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and recovery files go here and not to the person's own."""
    folder = tmp_path / "state"
    monkeypatch.setenv("LOCALEDIT_STATE_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_thread_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that leaves a thread running fails."""
    started: list[RenderWorker] = []
    start = RenderWorker.start

    def noting(worker: RenderWorker) -> None:
        started.append(worker)
        start(worker)

    monkeypatch.setattr(RenderWorker, "start", noting)
    before = set(threading.enumerate())
    yield
    running = [worker for worker in started if worker.isRunning()]
    for worker in running:
        worker.stop()
    left = [t for t in threading.enumerate() if t not in before and not t.daemon]
    assert not running, f"{len(running)} workers were not stopped"
    assert not left, f"threads still run: {left}"


@pytest.fixture
def worker(qapp: QApplication) -> Iterator[RenderWorker]:
    """A worker that runs, and is stopped at the end."""
    worker = RenderWorker()
    worker.start()
    yield worker
    worker.stop()
