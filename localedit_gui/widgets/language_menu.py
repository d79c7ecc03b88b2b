"""The menu of languages, of which one is spoken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from localedit_gui.actions import describe
from localedit_gui.settings import SYSTEM_LANGUAGE

_KEYS = "Ctrl+Alt+L, {number}"


class LanguageMenu(QMenu):
    """As the system, and one entry for each language, by its own name.

    Signals:
        language_wanted(str): "system" or a language's code was chosen.

    Args:
        window: the keys of the entries work all over it.
    """

    language_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setTitle(self.tr("Lan&guage"))
        self.setToolTipsVisible(True)
        self._window = window
        self._group = QActionGroup(self)
        self._entries: dict[str, QAction] = {}

    def set_languages(self, codes: Sequence[str]) -> None:
        """Offer these languages."""
        tip = self.tr("Speak the language of the system where it is there, else English")
        self._add(SYSTEM_LANGUAGE, self.tr("As the &System"), tip)
        for code in codes:
            name = "English" if code == "en" else QLocale(code).nativeLanguageName()
            self._add(code, name, self.tr("Speak {language}").format(language=name))

    def show_chosen(self, code: str) -> None:
        """Mark the choice, without a signal."""
        if code in self._entries:
            self._entries[code].setChecked(True)

    def _add(self, code: str, text: str, tip: str) -> None:
        action = QAction(text, self)
        action.setCheckable(True)
        describe(action, tip, _KEYS.format(number=len(self._entries)))
        action.triggered.connect(lambda: self.language_wanted.emit(code))
        self._group.addAction(action)
        self.addAction(action)
        self._window.addAction(action)
        self._entries[code] = action
