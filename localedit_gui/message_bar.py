"""What happened and what to do about it, above the picture instead of in its way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

_INFO_SECONDS = 6.0
_STRIPE_WIDTH = 4
_STRIPE = {"info": "#3d7eff", "warning": "#e0a100", "error": "#d6453d"}


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        kind: infos go by themselves, warnings and errors stay until they are closed.
        text: what happened.
        hint: what to do.
        choices: buttons: what they say, and what they do.
    """

    kind: Literal["info", "warning", "error"]
    text: str
    hint: str = ""
    choices: tuple[tuple[str, Callable[[], None]], ...] = ()

    @property
    def stays(self) -> bool:
        """Whether only a person closes it."""
        return self.kind != "info" or bool(self.choices)


class MessageBar(QWidget):
    """Shows one message at a time; others wait, also until the window is there to show them.

    A message equal to one that is shown or waits is not shown again: an error that every tick of
    a slider meets is one error. Messages whose buttons do different things are different.

    Signals:
        message_shown(str): its text, for who reads the screen aloud, and for tests.
    """

    message_shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: Message | None = None
        self._waiting: deque[Message] = deque()
        self._choices: list[QPushButton] = []
        self.setAccessibleName(self.tr("Messages"))
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(self._text.textInteractionFlags().TextSelectableByMouse)
        self._count = QLabel(self)
        self._close = QToolButton(self)
        self._close.setText("×")
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self._close.toolTip())
        self._close.clicked.connect(self.close_message)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._count)
        self._row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_message)
        self.hide()

    @property
    def current(self) -> Message | None:
        """The message on screen."""
        return self._current

    @property
    def waiting(self) -> tuple[Message, ...]:
        """The messages behind it."""
        return tuple(self._waiting)

    def show_message(self, message: Message) -> None:
        """Show a message as soon as there is a window and room for it."""
        if self._current is not None and message == self._current:
            if not message.stays:
                self._timer.start()
            return
        if message in self._waiting:
            return
        self._waiting.append(message)
        if self._current is not None and not self._current.stays:
            self._current = None
        self._next()

    def close_message(self) -> None:
        """Close the message on screen; the next one comes."""
        self._current = None
        self._next()

    def window_shown(self) -> None:
        """The window can show messages now."""
        self._next()

    def _next(self) -> None:
        self._timer.stop()
        if self._current is None and self._waiting and self.window().isVisible():
            self._present(self._waiting.popleft())
        elif self._current is None:
            self.hide()
        waiting = len(self._waiting)
        self._count.setText(self.tr("%n more", "", waiting) if waiting else "")
        self._count.setVisible(bool(waiting))

    def _present(self, message: Message) -> None:
        self._current = message
        for button in self._choices:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._choices = []
        for label, act in message.choices:
            button = QPushButton(label, self)
            button.clicked.connect(lambda _=False, act=act: self._choose(act))
            self._row.insertWidget(1 + len(self._choices), button)
            self._choices.append(button)
        self._text.setText(f"{message.text} {message.hint}".strip())
        self.setAccessibleDescription(self._text.text())
        self.update()
        self.show()
        self.message_shown.emit(self._text.text())
        if not message.stays:
            self._timer.start(round(_INFO_SECONDS * 1000))

    def _choose(self, act: Callable[[], None]) -> None:
        self.close_message()
        act()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, tinted by the kind of message, with a stripe on the left."""
        if self._current is None:
            return
        stripe = QColor(_STRIPE[self._current.kind])
        tint = QColor(stripe)
        tint.setAlphaF(0.14)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.fillRect(self.rect(), tint)
        painter.fillRect(0, 0, _STRIPE_WIDTH, self.height(), stripe)
