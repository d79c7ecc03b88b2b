"""What a person can do to a session: from one frozen state to the next."""

from __future__ import annotations

from dataclasses import replace

from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.latents import Latent
from localedit_core.session.state import EditState


def transfer_target(state: EditState, part: str, selected: str | None) -> Edit | None:
    """The edit whose reference a new transfer of ``part`` replaces: an unmuted one of that part.

    Args:
        state: the session.
        part: what is transferred.
        selected: the id of the selected edit, which comes first; else the topmost does.
    """
    candidates = [edit for edit in state.edits if edit.part == part and not edit.muted]
    for edit in candidates:
        if edit.edit_id == selected:
            return edit
    return candidates[-1] if candidates else None


def with_transfer(
    state: EditState,
    part: str,
    reference: Latent,
    settings: QuerySettings,
    selected: str | None = None,
) -> tuple[EditState, str]:
    """Transfer a part of a reference: replace an edit's reference, or add an edit on top.

    Args:
        state: the session.
        part: what to transfer.
        reference: the picture it comes from.
        settings: what an added edit begins with.
        selected: see ``transfer_target``.

    Returns:
        The new state and the id of the edit that carries the transfer.
    """
    old = transfer_target(state, part, selected)
    if old is not None:
        return state.with_edit(old.edit_id, lambda e: replace(e, reference=reference)), old.edit_id
    edit = Edit(next_edit_id(state), part, reference, settings)
    return replace(state, edits=(*state.edits, edit)), edit.edit_id


def next_edit_id(state: EditState) -> str:
    """An id that no edit of the session has."""
    numbers = [int(e.edit_id[1:]) for e in state.edits if e.edit_id[1:].isdecimal()]
    return f"e{max(numbers, default=0) + 1}"


def with_settings(
    state: EditState, edit_id: str, settings: QuerySettings, strength: float
) -> EditState:
    """Give an edit other parameters."""
    return state.with_edit(edit_id, lambda e: replace(e, settings=settings, strength=strength))


def with_mute_toggled(state: EditState, edit_id: str) -> EditState:
    """Mute an edit, or let it act again."""
    return state.with_edit(edit_id, lambda e: replace(e, muted=not e.muted))


def soloed(state: EditState) -> str | None:
    """The id of the only edit that is not muted, where there are others; else None."""
    acting = [edit.edit_id for edit in state.edits if not edit.muted]
    return acting[0] if len(acting) == 1 and len(state.edits) > 1 else None


def with_muted(state: EditState, muted: frozenset[str]) -> EditState:
    """Mute the edits of these ids and no others."""
    return replace(state, edits=tuple(replace(e, muted=e.edit_id in muted) for e in state.edits))


def without_edit(state: EditState, edit_id: str) -> EditState:
    """Remove an edit."""
    return replace(state, edits=tuple(e for e in state.edits if e.edit_id != edit_id))


def with_edit_moved(state: EditState, edit_id: str, index: int) -> EditState:
    """Put an edit at ``index`` of the stack, counted from the lowest, without itself."""
    edits = [e for e in state.edits if e.edit_id != edit_id]
    edits.insert(max(0, min(index, len(edits))), state.edit(edit_id))
    return replace(state, edits=tuple(edits))


def with_edit_duplicated(state: EditState, edit_id: str) -> tuple[EditState, str]:
    """Put a copy of an edit right above it; returns the copy's id too."""
    copy = replace(state.edit(edit_id), edit_id=next_edit_id(state))
    index = [e.edit_id for e in state.edits].index(edit_id) + 1
    return replace(state, edits=(*state.edits[:index], copy, *state.edits[index:])), copy.edit_id


def with_edit_pasted(state: EditState, edit: Edit, above: str | None) -> tuple[EditState, str]:
    """Put an edit of another session right above one of this, or on top; returns its id too."""
    pasted = replace(edit, edit_id=next_edit_id(state))
    ids = [e.edit_id for e in state.edits]
    index = ids.index(above) + 1 if above in ids else len(ids)
    edits = (*state.edits[:index], pasted, *state.edits[index:])
    return replace(state, edits=edits), pasted.edit_id


def with_favourite_toggled(state: EditState, seed: int) -> EditState:
    """Mark a seed in the gallery, or unmark it."""
    if seed in state.favourites:
        return replace(state, favourites=tuple(s for s in state.favourites if s != seed))
    return replace(state, favourites=(*state.favourites, seed))
