"""The whole of what a session edits, as one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from localedit_core.editing.edit import Edit, Method
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent

MAX_OWN = 256
MAX_BUDGETS = 1000


@dataclass(frozen=True)
class ModelReference:
    """Which generator and catalog a session belongs to.

    Attributes:
        name: a bundled generator's name ("faces"), or a file's stem.
        path: where the file was ("~" for the home folder), or None for a bundled generator. Only
            a hint: the fingerprints decide.
        fingerprint: the generator's.
        catalog_fingerprint: the catalog's.
    """

    name: str
    path: str | None
    fingerprint: str
    catalog_fingerprint: str


@dataclass(frozen=True)
class FoundBudget:
    """A budget that was found for a limit, to begin the part's next edit on that target with.

    Attributes:
        target: the target's ``Latent.origin``.
        part: the part's name.
        method: whose dial it is (``editing.dials``).
        value: what the dial was set to.
        limit: the most that was to change outside the part, mean CIE76 delta E.
    """

    target: str
    part: str
    method: Method
    value: float
    limit: float


@dataclass(frozen=True)
class EditState:
    """A target and the edits on it.

    Attributes:
        model: generator and catalog.
        target: the picture that is edited.
        edits: the stack, lowest first; ids are unique.
        psi: truncation that new pictures are drawn with.
        noise_seed: seed of the fixed noise, or None for the generator's own.
        favourites: seeds marked in the gallery, in the order of marking.
        class_index: class that new pictures are drawn of, counted from 0; None where the generator
            has no classes, and for its first one.
        own: references that no seed makes, as the gallery keeps them: imported latents and saved
            sessions.
        budgets: found, one at most for each target, part and method.
    """

    model: ModelReference
    target: Latent
    edits: tuple[Edit, ...] = ()
    psi: float = 0.7
    noise_seed: int | None = None
    favourites: tuple[int, ...] = ()
    class_index: int | None = None
    own: tuple[Latent, ...] = ()
    budgets: tuple[FoundBudget, ...] = ()

    def __post_init__(self) -> None:
        ids = [edit.edit_id for edit in self.edits]
        if len(set(ids)) != len(ids):
            raise LocalEditError("Two edits of the session carry the same id.")

    def edit(self, edit_id: str) -> Edit:
        """The edit with that id; KeyError if there is none."""
        for edit in self.edits:
            if edit.edit_id == edit_id:
                return edit
        raise KeyError(edit_id)

    def with_edit(self, edit_id: str, change: Callable[[Edit], Edit]) -> EditState:
        """The state with one edit changed."""
        return replace(
            self, edits=tuple(change(e) if e.edit_id == edit_id else e for e in self.edits)
        )

    def with_psi(self, psi: float) -> EditState:
        """Target and references redrawn at another truncation (stored latents stay)."""
        return replace(
            self,
            psi=psi,
            target=self.target.with_psi(psi),
            edits=tuple(replace(e, reference=e.reference.with_psi(psi)) for e in self.edits),
        )

    def with_class(self, class_index: int | None) -> EditState:
        """The target redrawn in another class, and new pictures with it.

        References stay what they were chosen as: a part of another class can be lent so.
        """
        return replace(self, class_index=class_index, target=self.target.with_class(class_index))

    def latents(self) -> tuple[Latent, ...]:
        """Every latent in use: the target, the edits' references, the own ones."""
        return (self.target, *(edit.reference for edit in self.edits), *self.own)

    def budget(self, part: str, method: Method) -> FoundBudget | None:
        """What was found for a part of the present target."""
        wanted = (self.target.origin, part, method)
        return next((b for b in self.budgets if (b.target, b.part, b.method) == wanted), None)

    def with_budget(self, found: FoundBudget) -> EditState:
        """Remember a budget in the place of what was found before; the oldest go at last."""
        same = (found.target, found.part, found.method)
        kept = [b for b in self.budgets if (b.target, b.part, b.method) != same]
        return replace(self, budgets=(*kept, found)[-MAX_BUDGETS:])

    def with_own(self, latents: Iterable[Latent]) -> EditState:
        """Keep further references that no seed makes; those that are there stay where they are."""
        own = tuple(dict.fromkeys((*self.own, *latents)))
        if len(own) > MAX_OWN:
            raise LocalEditError(
                f"A session keeps {MAX_OWN} references of its own at most.", "Remove some first."
            )
        return replace(self, own=own)

    def picture(self, seed: int) -> Latent:
        """A new picture of a seed, as the session draws them."""
        return Latent(seed, self.psi, class_index=self.class_index)

    def shows(self, picture: Latent) -> bool:
        """Whether a picture is of the class that the session draws."""
        return (picture.class_index or 0) == (self.class_index or 0)
