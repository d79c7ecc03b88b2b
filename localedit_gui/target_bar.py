"""Which picture is edited, of which class, and how typical pictures are."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QWidget

from localedit_core.latents import MAX_SEED
from localedit_gui.widgets.value_slider import ValueSlider

PSI_LOW, PSI_HIGH, PSI_STEP = 0.0, 1.2, 0.05
_SPIN_MAX = min(MAX_SEED, 2**31 - 1)  # QSpinBox counts no further


class TargetBar(QWidget):
    """Number of the target, its class where there are classes, and truncation, for the tool bar.

    Signals:
        seed_entered(int): edit this picture.
        class_entered(int): draw pictures of this class.
        psi_changing(float), psi_changed(float): truncation, during a drag and at its end.
    """

    seed_entered = Signal(int)
    class_entered = Signal(int)
    psi_changing = Signal(float)
    psi_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(self.tr("Target"), self)
        self.seed = QSpinBox(self)
        self.seed.setRange(0, _SPIN_MAX)
        self.seed.setKeyboardTracking(False)
        self.seed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.seed.setMinimumWidth(90)
        self.seed.setToolTip(self.tr("The picture that is edited, by its number (seed)"))
        self.seed.setStatusTip(self.seed.toolTip())
        self.seed.setAccessibleName(self.tr("Target number"))
        label.setBuddy(self.seed)
        self.class_label = QLabel(self.tr("Class"), self)
        self.class_index = QSpinBox(self)
        self.class_index.setKeyboardTracking(False)
        self.class_index.setWrapping(True)
        self.class_index.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.class_index.setAccessibleName(self.tr("Class"))
        self.class_label.setBuddy(self.class_index)
        self.psi = ValueSlider(
            self.tr("Truncation"),
            PSI_LOW,
            PSI_HIGH,
            0.7,
            tooltip=self.tr("0 is the average picture; higher is more varied, and rarer"),
            parent=self,
        )
        self.psi.setFixedWidth(300)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.addWidget(label)
        row.addWidget(self.seed)
        row.addWidget(self.class_label)
        row.addWidget(self.class_index)
        row.addSpacing(14)
        row.addWidget(self.psi)
        self.seed.valueChanged.connect(self.seed_entered)
        self.class_index.valueChanged.connect(self.class_entered)
        self.psi.changing.connect(self.psi_changing)
        self.psi.changed.connect(self.psi_changed)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.set_classes(0)
        self.setEnabled(False)

    def set_classes(self, count: int) -> None:
        """Say how many classes the generator has; without any there is none to pick."""
        with QSignalBlocker(self.class_index):
            self.class_index.setRange(0, max(count - 1, 0))
        tip = self.tr("The class that pictures are drawn of, 0 to {last} (C, Shift+C)")
        self.class_index.setToolTip(tip.format(last=count - 1))
        self.class_index.setStatusTip(self.class_index.toolTip())
        for widget in (self.class_label, self.class_index):
            widget.setVisible(count > 0)

    def set_truncation(self, there_is: bool) -> None:
        """Offer truncation, or say that the generator has none."""
        reason = self.tr("This generator truncates nothing: every picture is as varied as it is.")
        self.psi.refuse("" if there_is else reason)

    def set_target(self, seed: int | None, psi: float, class_index: int | None = None) -> None:
        """Show target, class and truncation; a target without a seed shows none."""
        with QSignalBlocker(self.seed):
            if seed is not None:
                self.seed.setValue(min(seed, _SPIN_MAX))
        with QSignalBlocker(self.class_index):
            self.class_index.setValue(class_index or 0)
        self.psi.set_value(psi)
        self.setEnabled(True)
