"""The page of generators: cards, what they open on, and what may be wrong with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bundled import ALPHA, BETA, PSI
from choosing import MakeEditor, card, page, started, texts, work
from conftest import write_model
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_gui.app import Editor


@pytest.fixture
def editor(qtbot: QtBot, bundled: Path, make_editor: MakeEditor) -> Editor:
    return started(qtbot, make_editor)


def test_each_bundled_generator_is_a_card_with_picture_sentence_and_examples(
    editor: Editor,
) -> None:
    cards = page(editor).cards
    assert [card.accessibleName() for card in cards] == ["Alphas", "Betas"]
    for shown in cards:
        assert shown.accessibleDescription() in texts(shown)
        assert any(not label.pixmap().isNull() for label in shown.findChildren(QLabel))
        assert [button.text() for button in shown.examples] == ["One", "Two", "Three"]
        assert not any(button.icon().isNull() for button in shown.examples)
    assert "On screen" in texts(cards[0])
    assert [action.text() for action in editor.window.models_menu.actions()] == [
        "&1 Alphas",
        "&2 Betas",
    ]


def test_the_page_is_used_by_keys_alone(qtbot: QtBot, editor: Editor) -> None:
    window = editor.window
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    shown = editor.generators.page
    assert shown.isVisible()
    buttons = [b for b in shown.findChildren(QAbstractButton) if b.isVisibleTo(shown)]
    assert all(button.accessibleName() or button.text() for button in buttons)
    reached = set()
    for _ in range(3 * len(buttons)):
        focus = shown.focusWidget()
        if isinstance(focus, QAbstractButton):
            reached.add(focus)
        QTest.keyClick(focus or shown, Qt.Key.Key_Tab)
    assert reached == set(buttons)
    shown.cards[1].open.setFocus()
    QTest.keyClick(shown.cards[1].open, Qt.Key.Key_Return)
    assert not shown.isVisible()
    qtbot.waitUntil(lambda: state_of(editor).model.name == "beta", timeout=20_000)
    page(editor)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_a_generator_opens_on_what_was_chosen_for_it(
    qtbot: QtBot, bundled: Path, make_editor: MakeEditor, name: str
) -> None:
    editor = started(qtbot, make_editor, name)
    wanted = {"alpha": ALPHA, "beta": BETA}[name]
    state = state_of(editor)
    assert (state.target.seed, state.target.psi, state.psi) == (wanted.first_target, PSI, PSI)
    assert state.favourites == wanted.favourites
    gallery = editor.window.gallery
    model = gallery.view.model()
    first = [int(model.index(row, 0).data()) for row in range(len(wanted.gallery))]
    assert first == list(wanted.gallery)
    assert model.rowCount() == 10_000  # the others follow
    assert not editor.document.modified
    gallery.only_favourites.setChecked(True)
    assert model.rowCount() == len(wanted.favourites)


def test_one_bundled_generator_is_enough(
    qtbot: QtBot, bundled: Path, make_editor: MakeEditor
) -> None:
    for file in [*bundled.glob("beta*"), *bundled.glob("examples/beta*")]:
        file.unlink()
    editor = started(qtbot, make_editor)
    assert [card.accessibleName() for card in page(editor).cards] == ["Alphas"]


@pytest.mark.parametrize("damage", ["missing", "garbled", "no picture"])
def test_a_bad_card_is_told_and_its_generator_opens_all_the_same(
    qtbot: QtBot, bundled: Path, make_editor: MakeEditor, damage: str
) -> None:
    file = bundled / ("beta.card.png" if damage == "no picture" else "beta.card.json")
    if damage == "garbled":
        file.write_text('{"title": 3}')
    else:
        file.unlink()
    editor = started(qtbot, make_editor)
    title = "Betas" if damage == "no picture" else "beta"
    bad = card(editor, title)
    assert any(file.name in text for text in texts(bad))
    assert bad.examples == [] or damage == "no picture"
    assert "Small pictures of alphas." in texts(card(editor, "Alphas"))
    bad.open.click()
    qtbot.waitUntil(lambda: state_of(editor).model.name == "beta", timeout=20_000)
    settle(qtbot, editor)
    if damage != "no picture":
        message = editor.window.messages.current
        assert message is not None
        assert message.kind == "warning"
        assert file.name in message.text


def test_a_damaged_example_is_told_and_the_others_open(
    qtbot: QtBot, bundled: Path, make_editor: MakeEditor
) -> None:
    file = bundled / "examples" / "alpha-two.localedit"
    file.write_bytes(file.read_bytes()[:100])
    (bundled / "examples" / "alpha-three.localedit").unlink()
    editor = started(qtbot, make_editor)
    shown = card(editor, "Alphas")
    assert [button.isEnabled() for button in shown.examples] == [True, False, False]
    for name in ("alpha-two.localedit", "alpha-three.localedit"):
        assert any(name in text for text in texts(shown))
    shown.examples[0].click()
    qtbot.waitUntil(lambda: state_of(editor).target.seed == 40, timeout=20_000)


def test_an_example_of_other_weights_is_told_and_nothing_is_lost(
    qtbot: QtBot, bundled: Path, make_editor: MakeEditor
) -> None:
    shutil.copy(
        bundled / "examples" / "beta-one.localedit", bundled / "examples" / "alpha-one.localedit"
    )
    write_model(bundled / "beta.safetensors", 77)
    editor = started(qtbot, make_editor)
    work(editor, 7)
    before = state_of(editor)
    card(editor, "Betas").examples[0].click()
    bar = editor.window.messages
    qtbot.waitUntil(lambda: bar.current is not None, timeout=20_000)
    assert bar.current is not None
    assert "was made with" in bar.current.text
    assert state_of(editor) == before
