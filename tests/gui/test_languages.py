"""Every text has a translation, the window speaks it, and the choice is remembered."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from choosing import MakeEditor
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QGroupBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from localedit_gui import language
from localedit_gui.app import Editor
from localedit_gui.settings import Settings

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "packaging"))

import translations

Entry = tuple[str, str, str, bool]


@pytest.fixture(scope="module")
def german() -> list[Entry]:
    return list(translations.messages(translations.ts_path("de")))


@pytest.fixture
def speaking_german(qapp: QApplication) -> Iterator[None]:
    installed = language.speak(qapp, "de")
    assert len(installed) == 2  # the program's and Qt's own
    yield
    for translator in installed:
        qapp.removeTranslator(translator)


def test_every_text_of_the_program_is_translated(tmp_path: Path) -> None:
    fresh = tmp_path / "localedit_de.ts"
    shutil.copy(translations.ts_path("de"), fresh)
    translations.collect(fresh, "de")
    left = [source for _, source, _, finished in translations.messages(fresh) if not finished]
    assert left == []
    # Nothing is translated that the program does not say any more.
    assert fresh.read_text("utf-8") == translations.ts_path("de").read_text("utf-8")


def test_collecting_finds_every_call(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    translations.collect(fresh, "de")
    found = {source for _, source, _, _ in translations.messages(fresh)}
    quoted = re.compile(r'(?:\.tr|\b_tr)\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]')
    called = {
        text.replace("\\n", "\n").replace('\\"', '"')
        for path in translations.EDITOR.rglob("*.py")
        for text in quoted.findall(path.read_text("utf-8"))
    }
    assert len(called) > 300
    assert called - found == set()


def fields(text: str) -> list[tuple[str, str | None]]:
    return sorted((name, spec) for _, name, spec, _ in Formatter().parse(text) if name is not None)


def test_placeholders_and_access_keys_are_kept(german: list[Entry]) -> None:
    for _, source, text, _ in german:
        assert fields(text) == fields(source), source
        assert text.count("&") == source.count("&"), source
        assert text.count("<") == source.count("<"), source


def test_the_compiled_file_says_the_same(german: list[Entry], qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(translations.ts_path("de").with_suffix(".qm")))
    for context, source, text, _ in german:
        if "%n" not in source:
            assert translator.translate(context, source) == text


def told(window: QWidget) -> set[str]:
    """All that a window says: labels, buttons, titles, tips, names, menu entries."""
    texts: set[str] = set()
    for widget in (window, *window.findChildren(QWidget)):
        texts |= {widget.toolTip(), widget.accessibleName(), widget.windowTitle()}
        if isinstance(widget, (QLabel, QAbstractButton)):
            texts.add(widget.text())
        if isinstance(widget, QGroupBox):
            texts.add(widget.title())
        for action in widget.actions():
            texts |= {action.text(), action.toolTip(), action.statusTip()}
    return texts - {""}


@pytest.mark.usefixtures("speaking_german")
def test_the_window_speaks_german(
    qtbot: QtBot, make_editor: MakeEditor, model_file: Path, german: list[Entry]
) -> None:
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    editor.controller.select_part("mouth")
    editor.controller.pick_reference(5)
    english = {source for _, source, text, _ in german if text != source}
    german_texts = {text for _, _, text, _ in german}
    # Texts that are English in one place and a right German word in another.
    english -= german_texts
    for window in (
        editor.window,
        editor.generators.page,
        editor.library.page,
        editor.workshop.window,
        editor.outcome.boards.board_window,
    ):
        assert told(window) & english == set()
    assert "Bearbeitungen" in {
        dock.windowTitle() for dock in editor.window.findChildren(QDockWidget)
    }
    assert editor.document.undo_stack.undoText() == "Übertragung: mouth von 5"


def test_a_choice_is_remembered_and_said(qtbot: QtBot, editor: Editor) -> None:
    menu = editor.window.language_menu
    (deutsch,) = [action for action in menu.actions() if action.text() == "Deutsch"]
    deutsch.trigger()
    assert editor.settings.language == "de"
    assert editor.window.messages.current is not None
    assert "next" in editor.window.messages.current.text
    editor.settings.sync()
    again = Settings(Path(editor.settings._store.fileName()).parent)
    assert language.chosen_language(again.language) == "de"


@pytest.mark.parametrize(
    ("wanted", "system", "spoken"),
    [
        ("system", ["de-AT"], "de"),
        ("system", ["fr-FR", "de"], "de"),
        ("system", ["fr-FR"], "en"),
        ("system", ["en-GB", "de-DE"], "en"),
        ("de", ["en-GB"], "de"),
        ("xx", ["de-DE"], "de"),
    ],
)
def test_the_language_is_the_one_wanted_or_the_systems(
    monkeypatch: pytest.MonkeyPatch, wanted: str, system: list[str], spoken: str
) -> None:
    class System:
        def uiLanguages(self) -> list[str]:  # noqa: N802
            return system

    monkeypatch.setattr(language.QLocale, "system", System)
    assert language.chosen_language(wanted) == spoken


def test_without_a_translation_nothing_is_installed(qapp: QCoreApplication) -> None:
    assert language.speak(qapp, "en") == ()
