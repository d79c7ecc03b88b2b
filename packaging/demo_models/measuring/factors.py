"""Which factors a change of a picture moved: regression on the renderer's own counterfactuals.

No attribute classifier is learnt. The renderer draws what the target becomes when the reference's
factors of one kind, and no others, are put into it; a change D is then written as sum a_k D_k over
these differences D_k by least squares. A slope a_k of 1 says that these factors moved all the way
to the reference's, 0 that they stayed.

Factors are swapped as the values that the renderer gets from z, its coordinates at unit mean
square, and drawn without normalising again (``World.render_values``). So the reference's values
arrive and all others stay exactly; on z itself each swap would rescale all factors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.world import World

Numbers = NDArray[np.float64]

INTENDED = {
    "ears": "ear_size",
    "collar": "collar collar_light",
    "neck": "neckline neck_shape",
    "sheet": "fold",
}
"""Factors of parts that have no group of their own name: what the renderers draw them by alone.

Ears and necks are painted by the skin's factors, too, which belong to the skin. No factor is the
ceiling's."""

ABSENT = 2e-4
"""Root mean square difference, of the range, up to which factors do not show (nobody wears a hat).
"""

RIDGE = 1e-3
"""Added to the normal equations of differences at unit length: some nearly point one way."""

CHECKED_SHARE = 0.25
"""Share of the groups that are swapped to check the method. With more of them, what they do to
each other hides each (a head that turns moves all of a face); a transfer moves few."""

CHECKED_SHARE_OF_OWN = 0.5
"""Share of a part's own factors that are swapped, and no others, to check those one by one: that is
what a transfer of the part is to do."""

DRAWS = 64
"""Random choices of which the one is taken that keeps the length of z best."""


@dataclass(frozen=True)
class Factors:
    """Factors that are swapped together: their name, and their coordinates of z."""

    name: str
    columns: tuple[int, ...]


Design = tuple[Factors, ...]
"""Disjoint factors whose differences explain a change together."""


def groups_of(world: World) -> Design:
    """Return the renderer's groups of factors."""
    every = range(world.z_dim)
    return tuple(Factors(name, tuple(every[part])) for name, part in world.blocks.items())


def intended(world: World, part: str) -> Factors | None:
    """Return the factors that a transfer of a part ought to move; None where it has none."""
    if part in world.blocks:
        return next(group for group in groups_of(world) if group.name == part)
    names = INTENDED.get(part, "").split()
    if not names or not set(names) <= set(world.factor_names):
        return None
    return Factors(", ".join(names), tuple(world.factor_names.index(name) for name in names))


def whole_design(world: World, part: str) -> Design:
    """Return all groups, but the part's intended factors apart from the others of their group.

    Raises:
        ValueError: the part has no factors.
    """
    own = intended(world, part)
    if own is None:
        raise ValueError(f"{part} has no factors of its own")
    design: list[Factors] = []
    for group in groups_of(world):
        inside = set(own.columns) & set(group.columns)
        rest = tuple(c for c in group.columns if c not in own.columns)
        if inside:
            design.append(own)
        if rest:
            design.append(Factors(f"{group.name}, others", rest) if inside else group)
    return tuple(design)


def single_design(world: World, part: str) -> Design:
    """Return ``whole_design`` with each intended factor by itself, those first."""
    own = intended(world, part)
    others = tuple(f for f in whole_design(world, part) if f != own)
    assert own is not None  # whole_design raises
    return (*(Factors(world.factor_names[c], (c,)) for c in own.columns), *others)


def swapped(target: Tensor, reference: Tensor, factors: Iterable[Factors]) -> Tensor:
    """Return the target's values [z_dim] with the reference's of these factors."""
    values = target.clone()
    for each in factors:
        values[list(each.columns)] = reference[list(each.columns)]
    return values


def random_swaps(
    design: Design,
    target: Tensor,
    reference: Tensor,
    source: np.random.Generator,
    own: int = 0,
) -> NDArray[np.bool_]:
    """Return which factors to swap for a picture of the generator, [G].

    The generator normalises z again. Of some random choices that one is taken with which it
    changes least, so that the others stay.

    Args:
        design: all factors.
        target, reference: values, [z_dim].
        source: of random numbers.
        own: swaps half of so many first factors and no others; 0 swaps a quarter of all.
    """
    gains = (reference.square() - target.square()).numpy()  # [z_dim]
    gain = np.array([gains[list(each.columns)].sum() for each in design])  # [G]
    count = own or len(design)
    if own:  # a number that is not whole is rounded up as often as down
        swaps = int(CHECKED_SHARE_OF_OWN * count + source.random())
    else:
        swaps = max(1, round(CHECKED_SHARE * count))
    tried = np.zeros((DRAWS, len(design)), np.bool_)
    tried[:, :count] = [source.permutation(np.arange(count) < swaps) for _ in range(DRAWS)]
    best: NDArray[np.bool_] = tried[np.abs(tried @ gain).argmin()]
    return best


