"""The parts with their clusters, and the clusters that have no name yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from localedit_gui.widgets.cluster_look import ClusterLook, swatch_icon

_CLUSTERS = Qt.ItemDataRole.UserRole
_ICON = QSize(30, 18)


class RoomyRows(QStyledItemDelegate):
    """Rows with some air, as high whatever is in them."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as the text and some air."""
        size = super().sizeHint(option, index)
        size.setHeight(max(22, option.fontMetrics.height() + 8))
        return size


class ClusterTree(QTreeWidget):
    """Two levels: parts, largest share first named first, and below each its clusters.

    Signals:
        clusters_picked(frozenset): the selection, as clusters.
        clusters_hovered(frozenset): the pointer is on a row of these clusters; empty for none.
    """

    clusters_picked = Signal(object)
    clusters_hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderLabels([self.tr("Part or cluster"), self.tr("Share")])
        self.setAccessibleName(self.tr("Parts and clusters"))
        self.setToolTip(
            self.tr("Select clusters (Ctrl for several), then give them a name. F2 renames a part.")
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setIconSize(_ICON)
        self.setUniformRowHeights(True)
        self.setItemDelegate(RoomyRows(self))
        self.setMouseTracking(True)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemSelectionChanged.connect(self._selection_changed)
        self.itemEntered.connect(lambda item, _: self.clusters_hovered.emit(_clusters(item)))
        self.viewportEntered.connect(lambda: self.clusters_hovered.emit(frozenset()))

    def set_clusters(self, looks: Sequence[ClusterLook], parts: Sequence[str]) -> None:
        """Show all clusters, the parts in this order."""
        closed = {item.text(0) for item in self._groups() if not item.isExpanded()}
        selected = self.selected()
        with QSignalBlocker(self):
            self.clear()
            for name in parts:
                members = [look for look in looks if look.part == name]
                item = self._group(name, members)
                item.setIcon(0, self._icon(members[0], ""))
                item.setExpanded(name not in closed)
            rest = sorted((x for x in looks if x.part is None), key=lambda x: -x.share)
            if rest:
                title = self.tr("No name yet")
                self._group(title, rest).setExpanded(title not in closed)
        self.set_selected(selected)

    def _group(self, title: str, members: Sequence[ClusterLook]) -> QTreeWidgetItem:
        item = QTreeWidgetItem([title, _percent(sum(look.share for look in members))])
        item.setData(0, _CLUSTERS, frozenset(look.number for look in members))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        font = QFont(self.font())
        font.setBold(True)
        item.setFont(0, font)
        self.addTopLevelItem(item)
        for look in members:
            text = self.tr("cluster {number}").format(number=look.number)
            child = QTreeWidgetItem([text, _percent(look.share)])
            child.setData(0, _CLUSTERS, frozenset({look.number}))
            child.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            child.setIcon(0, self._icon(look, str(look.number)))
            item.addChild(child)
        return item

    def _icon(self, look: ClusterLook, text: str) -> QIcon:
        return swatch_icon(look.colour, text, _ICON, self.devicePixelRatioF(), look.hatching)

    def _groups(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def selected(self) -> frozenset[int]:
        """The selected clusters."""
        return frozenset().union(*(_clusters(item) for item in self.selectedItems()))

    def set_selected(self, clusters: Iterable[int]) -> None:
        """Select these clusters' rows, without a signal."""
        wanted = frozenset(clusters)
        with QSignalBlocker(self):
            first = None
            for top in self._groups():
                top.setSelected(False)
                for child in (top.child(index) for index in range(top.childCount())):
                    if child is None:
                        continue
                    child.setSelected(_clusters(child) <= wanted)
                    if child.isSelected() and first is None:
                        first = child
        self.viewport().update()
        if first is not None:
            self.scrollToItem(first)

    def leaveEvent(self, event: QEvent) -> None:
        """Light nothing up once the pointer is gone."""
        self.clusters_hovered.emit(frozenset())
        super().leaveEvent(event)

    def _selection_changed(self) -> None:
        self.clusters_picked.emit(self.selected())


def _clusters(item: QTreeWidgetItem) -> frozenset[int]:
    return frozenset(item.data(0, _CLUSTERS) or ())


def _percent(share: float) -> str:
    return f"{share:.1%}"
