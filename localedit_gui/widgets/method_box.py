"""How a part gets to the target: the choice of methods."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from localedit_core.editing.edit import Method


class MethodBox(QComboBox):
    """The methods; a generator without styles has those that blend, the others say why not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tips = {
            Method.SEQUENTIAL: self.tr(
                "Moves the most relevant channels first until the budget is spent."
            ),
            Method.AUTHORS: self.tr(
                "As Sequential, in whole channels, like the paper's published code."
            ),
            Method.SIMULTANEOUS: self.tr(
                "Moves all channels at once, each as far as it is relevant."
            ),
            Method.GLOBAL: self.tr(
                "Moves all channels alike: the whole picture turns to the reference."
            ),
            Method.PER_IMAGE: self.tr(
                "Moves the channels that are clearly this part's on these two pictures. "
                "There is no budget (Retrieve in Style)."
            ),
            Method.FEATURE_BLENDING: self.tr(
                "Puts the reference's features in the place of the target's, inside the part."
            ),
            Method.POISSON_BLENDING: self.tr(
                "Puts the reference's part into the finished picture and fits its colours to what "
                "is around it. Nothing outside the part changes."
            ),
        }
        names = {
            Method.SEQUENTIAL: self.tr("Sequential"),
            Method.AUTHORS: self.tr("Authors' code"),
            Method.SIMULTANEOUS: self.tr("Simultaneous"),
            Method.GLOBAL: self.tr("Global"),
            Method.PER_IMAGE: self.tr("Per image"),
            Method.FEATURE_BLENDING: self.tr("Feature blending"),
            Method.POISSON_BLENDING: self.tr("Poisson blending"),
        }
        for method in self._tips:
            self.addItem(names[method], method)
        self.set_has_styles(True)

    def set_has_styles(self, has_styles: bool) -> None:
        """Offer the methods that move styles, or say that there are none to move."""
        reason = self.tr("Not here: this generator has no styles that could be moved.")
        items = cast(QStandardItemModel, self.model())
        for row, (method, tip) in enumerate(self._tips.items()):
            offered = has_styles or not method.moves_styles
            items.item(row).setEnabled(offered)
            self.setItemData(row, tip if offered else reason, Qt.ItemDataRole.ToolTipRole)

    def show_method(self, method: Method) -> None:
        """Select a method, without telling that it was chosen."""
        self.setCurrentIndex(self.findData(method))
        self.setToolTip(self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole) or "")