@dataclass(frozen=True, eq=False)
class Products:
    """Inner products over all pixels: what least squares needs of pictures.

    Attributes:
        gram: of the factors' differences, [G, G].
        cross: of changes with them, [T, G].
        energy: of changes with themselves, [T].
        pixels: numbers in a picture.
    """

    gram: Numbers
    cross: Numbers
    energy: Numbers
    pixels: int

    @classmethod
    def of(cls, moved: Tensor, changes: Tensor) -> Products:
        """Multiply differences [G, 3, H, W] and changes [T, 3, H, W]."""
        x, d = moved.flatten(1).double(), changes.flatten(1).double()
        gram, cross = (x @ x.T).numpy(), (d @ x.T).numpy()
        return cls(gram, cross, d.square().sum(dim=1).numpy(), x.shape[1])

    def part(self, changes: slice, factors: list[int]) -> Products:
        """Return those of some of the changes and some of the factors."""
        gram, cross = self.gram[np.ix_(factors, factors)], self.cross[changes][:, factors]
        return Products(gram, cross, self.energy[changes], self.pixels)

    @property
    def power(self) -> Numbers:
        """Squared length of each difference, [G]; 0 where it does not show."""
        power = self.gram.diagonal()
        return np.where(power > ABSENT**2 * self.pixels, power, 0.0)

    def slopes(self) -> tuple[Numbers, Numbers]:
        """Solve least squares.

        Returns:
            Slopes [T, G], 0 for factors that do not show, and explained energy [T].
        """
        slopes = np.zeros_like(self.cross)
        shown = np.flatnonzero(self.power)
        if len(shown):
            length = np.sqrt(self.power[shown])
            gram = self.gram[np.ix_(shown, shown)] / np.outer(length, length)
            cross = self.cross[:, shown] / length
            solved = np.linalg.solve(gram + RIDGE * np.eye(len(shown)), cross.T).T
            slopes[:, shown] = solved / length
        explained = 2.0 * (slopes * self.cross).sum(axis=1) - np.einsum(
            "tg,gh,th->t", slopes, self.gram, slopes
        )
        return slopes, explained


def pooled(slopes: Numbers, power: Numbers, weights: Numbers) -> Numbers:
    """Return slopes over pairs: means with the weight of what the swap changes.

    Args:
        slopes: of each pair, [pairs, T, G].
        power: squared length of the differences, [pairs, G].
        weights: how often each pair counts, [B, pairs].

    Returns:
        [B, T, G]; NaN where nothing shows.
    """
    total = (weights @ power)[:, None]  # [B, 1, G]
    sums = np.einsum("bp,ptg->btg", weights, slopes * power[:, None])
    return np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0)


@dataclass(frozen=True)
class Recovery:
    """How well slopes tell factors that were swapped in the generator's z from those that were not.

    Attributes:
        name: of the factors.
        moved: their slope where they were swapped, 1 at best.
        stayed: and where they were not, 0 at best.
        r2: squared correlation of the slopes of pairs with 1 and 0, weighted as slopes are.
    """

    name: str
    moved: float
    stayed: float
    r2: float

    def corrected(self, slope: float) -> float:
        """Return a slope on the scale from ``stayed`` to ``moved``."""
        return (slope - self.stayed) / (self.moved - self.stayed)


def recovery(name: str, slopes: Numbers, power: Numbers, swaps: NDArray[np.bool_]) -> Recovery:
    """Compare slopes with what was swapped; each argument is [pictures]. NaN where none can be."""

    def mean(values: Numbers, weights: Numbers) -> float:
        return float(values @ weights / weights.sum()) if weights.any() else float("nan")

    truth = swaps.astype(np.float64)
    moved, stayed = mean(slopes, power * truth), mean(slopes, power * (1.0 - truth))
    a, s = slopes - mean(slopes, power), truth - mean(truth, power)
    spread = mean(a * a, power) * mean(s * s, power)
    r2 = mean(a * s, power) ** 2 / spread if spread > 0 else float("nan")
    return Recovery(name, moved, stayed, r2)


def at_equal_movement(curve: Numbers, column: int, wanted: float) -> Numbers | None:
    """Return a curve's slopes where one of them first is as wanted, on straight lines.

    Args:
        curve: slopes by growing parameter, [T, G]; before the first nothing moves.
        column: of the factors that are compared.
        wanted: their slope.

    Returns:
        [G], or None where the curve does not get there.
    """
    points = np.vstack([np.zeros(curve.shape[1]), curve])
    for low, high in pairwise(points):
        if min(low[column], high[column]) <= wanted <= max(low[column], high[column]):
            gap = high[column] - low[column]
            share = (wanted - low[column]) / gap if gap else 0.0
            result: Numbers = low + share * (high - low)
            return result
    return None


def changes_of(pictures: Tensor) -> Tensor:
    """Return pictures [1 + N, 3, H, W] less the first of them, [N, 3, H, W]."""
    return torch.sub(pictures[1:], pictures[:1])
