"""What the command line renders of a session is what the editor shows, pixel for pixel."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from fakes import FakeDialogs
from PIL import Image
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.cli import main
from localedit_gui.app import Editor


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_render_and_edit_make_the_editors_pixels(
    qtbot: QtBot, editor: Editor, model_file: Path, tmp_path: Path
) -> None:
    for part, seed in (("mouth", 77), ("eyes", 12)):
        editor.controller.select_part(part)
        editor.controller.pick_reference(seed)
    settle(qtbot, editor)
    shown = editor.scheduler.last
    assert shown is not None
    assert shown.original is not None
    assert (shown.image != shown.original).any()
    session = tmp_path / "face.localedit"
    editor.set_dialogs(FakeDialogs(save_to=session))
    editor.window.actions_["save_as"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=10_000)
    folder = tmp_path / "pictures"
    assert main(["render", str(session), "--out-dir", str(folder)]) == 0
    np.testing.assert_array_equal(pixels(folder / "face.png"), shown.image)

    state = state_of(editor)
    stack = tmp_path / "stack.json"
    entries = [
        {
            "part": edit.part,
            "reference": edit.reference.seed,
            "epsilon": edit.settings.epsilon,
            "floor": edit.settings.floor,
            "guard": edit.settings.guard,
        }
        for edit in state.edits
    ]
    stack.write_text(json.dumps(entries))
    out = tmp_path / "edited.png"
    command = ["edit", "--model", str(model_file), "--target", str(state.target.seed)]
    command += ["--psi", str(state.psi), "--edits", str(stack), "--out", str(out)]
    assert main(command) == 0
    np.testing.assert_array_equal(pixels(out), shown.image)
