"""The page of the model library: imported generators, and published ones to fetch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.library_jobs import ShownEntry
from localedit_gui.rendering.long_jobs import Running
from localedit_gui.widgets.pictures import to_image

if TYPE_CHECKING:
    from localedit_core.models.published_list import PublishedCheckpoint

_THUMBNAIL = QSize(96, 96)
FAMILY_NAMES = {"stylegan2": "StyleGAN2", "stylegan": "StyleGAN", "progan": "PG-GAN"}


class LibraryPage(QDialog):
    """Two lists with what is known of the selected row beside them.

    Signals:
        open_wanted(LibraryEntry), parts_wanted(LibraryEntry), quick_wanted(LibraryEntry),
        rename_wanted(LibraryEntry), remove_wanted(LibraryEntry), folder_wanted(LibraryEntry): the
            button of that name.
        import_wanted(): choose a file and import it.
        fetch_wanted(PublishedCheckpoint): fetch and import it.
        page_wanted(PublishedCheckpoint): show its page in a browser.
        cancel_wanted(): give up what runs.
    """

    open_wanted = Signal(object)
    parts_wanted = Signal(object)
    quick_wanted = Signal(object)
    rename_wanted = Signal(object)
    remove_wanted = Signal(object)
    folder_wanted = Signal(object)
    import_wanted = Signal()
    fetch_wanted = Signal(object)
    page_wanted = Signal(object)
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = False
        self.setWindowTitle(self.tr("Model Library"))
        self.setAccessibleName(self.windowTitle())
        self.entries = self._list(self.tr("Imported generators"))
        self.entries.setIconSize(_THUMBNAIL)
        self.entry_facts = self._facts()
        self.open_entry = self._button(
            self.tr("&Open"), self.tr("Open this generator in the editor")
        )
        self.parts = self._button(
            self.tr("&Find Parts"),
            self.tr("Cluster it in the catalog workshop and name its parts, which editing needs"),
        )
        self.quick = self._button(
            self.tr("&Number Parts"),
            self.tr("Find parts with the suggested settings; they get numbers for names"),
        )
        self.rename = self._button(self.tr("&Rename…"), self.tr("Call it something else"))
        self.remove = self._button(
            self.tr("Re&move"), self.tr("Move it to the library's trash, kept for 30 days")
        )
        self.folder = self._button(self.tr("&Show in Folder"), self.tr("Show its file"))
        self.published = self._list(self.tr("Published generators"))
        self.published_facts = self._facts()
        self.fetch = self._button(
            self.tr("F&etch and Import"), self.tr("Download this checkpoint and import it")
        )
        self.page = self._button(self.tr("Open Its &Page"), self.tr("Show its page in a browser"))
        self.tabs = QTabWidget(self)
        self.tabs.addTab(
            self._tab(
                self.entries,
                self.entry_facts,
                (
                    self.open_entry,
                    self.parts,
                    self.quick,
                    self.rename,
                    self.remove,
                    self.folder,
                ),
            ),
            self.tr("&Imported"),
        )
        self.tabs.addTab(
            self._tab(self.published, self.published_facts, (self.fetch, self.page)),
            self.tr("&Published"),
        )
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.cancel = self._button(self.tr("&Cancel"), self.tr("Give up what is running"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        self.import_file = self._button(
            self.tr("&Import File…"),
            self.tr("Convert a published checkpoint (.pkl, .pt, .pth); nothing in it is run"),
        )
        buttons.addButton(self.import_file, QDialogButtonBox.ButtonRole.ActionRole)
        running = QHBoxLayout()
        running.addWidget(self.status, 1)
        running.addWidget(self.progress)
        running.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(running)
        layout.addWidget(buttons)
        self.resize(860, 560)
        buttons.rejected.connect(self.reject)
        self._connect()
        self.set_running(None)
        self._show_entry()
        self.set_published(())

    # What is shown --------------------------------------------------------------------------

    def set_entries(self, entries: Sequence[ShownEntry]) -> None:
        """Show the library; the selected generator stays selected."""
        selected = self.entry()
        self._read = True
        self.entries.clear()
        for shown in entries:
            item = QListWidgetItem(shown.entry.name)
            item.setData(Qt.ItemDataRole.UserRole, shown.entry)
            item.setToolTip(shown.entry.problem or shown.entry.facts.source)
            if shown.picture is not None:
                item.setIcon(QIcon(QPixmap.fromImage(to_image(shown.picture))))
            self.entries.addItem(item)
            if selected is not None and shown.entry.path == selected.path:
                self.entries.setCurrentItem(item)
        if self.entries.currentItem() is None and entries:
            self.entries.setCurrentRow(0)
        self._show_entry()

    def set_published(self, checkpoints: Sequence[PublishedCheckpoint]) -> None:
        """Show the list of published checkpoints."""
        self.published.clear()
        for checkpoint in checkpoints:
            item = QListWidgetItem(f"{checkpoint.name}, {checkpoint.resolution} px")
            item.setData(Qt.ItemDataRole.UserRole, checkpoint)
            self.published.addItem(item)
        if checkpoints:
            self.published.setCurrentRow(0)
        self._show_published()

    def select(self, name: str) -> None:
        """Select an imported generator and show its tab."""
        self.tabs.setCurrentIndex(0)
        for row in range(self.entries.count()):
            if self.entries.item(row).text() == name:
                self.entries.setCurrentRow(row)

    def set_running(self, running: Running | None) -> None:
        """Show what runs and how far it is; None for nothing."""
        for widget in (self.progress, self.cancel):
            widget.setVisible(running is not None)
        if running is None:
            self.status.clear()
            return
        text = running.label[:1].upper() + running.label[1:]
        if running.unit == "bytes" and running.done:
            text += f" · {_bytes(running.done)}"
            text += f" / {_bytes(running.total)}" if running.total else ""
        if running.seconds_left is not None:
            left = self.tr("{seconds} s left").format(seconds=max(round(running.seconds_left), 1))
            text += f" · {left}"
        self.status.setText(text)
        share = None if not running.total else round(1000 * running.done / running.total)
        self.progress.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress.setValue(share)

    # Selection ------------------------------------------------------------------------------

    def entry(self) -> Any:
        """The selected entry, or None."""
        item = self.entries.currentItem()
        return None if item is None else item.data(Qt.ItemDataRole.UserRole)

    def checkpoint(self) -> Any:
        """The selected published checkpoint, or None."""
        item = self.published.currentItem()
        return None if item is None else item.data(Qt.ItemDataRole.UserRole)

    def _show_entry(self) -> None:
        entry = self.entry()
        known = entry is not None
        usable = known and not entry.problem
        self.open_entry.setEnabled(usable and entry.has_catalog)
        self.parts.setEnabled(usable)
        self.quick.setEnabled(usable)
        for button in (self.rename, self.remove, self.folder):
            button.setEnabled(known)
        if not known:
            nothing = self.tr(
                "Nothing is imported yet. Import a file, drop one on the window, or fetch one "
                "of the published generators."
            )
            self.entry_facts.setText(nothing if self._read else self.tr("Reading the library…"))
            return
        facts = entry.facts
        rows = [
            (self.tr("Family"), FAMILY_NAMES.get(facts.family, facts.family)),
            (self.tr("Resolution"), f"{facts.resolution} px" if facts.resolution else ""),
            (self.tr("Classes"), str(entry.classes or "")),
            (self.tr("Size"), _bytes(facts.size)),
            (self.tr("Licence"), facts.licence or self.tr("not stated")),
            (self.tr("Source"), facts.source),
            (self.tr("SHA-256 of the source"), facts.source_sha256 or ""),
            (self.tr("Imported"), facts.imported),
            (self.tr("File"), str(entry.path)),
        ]
        notes = [entry.problem, entry.notice]
        if usable and entry.facts.family == "progan":
            notes.append(
                self.tr(
                    "This generator has no styles: parts are brought over by feature blending "
                    "or Poisson blending, which work without."
                )
            )
        if usable and not entry.has_catalog:
            notes.append(self.tr("Its parts are not known yet: find them before you open it."))
        self.entry_facts.setText(_text(entry.name, rows, notes))

    def _show_published(self) -> None:
        found = self.checkpoint()
        self.page.setEnabled(found is not None)
        self.fetch.setEnabled(found is not None and found.address is not None)
        if found is None:
            self.published_facts.clear()
            return
        rows = [
            (self.tr("Shows"), found.shows),
            (self.tr("Family"), FAMILY_NAMES.get(found.family, found.family)),
            (self.tr("Resolution"), f"{found.resolution} px"),
            (self.tr("Publisher"), found.publisher),
            (self.tr("Licence"), f"{found.licence}. {found.licence_note}"),
            (self.tr("Size"), _bytes(found.size) if found.size else self.tr("not stated")),
            (self.tr("SHA-256"), found.sha256 or self.tr("not stated")),
            (self.tr("Page"), found.page),
            (self.tr("Address"), found.address or ""),
        ]
        self.published_facts.setText(
            _text(found.name, rows, [] if found.address else [found.how_to_get])
        )

    # Building -------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.entries.currentItemChanged.connect(lambda *_: self._show_entry())
        self.entries.itemActivated.connect(lambda _: self.open_entry.click())
        self.published.currentItemChanged.connect(lambda *_: self._show_published())
        for button, signal in (
            (self.open_entry, self.open_wanted),
            (self.parts, self.parts_wanted),
            (self.quick, self.quick_wanted),
            (self.rename, self.rename_wanted),
            (self.remove, self.remove_wanted),
            (self.folder, self.folder_wanted),
        ):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(self.entry()))
        for button, signal in ((self.fetch, self.fetch_wanted), (self.page, self.page_wanted)):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(self.checkpoint()))
        self.import_file.clicked.connect(lambda: self.import_wanted.emit())
        self.cancel.clicked.connect(lambda: self.cancel_wanted.emit())

    def _list(self, name: str) -> QListWidget:
        view = QListWidget(self)
        view.setAccessibleName(name)
        view.setUniformItemSizes(True)
        return view

    def _facts(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        label.setTextInteractionFlags(flags | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        return label

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.setAutoDefault(False)
        return button

    def _tab(self, view: QListWidget, facts: QLabel, buttons: Sequence[QPushButton]) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.addWidget(facts, 1)
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        splitter = QSplitter(self)
        splitter.addWidget(view)
        splitter.addWidget(side)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([300, 540])
        return splitter


def _bytes(count: int | None) -> str:
    return QLocale().formattedDataSize(count or 0, 1)


def _text(title: str, rows: Sequence[tuple[str, str]], notes: Sequence[str]) -> str:
    lines = [title, "", *(f"{name}: {value}" for name, value in rows if value)]
    lines += [line for note in notes if note for line in ("", note)]
    return "\n".join(lines)
