"""The names under work, and their history."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from localedit_gui.undo_step import UndoStep
from localedit_gui.workshop.values import Bench, Labelled, PartDefaults


class NamingDocument(QObject):
    """A bench with its present state. Every change is a step of ``undo_stack``.

    Signals:
        opened(): another bench is there, or none.
        changed(): names, clusters or defaults are others, from whatever cause.
        modified_changed(bool): whether there is work that the shelf does not have.
    """

    opened = Signal()
    changed = Signal()
    modified_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._bench: Bench | None = None
        self._state: Labelled | None = None
        self._saved_name = ""
        self._drag = 0
        self.undo_stack.cleanChanged.connect(self._clean_changed)

    @property
    def bench(self) -> Bench | None:
        """What is on the bench; None before a clustering was picked."""
        return self._bench

    @property
    def state(self) -> Labelled | None:
        """The present state."""
        return self._state

    @property
    def modified(self) -> bool:
        """Whether there is work that the shelf does not have."""
        return self._state is not None and not self.undo_stack.isClean()

    @property
    def name(self) -> str:
        """Of the shelved catalog that this is; empty while it is none."""
        return self._saved_name

    def open(self, bench: Bench | None, *, modified: bool = False) -> None:
        """Put something else on the bench. What was there is gone, with its history."""
        self._bench = bench
        self._state = None if bench is None else bench.first
        self._saved_name = "" if bench is None else bench.name
        self.undo_stack.clear()
        if modified:
            self.undo_stack.resetClean()
        self.opened.emit()
        self.changed.emit()
        self.modified_changed.emit(self.modified)

    def edit(self, text: str, after: Labelled, merge: Hashable | None = None) -> None:
        """Change the state by one step."""
        if self._state is not None and after is not self._state:
            self.undo_stack.push(UndoStep(text, self._state, after, self._apply, merge))

    def saved(self, state: Labelled, name: str) -> None:
        """Note that a state lies on the shelf; later changes stay unsaved."""
        self._saved_name = name
        if state is self._state:
            self.undo_stack.setClean()

    def rename(self, name: str) -> None:
        """The shelved catalog that this is has another name."""
        self._saved_name = name
        self.changed.emit()

    def _clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _apply(self, state: Labelled) -> None:
        self._state = state
        self.changed.emit()

    # What people do. Each is one step. LocalEditError where a name cannot be.

    def name_clusters(self, clusters: Iterable[int], text: str) -> None:
        """Give clusters a name; clusters of one name are one part."""
        if self._state is None:
            return
        numbers, text = sorted(clusters), text.strip()
        before = self._state
        owned = {part.name: frozenset(part.clusters) for part in before.naming.parts()}
        old = next((name for name, own in owned.items() if own == frozenset(numbers)), None)
        if old == text:
            return
        if old is None or text in owned:
            after = replace(before, naming=before.naming.name(numbers, text))
        else:  # a part as a whole: its place and its defaults go along
            defaults = {text if name == old else name: d for name, d in before.defaults.items()}
            naming = before.naming.rename_part(old, text)
            after = replace(before, naming=naming, defaults=defaults)
        self.edit(self.tr("Name {name}").format(name=text), after)

    def unname_clusters(self, clusters: Iterable[int]) -> None:
        """Leave clusters without a name."""
        if self._state is None:
            return
        named = [c for c in sorted(clusters) if self._state.naming.part_of(c) is not None]
        if named:
            after = replace(self._state, naming=self._state.naming.unname(named))
            self.edit(self.tr("Take the name away"), after)

    def take_split(self, state: Labelled, after: Labelled, cluster: int) -> bool:
        """Take a split that was made of ``state``; False where that is not there any more."""
        if state is not self._state:
            return False
        self.edit(self.tr("Split cluster {number}").format(number=cluster), after)
        return True

    def set_defaults(self, part: str, defaults: PartDefaults, *, final: bool) -> None:
        """Set what a new edit of a part begins with; one drag is one step."""
        if self._state is not None and self._state.defaults_of(part) != defaults:
            after = replace(self._state, defaults={**self._state.defaults, part: defaults})
            text = self.tr("Settings of {name}").format(name=part)
            self.edit(text, after, (part, self._drag))
        if final:
            self._drag += 1


def shares_of(labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """The share of all positions that each cluster has: [S, h, h] -> [count]."""
    counts = np.bincount(labels.ravel(), minlength=count)[:count]
    return np.asarray(counts / max(labels.size, 1), np.float64)
