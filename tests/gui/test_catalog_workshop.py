"""The catalog workshop's first step: sweeps, progress, cancelling, bad input; and the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from benches import LAYER, SAMPLES, answer, clustered, opened, press, progress_of, set_up
from published_samples import progan_tf
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from test_event_loop import ATTEMPTS, LONGEST_GAP, Heartbeat
from watching import state_of

from localedit_core.catalog import sweep as core_sweep
from localedit_core.catalog.sweep import SweepPlan, run_sweep
from localedit_core.checkpoints.native import load_generator
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.models.store import MODELS_VARIABLE, ModelLibrary
from localedit_gui.app import Editor
from localedit_gui.panels.catalog_workshop import CHECK, CLUSTER, NAME, SAVE
from localedit_gui.workshop.jobs import WorkshopJobs


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelLibrary:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "library"))
    return ModelLibrary()


def test_it_opens_on_the_editors_generator(qtbot: QtBot, editor: Editor, model_file: Path) -> None:
    window = opened(qtbot, editor)
    generator = load_generator(model_file).generator
    layers = window.cluster.layers
    shown = [
        tuple(layers.topLevelItem(row).text(column) for column in range(3))
        for row in range(layers.topLevelItemCount())
    ]
    assert shown == [
        (info.name, f"{info.input_resolution} px", str(info.channels)) for info in generator.layers
    ]
    marked = [r for r in range(len(shown)) if "suggested" in layers.topLevelItem(r).text(3)]
    checked = [
        r
        for r in range(len(shown))
        if layers.topLevelItem(r).checkState(0) == Qt.CheckState.Checked
    ]
    assert len(marked) == 1
    assert checked == marked
    assert window.step == CLUSTER
    assert [window.steps.button(s).isEnabled() for s in (CLUSTER, NAME, CHECK, SAVE)] == [
        True,
        False,
        False,
        True,
    ]


def test_every_layer_and_k_gets_a_row_over_the_same_samples(
    qtbot: QtBot, editor: Editor, model_file: Path
) -> None:
    window = opened(qtbot, editor)
    set_up(window, "3, 5", (LAYER, "b8.conv1"))
    with progress_of(editor) as seen:
        press(window.cluster.start)
        assert not window.cluster.start.isEnabled()
        qtbot.waitUntil(lambda: not editor.workshop.clustering.running, timeout=60_000)
    rows = window.cluster.rows.rows
    assert list(rows) == [("b8.conv1", 3), ("b8.conv1", 5), (LAYER, 3), (LAYER, 5)]
    assert all(row.strip.filled() == 8 and row.pick.isEnabled() for row in rows.values())
    assert window.cluster.rows.samples.filled() == 8
    done = [(report.done, report.total) for report in seen if report.total]
    assert len(done) > 3
    assert all(one[0] <= two[0] for one, two in pairwise(done))

    points = {(p.layer, p.clusters): p for p in window.cluster.plot.points}
    plan = SweepPlan(("b8.conv1", LAYER), (3, 5), SAMPLES)
    expected = run_sweep(load_generator(model_file).generator, plan)
    for cell in expected.cells:
        point = points[cell.clustering.layer, cell.clustering.n_clusters]
        assert point.mean_cosine == pytest.approx(cell.mean_cosine)
        assert point.stability == pytest.approx(cell.stability)
    # One is marked, and nothing is taken: the person has not chosen yet.
    assert sum(point.suggested for point in points.values()) == 1
    assert window.step == CLUSTER
    assert editor.workshop.desk.document.state is None


class Gate:
    """Holds a sweep after its first cell until it is let on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.let_on = threading.Event(), threading.Event()
        real = core_sweep.run_sweep

        def gated(generator: object, plan: object, **options: object) -> object:
            on_cell = options.pop("on_cell")
            assert callable(on_cell)

            def hold(cell: object) -> None:
                on_cell(cell)
                self.reached.set()
                assert self.let_on.wait(20)

            return real(generator, plan, on_cell=hold, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(core_sweep, "run_sweep", gated)


def test_cells_appear_as_they_are_ready_and_cancel_keeps_them(
    qtbot: QtBot, editor: Editor, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    window = opened(qtbot, editor)
    set_up(window, "3, 4")
    window.cluster.stability.setChecked(False)
    press(window.cluster.start)
    rows = window.cluster.rows.rows
    qtbot.waitUntil(lambda: rows[LAYER, 3].pick.isEnabled(), timeout=20_000)
    assert gate.reached.is_set()
    assert not rows[LAYER, 4].pick.isEnabled()
    assert window.cancel.isVisible()
    press(window.cancel)
    gate.let_on.set()
    qtbot.waitUntil(lambda: window.cluster.go_on.isVisible(), timeout=20_000)
    assert rows[LAYER, 3].pick.isEnabled()
    assert not rows[LAYER, 4].pick.isEnabled()

    press(window.cluster.go_on)
    qtbot.waitUntil(lambda: rows[LAYER, 4].pick.isEnabled(), timeout=20_000)
    qtbot.waitUntil(lambda: not editor.workshop.clustering.running)
    assert not window.cluster.go_on.isVisible()
    whole = run_sweep(
        load_generator(model_file).generator, SweepPlan((LAYER,), (3, 4), SAMPLES, stability=False)
    )
    for cell in whole.cells:
        press(rows[LAYER, cell.clustering.n_clusters].pick)
        state = editor.workshop.desk.document.state
        assert state is not None
        assert np.array_equal(state.labels, cell.labels)


def test_a_split_does_not_wait_for_a_sweep(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    window = opened(qtbot, editor)
    set_up(window, "3, 4")
    window.cluster.stability.setChecked(False)
    press(window.cluster.start)
    rows = window.cluster.rows.rows
    qtbot.waitUntil(lambda: rows[LAYER, 3].pick.isEnabled(), timeout=20_000)
    press(rows[LAYER, 3].pick)
    window.naming.select({0})
    press(window.naming.sides)
    gate.let_on.set()
    document = editor.workshop.desk.document
    qtbot.waitUntil(lambda: document.state.naming.clustering.n_clusters == 4, timeout=20_000)
    # It made room, came again, and ended.
    qtbot.waitUntil(lambda: rows[LAYER, 4].pick.isEnabled(), timeout=20_000)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1", "K = 1"), ("", "missing"), ("12, many", "many"), ("256", "256"), ("3 -4", "-4")],
)
def test_what_cannot_be_is_told_in_one_line(
    qtbot: QtBot, editor: Editor, typed: str, said: str
) -> None:
    window = opened(qtbot, editor)
    set_up(window, typed)
    press(window.cluster.start)
    message = window.messages.current
    assert message is not None
    assert said in message.text
    assert message.hint
    assert not editor.workshop.clustering.running


def test_more_clusters_than_positions_are_told(qtbot: QtBot, editor: Editor) -> None:
    window = opened(qtbot, editor)
    set_up(window, "200", ("b4.conv1",))
    press(window.cluster.start)
    qtbot.waitUntil(lambda: window.messages.current is not None, timeout=20_000)
    assert "200 clusters" in window.messages.current.text
    assert window.messages.current.hint
    qtbot.waitUntil(window.cluster.start.isEnabled)


def test_no_layer_is_told(qtbot: QtBot, editor: Editor) -> None:
    window = opened(qtbot, editor)
    set_up(window, "4", ())
    press(window.cluster.start)
    assert window.messages.current is not None
    assert "No layer" in window.messages.current.text


def test_values_that_are_no_numbers_are_told(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    window = opened(qtbot, editor)
    generator = editor.workshop.desk.subject.generator
    with torch.no_grad():
        for weight in generator.parameters():
            weight.fill_(float("nan"))
    set_up(window, "4")
    press(window.cluster.start)
    qtbot.waitUntil(lambda: window.messages.current is not None, timeout=20_000)
    assert "finite" in window.messages.current.text
    assert window.cluster.start.isEnabled()


def test_an_unexpected_error_is_told_and_the_page_goes_on(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, editor)
    set_up(window, "4")

    def fails(*_: object, **__: object) -> object:
        raise LocalEditError("The disk is full.", "Make room.")

    with monkeypatch.context() as patched:
        patched.setattr(core_sweep, "run_sweep", fails)
        press(window.cluster.start)
        qtbot.waitUntil(lambda: window.messages.current is not None, timeout=20_000)
    assert window.messages.current.text == "The disk is full."
    window.messages.close_message()
    press(window.cluster.start)
    rows = window.cluster.rows.rows
    qtbot.waitUntil(lambda: rows[LAYER, 4].pick.isEnabled(), timeout=60_000)


def test_the_event_loop_runs_on_while_a_sweep_works(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, progress: Callable[[int, int], None], **options: object) -> object:
        cancelled = options["cancelled"]
        assert callable(cancelled)
        for done in range(1000):
            if cancelled():
                raise RenderCancelled
            progress(done, 1000)
            time.sleep(0.01)
        raise AssertionError("it was not cancelled")

    window = opened(qtbot, editor)
    set_up(window, "4")
    monkeypatch.setattr(core_sweep, "run_sweep", slow)
    gaps = []
    for _ in range(ATTEMPTS):
        press(window.cluster.start)
        qtbot.waitUntil(lambda: window.progress.isVisible() and window.progress.value() > 0)
        heart = Heartbeat()
        qtbot.wait(500)
        gaps.append(heart.stop())
        assert "s left" in window.status.text()
        press(window.cancel)
        qtbot.waitUntil(window.cluster.go_on.isVisible, timeout=10_000)
        if gaps[-1] < LONGEST_GAP:
            break
    assert min(gaps) < LONGEST_GAP


def test_pg_gan_is_clustered_and_the_page_says_why_nothing_is_transferred(
    qtbot: QtBot, editor: Editor, tmp_path: Path, library: ModelLibrary
) -> None:
    from localedit_core.importing import import_checkpoint

    path = tmp_path / "celeba.pkl"
    path.write_bytes(progan_tf())
    entry = import_checkpoint(path, library=library).entry
    assert entry is not None
    editor.workshop.open_on(entry.path, entry.name)
    window = editor.workshop.window
    qtbot.waitUntil(lambda: editor.workshop.desk.subject is not None, timeout=20_000)
    layer = editor.workshop.desk.subject.suggested_layer
    set_up(window, "3", (layer,))
    press(window.cluster.start)
    row = window.cluster.rows.rows[layer, 3]
    qtbot.waitUntil(row.pick.isEnabled, timeout=60_000)
    press(row.pick)
    window.naming.select({0})
    window.naming.edit_name()
    QTest.keyClicks(window.naming.name, "face")
    QTest.keyClick(window.naming.name, Qt.Key.Key_Return)
    window.actions_["step_check"].trigger()
    assert window.step == CHECK
    qtbot.waitUntil(lambda: window.check.strip.filled() == 10, timeout=20_000)
    assert window.check.note.isVisible()
    assert "no styles" in window.check.note.text()
    assert not window.check.try_it.isVisible()
    assert not window.check.histogram.isVisible()
    window.actions_["step_save"].trigger()
    press(window.saving.save)
    qtbot.waitUntil(lambda: window.saving.entries.topLevelItemCount() == 1, timeout=20_000)
    window.saving.entries.setCurrentItem(window.saving.entries.topLevelItem(0))
    press(window.saving.use)
    qtbot.waitUntil(lambda: editor.sessions.model.family == "progan", timeout=20_000)
    assert [part.name for part in editor.sessions.model.parts] == ["face"]


def test_the_library_opens_it_and_starts(
    qtbot: QtBot, editor: Editor, library: ModelLibrary, model_file: Path
) -> None:
    library.add_file(model_file, name="Mine")
    editor.window.actions_["library"].trigger()
    page = editor.library.page
    qtbot.waitUntil(page.parts.isEnabled, timeout=20_000)
    press(page.parts)
    window = editor.workshop.window
    assert window.isVisible()
    qtbot.waitUntil(lambda: editor.workshop.clustering.running, timeout=20_000)
    assert "Mine" in window.subject.text()
    press(window.cancel)
    qtbot.waitUntil(lambda: not editor.workshop.clustering.running, timeout=20_000)


def test_every_control_can_be_read_aloud(qtbot: QtBot, editor: Editor) -> None:
    window = clustered(qtbot, editor)
    controls: list[QWidget] = [
        *window.cluster.findChildren(QAbstractButton),
        *window.cluster.findChildren(QAbstractSpinBox),
        *window.naming.findChildren(QAbstractButton),
        *window.check.findChildren(QAbstractSpinBox),
        *window.saving.findChildren(QAbstractButton),
        *window.saving.findChildren(QLineEdit),
    ]
    silent = [
        control
        for control in controls
        if not (control.accessibleName() or getattr(control, "text", str)())
        and not isinstance(control.parent(), QLineEdit)  # Qt's own, inside it
    ]
    assert len(controls) > 25
    assert not silent
    for action in window.actions():
        if action.objectName():
            assert action.shortcut().toString()
            assert action.statusTip()


def test_another_generators_work_is_not_thrown_away(
    qtbot: QtBot, editor: Editor, other_model_file: Path
) -> None:
    window = clustered(qtbot, editor)
    editor.sessions.open_path(other_model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "other", timeout=20_000)
    editor.window.actions_["workshop"].trigger()
    assert editor.workshop.clustering.has_results
    assert "still at work" in window.messages.current.text
    answer(window, "Turn to")
    qtbot.waitUntil(lambda: "other" in window.subject.text(), timeout=20_000)
    qtbot.waitUntil(lambda: not editor.workshop.clustering.has_results)


def test_the_bundled_portraits_fall_into_things_one_sees(
    qtbot: QtBot, make_editor: Callable[[str | Path], Editor]
) -> None:
    """Background and face, which four clusters of 16 px must tell apart."""
    editor = make_editor("faces")
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=30_000)
    window = clustered(qtbot, editor)
    press(window.cluster.rows.rows[LAYER, 4].pick)
    state = editor.workshop.desk.document.state
    corner, middle = state.labels[:, 2, 0], state.labels[:, 8, 8]
    assert len(np.unique(corner)) < 3
    assert not np.intersect1d(corner, middle).size


def test_a_slow_opening_is_not_met_by_another_one(
    qtbot: QtBot, editor: Editor, other_model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for last is what is on screen."""
    real, let_on = WorkshopJobs.open_subject, threading.Event()

    def slow(jobs: WorkshopJobs, source: str | Path, *more: object) -> object:
        if Path(source).stem == "tiny":
            assert let_on.wait(20)
        return real(jobs, source, *more)

    monkeypatch.setattr(WorkshopJobs, "open_subject", slow)
    editor.window.actions_["workshop"].trigger()
    editor.workshop.open_on(other_model_file, "Other")
    let_on.set()
    qtbot.waitUntil(lambda: editor.workshop.desk.subject is not None, timeout=20_000)
    qtbot.wait(50)
    assert editor.workshop.desk.subject.title == "Other"
    assert "Other" in editor.workshop.window.subject.text()
