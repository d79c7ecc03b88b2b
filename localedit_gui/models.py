"""What the window knows of an open generator: plain values, and the renderer to hand back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from localedit_core.cards import Card
from localedit_core.session.state import EditState, ModelReference
from localedit_gui.rendering.worker import Renderer


@dataclass(frozen=True)
class PartInfo:
    """A part of the catalog.

    Attributes:
        name: of the part.
        epsilon: the budget that a new edit of it begins with.
        floor: the relevance floor that a new edit of it begins with.
    """

    name: str
    epsilon: float
    floor: float


@dataclass(frozen=True, eq=False)
class OpenModel:
    """A generator with its catalog, open on the worker's thread.

    Attributes:
        renderer: used by the worker only; the window passes it along with each request, so that
            no request can meet another generator than it was made for.
        reference: names it in sessions.
        family: "stylegan2", ...
        resolution: side of its pictures in pixels.
        parts: in the catalog's order, which is that of part maps.
        psi: the truncation that suits it.
        card: what it is called, and what new sessions on it begin with.
        classes: how many classes a picture can be asked of; 0 for none.
        has_styles: whether it has styles that an edit can move; without, features are blended,
            and there is no truncation.
    """

    renderer: Renderer
    reference: ModelReference
    family: str
    resolution: int
    parts: tuple[PartInfo, ...]
    psi: float
    card: Card
    classes: int = 0
    has_styles: bool = True

    def part(self, name: str) -> PartInfo:
        """The part of that name; KeyError if there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)

    def offered_seeds(self, state: EditState) -> Iterator[int]:
        """Seeds to choose from, without end: favourites, those chosen for it, then all others."""
        first = dict.fromkeys((*state.favourites, *self.card.gallery))
        yield from first
        yield from (seed for seed in count() if seed not in first)
