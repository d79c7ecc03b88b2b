"""Styles that differ from place to place, made where they are needed and not before.

Of a picture of 1024 px the whole ones would take half a gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from localedit_core.generators.boxes import Box


@dataclass(frozen=True, eq=False)
class PlacedStyle:
    """The style of a layer of one picture.

    Attributes:
        channels: C_l.
        side: of A_l.
        at: makes a piece of it, [1, C_l, h, w].
        device: where torch has it then.
    """

    channels: int
    side: int
    at: Callable[[Box], Tensor]
    device: torch.device

    @property
    def shape(self) -> torch.Size:
        """[1, C_l, side, side]."""
        return torch.Size((1, self.channels, self.side, self.side))

    @property
    def ndim(self) -> int:
        """The number of its dimensions."""
        return 4

    def to(self, place: torch.device) -> PlacedStyle:
        """The same, made for another device."""
        return replace(self, device=place)

    def cut(self, box: Box) -> Tensor:
        """The piece of a box, [1, C_l, h, w]."""
        return self.at(box).to(self.device)


Style = Tensor | PlacedStyle
"""[N, C_l] or [N, C_l, h, w]; or placed."""

AnyStyles = Mapping[str, Style]
"""What synthesis takes: ``base.Styles``, or styles by place."""


def cut_style(style: Style, box: Box) -> Tensor:
    """The piece of a style by place, [N, C_l, h, w]."""
    if isinstance(style, PlacedStyle):
        return style.cut(box)
    return box.cut(style, Box.whole(style.shape[-1]))


def whole_style(style: Style) -> Tensor:
    """All of a style, as a tensor."""
    return style.cut(Box.whole(style.side)) if isinstance(style, PlacedStyle) else style
