"""Thousands of seeds to take parts from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.request import Picture
from localedit_gui.widgets.order_box import OrderBox
from localedit_gui.widgets.own_references import OwnReferences
from localedit_gui.widgets.pictures import to_image
from localedit_gui.widgets.seed_model import FAVOURITE_ROLE, SeedModel
from localedit_gui.widgets.seed_view import SeedView
from localedit_gui.widgets.thumbnail_delegate import ThumbnailDelegate

SEED_COUNT = 10_000
_ASK_AFTER_MS = 60
_SIDE_MIN, _SIDE_MAX, _SIDE = 48, 192, 84


class ReferenceGallery(QWidget):
    """Shows seeds as thumbnails; hovering one previews it, a click takes it.

    Signals:
        thumbnails_wanted(list): the seeds that are seen or nearly seen and have no thumbnail yet,
            the most urgent first; takes the place of the list sent before. Sent a moment after the
            view has come to rest.
        reference_hovered(int): the pointer, or the arrow keys, came onto this seed.
        hover_left(): they left it, and no other seed took its place.
        reference_picked(int): a click, or Enter.
        favourite_toggled(int): mark this seed, or unmark it.
        files_dropped(list[Path]): take references from these files.
        order_chosen(Order): show the references in this order.
        more_like_wanted(int): show those first whose part is like this seed's.
    """

    thumbnails_wanted = Signal(list)
    reference_hovered = Signal(int)
    hover_left = Signal()
    reference_picked = Signal(int)
    favourite_toggled = Signal(int)
    files_dropped = Signal(list)
    order_chosen = Signal(object)
    more_like_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered: int | None = None
        self._asked: list[int] = []
        self._chosen: tuple[int, ...] = ()
        self._all: Sequence[int] = range(SEED_COUNT)
        self._order: tuple[int, ...] | None = None
        self._model = SeedModel(range(SEED_COUNT), self)
        self._delegate = ThumbnailDelegate(_SIDE)
        self.view = SeedView(self._delegate, self)
        self.view.setModel(self._model)
        self.view.setAccessibleName(self.tr("References"))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.view.hovered.connect(self._hover)
        self.view.picked.connect(lambda row: self.reference_picked.emit(self._model.seed(row)))
        self.view.favourite.connect(lambda row: self.favourite_toggled.emit(self._model.seed(row)))
        self.own = OwnReferences(self)
        self.setAcceptDrops(True)
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_ASK_AFTER_MS)
        self._ask.timeout.connect(self._ask_for_thumbnails)
        self.view.moved.connect(self._ask.start)
        self._build()
        self._set_side(_SIDE)

    def _build(self) -> None:
        self.only_favourites = QCheckBox(self.tr("Favourites only"), self)
        self.only_favourites.setToolTip(
            self.tr("Show the marked references only. F or a click on the star marks one.")
        )
        self.jump = QSpinBox(self)
        self.jump.setRange(0, SEED_COUNT - 1)
        self.jump.setKeyboardTracking(False)
        self.jump.setAccessibleName(self.tr("Go to seed"))
        self.jump.setToolTip(self.tr("Type a seed and press Enter to go there."))
        self.order = OrderBox(self)
        self.order.chosen.connect(self.order_chosen)
        self.progress = QLabel(self)
        self.progress.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.progress.setAccessibleName(self.tr("Progress of ordering"))
        self.size_slider = QSlider(Qt.Orientation.Horizontal, self)
        self.size_slider.setRange(_SIDE_MIN, _SIDE_MAX)
        self.size_slider.setValue(_SIDE)
        self.size_slider.setFixedWidth(110)
        self.size_slider.setAccessibleName(self.tr("Thumbnail size"))
        self.size_slider.setToolTip(self.tr("Size of the thumbnails"))
        self._empty = QLabel(self.tr("No favourites yet. Press F on a reference."), self.view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._empty.hide()
        cover = QVBoxLayout(self.view)
        cover.addWidget(self._empty)

        go = QLabel(self.tr("Go to seed"), self)
        go.setBuddy(self.jump)
        size = QLabel(self.tr("Size"), self)
        size.setBuddy(self.size_slider)
        bar = QHBoxLayout()
        bar.setContentsMargins(4, 2, 4, 2)
        order = QLabel(self.tr("Order"), self)
        order.setBuddy(self.order)
        for widget in (go, self.jump, self.only_favourites, order, self.order, self.progress):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(size)
        bar.addWidget(self.size_slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(bar)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.own)
        row.addWidget(self.view, 1)
        layout.addLayout(row, 1)
        self.setFocusProxy(self.view)
        self.only_favourites.toggled.connect(self._filter)
        self.jump.valueChanged.connect(self._jump)
        self.size_slider.valueChanged.connect(self._set_side)

    # Values in -----------------------------------------------------------------------------

    def set_thumbnail(self, seed: int, picture: Picture) -> None:
        """Show a seed's thumbnail, [H, W, 3]."""
        self._model.set_thumbnail(seed, to_image(picture))

    def clear_thumbnails(self) -> None:
        """Forget all thumbnails and ask anew: generator or truncation are others."""
        self._model.clear_thumbnails()
        self._asked = []
        self._ask.start()

    def set_chosen(self, seeds: Sequence[int]) -> None:
        """Show these seeds before all others; the rest follow in their order."""
        if tuple(seeds) == self._chosen:
            return
        self._chosen, self._order = tuple(seeds), None
        first = dict.fromkeys(seeds)
        self._all = (*first, *(seed for seed in range(SEED_COUNT) if seed not in first))
        if not self.only_favourites.isChecked():
            self._model.set_seeds(self._all)
            self._hover(-1)
            self.view.show_on_top(0)
            self._ask.start()

    def seeds(self) -> list[int]:
        """All that can be shown, favourites included; what is in sight comes first."""
        shown, _ = self.view.visible_rows(0)
        seen = [self._model.seed(row) for row in shown]
        return list(dict.fromkeys((*seen, *self._all, *self._model.favourites)))

    def set_order(self, seeds: Sequence[int] | None, *, to_top: bool = False) -> None:
        """Show the references in another order; None is that of their numbers.

        Args:
            seeds: all of ``seeds``, in their new order.
            to_top: whether to scroll to the first of them.
        """
        if seeds is None and self._order is None:
            return
        self._order = None if seeds is None else tuple(seeds)
        value = 0 if to_top else self.view.verticalScrollBar().value()
        self._show_seeds()
        self.view.doItemsLayout()  # the scroll bar must know how many lines there are now
        self.view.verticalScrollBar().setValue(value)

    def set_favourites(self, seeds: Sequence[int]) -> None:
        """Mark these seeds."""
        if tuple(seeds) == self._model.favourites:
            return
        self._model.set_favourites(seeds)
        if self.only_favourites.isChecked():
            self._filter(True)

    def set_selected(self, seed: int | None) -> None:
        """Mark the selected edit's reference, without a signal; the view stays where it is."""
        row = -1 if seed is None else self._model.row_of(seed)
        index = self._model.index(row) if row >= 0 else QModelIndex()
        with QSignalBlocker(self.view.verticalScrollBar()):
            at = self.view.verticalScrollBar().value()
            self.view.setCurrentIndex(index)
            self.view.verticalScrollBar().setValue(at)
        if not index.isValid():
            self.view.clearSelection()

    def seed_position(self, seed: int) -> QPoint:
        """The middle of a seed's thumbnail in the coordinates of ``view.viewport()``."""
        return self.view.visualRect(self._model.index(self._model.row_of(seed))).center()

    def position(self) -> tuple[int, bool]:
        """The first seed in sight, and whether only favourites are shown."""
        self.view.doItemsLayout()  # it may not have come to it yet since the seeds were changed
        rows, _ = self.view.visible_rows(0)
        return self._model.seed(rows.start) if rows else 0, self.only_favourites.isChecked()

    def set_position(self, first_seed: int, only_favourites: bool) -> None:
        """Scroll to where ``position`` was."""
        self.only_favourites.setChecked(only_favourites)
        self.view.show_on_top(max(0, self._model.row_of(first_seed)))
        self._ask.start()

    def sizeHint(self) -> QSize:
        """Two lines of thumbnails."""
        return QSize(700, 2 * self._delegate.cell().height() + 48)

    # Inside --------------------------------------------------------------------------------

    def _hover(self, row: int) -> None:
        seed = self._model.seed(row) if row >= 0 else None
        if seed == self._hovered:
            return
        self._hovered = seed
        if seed is None:
            self.hover_left.emit()
        else:
            self.reference_hovered.emit(seed)

    def current_seed(self) -> int | None:
        """The seed that the pointer or the keys are on, else the selected one."""
        if self._hovered is not None:
            return self._hovered
        current = self.view.currentIndex()
        return self._model.seed(current.row()) if current.isValid() else None

    def _filter(self, _only_favourites: bool) -> None:
        self._show_seeds()
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    def _show_seeds(self) -> None:
        """Put the seeds into the view that order and filter say; the selected one stays so."""
        selected = self.view.currentIndex()
        seed = self._model.seed(selected.row()) if selected.isValid() else None
        shown: Sequence[int] = self._all if self._order is None else self._order
        if self.only_favourites.isChecked():
            marked = dict.fromkeys(self._model.favourites)
            ordered = {} if self._order is None else {s: None for s in shown if s in marked}
            shown = (*ordered, *(seed for seed in marked if seed not in ordered))
        self._model.set_seeds(shown)
        self._hover(-1)
        self.set_selected(seed)
        self._empty.setVisible(self.only_favourites.isChecked() and not shown)
        self._ask.start()

    def _jump(self, seed: int) -> None:
        self.only_favourites.setChecked(False)
        self.view.show_on_top(self._model.row_of(seed))
        self._ask.start()

    def _set_side(self, side: int) -> None:
        top = self.view.visible_rows(0)[0].start if self.view.gridSize().isValid() else 0
        self._delegate.side = side
        self.view.setGridSize(self._delegate.cell())
        self.view.verticalScrollBar().setSingleStep(side // 2)
        self.view.show_on_top(top)
        self._ask.start()

    def _ask_for_thumbnails(self) -> None:
        if not self.isVisible():
            return
        seen, ahead = self.view.visible_rows(ahead=2)
        seeds = [self._model.seed(row) for row in (*seen, *ahead)]
        wanted = [seed for seed in seeds if not self._model.has_thumbnail(seed)]
        if wanted != self._asked:
            self._asked = wanted
            self.thumbnails_wanted.emit(wanted)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, to make references of them."""
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        if paths := _files(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is seen now."""
        super().showEvent(event)
        self._ask.start()

    def _menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if not index.isValid():
            return
        seed = self._model.seed(index.row())
        menu = QMenu(self)
        marked = bool(index.data(FAVOURITE_ROLE))
        take = QAction(self.tr("Use seed {seed} as reference").format(seed=seed), menu)
        take.triggered.connect(lambda: self.reference_picked.emit(seed))
        mark = QAction(
            self.tr("Remove from favourites") if marked else self.tr("Add to favourites"), menu
        )
        mark.triggered.connect(lambda: self.favourite_toggled.emit(seed))
        like = QAction(self.tr("More like this"), menu)
        like.triggered.connect(lambda: self.more_like_wanted.emit(seed))
        menu.addActions([take, mark, like])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(at))


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
