"""The canvas, used as a person does and judged by its pixels.

The test picture says where it is: red is four times x, green four times y. Whatever the zoom, the
colour on the screen tells which picture pixel lies there, without the canvas's own arithmetic.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from painted import pixels
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from localedit_gui.panels.target_canvas import TargetCanvas
from localedit_gui.widgets.seed_mime import seed_data

SIDE = 64
NAMES = ("left", "dot", "right")
COLOURS = (QColor("#E69F00"), QColor("#56B4E9"), QColor("#009E73"))


def coordinates_picture() -> NDArray[np.uint8]:
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    return np.stack([4 * x, 4 * y, np.full_like(x, 77)], axis=2).astype(np.uint8)


def three_parts() -> NDArray[np.uint8]:
    """Left and right with a band of no part between them, and a dot in the left."""
    part_map = np.full((SIDE, SIDE), 255, np.uint8)
    part_map[:, :28] = 0
    part_map[:, 36:] = 2
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    part_map[(x - 12) ** 2 + (y - 20) ** 2 < 49] = 1
    return part_map


def picture_pixel(painted: NDArray[np.uint8], at: QPoint) -> tuple[int, int] | None:
    """Which pixel (x, y) of the coordinates picture is painted there."""
    red, green, blue = (int(v) for v in painted[at.y(), at.x()])
    return (red // 4, green // 4) if blue == 77 else None


def wheel(widget: QWidget, at: QPoint, turned: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def leave(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


@pytest.fixture
def canvas(qtbot: QtBot) -> TargetCanvas:
    widget = TargetCanvas()
    qtbot.addWidget(widget)
    widget.resize(420, 400)
    widget.show_original(coordinates_picture())
    widget.show_image(coordinates_picture())
    widget.set_part_map(three_parts(), NAMES, COLOURS)
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.mouseMove(widget, QPoint(2, 2))  # from wherever an earlier test left the pointer
    leave(widget)
    return widget


def box_of(painted: NDArray[np.uint8], colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all pixels of about that colour."""
    near = np.abs(painted.astype(int) - colour).max(axis=2) <= 3
    y, x = np.nonzero(near)
    return int(x.min()), int(y.min()), int(x.max()), int(y.max())


def test_preview_and_settled_picture_fill_the_same_square(canvas: TargetCanvas) -> None:
    boxes = []
    for side in (32, 16, 64):
        canvas.show_image(np.full((side, side, 3), (10, 200, 30), np.uint8))
        boxes.append(box_of(pixels(canvas), (10, 200, 30)))
    assert boxes[0] == boxes[1] == boxes[2]
    left, top, right, bottom = boxes[0]
    assert right - left == bottom - top > 350


def test_full_size_pixels_stay_square_and_exact_above_100_percent(canvas: TargetCanvas) -> None:
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    canvas.show_original(picture)
    canvas.show_image(picture)
    canvas.zoom_actual()
    for _ in range(30):
        if canvas.current_zoom() < 5:
            canvas.zoom_in()
    painted = {tuple(p) for p in pixels(canvas)[100:300, 100:300].reshape(-1, 3)}
    assert painted <= {tuple(p) for p in picture.reshape(-1, 3)}


def test_a_preview_is_smooth(canvas: TargetCanvas) -> None:
    preview = np.zeros((2, 2, 3), np.uint8)
    preview[:, 1] = 255
    canvas.show_image(preview)
    greys = pixels(canvas)[200, 150:270, 0].astype(int)
    assert len(set(greys)) > 20
    assert (np.diff(greys) >= 0).all()


def test_one_to_one_covers_as_many_pixels_as_the_picture_has(canvas: TargetCanvas) -> None:
    canvas.show_image(np.full((SIDE, SIDE, 3), (250, 20, 20), np.uint8))
    canvas.zoom_actual()
    left, top, right, bottom = box_of(pixels(canvas), (250, 20, 20))
    assert canvas.current_zoom() == 1.0
    assert (right - left + 1, bottom - top + 1) == (SIDE, SIDE)


