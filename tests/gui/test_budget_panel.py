"""The budget panel, by pointer and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from painted import painted
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from localedit_core.editing.edit import Edit, EpsilonUnit, LayerBands, Method, QuerySettings
from localedit_core.editing.request import Measures
from localedit_core.latents import Latent
from localedit_gui.panels.budget_panel import BudgetPanel
from localedit_gui.widgets.channel_bars import ChannelBars
from localedit_gui.widgets.value_slider import ValueSlider

LEFT = Qt.MouseButton.LeftButton
Message = tuple[str, str, QuerySettings, float]


@pytest.fixture
def panel(qtbot: QtBot) -> BudgetPanel:
    widget = BudgetPanel()
    qtbot.addWidget(widget)
    widget.resize(320, 640)
    widget.set_edit(Edit("e1", "mouth", Latent(8, 0.7)))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def heard_by(panel: BudgetPanel) -> list[Message]:
    heard: list[Message] = []
    panel.settings_changing.connect(lambda *args: heard.append(("changing", *args)))
    panel.settings_changed.connect(lambda *args: heard.append(("changed", *args)))
    return heard


def handle(slider: ValueSlider) -> QPoint:
    option = QStyleOptionSlider()
    slider.slider.initStyleOption(option)
    rect = slider.slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider,
        option,
        QStyle.SubControl.SC_SliderHandle,
        slider.slider,
    )
    return rect.center()


def type_in(qtbot: QtBot, slider: ValueSlider, text: str) -> None:
    slider.spin.selectAll()
    qtbot.keyClicks(slider.spin, text)
    qtbot.keyClick(slider.spin, Qt.Key.Key_Return)


def test_a_drag_changes_all_the_way_and_is_done_once(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    start = handle(panel.epsilon)
    qtbot.mousePress(panel.epsilon.slider, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(panel.epsilon.slider, start + QPoint(6 * step, 0))
    assert [kind for kind, *_ in heard] == ["changing"] * 5
    qtbot.mouseRelease(panel.epsilon.slider, LEFT, pos=start + QPoint(30, 0))
    values = [settings.epsilon for _, _, settings, _ in heard]
    assert values[:5] == sorted(set(values))
    assert heard[-1] == ("changed", "e1", QuerySettings(epsilon=values[4]), 1.0)
    assert len(heard) == 6
    assert panel.epsilon.spin.value() == values[4]
    panel.commit_pending()
    assert len(heard) == 6  # it is done already


def test_a_drag_back_to_its_start_ends_too(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    start = handle(panel.floor)
    qtbot.mousePress(panel.floor.slider, LEFT, pos=start)
    qtbot.mouseMove(panel.floor.slider, start + QPoint(20, 0))
    panel.floor.slider.setSliderPosition(100)  # floor 0.1, where it was
    qtbot.mouseRelease(panel.floor.slider, LEFT, pos=start)
    assert [kind for kind, *_ in heard] == ["changing", "changing", "changed"]
    assert heard[-1][2].floor == 0.1


def test_a_click_beside_the_handle_goes_there_and_is_one_change(
    panel: BudgetPanel, qtbot: QtBot
) -> None:
    heard = heard_by(panel)
    at = QPoint(panel.strength.slider.width() // 2, panel.strength.slider.height() // 2)
    qtbot.mouseClick(panel.strength.slider, LEFT, pos=at)
    assert [kind for kind, *_ in heard] == ["changing", "changed"]
    assert heard[-1][3] == pytest.approx(0.5, abs=0.05)


def test_a_run_of_arrow_keys_is_one_change(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    with qtbot.waitSignal(panel.settings_changed):
        for _ in range(4):
            qtbot.keyClick(panel.floor.slider, Qt.Key.Key_Right)
    assert [kind for kind, *_ in heard] == ["changing"] * 4 + ["changed"]
    assert heard[-1][2].floor == pytest.approx(0.14)


def test_a_typed_number_counts_when_it_is_entered(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    type_in(qtbot, panel.epsilon, "37.5")
    assert heard[-1] == ("changed", "e1", QuerySettings(epsilon=37.5), 1.0)
    assert [kind for kind, *_ in heard].count("changed") == 1
    # Quadratic: the slider stands at the square root of its share of 512.
    assert panel.epsilon.slider.value() == round(1000 * (37.5 / 512) ** 0.5)


def test_every_slider_moves_its_own_number(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    type_in(qtbot, panel.floor, "0.03")
    type_in(qtbot, panel.bands["coarse"], "0.1")
    type_in(qtbot, panel.bands["middle"], "0.2")
    type_in(qtbot, panel.bands["fine"], "0.3")
    type_in(qtbot, panel.strength, "0.4")
    type_in(qtbot, panel.guard, "0.6")
    qtbot.mouseClick(panel.colour_layers, LEFT, pos=QPoint(8, panel.colour_layers.height() // 2))
    expected = QuerySettings(
        floor=0.03, bands=LayerBands(0.1, 0.2, 0.3), colour_layers=False, guard=0.6
    )
    assert heard[-1] == ("changed", "e1", expected, 0.4)


def test_methods_and_unit_are_chosen_by_key(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    panel.method.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel.method, Qt.Key.Key_Down)
    methods = [settings.method for _, _, settings, _ in heard]
    assert methods == [Method.AUTHORS, Method.SIMULTANEOUS, Method.GLOBAL]
    qtbot.keyClick(panel.method, Qt.Key.Key_Home)
    qtbot.mouseClick(panel.advanced, LEFT)
    assert panel.unit.isVisible()
    qtbot.keyClick(panel.unit, Qt.Key.Key_Down)
    assert heard[-1][2] == QuerySettings(unit=EpsilonUnit.ABSOLUTE)
    assert {kind for kind, *_ in heard} == {"changed"}


@pytest.mark.parametrize(
    ("method", "shown"),
    [
        (Method.SEQUENTIAL, {"epsilon", "floor", "guard"}),
        (Method.AUTHORS, {"epsilon", "floor", "guard"}),
        (Method.SIMULTANEOUS, {"lam", "guard"}),
        (Method.GLOBAL, {"lam_global", "guard"}),
        (Method.PER_IMAGE, {"guard"}),
        (Method.FEATURE_BLENDING, set()),
        (Method.POISSON_BLENDING, set()),
    ],
)
def test_only_what_means_something_for_the_method_is_shown(
    panel: BudgetPanel, method: Method, shown: set[str]
) -> None:
    panel.set_edit(Edit("e1", "mouth", Latent(8, 0.7), QuerySettings(method=method)))
    names = ("epsilon", "floor", "lam", "lam_global", "guard")
    assert {name for name in names if getattr(panel, name).isVisible()} == shown
    assert panel.method.toolTip()


def test_lambda_of_the_global_method_is_at_most_one(panel: BudgetPanel, qtbot: QtBot) -> None:
    settings = QuerySettings(method=Method.GLOBAL, lam=40.0)
    panel.set_edit(Edit("e1", "mouth", Latent(8, 0.7), settings))
    heard = heard_by(panel)
    assert panel.lam_global.value() == 1.0
    type_in(qtbot, panel.floor, "0.2")  # hidden or not, another number leaves lambda alone
    assert heard[-1][2].lam == 40.0
    type_in(qtbot, panel.lam_global, "0.25")
    assert heard[-1][2].lam == 0.25


def test_showing_values_sends_nothing_and_loses_no_digit(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    exact = QuerySettings(
        method=Method.SIMULTANEOUS,
        epsilon=12.3456,
        floor=0.1234567,
        lam=3.14159,
        bands=LayerBands(0.111111, 0.5, 0.25),
        colour_layers=False,
        unit=EpsilonUnit.ABSOLUTE,
    )
    panel.set_edit(Edit("e2", "hair", Latent(3, 0.7), exact, strength=0.777777))
    assert heard == []
    type_in(qtbot, panel.bands["fine"], "0.5")
    changed = replace(exact, bands=LayerBands(0.111111, 0.5, 0.5))
    assert heard[-1] == ("changed", "e2", changed, 0.777777)


def test_another_edit_gets_no_change_meant_for_the_first(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    qtbot.keyClick(panel.floor.slider, Qt.Key.Key_Right)  # has not come to rest yet
    panel.set_edit(Edit("e2", "hair", Latent(3, 0.7)))
    assert [(kind, edit_id) for kind, edit_id, *_ in heard] == [
        ("changing", "e1"),
        ("changed", "e1"),
    ]
    assert heard[-1][2].floor == pytest.approx(0.11)
    assert panel.floor.value() == 0.1


def test_the_documents_answer_does_not_end_a_run_of_steps(panel: BudgetPanel, qtbot: QtBot) -> None:
    heard = heard_by(panel)
    panel.settings_changing.connect(
        lambda edit_id, settings, strength: panel.set_edit(
            Edit(edit_id, "mouth", Latent(8, 0.7), settings, strength)
        )
    )
    with qtbot.waitSignal(panel.settings_changed):
        for _ in range(3):
            qtbot.keyClick(panel.epsilon.slider, Qt.Key.Key_Right)
    assert [kind for kind, *_ in heard].count("changed") == 1
    # An undo in between is another number: nothing is left to end.
    qtbot.keyClick(panel.epsilon.slider, Qt.Key.Key_Right)
    count = len(heard)
    panel.set_edit(Edit("e1", "mouth", Latent(8, 0.7)))
    panel.commit_pending()
    assert len(heard) == count
    assert panel.epsilon.value() == 20.0


def test_without_an_edit_the_controls_rest(panel: BudgetPanel) -> None:
    assert "Pick a part" not in visible_text(panel)
    panel.set_edit(None)
    assert "Pick a part, then a reference." in visible_text(panel)
    for control in (panel.method, panel.epsilon, panel.strength, panel.colour_layers):
        assert not control.isEnabled()


def test_a_fresh_panel_shows_the_defaults(qtbot: QtBot) -> None:
    panel = BudgetPanel()
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    assert panel.colour_layers.isChecked()
    assert panel.epsilon.isVisible()
    assert not panel.lam.isVisible()
    assert not panel.lam_global.isVisible()
    assert not panel.method.isEnabled()


def visible_text(panel: BudgetPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_a_double_click_on_the_name_goes_back_to_the_default(
    panel: BudgetPanel, qtbot: QtBot
) -> None:
    type_in(qtbot, panel.epsilon, "100")
    heard = heard_by(panel)
    qtbot.mouseDClick(panel.epsilon.label, LEFT)
    assert heard[-1] == ("changed", "e1", QuerySettings(), 1.0)


def test_numbers_stand_beside_the_sliders(panel: BudgetPanel) -> None:
    moved, total = {"b4.conv1": 3, "b8.conv0": 0}, {"b4.conv1": 512, "b8.conv0": 256}
    panel.set_measures(Measures(0.01234, 0.00021, 0.125, 12.34, 0.45, moved, total))
    text = visible_text(panel)
    for number in ("In-MSE", "0.01234", "Out-MSE", "0.00021", "ROIR", "0.125", "12.34", "0.45"):
        assert number in text
    assert panel.measures.bars.isVisible()
    assert "b4.conv1: 3 of 512" in panel.measures.bars.accessibleDescription()
    panel.set_measures(Measures(0.0, 0.0, None, 0.0, 0.0, moved, total))
    assert panel.measures.roir.text() == "–"
    panel.set_measures(None)
    assert "0.01234" not in visible_text(panel)


def test_bars_are_as_long_as_the_share_of_channels(qtbot: QtBot) -> None:
    bars = ChannelBars()
    qtbot.addWidget(bars)
    bars.resize(400, 100)
    total = {"a": 512, "b": 512, "c": 256}
    bars.set_channels({"a": 512, "b": 128, "c": 0}, total)
    bars.resize(400, bars.sizeHint().height())
    image = painted(bars)
    highlight = bars.palette().color(QPalette.ColorRole.Highlight)
    lengths = []
    for row in range(3):
        y = round(bars.bar_rect(row).center().y())
        lengths.append(sum(image.pixelColor(x, y) == highlight for x in range(400)))
    assert lengths[0] == pytest.approx(bars.bar_rect(0).width(), abs=2)
    assert lengths[1] == pytest.approx(lengths[0] / 4, abs=2)
    assert lengths[2] == 0


def test_every_control_has_a_name_and_a_tooltip(panel: BudgetPanel) -> None:
    sliders = [panel.epsilon, panel.lam, panel.lam_global, panel.floor, panel.strength]
    sliders += panel.bands.values()
    for slider in sliders:
        assert slider.spin.accessibleName()
        assert slider.slider.accessibleName()
        assert slider.toolTip()
    for control in (panel.method, panel.unit, panel.colour_layers, panel.advanced):
        assert control.accessibleName()
        assert control.toolTip()
