"""The model library's page: importing, finding parts, opening, renaming, removing, fetching."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeDialogs
from published_files import ada_network, ada_pickle
from published_samples import ada, progan_tf, stylegan2_weights, stylegan_tf
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from watching import state_of

from localedit_core.models.store import MODELS_VARIABLE, ModelLibrary
from localedit_gui import library_jobs
from localedit_gui.app import Editor
from localedit_gui.rendering.long_jobs import Cancelled, LongJob, LongJobs, Progress, Running


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelLibrary:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "library"))
    return ModelLibrary()


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "cats.pkl"
    path.write_bytes(ada())
    return path


def dialogs(editor: Editor, **answers: object) -> FakeDialogs:
    fake = FakeDialogs(**answers)  # type: ignore[arg-type]
    editor.set_dialogs(fake)
    return fake


def names(editor: Editor) -> list[str]:
    view = editor.library.page.entries
    return [view.item(row).text() for row in range(view.count())]


def answer(editor: Editor, words: str) -> None:
    """Press the message bar's button that says this."""
    bar = editor.window.messages
    (button,) = [b for b in bar.findChildren(QPushButton) if words in b.text()]
    button.click()


def offers(editor: Editor, words: str) -> bool:
    bar = editor.window.messages
    return any(words in b.text() for b in bar.findChildren(QPushButton))


