"""The Check step: parts on unseen pictures, and trial transfers."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject

from localedit_gui.rendering.long_jobs import Cancelled, Progress
from localedit_gui.rendering.worker import Failure
from localedit_gui.workshop.desk import Desk
from localedit_gui.workshop.looks import part_looks
from localedit_gui.workshop.naming import NamingStep
from localedit_gui.workshop.values import CheckedPart, PartDefaults, TriedTransfer


class CheckingStep(QObject):
    """Looks at the part that is selected, while the page is on screen."""

    def __init__(self, desk: Desk, naming: NamingStep, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._naming = naming
        self._panel = desk.window.check
        self._shown = False
        self._asked: tuple[object, ...] | None = None  # which check is on its way or on screen
        self._trying = False
        panel = self._panel
        panel.part_picked.connect(lambda _: self._look())
        panel.trial_wanted.connect(self._try)
        panel.defaults_changing.connect(lambda d: self._set_defaults(d, final=False))
        panel.defaults_changed.connect(lambda d: self._set_defaults(d, final=True))
        desk.document.changed.connect(self._changed)
        naming.measured.connect(self._changed)
        naming.measuring_ended.connect(self._show_possible)

    def set_shown(self, shown: bool) -> None:
        """Whether the page is on screen; pictures are drawn only then."""
        self._shown = shown
        if shown:
            self._naming.measure(asked=True)
            self._changed()

    def _changed(self) -> None:
        state = self._desk.document.state
        if state is None or self._desk.subject is None or not self._shown:
            return
        looks = part_looks(state)
        self._panel.set_parts(looks)
        self._look()

    def _look(self) -> None:
        state, subject, part = self._desk.document.state, self._desk.subject, self._panel.part()
        if state is None or subject is None or not self._shown:
            return
        if part is None:
            self._asked = None
            self._panel.set_empty(self.tr("No cluster has a name yet: go back and name some."))
            self._show_possible()
            return
        self._panel.set_defaults(state.defaults_of(part))
        measured = self._naming.known(state.naming.clustering)
        clusters = next(p.clusters for p in state.naming.parts() if p.name == part)
        asked = (part, clusters, state.naming.clustering, measured)
        if self._asked is not None and _equal(asked, self._asked):
            self._show_possible()
            return
        same_part = self._asked is not None and _equal(asked[:3], self._asked[:3])
        self._asked = asked
        if not same_part:
            self._panel.set_waiting(part)
            self._panel.set_preferred_layer(state.naming.clustering.layer)
        self._show_possible()
        catalog = self._desk.core.catalog_of(state, measured)

        def work(progress: Progress, cancelled: Cancelled) -> object:
            return self._desk.core.check(subject, catalog, part, progress, cancelled)

        def done(value: object) -> None:
            if self._asked is asked:
                self._panel.set_checked(cast(CheckedPart, value))

        def failed(failure: Failure) -> None:
            if self._asked is asked:
                self._asked = None
                self._panel.set_empty(failure.message)
            self._desk.tell_failure(failure)

        self._desk.run(self.tr("looking at {part}").format(part=part), work, done, failed)

    # Trials ---------------------------------------------------------------------------------

    def _show_possible(self) -> None:
        state, subject = self._desk.document.state, self._desk.subject
        if state is None or subject is None:
            return
        known = self._naming.known(state.naming.clustering) is not None
        self._panel.set_busy(self._trying or not known)
        self._panel.set_unmeasured(
            not known and subject.has_styles, measuring=self._naming.measuring
        )

    def _try(self, target: int, reference: int) -> None:
        state, subject, part = self._desk.document.state, self._desk.subject, self._panel.part()
        if state is None or subject is None or part is None:
            return
        measured = self._naming.known(state.naming.clustering)
        if measured is None:
            self._naming.measure(asked=True)
            return
        catalog = self._desk.core.catalog_of(state, measured)
        defaults = state.defaults_of(part)
        self._trying = True
        self._show_possible()

        def done(value: object) -> None:
            self._trying = False
            self._show_possible()
            if self._panel.part() == part:
                self._panel.set_trial(cast(TriedTransfer, value))

        def failed(failure: Failure) -> None:
            self._trying = False
            self._show_possible()
            self._desk.tell_failure(failure)

        self._desk.run(
            self.tr("trying {part}").format(part=part),
            lambda *_: self._desk.core.trial(subject, catalog, part, target, reference, defaults),
            done,
            failed,
        )

    def _set_defaults(self, defaults: PartDefaults, *, final: bool) -> None:
        part = self._panel.part()
        if part is None:
            return
        self._desk.document.set_defaults(part, defaults, final=final)
        if final and self._panel.has_trial() and not self._trying:
            self._panel.try_it.click()  # what is shown follows what was set


def _equal(one: tuple[object, ...], other: object) -> bool:
    """Whether two checks are the same: names and numbers by value, the rest by identity."""
    mine, theirs = one, cast("tuple[object, ...]", other)
    return mine[:2] == theirs[:2] and all(a is b for a, b in zip(mine[2:], theirs[2:], strict=True))
