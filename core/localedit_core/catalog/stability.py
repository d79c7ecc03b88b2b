"""Whether clusters come out the same on other pictures: stability under resampling.

Ben-Hur, Elisseeff and Guyon, "A stability based method for discovering structure in clustered data"
(2002): cluster two halves, let both label the same held-out positions, compare the labels. The
halves are of pictures, not of positions: neighbours in one picture are much alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from localedit_core.catalog.recording import Rows
from localedit_core.catalog.spherical_kmeans import SphericalKMeans

PAIRS = 2
"""How often pictures are halved."""

MAX_ROWS = 16384
"""Positions of each half, and of those held out, at most."""

_HELD_OUT = 0.2
_INITS = 3


def stability(
    rows: Rows,
    n_clusters: int,
    *,
    random_state: int,
    on_pass: Callable[[], None] | None = None,
) -> float | None:
    """The adjusted Rand index of clusterings of random halves, on held-out positions.

    Args:
        rows: complete and standardised.
        n_clusters: K.
        random_state: chooses the halves and the starts of k-means.
        on_pass: called before each pass over the rows; what it raises ends the work.

    Returns:
        Mean over ``PAIRS`` of the adjusted Rand index (Hubert and Arabie 1985): 1 where both agree
        everywhere, about 0 where they agree by chance. None where the halves have fewer positions
        than clusters.
    """
    source = np.random.default_rng((random_state, n_clusters))
    agreements = []
    for pair in range(PAIRS):
        held_out, *halves = (rows.values[np.sort(chosen)] for chosen in _resampled(rows, source))
        if min(len(half) for half in halves) < n_clusters or len(held_out) < 2:
            return None
        labels = [
            SphericalKMeans(
                n_clusters, n_init=_INITS, random_state=random_state + 2 * pair, on_pass=on_pass
            )
            .fit(half)
            .predict(held_out)
            for half in halves
        ]
        agreements.append(float(adjusted_rand_score(*labels)))
    return float(np.mean(agreements))


def _resampled(
    rows: Rows, source: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Indices of rows that are held out, and of two halves of the others."""
    count = rows.n_samples
    if count >= 5:
        order = source.permutation(count)
        groups = [
            np.concatenate([np.arange(*rows.bounds(n)) for n in some]) for some in _cut(order)
        ]
    else:  # too few pictures to hold any out
        groups = _cut(source.permutation(len(rows.values)))
    held_out, first, second = (
        some if len(some) <= MAX_ROWS else source.choice(some, MAX_ROWS, replace=False)
        for some in groups
    )
    return held_out, first, second


def _cut(order: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    aside = max(1, round(_HELD_OUT * len(order)))
    half = aside + (len(order) - aside) // 2
    return [order[:aside], order[aside:half], order[half:]]
