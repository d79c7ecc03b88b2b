"""Takes the README's pictures of the main window anew, without a screen.

    python packaging/screenshots.py [--out FOLDER]

Writes transfer.png, difference.png and rooms.png: a mouth from another face, the same as a diff
map, and a room with three parts from other rooms.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from localedit_gui.app import Editor

SIZE = 1380, 900
RESOURCES = Path(__file__).resolve().parents[1] / "resources"
MODELS, OUT = RESOURCES / "localedit_resources" / "models", RESOURCES / "screenshots"
PATIENCE = 120.0  # seconds
GALLERY_MS = 8_000
"""How long the gallery takes to fill, and messages to fade."""

ROOM = {"cover": 31, "pillows": 66, "curtains": 52}
"""Part -> seed of the room that it comes from."""


def rest(milliseconds: int) -> None:
    """Let the editor work. (QTest's own waiting would keep the interpreter from its threads.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(until: Callable[[], bool]) -> None:
    """Let the editor work until something has come true."""
    end = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > end:
            raise SystemExit("The editor did not come to rest.")
        rest(20)


class Sitting:
    """An editor with one generator, as somebody meets it."""

    def __init__(self, app: QApplication, folder: Path, model: str) -> None:
        self.editor = Editor(app, folder)
        self.window = self.editor.window
        self.window.resize(*SIZE)
        shown: list[object] = []
        self.editor.scheduler.shown.connect(shown.append)
        self.editor.start(MODELS / f"{model}.safetensors")
        wait(lambda: bool(shown))
        self.settle()

    def settle(self) -> None:
        """Wait for the whole picture."""
        wait(self.editor.scheduler.is_settled)

    def transfer(self, part: str, seed: int) -> None:
        """Take a part from another picture."""
        self.editor.controller.select_part(part)
        self.editor.controller.pick_reference(seed)
        self.settle()

    def save(self, path: Path) -> None:
        """Write what the window shows once all of it is there."""
        wait(lambda: bool(self.window.budget.trade_off.points))
        rest(GALLERY_MS)
        self.window.grab().save(str(path))
        print(f"wrote {path}")

    def end(self) -> None:
        """Close it and throw away what was made."""
        self.window.close_for_good()
        self.editor.stop()


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Take the README's pictures.")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        faces = Sitting(app, Path(folder, "faces"), "faces")
        faces.transfer("mouth", 27)
        faces.save(out / "transfer.png")
        faces.window.actions_["overlay_difference"].trigger()
        faces.save(out / "difference.png")
        faces.end()
        rooms = Sitting(app, Path(folder, "rooms"), "rooms")
        for part, seed in ROOM.items():
            rooms.transfer(part, seed)
        rooms.save(out / "rooms.png")
        rooms.end()


if __name__ == "__main__":
    main()
