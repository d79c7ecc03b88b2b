"""How long a person waits: from start to the first picture, from a slider to its picture.

    python tests/benchmarks/bench_editor.py [MODEL] [--moves N]

Prints medians and 95 % quantiles. "preview" and "full" count from the moment the slider moves to
the moment the canvas has painted the picture; a move comes after the one before it has settled. A
drag moves the slider every 16 ms whether or not pictures keep up. "order references" sorts all of
the gallery by the selected part, "find budget" looks for the largest that keeps a limit.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BEGUN = time.perf_counter()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np  # noqa: E402
from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from localedit_core.editing.edit import QuerySettings  # noqa: E402
from localedit_core.editing.request import RenderResult  # noqa: E402
from localedit_gui.app import FIRST_MODEL, Editor  # noqa: E402
from localedit_gui.widgets.order_box import Order  # noqa: E402


class Bench:
    """An editor, and what its canvas has painted when."""

    def __init__(self, app: QApplication, folder: Path, first: str | Path) -> None:
        self.app = app
        self.editor = Editor(app, folder)
        self.painted: list[tuple[RenderResult, float]] = []
        self.editor.scheduler.shown.connect(self._shown)
        self.editor.start(first)
        self.wait(lambda: bool(self.painted))

    def _shown(self, result: RenderResult) -> None:
        self.editor.window.canvas.repaint()  # now, not when the event loop comes to it
        self.painted.append((result, time.perf_counter()))

    def wait(self, until: Callable[[], bool]) -> None:
        # A loop that sleeps in Qt, as the program's does: one that turns and turns in Python holds
        # the interpreter's lock, and the worker waits for it.
        loop = QEventLoop()
        check = lambda: loop.quit() if until() else None  # noqa: E731
        self.editor.scheduler.shown.connect(check)
        QTimer.singleShot(0, check)
        loop.exec()
        self.editor.scheduler.shown.disconnect(check)

    def rest(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def settle(self) -> None:
        self.wait(self.editor.scheduler.is_settled)

    def move(self, epsilon: float) -> float:
        """Move the slider of the selected edit; returns when."""
        edit_id = self.editor.controller.selected_edit
        assert edit_id is not None
        now = time.perf_counter()
        self.editor.window.budget.settings_changing.emit(
            edit_id, QuerySettings(epsilon=epsilon), 1.0
        )
        return now


def report(name: str, seconds: list[float]) -> None:
    if seconds:
        median, most = np.quantile(seconds, (0.5, 0.95)) * 1000
        print(f"{name:24s} median {median:7.1f} ms   95 % {most:7.1f} ms   n {len(seconds)}")


def single_moves(bench: Bench, count: int) -> None:
    times: dict[str, list[float]] = {}
    for index in range(count):
        bench.painted.clear()
        moved = bench.move(5.0 + index % 50)
        bench.settle()
        for result, at in bench.painted:
            times.setdefault(result.stage, []).append(at - moved)
    names = {"preview": "move to preview", "settled": "move to full", "measured": "move to numbers"}
    for stage, name in names.items():
        report(name, times.get(stage, []))


class Heartbeat:
    """How long the event loop takes to come round, beyond the 2 ms that it was asked for."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(2)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def drag(bench: Bench, ticks: int) -> None:
    bench.painted.clear()
    heart = Heartbeat()
    moved_at: dict[float, float] = {}
    for index in range(ticks):
        epsilon = 5.0 + index / 4
        moved_at[epsilon] = bench.move(epsilon)
        bench.rest(16)
    end = time.perf_counter()
    bench.settle()
    heart.stop()
    shown: dict[float, float] = {}
    for result, at in bench.painted:
        shown.setdefault(result.request.edits[0].settings.epsilon, at)
    report("drag: tick to picture", [at - moved_at[epsilon] for epsilon, at in shown.items()])
    report("drag: end to numbers", [bench.painted[-1][1] - end])
    report("drag: event loop", heart.gaps)
    print(f"{'drag: longest gap':24s} {max(heart.gaps) * 1000:.1f} ms")
    print(f"{'drag: pictures shown':24s} {len(shown)} of {ticks} ticks")


def watched(
    bench: Bench, begin: Callable[[], None], done: Callable[[], bool]
) -> tuple[float, float]:
    """Seconds from ``begin`` until ``done``, and the event loop's longest gap meanwhile."""
    heart, began = Heartbeat(), time.perf_counter()
    begin()
    while not done():
        bench.rest(5)
    taken = time.perf_counter() - began
    heart.stop()
    return taken, max(heart.gaps)


def order_references(bench: Bench) -> None:
    order = bench.editor.composing.order
    for name, kind in (("first", Order.SUBTLE), ("again", Order.BOLD)):
        taken, gap = watched(bench, lambda kind=kind: order.choose(kind), lambda: not order.busy)
        print(f"{f'order references, {name}':24s} {taken:.2f} s, longest gap {gap * 1000:.1f} ms")
    order.choose(Order.NUMBER)


def find_budgets(bench: Bench) -> None:
    jobs: list[str] = []
    bench.editor.worker.working.connect(jobs.append)
    edit_id = str(bench.editor.controller.selected_edit)
    seconds = []
    for limit in (0.02, 0.05, 0.5, 0.1, 2.0):
        jobs.clear()
        find = lambda limit=limit: bench.editor.trade_off.find_budget(edit_id, limit)  # noqa: E731
        seconds.append(watched(bench, find, lambda: any(jobs) and not jobs[-1])[0])
        bench.settle()
    report("find budget", seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the editor.")
    parser.add_argument("model", nargs="?", default=FIRST_MODEL)
    parser.add_argument("--moves", type=int, default=60)
    arguments = parser.parse_args()
    first = arguments.model if arguments.model == FIRST_MODEL else Path(arguments.model)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(QApplication([]), Path(folder), first)
        print(f"{'start to first picture':24s} {bench.painted[0][1] - BEGUN:.2f} s")
        bench.settle()
        model = bench.editor.sessions.model
        assert model is not None
        names = [part.name for part in model.parts]
        bench.editor.controller.select_part("mouth" if "mouth" in names else names[0])
        bench.editor.controller.pick_reference(3)
        bench.settle()
        bench.rest(8000)  # the gallery fills
        order_references(bench)
        find_budgets(bench)
        single_moves(bench, arguments.moves)
        drag(bench, 200)
        bench.editor.window.close_for_good()
        bench.editor.stop()


if __name__ == "__main__":
    main()
