"""The evaluation window: measured beside the editor, and equal to the command line."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import pytest
from fakes import FakeDialogs
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from watching import settle

from localedit_core.cli import main
from localedit_gui.app import Editor
from localedit_gui.panels.evaluation_window import EvaluationWindow


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def opened(qtbot: QtBot, editor: Editor, pairs: int = 2) -> EvaluationWindow:
    settle(qtbot, editor)
    editor.window.actions_["evaluation"].trigger()
    window = editor.evaluation.window
    assert window.isVisible()
    window.parts.item(0).setCheckState(Qt.CheckState.Unchecked)  # the eyes
    window.pairs.setValue(pairs)
    return window


def measured(qtbot: QtBot, window: EvaluationWindow) -> None:
    click(window.start)
    assert not window.start.isEnabled()
    qtbot.waitUntil(window.export.isEnabled, timeout=60_000)
    assert window.start.isEnabled()
    assert not window.cancel.isEnabled()


def exported(qtbot: QtBot, editor: Editor, window: EvaluationWindow, path: Path) -> bytes:
    dialogs = FakeDialogs(save_to=path)
    editor.set_dialogs(dialogs)
    click(window.export)
    qtbot.waitUntil(path.exists, timeout=20_000)
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["locality", "frechet"])
def test_it_finds_what_the_copied_command_prints(
    qtbot: QtBot,
    editor: Editor,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    window = opened(qtbot, editor)
    window.kind.setCurrentIndex(window.kind.findData(kind))
    measured(qtbot, window)
    numbers = json.loads(exported(qtbot, editor, window, tmp_path / "found.json"))
    click(window.copy)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "localedit"
    assert "eyes" not in words
    capsys.readouterr()
    assert main([*words[1:], "--processes", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    if kind == "locality":
        assert [part["part"] for part in numbers["parts"]] == ["nose", "mouth"]
        assert numbers == printed
        assert len(window.report.plot.curves) == 3
        assert exported(qtbot, editor, window, tmp_path / "a.png").startswith(b"\x89PNG")
        rows = csv.DictReader(
            exported(qtbot, editor, window, tmp_path / "a.csv").decode().splitlines()
        )
        assert {row["method"] for row in rows} == {"sequential", "simultaneous", "global"}
    else:
        assert numbers["distance"] == pytest.approx(printed["distance"])


def test_a_heat_map_is_seen_for_each_part(
    qtbot: QtBot, editor: Editor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = opened(qtbot, editor)
    window.kind.setCurrentIndex(window.kind.findData("heatmap"))
    assert not window.methods.isVisible()
    measured(qtbot, window)
    report = window.report
    assert report.map.isVisible()
    first = report.map.pixmap().toImage()
    report.part.setCurrentText("mouth")
    assert report.map.pixmap().toImage() != first
    numbers = json.loads(exported(qtbot, editor, window, tmp_path / "maps.json"))
    click(window.copy)
    words = shlex.split(QGuiApplication.clipboard().text())
    words[words.index("--out") + 1] = str(tmp_path / "out")
    capsys.readouterr()
    assert main([*words[1:], "--processes", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)["parts"]
    for name, facts in printed.items():
        assert numbers["parts"][name] == pytest.approx(facts)
    row = [report.table.item(1, column).text() for column in range(2)]
    assert row == ["mouth", f"{printed['mouth']['mean']:.6f}"]


def test_cancelled_it_keeps_the_pairs_that_are_done(qtbot: QtBot, editor: Editor) -> None:
    window = opened(qtbot, editor, pairs=2000)
    click(window.start)
    qtbot.waitUntil(lambda: window.report.report is not None, timeout=30_000)
    click(window.cancel)
    qtbot.waitUntil(window.start.isEnabled, timeout=20_000)
    report = window.report.report
    assert report is not None
    assert 0 < report.done < 2000
    assert report.results[0].pairs == report.done
    assert window.export.isEnabled()


def test_closing_the_window_ends_it_and_keeps_what_is_done(qtbot: QtBot, editor: Editor) -> None:
    window = opened(qtbot, editor, pairs=2000)
    click(window.start)
    qtbot.waitUntil(lambda: window.report.report is not None, timeout=30_000)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    qtbot.waitUntil(lambda: not window.cancel.isEnabled(), timeout=20_000)
    editor.window.actions_["evaluation"].trigger()
    report = window.report.report
    assert report is not None
    assert 0 < report.done < 2000
    assert window.start.isEnabled()
    assert window.export.isEnabled()


def test_another_generator_ends_it(qtbot: QtBot, editor: Editor, other_model_file: Path) -> None:
    window = opened(qtbot, editor, pairs=2000)
    click(window.start)
    qtbot.waitUntil(lambda: window.report.report is not None, timeout=30_000)
    editor.sessions.open_path(other_model_file)
    qtbot.waitUntil(lambda: window.report.report is None, timeout=20_000)
    settle(qtbot, editor)
    assert window.start.isEnabled()
    assert not window.export.isEnabled()
    window.pairs.setValue(2)
    measured(qtbot, window)
    assert window.report.report is not None
    assert window.report.report.model.name == "other"


def test_it_says_how_long_it_takes_and_what_is_missing(qtbot: QtBot, editor: Editor) -> None:
    window = opened(qtbot, editor)
    qtbot.waitUntil(lambda: "It takes about" in window.estimate.text(), timeout=20_000)
    window.parts.tick(False)
    assert not window.start.isEnabled()
    assert not window.copy.isEnabled()
    assert "at least one part" in window.estimate.text()


def test_nothing_can_be_exported_where_nothing_could_be_measured(
    qtbot: QtBot, editor: Editor
) -> None:
    """A Frechet distance needs two pairs."""
    window = opened(qtbot, editor, pairs=1)
    window.kind.setCurrentIndex(window.kind.findData("frechet"))
    click(window.start)
    qtbot.waitUntil(lambda: window.report.report is not None, timeout=30_000)
    qtbot.waitUntil(window.start.isEnabled, timeout=20_000)
    assert not window.export.isEnabled()
    assert window.report.lines.text()
