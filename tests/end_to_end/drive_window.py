"""Plays a person at the editor's real window; run by ``test_first_session.py``.

    drive_window.py first FOLDER     do the first transfer that the card suggests, save, close
    drive_window.py reopen FOLDER    open what was saved, export, close

Writes what it saw into the folder: pictures as .npy, facts as .json, the screen as .png.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from localedit_core.editing.request import RenderResult
from localedit_core.first_session import first_card
from localedit_gui.app import FIRST_MODEL, Editor
from localedit_gui.settings import state_folder

_, TRANSFER = first_card()


class Answers:
    """Answers dialogs with one path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def ask_open_path(self, folder: Path) -> Path | None:
        return self.path

    def ask_save_path(self, kind: str, suggestion: Path) -> Path | None:
        return self.path

    def ask_unsaved(self, name: str) -> str:
        raise AssertionError("nothing should be unsaved")

    def ask_seed(self, current: int) -> int | None:
        return None

    def show_about(self, text: str) -> None:
        pass


class Person:
    """Looks at the window, points and clicks."""

    def __init__(self, app: QApplication, folder: Path, first: str | Path) -> None:
        self.app = app
        self.folder = folder
        self.facts: dict[str, object] = {"platform": app.platformName()}
        self.editor = Editor(app, state_folder())
        self.window = self.editor.window
        self.window.messages.message_shown.connect(self._read)
        self.messages: list[str] = []
        begun = time.perf_counter()
        self.editor.start(first)
        QTest.qWaitForWindowExposed(self.window, 20_000)
        self.wait(lambda: self.editor.scheduler.last is not None)
        self.facts["seconds_to_first_picture"] = round(time.perf_counter() - begun, 2)
        self.settled()

    def _read(self, text: str) -> None:
        self.messages.append(text)

    def wait(self, until: Callable[[], bool], seconds: float = 90.0) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(f"still waiting; messages so far: {self.messages}")
            self.app.processEvents()
            time.sleep(0.005)

    def settled(self) -> RenderResult:
        self.wait(self.editor.scheduler.is_settled)
        last = self.editor.scheduler.last
        assert last is not None
        return last

    def canvas_pixels(self) -> np.ndarray:
        """The canvas as it is on the screen, [H, W, 4]."""
        self.app.processEvents()
        image = self.window.canvas.grab().toImage()
        stride = image.bytesPerLine()
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), stride)
        return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()

    def move(self, widget: QWidget, place: QPoint) -> None:
        QTest.mouseMove(widget, place + QPoint(1, 1))
        QTest.mouseMove(widget, place)

    def click(self, widget: QWidget, place: QPoint) -> None:
        self.move(widget, place)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)

    def trigger(self, name: str) -> None:
        self.window.actions_[name].trigger()

    def keep(self, name: str, result: RenderResult) -> None:
        np.save(self.folder / f"{name}.npy", result.image)

    def screenshot(self, name: str) -> None:
        self.app.processEvents()
        self.window.grab().save(str(self.folder / f"{name}.png"))

    def leave(self, name: str) -> None:
        self.window.close()
        self.wait(lambda: not self.window.isVisible())
        self.editor.stop()
        self.facts["messages"] = self.messages
        (self.folder / f"{name}.json").write_text(json.dumps(self.facts))


def first_session(app: QApplication, folder: Path) -> None:
    person = Person(app, folder, FIRST_MODEL)
    window, gallery = person.window, person.window.gallery
    person.keep("original", person.settled())
    person.facts["hint"] = window.hint.text()
    person.wait(lambda: gallery._model.has_thumbnail(TRANSFER.reference))

    person.click(window.canvas, window.canvas.part_position(TRANSFER.part))
    person.settled()
    before = person.canvas_pixels()
    viewport, place = gallery.view.viewport(), gallery.seed_position(TRANSFER.reference)
    person.move(viewport, place)
    person.keep("hovered", person.settled())
    person.facts["screen_changed"] = bool((person.canvas_pixels() != before).any())
    assert person.editor.document.state is not None
    person.facts["edits_while_hovering"] = len(person.editor.document.state.edits)
    person.click(viewport, place)
    picked = person.settled()
    person.keep("picked", picked)
    assert picked.measures is not None
    person.facts["in_mse"] = picked.measures.in_mse
    person.facts["out_mse"] = picked.measures.out_mse
    person.screenshot("picked-window")
    person.trigger("overlay_difference")
    person.screenshot("difference-window")

    person.editor.set_dialogs(Answers(folder / "face.localedit"))
    person.trigger("save_as")
    person.wait(lambda: not person.editor.document.modified)
    person.facts["title"] = window.windowTitle()
    person.leave("first")


def reopen(app: QApplication, folder: Path) -> None:
    person = Person(app, folder, folder / "face.localedit")
    assert person.editor.document.state is not None
    person.facts["edits"] = [
        [edit.part, edit.reference.seed] for edit in person.editor.document.state.edits
    ]
    person.keep("reopened", person.settled())
    for action, name in (("export", "face.png"), ("export_difference", "face-diff.png")):
        person.editor.set_dialogs(Answers(folder / name))
        person.trigger(action)
        person.wait(lambda name=name: f"Exported {name}." in person.messages)
    person.screenshot("reopened-window")
    person.leave("reopen")


if __name__ == "__main__":
    {"first": first_session, "reopen": reopen}[sys.argv[1]](QApplication([]), Path(sys.argv[2]))
