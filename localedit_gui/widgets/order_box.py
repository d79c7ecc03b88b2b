"""The box that says in which order references are shown."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget


class Order(StrEnum):
    """Orders of references."""

    NUMBER = "number"
    SUBTLE = "subtle"  # the nearest to the target's part first
    BOLD = "bold"  # the farthest first
    LIKE = "like"  # the nearest to a reference's part first


class OrderBox(QComboBox):
    """Offers the orders; one that counts from a reference only once there is one.

    Signals:
        chosen(Order): a person chose another.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Order of references"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for text, order in (
            (self.tr("By number"), Order.NUMBER),
            (self.tr("Subtle to bold"), Order.SUBTLE),
            (self.tr("Bold to subtle"), Order.BOLD),
        ):
            self.addItem(text, order)
        self.set_why_not("")
        self.activated.connect(lambda _row: self.chosen.emit(self.order()))

    def order(self) -> Order:
        """The order that is shown."""
        return Order(self.currentData())

    def set_order(self, order: Order, like: str = "") -> None:
        """Show an order, without a signal.

        Args:
            order: which.
            like: what the reference is called that ``Order.LIKE`` counts from.
        """
        row = self.findData(Order.LIKE)
        if order is Order.LIKE:
            text = self.tr("Like {name}").format(name=like)
            if row < 0:
                self.addItem(text, Order.LIKE)
            else:
                self.setItemText(row, text)
        elif row >= 0:
            self.removeItem(row)
        self.setCurrentIndex(self.findData(order))

    def set_why_not(self, reason: str) -> None:
        """Say why references can only be shown by number; empty where they can be ordered."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(1, model.rowCount()):
            model.item(row).setEnabled(not reason)
        self.setToolTip(
            reason
            or self.tr(
                "By how much each reference would change the selected part, or how alike its part "
                "is to another's"
            )
        )
