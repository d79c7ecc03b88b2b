"""Other targets, by chance or number, and how they are drawn: truncation and class."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QObject

from localedit_gui.controller import EditController
from localedit_gui.dialogs import Dialogs
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.models import OpenModel
from localedit_gui.target_bar import PSI_HIGH, PSI_LOW, PSI_STEP

_RANDOM_SEEDS = 100_000  # numbers that a person can still note down


class TargetController(QObject):
    """Does what the menu Target and the target's bar offer."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._document = document
        self._controller = controller
        self._classes = 0
        self._dialogs: Dialogs | None = None
        bar, actions = window.target_bar, window.actions_
        bar.class_entered.connect(document.set_class)
        bar.psi_changing.connect(lambda psi: document.set_psi(psi, final=False))
        bar.psi_changed.connect(lambda psi: document.set_psi(psi, final=True))
        verbs: dict[str, Callable[[], object]] = {
            "random_target": self.random_target,
            "target_by_number": self._ask,
            "class_next": lambda: self.step_class(1),
            "class_previous": lambda: self.step_class(-1),
            "psi_up": lambda: self.step_psi(1),
            "psi_down": lambda: self.step_psi(-1),
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: verb())
            actions[name].setEnabled(False)

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs

    def set_model(self, model: OpenModel) -> None:
        """Targets are this generator's from now on."""
        self._classes = model.classes
        for name in ("random_target", "target_by_number"):
            self._window.actions_[name].setEnabled(True)
        for name in ("psi_up", "psi_down"):
            self._window.actions_[name].setEnabled(model.has_styles)

    def random_target(self) -> None:
        """Edit any other picture."""
        state = self._document.state
        if state is not None:
            seeds = [random.randrange(_RANDOM_SEEDS) for _ in range(2)]
            other = seeds[0] if seeds[0] != state.target.seed else seeds[1]
            self._controller.set_target(other)

    def step_psi(self, steps: int) -> None:
        """Raise or lower the truncation."""
        state = self._document.state
        if state is not None:
            psi = min(max(round(state.psi + steps * PSI_STEP, 4), PSI_LOW), PSI_HIGH)
            self._document.set_psi(psi, final=True)

    def step_class(self, steps: int) -> None:
        """Draw pictures of the next class, or of the one before; after the last comes the first."""
        state = self._document.state
        if state is not None and self._classes:
            self._document.set_class(((state.class_index or 0) + steps) % self._classes)

    def _ask(self) -> None:
        state = self._document.state
        if state is not None and self._dialogs is not None:
            seed = self._dialogs.ask_seed(state.target.seed or 0)
            if seed is not None:
                self._controller.set_target(seed)