def press(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_from_a_checkpoint_to_a_picture(qtbot: QtBot, editor: Editor, checkpoint: Path) -> None:
    page = editor.library.page
    editor.window.file_dropped.emit(checkpoint)
    qtbot.waitUntil(lambda: names(editor) == ["cats"], timeout=20_000)
    assert page.isVisible()
    assert "StyleGAN2" in page.entry_facts.text()
    assert not page.open_entry.isEnabled()  # its parts are not known
    assert "parts are not known" in page.entry_facts.text()
    qtbot.waitUntil(lambda: offers(editor, "Find Its Parts"))
    press(page.quick)
    qtbot.waitUntil(page.open_entry.isEnabled, timeout=60_000)
    press(page.open_entry)
    assert not page.isVisible()
    qtbot.waitUntil(lambda: state_of(editor).model.name == "cats", timeout=20_000)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    assert editor.sessions.model is not None
    assert [part.name for part in editor.sessions.model.parts][:2] == ["part 1", "part 2"]


def stylegan2_of_classes() -> bytes:
    """A published StyleGAN2 whose mapping network takes one of three classes."""
    config, weights = stylegan2_weights()
    rng = np.random.default_rng(1)
    wide = rng.standard_normal((32, 64)).astype(np.float32) * 100  # z beside the class
    embed = rng.standard_normal((32, 3)).astype(np.float32)
    bias = np.zeros(32, np.float32)
    classes = {"mapping.embed.weight": embed, "mapping.embed.bias": bias}
    weights = {**weights, **classes, "mapping.fc0.weight": wide}
    return ada_pickle(ada_network({**config, "c_dim": 3}, weights))


def test_all_that_is_known_is_shown_and_the_folder_opens(
    qtbot: QtBot, editor: Editor, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = editor.library.page
    assert "Reading" in page.entry_facts.text()
    assert "Nothing" not in page.entry_facts.text()
    editor.library.show()
    qtbot.waitUntil(lambda: "Nothing is imported" in page.entry_facts.text(), timeout=20_000)
    editor.window.file_dropped.emit(checkpoint)
    qtbot.waitUntil(lambda: names(editor) == ["cats"], timeout=20_000)
    told = page.entry_facts.text()
    digest = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    for fact in ("StyleGAN2", "64 px", "not stated", "cats.pkl", digest):
        assert fact in told
    assert not page.entries.item(0).icon().isNull()
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    press(page.folder)
    assert [Path(url.toLocalFile()) for url in opened] == [page.entry().path.parent]


@pytest.mark.parametrize(
    ("make", "layer", "clusters"),
    [
        pytest.param(stylegan2_of_classes, "b32.conv1", "16", id="StyleGAN2, 64 px, with classes"),
        pytest.param(stylegan_tf, "32x32/Conv0_up", "12", id="StyleGAN, 32 px"),
        pytest.param(progan_tf, "32x32/Conv0", "12", id="PG-GAN, 32 px"),
    ],
)
def test_after_an_import_the_workshop_begins_with_the_papers_layer(
    qtbot: QtBot,
    editor: Editor,
    tmp_path: Path,
    make: Callable[[], bytes],
    layer: str,
    clusters: str,
) -> None:
    path = tmp_path / "mine.pkl"
    path.write_bytes(make())
    editor.window.file_dropped.emit(path)
    qtbot.waitUntil(lambda: offers(editor, "Find Its Parts"), timeout=20_000)
    answer(editor, "Find Its Parts")
    window = editor.workshop.window
    qtbot.waitUntil(window.isVisible, timeout=20_000)
    qtbot.waitUntil(lambda: editor.workshop.clustering.running, timeout=20_000)
    assert "mine" in window.subject.text()
    layers = window.cluster.layers
    rows = [layers.topLevelItem(row) for row in range(layers.topLevelItemCount())]
    checked = [row for row in rows if row.checkState(0) == Qt.CheckState.Checked]
    # The paper clusters the first layer of 32 px; StyleGAN2 scales a layer's input, the
    # others have their activations at its end.
    assert [(row.text(0), row.text(1)) for row in checked] == [(layer, "32 px")]
    assert window.cluster.clusters.text() == clusters
    press(window.cancel)
    qtbot.waitUntil(lambda: not editor.workshop.clustering.running, timeout=20_000)


def test_the_menu_asks_for_a_file(qtbot: QtBot, editor: Editor, checkpoint: Path) -> None:
    fake = dialogs(editor, open_from=checkpoint)
    editor.window.actions_["import"].trigger()
    assert fake.asked == ["checkpoint"]
    qtbot.waitUntil(lambda: names(editor) == ["cats"], timeout=20_000)


def test_what_is_refused_is_told_in_place(qtbot: QtBot, editor: Editor, tmp_path: Path) -> None:
    evil = tmp_path / "evil.pkl"
    evil.write_bytes(b"\x80\x02cos\nsystem\nX\x05\x00\x00\x00touch\x85R.")
    with qtbot.waitSignal(editor.window.messages.message_shown, timeout=20_000) as shown:
        editor.window.file_dropped.emit(evil)
    assert "os.system" in shown.args[0]
    assert names(editor) == []


def test_a_generator_without_styles_says_what_it_can(
    qtbot: QtBot, editor: Editor, tmp_path: Path
) -> None:
    path = tmp_path / "celeba.pkl"
    path.write_bytes(progan_tf())
    editor.library.import_path(path)
    qtbot.waitUntil(lambda: names(editor) == ["celeba"], timeout=20_000)
    page = editor.library.page
    assert not page.open_entry.isEnabled()
    assert "no styles" in page.entry_facts.text()
    assert "feature blending" in page.entry_facts.text()
    press(page.quick)
    qtbot.waitUntil(page.open_entry.isEnabled, timeout=60_000)
    press(page.open_entry)
    qtbot.waitUntil(lambda: state_of(editor).model.name == "celeba", timeout=20_000)
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)


def test_rename_remove_and_take_back(
    qtbot: QtBot, editor: Editor, model_file: Path, library: ModelLibrary
) -> None:
    library.add_file(model_file, name="First")
    dialogs(editor, name="Second")
    editor.window.actions_["library"].trigger()
    page = editor.library.page
    qtbot.waitUntil(lambda: names(editor) == ["First"])
    press(page.rename)
    qtbot.waitUntil(lambda: names(editor) == ["Second"])
    press(page.remove)
    qtbot.waitUntil(lambda: names(editor) == [])
    assert library.entries() == ()
    answer(editor, "Take It Back")
    qtbot.waitUntil(lambda: names(editor) == ["Second"])
    assert [entry.name for entry in library.entries()] == ["Second"]
    press(page.open_entry)
    qtbot.waitUntil(lambda: state_of(editor).model.name == library.entries()[0].stem)


def test_a_name_that_is_taken_is_told(
    qtbot: QtBot, editor: Editor, model_file: Path, library: ModelLibrary
) -> None:
    library.add_file(model_file, name="First")
    library.add_file(model_file, name="Second")
    dialogs(editor, name="Second")
    editor.library.show()
    qtbot.waitUntil(lambda: len(names(editor)) == 2)
    with qtbot.waitSignal(editor.window.messages.message_shown) as shown:
        press(editor.library.page.rename)
    assert "Second" in shown.args[0]


def test_published_generators_show_licence_and_checksum(qtbot: QtBot, editor: Editor) -> None:
    editor.library.show()
    page = editor.library.page
    qtbot.waitUntil(lambda: page.published.count() > 10)
    for row in range(page.published.count()):
        page.published.setCurrentRow(row)
        found = page.checkpoint()
        shown = page.published_facts.text()
        assert found.licence in shown
        assert found.page in shown
        assert "SHA-256" in shown
        assert page.fetch.isEnabled() == (found.address is not None)
        if found.address is None:
            assert found.how_to_get in shown


def test_fetching_ends_in_the_library(
    qtbot: QtBot, editor: Editor, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from localedit_core.models import download

    def fetch(checkpoint_: object, folder: Path, **_: object) -> download.Downloaded:
        folder.mkdir(parents=True, exist_ok=True)
        copy = Path(shutil.copy(checkpoint, folder / "fetched.pkl"))
        return download.Downloaded(copy, "0" * 64, copy.stat().st_size, "https://example.org/x")

    monkeypatch.setattr(download, "fetch", fetch)
    editor.library.show()
    page = editor.library.page
    qtbot.waitUntil(lambda: page.published.count() > 10)
    row = next(r for r in range(page.published.count()) if _address(page.published.item(r)))
    page.published.setCurrentRow(row)
    wanted = page.checkpoint()
    page.tabs.setCurrentIndex(1)
    press(page.fetch)
    qtbot.waitUntil(lambda: names(editor) == [wanted.name], timeout=20_000)
    assert wanted.licence in page.entry_facts.text()
    assert page.tabs.currentIndex() == 0
    assert not list(ModelLibrary().downloads.glob("*.pkl"))


def _address(item: object) -> str | None:
    found = item.data(Qt.ItemDataRole.UserRole)  # type: ignore[attr-defined]
    return None if found is None else found.address


def test_progress_is_shown_and_cancel_gives_up(
    qtbot: QtBot, editor: Editor, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from localedit_core.errors import RenderCancelled

    def slow(path: Path, progress: Progress, cancelled: Cancelled) -> object:
        for done in range(1000):
            if cancelled():
                raise RenderCancelled
            progress(done * 2**20, 1000 * 2**20)
            time.sleep(0.02)
        raise AssertionError("it was not cancelled")

    monkeypatch.setattr(library_jobs, "import_file", slow)
    editor.library.import_path(checkpoint)
    page = editor.library.page
    qtbot.waitUntil(lambda: page.progress.maximum() == 1000 and page.progress.value() > 3)
    assert "cats.pkl" in page.status.text()
    assert "s left" in page.status.text()
    press(page.cancel)
    qtbot.waitUntil(lambda: not page.cancel.isVisible())
    assert names(editor) == []


def test_long_jobs_end_in_order_and_stop_at_once(qtbot: QtBot) -> None:
    jobs, ended = LongJobs(), []
    seen: list[Running | None] = []
    jobs.changed.connect(seen.append)

    def job(number: int) -> LongJob:
        return LongJob(f"job {number}", lambda *_: number, ended.append, lambda *_: None)

    for number in range(5):
        jobs.submit(job(number))
    qtbot.waitUntil(lambda: ended == [0, 1, 2, 3, 4])
    qtbot.waitUntil(lambda: len(seen) == 10)
    assert [running.label if running else None for running in seen[:4]] == [
        "job 0",
        None,
        "job 1",
        None,
    ]

    def endless(progress: Progress, cancelled: Cancelled) -> object:
        while not cancelled():
            time.sleep(0.005)
        return None

    jobs.submit(LongJob("endless", endless, lambda _: None, lambda *_: None))
    jobs.submit(job(9))
    began = time.monotonic()
    jobs.stop()
    assert time.monotonic() - began < 5
    assert 9 not in ended
