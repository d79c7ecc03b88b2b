"""The file dialogs themselves, as they come up."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from localedit_gui.dialogs import WindowDialogs
from localedit_gui.evaluation.values import ReportKind

OFFERED = {
    ReportKind.LOCALITY: "Numbers and pictures (*.json *.csv *.png *.pdf)",
    ReportKind.HEATMAP: "Numbers, maps and pictures (*.json *.csv *.png *.pdf *.npz)",
    ReportKind.FRECHET: "Numbers (*.json *.csv)",
}


@pytest.mark.parametrize("kind", ReportKind)
def test_an_evaluation_is_offered_as_what_it_can_be_written_as(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: ReportKind
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    seen: list[tuple[list[str], str]] = []

    def accept(dialog: QFileDialog) -> int:
        seen.append((dialog.nameFilters(), dialog.defaultSuffix()))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", accept)
    path = WindowDialogs(window).ask_save_path(kind, tmp_path / "found.json")
    assert path == tmp_path / "found.json"
    assert seen == [([OFFERED[kind]], "json")]
