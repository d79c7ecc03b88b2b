"""The gallery, by pointer and keys."""

from __future__ import annotations

import numpy as np
import pytest
from painted import painted
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from localedit_gui.panels.reference_gallery import ReferenceGallery
from localedit_gui.widgets.seed_mime import SEED_MIME, dropped_seed
from localedit_gui.widgets.seed_model import SeedModel


@pytest.fixture
def gallery(qtbot: QtBot) -> ReferenceGallery:
    widget = ReferenceGallery()
    qtbot.addWidget(widget)
    widget.resize(700, 260)
    with qtbot.waitSignal(widget.thumbnails_wanted):
        widget.show()
    qtbot.mouseMove(widget.view.viewport(), QPoint(690, 2))
    QApplication.sendEvent(widget.view, QEvent(QEvent.Type.Leave))
    return widget


def coloured(seed: int) -> np.ndarray:
    return np.full((64, 64, 3), (seed % 250, 100, 40), np.uint8)


def seen_seeds(gallery: ReferenceGallery) -> list[int]:
    """The seeds whose thumbnails touch the viewport, by asking every row near it."""
    model, view = gallery.view.model(), gallery.view
    inside = view.viewport().rect()
    rows = range(0, model.rowCount())
    return [r for r in rows if view.visualRect(model.index(r, 0)).intersects(inside)]


def test_it_holds_ten_thousand_seeds_and_asks_for_those_in_sight_first(
    gallery: ReferenceGallery, qtbot: QtBot
) -> None:
    assert gallery.view.model().rowCount() == 10_000
    gallery.clear_thumbnails()
    with qtbot.waitSignal(gallery.thumbnails_wanted) as asked:
        pass
    wanted, seen = asked.args[0], seen_seeds(gallery)
    assert wanted[: len(seen)] == seen
    assert len(seen) < len(wanted) < 60  # and a little ahead
    assert wanted == list(range(len(wanted)))


