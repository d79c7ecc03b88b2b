"""What runs, on what, and how quickly."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QProgressBar, QStatusBar, QToolButton, QWidget


class StatusLine(QStatusBar):
    """Status tips on the left; running job, latency, zoom and device on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = QLabel(self)
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)  # moves without an end: jobs are short
        self._busy.setFixedWidth(90)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("A job is running"))
        self._latency = self._label(
            self.tr("Median time from a change to the preview, and to the full picture")
        )
        self._zoom = self._label(self.tr("Screen pixels per picture pixel"))
        self.device = QToolButton(self)
        self.device.setAutoRaise(True)
        self.device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.device.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.device.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tip = self.tr("What the generator runs on; press to choose another device")
        self.device.setToolTip(tip)
        self.device.setAccessibleDescription(tip)
        for widget in (self._job, self._busy, self._latency, self._zoom, self.device):
            self.addPermanentWidget(widget)
        self.set_job("")

    def _label(self, tip: str) -> QLabel:
        label = QLabel(self)
        label.setToolTip(tip)
        label.setAccessibleDescription(tip)
        label.setContentsMargins(8, 0, 8, 0)
        return label

    def set_job(self, label: str) -> None:
        """Show the running job; an empty label for none."""
        self._job.setText(label and label[0].upper() + label[1:] + "…")
        self._busy.setVisible(bool(label))

    def set_latency(self, preview: float | None, settled: float | None) -> None:
        """Show medians in seconds; None is not shown."""
        parts = []
        if preview is not None:
            parts.append(self.tr("Preview {ms:.0f} ms").format(ms=preview * 1000))
        if settled is not None:
            parts.append(self.tr("Full {ms:.0f} ms").format(ms=settled * 1000))
        self._latency.setText(" · ".join(parts))

    def set_zoom(self, zoom: float) -> None:
        """Show the zoom; 1 is 100 %."""
        self._zoom.setText(self.tr("{percent:.0f} %").format(percent=zoom * 100))

    def set_device_menu(self, menu: QMenu) -> None:
        """Offer these devices where the present one is shown."""
        self.device.setMenu(menu)

    def set_device(self, name: str) -> None:
        """Show the device and the generator."""
        self.device.setText(name)
        self.device.setAccessibleName(name)
