"""The page on which a generator or an example is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from localedit_core.session.state import ModelReference
from localedit_gui.showcase import ShownCard
from localedit_gui.widgets.generator_card import GeneratorCard

_COLUMNS = 2
_OF_SCREEN = 0.9


@dataclass(frozen=True)
class OpenGenerator:
    """A generator that is open.

    Attributes:
        reference: which one.
        title: what to call it.
        on_screen: whether it is the one in the window.
        modified: whether its session has unsaved changes.
    """

    reference: ModelReference
    title: str
    on_screen: bool
    modified: bool


class GeneratorsPage(QDialog):
    """Cards of the bundled generators, and a button for each other one that is open.

    A choice closes the page.

    Signals:
        bundled_wanted(str): open this bundled generator, or go back to it.
        guide_wanted(str): the same, and lead through its parts.
        example_wanted(ShownExample): open a copy of it.
        open_wanted(ModelReference): go back to a generator that is open.
        file_wanted(): open some file instead.
    """

    bundled_wanted = Signal(str)
    guide_wanted = Signal(str)
    example_wanted = Signal(object)
    open_wanted = Signal(object)
    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Generators"))
        self.setAccessibleName(self.windowTitle())
        self.cards: list[GeneratorCard] = []
        self.others: list[QPushButton] = []
        self._open: tuple[OpenGenerator, ...] = ()
        self._waiting = QLabel(self.tr("The cards are being read…"), self)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._others_title = QLabel(self.tr("Also open:"), self)
        self._others_title.hide()
        self._others = QVBoxLayout()
        self._inside = QWidget(self)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._waiting)
        column.addLayout(self._grid)
        column.addWidget(self._others_title)
        column.addLayout(self._others)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.file = QPushButton(self.tr("Open &File…"), self)
        tip = self.tr("Open a generator, a session or an exported picture")
        self.file.setToolTip(tip)
        self.file.setAccessibleDescription(tip)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setIcon(QIcon())  # the platform's has one colour for dark and light
        buttons.addButton(self.file, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.file.clicked.connect(lambda: self._choose(self.file_wanted.emit))
        layout = QVBoxLayout(self)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(buttons)

    def set_cards(self, cards: Sequence[ShownCard]) -> None:
        """Show these generators."""
        self._waiting.setText(self.tr("No generator came with this program."))
        self._waiting.setVisible(not cards)
        for old in self.cards:
            self._grid.removeWidget(old)
            old.deleteLater()
        self.cards = [self._card(shown) for shown in cards]
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // _COLUMNS, number % _COLUMNS)
        self._show_open()

    def set_open(self, generators: Sequence[OpenGenerator]) -> None:
        """Say which generators are open."""
        self._open = tuple(generators)
        self._show_open()

    def sizeHint(self) -> QSize:
        """Room for all of it, as far as the screen goes."""
        room = self.screen().availableGeometry().size() * _OF_SCREEN
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        margins = super().sizeHint() - self._scroll.sizeHint()
        wanted = self._inside.sizeHint() + QSize(bar, 0)
        return (wanted + margins.expandedTo(QSize(20, 60))).boundedTo(room)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the keys where they are likely to be wanted: on the generator that is on screen."""
        super().showEvent(event)
        self.resize(self.sizeHint())
        for card in sorted(self.cards, key=lambda card: not card.on_screen)[:1]:
            card.open.setDefault(True)
            card.open.setFocus()

    def _card(self, shown: ShownCard) -> GeneratorCard:
        card = GeneratorCard(shown, self._inside)
        card.open_clicked.connect(
            lambda: self._choose(lambda: self.bundled_wanted.emit(shown.name))
        )
        card.guide_clicked.connect(lambda: self._choose(lambda: self.guide_wanted.emit(shown.name)))
        card.example_clicked.connect(
            lambda example: self._choose(lambda: self.example_wanted.emit(example))
        )
        return card

    def _choose(self, tell: Callable[[], None]) -> None:
        self.accept()
        tell()

    def _show_open(self) -> None:
        others = []
        by_name = {card.shown.name: card for card in self.cards}
        statuses: dict[str, OpenGenerator] = {}
        for generator in self._open:
            bundled = generator.reference.path is None and generator.reference.name in by_name
            if bundled and generator.reference.name not in statuses:
                statuses[generator.reference.name] = generator
            elif not generator.on_screen:
                others.append(generator)
        for name, card in by_name.items():
            found = statuses.get(name)
            card.set_status(
                on_screen=found is not None and found.on_screen,
                kept=found is not None and not found.on_screen,
                modified=found is not None and found.modified,
            )
        self._show_others(others)

    def _show_others(self, generators: Sequence[OpenGenerator]) -> None:
        for old in self.others:
            self._others.removeWidget(old)
            old.deleteLater()
        self.others = []
        self._others_title.setVisible(bool(generators))
        for generator in generators:
            text = self.tr("Go back to {title}").format(title=generator.title)
            if generator.modified:
                text = self.tr("{text} (unsaved changes)").format(text=text)
            button = QPushButton(text.replace("&", "&&"), self._inside)
            button.setToolTip(generator.reference.path or generator.title)
            button.clicked.connect(
                lambda _=False, reference=generator.reference: self._choose(
                    lambda: self.open_wanted.emit(reference)
                )
            )
            self._others.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.others.append(button)
