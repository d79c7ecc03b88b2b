"""Brings references from files, and the present picture, beside the gallery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QObject

from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.actions import ActionSpec
from localedit_gui.controller import EditController
from localedit_gui.dialogs import Dialogs
from localedit_gui.document import EditDocument
from localedit_gui.gallery_controller import GalleryController
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.rendering.worker import Failure, Job, RenderWorker
from localedit_gui.settings import Settings

if TYPE_CHECKING:
    from localedit_core.editing.pipeline import Pipeline


class OwnReferencesController(QObject):
    """Adds, shows and removes the session's own references; each is a step of undo."""

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        gallery: GalleryController,
        worker: RenderWorker,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._document = document
        self._controller = controller
        self._gallery = gallery
        self._worker = worker
        self._settings = settings
        self._model: OpenModel | None = None
        self._dialogs: Dialogs | None = None
        self._add_actions()
        own = window.gallery.own
        own.hovered.connect(controller.hover)
        own.hover_left.connect(controller.leave)
        own.picked.connect(controller.pick_latent)
        own.remove_wanted.connect(self.remove)
        own.target_wanted.connect(document.set_target)
        window.gallery.files_dropped.connect(self.add_files)
        document.state_changed.connect(lambda _: self._show())
        gallery.thumbnails_changed.connect(self._show)

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs

    def set_model(self, model: OpenModel) -> None:
        """References are for this generator from now on."""
        self._model = model
        for name in ("add_reference", "add_result", "use_as_target"):
            self._window.actions_[name].setEnabled(True)

    def add_dialog(self) -> None:
        """Ask for a file and add what it lends."""
        if self._dialogs is None or self._model is None:
            return
        path = self._dialogs.ask_reference_path(self._settings.folder)
        if path is not None:
            self._settings.folder = path.parent
            self.add_files([path])

    def add_files(self, paths: list[Path]) -> None:
        """Add what files lend: sessions, exported pictures, latents."""
        state = self._document.state
        if state is None:
            return
        for path in paths:
            label = self.tr("reading {name}").format(name=path.name)
            text = self.tr("Reference {name}").format(name=path.stem)
            self._submit(label, text, partial(_read, self._model, path, state.psi))

    def add_result(self) -> None:
        """Add the present picture as it is edited."""
        state = self._document.state
        if state is not None:
            name = self._document.name
            known = {latent.name for latent in state.own}
            if name in known:  # several results of one session are told apart
                name = next(n for k in count(2) if (n := f"{name} {k}") not in known)
            label = self.tr("keeping {name} as a reference").format(name=name)
            text = self.tr("Reference {name}").format(name=name)
            self._submit(label, text, partial(_composite, self._model, state, name))

    def use_as_target(self) -> None:
        """Edit the reference that the pointer or the keys are on, or else the selected one."""
        gallery = self._window.gallery
        own, seed = gallery.own.current(), gallery.current_seed()
        if own is not None:
            self._document.set_target(own)
        elif seed is not None:
            self._controller.set_target(seed)

    def remove(self, latent: Latent) -> None:
        """Take one away; edits that use it keep it."""
        state = self._document.state
        if state is not None:
            text = self.tr("Removal of {name}").format(name=latent.label)
            self._document.edit(
                text, replace(state, own=tuple(o for o in state.own if o != latent))
            )

    def _submit(self, label: str, text: str, work: Callable[[], tuple[Latent, ...]]) -> None:
        model = self._model
        if model is None:
            return

        def done(value: object) -> None:
            state = self._document.state
            if state is None or state.model != model.reference:
                return  # another generator is on screen
            try:
                self._document.edit(text, state.with_own(cast("tuple[Latent, ...]", value)))
            except LocalEditError as error:
                self._tell(Failure(error.message, error.hint))

        self._worker.submit(Job(label, work, done, self._tell))

    def _show(self) -> None:
        state = self._document.state
        own = () if state is None else state.own
        self._window.gallery.own.set_latents(own, self._gallery.pictures_of(own))

    def _tell(self, failure: Failure) -> None:
        self._window.messages.show_message(Message("error", failure.message, failure.hint))

    def _add_actions(self) -> None:
        translate = QCoreApplication.translate
        specs = (
            ActionSpec(
                "add_reference",
                "reference",
                translate("OwnReferences", "Add from &File…"),
                ("Ctrl+Shift+O",),
                translate("OwnReferences", "Take a saved session or stored latents as a reference"),
            ),
            ActionSpec(
                "add_result",
                "reference",
                translate("OwnReferences", "Add This &Picture"),
                ("Ctrl+Shift+A",),
                translate("OwnReferences", "Keep the present result as a reference"),
            ),
            ActionSpec(
                "use_as_target",
                "reference",
                translate("OwnReferences", "Use as &Target"),
                ("T",),
                translate("OwnReferences", "Edit the picture of the reference under the pointer"),
            ),
        )
        actions = self._window.actions_
        actions.extend(specs)
        menu = self._window.references_menu
        menu.addSeparator()
        verbs = (self.add_dialog, self.add_result, self.use_as_target)
        for spec, verb in zip(specs, verbs, strict=True):
            action = actions[spec.name]
            action.setEnabled(False)
            menu.addAction(action)
            action.triggered.connect(lambda _=False, verb=verb: verb())


def _read(model: OpenModel | None, path: Path, psi: float) -> tuple[Latent, ...]:
    from localedit_core.session.reference_files import references_from_file

    assert model is not None
    return references_from_file(cast("Pipeline", model.renderer), path, psi)


def _composite(model: OpenModel | None, state: EditState, name: str) -> tuple[Latent, ...]:
    from localedit_core.session.reference_files import composite_latent

    assert model is not None
    return (composite_latent(cast("Pipeline", model.renderer), state, name),)
