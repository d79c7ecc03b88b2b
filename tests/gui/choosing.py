"""Choosing on the page of generators, as a person does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_gui.app import Editor
from localedit_gui.panels.generators_page import GeneratorsPage
from localedit_gui.widgets.generator_card import GeneratorCard

MakeEditor = Callable[[str | Path], Editor]


def started(qtbot: QtBot, make_editor: MakeEditor, first: str | Path = "alpha") -> Editor:
    editor = make_editor(first)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    qtbot.waitUntil(lambda: bool(editor.generators.page.cards), timeout=20_000)
    return editor


def page(editor: Editor) -> GeneratorsPage:
    editor.window.actions_["generators"].trigger()
    assert editor.generators.page.isVisible()
    return editor.generators.page


def card(editor: Editor, title: str) -> GeneratorCard:
    cards = {card.accessibleName(): card for card in page(editor).cards}
    return cards[title]


def go_to(qtbot: QtBot, editor: Editor, title: str) -> None:
    QTest.mouseClick(card(editor, title).open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state_of(editor).model.name == title.lower()[:-1], timeout=20_000)
    # Where the page was, the pointer may now rest on a reference, which shows itself at once.
    QTest.mouseMove(editor.window.statusBar())
    settle(qtbot, editor)


def work(editor: Editor, seed: int, part: str = "mouth") -> None:
    editor.controller.select_part(part)
    editor.controller.pick_reference(seed)


def texts(card: GeneratorCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]
