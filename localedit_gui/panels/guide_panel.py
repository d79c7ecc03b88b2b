"""Leads through a job: what to do now, and pictures to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.request import Picture
from localedit_gui.widgets.pictures import empty_icon, plain_icon, to_image
from localedit_gui.widgets.taking_list import TakingList

SIDE = 112
"""Of a choice's picture, in pixels."""

_START, _CHOOSE, _END = range(3)


@dataclass(frozen=True)
class Choice:
    """One picture to take.

    Attributes:
        text: below it.
        spoken: what a screen reader says.
        taken: whether the session has it now.
    """

    text: str
    spoken: str
    taken: bool = False


class _Choices(TakingList):
    """A row of pictures."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setSpacing(4)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        lines = self.fontMetrics().height()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setMinimumHeight(SIDE + lines + bar + 24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)


class GuidePanel(QWidget):
    """Start, steps and end of a job.

    Signals:
        begin_wanted(): go to the first step.
        step_wanted(int): go to this step, 0 for the first; one past the last is the end.
        choice_taken(int): this picture was chosen.
        more_wanted(): show other pictures to choose from.
        save_wanted(), export_wanted(), report_wanted(): keep what came out.
    """

    begin_wanted = Signal()
    step_wanted = Signal(int)
    choice_taken = Signal(int)
    more_wanted = Signal()
    save_wanted = Signal()
    export_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        font = QFont(self.title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.title.setFont(font)
        self.sentence = self._text()
        self.begin = self._button(self.tr("&Begin"), self.tr("Choose a picture to begin with"))
        self.steps = QTabBar(self)
        self.steps.setAccessibleName(self.tr("Steps of the job"))
        self.steps.setExpanding(False)
        self.steps.setDrawBase(False)
        self.steps.setUsesScrollButtons(True)
        self.question = self._text()
        self.back = self._button(self.tr("Bac&k"), self.tr("Go back to the step before"))
        self.next = self._button(self.tr("&Next"), self.tr("Go on to the next part"))
        self.more = self._button(self.tr("&Others"), self.tr("Show other pictures to choose from"))
        self.choices = _Choices(self)
        self.choices.setAccessibleName(self.tr("Pictures to choose from"))
        self.end = self._text()
        self.save = self._button(self.tr("&Save Session"), self.tr("Save it to go on later"))
        self.export = self._button(self.tr("E&xport Picture"), self.tr("Write the picture"))
        self.report = self._button(
            self.tr("&Print Sheet"),
            self.tr("Write a page with the picture, its parts and where they come from"),
        )
        self._pages = QStackedWidget(self)
        for page in (self._start_page(), self._choose_page(), self._end_page()):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self.steps)
        column.addWidget(self._pages, 1)
        self._connect()
        self.show_start("", "")

    def show_start(self, title: str, sentence: str) -> None:
        """Show what the job is about."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.begin.setAccessibleName(f"{self.begin.text().replace('&', '')}: {title}")
        self.begin.setEnabled(bool(title))
        self.steps.hide()
        self._pages.setCurrentIndex(_START)

    def show_steps(self, names: Sequence[str], current: int) -> None:
        """Show the steps' names with one of them current."""
        with QSignalBlocker(self.steps):
            if [self.steps.tabText(n) for n in range(self.steps.count())] != list(names):
                while self.steps.count():
                    self.steps.removeTab(0)
                for name in names:
                    self.steps.addTab(name)
            self.steps.setCurrentIndex(current)
        self.steps.show()

    def show_question(self, question: str, choices: Sequence[Choice]) -> None:
        """Ask, and show places for the pictures to choose from."""
        self._pages.setCurrentIndex(_CHOOSE)
        kept = [self.choices.item(n).text() for n in range(self.choices.count())]
        with QSignalBlocker(self.choices):
            if kept != [choice.text for choice in choices] or question != self.question.text():
                self.choices.clear()
                for choice in choices:
                    item = QListWidgetItem(empty_icon(SIDE, self.palette()), choice.text)
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                    self.choices.addItem(item)
                self.choices.scrollToTop()
            self.question.setText(question)
            self.choices.clearSelection()
            for row, choice in enumerate(choices):
                item = self.choices.item(row)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, choice.spoken)
                item.setToolTip(choice.spoken)
                if choice.taken:
                    self.choices.setCurrentItem(item)

    def show_picture(self, row: int, picture: Picture) -> None:
        """Fill one of the places."""
        item = self.choices.item(row)
        if item is not None:
            item.setIcon(plain_icon(to_image(picture)))
            item.setData(Qt.ItemDataRole.UserRole, picture)

    def picture(self, row: int) -> Picture | None:
        """What a place shows, or None while it is empty."""
        picture: Picture | None = self.choices.item(row).data(Qt.ItemDataRole.UserRole)
        return picture

    def show_end(self, text: str) -> None:
        """Offer to keep what came out."""
        self.end.setText(text)
        self._pages.setCurrentIndex(_END)

    def _text(self) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        return label

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setStatusTip(tip)
        return button

    def _start_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        column.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(2)
        return page

    def _choose_page(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout()
        row.addWidget(self.question, 1)
        for button in (self.more, self.back, self.next):
            row.addWidget(button)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.choices, 1)
        return page

    def _end_page(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout()
        for button in (self.save, self.export, self.report):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.addWidget(self.end)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.begin.clicked.connect(self.begin_wanted)
        self.steps.currentChanged.connect(self.step_wanted)
        self.back.clicked.connect(lambda: self.step_wanted.emit(self.steps.currentIndex() - 1))
        self.next.clicked.connect(lambda: self.step_wanted.emit(self.steps.currentIndex() + 1))
        self.more.clicked.connect(self.more_wanted)
        self.choices.taken.connect(self.choice_taken)
        self.save.clicked.connect(self.save_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.report.clicked.connect(self.report_wanted)
