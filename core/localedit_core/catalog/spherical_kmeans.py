"""Spherical k-means: clusters of directions, compared by the cosine of the angle between them.

Dhillon and Modha, "Concept decompositions for large sparse text data using clustering" (2001),
with the k-means++ start of Arthur and Vassilvitskii (2007).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

Floats = NDArray[np.floating[Any]]

CHUNK_VALUES = 2**20
"""Values of X worked on at a time: small enough that a second use of them finds them in cache."""


class SphericalKMeans(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Cluster the directions of rows; their lengths do not matter.

    Maximises the mean cosine between each row and its centroid. Restarts run on a random subsample
    of the rows, and the best one's centroids go through at most ``max_full_iter`` passes over all.

    Args:
        n_clusters: K.
        n_init: restarts, each from its own k-means++ start; the best mean cosine wins.
        max_iter: passes per restart at most.
        tol: a pass that raises the mean cosine by less ends the iteration.
        subsample: rows that the restarts see; with fewer rows in X they see all.
        max_full_iter: passes over all rows at most.
        random_state: seed, ``RandomState`` or None, as everywhere in scikit-learn.
        on_pass: called before each pass over rows; what it raises ends the fit.

    Attributes:
        cluster_centers_: [K, C] unit vectors.
        labels_: int64 [N], nearest centroid of each row; equal to ``predict(X)``.
        objective_: mean cosine between the rows and their centroids, at most 1.
        n_iter_: passes over all rows.
        n_features_in_: C.
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        n_init: int = 5,
        max_iter: int = 100,
        tol: float = 1e-5,
        subsample: int = 16384,
        max_full_iter: int = 10,
        random_state: int | np.random.RandomState | None = None,
        on_pass: Callable[[], None] | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.subsample = subsample
        self.max_full_iter = max_full_iter
        self.random_state = random_state
        self.on_pass = on_pass

    def fit(self, X: ArrayLike, y: object = None) -> SphericalKMeans:
        """Find the clusters of the rows of ``X``, [N, C] float32 or float64.

        Raises:
            ValueError: parameters out of range, fewer rows than clusters, values that are not
                finite, or a row of zeros, which has no direction.
        """
        self._check_parameters()
        rows = self._rows(X, reset=True)
        if len(rows) < self.n_clusters:
            raise ValueError(f"n_samples={len(rows)} should be >= n_clusters={self.n_clusters}.")
        scales = _inverse_norms(rows)
        rng = check_random_state(self.random_state)
        seen, seen_scales = rows, scales
        size = max(self.subsample, self.n_clusters)
        if len(rows) > size:
            chosen = np.sort(rng.choice(len(rows), size, replace=False))
            seen, seen_scales = rows[chosen], scales[chosen]

        best: _Run | None = None
        for _ in range(self.n_init):
            start = _plus_plus(seen, seen_scales, self.n_clusters, rng)
            run = _lloyd(seen, seen_scales, start, self.max_iter, self.tol, self.on_pass)
            if best is None or run.objective > best.objective:
                best = run
        assert best is not None  # n_init is at least 1
        if seen is not rows:
            best = _lloyd(rows, scales, best.centers, self.max_full_iter, self.tol, self.on_pass)

        self.cluster_centers_ = best.centers
        self.labels_ = best.labels
        self.objective_ = best.objective
        self.n_iter_ = best.passes
        found = len(np.unique(best.labels))
        if found < self.n_clusters:
            warnings.warn(
                f"Number of distinct clusters ({found}) found smaller than n_clusters "
                f"({self.n_clusters}). Possibly due to duplicate directions in X.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """The nearest centroid of each row of ``X``, [N, C] -> int64 [N].

        Raises:
            NotFittedError: before ``fit``.
            ValueError: as ``fit``, and where C differs from what was fitted.
        """
        return self._nearest(X).labels

    def score(self, X: ArrayLike, y: object = None) -> float:
        """Mean cosine between the rows of ``X`` and their nearest centroids."""
        return self._nearest(X).objective

    def _nearest(self, X: ArrayLike) -> _Assignment:
        check_is_fitted(self)
        rows = self._rows(X, reset=False)
        return _assign(rows, _inverse_norms(rows), self.cluster_centers_.astype(rows.dtype))

    def _rows(self, X: ArrayLike, *, reset: bool) -> Floats:
        rows: Floats = validate_data(
            self, X, dtype=[np.float64, np.float32], order="C", reset=reset
        )
        return rows

    def _check_parameters(self) -> None:
        counts = ("n_clusters", "n_init", "max_iter", "subsample", "max_full_iter")
        for name in counts:
            value = getattr(self, name)
            if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} == {value!r}, must be an integer >= 1.")
        if not isinstance(self.tol, Real) or not math.isfinite(self.tol) or self.tol < 0:
            raise ValueError(f"tol == {self.tol!r}, must be a finite number >= 0.")


@dataclass(frozen=True, eq=False)
class _Assignment:
    """One pass: nearest centroids, their cosines, and what the next centroids are made of."""

    labels: NDArray[np.int64]  # [N]
    cosines: Floats  # [N]
    sums: NDArray[np.float64]  # [K, C], sum of the unit rows of each cluster
    objective: float


@dataclass(frozen=True, eq=False)
class _Run:
    centers: Floats  # [K, C]
    labels: NDArray[np.int64]  # [N]
    objective: float
    passes: int


def _inverse_norms(X: Floats) -> Floats:
    """1 / length of each row, [N]. Kept instead of a normalised copy, which may take gigabytes."""
    # Dividing by the largest value first keeps the squares of tiny and huge rows representable.
    peaks = np.empty(X.shape[0], X.dtype)
    norms = np.empty(X.shape[0], X.dtype)
    for part in _chunks(X):
        peaks[part] = np.maximum(X[part].max(axis=1), -X[part].min(axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = X[part] / peaks[part, None]
        norms[part] = peaks[part] * np.sqrt(np.einsum("nc,nc->n", scaled, scaled))
    empty = np.flatnonzero(peaks == 0)
    if len(empty):
        raise ValueError(
            f"{len(empty)} rows of X are zero and have no direction (the first: row {empty[0]})."
        )
    with np.errstate(over="ignore"):
        inverse: Floats = 1.0 / norms
    if not np.isfinite(inverse).all() or not (inverse > 0).all():
        raise ValueError("X holds rows whose length is too small or too large to be normalised.")
    return inverse


def _chunks(X: Floats) -> list[slice]:
    step = max(1, CHUNK_VALUES // X.shape[1])
    return [slice(first, first + step) for first in range(0, X.shape[0], step)]


def _assign(X: Floats, inverse_norms: Floats, centers: Floats) -> _Assignment:
    """Assign each row to its nearest centroid and sum up the clusters, in one sweep over X."""
    clusters = len(centers)
    labels = np.empty(X.shape[0], np.int64)
    cosines = np.empty(X.shape[0], X.dtype)
    sums = np.zeros(centers.shape, np.float64)
    for part in _chunks(X):
        rows, scales = X[part], inverse_norms[part]
        products = rows @ centers.T  # [n, K]
        nearest = products.argmax(axis=1)
        taken = np.arange(len(rows))
        labels[part] = nearest
        cosines[part] = products[taken, nearest] * scales
        weights = np.zeros((len(rows), clusters), X.dtype)
        weights[taken, nearest] = scales
        sums += weights.T @ rows  # [K, C]
    objective = float(cosines.mean(dtype=np.float64))
    return _Assignment(labels, cosines, sums, min(objective, 1.0))


def _lloyd(
    X: Floats,
    inverse_norms: Floats,
    centers: Floats,
    max_iter: int,
    tol: float,
    on_pass: Callable[[], None] | None = None,
) -> _Run:
    """Alternate between assignment and new centroids until the mean cosine stands still."""
    found = _assign(X, inverse_norms, centers)
    passes = 0
    for passes in range(1, max_iter + 1):  # noqa: B007 - reported
        if on_pass is not None:
            on_pass()
        moved, reseeded = _new_centers(X, inverse_norms, found, centers)
        new = _assign(X, inverse_norms, moved)
        gain = new.objective - found.objective
        if gain < 0:  # only rounding can do that
            break
        centers, found = moved, new
        if gain <= tol and not reseeded:  # a cluster that just started over has yet to grow
            break
    return _Run(centers, found.labels, found.objective, passes)


def _new_centers(
    X: Floats, inverse_norms: Floats, found: _Assignment, centers: Floats
) -> tuple[Floats, bool]:
    """Mean directions of the clusters, [K, C], and whether an empty one had to start over.

    An empty cluster takes the row that fits its own cluster worst.
    """
    sums = found.sums.copy()
    counts = np.bincount(found.labels, minlength=len(centers))
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        donors = iter(np.argsort(found.cosines, kind="stable"))
        for cluster in empty:
            for row in donors:
                owner = found.labels[row]
                if counts[owner] > 1:  # taking a cluster's only row would empty that one
                    unit = X[row].astype(np.float64) * inverse_norms[row]
                    sums[owner] -= unit
                    sums[cluster] = unit
                    counts[owner] -= 1
                    break
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)  # [K, 1]
    # Rows that cancel out have no mean direction; their centroid stays where it was.
    defined = lengths > 1e-9 * np.maximum(counts, 1)[:, None]
    directions = np.divide(sums, lengths, out=centers.astype(np.float64), where=defined)
    return directions.astype(X.dtype), len(empty) > 0


def _plus_plus(
    X: Floats, inverse_norms: Floats, clusters: int, rng: np.random.RandomState
) -> Floats:
    """Greedy k-means++: each next centroid is a row drawn by its 1 - cosine to those before."""
    trials = 2 + int(math.log(clusters))
    centers = np.empty((clusters, X.shape[1]), X.dtype)
    first = rng.randint(X.shape[0])
    centers[0] = X[first] * inverse_norms[first]
    distances = _distances(X, inverse_norms, centers[:1])[:, 0]  # [N]
    for index in range(1, clusters):
        cumulated = np.cumsum(distances)
        draws = rng.random_sample(trials) * cumulated[-1]
        rows = np.minimum(np.searchsorted(cumulated, draws, side="right"), X.shape[0] - 1)
        candidates = X[rows] * inverse_norms[rows, None]  # [trials, C]
        new = np.minimum(_distances(X, inverse_norms, candidates), distances[:, None])
        winner = int(new.sum(axis=0).argmin())
        centers[index] = candidates[winner]
        distances = new[:, winner]
    return centers


def _distances(X: Floats, inverse_norms: Floats, centers: Floats) -> NDArray[np.float64]:
    """1 - cosine, not below 0: [N, K]."""
    cosines = (X @ centers.T).astype(np.float64) * inverse_norms[:, None]
    return np.maximum(1.0 - cosines, 0.0)
