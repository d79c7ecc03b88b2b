"""What the last picture spent where."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from watching import settle

from localedit_gui.app import Editor
from localedit_gui.latency import Latency, latency_report


def test_it_follows_the_picture_and_can_be_copied(qtbot: QtBot, editor: Editor) -> None:
    editor.window.actions_["latency"].trigger()
    window = editor.latency.latency_window
    assert window.isVisible()
    assert "edits: 0" in window.text()
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(7)
    settle(qtbot, editor)
    qtbot.waitUntil(lambda: "edits: 1, guarded: 1" in window.text(), timeout=10_000)
    text = window.text()
    last = editor.scheduler.last
    assert last is not None
    for name, seconds in last.seconds.items():
        assert re.search(rf"^{name} +{1000 * seconds:.1f} ms$", text, re.MULTILINE)
    assert "stylegan2, 32 px" in text
    assert "torch" in text
    QTest.mouseClick(window.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text


def test_steps_add_up_and_what_is_not_known_says_so() -> None:
    latency = Latency((("styles", 0.001), ("synthesis", 0.0405)), "", (("preview", None),))
    text = latency_report(latency, "CPU")
    assert "all            41.5 ms" in text
    assert "preview picture: not measured" in text
