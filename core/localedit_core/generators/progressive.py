"""One picture, small first: 32, 64, 128 px and so on to all of it, in one pass.

A pass is cut where a generator has colours: what is shown is a by-product, and nothing is computed
twice. The piece that somebody looks at may come before the rest. States on the way are kept, so
that a picture whose styles differ in late layers alone goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from localedit_core.generators.base import Adjust, Generator, Styles, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.placed_styles import AnyStyles

KEPT_BYTES = 96 * 2**20
"""What states may take: of a network of 1024 px those up to 256 px."""

FIRST = 32
"""Side of the first picture of which anything can be made out."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A picture on the way.

    Attributes:
        image: [1, 3, r, r], or the piece [1, 3, h, w].
        side: r, or the side of the whole of which it is a piece.
        box: where the piece lies; None for a whole picture.
    """

    image: Tensor
    side: int
    box: Box | None = None


class KeptStates:
    """The states of the last picture, the lowest first, as many as a cap on memory allows.

    Args:
        generator: whose.
        most_bytes: the cap.
    """

    def __init__(self, generator: Generator, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._order = [layer.name for layer in generator.layers]
        self._states: dict[int, SynthesisState] = {}  # by the index of the layer that comes next
        self._styles: Mapping[str, Tensor] = {}
        self._noise: int | None = None

    @property
    def nbytes(self) -> int:
        """What all of them take."""
        return sum(_nbytes(state) for state in self._states.values())

    def find(self, styles: Styles, noise_seed: int | None) -> SynthesisState | None:
        """The last state that a picture of these styles has, too; None for none."""
        shared = self._shared(styles, noise_seed)
        fitting = [index for index in self._states if index <= shared]
        return self._states[max(fitting)] if fitting else None

    def keep(
        self, styles: Styles, noise_seed: int | None, states: Mapping[str, SynthesisState]
    ) -> None:
        """Take states of a picture; those of former ones stay where it has them, too."""
        shared = self._shared(styles, noise_seed)
        self._states = {i: state for i, state in self._states.items() if i <= shared}
        self._styles, self._noise = styles, noise_seed
        self._states |= {self._order.index(name): state for name, state in states.items()}
        room = self._most
        for index in sorted(self._states):
            room -= _nbytes(self._states[index])
            if room < 0:
                del self._states[index]

    def clear(self) -> None:
        """Keep nothing."""
        self._states.clear()

    def _shared(self, styles: Styles, noise_seed: int | None) -> int:
        """Index of the first layer whose style is another than that of the last picture."""
        if noise_seed != self._noise or not self._styles:
            return -1
        for index, name in enumerate(self._order):
            for key in (name, f"{name}.bias"):
                if (key in styles) and not torch.equal(self._styles[key], styles[key]):
                    return index
        return len(self._order)


def pictures(
    generator: Generator,
    styles: AnyStyles,
    *,
    first: int = FIRST,
    region: Box | None = None,
    only_region: bool = False,
    kept: KeptStates | None = None,
    resume: SynthesisState | None = None,
    noise_seed: int | None = None,
    adjust: Adjust | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Stage]:
    """Make a picture, and show it on the way.

    Args:
        generator: makes it. One without previews makes the full picture at once.
        styles: name -> [1, C_l], or by place.
        first: side of the first picture; a kept state or ``resume`` above that begins higher.
        region: the piece of the full picture that comes after the first small one.
        only_region: whether nothing but that piece is wanted.
        kept: states to go on from, and to add to; not looked at with ``resume`` or ``adjust``.
        resume: a state to go on from.
        noise_seed, adjust, cancelled: as in ``Generator.synthesize``.

    Yields:
        Whole pictures of growing size, the full one last, and the piece after the first of them,
        or last where nothing but it is wanted.

    Raises:
        RenderCancelled: ``cancelled`` said yes.
    """
    full = generator.resolution
    plain = {name: style for name, style in styles.items() if isinstance(style, Tensor)}
    if resume is not None or adjust is not None or len(plain) < len(styles):
        kept = None
    state = resume if kept is None else kept.find(plain, noise_seed)

    def make(side: int, box: Box | None = None) -> tuple[Tensor, SynthesisState | None]:
        above = next((x.name for x in generator.layers if x.resolution > side), None)
        with torch.inference_mode():
            made = generator.synthesize(
                styles,
                up_to=side,
                keep=() if above is None else (above,),
                resume=state,
                noise_seed=noise_seed,
                adjust=adjust,
                cancelled=cancelled,
                box=box,
            )
        if kept is not None and box is None:
            kept.keep(plain, noise_seed, made.kept)
        return made.image, made.kept.get(above or "")

    if not generator.has_previews:
        yield Stage(make(full)[0], full)
        return
    sides = sorted({x.resolution for x in generator.layers if first <= x.resolution} | {full})
    if state is not None:
        lowest = max(state.x.shape[-1], _side_of(generator, state.layer))
        sides = [side for side in sides if side >= min(lowest, full)]
    waiting = region if region != Box.whole(full) else None
    for side in sides:
        if side < full:
            image, state = make(side)
            yield Stage(image, side)
        if waiting is not None:
            yield Stage(make(full, waiting)[0], full, waiting)
            if only_region:
                return
            waiting = None
    yield Stage(make(full)[0], full)


def _side_of(generator: Generator, name: str) -> int:
    return next(layer.resolution for layer in generator.layers if layer.name == name)


def _nbytes(state: SynthesisState) -> int:
    tensors = (state.x, state.rgb, state.residual)
    return sum(x.numel() * x.element_size() for x in tensors if x is not None)