@pytest.mark.parametrize("zoomed", [False, True])
def test_a_click_picks_the_part_that_is_painted_there(
    canvas: TargetCanvas, qtbot: QtBot, zoomed: bool
) -> None:
    if zoomed:
        wheel(canvas, QPoint(90, 120), 360)
        leave(canvas)
    painted, part_map = pixels(canvas), three_parts()
    picked: list[str] = []
    canvas.part_picked.connect(picked.append)
    expected: list[str] = []
    rng = np.random.default_rng(5)
    for x, y in rng.integers((1, 1), (419, 399), (80, 2)):
        around = [
            picture_pixel(painted, QPoint(int(x) + dx, int(y) + dy))
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        ]
        indices = {255 if at is None else int(part_map[at[1], at[0]]) for at in around}
        if len(indices) > 1:
            continue  # on an edge, where rounding decides
        index = indices.pop()
        expected += [] if index == 255 else [NAMES[index]]
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(x), int(y)))
    assert picked == expected
    assert {"left", "dot"} <= set(expected)


def test_the_wheel_zooms_to_the_pointer(canvas: TargetCanvas, qtbot: QtBot) -> None:
    at = QPoint(140, 260)
    before = picture_pixel(pixels(canvas), at)
    fitted = canvas.current_zoom()
    zooms: list[float] = []
    canvas.zoom_changed.connect(zooms.append)
    for _ in range(5):
        wheel(canvas, at, 120)
    leave(canvas)
    assert picture_pixel(pixels(canvas), at) == before
    assert canvas.current_zoom() > 2 * fitted
    assert zooms == sorted(zooms)
    assert zooms[-1] == canvas.current_zoom()


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_a_drag_moves_the_picture_and_picks_nothing(
    canvas: TargetCanvas, qtbot: QtBot, button: Qt.MouseButton
) -> None:
    wheel(canvas, QPoint(210, 200), 480)
    leave(canvas)
    start, end = QPoint(150, 150), QPoint(210, 190)
    held = picture_pixel(pixels(canvas), start)
    with qtbot.assertNotEmitted(canvas.part_picked):
        qtbot.mousePress(canvas, button, pos=start)
        for step in range(1, 5):
            qtbot.mouseMove(canvas, start + (end - start) * step / 4)
        qtbot.mouseRelease(canvas, button, pos=end)
    leave(canvas)
    assert picture_pixel(pixels(canvas), end) == held


