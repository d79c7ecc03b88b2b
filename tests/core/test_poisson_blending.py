"""Poisson blending of pictures: against a sparse solver, at borders, and where nothing is to do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse.linalg import spsolve

from localedit_core.editing.poisson_blending import aligning_shift, poisson_blend, shifted

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
SIDE = 40


def _picture(seed: int, low: int = 60, high: int = 190) -> Picture:
    """Smooth blobs with a fine grain, far enough from black and white for nothing to be cut off."""
    source = np.random.default_rng(seed)
    coarse = cv2.GaussianBlur(source.uniform(-1, 1, (SIDE, SIDE, 3)), (0, 0), 4.0)
    values = coarse / np.abs(coarse).max() + 0.15 * source.uniform(-1, 1, coarse.shape)
    scaled = (values - values.min()) / np.ptp(values)
    return np.round(low + (high - low) * scaled).astype(np.uint8)


def _box(top: int, left: int, height: int, width: int) -> Mask:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top : top + height, left : left + width] = True
    return mask


def _disc(y: float, x: float, radius: float) -> Mask:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return np.asarray((rows - y) ** 2 + (columns - x) ** 2 <= radius**2)


def _solved(below: Picture, reference: Picture, inside: Mask) -> NDArray[np.float64]:
    """What is meant, for one convex piece: unknowns, their neighbours, one sparse system.

    Pictures go on beyond their border as they are there. On the piece's bounding rectangle and
    three pixels around, f has the forward differences of the reference in the piece and the
    picture's outside, in the least-squares sense; one pixel further in, it is the picture's.
    """
    wide = 4
    target, lent = (
        np.pad(p.astype(float), ((wide, wide), (wide, wide), (0, 0)), "edge")
        for p in (below, reference)
    )
    piece = np.pad(inside, wide)
    rows, columns = np.nonzero(piece)
    top, bottom = rows.min() - 3, rows.max() + 3
    left, right = columns.min() - 3, columns.max() + 3
    known = np.ones(piece.shape, bool)
    known[top + 1 : bottom, left + 1 : right] = False
    number = np.cumsum(~known).reshape(known.shape) - 1
    count = int((~known).sum())
    system = sparse.lil_matrix((count, count))
    wanted = np.zeros((count, 3))
    for y, x in zip(*np.nonzero(~known), strict=True):
        row = number[y, x]
        for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            near = (y + dy, x + dx)
            # A difference belongs to its left or upper end.
            owner = (y, x) if dy + dx > 0 else near
            drawn = lent if piece[owner] else target
            system[row, row] += 1
            wanted[row] += drawn[y, x] - drawn[near]
            if known[near]:
                wanted[row] += target[near]
            else:
                system[row, number[near]] -= 1
    found = target.copy()
    found[~known] = spsolve(system.tocsr(), wanted)
    inner = found[wide:-wide, wide:-wide]
    return np.where(inside[..., None], inner, below)


CONVEX = {
    "middle": _box(14, 11, 12, 17),
    "disc": _disc(19.5, 21.0, 9.3),
    "top": _box(0, 12, 9, 14),
    "bottom": _box(30, 12, 10, 13),
    "left": _box(10, 0, 15, 8),
    "right": _box(11, 33, 16, 7),
    "upper left": _box(0, 0, 9, 12),
    "lower right": _box(29, 27, 11, 13),
    "reaching over the corner": _disc(37.0, 2.0, 11.0),
    "from side to side": _box(15, 0, 8, SIDE),
    "one pixel": _box(20, 20, 1, 1),
    "one pixel in the corner": _box(SIDE - 1, 0, 1, 1),
    "everything": _box(0, 0, SIDE, SIDE),
}


@pytest.mark.parametrize("place", CONVEX)
def test_it_solves_the_equation_where_the_part_is(place: str) -> None:
    below, reference, inside = _picture(1), _picture(2), CONVEX[place]
    made = poisson_blend(below, reference, inside)
    expected = np.clip(_solved(below, reference, inside), 0, 255)
    assert np.abs(made - expected).max() < 1.5  # OpenCV cuts fractions off
    if inside.sum() > 1:
        assert np.abs(expected - below)[inside].mean() > 4.0  # there was something to do


@pytest.mark.parametrize("place", [name for name in CONVEX if "pixel" not in name])
def test_it_lands_on_the_pixel(place: str) -> None:
    """Inside, the Laplacian is the reference's: one pixel aside it would be another one."""
    below, reference, inside = _picture(3, 110, 140), _picture(4), CONVEX[place]
    made = poisson_blend(below, reference, inside)
    core = ndimage.binary_erosion(inside)
    ours, theirs = (ndimage.laplace(p.astype(float), axes=(0, 1)) for p in (made, reference))
    assert np.abs(ours - theirs)[core].max() <= 8.0  # four neighbours, each rounded
    beside = np.roll(theirs, 1, axis=1)
    assert np.abs(ours - beside)[core].mean() > 10.0