def test_scrolling_asks_anew_for_what_comes_into_sight(
    gallery: ReferenceGallery, qtbot: QtBot
) -> None:
    asked: list[list[int]] = []
    gallery.thumbnails_wanted.connect(asked.append)
    bar = gallery.view.verticalScrollBar()
    for value in range(0, bar.maximum() // 2, bar.maximum() // 20):
        bar.setValue(value)  # without a rest: no question on the way
    qtbot.waitUntil(lambda: bool(asked))
    assert len(asked) == 1
    seen = seen_seeds(gallery)
    assert seen[0] > 3000
    assert asked[0][: len(seen)] == seen


def test_it_does_not_ask_for_what_it_has(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    seen = seen_seeds(gallery)
    for seed in seen:
        gallery.set_thumbnail(seed, coloured(seed))
    gallery.resize(700, 261)  # a reason to look again
    with qtbot.waitSignal(gallery.thumbnails_wanted) as asked:
        pass
    assert not set(asked.args[0]) & set(seen)
    gallery.clear_thumbnails()
    with qtbot.waitSignal(gallery.thumbnails_wanted) as asked:
        pass
    assert asked.args[0][: len(seen)] == seen


def test_it_does_not_repeat_a_question(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    bar = gallery.view.verticalScrollBar()
    with qtbot.assertNotEmitted(gallery.thumbnails_wanted, wait=200):
        bar.setValue(3)
        bar.setValue(0)


def test_thumbnails_are_painted_in_their_own_places(gallery: ReferenceGallery) -> None:
    for seed in (0, 3, 9):
        gallery.set_thumbnail(seed, coloured(seed))
    image = painted(gallery.view.viewport())
    for seed in (0, 3, 9):
        expected = QColor(seed, 100, 40)
        assert image.pixelColor(gallery.seed_position(seed)) == expected
    assert image.pixelColor(gallery.seed_position(4)) != QColor(4, 100, 40)
    gallery.clear_thumbnails()
    image = painted(gallery.view.viewport())
    assert image.pixelColor(gallery.seed_position(9)) != QColor(9, 100, 40)


def test_hovering_previews_and_leaving_takes_back(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    heard: list[object] = []
    gallery.reference_hovered.connect(heard.append)
    gallery.hover_left.connect(lambda: heard.append("left"))
    viewport = gallery.view.viewport()
    qtbot.mouseMove(viewport, gallery.seed_position(2))
    qtbot.mouseMove(viewport, gallery.seed_position(2) + QPoint(9, 9))
    qtbot.mouseMove(viewport, gallery.seed_position(3))
    QApplication.sendEvent(gallery.view, QEvent(QEvent.Type.Leave))
    assert heard == [2, 3, "left"]


def test_a_click_and_enter_pick_and_arrows_preview(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    picked: list[int] = []
    hovered: list[int] = []
    gallery.reference_picked.connect(picked.append)
    gallery.reference_hovered.connect(hovered.append)
    viewport = gallery.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=gallery.seed_position(5))
    assert picked == [5]
    hovered.clear()
    qtbot.keyClick(gallery.view, Qt.Key.Key_Right)
    assert hovered == [6]
    assert picked == [5]
    qtbot.keyClick(gallery.view, Qt.Key.Key_Return)
    assert picked == [5, 6]


def test_selecting_from_code_is_silent_and_does_not_scroll(
    gallery: ReferenceGallery, qtbot: QtBot
) -> None:
    before = gallery.view.verticalScrollBar().value()
    with (
        qtbot.assertNotEmitted(gallery.reference_picked),
        qtbot.assertNotEmitted(gallery.reference_hovered),
    ):
        gallery.set_selected(7321)
    assert gallery.view.currentIndex().row() == 7321
    assert gallery.view.verticalScrollBar().value() == before
    gallery.set_selected(4_000_000_000)  # no row of this gallery
    assert not gallery.view.selectionModel().selectedIndexes()


def test_f_and_the_star_mark_without_picking(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    toggled: list[int] = []
    gallery.favourite_toggled.connect(toggled.append)
    viewport = gallery.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=gallery.seed_position(1))
    qtbot.keyClick(gallery.view, Qt.Key.Key_F)
    with qtbot.assertNotEmitted(gallery.reference_picked):
        cell = gallery.view.visualRect(gallery.view.model().index(4, 0))
        corner = QPoint(cell.right() - 12, cell.top() + 12)
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=corner)
    assert toggled == [1, 4]
    assert gallery.view.currentIndex().row() == 1  # marking 4 did not move the selection


def test_favourites_are_starred_and_can_be_shown_alone(
    gallery: ReferenceGallery, qtbot: QtBot
) -> None:
    def corner() -> QImage:
        cell = gallery.view.visualRect(gallery.view.model().index(8, 0))
        image = painted(gallery.view.viewport())
        return image.copy(cell.right() - 24, cell.top(), 24, 24)

    plain = corner()
    gallery.set_favourites([8, 9990, 2])
    assert corner() != plain
    qtbot.mouseClick(gallery.only_favourites, Qt.MouseButton.LeftButton)
    model = gallery.view.model()
    assert [model.index(r, 0).data() for r in range(model.rowCount())] == ["8", "9990", "2"]
    with qtbot.waitSignal(gallery.reference_picked) as picked:
        at = gallery.seed_position(9990)
        qtbot.mouseClick(gallery.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert picked.args == [9990]
    gallery.set_favourites([])
    assert model.rowCount() == 0


def test_jumping_brings_a_seed_into_sight(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    gallery.jump.selectAll()
    qtbot.keyClicks(gallery.jump, "4242")
    qtbot.keyClick(gallery.jump, Qt.Key.Key_Return)
    seen = seen_seeds(gallery)
    assert 4242 in seen
    assert seen.index(4242) < 10  # in the first line
    with qtbot.waitSignal(gallery.thumbnails_wanted) as asked:
        pass
    assert 4242 in asked.args[0]


def test_larger_thumbnails_keep_the_place(gallery: ReferenceGallery, qtbot: QtBot) -> None:
    gallery.jump.setValue(5000)
    width = gallery.view.visualRect(gallery.view.model().index(5000, 0)).width()
    gallery.size_slider.setValue(160)
    seen = seen_seeds(gallery)
    assert gallery.view.visualRect(gallery.view.model().index(5000, 0)).width() > width
    assert abs(seen[0] - 5000) < 12


def test_a_dragged_thumbnail_carries_its_seed(gallery: ReferenceGallery) -> None:
    model = gallery.view.model()
    data = model.mimeData([model.index(77, 0)])
    assert data.hasFormat(SEED_MIME)
    assert dropped_seed(data) == 77
    assert model.flags(model.index(77, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_thumbnails_not_looked_at_for_longest_are_forgotten(
    gallery: ReferenceGallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("localedit_gui.widgets.seed_model._THUMBNAILS_KEPT", 3)
    model = SeedModel(range(100), gallery)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    for seed in (1, 2, 3):
        model.set_thumbnail(seed, image)
    model.index(1, 0).data(Qt.ItemDataRole.DecorationRole)  # looked at
    model.set_thumbnail(4, image)
    assert [seed for seed in range(6) if model.has_thumbnail(seed)] == [1, 3, 4]


def test_chosen_seeds_come_first_and_all_others_follow(
    gallery: ReferenceGallery, qtbot: QtBot
) -> None:
    gallery.set_chosen((700, 3, 20_000))
    model = gallery.view.model()
    seeds = [int(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert seeds[:5] == [700, 3, 20_000, 0, 1]
    assert sorted(seeds) == sorted({*range(10_000), 20_000})
    with qtbot.waitSignal(gallery.thumbnails_wanted) as asked:
        pass
    assert asked.args[0][:4] == [700, 3, 20_000, 0]
    with qtbot.waitSignal(gallery.reference_picked) as picked:
        qtbot.mouseClick(
            gallery.view.viewport(), Qt.MouseButton.LeftButton, pos=gallery.seed_position(700)
        )
    assert picked.args == [700]


def test_a_position_is_found_again(gallery: ReferenceGallery) -> None:
    gallery.jump.setValue(5000)
    place, bar = gallery.position(), gallery.view.verticalScrollBar()
    value = bar.value()
    gallery.set_chosen((9, 8))
    assert bar.value() == 0
    gallery.set_chosen(())
    gallery.set_position(*place)
    assert bar.value() == value
    gallery.set_favourites((4, 5))
    gallery.only_favourites.setChecked(True)
    place = gallery.position()
    gallery.only_favourites.setChecked(False)
    gallery.set_position(*place)
    assert gallery.only_favourites.isChecked()
    assert gallery.position() == place
    gallery.set_favourites(())
    assert gallery.position() == (0, True)  # nothing is in sight
