"""Edits that claim the same style channels, so that one undoes what the other does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Edit
from localedit_core.editing.stack import EditMove

CLAIMED = 0.1
"""From this share on an edit claims a channel; below, hardly anybody sees it move."""

GUARDED = 0.5
"""From this guard on an edit acts more in its own place than everywhere."""


@dataclass(frozen=True)
class Conflict:
    """Two edits of a stack that claim the same channels.

    Attributes:
        lower, upper: their ids; the upper one wins.
        channels: how many channels both claim, per layer, only layers with any.
    """

    lower: str
    upper: str
    channels: tuple[tuple[str, int], ...]

    @property
    def layer(self) -> tuple[str, int]:
        """The layer in which they meet most, the first of equal ones, and how many channels."""
        return max(self.channels, key=lambda found: found[1])

    @property
    def total(self) -> int:
        """How many channels both claim, in all layers."""
        return sum(count for _, count in self.channels)


def find_conflicts(moves: Sequence[EditMove]) -> tuple[Conflict, ...]:
    """The conflicts of a stack.

    Two edits do not get into each other's way where both are guarded: each acts in the place of
    its own part. Edits of one part have one place, and no guard parts them.

    Args:
        moves: of the edits that move styles, lowest first, as ``compose`` makes them.

    Returns:
        By the upper edit, then by the lower one, both from the lowest on.
    """
    claims = [
        {name: np.abs(shares) >= CLAIMED for name, shares in found.move.shares.items()}
        for found in moves
    ]
    conflicts = []
    for high, upper in enumerate(moves):
        for low, lower in enumerate(moves[:high]):
            if _apart(lower.edit, upper.edit):
                continue
            shared = _shared(claims[low], claims[high])
            if shared:
                conflicts.append(Conflict(lower.edit.edit_id, upper.edit.edit_id, shared))
    return tuple(conflicts)


def _apart(one: Edit, other: Edit) -> bool:
    guarded = min(one.settings.guard, other.settings.guard) >= GUARDED
    return guarded and one.part != other.part


def _shared(
    one: dict[str, NDArray[np.bool_]], other: dict[str, NDArray[np.bool_]]
) -> tuple[tuple[str, int], ...]:
    counts = ((name, int((one[name] & other[name]).sum())) for name in one if name in other)
    return tuple((name, count) for name, count in counts if count)
