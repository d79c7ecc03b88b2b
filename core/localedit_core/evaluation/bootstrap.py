"""Intervals over pairs that need not be kept: the Poisson bootstrap.

Drawing n of n pairs with replacement gives each pair a binomial count, for many pairs a Poisson
one. With counts drawn pair by pair, from the pair's own seed, a resample is a weighted sum: it adds
up in any order and on any number of machines (Hanley and MacGibbon 2006, "Creating non-parametric
bootstrap samples using Poisson frequencies").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 200
CONFIDENCE = 0.95
_KNOWN_SHARE = 0.9


def pair_weights(resamples: int, pair: Sequence[int]) -> NDArray[np.float64]:
    """How often a pair counts: once in the sample itself, then in each resample.

    Args:
        resamples: B.
        pair: the pair's seeds, which decide.

    Returns:
        [1 + B]; the first is 1.
    """
    drawn = np.random.default_rng([*pair]).poisson(1.0, resamples)
    return np.concatenate(([1.0], drawn))


def interval(drawn: NDArray[np.float64]) -> tuple[float, float] | None:
    """The percentile interval of a statistic over resamples, 95 %.

    Args:
        drawn: the statistic of each resample, [B]; NaN where it does not exist.

    Returns:
        (low, high), or None where it exists in fewer than nine in ten.
    """
    known = drawn[~np.isnan(drawn)]
    if len(known) == 0 or len(known) < _KNOWN_SHARE * len(drawn):
        return None
    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = np.quantile(known, (tail, 1.0 - tail))
    return float(low), float(high)
