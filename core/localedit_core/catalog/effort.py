"""How long the steps of a sweep take in relation to each other, by counting multiplications."""

from __future__ import annotations

from collections.abc import Mapping

from localedit_core.catalog.sampling import Progress
from localedit_core.catalog.spherical_kmeans import SphericalKMeans
from localedit_core.generators.base import Generator

_OVERHEAD = 5e7
"""What calling the layers of one picture costs, in the time of as many multiplications."""

_MEMORY = 16
"""What reading a value of a row from memory costs, in multiplications."""

_PASSES = 25
"""Passes that one start of k-means takes, about."""


def picture_effort(generator: Generator, up_to: int) -> float:
    """Multiplications of one picture, up to the layers of a resolution."""
    layers = [layer for layer in generator.layers if layer.kind != "torgb"]
    total = _OVERHEAD
    for layer, after in zip(layers, (*layers[1:], layers[-1]), strict=True):
        if layer.resolution <= up_to:
            total += 9.0 * layer.channels * after.channels * layer.resolution**2
    return total


def fit_effort(rows: int, channels: int, n_clusters: int) -> float:
    """Multiplications of one spherical k-means."""
    defaults = SphericalKMeans(n_clusters)
    seen = min(rows, defaults.subsample)
    passes = seen * defaults.n_init * _PASSES
    if seen < rows:
        passes += rows * defaults.max_full_iter
    return float(passes * channels * (2 * n_clusters + _MEMORY))


class Steps:
    """Tells how far work is in a thousand steps that take about equally long.

    Args:
        efforts: of each piece of the work, in order.
        progress: told.
    """

    STEPS = 1000

    def __init__(self, efforts: Mapping[object, float], progress: Progress | None) -> None:
        self._progress = progress
        self._told = -1
        self._bounds: dict[object, tuple[float, float]] = {}
        unit = sum(efforts.values()) / self.STEPS
        start = 0.0
        for key, effort in efforts.items():
            self._bounds[key] = (start, start + effort / unit)
            start += effort / unit

    def at(self, key: object, share: float) -> None:
        """A share of one piece is done, and all pieces before it. It never goes back."""
        start, end = self._bounds[key]
        done = min(round(start + share * (end - start)), self.STEPS)
        if self._progress is not None and done > self._told:
            self._told = done
            self._progress(done, self.STEPS)
