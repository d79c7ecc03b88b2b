"""Choosing generators and examples, and going back to what was left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bundled import ALPHA, BETA, PSI, add_card
from conftest import write_model
from fakes import REFERENCE, FakeDialogs, fake_model, fake_state
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core import library
from localedit_core.session.storage import load_session
from localedit_gui.app import Editor
from localedit_gui.core_jobs import Opened
from localedit_gui.panels.generators_page import GeneratorsPage
from localedit_gui.widgets.generator_card import GeneratorCard

MakeEditor = Callable[[str | Path], Editor]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundled")
    for seed, (name, shown) in enumerate((("alpha", ALPHA), ("beta", BETA))):
        add_card(write_model(folder / f"{name}.safetensors", 10 + seed), shown)
    return folder


@pytest.fixture
def bundled(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder, as the one that came with the program."""
    folder = tmp_path / "models"
    shutil.copytree(built, folder)
    monkeypatch.setattr(library, "models_folder", lambda: folder)
    return folder


def started(qtbot: QtBot, make_editor: MakeEditor, first: str | Path = "alpha") -> Editor:
    editor = make_editor(first)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    qtbot.waitUntil(lambda: bool(editor.generators.page.cards), timeout=20_000)
    return editor


@pytest.fixture
def editor(qtbot: QtBot, bundled: Path, make_editor: MakeEditor) -> Editor:
    return started(qtbot, make_editor)


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
    settle(qtbot, editor)


def work(editor: Editor, seed: int, part: str = "mouth") -> None:
    editor.controller.select_part(part)
    editor.controller.pick_reference(seed)


def texts(card: GeneratorCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]


# Cards -----------------------------------------------------------------------------------------


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


# Going there and back --------------------------------------------------------------------------


def test_going_back_finds_everything_as_it_was_left(qtbot: QtBot, editor: Editor) -> None:
    gallery = editor.window.gallery
    work(editor, 7)
    work(editor, 8, "nose")
    editor.window.actions_["undo"].trigger()
    editor.controller.select_part("eyes")
    before, picture = state_of(editor), settle(qtbot, editor).image
    gallery.jump.setValue(4000)
    place = gallery.view.verticalScrollBar().value()
    assert place > 0

    dialogs = FakeDialogs()
    editor.set_dialogs(dialogs)
    go_to(qtbot, editor, "Betas")
    assert state_of(editor).edits == ()
    assert not editor.window.actions_["undo"].isEnabled()
    assert not editor.window.isWindowModified()
    assert gallery.view.verticalScrollBar().value() == 0
    work(editor, 3)
    assert "As you left it · unsaved changes" in texts(card(editor, "Alphas"))

    go_to(qtbot, editor, "Alphas")
    assert dialogs.asked == []  # nothing was lost, so there was nothing to ask
    assert state_of(editor) == before
    assert np.array_equal(settle(qtbot, editor).image, picture)
    assert editor.controller.selected_part == "eyes"
    assert gallery.view.verticalScrollBar().value() == place
    assert editor.window.isWindowModified()
    editor.window.actions_["redo"].trigger()
    assert [edit.part for edit in state_of(editor).edits] == ["mouth", "nose"]
    for _ in range(2):
        editor.window.actions_["undo"].trigger()
    assert state_of(editor).edits == ()
    assert not editor.window.actions_["undo"].isEnabled()
    assert not editor.window.isWindowModified()

    go_to(qtbot, editor, "Betas")
    assert [edit.reference.seed for edit in state_of(editor).edits] == [3]


def test_a_slider_that_has_not_come_to_rest_belongs_to_the_session_that_is_left(
    qtbot: QtBot, editor: Editor
) -> None:
    work(editor, 7)
    go_to(qtbot, editor, "Betas")
    work(editor, 7)
    strength = editor.window.budget.strength
    strength.slider.triggerAction(strength.slider.SliderAction.SliderPageStepSub)
    moved = strength.value()
    assert moved < 1
    go_to(qtbot, editor, "Alphas")
    assert [edit.strength for edit in state_of(editor).edits] == [1.0]
    go_to(qtbot, editor, "Betas")
    assert [edit.strength for edit in state_of(editor).edits] == [moved]


