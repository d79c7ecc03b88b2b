"""From nothing to the first picture, and the ways in which that may go wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from watching import state_of

import localedit_resources
from localedit_core.latents import Latent
from localedit_gui import app as app_module
from localedit_gui.app import Editor
from localedit_gui.gallery_controller import GalleryController

MakeEditor = Callable[[str | Path], Editor]


def test_the_window_needs_no_torch() -> None:
    """Loading torch takes seconds; that is the worker's time and not the window's."""
    program = "import sys, localedit_gui.app; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_first_start_shows_a_target_a_full_gallery_and_a_hint(
    qtbot: QtBot, make_editor: MakeEditor
) -> None:
    editor = make_editor(app_module.FIRST_MODEL)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=60_000)
    gallery = editor.window.gallery
    rows, _ = gallery.view.visible_rows(0)
    seen = [gallery._model.seed(row) for row in rows]
    assert len(seen) >= 4
    qtbot.waitUntil(lambda: all(gallery._model.has_thumbnail(s) for s in seen), timeout=60_000)
    assert editor.window.hint.text() == "Click a part, then hover a reference."
    assert editor.sessions.model is not None
    assert {"eyes", "mouth", "hair"} <= {part.name for part in editor.sessions.model.parts}
    assert not editor.document.modified
    card = json.loads((localedit_resources.models_folder() / "faces.card.json").read_text())
    assert seen[:4] == card["gallery"][:4]
    assert state_of(editor).target.seed == card["first_target"]
    assert list(state_of(editor).favourites) == card["favourites"]


def test_a_file_that_cannot_be_opened_gives_way_to_the_bundled_generator(
    qtbot: QtBot, make_editor: MakeEditor, tmp_path: Path
) -> None:
    editor = make_editor(tmp_path / "gone.localedit")
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=60_000)
    assert editor.window.messages.current is not None
    assert "gone.localedit" in editor.window.messages.current.text
    assert editor.sessions.model is not None
    assert editor.sessions.model.reference.name == app_module.FIRST_MODEL


def test_missing_bundled_files_are_told(
    qtbot: QtBot, make_editor: MakeEditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from localedit_core import library

    monkeypatch.setattr(library, "models_folder", lambda: tmp_path)
    editor = make_editor(app_module.FIRST_MODEL)
    bar = editor.window.messages
    qtbot.waitUntil(lambda: bar.current is not None, timeout=60_000)
    assert bar.current is not None
    assert bar.current.kind == "error"
    assert editor.window.isVisible()
    assert not editor.window.actions_["save"].isEnabled()
    for action in ("random_target", "new", "undo"):
        assert not editor.window.actions_[action].isEnabled()


def test_closing_while_the_generator_is_still_being_opened(
    qtbot: QtBot, make_editor: MakeEditor, model_file: Path
) -> None:
    editor = make_editor(model_file)
    editor.window.close()
    editor.stop()
    assert not editor.worker.isRunning()


def test_a_name_or_a_path_may_be_given(tmp_path: Path) -> None:
    assert app_module._first(None) == localedit_resources.FIRST_MODEL
    assert app_module._first("faces") == "faces"
    assert app_module._first(str(tmp_path / "a.localedit")) == tmp_path / "a.localedit"


def test_the_gallery_follows_truncation(qtbot: QtBot, editor: Editor) -> None:
    controller: GalleryController = editor.gallery
    gallery = editor.window.gallery
    qtbot.waitUntil(lambda: gallery._model.has_thumbnail(0), timeout=20_000)
    assert editor.document.state is not None
    psi = editor.document.state.psi
    editor.document.set_psi(0.2, final=True)
    latent, generator = Latent(0, 0.2), state_of(editor).model.fingerprint
    qtbot.waitUntil(lambda: (generator, latent) in controller._kept, timeout=20_000)
    old = controller._kept[generator, Latent(0, psi)]
    new = controller._kept[generator, latent]
    assert not np.array_equal(old, new)
    assert editor.sessions.model is not None
    exact = editor.sessions.model.renderer.thumbnail(latent, new.shape[0])
    # It may be in half precision where that is quicker here.
    assert np.abs(exact.astype(int) - new).max() <= 5
    assert np.abs(exact.astype(int) - old).max() > 5
