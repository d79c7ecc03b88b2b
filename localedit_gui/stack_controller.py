"""Solo, copy and paste of edits, and which of them get in each other's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTimer
from PySide6.QtWidgets import QApplication

from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.session.clipping import Clipping, read_clipping, write_clipping
from localedit_core.session.state import EditState
from localedit_gui.actions import ActionSpec
from localedit_gui.controller import EditController
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.rendering.worker import Failure, Job, RenderWorker

if TYPE_CHECKING:
    from localedit_core.editing.conflicts import Conflict
    from localedit_core.editing.pipeline import Pipeline

EDIT_MIME = "application/x-localedit-edit+json"
REST_MS = 300
"""How long the stack has to rest before conflicts are looked for: pictures come first."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("StackActions", text)


def stack_table() -> tuple[ActionSpec, ...]:
    """The actions that go into the menu Edit."""
    spec = ActionSpec
    return (
        spec(
            "solo",
            "stack",
            _tr("&Solo Edit"),
            ("Shift+M",),
            _tr("Mute all other edits, or let them act again as before"),
        ),
        spec("copy", "stack", _tr("&Copy Edit"), ("Ctrl+C",), _tr("Copy for another session")),
        spec(
            "paste",
            "stack",
            _tr("&Paste Edit"),
            ("Ctrl+V",),
            _tr("Put the copied edit above the selected one"),
        ),
    )


class StackController(QObject):
    """What is done with rows of the edit stack besides changing them."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._document = document
        self._controller = controller
        self._worker = worker
        self._model: OpenModel | None = None
        actions = window.actions_
        actions.extend(stack_table())
        for spec in stack_table():
            window.edit_menu.insertAction(actions["duplicate"], actions[spec.name])
            actions[spec.name].setEnabled(False)
        verbs: dict[str, Callable[[str], None]] = {
            "solo": document.toggle_solo,
            "copy": self.copy,
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: self._on_selected(verb))
        actions["paste"].triggered.connect(lambda _=False: self.paste())
        window.stack.solo_toggled.connect(document.toggle_solo)
        window.stack.copy_wanted.connect(self.copy)
        window.stack.paste_wanted.connect(self.paste)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._look_for_conflicts)
        document.state_changed.connect(self._state_changed)

    def set_model(self, model: OpenModel) -> None:
        """The edits are of this generator from now on."""
        self._model = model

    def _state_changed(self, state: EditState) -> None:
        actions = self._window.actions_
        actions["solo"].setEnabled(len(state.edits) > 1)
        actions["copy"].setEnabled(bool(state.edits))
        actions["paste"].setEnabled(True)
        self._timer.start()

    def _on_selected(self, verb: Callable[[str], None]) -> None:
        if self._controller.selected_edit is not None:
            verb(self._controller.selected_edit)

    # Copy and paste -------------------------------------------------------------------------

    def copy(self, edit_id: str) -> None:
        """Put an edit on the clipboard."""
        state = self._document.state
        if state is None:
            return
        data = QMimeData()
        clipping = Clipping(state.edit(edit_id), state.model.fingerprint)
        data.setData(EDIT_MIME, write_clipping(clipping))
        QApplication.clipboard().setMimeData(data)

    def paste(self) -> None:
        """Put the edit on the clipboard above the selected one, if it fits this session."""
        state, model = self._document.state, self._model
        if state is None or model is None:
            return
        data = QApplication.clipboard().mimeData()
        if data is None or not data.hasFormat(EDIT_MIME):
            self._tell(Failure(self.tr("There is no edit on the clipboard."), ""))
            return
        try:
            clipping = read_clipping(bytes(data.data(EDIT_MIME).data()))
            self._check(clipping, state, model)
        except LocalEditError as error:
            self._tell(Failure(error.message, error.hint))
            return
        edit, before = clipping.edit, state.model

        def done(_: object) -> None:
            now = self._document.state
            if now is None or now.model != before:
                return  # another generator has been opened meanwhile
            pasted = self._document.paste_edit(edit, self._controller.selected_edit)
            if pasted is not None:
                self._controller.select_edit(pasted)

        def work() -> None:
            # What shape fits the generator is known over there, and of the target at least.
            expected = model.renderer.w_plus(state.target).shape
            if model.renderer.w_plus(edit.reference).shape != expected:
                raise LocalEditError(
                    self.tr("The copied edit holds values that this generator cannot take."),
                    self.tr("Copy the edit again."),
                )

        self._worker.submit(Job("", work, done, self._tell))

    def _check(self, clipping: Clipping, state: EditState, model: OpenModel) -> None:
        if clipping.generator != state.model.fingerprint:
            raise LocalEditError(
                self.tr("This edit was copied from a session on another generator."),
                self.tr("Its reference is a picture that only that generator makes."),
            )
        if (clipping.edit.reference.class_index or -1) >= model.classes:
            raise LocalEditError(
                self.tr("This generator has no class {number}.").format(
                    number=clipping.edit.reference.class_index
                )
            )
        names = [part.name for part in model.parts]
        if clipping.edit.part not in names:
            raise LocalEditError(
                self.tr("The catalog of this generator has no part “{part}”.").format(
                    part=clipping.edit.part
                ),
                self.tr("It has {parts}.").format(parts=", ".join(names)),
            )

    def _tell(self, failure: Failure) -> None:
        self._window.messages.show_message(Message("warning", failure.message, failure.hint))

    # Conflicts ------------------------------------------------------------------------------

    def _look_for_conflicts(self) -> None:
        state, model = self._document.state, self._model
        if state is None or model is None or state.model != model.reference:
            return
        if sum(not edit.muted for edit in state.edits) < 2:
            self._window.stack.set_conflicts({})
            return
        request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)

        def work() -> object:
            from localedit_core.editing.conflicts import find_conflicts

            return find_conflicts(cast("Pipeline", model.renderer).compose(request).moves)

        def done(value: object) -> None:
            if self._document.state == state:
                self._show_conflicts(state, cast("tuple[Conflict, ...]", value))

        self._worker.submit(Job("", work, done, lambda _: None))

    def _show_conflicts(self, state: EditState, conflicts: tuple[Conflict, ...]) -> None:
        texts: dict[str, list[str]] = {}
        for conflict in sorted(conflicts, key=lambda found: -found.total):
            text = self._explanation(state, conflict)
            for edit_id in (conflict.upper, conflict.lower):
                texts.setdefault(edit_id, []).append(text)
        advice = self.tr("A spatial guard on both keeps edits of different parts apart.")
        self._window.stack.set_conflicts(
            {edit_id: "\n".join([*found, advice]) for edit_id, found in texts.items()}
        )

    def _explanation(self, state: EditState, conflict: Conflict) -> str:
        upper, lower = state.edit(conflict.upper).part, state.edit(conflict.lower).part
        layer, count = conflict.layer
        what = self.tr("{count} channels of {layer}").format(count=count, layer=layer)
        if conflict.total > count:
            what += self.tr(" and {count} more").format(count=conflict.total - count)
        if upper == lower:
            text = self.tr("Two edits of {part} both move {what}; the upper one wins.")
            return text.format(part=upper, what=what)
        text = self.tr("{upper} and {lower} both move {what}; the upper one wins.")
        return text.format(upper=upper, lower=lower, what=what)
