"""Mean and spread of features over many pictures, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError

Floats = NDArray[np.float64]
_AT_A_TIME = 16


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean and spread of D features over N pictures: a value that adds.

    As long as there are fewer pictures than features, the features themselves are the smaller way
    to say both, and the more exact one.

    Attributes:
        count: N, [].
        first: sum of x, [D].
        second: sum of x x', [D, D]; of fewer than D pictures each x, [N, D].
    """

    count: Floats
    first: Floats
    second: Floats

    @classmethod
    def of(cls, features: Floats) -> Moments:
        """The moments of features [N, D]."""
        count, size = features.shape
        second = features if count < size else features.T @ features
        return cls(np.array(float(count)), features.sum(axis=0), second)

    def __add__(self, other: Moments) -> Moments:
        count, first = self.count + other.count, self.first + other.first
        if self._are_few and other._are_few and count < len(first):
            return Moments(count, first, np.concatenate((self.second, other.second)))
        return Moments(count, first, self._summed().second + other._summed().second)

    @property
    def mean(self) -> Floats:
        """[D]."""
        return np.asarray(self.first / self.count)

    @property
    def covariance(self) -> Floats:
        """[D, D], with N - 1 in the denominator."""
        if self._are_few:
            return np.asarray(self.root @ self.root.T)
        spread = self.second - np.outer(self.first, self.first) / self.count
        return np.asarray(spread / (self.count - 1.0))

    @cached_property
    def root(self) -> Floats:
        """R with R R' = covariance, [D, N] of few pictures, else [D, its rank]."""
        if self._are_few:
            return np.asarray((self.second - self.mean).T / np.sqrt(self.count - 1.0))
        values, vectors = np.linalg.eigh(self.covariance)
        # What is left of zeros by rounding has square roots that are anything but small.
        kept = values > len(values) * np.finfo(float).eps * max(values[-1], 0.0)
        return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))

    @property
    def _are_few(self) -> bool:
        return len(self.second) < len(self.first)

    def _summed(self) -> Moments:
        if not self._are_few:
            return self
        return Moments(self.count, self.first, self.second.T @ self.second)


def moments_of(
    pictures: Iterable[Picture],
    features: Callable[[Sequence[Picture]], Floats],
    progress: Callable[[int], None] | None = None,
) -> Moments:
    """The moments of any features of pictures, which are taken a few at a time.

    Args:
        pictures: sRGB, [H, W, 3] each; at least one.
        features: of some pictures, [n, D].
        progress: told how many pictures are done.
    """
    source = iter(pictures)
    total: Moments | None = None
    while some := list(islice(source, _AT_A_TIME)):
        found = Moments.of(np.asarray(features(some), np.float64))
        total = found if total is None else total + found
        if progress is not None:
            progress(int(total.count))
    if total is None:
        raise LocalEditError("No pictures have no moments.", "Name some.")
    return total


def frechet_distance(one: Moments, other: Moments) -> float:
    """The squared Frechet distance of the Gaussians with these moments (Dowson and Landau 1982).

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2). With C1 = P P' and C2 = Q Q', the trace
    of the last root is the sum of the singular values of P' Q, whatever the ranks are.

    Raises:
        LocalEditError: either set has fewer than two pictures, or they have other features.
    """
    if min(float(one.count), float(other.count)) < 2:
        raise LocalEditError("A spread needs two pictures at least.", "Use more --pairs.")
    if one.first.shape != other.first.shape:
        raise LocalEditError(
            f"{len(one.first)} and {len(other.first)} features cannot be compared.",
            "Take both from one extractor.",
        )
    overlap = np.linalg.svd(one.root.T @ other.root, compute_uv=False).sum()
    apart = one.mean - other.mean
    spread = np.square(one.root).sum() + np.square(other.root).sum() - 2.0 * overlap
    return max(float(apart @ apart + spread), 0.0)
