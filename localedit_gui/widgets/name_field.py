"""Where a name is typed, with names to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

COMMON_NAMES = (
    "background", "beard", "bed", "body", "brows", "building", "ceiling", "chin", "clothes",
    "collar", "cover", "curtains", "ears", "eyes", "face", "floor", "forehead", "fur", "glasses",
    "ground", "hair", "hands", "hat", "head", "headboard", "lamp", "left eye", "legs", "lips",
    "mouth", "neck", "nightstand", "nose", "paws", "picture", "pillows", "right eye", "road",
    "rug", "sheet", "skin", "sky", "tail", "teeth", "tree", "wall", "water", "wheels", "window",
    "wings",
)  # fmt: skip
"""Of what generators are usually trained on; any other name can be typed."""


class NameField(QLineEdit):
    """Completes names in use and common ones. Undo is the window's while nothing was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = QStringListModel(list(COMMON_NAMES), self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchStartsWith)
        self.setCompleter(completer)
        self.setMaxLength(64)
        self.setClearButtonEnabled(True)

    def set_used(self, names: Iterable[str]) -> None:
        """Names in use come first."""
        used = list(names)
        self._names.setStringList([*used, *(n for n in COMMON_NAMES if n not in used)])

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window where there is nothing of this field's to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)
