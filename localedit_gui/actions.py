"""Everything that can be done from menus and keys, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from localedit_gui.widgets.icons import icon


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        name: what the program calls it: "save".
        menu: the menu that it is in: "file".
        text: its menu entry, with "&" before the letter to press.
        keys: its shortcuts; the first is shown.
        tip: what it does, for tooltip and status bar.
        icon: name of its icon, may be empty.
        group: actions of one non-empty group are alternatives: exactly one is checked.
        checkable: whether it is on or off.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    tip: str
    icon: str = ""
    group: str = ""
    checkable: bool = False


SEPARATOR = None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def action_table() -> tuple[ActionSpec | None, ...]:
    """All actions in the order of the menus; None stands for a separator."""
    spec = ActionSpec
    return (
        spec("new", "file", _tr("&New"), ("Ctrl+N",), _tr("Begin anew on the open generator")),
        spec(
            "open",
            "file",
            _tr("&Open…"),
            ("Ctrl+O",),
            _tr("Open a session, an exported picture or a generator"),
            "open",
        ),
        spec(
            "generators",
            "file",
            _tr("&Generators…"),
            ("Ctrl+G",),
            _tr("Choose a generator, or an example to begin with"),
            "generators",
        ),
        spec(
            "import",
            "file",
            _tr("&Import Checkpoint…"),
            ("Ctrl+I",),
            _tr("Convert a published checkpoint once; nothing in it is run"),
        ),
        spec(
            "library",
            "file",
            _tr("Model &Library…"),
            ("Ctrl+L",),
            _tr("Imported generators, and published ones to fetch"),
        ),
        SEPARATOR,
        spec("save", "file", _tr("&Save"), ("Ctrl+S",), _tr("Save the session"), "save"),
        spec(
            "save_as",
            "file",
            _tr("Save &As…"),
            ("Ctrl+Shift+S",),
            _tr("Save the session to another file"),
        ),
        SEPARATOR,
        spec(
            "export",
            "file",
            _tr("&Export Picture…"),
            ("Ctrl+E",),
            _tr("Write the picture as PNG, with the session inside"),
            "export",
        ),
        spec(
            "export_difference",
            "file",
            _tr("Export &Diff Map…"),
            ("Ctrl+Shift+E",),
            _tr("Write the map of what changed as PNG"),
        ),
        SEPARATOR,
        spec("quit", "file", _tr("&Quit"), ("Ctrl+Q",), _tr("Close LocalEdit")),
        spec("undo", "edit", _tr("&Undo"), ("Ctrl+Z",), _tr("Take the last step back"), "undo"),
        spec(
            "redo",
            "edit",
            _tr("&Redo"),
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            _tr("Do the step again that was taken back"),
            "redo",
        ),
        SEPARATOR,
        spec(
            "mute",
            "edit",
            _tr("&Mute Edit"),
            ("M",),
            _tr("Mute the selected edit, or let it act again"),
            "eye",
        ),
        spec(
            "duplicate",
            "edit",
            _tr("D&uplicate Edit"),
            ("Ctrl+D",),
            _tr("Copy the selected edit"),
            "duplicate",
        ),
        spec(
            "move_up",
            "edit",
            _tr("Move Edit &Up"),
            ("Alt+Up",),
            _tr("Move the selected edit up in the stack"),
            "arrow-up",
        ),
        spec(
            "move_down",
            "edit",
            _tr("Move Edit Do&wn"),
            ("Alt+Down",),
            _tr("Move the selected edit down in the stack"),
            "arrow-down",
        ),
        spec(
            "delete",
            "edit",
            _tr("&Delete Edit"),
            ("Del",),
            _tr("Remove the selected edit"),
            "delete",
        ),
        spec(
            "random_target",
            "target",
            _tr("&Random Target"),
            ("R",),
            _tr("Edit a random picture of the generator"),
            "random",
        ),
        spec(
            "target_by_number",
            "target",
            _tr("Target by &Number…"),
            ("Ctrl+T",),
            _tr("Edit the picture of a number (seed)"),
        ),
        spec(
            "class_next",
            "target",
            _tr("Next &Class"),
            ("C",),
            _tr("Draw pictures of the next class, for generators with classes"),
        ),
        spec(
            "class_previous",
            "target",
            _tr("&Previous Class"),
            ("Shift+C",),
            _tr("Draw pictures of the class before, for generators with classes"),
        ),
        SEPARATOR,
        spec(
            "psi_up",
            "target",
            _tr("More &Varied"),
            ("]",),
            _tr("Raise the truncation: rarer pictures, more artefacts"),
        ),
        spec(
            "psi_down",
            "target",
            _tr("More &Typical"),
            ("[",),
            _tr("Lower the truncation: more common pictures"),
        ),
        spec(
            "deselect",
            "part",
            _tr("Select &No Part"),
            ("Esc",),
            _tr("Select no part"),
        ),
        SEPARATOR,
        spec(
            "workshop",
            "part",
            _tr("Catalog &Workshop…"),
            ("Ctrl+K",),
            _tr("Find and name the parts of this generator: cluster, name, check, save"),
        ),
        spec(
            "original",
            "view",
            _tr("Show &Original"),
            ("O",),
            _tr("Show the picture without edits; or hold Space"),
            "original",
            checkable=True,
        ),
        SEPARATOR,
        spec(
            "overlay_none",
            "view",
            _tr("&Picture Only"),
            ("N",),
            _tr("Show nothing over the picture"),
            group="overlay",
            checkable=True,
        ),
        spec(
            "overlay_parts",
            "view",
            _tr("P&arts"),
            ("P",),
            _tr("Show the parts over the picture"),
            "parts",
            group="overlay",
            checkable=True,
        ),
        spec(
            "overlay_difference",
            "view",
            _tr("&Diff Map"),
            ("D",),
            _tr("Show what changed, in delta E, over the picture"),
            "difference",
            group="overlay",
            checkable=True,
        ),
        spec(
            "overlay_more",
            "view",
            _tr("More O&verlay"),
            (".",),
            _tr("Let the overlay cover more of the picture"),
        ),
        spec(
            "overlay_less",
            "view",
            _tr("&Less Overlay"),
            (",",),
            _tr("Let the overlay cover less of the picture"),
        ),
        SEPARATOR,
        spec("zoom_in", "view", _tr("Zoom &In"), ("Ctrl++", "Ctrl+="), _tr("Zoom in"), "zoom-in"),
        spec("zoom_out", "view", _tr("Zoom O&ut"), ("Ctrl+-",), _tr("Zoom out"), "zoom-out"),
        spec(
            "zoom_fit",
            "view",
            _tr("&Fit"),
            ("Ctrl+0",),
            _tr("Show the whole picture"),
            "zoom-fit",
        ),
        spec(
            "zoom_actual",
            "view",
            _tr("&Actual Size"),
            ("Ctrl+1",),
            _tr("One screen pixel for each pixel of the picture"),
            "zoom-actual",
        ),
        SEPARATOR,
        spec(
            "half_auto",
            "half",
            _tr("&Automatic"),
            ("Ctrl+Alt+H, 0",),
            _tr("Previews and thumbnails in half precision where that is quicker"),
            group="half",
            checkable=True,
        ),
        spec(
            "half_on",
            "half",
            _tr("O&n"),
            ("Ctrl+Alt+H, 1",),
            _tr("Previews and thumbnails in half precision wherever the device can"),
            group="half",
            checkable=True,
        ),
        spec(
            "half_off",
            "half",
            _tr("O&ff"),
            ("Ctrl+Alt+H, 2",),
            _tr("Previews and thumbnails as exact as settled pictures"),
            group="half",
            checkable=True,
        ),
        spec(
            "theme_system",
            "theme",
            _tr("As the &System"),
            ("Ctrl+Alt+0",),
            _tr("Dark or light as the system is"),
            group="theme",
            checkable=True,
        ),
        spec(
            "theme_light",
            "theme",
            _tr("&Light"),
            ("Ctrl+Alt+1",),
            _tr("Light colours"),
            group="theme",
            checkable=True,
        ),
        spec(
            "theme_dark",
            "theme",
            _tr("&Dark"),
            ("Ctrl+Alt+2",),
            _tr("Dark colours"),
            group="theme",
            checkable=True,
        ),
        spec("about", "help", _tr("&About LocalEdit"), ("F1",), _tr("What this program is")),
    )


class Actions:
    """The window's actions by name: ``actions["save"]``.

    Args:
        window: owns them, so that their keys work all over it.
        table: which; None for those of the main window.
    """

    def __init__(self, window: QWidget, table: Sequence[ActionSpec | None] | None = None) -> None:
        self._window = window
        self._table: tuple[ActionSpec | None, ...] = ()
        self._actions: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}
        self._groups: dict[str, QActionGroup] = {}
        self.extend(action_table() if table is None else table)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def extend(self, table: Sequence[ActionSpec | None]) -> None:
        """Make more actions, of a table that is kept with what it is about."""
        self._table += tuple(table)
        self._actions |= {spec.name: self._make(spec) for spec in table if spec is not None}
        self.refresh_icons()

    def fill(self, menu: QMenu, name: str) -> None:
        """Add the actions of the menu ``name``, separated as in the table."""
        separator = False
        for spec in self._table:
            if spec is None:
                separator = True
            elif spec.menu == name:
                if separator and menu.actions():
                    menu.addSeparator()
                menu.addAction(self._actions[spec.name])
                separator = False

    def refresh_icons(self) -> None:
        """Draw the icons in the window's present colours."""
        for name, source in self._icons.items():
            self._actions[name].setIcon(icon(source, self._window.palette()))

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        describe(action, spec.tip, *spec.keys)
        if spec.icon:
            self._icons[spec.name] = spec.icon
        if spec.group:
            if spec.group not in self._groups:
                self._groups[spec.group] = QActionGroup(self._window)
            self._groups[spec.group].addAction(action)
        self._window.addAction(action)
        return action


def describe(action: QAction, tip: str, *keys: str) -> None:
    """Give an action its shortcuts, its tooltip with the first of them, and its status tip."""
    sequences = [QKeySequence(key) for key in keys]
    action.setShortcuts(sequences)
    shown = sequences[0].toString(QKeySequence.SequenceFormat.NativeText) if sequences else ""
    action.setToolTip(f"{tip} ({shown})" if shown else tip)
    action.setStatusTip(tip)
