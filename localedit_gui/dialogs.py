"""The questions that need an answer before anything goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from localedit_core.latents import MAX_SEED
from localedit_gui.evaluation.values import ReportKind

Answer = Literal["save", "discard", "cancel"]
FileKind = (
    Literal["session", "picture", "difference", "sheet", "board", "report", "morph"] | ReportKind
)
_SUFFIXES: dict[FileKind, str] = {
    "session": "localedit",
    "report": "pdf",
    "morph": "gif",
}


class Dialogs(Protocol):
    """Asks a person. Every answer may be None or "cancel"."""

    def ask_open_path(self, folder: Path) -> Path | None:
        """Which file to open."""
        ...

    def ask_checkpoint_path(self, folder: Path) -> Path | None:
        """Which checkpoint to import."""
        ...

    def ask_reference_path(self, folder: Path) -> Path | None:
        """Which file to take references from."""
        ...

    def ask_name(self, title: str, current: str) -> str | None:
        """What to call something."""
        ...

    def ask_save_path(self, kind: FileKind, suggestion: Path) -> Path | None:
        """Where to write to."""
        ...

    def ask_unsaved(self, name: str) -> Answer:
        """What to do with unsaved work."""
        ...

    def ask_seed(self, current: int) -> int | None:
        """Which picture to edit."""
        ...

    def show_about(self, text: str) -> None:
        """Show what the program is."""
        ...


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)


class WindowDialogs:
    """Asks in dialogs above a window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def ask_open_path(self, folder: Path) -> Path | None:
        """Which file to open."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            _tr("Open"),
            str(folder),
            _tr("All that LocalEdit opens (*.localedit *.png *.safetensors *.pkl *.pt *.pth)")
            + ";;"
            + _tr("Sessions (*.localedit)")
            + ";;"
            + _tr("Exported pictures (*.png)")
            + ";;"
            + _tr("Generators (*.safetensors)"),
        )
        return Path(name) if name else None

    def ask_checkpoint_path(self, folder: Path) -> Path | None:
        """Which checkpoint to import; its name may be any."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            _tr("Import checkpoint"),
            str(folder),
            _tr("Checkpoints (*.pkl *.pt *.pth *.ckpt *.safetensors)")
            + ";;"
            + _tr("All files (*)"),
        )
        return Path(name) if name else None

    def ask_reference_path(self, folder: Path) -> Path | None:
        """Which file to take references from; its name may be any."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            _tr("Add reference"),
            str(folder),
            _tr("Sessions and latents (*.localedit *.png *.npz *.npy *.pt *.pth *.pkl)")
            + ";;"
            + _tr("All files (*)"),
        )
        return Path(name) if name else None

    def ask_name(self, title: str, current: str) -> str | None:
        """What to call something."""
        name, accepted = QInputDialog.getText(self._window, title, _tr("Name:"), text=current)
        return name if accepted else None

    def ask_save_path(self, kind: FileKind, suggestion: Path) -> Path | None:
        """Where to write to; the dialog asks before it overwrites."""
        title, files = {
            "session": (_tr("Save session"), _tr("Sessions (*.localedit)")),
            "picture": (_tr("Export picture"), _tr("PNG pictures (*.png)")),
            "difference": (_tr("Export diff map"), _tr("PNG pictures (*.png)")),
            "sheet": (_tr("Export membership sheet"), _tr("PNG pictures (*.png)")),
            "board": (_tr("Export board"), _tr("Sheets (*.png *.pdf)")),
            "report": (_tr("Print sheet"), _tr("Pages (*.pdf *.png)")),
            ReportKind.LOCALITY: (_tr("Export evaluation"), _tr("Numbers and pictures")),
            ReportKind.HEATMAP: (_tr("Export evaluation"), _tr("Numbers, maps and pictures")),
            ReportKind.FRECHET: (_tr("Export evaluation"), _tr("Numbers")),
            "morph": (
                _tr("Export morph"),
                _tr("Animated pictures, films and strips (*.gif *.mp4 *.png)"),
            ),
        }[kind]
        default = _SUFFIXES.get(kind, "png")
        if isinstance(kind, ReportKind):
            files += f" ({' '.join(f'*{suffix}' for suffix in kind.suffixes)})"
            default = kind.suffixes[0].removeprefix(".")
        dialog = QFileDialog(self._window, title, str(suggestion.parent), files)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # Adds the suffix before it looks whether the file is there, so that it asks.
        dialog.setDefaultSuffix(default)
        dialog.selectFile(suggestion.name)
        if not dialog.exec():
            return None
        names = dialog.selectedFiles()
        return Path(names[0]) if names else None

    def ask_unsaved(self, name: str) -> Answer:
        """What to do with unsaved work."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(_tr("Unsaved changes"))
        box.setText(_tr("“{name}” has changes that are not saved.").format(name=name))
        box.setInformativeText(_tr("Discarded changes cannot be brought back."))
        save, discard = QMessageBox.StandardButton.Save, QMessageBox.StandardButton.Discard
        box.setStandardButtons(save | discard | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(save)
        answer = box.exec()
        if answer == save.value:
            return "save"
        return "discard" if answer == discard.value else "cancel"

    def ask_seed(self, current: int) -> int | None:
        """Which picture to edit; Qt's dialog counts no further than 2**31 - 1."""
        highest = min(MAX_SEED, 2**31 - 1)
        seed, accepted = QInputDialog.getInt(
            self._window,
            _tr("Target by number"),
            _tr("Each number (seed) stands for one picture of this generator:"),
            min(current, highest),
            0,
            highest,
        )
        return seed if accepted else None

    def show_about(self, text: str) -> None:
        """Show what the program is."""
        QMessageBox.about(self._window, _tr("About LocalEdit"), text)
