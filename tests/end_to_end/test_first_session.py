"""The first session of a newcomer, in a real window: point, pick, compare, save, reopen, export."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from localedit_core.first_session import first_card
from localedit_core.session.png import read_png_session

DRIVER = Path(__file__).with_name("drive_window.py")


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a program that can open a window."""
    env = {**os.environ, "LOCALEDIT_STATE_DIR": str(tmp_path / "state")}
    env.pop("QT_QPA_PLATFORM", None)
    if not sys.platform.startswith("linux"):
        yield env
        return
    env["QT_QPA_PLATFORM"] = "xcb"
    server = shutil.which("Xvfb")
    if server is None:
        if not os.environ.get("DISPLAY"):
            pytest.skip("there is neither Xvfb nor a display to open a window on")
        yield env
        return
    process = subprocess.Popen(
        [server, "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        number = process.stdout.readline().strip()
    try:
        yield {**env, "DISPLAY": f":{number}"}
    finally:
        process.terminate()
        process.wait()


def drive(verb: str, folder: Path, env: dict[str, str]) -> dict[str, object]:
    """Run the driver; returns the facts it wrote down."""
    done = subprocess.run(
        [sys.executable, str(DRIVER), verb, str(folder)],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr  # an error in a slot does not end Qt
    facts = json.loads((folder / f"{verb}.json").read_text())
    assert isinstance(facts, dict)
    return facts


def picture(folder: Path, name: str) -> NDArray[np.uint8]:
    return np.asarray(np.load(folder / f"{name}.npy", allow_pickle=False))


def test_the_first_session(display: dict[str, str], tmp_path: Path) -> None:
    _, transfer = first_card()
    folder = tmp_path / "work"
    folder.mkdir()
    first = drive("first", folder, display)
    if sys.platform.startswith("linux"):
        assert first["platform"] == "xcb"
    assert first["hint"] == "Click a part, then hover a reference."
    assert first["screen_changed"] is True
    assert first["edits_while_hovering"] == 0
    assert first["title"] == "face[*] – LocalEdit"
    original, picked = picture(folder, "original"), picture(folder, "picked")
    assert np.array_equal(picture(folder, "hovered"), picked)
    assert not np.array_equal(picked, original)
    # The part changed more than the rest did.
    assert float(str(first["in_mse"])) > 2 * float(str(first["out_mse"]))
    for name in ("picked-window", "difference-window"):
        with Image.open(folder / f"{name}.png") as window:
            assert min(window.size) > 600
            assert np.asarray(window.convert("L")).std() > 10  # something is on it

    second = drive("reopen", folder, display)
    assert second["edits"] == [[transfer.part, transfer.reference]]
    assert np.array_equal(picture(folder, "reopened"), picked)
    with Image.open(folder / "face.png") as exported:
        assert np.array_equal(np.asarray(exported), picked)
    session = read_png_session(folder / "face.png")
    assert [(e.part, e.reference.seed) for e in session.state.edits] == [
        (transfer.part, transfer.reference)
    ]
    with Image.open(folder / "face-diff.png") as difference:
        assert np.asarray(difference.convert("RGB")).std() > 0
