"""Shows references from subtle to bold, or those first that are like one of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, QTimer

from localedit_core.latents import Latent
from localedit_gui.actions import ActionSpec
from localedit_gui.controller import EditController
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.widgets.order_box import Order

if TYPE_CHECKING:
    from localedit_core.editing.part_distance import MappedSeeds, PartDistances

REST_MS = 300
"""How long part and target have to rest before references are ordered anew."""

_CHUNK = 250  # seeds per job: pictures that are asked for meanwhile come in between
_SHOW_APART = 1.0  # seconds; an order that changes all the time cannot be looked at


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReferenceActions", text)


def reference_table() -> tuple[ActionSpec | None, ...]:
    """The actions of the menu References."""
    spec = ActionSpec
    return (
        spec("go_to_seed", "reference", _tr("&Go to Seed"), ("Ctrl+J",), _tr("Type a seed to see")),
        None,
        spec(
            "order_number",
            "reference",
            _tr("By &Number"),
            ("Ctrl+R, N",),
            _tr("Show the references in the order of their numbers"),
        ),
        spec(
            "order_subtle",
            "reference",
            _tr("&Subtle to Bold"),
            ("Ctrl+R, S",),
            _tr("Show those first that would change the selected part least"),
        ),
        spec(
            "order_bold",
            "reference",
            _tr("&Bold to Subtle"),
            ("Ctrl+R, B",),
            _tr("Show those first that would change the selected part most"),
        ),
        spec(
            "more_like",
            "reference",
            _tr("&More Like This"),
            ("L",),
            _tr("Show those first whose part is like that of the reference under the pointer"),
        ),
    )


@dataclass(frozen=True)
class _Subject:
    """What an order is of; another one needs another order."""

    model: OpenModel
    part: str
    anchor: Latent
    psi: float
    class_index: int | None
    bold: bool


@dataclass(eq=False)
class _Run:
    """One ordering under way."""

    subject: _Subject
    seeds: list[int]
    distances: list[NDArray[np.float64]] = field(default_factory=list)
    known: int = 0
    shown: float = -np.inf  # when
    measure: PartDistances | None = None  # the worker's

    def order(self) -> list[int]:
        """The seeds known so far in order, then the others as they were."""
        found = np.concatenate(self.distances)
        ranks = np.argsort(-found if self.subject.bold else found, kind="stable")
        return [self.seeds[rank] for rank in ranks] + self.seeds[self.known :]


class ReferenceOrder(QObject):
    """Measures the distances of all references on the worker, a few hundred at a time."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._gallery = window.gallery
        self._messages = window.messages
        self._document = document
        self._controller = controller
        self._worker = worker
        self._model: OpenModel | None = None
        self._mapped: list[MappedSeeds] = []  # the worker's; one of the open generator
        self._order = Order.NUMBER
        self._liked: Latent | None = None
        self._run: _Run | None = None
        self._wanted: _Subject | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._begin)
        actions = window.actions_
        actions.extend(reference_table())
        actions.fill(window.references_menu, "reference")
        verbs: dict[str, Callable[[], None]] = {
            "go_to_seed": self._go_to_seed,
            "order_number": lambda: self.choose(Order.NUMBER),
            "order_subtle": lambda: self.choose(Order.SUBTLE),
            "order_bold": lambda: self.choose(Order.BOLD),
            "more_like": self._like_current,
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: verb())
        self._ordering = [actions[name] for name in ("order_subtle", "order_bold", "more_like")]
        self._gallery.order_chosen.connect(self.choose)
        self._gallery.more_like_wanted.connect(self._like_seed)
        self._gallery.own.like_wanted.connect(self.like)
        controller.selection_changed.connect(self._look)
        document.state_changed.connect(lambda _state: self._look())

    @property
    def busy(self) -> bool:
        """Whether another order is on its way."""
        return self._run is not None or self._timer.isActive()

    def set_model(self, model: OpenModel) -> None:
        """The references are this generator's from now on."""
        self._model, self._mapped = model, []
        why_not = "" if model.has_styles else self._no_styles()
        self._gallery.order.set_why_not(why_not)
        for action in self._ordering:
            action.setEnabled(not why_not)
        self.choose(Order.NUMBER)

    def choose(self, order: Order) -> None:
        """Show the references in this order."""
        if order is not Order.NUMBER and self._controller.selected_part is None:
            self._controller.say_click_first()
        if order is not Order.LIKE:
            self._liked = None
        self._order = order
        self._gallery.order.set_order(order, "" if self._liked is None else self._liked.label)
        self._look(rest=False)

    def like(self, latent: Latent) -> None:
        """Show those references first whose part is like this one's."""
        if self._model is not None and self._model.has_styles:
            self._liked = latent
            self.choose(Order.LIKE)

    def _like_seed(self, seed: int) -> None:
        state = self._document.state
        if state is not None:
            self.like(state.picture(seed))

    def _like_current(self) -> None:
        own, seed = self._gallery.own.current(), self._gallery.current_seed()
        if own is not None:
            self.like(own)
        elif seed is not None:
            self._like_seed(seed)

    def _go_to_seed(self) -> None:
        self._gallery.jump.setFocus()
        self._gallery.jump.selectAll()

    def _no_styles(self) -> str:
        return self.tr("This generator has no styles, by which parts could be compared.")

    # Ordering -------------------------------------------------------------------------------

    def _look(self, *, rest: bool = True) -> None:
        """Order anew if what the order is of has changed."""
        subject = self._subject()
        if subject == self._wanted:
            return
        self._wanted, self._run = subject, None
        self._timer.stop()
        self._gallery.progress.clear()
        if subject is None:
            self._gallery.set_order(None, to_top=True)
        elif rest:
            self._timer.start()
        else:
            self._begin()

    def _subject(self) -> _Subject | None:
        state, part, model = self._document.state, self._controller.selected_part, self._model
        if self._order is Order.NUMBER or state is None or part is None or model is None:
            return None
        if state.model != model.reference:
            return None
        anchor = state.target
        if self._order is Order.LIKE:
            assert self._liked is not None
            anchor = self._liked
        bold = self._order is Order.BOLD
        return _Subject(model, part, anchor, state.psi, state.class_index, bold)

    def _begin(self) -> None:
        if self._wanted is not None:
            self._run = _Run(self._wanted, self._gallery.seeds())
            self._ask(self._run)

    def _ask(self, run: _Run) -> None:
        seeds = run.seeds[run.known : run.known + _CHUNK]
        mapped = self._mapped
        self._worker.submit(
            Job(
                "",
                lambda: _measure(run, mapped, seeds),
                lambda value: self._take(run, cast("NDArray[np.float64]", value)),
                lambda failure: self._failed(run, failure),
            )
        )

    def _take(self, run: _Run, distances: NDArray[np.float64]) -> None:
        if run is not self._run:
            return
        run.distances.append(distances)
        run.known += len(distances)
        done, now = run.known == len(run.seeds), time.monotonic()
        if done or now - run.shown >= _SHOW_APART:
            self._gallery.set_order(run.order(), to_top=run.shown < 0.0)
            run.shown = now
        if done:
            self._run = None
            self._gallery.progress.clear()
        else:
            percent = 100 * run.known // len(run.seeds)
            self._gallery.progress.setText(self.tr("ordering, {n} %").format(n=percent))
            self._ask(run)

    def _failed(self, run: _Run, failure: Failure) -> None:
        if run is self._run:
            self._messages.show_message(Message("warning", failure.message, failure.hint))
            self.choose(Order.NUMBER)


def _measure(run: _Run, mapped: list[MappedSeeds], seeds: list[int]) -> NDArray[np.float64]:
    """The distances of some seeds. On the worker's thread."""
    from localedit_core.editing.part_distance import MappedSeeds, PartDistances
    from localedit_core.editing.pipeline import Pipeline

    subject = run.subject
    pipeline = cast(Pipeline, subject.model.renderer)
    if not mapped:
        mapped.append(MappedSeeds(pipeline.model.generator))
    if run.measure is None:
        run.measure = PartDistances(
            pipeline, mapped[0], subject.part, subject.anchor, subject.psi, subject.class_index
        )
    return run.measure.of(seeds)
