"""The catalog workshop's last steps: checks, trials, the shelf, the editor, and work unsaved."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from benches import answer, measured, name, naming, parts, press, state
from fakes import FakeDialogs
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from watching import settle, state_of

from localedit_core.catalog import storage
from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import load_generator
from localedit_core.editing.edit import Edit
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.checking import UNSEEN_SEEDS
from localedit_core.latents import Latent
from localedit_core.models.catalog_shelf import CatalogShelf
from localedit_core.models.store import MODELS_VARIABLE
from localedit_gui.app import Editor
from localedit_gui.panels.catalog_workshop import CHECK, NAME, SAVE, CatalogWorkshop


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "library"))
    return tmp_path / "library"


def dialogs(editor: Editor, **answers: object) -> FakeDialogs:
    fake = FakeDialogs(**answers)  # type: ignore[arg-type]
    editor.set_dialogs(fake)
    return fake


def named(qtbot: QtBot, editor: Editor) -> CatalogWorkshop:
    """A bench with the parts sky and mouth, whose M is known."""
    window = naming(qtbot, editor)
    name(window, 1, "sky")
    name(window, 3, "mouth")
    measured(qtbot, editor)
    return window


def save(qtbot: QtBot, editor: Editor, text: str = "Mine") -> None:
    window = editor.workshop.window
    window.actions_["step_save"].trigger()
    window.saving.name.setText(text)
    press(window.saving.save)
    qtbot.waitUntil(lambda: not editor.workshop.desk.document.modified, timeout=20_000)
    page = window.saving  # the shelf is read anew after that
    qtbot.waitUntil(lambda: page.entry() is not None and page.entry().name == text)


def shelf(window: CatalogWorkshop) -> list[tuple[str, str]]:
    """Names and versions of what the page lists, without what lies beside the generator."""
    items = [
        window.saving.entries.topLevelItem(row)
        for row in range(window.saving.entries.topLevelItemCount())
    ]
    return [(item.text(0), item.text(1)) for item in items if item is not None and item.text(1)]


def present_catalog(editor: Editor) -> Catalog:
    known = editor.workshop.naming.known(state(editor).naming.clustering)
    assert known is not None
    return known.with_parts(state(editor).naming.parts())


def test_a_part_is_looked_at_and_tried(qtbot: QtBot, editor: Editor, model_file: Path) -> None:
    window = named(qtbot, editor)
    press(window.go_next)
    assert window.step == CHECK
    page = window.check
    assert page.part() == "sky"
    qtbot.waitUntil(lambda: page.layer.count() > 1, timeout=20_000)
    model, catalog = load_generator(model_file), present_catalog(editor)
    pipeline = Pipeline(model, catalog)
    masks = [pipeline.roi(pipeline.view(Latent(seed, catalog.psi)), "sky") for seed in UNSEEN_SEEDS]
    assert page.strip.filled() == 10
    assert f"{np.mean(masks):.1%}" in page.share.text()
    m = catalog.contribution("sky")[page.layer.currentText()]
    above, channels = page.histogram.accessibleDescription().split()[:3:2]
    assert int(channels) == len(m)
    assert int(above) == int((np.floor(m * 20) / 20 >= 0.1 - 1e-9).sum())

    page.target.setValue(5)
    page.reference.setValue(6)
    press(page.try_it)
    qtbot.waitUntil(page.has_trial, timeout=20_000)
    edit = Edit("e1", "sky", Latent(6, catalog.psi))
    request = RenderRequest(0, 0, Latent(5, catalog.psi), (edit,), "sky")
    *_, result = pipeline.run(request)
    assert result.measures is not None
    assert f"{result.measures.in_mse:.4f}" in page.measures.text()
    assert f"{result.measures.out_mse:.5f}" in page.measures.text()


def test_budget_and_floor_become_the_parts_own(qtbot: QtBot, editor: Editor) -> None:
    window = named(qtbot, editor)
    window.actions_["step_check"].trigger()
    page = window.check
    page.parts.setCurrentRow(1)
    for value in (40.0, 45.0, 50.0):
        page.epsilon.spin.setValue(value)
    page.epsilon.commit()
    page.floor.spin.setValue(0.03)
    page.floor.commit()
    window.actions_["undo"].trigger()
    assert page.floor.value() == pytest.approx(0.1)
    assert page.epsilon.value() == 50.0
    window.actions_["redo"].trigger()
    save(qtbot, editor)
    press(window.saving.use)
    qtbot.waitUntil(
        lambda: [part.name for part in editor.sessions.model.parts] == ["sky", "mouth"],
        timeout=20_000,
    )
    mouth = editor.sessions.model.part("mouth")
    assert (mouth.epsilon, mouth.floor) == (50.0, pytest.approx(0.03))
    assert editor.sessions.model.part("sky").epsilon == 20.0


def test_versions_stay_and_catalogs_are_copied_renamed_removed(
    qtbot: QtBot, editor: Editor
) -> None:
    window = named(qtbot, editor)
    save(qtbot, editor)
    window.actions_["step_name"].trigger()
    name(window, 0, "sea")
    save(qtbot, editor)
    qtbot.waitUntil(lambda: shelf(window) == [("Mine", "2"), ("Mine", "1")], timeout=10_000)
    dialogs(editor, name="Copy")
    press(window.saving.duplicate)
    qtbot.waitUntil(lambda: ("Copy", "1") in shelf(window), timeout=10_000)
    assert window.saving.entry().name == "Copy"
    dialogs(editor, name="Other")
    press(window.saving.rename)
    qtbot.waitUntil(lambda: ("Other", "1") in shelf(window), timeout=10_000)
    press(window.saving.remove)
    qtbot.waitUntil(lambda: ("Other", "1") not in shelf(window), timeout=10_000)
    qtbot.waitUntil(lambda: window.messages.current is not None)
    answer(window, "Take It Back")
    qtbot.waitUntil(lambda: ("Other", "1") in shelf(window), timeout=10_000)
    fingerprint = state(editor).naming.clustering.generator_fingerprint
    kept = {(e.name, e.version): e.parts for e in CatalogShelf().entries(fingerprint)}
    assert kept["Mine", 1] == ("sky", "mouth")
    assert kept["Mine", 2] == ("sky", "mouth", "sea")
    assert kept["Other", 1] == kept["Mine", 2]

    window.saving.select(
        next(
            e.path
            for e in CatalogShelf().entries(fingerprint)
            if e.version == 1 and e.name == "Mine"
        )
    )
    press(window.saving.open_entry)
    qtbot.waitUntil(lambda: set(parts(editor)) == {"sky", "mouth"}, timeout=20_000)
    assert window.step == NAME
    assert not window.isWindowModified()


def test_the_sheet_is_a_picture(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    window = named(qtbot, editor)
    path = tmp_path / "sheet.png"
    fake = dialogs(editor, save_to=path)
    window.actions_["step_save"].trigger()
    press(window.saving.sheet)
    assert fake.asked == ["save sheet"]
    qtbot.waitUntil(path.exists, timeout=10_000)
    picture = cv2.imread(str(path))
    assert picture.shape == (4 * 256, 6 * 256, 3)  # two rows of six places


def test_a_full_disk_loses_nothing(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = named(qtbot, editor)
    window.actions_["step_save"].trigger()

    def full(path: Path, *_: object) -> None:
        raise LocalEditError(f"{path} cannot be written: no space left.", "Make room.")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "atomic_write", full)
        press(window.saving.save)
        qtbot.waitUntil(lambda: window.messages.current is not None, timeout=10_000)
        assert "no space left" in window.messages.current.text
    assert editor.workshop.desk.document.modified
    assert set(parts(editor)) == {"sky", "mouth"}
    assert shelf(window) == []
    save(qtbot, editor)
    qtbot.waitUntil(lambda: shelf(window) == [("Mine", "1")], timeout=10_000)


def test_the_session_goes_along_and_edits_of_lost_parts_are_kept(
    qtbot: QtBot, editor: Editor
) -> None:
    for part, seed in (("mouth", 3), ("nose", 4)):
        editor.controller.select_part(part)
        editor.controller.pick_reference(seed)
    editor.controller.set_target(17)
    before = state_of(editor)
    window = named(qtbot, editor)
    save(qtbot, editor)
    press(window.saving.use)
    qtbot.waitUntil(lambda: state_of(editor).model != before.model, timeout=20_000)
    settle(qtbot, editor)
    now = state_of(editor)
    assert now.target == before.target
    assert [edit.part for edit in now.edits] == ["mouth"]
    message = editor.window.messages.current
    assert message is not None
    assert "nose" in message.text
    (back,) = [b for b in editor.window.messages.findChildren(QPushButton) if "Go Back" in b.text()]
    back.click()
    settle(qtbot, editor)
    assert state_of(editor) == before
    assert [part.name for part in editor.sessions.model.parts] == ["eyes", "nose", "mouth"]


def test_unsaved_names_are_asked_about(qtbot: QtBot, editor: Editor) -> None:
    window = named(qtbot, editor)
    fake = dialogs(editor, unsaved="cancel")
    window.close()
    assert fake.asked == ["unsaved"]
    assert window.isVisible()
    editor.window.close()
    assert fake.asked == ["unsaved"] * 2
    assert editor.window.isVisible()
    dialogs(editor, unsaved="save")
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    fingerprint = editor.workshop.desk.subject.fingerprint
    assert [e.parts for e in CatalogShelf().entries(fingerprint)] == [("sky", "mouth")]
    editor.window.actions_["workshop"].trigger()
    assert window.isVisible()
    assert set(parts(editor)) == {"sky", "mouth"}  # as it was left
    window.actions_["step_name"].trigger()
    name(window, 0, "sea")
    dialogs(editor, unsaved="discard")
    window.close()
    assert not window.isVisible()
    assert len(CatalogShelf().entries(fingerprint)) == 1


def test_names_survive_a_crash(
    qtbot: QtBot,
    editor: Editor,
    model_file: Path,
    state_folder: Path,
    tmp_path: Path,
) -> None:
    window = naming(qtbot, editor)
    with qtbot.waitSignal(editor.workshop.drafts.written, timeout=20_000):
        name(window, 1, "sea monster")
    # What a crash leaves: the files, and no lock that is alive.
    kept = state_folder / "recovery"
    left = tmp_path / "left"
    shutil.copytree(kept, left / "recovery", ignore=shutil.ignore_patterns("*.lock"))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    later = Editor(app, left)
    try:
        later.set_dialogs(FakeDialogs())
        later.start(model_file)
        bar = later.window.messages
        qtbot.waitUntil(lambda: bar.current is not None and "parts of" in bar.current.text)
        (restore,) = [b for b in bar.findChildren(QPushButton) if "Bring Them" in b.text()]
        restore.click()
        qtbot.waitUntil(lambda: later.workshop.window.step == NAME, timeout=20_000)
        assert parts(later) == {"sea monster": (1,)}
        assert later.workshop.desk.document.modified
        save(qtbot, later)
        qtbot.waitUntil(lambda: not list((left / "recovery").glob("*.draft")), timeout=10_000)
    finally:
        later.window.close_for_good()
        later.stop()
        later.window.deleteLater()
        later.deleteLater()


def test_saving_waits_for_m(qtbot: QtBot, editor: Editor) -> None:
    window = naming(qtbot, editor)
    name(window, 1, "sky")
    window.naming.select({1})
    press(window.naming.sides)  # M of the halves is not known then
    qtbot.waitUntil(lambda: state(editor).naming.clustering.n_clusters == 5, timeout=20_000)
    save(qtbot, editor)
    assert window.step == SAVE
    fingerprint = state(editor).naming.clustering.generator_fingerprint
    (entry,) = CatalogShelf().entries(fingerprint)
    catalog = CatalogShelf().open(entry)
    assert catalog.part("sky").clusters == (1, 4)
    for m in catalog.contributions.values():
        assert np.allclose(m.sum(axis=0), 1.0, atol=1e-3) or m.sum(axis=0).min() == 0.0
