"""Connects what people do in the panels with the document, and the document with the panels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from localedit_core.editing.edit import EDITOR_GUARD, Edit, QuerySettings, usual_method
from localedit_core.editing.request import RenderResult
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui import commands
from localedit_gui.colours import part_colours
from localedit_gui.document import EditDocument
from localedit_gui.gallery_controller import GalleryController
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.panels.part_list import PartRow
from localedit_gui.rendering.scheduler import RenderScheduler
from localedit_gui.rendering.worker import Failure
from localedit_gui.workspaces import View


class EditController(QObject):
    """Selection, transfers, and what the panels show.

    One part at most is selected, and one edit of it at most. A hovered reference is rendered as
    if it had been picked, without touching the document.

    Signals:
        selection_changed(): ``selected_part`` or ``selected_edit`` may be others.
    """

    selection_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        scheduler: RenderScheduler,
        gallery: GalleryController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._document = document
        self._scheduler = scheduler
        self._gallery = gallery
        self._model: OpenModel | None = None
        self._part: str | None = None
        self._edit_id: str | None = None
        self._hovered: Latent | None = None
        self._part_map: NDArray[np.uint8] | None = None
        self._original: NDArray[np.uint8] | None = None
        self._shares: dict[str, float] = {}
        self._colours: dict[str, QColor] = {}

        window.canvas.part_picked.connect(self.select_part)
        window.canvas.reference_dropped.connect(self.pick_reference)
        window.parts.part_picked.connect(self.select_part)
        window.parts.part_hovered.connect(window.canvas.light_part)
        window.part_key_pressed.connect(self._select_part_number)
        window.gallery.reference_hovered.connect(self._hover_seed)
        window.gallery.hover_left.connect(self.leave)
        window.gallery.reference_picked.connect(self.pick_reference)
        window.gallery.favourite_toggled.connect(document.toggle_favourite)
        window.stack.edit_picked.connect(self.select_edit)
        window.stack.mute_toggled.connect(document.toggle_mute)
        window.stack.delete_wanted.connect(document.delete_edit)
        window.stack.move_wanted.connect(document.move_edit)
        window.stack.duplicate_wanted.connect(self._duplicate)
        window.budget.settings_changing.connect(self._settings_changing)
        window.budget.settings_changed.connect(self._settings_changed)
        window.target_bar.seed_entered.connect(self.set_target)
        document.opened.connect(self._session_opened)
        document.state_changed.connect(self._state_changed)
        scheduler.shown.connect(self._show)
        scheduler.failed.connect(self._failed)
        gallery.thumbnails_changed.connect(self._show_edits)
        self._show_hint()

    @property
    def selected_part(self) -> str | None:
        """The part that references are taken for."""
        return self._part

    @property
    def selected_edit(self) -> str | None:
        """The edit that the settings belong to."""
        return self._edit_id

    # Model and session ----------------------------------------------------------------------

    def set_model(self, model: OpenModel) -> None:
        """Show another generator's parts. A state on it comes next."""
        if model is self._model:
            return
        self._model = model
        self._part = self._edit_id = self._hovered = None
        self._part_map = self._original = None
        self._shares = {}
        self._window.canvas.set_part_map(None)
        self._window.canvas.set_difference(None)
        names = [part.name for part in model.parts]
        self._colours = dict(zip(names, part_colours(len(names)), strict=True))
        self._window.canvas.clear()  # its parts must not be picked for this generator
        self._window.set_parts(names)
        self._window.set_classes(model.classes)
        self._window.budget.set_has_styles(model.has_styles)
        self._window.target_bar.set_truncation(model.has_styles)
        self._scheduler.forget()

    def _session_opened(self, state: EditState) -> None:
        if self._model is not None:
            self._gallery.set_model(self._model, state)
        top = state.edits[-1] if state.edits else None
        self._part = top.part if top is not None else None
        self._edit_id = top.edit_id if top is not None else None
        self._hovered = None

    def _state_changed(self, state: EditState) -> None:
        if self._model is None:
            return
        self._hovered = None  # after an undo the picture shows the undone state, hovered or not
        self._keep_selection(state)
        self._gallery.set_state(state)
        self._window.target_bar.set_target(state.target.seed, state.psi, state.class_index)
        self._show_edits()
        self._show_selection()
        self._render()

    def _keep_selection(self, state: EditState) -> None:
        edit = self._edit()
        if edit is None and self._part is not None:
            edit = commands.transfer_target(state, self._part, None)
        self._edit_id = None if edit is None else edit.edit_id
        if edit is not None:
            self._part = edit.part

    def view(self) -> View:
        """How the session is shown, to be shown so again."""
        first_seed, only_favourites = self._window.gallery.position()
        return View(self._part, self._edit_id, first_seed, only_favourites)

    def show_view(self, view: View) -> None:
        """Show the session as it was shown before."""
        self._part, self._edit_id = view.part, view.edit_id
        self._show_selection()
        self._render()
        self._window.gallery.set_position(view.first_seed, view.only_favourites)

    # Selecting ------------------------------------------------------------------------------

    def select_part(self, name: str) -> None:
        """Take references for this part from now on."""
        state = self._document.state
        if state is None or self._model is None:
            return
        if name not in [part.name for part in self._model.parts]:
            return
        self._part = name
        edit = self._edit()
        if edit is None or edit.part != name:
            edit = commands.transfer_target(state, name, None)
        self._edit_id = None if edit is None else edit.edit_id
        self._show_selection()
        self._render()

    def deselect(self) -> None:
        """Select no part and no edit."""
        self._part = self._edit_id = None
        self._show_selection()
        self._render()

    def select_edit(self, edit_id: str) -> None:
        """Show an edit's settings, and take references for its part."""
        state = self._document.state
        if state is not None and any(edit.edit_id == edit_id for edit in state.edits):
            self._edit_id = edit_id
            self._part = state.edit(edit_id).part
            self._show_selection()
            self._render()

    def _select_part_number(self, index: int) -> None:
        if self._model is not None and index < len(self._model.parts):
            self.select_part(self._model.parts[index].name)

    def _edit(self) -> Edit | None:
        state = self._document.state
        if state is not None:
            for edit in state.edits:
                if edit.edit_id == self._edit_id:
                    return edit
        return None

    # Transfers ------------------------------------------------------------------------------

    def pick_reference(self, seed: int) -> None:
        """Transfer the selected part of a seed's picture."""
        state = self._document.state
        if state is not None:
            self.pick_latent(state.picture(seed))

    def pick_latent(self, latent: Latent) -> None:
        """Transfer the selected part of a reference."""
        if self._document.state is None or self._part is None:
            self.say_click_first()
            return
        edit_id = self._document.transfer(
            self._part, latent, self.first_settings(self._part), self._edit_id
        )
        if edit_id is not None:
            self.select_edit(edit_id)

    def _hover_seed(self, seed: int) -> None:
        state = self._document.state
        if state is not None:
            self.hover(state.picture(seed))

    def hover(self, latent: Latent) -> None:
        """Show the selected part of a reference on the picture, without taking it."""
        self._hovered = latent
        if self._part is None:
            self.say_click_first()
        else:
            self._render()

    def leave(self) -> None:
        """Show the picture without the reference that was hovered."""
        self._hovered = None
        self._show_hint()
        self._render()

    def first_settings(self, part: str) -> QuerySettings:
        """What a transfer of a part begins with: the budget found for it here, else its own."""
        assert self._model is not None
        info = self._model.part(part)
        method = usual_method(self._model.has_styles)
        state = self._document.state
        found = None if state is None else state.budget(part, method)
        epsilon = info.epsilon if found is None else found.value
        return QuerySettings(method, epsilon=epsilon, floor=info.floor, guard=EDITOR_GUARD)

    def _duplicate(self, edit_id: str) -> None:
        copy = self._document.duplicate_edit(edit_id)
        if copy is not None:
            self.select_edit(copy)

    def _settings_changing(self, edit_id: str, settings: QuerySettings, strength: float) -> None:
        self._document.change_edit(edit_id, settings, strength, final=False)

    def _settings_changed(self, edit_id: str, settings: QuerySettings, strength: float) -> None:
        self._document.change_edit(edit_id, settings, strength, final=True)

    # Actions on the selection ---------------------------------------------------------------

    def mute_selected(self) -> None:
        """Mute the selected edit, or let it act again."""
        if self._edit_id is not None:
            self._document.toggle_mute(self._edit_id)

    def delete_selected(self) -> None:
        """Remove the selected edit."""
        if self._edit_id is not None:
            self._document.delete_edit(self._edit_id)

    def duplicate_selected(self) -> None:
        """Copy the selected edit."""
        if self._edit_id is not None:
            self._duplicate(self._edit_id)

    def move_selected(self, by: int) -> None:
        """Move the selected edit up or down in the stack."""
        state = self._document.state
        if state is not None and self._edit_id is not None:
            index = [edit.edit_id for edit in state.edits].index(self._edit_id) + by
            self._document.move_edit(self._edit_id, index)

    # Target ---------------------------------------------------------------------------------

    def set_target(self, seed: int) -> None:
        """Edit the picture of this seed."""
        state = self._document.state
        if state is not None and state.target.seed != seed:
            self._document.set_target(state.picture(seed))

    # Showing --------------------------------------------------------------------------------

    def render_again(self) -> None:
        """Make the picture anew: another device makes it now."""
        self._scheduler.start_over()
        self._render()

    def _render(self) -> None:
        state = self._document.state
        if self._model is None or state is None or state.model != self._model.reference:
            return
        edits = state.edits
        if self._hovered is not None and self._part is not None:
            hovered, _ = commands.with_transfer(
                state,
                self._part,
                self._hovered,
                self.first_settings(self._part),
                self._edit_id,
            )
            edits = hovered.edits
        self._scheduler.ask(self._model, state, edits, self._part)

    def _show(self, result: RenderResult) -> None:
        canvas = self._window.canvas
        if result.original is not None and result.original is not self._original:
            self._original = result.original
            canvas.show_original(result.original)
        canvas.show_image(result.image)
        if result.stage != "measured":
            return
        if result.part_map is not None and result.part_map is not self._part_map:
            self._take_part_map(result.part_map)
        canvas.set_difference(result.difference)
        if result.request.roi_part == self._part:
            self._window.budget.set_measures(result.measures)

    def _take_part_map(self, part_map: NDArray[np.uint8]) -> None:
        assert self._model is not None
        self._part_map = part_map
        names = list(self._colours)
        self._window.canvas.set_part_map(part_map, names, list(self._colours.values()))
        counts = np.bincount(part_map.ravel(), minlength=256)
        self._shares = {n: float(counts[i]) / part_map.size for i, n in enumerate(names)}
        self._show_parts()

    def _show_edits(self) -> None:
        state = self._document.state
        if state is None or self._model is None:
            return
        pictures = self._gallery.pictures(state.edits)
        self._window.stack.set_edits(state.edits, pictures, self._colours)
        self._show_parts()

    def _show_parts(self) -> None:
        state = self._document.state
        if state is None or self._model is None:
            return
        self._window.parts.set_parts(
            [
                PartRow(
                    name,
                    colour,
                    self._shares.get(name, 0.0),
                    sum(e.part == name for e in state.edits),
                )
                for name, colour in self._colours.items()
            ]
        )

    def _show_selection(self) -> None:
        window, edit = self._window, self._edit()
        window.canvas.set_selected_part(self._part)
        window.parts.set_selected(self._part)
        window.stack.set_selected(self._edit_id)
        window.budget.set_edit(edit)
        if self._part is None:
            window.budget.set_measures(None)
        state = self._document.state
        listed = edit is not None and state is not None and state.shows(edit.reference)
        window.gallery.set_selected(edit.reference.seed if edit is not None and listed else None)
        for name in ("mute", "duplicate", "delete", "move_up", "move_down"):
            window.actions_[name].setEnabled(edit is not None)
        window.actions_["deselect"].setEnabled(self._part is not None)
        self._show_hint()
        self.selection_changed.emit()

    def _show_hint(self) -> None:
        state = self._document.state
        if self._part is None:
            text = self.tr("Click a part, then hover a reference.")
        elif state is None or not state.edits:
            text = self.tr(
                "Hover a reference to see its {part} on the picture; click to keep it."
            ).format(part=self._part)
        else:
            text = self.tr("Hold Space to see the original. D shows what changed.")
        self._window.hint.setText(text)

    def say_click_first(self) -> None:
        """Ask for a part, where nothing goes on without one."""
        self._window.hint.setText(self.tr("Click a part first: then a reference can lend its own."))

    def _failed(self, failure: Failure) -> None:
        self._window.messages.show_message(Message("error", failure.message, failure.hint))