@pytest.mark.parametrize("seed", range(4))
def test_outside_no_bit_changes(seed: int) -> None:
    """For ragged masks of several pieces, at the border as well."""
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(SIDE, SIDE)), (0, 0), 2.0)
    inside = np.asarray(noise > 0.1)
    assert ndimage.label(inside)[1] > 1
    below = _picture(seed + 10, 0, 255)
    made = poisson_blend(below, _picture(seed + 20, 0, 255), inside)
    np.testing.assert_array_equal(made[~inside], below[~inside])
    assert np.abs(made.astype(int) - below)[inside].mean() > 5.0


@pytest.mark.parametrize("place", CONVEX)
@pytest.mark.parametrize("colour", [(0, 0, 0), (40, -25, 7)])
def test_a_reference_of_the_same_gradients_changes_nothing(
    place: str, colour: tuple[int, int, int]
) -> None:
    below = _picture(5)
    reference = (below + np.array(colour)).astype(np.uint8)
    np.testing.assert_array_equal(poisson_blend(below, reference, CONVEX[place]), below)


def test_nowhere_changes_nothing() -> None:
    below = _picture(6)
    made = poisson_blend(below, _picture(7), np.zeros((SIDE, SIDE), bool))
    np.testing.assert_array_equal(made, below)


def test_pieces_do_not_know_of_each_other() -> None:
    below, reference = _picture(8), _picture(9)
    one, other = _box(3, 4, 9, 10), _box(25, 22, 10, 12)
    made = poisson_blend(below, reference, one | other)
    np.testing.assert_array_equal(made[:20], poisson_blend(below, reference, one)[:20])
    np.testing.assert_array_equal(made[20:], poisson_blend(below, reference, other)[20:])


def test_strength_mixes_the_result_with_the_picture() -> None:
    below, reference, inside = _picture(1), _picture(2), CONVEX["disc"]
    full = poisson_blend(below, reference, inside).astype(float)
    for strength in (0.0, 0.25, 1.0):
        made = poisson_blend(below, reference, inside, strength)
        mixed = (1.0 - strength) * below + strength * full
        assert np.abs(made - mixed).max() <= 0.5


def test_colours_beyond_black_and_white_are_cut_off() -> None:
    below = np.full((SIDE, SIDE, 3), 250, np.uint8)
    reference = _picture(2, 0, 255)
    made = poisson_blend(below, reference, CONVEX["disc"]).astype(int)
    expected = _solved(below, reference, CONVEX["disc"])
    assert expected.max() > 280.0
    assert np.abs(made - np.clip(expected, 0, 255)).max() < 1.5


class TestAligning:
    def test_a_reference_that_lies_elsewhere_is_brought_home(self) -> None:
        """The same picture taken six pixels aside lends what the target has: nothing changes."""
        below, inside = _picture(11), _box(16, 12, 10, 9)
        aside, inside_aside = shifted(below, (-6, 5)), shifted(inside, (-6, 5))
        assert (poisson_blend(below, aside, inside) != below).any()
        shift = aligning_shift(inside, inside_aside)
        assert shift == (6, -5)
        np.testing.assert_array_equal(poisson_blend(below, shifted(aside, shift), inside), below)

    def test_centroids_agree(self) -> None:
        inside, elsewhere = _disc(22.0, 14.0, 8.0), _disc(13.0, 20.0, 6.0)
        moved = shifted(elsewhere, aligning_shift(inside, elsewhere))
        ours, theirs = (np.argwhere(mask).mean(axis=0) for mask in (inside, moved))
        assert np.abs(ours - theirs).max() <= 0.5

    @pytest.mark.parametrize(("of", "to"), [("left", "right"), ("right", "left")])
    def test_no_further_than_the_reference_reaches(self, of: str, to: str) -> None:
        """A large part on the target, a small one at the border of the reference."""
        inside = _box(4, 2 if to == "left" else 8, 30, 30)
        small = _box(15, 0 if of == "left" else 36, 9, 4)
        down, right = aligning_shift(inside, small)
        columns = np.nonzero(inside)[1] - right
        assert columns.min() >= 0
        assert columns.max() < SIDE
        assert right != 0
        assert down == 0

    def test_it_stays_where_moving_brings_no_more_together(self) -> None:
        """Two eyes in one place, one of them half hidden."""
        both = _box(12, 6, 6, 10) | _box(12, 24, 6, 10)
        hidden = _box(12, 6, 6, 10) | _box(12, 24, 3, 4)
        assert np.argwhere(both).mean(axis=0)[1] - np.argwhere(hidden).mean(axis=0)[1] > 3.0
        assert aligning_shift(both, hidden) == (0, 0)

    def test_without_a_part_it_stays(self) -> None:
        nothing = np.zeros((SIDE, SIDE), bool)
        assert aligning_shift(nothing, CONVEX["disc"]) == (0, 0)
        assert aligning_shift(CONVEX["disc"], nothing) == (0, 0)

    @pytest.mark.parametrize("shift", [(0, 0), (3, 0), (0, -7), (-2, 5)])
    def test_what_comes_in_repeats_the_border(self, shift: tuple[int, int]) -> None:
        picture = _picture(12)
        expected = ndimage.shift(picture, (*shift, 0), order=0, mode="nearest")
        np.testing.assert_array_equal(shifted(picture, shift), expected)
