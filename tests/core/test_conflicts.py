"""Conflicts of a stack, on shares small enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from localedit_core.editing.conflicts import Conflict, find_conflicts
from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.interpolation import StyleMove
from localedit_core.editing.stack import EditMove
from localedit_core.latents import Latent


def move(edit_id: str, part: str, guard: float = 0.0, **shares: Sequence[float]) -> EditMove:
    edit = Edit(edit_id, part, Latent(1, 0.7), QuerySettings(guard=guard))
    arrays = {name: np.array(values, dtype=np.float64) for name, values in shares.items()}
    return EditMove(edit, StyleMove(arrays, {}))


def test_shared_channels_are_counted_layer_by_layer() -> None:
    mouth = move("a", "mouth", conv0=[1, 1, 0, 0.5], conv1=[1, 1, 1], rgb=[0, 1])
    beard = move("b", "beard", conv0=[0, 1, 1, 0.2], conv1=[1, 1, 1], rgb=[1, 0])
    # conv0: channels 1 and 3; conv1: all three; rgb: none.
    (found,) = find_conflicts([mouth, beard])
    assert found == Conflict("a", "b", (("conv0", 2), ("conv1", 3)))
    assert found.layer == ("conv1", 3)
    assert found.total == 5


def test_a_channel_that_hardly_moves_is_not_claimed() -> None:
    upper = move("b", "beard", conv=[1, 1])
    assert find_conflicts([move("a", "mouth", conv=[0.09, 0]), upper]) == ()
    (found,) = find_conflicts([move("a", "mouth", conv=[0.11, 0]), upper])
    assert found.channels == (("conv", 1),)


@pytest.mark.parametrize(
    ("low", "high", "same_part", "conflicts"),
    [
        (0.0, 0.0, False, True),
        (1.0, 0.0, False, True),
        (0.0, 1.0, False, True),
        (0.2, 1.0, False, True),
        (1.0, 1.0, False, False),
        (0.6, 0.7, False, False),
        (1.0, 1.0, True, True),  # they act in the same place
    ],
)
def test_guards_keep_different_parts_apart(
    low: float, high: float, same_part: bool, conflicts: bool
) -> None:
    lower = move("a", "mouth", low, conv=[1])
    upper = move("b", "mouth" if same_part else "beard", high, conv=[1])
    assert bool(find_conflicts([lower, upper])) is conflicts


def test_every_pair_is_looked_at_from_the_lowest_on() -> None:
    moves = [
        move("a", "mouth", conv=[1, 1, 0, 0]),
        move("b", "beard", conv=[0, 1, 1, 0]),
        move("c", "hair", conv=[1, 0, 1, 0]),
        move("d", "ears", other=[1, 1]),
    ]
    pairs = [(found.lower, found.upper) for found in find_conflicts(moves)]
    assert pairs == [("a", "b"), ("a", "c"), ("b", "c")]
