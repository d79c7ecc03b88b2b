"""The menu of devices, a device that is gone, and one whose memory runs out.

No GPU is needed: a stand-in finds two, and generators only say that they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import FakeDialogs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.catalog import defaults
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import HalfPrecision
from localedit_core.errors import LocalEditError
from localedit_core.generators.devices import Device
from localedit_core.generators.placement import PlacedNetwork
from localedit_core.generators.stylegan2_pass import SynthesisPass
from localedit_core.latents import Latent
from localedit_core.models.store import MODELS_VARIABLE, ModelLibrary
from localedit_gui.app import Editor
from localedit_gui.core_jobs import CoreJobs
from localedit_gui.device_jobs import DeviceJobs
from localedit_gui.settings import Settings

FIRST, SECOND = "Small GPU (CUDA 0)", "Large GPU (CUDA 1)"
Make = Callable[..., Editor]


class TwoGpus:
    def cuda(self) -> Sequence[tuple[str, int | None]]:
        return (("Small GPU", 4 * 2**30), ("Large GPU", 80 * 2**30))

    def mps(self) -> Sequence[tuple[str, int | None]]:
        return ()


class NoGpu(TwoGpus):
    def cuda(self) -> Sequence[tuple[str, int | None]]:
        return ()


@pytest.fixture(autouse=True)
def pretending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generators say that they moved, and stay."""

    def move(network: PlacedNetwork, device: Device) -> None:
        network.device = device

    monkeypatch.setattr(PlacedNetwork, "_move", move)


@pytest.fixture
def start(qtbot: QtBot, state_folder: Path, model_file: Path) -> Iterator[Make]:
    """Starts the program on a computer with these GPUs."""
    editors: list[Editor] = []

    def make(finder: TwoGpus | None = None) -> Editor:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        editor = Editor(app, state_folder, CoreJobs(DeviceJobs(finder or TwoGpus())))
        editors.append(editor)
        editor.set_dialogs(FakeDialogs())
        editor.start(model_file)
        settle(qtbot, editor)
        return editor

    yield make
    for editor in editors:
        close(editor)


def close(editor: Editor) -> None:
    editor.window.close_for_good()
    editor.stop()


def entries(editor: Editor) -> dict[str, QAction]:
    return {action.text(): action for action in editor.window.device_menu.actions()}


def device(editor: Editor) -> Device:
    assert editor.sessions.model is not None
    found = editor.sessions.model.renderer.device  # type: ignore[attr-defined]
    assert isinstance(found, Device)
    return found


def status(editor: Editor) -> str:
    return editor.window.status_line.device.text()


def chosen(editor: Editor) -> str:
    (text,) = [text for text, action in entries(editor).items() if action.isChecked()]
    return text


def test_devices_are_found_and_the_best_is_taken(start: Make) -> None:
    editor = start()
    assert list(entries(editor)) == [f"&Automatic ({SECOND})", "CPU", FIRST, SECOND]
    assert chosen(editor) == f"&Automatic ({SECOND})"
    assert device(editor).label == SECOND
    assert status(editor).endswith(SECOND)
    assert "80 GiB" in entries(editor)[SECOND].toolTip()
    keys = [action.shortcut().toString() for action in entries(editor).values()]
    assert len(set(keys)) == 4
    assert all(keys)


def test_they_are_offered_where_the_device_is_shown(qtbot: QtBot, start: Make) -> None:
    editor = start()
    button = editor.window.status_line.device
    assert SECOND in button.accessibleName()
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    menu = editor.window.device_menu
    opened: list[bool] = []

    def choose() -> None:
        opened.append(menu.isVisible())
        QTest.mouseClick(
            menu,
            Qt.MouseButton.LeftButton,
            pos=menu.actionGeometry(entries(editor)["CPU"]).center(),
        )
        menu.close()

    QTimer.singleShot(100, choose)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == [True]
    qtbot.waitUntil(lambda: status(editor).endswith("CPU"), timeout=10_000)
    assert device(editor).label == "CPU"


def test_without_a_gpu_there_is_the_cpu(start: Make) -> None:
    editor = start(NoGpu())
    assert list(entries(editor)) == ["&Automatic (CPU)", "CPU"]
    assert status(editor).endswith("CPU")


def test_switching_keeps_the_session_makes_the_picture_anew_and_is_remembered(
    qtbot: QtBot, start: Make
) -> None:
    editor = start()
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(5)
    before = settle(qtbot, editor)
    session = state_of(editor)
    entries(editor)["CPU"].trigger()
    qtbot.waitUntil(lambda: status(editor).endswith("CPU"))
    after = settle(qtbot, editor)
    assert after.request.generation > before.request.generation
    np.testing.assert_array_equal(after.image, before.image)
    assert state_of(editor) is session
    assert device(editor).name == "cpu"
    assert chosen(editor) == "CPU"
    close(editor)

    again = start()
    assert chosen(again) == "CPU"
    assert device(again).name == "cpu"


def test_keys_choose_too(qtbot: QtBot, start: Make) -> None:
    editor = start()
    editor.window.activateWindow()
    qtbot.waitUntil(editor.window.isActiveWindow)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(editor.window, Qt.Key.Key_D, both)
    qtbot.keyClick(editor.window, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: device(editor).label == FIRST)


