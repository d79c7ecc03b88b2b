"""The workshop's last step: the shelf of this generator's catalogs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.widgets.cluster_tree import RoomyRows

if TYPE_CHECKING:
    from localedit_core.models.catalog_shelf import ShelvedCatalog

_ENTRY = Qt.ItemDataRole.UserRole


class SavePanel(QWidget):
    """The catalog on the bench above, the shelf below.

    Signals:
        save_wanted(str): put the catalog on the shelf under this name.
        sheet_wanted(): export the membership sheet.
        open_wanted(entry), use_wanted(entry), duplicate_wanted(entry), rename_wanted(entry),
        remove_wanted(entry): the button of that name.
    """

    save_wanted = Signal(str)
    sheet_wanted = Signal()
    open_wanted = Signal(object)
    use_wanted = Signal(object)
    duplicate_wanted = Signal(object)
    rename_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._something = False
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        self.name = QLineEdit(self)
        self.name.setMaxLength(64)
        self.name.setAccessibleName(self.tr("Name of the catalog"))
        self.name.setToolTip(self.tr("Saving again under one name makes a new version of it"))
        self.save = self._button(
            self.tr("&Save Version"),
            self.tr("Put the catalog on the shelf; earlier versions stay"),
        )
        self.sheet = self._button(
            self.tr("&Export Sheet…"),
            self.tr("Write the samples with their clusters as one PNG"),
        )
        self.entries = QTreeWidget(self)
        self.entries.setRootIsDecorated(False)
        self.entries.setUniformRowHeights(True)
        self.entries.setItemDelegate(RoomyRows(self.entries))
        self.entries.setAllColumnsShowFocus(True)
        self.entries.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.entries.setHeaderLabels(
            [
                self.tr("Catalog"),
                self.tr("Version"),
                self.tr("Parts"),
                self.tr("Layer"),
                self.tr("K"),
                self.tr("Saved"),
                self.tr("State"),
            ]
        )
        header = self.entries.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self.entries.setAccessibleName(self.tr("Catalogs of this generator"))
        self.use = self._button(
            self.tr("&Use in Editor"),
            self.tr("Have the editor work with this catalog; the session goes along"),
        )
        self.open_entry = self._button(
            self.tr("&Open Here"), self.tr("Go on naming this catalog in the workshop")
        )
        self.duplicate = self._button(self.tr("&Duplicate…"), self.tr("Copy it under another name"))
        self.rename = self._button(self.tr("&Rename…"), self.tr("Call it something else"))
        self.remove = self._button(
            self.tr("Re&move"), self.tr("Take it off the shelf; it can be taken back")
        )
        self._build()
        self._connect()
        self.set_entries(())
        self.set_bench("", "", something=False)

    # What is shown --------------------------------------------------------------------------

    def set_bench(self, name: str, summary: str, *, something: bool) -> None:
        """Show what would be saved."""
        self._something = something
        self.summary.setText(
            summary
            if something
            else self.tr("Nothing is on the bench: cluster, or open one below.")
        )
        if not self.name.hasFocus() or not self.name.text():
            self.name.setText(name)
        self.sheet.setEnabled(something)
        self._show_save()

    def set_entries(self, entries: Sequence[ShelvedCatalog]) -> None:
        """Show the shelf; the selected catalog stays selected."""
        selected = self.entry()
        with QSignalBlocker(self.entries):
            self.entries.clear()
            for entry in entries:
                state = [self.tr("in use")] if entry.active else []
                if entry.bundled:
                    state.append(self.tr("beside its file"))
                if entry.problem:
                    state.append(self.tr("cannot be read"))
                version = "" if entry.bundled else str(entry.version)
                texts = [
                    entry.name,
                    version,
                    str(len(entry.parts)),
                    entry.layer,
                    str(entry.clusters),
                    "" if entry.saved is None else _local(entry.saved),
                    ", ".join(state),
                ]
                item = QTreeWidgetItem(texts)
                item.setData(0, _ENTRY, entry)
                tip = entry.problem or ", ".join(entry.parts) or self.tr("No cluster has a name")
                for column in range(self.entries.columnCount()):
                    item.setToolTip(column, tip)
                if entry.active:
                    font = QFont(self.font())
                    font.setBold(True)
                    item.setFont(0, font)
                self.entries.addTopLevelItem(item)
                if selected is not None and entry.path == selected.path:
                    self.entries.setCurrentItem(item)
            first = self.entries.topLevelItem(0)
            if first is not None and self.entry() is None:
                self.entries.setCurrentItem(first)
        self._show_selection()

    def select(self, path: object) -> None:
        """Select the catalog of this file."""
        for row in range(self.entries.topLevelItemCount()):
            item = self.entries.topLevelItem(row)
            if item is not None and item.data(0, _ENTRY).path == path:
                self.entries.setCurrentItem(item)

    def entry(self) -> Any:
        """The selected catalog, or None."""
        item = self.entries.currentItem()
        return None if item is None else item.data(0, _ENTRY)

    def _show_selection(self) -> None:
        entry = self.entry()
        known = entry is not None
        own = known and not entry.bundled
        readable = known and not entry.problem
        self.open_entry.setEnabled(readable)
        self.duplicate.setEnabled(readable)
        self.rename.setEnabled(own)
        self.remove.setEnabled(own)
        self.use.setEnabled(readable and bool(entry.parts))
        tip = self.tr("Have the editor work with this catalog; the session goes along")
        if known and not entry.parts:
            tip = self.tr("None of its clusters has a name: name some first")
        self.use.setToolTip(tip)
        self.use.setAccessibleDescription(tip)

    def _show_save(self) -> None:
        self.save.setEnabled(self._something and bool(self.name.text().strip()))

    # Building -------------------------------------------------------------------------------

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        return button

    def _build(self) -> None:
        bench = QGroupBox(self.tr("On the bench"), self)
        grid = QGridLayout(bench)
        grid.addWidget(self.summary, 0, 0, 1, 4)
        label = QLabel(self.tr("&Name"), self)
        label.setBuddy(self.name)
        grid.addWidget(label, 1, 0)
        grid.addWidget(self.name, 1, 1)
        grid.addWidget(self.save, 1, 2)
        grid.addWidget(self.sheet, 1, 3)
        grid.setColumnStretch(1, 1)
        shelf = QGroupBox(self.tr("On the shelf"), self)
        column = QVBoxLayout(shelf)
        column.addWidget(self.entries, 1)
        row = QHBoxLayout()
        for button in (self.use, self.open_entry, self.duplicate, self.rename, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(bench)
        layout.addWidget(shelf, 1)

    def _connect(self) -> None:
        self.save.clicked.connect(self._save)
        self.name.returnPressed.connect(self._save)
        self.name.textChanged.connect(lambda _: self._show_save())
        self.sheet.clicked.connect(lambda: self.sheet_wanted.emit())
        self.entries.currentItemChanged.connect(lambda *_: self._show_selection())
        self.entries.itemActivated.connect(lambda *_: self.open_entry.click())
        for button, signal in (
            (self.use, self.use_wanted),
            (self.open_entry, self.open_wanted),
            (self.duplicate, self.duplicate_wanted),
            (self.rename, self.rename_wanted),
            (self.remove, self.remove_wanted),
        ):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(self.entry()))

    def _save(self) -> None:
        if self.save.isEnabled():
            self.save_wanted.emit(self.name.text().strip())


def _local(when: datetime) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(when.timestamp()))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
