"""View > Compare: its actions, and when comparing ends by itself."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QMenu

from localedit_gui.actions import SEPARATOR, ActionSpec
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.widgets.comparison import WIPE_STEP, Compare


def _tr(text: str) -> str:
    return QCoreApplication.translate("CompareActions", text)


def compare_table() -> tuple[ActionSpec | None, ...]:
    """The actions of the menu Compare; None stands for a separator."""

    def mode(name: str, text: str, key: str, tip: str, icon: str = "") -> ActionSpec:
        return ActionSpec(
            f"compare_{name}", "compare", text, (key,), tip, icon, "compare", checkable=True
        )

    spec = ActionSpec
    return (
        mode("off", _tr("&Edited Picture Only"), "E", _tr("Compare nothing")),
        mode(
            "wipe",
            _tr("&Wipe"),
            "W",
            _tr("Original left of a divider, edited right of it; drag the divider"),
            "compare-wipe",
        ),
        mode(
            "side",
            _tr("&Side by Side"),
            "S",
            _tr("Original and edited picture with the same zoom and place"),
            "compare-side",
        ),
        mode(
            "blink",
            _tr("&Blink"),
            "B",
            _tr("Original and edited picture by turns, until you edit or look elsewhere"),
            "compare-blink",
        ),
        SEPARATOR,
        spec(
            "wipe_left",
            "compare",
            _tr("Divider &Left"),
            ("Alt+Left",),
            _tr("Move the divider of the wipe to the left"),
        ),
        spec(
            "wipe_right",
            "compare",
            _tr("Divider &Right"),
            ("Alt+Right",),
            _tr("Move the divider of the wipe to the right"),
        ),
    )


class CompareController(QObject):
    """Puts the modes into menu and tool bar. They belong to the window, not to a session."""

    def __init__(
        self, window: MainWindow, document: EditDocument, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._comparison = window.canvas.comparison
        self._actions = window.actions_
        self._actions.extend(compare_table())
        menu = QMenu(self.tr("&Compare"), window)
        self._actions.fill(menu, "compare")
        window.view_menu.insertMenu(self._actions["overlay_none"], menu)
        for mode in Compare:
            action = self._actions[f"compare_{mode.value}"]
            action.triggered.connect(lambda _=False, mode=mode: self._pick(mode))
            if mode is not Compare.OFF:
                window.tool_bar.insertAction(self._actions["overlay_parts"], action)
        window.tool_bar.insertSeparator(self._actions["overlay_parts"])
        window.name_tools()
        for name, way in (("wipe_left", -1), ("wipe_right", 1)):
            self._actions[name].triggered.connect(
                lambda _=False, way=way: self._comparison.move_divider(way * WIPE_STEP)
            )
        self._comparison.mode_changed.connect(self._show_mode)
        document.state_changed.connect(lambda _: self._comparison.stop_blinking())
        self._show_mode(self._comparison.mode)

    def _pick(self, mode: Compare) -> None:
        # The key that begins a comparison also ends it.
        self._comparison.set_mode(Compare.OFF if mode is self._comparison.mode else mode)
        self._show_mode(self._comparison.mode)

    def _show_mode(self, mode: Compare) -> None:
        self._actions[f"compare_{mode.value}"].setChecked(True)
        for name in ("wipe_left", "wipe_right"):
            self._actions[name].setEnabled(mode is Compare.WIPE)
