"""A number that is dragged, typed or stepped: label, slider and spin box in one row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

_STEPS = 1000
_SETTLE_MS = 350  # a run of key presses or wheel clicks counts as one change


class _Slider(QSlider):
    """A slider whose groove is clicked to jump there, and that only takes the wheel in focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _STEPS)
        self.setSingleStep(10)
        self.setPageStep(100)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        complex_control = QStyle.ComplexControl.CC_Slider
        handle = self.style().subControlRect(
            complex_control, option, QStyle.SubControl.SC_SliderHandle, self
        )
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(at):
            groove = self.style().subControlRect(
                complex_control, option, QStyle.SubControl.SC_SliderGroove, self
            )
            left = groove.left() + handle.width() // 2
            value = QStyle.sliderValueFromPosition(
                self.minimum(),
                self.maximum(),
                at.x() - left,
                groove.width() - handle.width(),
                option.upsideDown,
            )
            self.setSliderDown(True)
            self.setValue(value)  # the handle is under the pointer now, and the press takes it
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # scrolling a panel must not change what it holds


class ValueSlider(QWidget):
    """A labelled number between ``low`` and ``high``.

    Signals:
        changing(float): the number moves; sent for every step of a drag.
        changed(float): the person is done: the slider is let go, the typed number entered, or a
            run of steps has come to rest. Sent once after every run of ``changing``.

    Setting the value from code sends nothing. A double click on the label resets to the default.

    Args:
        label: short name, shown on the left and used as accessible name.
        tooltip: what the number does.
        power: slider position t stands for low + (high - low) * t**power, so that small numbers
            get more room when it is above 1.
    """

    changing = Signal(float)
    changed = Signal(float)

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        default: float,
        *,
        decimals: int = 2,
        step: float = 0.05,
        power: float = 1.0,
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._default = low, high, default
        self._decimals, self._power = decimals, power
        self._value = default
        self._unsettled = False  # ``changing`` was sent, ``changed`` not yet

        self.label = QLabel(label, self)
        self.slider = _Slider(self)
        self.spin = QDoubleSpinBox(self)
        self.spin.setRange(low, high)
        self.spin.setDecimals(decimals)
        self.spin.setSingleStep(step)
        self.spin.setKeyboardTracking(False)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.spin.installEventFilter(self)
        self.label.installEventFilter(self)
        self.label.setBuddy(self.spin)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMinimumWidth(60)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.slider, 1)
        row.addWidget(self.spin)

        reset = self.tr("Double-click the name to go back to {default}.").format(
            default=self.spin.textFromValue(default)
        )
        self._tip = f"{tooltip}\n{reset}".strip()
        self.setToolTip(self._tip)
        self.slider.setAccessibleName(self.tr("{name}, slider").format(name=label))
        self.spin.setAccessibleName(label)
        for control in (self.slider, self.spin):
            control.setAccessibleDescription(tooltip)
        self.setAccessibleName(label)
        self.setFocusProxy(self.slider)

        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLE_MS)
        self._rest.timeout.connect(self.commit)
        self.slider.valueChanged.connect(self._slider_moved)
        self.slider.sliderReleased.connect(self.commit)
        self.spin.valueChanged.connect(self._spin_moved)
        self.spin.editingFinished.connect(self.commit)
        self._show()

    def value(self) -> float:
        """The number shown."""
        return self._value

    def is_dragged(self) -> bool:
        """Whether the pointer holds the slider."""
        return self.slider.isSliderDown()

    def set_value(self, value: float) -> None:
        """Show a number, without a signal; ignored while the pointer holds the slider.

        Another number than the one shown ends a run of steps that has not come to rest.
        """
        value = min(max(value, self._low), self._high)
        if self.is_dragged() or value == self._value:
            return
        self._rest.stop()
        self._unsettled = False
        self._value = value
        self._show()

    def refuse(self, reason: str) -> None:
        """Take no number and say why, in the tooltip; an empty reason takes numbers again."""
        self.setEnabled(not reason)
        self.setToolTip(reason or self._tip)

    def reset(self) -> None:
        """Go back to the default, as if the person had entered it."""
        self._move(self._default)
        self.commit()

    def commit(self) -> None:
        """Send ``changed`` now if a run of changes is still waiting for its end."""
        self._rest.stop()
        if self._unsettled:
            self._unsettled = False
            self.changed.emit(self._value)

    def _move(self, value: float) -> None:
        if value == self._value:
            return
        self._value = value
        self._unsettled = True
        self._show()
        self.changing.emit(value)

    def _slider_moved(self, position: int) -> None:
        share = (position / _STEPS) ** self._power
        self._move(round(self._low + (self._high - self._low) * share, self._decimals))
        if not self.is_dragged():
            self._rest.start()

    def _spin_moved(self, value: float) -> None:
        self._move(round(value, self._decimals))
        self._rest.start()

    def _show(self) -> None:
        share = (self._value - self._low) / (self._high - self._low)
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            if not self.is_dragged():  # its own position is finer than the rounded number
                self.slider.setValue(round(share ** (1 / self._power) * _STEPS))
            self.spin.setValue(self._value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Reset on a double click on the label; keep the wheel from a spin box out of focus."""
        if watched is self.label and event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset()
            return True
        if watched is self.spin and event.type() == QEvent.Type.Wheel and not self.spin.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