def test_other_open_generators_move_along_and_new_ones_come_there(
    qtbot: QtBot, start: Make, other_model_file: Path
) -> None:
    editor = start()
    first = editor.sessions.model
    assert first is not None
    entries(editor)[FIRST].trigger()
    editor.sessions.open_path(other_model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "other", timeout=20_000)
    settle(qtbot, editor)
    assert device(editor).label == FIRST
    entries(editor)["CPU"].trigger()
    qtbot.waitUntil(lambda: status(editor).endswith("CPU"))
    assert first.renderer.device.name == "cpu"  # type: ignore[attr-defined]


def test_a_remembered_device_that_is_gone_is_told_and_auto_taken(
    start: Make, state_folder: Path
) -> None:
    Settings(state_folder).device = "cuda:1"
    editor = start(NoGpu())
    told = editor.window.messages.current
    assert told is not None
    assert "cuda:1" in told.text
    assert "CPU is used instead" in told.text
    assert chosen(editor) == "&Automatic (CPU)"
    close(editor)
    assert start(NoGpu()).window.messages.current is None  # told once


def test_a_device_that_cannot_be_used_leaves_everything_where_it_is(
    qtbot: QtBot, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = start()

    def refuse(network: PlacedNetwork, device: Device) -> None:
        raise LocalEditError(f"{device.label} cannot be used: it is broken.", "It stays.")

    monkeypatch.setattr(PlacedNetwork, "place", refuse)
    entries(editor)[FIRST].trigger()
    qtbot.waitUntil(lambda: editor.window.messages.current is not None)
    told = editor.window.messages.current
    assert told is not None
    assert "broken" in told.text
    assert chosen(editor) == f"&Automatic ({SECOND})"
    assert device(editor).label == SECOND


def test_memory_that_runs_out_is_told_once_and_the_picture_still_comes(
    qtbot: QtBot, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = start()
    convolve = SynthesisPass._convolve

    def running_out(run: SynthesisPass, *args: object) -> object:
        if run.network.device.kind != "cpu":
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.")
        return convolve(run, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(SynthesisPass, "_convolve", running_out)
    told: list[str] = []
    editor.window.messages.message_shown.connect(told.append)
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(5)
    qtbot.waitUntil(lambda: status(editor).endswith("CPU"))
    result = settle(qtbot, editor)
    assert len(result.request.edits) == 1
    assert [SECOND in text and "memory" in text for text in told] == [True]
    assert chosen(editor) == "CPU"
    assert editor.settings.device == "auto"  # what was wanted is not forgotten

    monkeypatch.setattr(SynthesisPass, "_convolve", convolve)
    entries(editor)[f"&Automatic ({SECOND})"].trigger()  # it is free again
    qtbot.waitUntil(lambda: device(editor).label == SECOND)
    np.testing.assert_array_equal(settle(qtbot, editor).image, result.image)


def test_a_thumbnail_that_runs_out_of_memory_comes_from_the_cpu(
    qtbot: QtBot, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = start()
    qtbot.waitUntil(lambda: editor.window.gallery._model.has_thumbnail(0))
    convolve = SynthesisPass._convolve

    def running_out(run: SynthesisPass, *args: object) -> object:
        if run.network.device.kind != "cpu":
            raise RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED")
        return convolve(run, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(SynthesisPass, "_convolve", running_out)
    editor.window.gallery.set_position(5000, False)
    qtbot.waitUntil(lambda: status(editor).endswith("CPU"))
    qtbot.waitUntil(lambda: editor.window.gallery._model.has_thumbnail(5000))


def test_half_precision_is_asked_for_as_chosen_and_remembered(
    qtbot: QtBot, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = start(NoGpu())
    actions = editor.window.actions_
    assert actions["half_auto"].isChecked()
    asked: list[HalfPrecision] = []
    thumbnail = Pipeline.thumbnail

    def noting(self: Pipeline, latent: Latent, size: int, half: HalfPrecision) -> object:
        asked.append(half)
        return thumbnail(self, latent, size, half)

    monkeypatch.setattr(Pipeline, "thumbnail", noting)
    for name, half in (("half_on", HalfPrecision.ON), ("half_off", HalfPrecision.OFF)):
        actions[name].trigger()
        editor.window.gallery.set_position(3000 if half is HalfPrecision.ON else 6000, False)
        qtbot.waitUntil(lambda half=half: half in asked)
        editor.target.random_target()
        assert settle(qtbot, editor).request.half is half
    close(editor)
    again = start(NoGpu())
    assert again.window.actions_["half_off"].isChecked()
    assert settle(qtbot, again).request.half is HalfPrecision.OFF


def test_numbering_parts_goes_on_where_memory_runs_out(
    qtbot: QtBot, start: Make, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(defaults, "suggested_clustering", lambda _: ("b8.conv1", 2))  # is quick
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "library"))
    ModelLibrary().add_file(model_file, name="Mine")
    editor = start()
    assert editor.sessions.model is not None
    on_screen = editor.sessions.model.renderer.model.generator  # type: ignore[attr-defined]
    convolve = SynthesisPass._convolve

    def running_out(run: SynthesisPass, *args: object) -> object:
        if run.network.device.kind != "cpu" and run.network is not on_screen:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return convolve(run, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(SynthesisPass, "_convolve", running_out)
    told: list[str] = []
    editor.window.messages.message_shown.connect(told.append)
    (entry,) = ModelLibrary().entries()
    editor.library.number_parts(entry)
    qtbot.waitUntil(lambda: any("have numbers" in text for text in told), timeout=30_000)
    assert sum(SECOND in text and "memory" in text for text in told) == 1