def test_a_generators_own_file_is_also_open_and_can_be_gone_back_to(
    qtbot: QtBot, editor: Editor, model_file: Path
) -> None:
    editor.sessions.open_path(model_file)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "tiny", timeout=20_000)
    work(editor, 4)
    left = state_of(editor)
    go_to(qtbot, editor, "Betas")
    (button,) = page(editor).others
    assert "tiny" in button.text()
    assert "unsaved" in button.text()
    button.click()
    assert state_of(editor) == left
    editor.sessions.open_bundled("beta")
    editor.sessions.open_path(model_file)  # the same as going back
    qtbot.waitUntil(lambda: state_of(editor).model.name == "tiny", timeout=20_000)
    assert state_of(editor) == left


def test_a_save_that_ends_after_the_session_was_left_counts_for_that_session(
    qtbot: QtBot, editor: Editor, tmp_path: Path, state_folder: Path
) -> None:
    path = tmp_path / "a.localedit"
    go_to(qtbot, editor, "Betas")
    go_to(qtbot, editor, "Alphas")
    work(editor, 7)
    editor.set_dialogs(FakeDialogs(save_to=path))
    editor.sessions.save()
    editor.sessions.open_bundled("beta")  # before the worker could begin
    assert state_of(editor).model.name == "beta"
    work(editor, 3)
    qtbot.waitUntil(path.exists, timeout=20_000)
    settle(qtbot, editor)
    assert editor.document.path is None
    assert editor.document.modified
    go_to(qtbot, editor, "Alphas")
    assert editor.document.path == path
    assert not editor.document.modified
    kept = [load_session(f).state.model.name for f in state_folder.glob("recovery/*.localedit")]
    assert kept == ["beta"]


def test_generators_left_long_ago_are_closed_but_never_with_unsaved_work(
    qtbot: QtBot, editor: Editor
) -> None:
    work(editor, 7)
    for number in range(9):
        reference = replace(REFERENCE, fingerprint=f"{number:064d}")
        model = replace(fake_model(), reference=reference)
        state = replace(fake_state(number), model=reference)
        editor.sessions._take(Opened(model, state, fresh=True))
        settle(qtbot, editor)
    names = [workspace.model.reference.name for workspace in editor.workspaces.others]
    assert 3 <= len(names) <= 7
    assert "alpha" in names
    go_to(qtbot, editor, "Alphas")
    assert [edit.reference.seed for edit in state_of(editor).edits] == [7]
    assert editor.document.history.stacks()  # and the others' histories are gone with them
    assert len(editor.document.history.stacks()) == 1 + len(editor.workspaces.others)


