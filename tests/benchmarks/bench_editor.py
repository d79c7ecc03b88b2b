"""How long a person waits: from start to the first picture, from a slider to its picture.

    python tests/benchmarks/bench_editor.py [MODEL] [--moves N] [--guard 0]
    python tests/benchmarks/bench_editor.py --random 1024/32768 --moves 20

Prints medians and 95 % quantiles. "preview" and "full" count from the moment the slider moves to
the moment the canvas has painted the picture, the first of several previews; a move comes after the
one before it has settled. A drag moves the slider every 16 ms whether or not pictures keep up.
"gallery in sight" jumps into the middle of the gallery and waits for what is there and a little
ahead, "order references" sorts all of the gallery by the selected part, "find budget" looks for the
largest that keeps a limit. Edits have the spatial guard up, as new ones in the editor, or --guard.

--random takes a network of that resolution and channel base with random weights; its "mouth" is
the cluster that lies closest together, and the table says how much of the picture that is.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
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

    def settings(self) -> QuerySettings:
        """Of the selected edit."""
        edit_id, state = self.editor.controller.selected_edit, self.editor.document.state
        assert state is not None
        return next(edit.settings for edit in state.edits if edit.edit_id == edit_id)

    def change(self, settings: QuerySettings) -> float:
        """Give the selected edit other settings, as a slider does that moves; returns when."""
        edit_id = self.editor.controller.selected_edit
        assert edit_id is not None
        now = time.perf_counter()
        self.editor.window.budget.settings_changing.emit(edit_id, settings, 1.0)
        return now

    def move(self, epsilon: float) -> float:
        """Move the slider of the selected edit; returns when."""
        return self.change(replace(self.settings(), epsilon=epsilon))


def report(name: str, seconds: list[float]) -> None:
    if seconds:
        median, most = np.quantile(seconds, (0.5, 0.95)) * 1000
        print(f"{name:24s} median {median:7.1f} ms   95 % {most:7.1f} ms   n {len(seconds)}")


def single_moves(bench: Bench, count: int) -> None:
    times: dict[str, list[float]] = {}
    steps: dict[str, list[float]] = {}
    heart = Heartbeat()
    for index in range(count):
        bench.painted.clear()
        moved = bench.move(5.0 + index % 50)
        bench.settle()
        first: dict[str, float] = {}
        for result, at in bench.painted:
            first.setdefault(result.stage, at - moved)
        for stage, seconds in first.items():
            times.setdefault(stage, []).append(seconds)
        for step, seconds in bench.painted[-1][0].seconds.items():
            steps.setdefault(step, []).append(seconds)
    heart.stop()
    names = {"preview": "move to preview", "settled": "move to full", "measured": "move to numbers"}
    for stage, name in names.items():
        report(name, times.get(stage, []))
    for step, taken in steps.items():
        report(f"of that, {step}", taken)
    print(f"{'moves: longest gap':24s} {max(heart.gaps) * 1000:.1f} ms")


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


def fill_gallery(bench: Bench) -> None:
    """Jump into the middle of all references; what is in sight comes first."""
    view, wanted = bench.editor.window.gallery.view, list[int]()
    bench.editor.window.gallery.thumbnails_wanted.connect(wanted.extend)
    bar = view.verticalScrollBar()
    begin = lambda: bar.setValue(bar.maximum() // 2)  # noqa: E731
    done = lambda: bool(wanted) and all(map(view.model().has_thumbnail, wanted))  # noqa: E731
    taken, gap = watched(bench, begin, done)
    rate = f"{len(wanted)} of {view.model().rowCount()} rows, {len(wanted) / taken:.0f} a second"
    print(f"{'gallery in sight':24s} {taken:.2f} s, {rate}, longest gap {gap * 1000:.1f} ms")


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


def random_model(size: str, folder: Path) -> Path:
    """A file with random weights, and its catalog beside it."""
    # Not above: what is imported there counts as start-up.
    import torch
    from bench_synthesis import random_generator

    from localedit_core.catalog.build import build_catalog
    from localedit_core.catalog.catalog import Part
    from localedit_core.catalog.sampling import styles_of_seed
    from localedit_core.catalog.storage import save_catalog
    from localedit_core.checkpoints.native import load_generator, save_generator
    from localedit_core.editing.unfinished import box_of
    from localedit_core.library import catalog_path

    generator = random_generator(*map(int, size.split("/")))
    path = folder / "random.safetensors"
    save_generator(generator, path, name="random")
    generator = load_generator(path).generator  # rounded as the file has it
    catalog = build_catalog(generator, layer="b32.torgb", n_clusters=24, n_samples=2)
    with torch.inference_mode():
        styles = styles_of_seed(generator, 0, catalog.psi)
        made = generator.synthesize(styles, up_to=32, record=("b32.torgb",))
    clusters = catalog.membership(made.activations["b32.torgb"])[0]
    found = [box_of(clusters == index) for index in range(24)]
    boxes = {index: box for index, box in enumerate(found) if box is not None}
    areas = {index: box.height * box.width / clusters.size for index, box in boxes.items()}
    mouth = min(areas, key=areas.__getitem__)
    print(f"{'box of the part':24s} {areas[mouth]:.2f} of the picture of seed 0")
    others = tuple(index for index in range(24) if index != mouth)
    catalog = catalog.with_parts([Part("mouth", (mouth,)), Part("rest", others)])
    save_catalog(catalog, catalog_path(path))
    return path


def peak_megabytes() -> float:
    """The largest resident size that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the editor.")
    parser.add_argument("model", nargs="?", default=FIRST_MODEL)
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--guard", type=float, help="of the edit; as in the editor by default")
    parser.add_argument("--random", help="RESOLUTION/CHANNEL_BASE of random weights")
    arguments = parser.parse_args()
    first = arguments.model if arguments.model == FIRST_MODEL else Path(arguments.model)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.random:
            from localedit_core.generators.threads import prepare_threads

            prepare_threads()
            first = random_model(arguments.random, Path(folder))
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
        fill_gallery(bench)
        if arguments.guard is not None:
            bench.change(replace(bench.settings(), guard=arguments.guard))
            bench.settle()
        if not arguments.random:
            order_references(bench)
            find_budgets(bench)
        single_moves(bench, arguments.moves)
        drag(bench, 200)
        print(f"{'memory, at most':24s} {peak_megabytes():.0f} MB")
        bench.editor.window.close_for_good()
        bench.editor.stop()


if __name__ == "__main__":
    main()
