"""The language of the window: which there are, which is spoken, and the choice of another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

import localedit_resources
from localedit_gui.message_bar import Message
from localedit_gui.settings import Settings
from localedit_gui.widgets.language_menu import LanguageMenu

ENGLISH = "en"
"""What the texts in the program are written in; it needs no translation."""


def translations() -> dict[str, Path]:
    """The translations that came with the program, by language: "de"."""
    folder = Path(localedit_resources.__file__).parent / "translations"
    return {path.stem.rpartition("_")[2]: path for path in sorted(folder.glob("localedit_*.qm"))}


def languages() -> tuple[str, ...]:
    """What the window can speak, English first."""
    return (ENGLISH, *translations())


def chosen_language(wanted: str) -> str:
    """The language to speak: the one wanted, else the system's first that there is, else English.

    Args:
        wanted: "system", or a language's code.
    """
    known = languages()
    if wanted in known:
        return wanted
    spoken = (QLocale(name).bcp47Name().split("-")[0] for name in QLocale.system().uiLanguages())
    return next((name for name in spoken if name in known), ENGLISH)


def speak(app: QCoreApplication, language: str) -> Sequence[QTranslator]:
    """Have texts that are made from now on in a language; returns what was installed.

    Qt's own texts (buttons of its dialogs) come with Qt.
    """
    installed = []
    if language in translations():
        program, qt = QTranslator(app), QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if qt.load(f"qtbase_{language}", folder):
            installed.append(qt)
        if program.load(str(translations()[language])):
            installed.append(program)  # is asked first, as the last one installed
    for translator in installed:
        app.installTranslator(translator)
    return tuple(installed)


class Languages(QObject):
    """Remembers which language was chosen from the menu.

    Signals:
        message(Message): something to tell.
    """

    message = Signal(object)

    def __init__(
        self, menu: LanguageMenu, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._now = chosen_language(settings.language)
        menu.set_languages(languages())
        menu.show_chosen(settings.language)
        menu.language_wanted.connect(self._choose)

    def _choose(self, language: str) -> None:
        self._settings.language = language
        if chosen_language(language) != self._now:
            text = self.tr("The window speaks the chosen language when it is next opened.")
            self.message.emit(Message("info", text))
