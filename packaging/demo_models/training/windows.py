"""Pictures made in two parts: whole up to 64 px, and one window of what is finer.

The upper blocks hold few weights but cost the most time. A window of them teaches as much per
pixel; a margin round it, made and thrown away, keeps the edges exact.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor

from localedit_core.generators.base import Styles, SynthesisState
from localedit_core.generators.stylegan2 import StyleGAN2

WHOLE = 64
"""Side up to which the picture is made whole."""

INNER = 32
"""Side of the window, in positions of the last whole picture."""

MARGIN = 4
"""Positions round the window. Two blocks reach less than 3: 1.5 + 0.5 + 0.75 + 0.25."""


BORDER = 8
"""How many more chances than any other place each border has of bounding the window."""


@dataclass(frozen=True)
class Window:
    """A square of positions at 64 px with its upper left corner."""

    top: int
    left: int

    @classmethod
    def anywhere(cls, random: torch.Generator) -> Window:
        """Draw a window that lies within the picture; one in three touches a given pair of sides.

        Drawn evenly over all places, the outermost pixels would hardly ever be seen.
        """
        last = WHOLE - INNER
        places = torch.randint(-BORDER, last + BORDER + 1, (2,), generator=random)
        top, left = places.clamp(0, last).tolist()
        return cls(top, left)

    def cut(self, x: Tensor) -> Tensor:
        """Cut the window out of [N, C, r, r], r a multiple of 64."""
        scale = x.shape[-1] // WHOLE
        side = INNER * scale
        top, left = self.top * scale, self.left * scale
        return x[..., top : top + side, left : left + side]


@dataclass(frozen=True)
class Made:
    """What was made for one step of training.

    Attributes:
        pictures: resolution -> the whole picture [N, 3, r, r], up to 64 px.
        finer: resolution -> the window's part of the picture, above 64 px.
        activations: the A_l asked for, [N, C_l, h, w].
    """

    pictures: dict[int, Tensor]
    finer: dict[int, Tensor]
    activations: dict[str, Tensor]


def make(
    generator: StyleGAN2, styles: Styles, up_to: int, window: Window, record: Collection[str]
) -> Made:
    """Make pictures of ``styles`` up to a resolution; ``record`` names layers up to 64 px."""
    pictures: dict[int, Tensor] = {}
    seam = f"b{2 * WHOLE}.conv0"
    above = up_to > WHOLE
    made = generator.synthesize(
        styles,
        up_to=min(up_to, WHOLE),
        record=record,
        keep=(seam,) if above else (),
        on_picture=pictures.__setitem__,
    )
    finer: dict[int, Tensor] = {}
    if above:
        state = made.kept[seam]
        rows, columns = _grown(window.top), _grown(window.left)
        assert state.rgb is not None
        resumed = SynthesisState(
            seam, state.x[..., rows, columns], state.rgb[..., rows, columns], None
        )
        raw: dict[int, Tensor] = {}
        generator.synthesize(styles, up_to=up_to, resume=resumed, on_picture=raw.__setitem__)
        for side, picture in raw.items():
            scale = side // WHOLE
            top, left = (window.top - rows.start) * scale, (window.left - columns.start) * scale
            inner = INNER * scale
            finer[side] = picture[..., top : top + inner, left : left + inner]
    return Made(pictures, finer, dict(made.activations))


def _grown(start: int) -> slice:
    """Add the margin; at the picture's own border the zeros that convolutions add are right."""
    return slice(max(0, start - MARGIN), min(WHOLE, start + INNER + MARGIN))