def test_closing_asks_about_every_session_with_changes(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    work(editor, 7)
    go_to(qtbot, editor, "Betas")
    work(editor, 3)
    dialogs = FakeDialogs(unsaved="cancel")
    editor.set_dialogs(dialogs)
    editor.window.close()
    assert dialogs.asked == ["unsaved"]
    assert editor.window.isVisible()

    paths = iter([tmp_path / "b.localedit", tmp_path / "a.localedit"])

    class Saving(FakeDialogs):
        def ask_save_path(self, kind: str, suggestion: Path) -> Path | None:
            return next(paths)

    editor.set_dialogs(Saving(unsaved="save"))
    editor.window.close()
    qtbot.waitUntil(lambda: not editor.window.isVisible(), timeout=20_000)
    for name, seed in (("b", 3), ("a", 7)):
        saved = load_session(tmp_path / f"{name}.localedit").state
        assert [edit.reference.seed for edit in saved.edits] == [seed]


# Examples --------------------------------------------------------------------------------------


def test_an_example_opens_as_a_copy_that_asks_where_to_be_saved(
    qtbot: QtBot, editor: Editor, bundled: Path, tmp_path: Path
) -> None:
    file = bundled / "examples" / "beta-two.localedit"
    content = file.read_bytes()
    QTest.mouseClick(card(editor, "Betas").examples[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "beta", timeout=20_000)
    settle(qtbot, editor)
    assert state_of(editor).target.seed == 41
    assert [(e.part, e.reference.seed) for e in state_of(editor).edits] == [("mouth", 5)]
    assert editor.window.windowTitle() == "Two[*] – LocalEdit"
    assert not editor.document.modified
    assert editor.document.path is None
    assert file not in editor.settings.recent
    editor.controller.set_target(99)
    dialogs = FakeDialogs(save_to=tmp_path / "mine.localedit")
    editor.set_dialogs(dialogs)
    editor.window.actions_["save"].trigger()
    qtbot.waitUntil(lambda: not editor.document.modified, timeout=20_000)
    assert dialogs.asked == ["save session"]
    assert file.read_bytes() == content


def test_a_bundled_example_opened_as_a_file_is_a_copy_too(
    qtbot: QtBot, editor: Editor, bundled: Path
) -> None:
    editor.sessions.open_path(bundled / "examples" / "alpha-one.localedit")
    qtbot.waitUntil(lambda: state_of(editor).target.seed == 40, timeout=20_000)
    assert editor.document.path is None
    assert editor.document.name == "alpha-one"


@pytest.mark.parametrize("answered", ["cancel", "discard"])
def test_an_example_takes_the_place_of_its_own_generators_session_only(
    qtbot: QtBot, editor: Editor, answered: str
) -> None:
    work(editor, 7)
    left = state_of(editor)
    dialogs = FakeDialogs(unsaved=answered)
    editor.set_dialogs(dialogs)
    card(editor, "Betas").examples[0].click()
    qtbot.waitUntil(lambda: state_of(editor).model.name == "beta", timeout=20_000)
    assert dialogs.asked == []
    card(editor, "Alphas").examples[2].click()
    qtbot.waitUntil(lambda: dialogs.asked == ["unsaved"], timeout=20_000)
    # What is asked about is what is seen.
    assert state_of(editor).model.name == "alpha"
    settle(qtbot, editor)
    if answered == "cancel":
        assert state_of(editor) == left
    else:
        assert state_of(editor).target.seed == 42


# What may be wrong -----------------------------------------------------------------------------


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


# After a crash ---------------------------------------------------------------------------------

VICTIM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from localedit_gui.app import Editor

app = QApplication([])
editor = Editor(app, Path(sys.argv[3]))
first, second = Path(sys.argv[1]), Path(sys.argv[2])
editor.start(first)
written = []

def count():
    written.append(1)
    if len(written) == 2:
        print("kept", flush=True)

editor.autosave.written.connect(count)

def work(result):
    state = editor.document.state
    if result.stage != "measured" or editor.document.modified:
        return
    if state.model.name == first.stem:
        editor.controller.set_target(33)
        editor.sessions.open_path(second)
    else:
        editor.controller.set_target(44)

editor.scheduler.shown.connect(work)
app.exec()
"""


def button(editor: Editor, text: str) -> QPushButton | None:
    for found in editor.window.messages.findChildren(QPushButton):
        if found.text() == text and found.isVisible():
            return found
    return None


def test_a_crash_loses_neither_of_two_sessions(
    qtbot: QtBot,
    make_editor: MakeEditor,
    model_file: Path,
    other_model_file: Path,
    state_folder: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(model_file), str(other_model_file), str(state_folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
        process.kill()
        process.wait()
    assert line == "kept\n"
    editor = make_editor(model_file)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    offered: list[str] = []
    for _ in range(2):
        qtbot.waitUntil(lambda: button(editor, "Bring it back") is not None, timeout=20_000)
        restore = button(editor, "Bring it back")
        assert restore is not None
        message = editor.window.messages.current
        assert message is not None
        offered.append(message.text)
        before = state_of(editor)
        restore.click()
        qtbot.waitUntil(lambda before=before: state_of(editor) != before, timeout=20_000)
    assert {name for text in offered for name in ("tiny", "other") if name in text} == {
        "tiny",
        "other",
    }
    found = {state_of(editor).model.name: state_of(editor).target.seed}
    (other,) = editor.workspaces.others
    assert other.sheet.modified
    editor.workspaces.enter(other.model)
    found[state_of(editor).model.name] = state_of(editor).target.seed
    assert found == {"tiny": 33, "other": 44}
    assert editor.document.modified