def test_the_picture_cannot_be_dragged_out_of_sight(canvas: TargetCanvas, qtbot: QtBot) -> None:
    for _ in range(6):
        qtbot.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(10, 10))
        qtbot.mouseMove(canvas, QPoint(200, 200))
        qtbot.mouseMove(canvas, QPoint(400, 390))
        qtbot.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(400, 390))
    leave(canvas)
    painted = pixels(canvas)
    assert (painted[:, :, 2] == 77).mean() > 0.2
    canvas.zoom_fit()
    assert picture_pixel(pixels(canvas), QPoint(210, 200)) == (SIDE // 2, SIDE // 2)


def test_without_a_picture_there_is_no_zoom_to_tell(qtbot: QtBot) -> None:
    canvas = TargetCanvas()
    qtbot.addWidget(canvas)
    told: list[float] = []
    canvas.zoom_changed.connect(told.append)
    canvas.resize(500, 516)
    canvas.show()
    qtbot.waitExposed(canvas)
    assert told == []
    canvas.show_image(np.zeros((SIDE, SIDE, 3), np.uint8))
    assert told == [pytest.approx((500 - 16) / SIDE)]


def test_fit_follows_the_window_and_a_chosen_zoom_does_not(canvas: TargetCanvas) -> None:
    fitted = canvas.current_zoom()
    canvas.resize(820, 800)
    assert canvas.current_zoom() == pytest.approx(fitted * (800 - 16) / (400 - 16))
    canvas.zoom_actual()
    canvas.resize(500, 500)
    assert canvas.current_zoom() == 1.0


def test_a_generator_of_another_size_keeps_its_picture_as_large_on_the_screen(
    canvas: TargetCanvas,
) -> None:
    boxes = []
    for side, colour in ((SIDE, (250, 20, 20)), (2 * SIDE, (20, 20, 250))):
        picture = np.full((side, side, 3), colour, np.uint8)
        canvas.show_original(picture)
        canvas.show_image(picture)
        if side == SIDE:
            canvas.zoom_actual()
            canvas.zoom_in()
        boxes.append(box_of(pixels(canvas), colour))
    assert boxes[0] == boxes[1]
    assert canvas.current_zoom() == pytest.approx(1.25 / 2)
    canvas.clear()
    assert len({tuple(p) for p in pixels(canvas)[:100].reshape(-1, 3)} & {(20, 20, 250)}) == 0


def test_hovering_names_each_part_once_and_leaving_ends_it(
    canvas: TargetCanvas, qtbot: QtBot
) -> None:
    hovered: list[str] = []
    canvas.part_hovered.connect(hovered.append)
    dot = canvas.part_position("dot")
    for at in (dot, dot + QPoint(2, 1), canvas.part_position("right"), QPoint(210, 200)):
        qtbot.mouseMove(canvas, at)
    qtbot.mouseMove(canvas, dot)
    leave(canvas)
    assert hovered == ["dot", "right", "", "dot", ""]


def test_the_hovered_part_is_lit_with_its_outline(canvas: TargetCanvas, qtbot: QtBot) -> None:
    before = pixels(canvas).astype(int)
    at = canvas.part_position("dot")
    qtbot.mouseMove(canvas, at)
    after = pixels(canvas).astype(int)
    # Walk up from the middle: tinted picture, then a white line where the dot ends.
    column = after[at.y() - 60 : at.y(), at.x()]
    assert (np.abs(after - before)[at.y(), at.x()]).max() > 5
    whites = np.nonzero((column > 200).all(axis=1))[0]
    assert len(whites) > 0
    edge = picture_pixel(before.astype(np.uint8), at - QPoint(0, 60 - int(whites[-1])))
    assert edge is not None
    assert abs(float(np.hypot(edge[0] - 12, edge[1] - 20)) - 7) <= 1.5


def test_the_selected_part_keeps_its_colours_under_the_pointer(
    canvas: TargetCanvas, qtbot: QtBot
) -> None:
    at = canvas.part_position("dot")
    before = pixels(canvas)[at.y(), at.x()].astype(int)
    canvas.set_selected_part("dot")
    qtbot.mouseMove(canvas, at)
    assert (pixels(canvas)[at.y(), at.x()].astype(int) == before).all()


def test_the_selected_outline_stays_in_the_parts_colour(canvas: TargetCanvas, qtbot: QtBot) -> None:
    orange = (230, 159, 0)
    assert not (np.abs(pixels(canvas).astype(int) - orange).max(axis=2) < 12).any()
    canvas.set_selected_part("left")
    near = np.abs(pixels(canvas).astype(int) - orange).max(axis=2) < 12
    assert near.sum() > 300
    # The outline of "left" runs down beside column 28 of the picture.
    column = int(np.argmax(near[150:350].sum(axis=0)[100:])) + 100
    assert abs(column - (210 - 192 + 28 * 384 / SIDE)) <= 4


def test_parts_overlay_mixes_each_parts_colour_with_the_picture(canvas: TargetCanvas) -> None:
    plain = pixels(canvas).astype(float)
    canvas.set_overlay("parts")
    canvas.set_overlay_opacity(0.25)
    mixed = pixels(canvas).astype(float)
    part_map = three_parts()
    checked = 0
    for y in range(30, 380, 11):
        for x in range(20, 400, 11):
            where = picture_pixel(plain.astype(np.uint8), QPoint(x, y))
            if where is None:
                continue
            around = part_map[
                max(where[1] - 2, 0) : where[1] + 3, max(where[0] - 2, 0) : where[0] + 3
            ]
            if len(set(around.ravel())) > 1 or min(where) < 2 or max(where) > SIDE - 3:
                continue  # outlines run here
            expected = plain[y, x]
            if around[0, 0] != 255:
                colour = COLOURS[around[0, 0]]
                tint = np.array([colour.red(), colour.green(), colour.blue()])
                expected = 0.75 * expected + 0.25 * tint
            if np.abs(mixed[y, x] - expected).max() > 3:
                continue  # a name is written here
            checked += 1
    assert checked > 500


def test_difference_overlay_is_dark_where_nothing_changed_and_brighter_with_delta_e(
    canvas: TargetCanvas,
) -> None:
    canvas.show_image(np.full((SIDE, SIDE, 3), 255, np.uint8))
    ramp = np.zeros((SIDE, SIDE), np.float32)
    ramp[:, 8:] = np.linspace(0, 14, SIDE - 8, dtype=np.float32)
    canvas.set_difference(ramp)
    canvas.set_overlay("difference")
    canvas.set_overlay_opacity(0.8)
    row = pixels(canvas)[100].astype(float)
    left = 210 - 192
    np.testing.assert_allclose(row[left + 20], 255 * 0.2, atol=5)
    luminance = (row @ [0.2126, 0.7152, 0.0722])[left + 3 : left + 380 : 6]
    assert (np.diff(luminance) > -1.5).all()
    assert luminance[-1] > luminance[0] + 120
    # From delta E 10 on the colour stays.
    np.testing.assert_allclose(row[left + 340], row[left + 375], atol=2)


def test_difference_overlay_shows_legend_and_outline_of_the_selected_part(
    canvas: TargetCanvas,
) -> None:
    canvas.set_overlay("difference")
    assert (pixels(canvas)[:, :, 2] == 77).sum() > 100_000  # nothing is shown before it is known
    canvas.set_difference(np.zeros((SIDE, SIDE), np.float32))
    canvas.set_overlay_opacity(1.0)
    painted = pixels(canvas)
    legend = painted[330:, 200:]
    assert (legend > 220).all(axis=2).sum() > 60  # letters
    assert len({tuple(p) for p in legend.reshape(-1, 3)}) > 60  # the ramp
    assert not (painted[:300] == (0, 158, 115)).all(axis=2).any()
    canvas.set_selected_part("right")
    assert (np.abs(pixels(canvas)[:300].astype(int) - (0, 158, 115)).max(axis=2) < 12).sum() > 300


def test_space_shows_the_original_while_it_is_held(canvas: TargetCanvas, qtbot: QtBot) -> None:
    canvas.show_image(np.full((SIDE, SIDE, 3), 200, np.uint8))
    canvas.set_overlay("parts")
    at = QPoint(300, 300)
    assert picture_pixel(pixels(canvas), at) is None
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    painted = pixels(canvas)
    assert picture_pixel(painted, at) is not None
    assert (painted[10:40, 10:90] > 230).all(axis=2).any()  # the badge's letters
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert picture_pixel(pixels(canvas), at) is None


def test_arrow_keys_light_up_part_after_part_and_enter_picks(
    canvas: TargetCanvas, qtbot: QtBot
) -> None:
    hovered: list[str] = []
    canvas.part_hovered.connect(hovered.append)
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert hovered == ["left", "dot", "right", "left", "right"]
    with qtbot.waitSignal(canvas.part_picked) as picked:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert picked.args == ["right"]
    assert "right" in canvas.accessibleDescription()


def test_a_dropped_thumbnail_goes_to_the_part_under_it(canvas: TargetCanvas, qtbot: QtBot) -> None:
    heard: list[object] = []
    canvas.part_picked.connect(heard.append)
    canvas.reference_dropped.connect(heard.append)
    data = seed_data(4711)
    at = canvas.part_position("dot")
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    plain = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, actions, data, buttons, plain)
    QApplication.sendEvent(canvas, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(canvas, QDropEvent(QPointF(at), actions, data, buttons, plain))
    assert heard == ["dot", 4711]


@pytest.mark.parametrize("text", ["", "-3", "4294967296", "9" * 40, "mouth"])
def test_a_drop_without_a_valid_seed_is_refused(
    canvas: TargetCanvas, qtbot: QtBot, text: str
) -> None:
    data = seed_data(1)
    data.setData("application/x-localedit-seed", text.encode())
    buttons, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(200, 200), Qt.DropAction.CopyAction, data, buttons, plain)
    with qtbot.assertNotEmitted(canvas.reference_dropped):
        QApplication.sendEvent(canvas, event)
