"""The evaluation window: measured beside the editor, and equal to the command line."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeDialogs
from numpy.typing import NDArray
from painted import pixels
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.cli import main
from localedit_gui import language
from localedit_gui.app import Editor
from localedit_gui.panels.evaluation_window import EvaluationWindow


def click(widget: QWidget, place: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())


def picture(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What is in nested lists and objects, by its path."""
    if not isinstance(tree, dict | list):
        yield path, tree
        return
    for name, branch in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from leaves(branch, f"{path}/{name}")


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
    numbers = json.loads(exported(qtbot, editor, window, tmp_path / "found.JSON"))
    click(window.copy)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "localedit"
    assert "eyes" not in words
    capsys.readouterr()
    written = tmp_path / "written"
    more = ["--out", str(written)] if kind == "locality" else []
    assert main([*words[1:], *more, "--processes", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    if kind == "locality":
        assert [part["part"] for part in numbers["parts"]] == ["nose", "mouth"]
        assert numbers == printed
        assert len(window.report.plot.curves) == 3
        exported(qtbot, editor, window, tmp_path / "a.PNG")
        of_all_parts = picture(written / "locality.png")
        assert (picture(tmp_path / "a.PNG") == of_all_parts).all()
        remarks = window.report.lines.toPlainText().splitlines()
        for part in printed["parts"]:  # whichever of them is shown
            mine = [line for line in remarks if line.startswith(f"{part['part']}: ")]
            assert len(mine) == len(part["not_below"])
            for line, told in zip(mine, part["not_below"], strict=True):
                assert re.findall(r"In-MSE ([\d.]+\d)", line) == re.findall(
                    r"In-MSE ([\d.]+\d)", told
                )
                assert [r for r in ("Simultaneous", "Global") if r.lower() in told] == [
                    r for r in ("Simultaneous", "Global") if r in line
                ]
        behind = [part["part"] for part in printed["parts"] if part["not_below"]]
        assert remarks[0].endswith(f"in {len(behind)} of 2 parts: {', '.join(behind)}.")
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
    exported(qtbot, editor, window, tmp_path / "maps.npz")
    with np.load(tmp_path / "maps.npz") as here, np.load(tmp_path / "out" / "heatmap.npz") as there:
        assert here["parts"].tolist() == list(printed)
        np.testing.assert_allclose(here["error"], there["error"], rtol=1e-6)
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


def test_a_cancelled_run_is_gone_on_with(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    """What it finds is what a run finds that nobody broke off."""
    window = opened(qtbot, editor, pairs=2000)
    assert not window.go_on.isEnabled()
    click(window.start)
    qtbot.waitUntil(lambda: window.report.report is not None, timeout=30_000)
    assert not window.go_on.isEnabled()
    click(window.cancel)
    qtbot.waitUntil(window.go_on.isEnabled, timeout=20_000)
    report = window.report.report
    assert report is not None
    assert window.estimate.text() == f"Stopped after {report.done} of 2000 pairs."
    window.seed.setValue(window.seed.value() + 1)
    assert not window.go_on.isEnabled()  # those are other pairs
    window.seed.setValue(window.seed.value() - 1)
    window.pairs.setValue(report.done + 3)
    qtbot.waitUntil(lambda: ", to go on" in window.estimate.text(), timeout=20_000)
    shown: list[int] = []
    window.progress.valueChanged.connect(shown.append)
    click(window.go_on)
    qtbot.waitUntil(window.export.isEnabled, timeout=60_000)
    assert min(shown) >= report.done
    assert max(shown) == report.done + 3
    assert not window.go_on.isEnabled()  # nothing is missing
    found = json.loads(exported(qtbot, editor, window, tmp_path / "gone_on.json"))
    measured(qtbot, window)
    at_once = json.loads(exported(qtbot, editor, window, tmp_path / "at_once.json"))
    assert found["parts"][0]["pairs"] == report.done + 3
    expected = dict(leaves(at_once))
    for where, value in leaves(found):
        other = expected.pop(where)
        assert value == (pytest.approx(other, rel=1e-9) if isinstance(other, float) else other)
    assert not expected


def test_the_editor_settles_edits_while_it_runs(qtbot: QtBot, editor: Editor) -> None:
    main_window, canvas = editor.window, editor.window.canvas
    click(canvas, canvas.part_position("mouth"))
    gallery = main_window.gallery
    click(gallery.view.viewport(), gallery.seed_position(gallery.seeds()[1]))
    QTest.mouseMove(main_window.statusBar())
    settle(qtbot, editor)
    whole = pixels(canvas)

    def weakened() -> tuple[float, NDArray[np.uint8]]:
        for _ in range(3):
            QTest.keyClick(main_window.budget.strength.slider, Qt.Key.Key_PageDown)
        main_window.budget.commit_pending()
        settle(qtbot, editor)
        return state_of(editor).edits[0].strength, pixels(canvas)

    strength, alone = weakened()
    assert strength < 1.0
    assert (alone != whole).any()
    main_window.actions_["undo"].trigger()
    settle(qtbot, editor)
    assert (pixels(canvas) == whole).all()

    window = opened(qtbot, editor, pairs=2000)
    click(window.start)
    qtbot.waitUntil(lambda: window.report.report is not None, timeout=30_000)
    again, meanwhile = weakened()
    assert window.cancel.isEnabled()  # it runs still
    assert window.report.report is not None
    assert window.report.report.done < 2000
    assert again == strength
    assert (meanwhile == alone).all()
    click(window.cancel)
    qtbot.waitUntil(window.start.isEnabled, timeout=20_000)


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_three_methods_fit_beside_each_other(
    qtbot: QtBot,
    qapp: QApplication,
    make_editor: Callable[[str | Path], Editor],
    model_file: Path,
    spoken: str,
) -> None:
    installed = language.speak(qapp, spoken)
    editor = make_editor(model_file)
    for translator in installed:
        qapp.removeTranslator(translator)
    window = opened(qtbot, editor)
    measured(qtbot, window)
    table = window.report.table
    assert table.columnCount() == 4
    assert "(" in table.item(0, 2).text()  # with its interval
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.verticalHeader().length() <= table.viewport().height()


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
    assert window.report.lines.toPlainText()
