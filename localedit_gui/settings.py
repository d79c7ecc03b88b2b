"""What the program remembers of its user between two starts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, cast

import platformdirs
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from localedit_core.editing.request import HalfPrecision
from localedit_core.generators.devices import AUTO

STATE_FOLDER_VARIABLE = "LOCALEDIT_STATE_DIR"
RECENT_KEPT = 10
SYSTEM_LANGUAGE = "system"

Theme = Literal["system", "light", "dark"]


def state_folder() -> Path:
    """Where settings and unsaved work are kept; LOCALEDIT_STATE_DIR names another folder."""
    named = os.environ.get(STATE_FOLDER_VARIABLE)
    return Path(named) if named else platformdirs.user_state_path("LocalEdit", appauthor=False)


class Settings(QObject):
    """Theme, language, device, recent files, the window's place.

    Signals:
        recent_changed(): the list of recent files is another.

    Args:
        folder: the file "settings.ini" in it is used; it is made when needed.
    """

    recent_changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Theme:
        """Dark, light, or what the system has."""
        value = str(self._store.value("theme", "system"))
        return cast(Theme, value) if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._store.setValue("theme", theme)

    @property
    def language(self) -> str:
        """What the window speaks: "system", or a language's code."""
        return str(self._store.value("language", SYSTEM_LANGUAGE)) or SYSTEM_LANGUAGE

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def device(self) -> str:
        """What to compute on: "auto", or a device's name."""
        return str(self._store.value("device", AUTO)) or AUTO

    @device.setter
    def device(self, name: str) -> None:
        self._store.setValue("device", name)

    @property
    def half_precision(self) -> HalfPrecision:
        """Whether previews and thumbnails are in half precision."""
        value = str(self._store.value("half_precision", ""))
        known = [choice.value for choice in HalfPrecision]
        return HalfPrecision(value) if value in known else HalfPrecision.AUTO

    @half_precision.setter
    def half_precision(self, half: HalfPrecision) -> None:
        self._store.setValue("half_precision", half.value)

    @property
    def recent(self) -> tuple[Path, ...]:
        """The files opened or saved last, newest first."""
        value = self._store.value("recent", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(Path(str(name)) for name in names if name)

    def add_recent(self, path: Path) -> None:
        """Put a file at the front of the recent ones."""
        path = path.absolute()
        others = [other for other in self.recent if other != path]
        self._set_recent([path, *others][:RECENT_KEPT])

    def forget_recent(self, path: Path) -> None:
        """Take a file that is gone off the list."""
        self._set_recent([other for other in self.recent if other != path.absolute()])

    def _set_recent(self, paths: list[Path]) -> None:
        self._store.setValue("recent", [str(path) for path in paths])
        self.recent_changed.emit()

    @property
    def folder(self) -> Path:
        """Where file dialogs begin."""
        value = str(self._store.value("folder", ""))
        return Path(value) if value and Path(value).is_dir() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._store.setValue("folder", str(folder))

    @property
    def geometry(self) -> tuple[QByteArray, QByteArray]:
        """The window's place and the layout of its docks; empty at first."""
        place, layout = self._store.value("place"), self._store.value("layout")
        return (
            place if isinstance(place, QByteArray) else QByteArray(),
            layout if isinstance(layout, QByteArray) else QByteArray(),
        )

    @geometry.setter
    def geometry(self, place_and_layout: tuple[QByteArray, QByteArray]) -> None:
        self._store.setValue("place", place_and_layout[0])
        self._store.setValue("layout", place_and_layout[1])

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()
