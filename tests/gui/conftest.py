"""Windows without a screen, files in a folder of their own, and no thread left behind."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch is, as the program does

import pytest
import torch
from bundled import ALPHA, BETA, add_card
from fakes import FakeDialogs
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from localedit_core import library
from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.library import catalog_path
from localedit_gui.app import Editor
from localedit_gui.rendering.worker import RenderWorker

PART_NAMES = ("eyes", "nose", "mouth")


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, recovery files and the library are here and not the person's own."""
    folder = tmp_path / "state"
    monkeypatch.setenv("LOCALEDIT_STATE_DIR", str(folder))
    monkeypatch.setenv("LOCALEDIT_MODELS", str(tmp_path / "library"))
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


def write_model(path: Path, seed: int) -> Path:
    """Write a generator of 32 px with random weights, and a catalog with three parts."""
    torch.manual_seed(seed)
    config = StyleGAN2Config(
        z_dim=16, w_dim=16, resolution=32, channels=(16, 16, 16, 16), mapping_layers=2
    )
    save_generator(StyleGAN2(config).eval(), path, name=path.stem)
    generator = load_generator(path).generator
    catalog = build_catalog(generator, layer="b16.conv1", n_clusters=3, n_samples=8)
    parts = tuple(Part(name, (index,)) for index, name in enumerate(PART_NAMES))
    save_catalog(catalog.with_parts(parts), catalog_path(path))
    return path


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generator with its catalog beside it."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny.safetensors", 1)


@pytest.fixture(scope="session")
def other_model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one."""
    return write_model(tmp_path_factory.mktemp("models") / "other.safetensors", 2)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small generators with cards and examples; treat as read-only."""
    folder = tmp_path_factory.mktemp("bundled")
    for seed, (name, shown) in enumerate((("alpha", ALPHA), ("beta", BETA))):
        add_card(write_model(folder / f"{name}.safetensors", 10 + seed), shown)
    return folder


@pytest.fixture
def bundled(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of them, as the generators that came with the program."""
    folder = tmp_path / "models"
    shutil.copytree(built, folder)
    monkeypatch.setattr(library, "models_folder", lambda: folder)
    return folder


@pytest.fixture
def make_editor(qtbot: QtBot, state_folder: Path) -> Iterator[Callable[[str | Path], Editor]]:
    """Starts the program on a file; dialogs answer as ``FakeDialogs`` is told."""
    editors: list[Editor] = []

    def make(first: str | Path) -> Editor:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        editor = Editor(app, state_folder)
        editors.append(editor)
        editor.set_dialogs(FakeDialogs())
        editor.start(first)
        return editor

    yield make
    for editor in editors:
        editor.window.close_for_good()
        editor.stop()
        editor.window.deleteLater()
        editor.deleteLater()


@pytest.fixture
def editor(qtbot: QtBot, make_editor: Callable[[str | Path], Editor], model_file: Path) -> Editor:
    """The program with the small generator open and its first picture shown."""
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    return editor
