"""The catalog workshop as tests reach it: opened, clustered, named, as a person does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from localedit_gui.app import Editor
from localedit_gui.panels.catalog_workshop import NAME, CatalogWorkshop
from localedit_gui.rendering.long_jobs import Running
from localedit_gui.workshop.values import Labelled

LAYER = "b16.conv1"
SAMPLES = 10


def opened(qtbot: QtBot, editor: Editor) -> CatalogWorkshop:
    """The workshop on the editor's generator, by its menu entry."""
    editor.window.actions_["workshop"].trigger()
    window = editor.workshop.window
    assert window.isVisible()
    qtbot.waitUntil(lambda: editor.workshop.desk.subject is not None, timeout=20_000)
    return window


def set_up(window: CatalogWorkshop, clusters: str, layers: tuple[str, ...] = (LAYER,)) -> None:
    """Fill the Cluster step in."""
    panel = window.cluster
    for row in range(panel.layers.topLevelItemCount()):
        item = panel.layers.topLevelItem(row)
        assert item is not None
        wanted = Qt.CheckState.Checked if item.text(0) in layers else Qt.CheckState.Unchecked
        item.setCheckState(0, wanted)
    panel.clusters.setText(clusters)
    panel.samples.setValue(SAMPLES)


def clustered(
    qtbot: QtBot, editor: Editor, clusters: str = "4", layers: tuple[str, ...] = (LAYER,)
) -> CatalogWorkshop:
    """The workshop with a sweep that is through."""
    window = opened(qtbot, editor)
    set_up(window, clusters, layers)
    window.cluster.stability.setChecked(False)
    press(window.cluster.start)
    rows = window.cluster.rows.rows
    qtbot.waitUntil(lambda: not editor.workshop.clustering.running, timeout=60_000)
    assert all(row.pick.isEnabled() for row in rows.values())
    return window


def naming(qtbot: QtBot, editor: Editor, clusters: int = 4) -> CatalogWorkshop:
    """The workshop at its Name step."""
    window = clustered(qtbot, editor, str(clusters))
    press(window.cluster.rows.rows[LAYER, clusters].pick)
    assert window.step == NAME
    return window


def measured(qtbot: QtBot, editor: Editor) -> None:
    """Wait until M of the present clusters is known."""
    naming = editor.workshop.naming
    qtbot.waitUntil(
        lambda: naming.known(state(editor).naming.clustering) is not None, timeout=60_000
    )


def name(window: CatalogWorkshop, cluster: int, text: str) -> None:
    """Click a cluster on the large sample and type its name."""
    click(window, cluster)
    QTest.keyClicks(window.naming.name, text)
    QTest.keyClick(window.naming.name, Qt.Key.Key_Return)


def click(window: CatalogWorkshop, cluster: int, *, add: bool = False) -> None:
    """Click a cluster on the large sample."""
    modifier = Qt.KeyboardModifier.ControlModifier if add else Qt.KeyboardModifier.NoModifier
    place = place_of(window, cluster)
    QTest.mouseClick(window.naming.canvas, Qt.MouseButton.LeftButton, modifier, place)


def place_of(window: CatalogWorkshop, cluster: int) -> QPoint:
    """A point of a cluster on the large sample, turning to a sample that shows it."""
    panel = window.naming
    for _ in panel.samples.thumbnails:
        if cluster in panel.canvas.clusters():
            break
        panel.samples.step_sample(1)
    return panel.canvas.cluster_position(cluster).toPoint()


def press(button: QPushButton) -> None:
    """Click an enabled button."""
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answer(window: CatalogWorkshop, words: str) -> None:
    """Press the message bar's button that says this."""
    (button,) = [b for b in window.messages.findChildren(QPushButton) if words in b.text()]
    button.click()


def state(editor: Editor) -> Labelled:
    """What is on the bench."""
    present = editor.workshop.desk.document.state
    assert present is not None
    return present


def parts(editor: Editor) -> dict[str, tuple[int, ...]]:
    """The named parts on the bench."""
    return {part.name: part.clusters for part in state(editor).naming.parts()}


@contextmanager
def progress_of(editor: Editor) -> Iterator[list[Running]]:
    """Every report of how far a job is."""
    seen: list[Running] = []

    def note(running: Running | None) -> None:
        if running is not None:
            seen.append(running)

    editor.workshop.desk.jobs.changed.connect(note)
    yield seen
    editor.workshop.desk.jobs.changed.disconnect(note)
