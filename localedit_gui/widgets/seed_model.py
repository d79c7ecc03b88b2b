"""The seeds that a gallery shows, and the thumbnails made so far."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from localedit_gui.widgets.seed_mime import SEED_MIME, seed_data

AnyIndex = QModelIndex | QPersistentModelIndex

SEED_ROLE = Qt.ItemDataRole.UserRole
FAVOURITE_ROLE = Qt.ItemDataRole.UserRole + 1

_THUMBNAILS_KEPT = 1200  # at 128 px 79 MB; more than any screen shows at once


class SeedModel(QStringListModel):
    """One row per seed: all of them, or a handful of favourites.

    A list of strings, because a view that lays out 10,000 rows asks for the number of rows twice
    for each; that must not be a call into Python.
    """

    def __init__(self, seeds: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self._seeds: Sequence[int] = ()
        self._rows: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._favourites: dict[int, None] = {}  # a set that keeps the order of marking
        self.set_seeds(seeds)

    @property
    def favourites(self) -> tuple[int, ...]:
        """The marked seeds in the order of marking."""
        return tuple(self._favourites)

    def set_seeds(self, seeds: Sequence[int]) -> None:
        """Show other seeds."""
        self._seeds = seeds
        self._rows = {seed: row for row, seed in enumerate(seeds)}
        self.setStringList([str(seed) for seed in seeds])

    def set_favourites(self, seeds: Sequence[int]) -> None:
        """Mark these seeds."""
        changed = set(self._favourites) ^ set(seeds)
        self._favourites = dict.fromkeys(seeds)
        for seed in changed:
            self._tell(seed)

    def has_thumbnail(self, seed: int) -> bool:
        """Whether the seed's thumbnail is kept."""
        return seed in self._thumbnails

    def set_thumbnail(self, seed: int, image: QImage) -> None:
        """Keep a thumbnail; the one not looked at for longest goes when there are too many."""
        self._thumbnails[seed] = image
        self._thumbnails.move_to_end(seed)
        while len(self._thumbnails) > _THUMBNAILS_KEPT:
            self._thumbnails.popitem(last=False)
        self._tell(seed)

    def clear_thumbnails(self) -> None:
        """Forget all thumbnails: the generator or its truncation is another."""
        self._thumbnails.clear()
        if self._seeds:
            last = self.index(len(self._seeds) - 1)
            self.dataChanged.emit(self.index(0), last, [Qt.ItemDataRole.DecorationRole])

    def seed(self, row: int) -> int:
        """The seed of a row."""
        return self._seeds[row]

    def row_of(self, seed: int) -> int:
        """The row of a seed, -1 where it is not shown."""
        return self._rows.get(seed, -1)

    def _tell(self, seed: int) -> None:
        row = self.row_of(seed)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Seed, thumbnail, mark and what a screen reader says."""
        if not index.isValid():
            return None
        seed = self._seeds[index.row()]
        if role == SEED_ROLE:
            return seed
        if role == Qt.ItemDataRole.DecorationRole:
            image = self._thumbnails.get(seed)
            if image is not None:
                self._thumbnails.move_to_end(seed)
            return image
        if role == FAVOURITE_ROLE:
            return seed in self._favourites
        if role == Qt.ItemDataRole.DisplayRole:
            return str(seed)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self.tr("Seed {seed}").format(seed=seed)
            return text + self.tr(", favourite") if seed in self._favourites else text
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Every thumbnail can be dragged, none is a text to edit or to drop on."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        can = Qt.ItemFlag
        return can.ItemIsSelectable | can.ItemIsEnabled | can.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """What a drag carries."""
        return [SEED_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The seed of the dragged row."""
        return seed_data(self._seeds[indexes[0].row()])
