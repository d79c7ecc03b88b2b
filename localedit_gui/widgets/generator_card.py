"""One generator to choose: picture, sentence, and examples to begin with."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.request import Picture
from localedit_gui.showcase import ShownCard, ShownExample
from localedit_gui.widgets.pictures import to_image

WIDTH = 400
_EXAMPLE_SIDE = 112


def translated(text: str) -> str:
    """A card's text in the language of the window, where there is a translation."""
    return QCoreApplication.translate("Cards", text) if text else ""


def _pixmap(picture: Picture, size: QSize, ratio: float) -> QPixmap:
    """The picture in a size, sharp on a screen of that many pixels per unit."""
    image = to_image(picture).scaled(
        size * ratio,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


class GeneratorCard(QFrame):
    """Shows a bundled generator.

    Signals:
        open_clicked(): bring it to the screen.
        guide_clicked(): bring it to the screen and lead through its parts.
        example_clicked(ShownExample): open a copy of that one.
    """

    open_clicked = Signal()
    guide_clicked = Signal()
    example_clicked = Signal(object)

    def __init__(self, shown: ShownCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.on_screen = False
        title = translated(shown.title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(translated(shown.sentence))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setFixedWidth(WIDTH)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        inner = WIDTH - 24
        if shown.picture is not None:
            picture = QLabel(self)
            size = QSize(inner, inner // 2)
            picture.setPixmap(_pixmap(shown.picture, size, self.devicePixelRatioF()))
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setAccessibleName(self.tr("Pictures made by {title}").format(title=title))
            layout.addWidget(picture)
        layout.addLayout(self._heading(title))
        for text in (translated(shown.sentence), shown.problem):
            if text:
                layout.addWidget(self._text(text))
        self.open = QPushButton(self)
        self.open.setAutoDefault(True)
        self.open.clicked.connect(self.open_clicked)
        self.guide = QPushButton(self.tr("Step by Step"), self)
        self.guide.setAutoDefault(True)
        self.guide.clicked.connect(self.guide_clicked)
        self.guide.setAccessibleName(self.tr("Step by step: {title}").format(title=title))
        self.guide.setToolTip(self.tr("Open it and be led from part to part"))
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addWidget(self.guide)
        row.addStretch(1)
        layout.addLayout(row)
        self.examples: list[QToolButton] = []
        if shown.examples:
            layout.addSpacing(4)
            layout.addWidget(self._text(self.tr("Or begin with an example:")))
            layout.addLayout(self._example_row())
        for example in shown.examples:
            if example.problem:
                layout.addWidget(self._text(f"{translated(example.title)}: {example.problem}"))
        layout.addStretch(1)
        self.set_status(on_screen=False, kept=False, modified=False)

    def set_status(self, *, on_screen: bool, kept: bool, modified: bool) -> None:
        """Say where the generator is: on screen, kept behind it, or not open."""
        self.on_screen = on_screen
        title = translated(self.shown.title)
        if on_screen:
            status, verb = self.tr("On screen"), self.tr("Go on")
        elif kept:
            status, verb = self.tr("As you left it"), self.tr("Go back to it")
        else:
            status, verb = "", self.tr("Open")
        if modified:
            status = self.tr("{status} · unsaved changes").format(status=status)
        self.status.setText(status)
        self.open.setText(verb)
        self.open.setAccessibleName(f"{verb}: {title}")
        tip = self.tr("Open {title}; what is on screen now is kept as it is").format(title=title)
        self.open.setToolTip(tip if not on_screen else self.tr("Close this page"))

    def _heading(self, title: str) -> QHBoxLayout:
        label = QLabel(title, self)
        font = QFont(label.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.3)
        label.setFont(font)
        self.status = QLabel(self)
        self.status.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addStretch(1)
        row.addWidget(self.status)
        return row

    def _text(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _example_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for example in self.shown.examples:
            button = self._example_button(example)
            row.addWidget(button)
            self.examples.append(button)
        row.addStretch(1)
        return row

    def _example_button(self, example: ShownExample) -> QToolButton:
        title, sentence = translated(example.title), translated(example.sentence)
        button = QToolButton(self)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        side = QSize(_EXAMPLE_SIDE, _EXAMPLE_SIDE)
        button.setIconSize(side)
        button.setFixedWidth(_EXAMPLE_SIDE + 8)
        if example.picture is not None:
            button.setIcon(QIcon(_pixmap(example.picture, side, self.devicePixelRatioF())))
        metrics = button.fontMetrics()
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, _EXAMPLE_SIDE)
        button.setText(shown.replace("&", "&&"))
        button.setAccessibleName(self.tr("Example {title}").format(title=title))
        button.setAccessibleDescription(sentence)
        button.setToolTip(example.problem or f"{title}: {sentence}")
        button.setEnabled(not example.problem)
        button.clicked.connect(lambda: self.example_clicked.emit(example))
        return button
