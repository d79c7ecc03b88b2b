"""The window: where panels, menus and bars are. What they do is wired elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from localedit_gui.actions import Actions, describe
from localedit_gui.message_bar import MessageBar
from localedit_gui.panels.budget_panel import BudgetPanel
from localedit_gui.panels.edit_stack import EditStack
from localedit_gui.panels.guide_panel import GuidePanel
from localedit_gui.panels.history_panel import HistoryPanel
from localedit_gui.panels.part_list import PartList
from localedit_gui.panels.reference_gallery import ReferenceGallery
from localedit_gui.panels.target_canvas import TargetCanvas
from localedit_gui.status_line import StatusLine
from localedit_gui.target_bar import TargetBar
from localedit_gui.widgets.device_menu import DeviceMenu
from localedit_gui.widgets.language_menu import LanguageMenu

PART_KEYS = 9
_LAYOUT_VERSION = 1
_SPACE_TAKERS = (QLineEdit, QAbstractSpinBox, QAbstractButton, QComboBox)


class MainWindow(QMainWindow):
    """Canvas in the middle, parts left, edits and settings right, gallery below.

    Signals:
        close_wanted(): the person wants to leave; ``close_for_good`` does it.
        file_dropped(Path): a file was dropped on the window.
        part_key_pressed(int): one of the keys 1 to 9, counted from 0.
        space_held(bool): Space went down or up, where it has no other meaning.
        first_shown(): the window is on screen.
    """

    close_wanted = Signal()
    file_dropped = Signal(object)
    part_key_pressed = Signal(int)
    space_held = Signal(bool)
    first_shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._may_close = False  # set before anything can send an event
        self._was_shown = False
        self._space = False
        self._part_actions: list[QAction] = []
        self.setObjectName("main")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.resize(1380, 900)

        self.canvas = TargetCanvas(self)
        self.parts = PartList(self)
        self.gallery = ReferenceGallery(self)
        self.stack = EditStack(self)
        self.budget = BudgetPanel(self)
        self.history = HistoryPanel(self)
        self.guide = GuidePanel(self)
        self.messages = MessageBar(self)
        self.target_bar = TargetBar(self)
        self.status_line = StatusLine(self)
        self.actions_ = Actions(self)
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity.setRange(0, 100)
        self.opacity.setFixedWidth(90)
        self.opacity.setToolTip(self.tr("How much the overlay covers the picture"))
        self.opacity.setStatusTip(self.opacity.toolTip())
        self.opacity.setAccessibleName(self.tr("Overlay opacity"))
        self.hint = QLabel(self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setContentsMargins(8, 6, 8, 6)
        self.hint.setForegroundRole(QPalette.ColorRole.WindowText)
        self.hint.setAccessibleName(self.tr("Hint"))

        centre = QWidget(self)
        grid = QGridLayout(centre)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.canvas, 0, 0)
        # Over the canvas and not above it, so that the picture stays where it is.
        grid.addWidget(self.messages, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.hint, 1, 0)
        grid.setRowStretch(0, 1)
        self.messages.raise_()
        self.setCentralWidget(centre)
        self.setStatusBar(self.status_line)
        self._docks = self._make_docks()
        self._make_tool_bar()
        self._make_menus()
        self.set_classes(0)

    # Building -------------------------------------------------------------------------------

    def _make_docks(self) -> list[QDockWidget]:
        areas = Qt.DockWidgetArea
        history = self._dock("history", self.tr("History"), self.history, areas.RightDockWidgetArea)
        docks = [
            self._dock("parts", self.tr("Parts"), self.parts, areas.LeftDockWidgetArea),
            self._dock("gallery", self.tr("References"), self.gallery, areas.BottomDockWidgetArea),
            self._dock("stack", self.tr("Edits"), self.stack, areas.RightDockWidgetArea),
            self._dock("budget", self.tr("Settings"), self.budget, areas.RightDockWidgetArea),
            history,
            self._dock("guide", self.tr("Step by Step"), self.guide, areas.BottomDockWidgetArea),
        ]
        docks[5].hide()  # until somebody wants to be led
        self.tabifyDockWidget(history, docks[2])  # the edits are in front
        # The gallery runs below the canvas only; the side columns keep the full height.
        self.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        self.resizeDocks([docks[0], docks[2]], [210, 320], Qt.Orientation.Horizontal)
        self.resizeDocks([docks[1]], [250], Qt.Orientation.Vertical)
        self.resizeDocks([docks[2], docks[3]], [260, 520], Qt.Orientation.Vertical)
        return docks

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(panel)
        self.addDockWidget(area, dock)
        return dock

    def _make_tool_bar(self) -> None:
        bar = self.tool_bar = QToolBar(self.tr("Tools"), self)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.addToolBar(bar)
        groups = (
            ("generators",),
            ("open", "save", "export"),
            ("undo", "redo"),
            ("random_target",),
        )
        for group in groups:
            for name in group:
                bar.addAction(self.actions_[name])
            if group != groups[-1]:
                bar.addSeparator()
        bar.addWidget(self.target_bar)
        space = QWidget(bar)
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        for name in ("original", "overlay_parts", "overlay_difference"):
            bar.addAction(self.actions_[name])
        bar.addWidget(self.opacity)
        bar.addSeparator()
        for name in ("zoom_out", "zoom_in", "zoom_fit", "zoom_actual"):
            bar.addAction(self.actions_[name])
        self.name_tools()
        chooser = bar.widgetForAction(self.actions_["generators"])
        if isinstance(chooser, QToolButton):  # its icon alone would not tell what it is
            chooser.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def name_tools(self) -> None:
        """Give every button of the tool bar a name to read out, and a place among the tabs."""
        for action in self.tool_bar.actions():
            button = self.tool_bar.widgetForAction(action)
            if isinstance(button, QAbstractButton):
                button.setAccessibleName(action.text().replace("&", ""))
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _make_menus(self) -> None:
        bar = self.menuBar()
        file_menu = self.file_menu = bar.addMenu(self.tr("&File"))
        self.actions_.fill(file_menu, "file")
        self.recent_menu = QMenu(self.tr("Open &Recent"), self)
        self.models_menu = QMenu(self.tr("&Bundled Generators"), self)
        before = self.actions_["save"]
        file_menu.insertMenu(self.actions_["generators"], self.recent_menu)
        file_menu.insertMenu(before, self.models_menu)
        file_menu.insertSeparator(before)
        self.edit_menu = bar.addMenu(self.tr("&Edit"))
        self.actions_.fill(self.edit_menu, "edit")
        self.actions_.fill(bar.addMenu(self.tr("&Target")), "target")
        self.parts_menu = bar.addMenu(self.tr("&Parts"))
        self.actions_.fill(self.parts_menu, "part")
        self.references_menu = bar.addMenu(self.tr("&References"))
        view = self.view_menu = bar.addMenu(self.tr("&View"))
        self.actions_.fill(view, "view")
        view.addSeparator()
        self.device_menu = DeviceMenu(self)
        view.addMenu(self.device_menu)
        self.status_line.set_device_menu(self.device_menu)
        self.actions_.fill(view.addMenu(self.tr("&Half Precision for Previews")), "half")
        self.actions_.fill(view.addMenu(self.tr("&Theme")), "theme")
        self.language_menu = LanguageMenu(self)
        view.addMenu(self.language_menu)
        panels = view.addMenu(self.tr("Pa&nels"))
        for number, dock in enumerate(self._docks):
            toggle = dock.toggleViewAction()
            tip = self.tr("Show or hide the panel {name}").format(name=dock.windowTitle())
            describe(toggle, tip, f"F{5 + number}")
            panels.addAction(toggle)
            self.addAction(toggle)
        self.help_menu = bar.addMenu(self.tr("&Help"))
        self.actions_.fill(self.help_menu, "help")

    # What is shown --------------------------------------------------------------------------

    def set_parts(self, names: Sequence[str]) -> None:
        """Put the parts into their menu; the first nine have the keys 1 to 9."""
        for old in self._part_actions:
            self.parts_menu.removeAction(old)
            self.removeAction(old)
            old.deleteLater()
        self._part_actions = []
        before = self.actions_["deselect"]
        for index, name in enumerate(names):
            action = QAction(name, self)
            tip = self.tr("Select the part {name}").format(name=name)
            describe(action, tip, *([str(index + 1)] if index < PART_KEYS else []))
            action.triggered.connect(lambda _=False, index=index: self.part_key_pressed.emit(index))
            self.parts_menu.insertAction(before, action)
            self._part_actions.append(action)

    def set_classes(self, count: int) -> None:
        """Offer a choice of classes where the generator has any."""
        self.target_bar.set_classes(count)
        for name in ("class_next", "class_previous"):
            self.actions_[name].setVisible(count > 0)
            self.actions_[name].setEnabled(count > 0)

    def set_recent(self, paths: Sequence[Path], pick: Callable[[Path], None]) -> None:
        """Put the recent files into their menu."""
        self._fill_menu(self.recent_menu, [(path.name, str(path), path) for path in paths], pick)

    def set_bundled(self, titles: Mapping[str, str], pick: Callable[[str], None]) -> None:
        """Put the bundled generators into their menu, name -> title."""
        entries = [
            (title, self.tr("Open the generator {name}").format(name=title), name)
            for name, title in titles.items()
        ]
        self._fill_menu(self.models_menu, entries, pick)

    def _fill_menu(
        self, menu: QMenu, entries: Sequence[tuple[str, str, object]], pick: Callable[..., None]
    ) -> None:
        menu.clear()
        menu.setEnabled(bool(entries))
        menu.setToolTipsVisible(True)
        for number, (text, tip, value) in enumerate(entries, 1):
            shown = text.replace("&", "&&")
            action = menu.addAction(f"&{number} {shown}" if number < 10 else shown)
            action.setToolTip(tip)
            action.setStatusTip(tip)
            action.triggered.connect(lambda _=False, value=value: pick(value))

    def set_document(self, name: str, path: Path | None, modified: bool) -> None:
        """Show which session this is, and whether it has unsaved changes."""
        self.setWindowTitle(f"{name}[*] – LocalEdit")
        self.setWindowFilePath("" if path is None else str(path))
        self.setWindowTitle(f"{name}[*] – LocalEdit")  # setWindowFilePath may have set another
        self.setWindowModified(modified)

    def set_undo_text(self, step: str) -> None:
        """Name the step that undo takes back."""
        self.actions_["undo"].setText(self.tr("&Undo {step}").format(step=step).strip(" :"))

    def set_redo_text(self, step: str) -> None:
        """Name the step that redo does again."""
        self.actions_["redo"].setText(self.tr("&Redo {step}").format(step=step).strip(" :"))

    def layout_state(self) -> tuple[QByteArray, QByteArray]:
        """Where the window and its docks are."""
        return self.saveGeometry(), self.saveState(_LAYOUT_VERSION)

    def restore_layout(self, place: QByteArray, layout: QByteArray) -> None:
        """Put window and docks where they were; what does not fit is ignored."""
        if not place.isEmpty():
            self.restoreGeometry(place)
        if not layout.isEmpty():
            self.restoreState(layout, _LAYOUT_VERSION)

    # Events ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Tell once that the window is there, after it has been painted."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.windowHandle().installEventFilter(self)
            QTimer.singleShot(0, self, self._shown)

    def _shown(self) -> None:
        self.messages.window_shown()
        self.first_shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave only once unsaved work is dealt with."""
        if not self._may_close:
            self.close_wanted.emit()
        event.setAccepted(self._may_close)

    def close_for_good(self) -> None:
        """Close without asking any more."""
        self._may_close = True
        self.close()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew when the colours change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_"):
            self.actions_.refresh_icons()
        elif event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._hold_space(False)  # a key let go elsewhere is not heard

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one local file."""
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file; not before the drag is over, because opening may ask something."""
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.file_dropped.emit(path))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear Space being held wherever it does not type or press something."""
        kind = event.type()
        if (
            kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and not isinstance(QApplication.focusWidget(), _SPACE_TAKERS)
        ):
            if not event.isAutoRepeat():
                self._hold_space(kind == QEvent.Type.KeyPress)
            return True
        return super().eventFilter(watched, event)

    def _hold_space(self, held: bool) -> None:
        if held != self._space:
            self._space = held
            self.space_held.emit(held)


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return files[0] if len(files) == 1 else None
