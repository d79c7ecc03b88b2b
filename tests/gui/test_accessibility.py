"""Every control of every window can be read aloud and reached by keys."""

from __future__ import annotations

import pytest
from choosing import page
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from localedit_gui.app import Editor

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
)
NOT_OURS = (QScrollBar, QHeaderView, QTabBar, QTabWidget)  # Qt reads these aloud itself


def inside_another(widget: QWidget) -> bool:
    """Qt's own parts of a control: the line of a spin box, the list of a combo box."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QAbstractSpinBox, QComboBox, QLineEdit)):
            return True
        if isinstance(parent, QAbstractItemView) and isinstance(widget, QAbstractButton):
            return True  # the corner of a table
        if parent.metaObject().className().startswith("QDockWidget"):
            return False
        parent = parent.parentWidget()
    return False


def is_control(widget: QWidget) -> bool:
    if isinstance(widget, NOT_OURS) or inside_another(widget):
        return False
    name = widget.metaObject().className()
    if name == "QDockWidgetTitleButton" or widget.objectName().startswith("qt_"):  # Qt's own
        return False
    keys = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return isinstance(widget, CONTROLS) or (bool(keys) and not widget.isWindow())


def spoken(widget: QWidget) -> str:
    """What a screen reader says of it: its accessible name, else its text."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text.replace("&", "")


def windows(editor: Editor) -> list[QWidget]:
    return [
        editor.window,
        page(editor),
        editor.library.page,
        editor.workshop.window,
        *(w for w in QApplication.topLevelWidgets() if w.isWindow() and not isinstance(w, QMenu)),
    ]


def controls(editor: Editor) -> list[QWidget]:
    found: dict[int, QWidget] = {}
    for window in windows(editor):
        for widget in window.findChildren(QWidget):
            if is_control(widget):
                found[id(widget)] = widget
    return list(found.values())


@pytest.fixture
def told(editor: Editor, qtbot: QtBot) -> list[QWidget]:
    editor.generators.read()
    qtbot.waitUntil(lambda: bool(page(editor).cards), timeout=20_000)
    found = controls(editor)
    assert len(found) > 120
    return found


def describe(widget: QWidget) -> str:
    chain = [widget.metaObject().className()]
    parent = widget.parentWidget()
    while parent is not None:
        chain.append(parent.metaObject().className())
        parent = parent.parentWidget()
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{' < '.join(chain)} {text!r} {widget.objectName()} {widget.toolTip()!r}"


def test_every_control_has_a_name(told: list[QWidget]) -> None:
    assert [describe(widget) for widget in told if not spoken(widget).strip()] == []


def test_no_name_is_a_sign_alone(told: list[QWidget]) -> None:
    signs = [describe(w) for w in told if spoken(w) and not any(c.isalnum() for c in spoken(w))]
    assert signs == []


def test_every_button_without_a_place_in_the_order_of_tab_has_keys(
    editor: Editor, told: list[QWidget]
) -> None:
    keyed = {action for action in editor.window.actions() if not action.shortcut().isEmpty()}
    keyed |= {a for a in editor.workshop.window.actions() if not a.shortcut().isEmpty()}
    unreachable = []
    for widget in told:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        default = getattr(widget, "defaultAction", lambda: None)()
        if default not in keyed and "(" not in widget.toolTip():  # the tip ends with the keys
            unreachable.append(describe(widget))
    assert unreachable == []
