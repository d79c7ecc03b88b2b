"""Where to begin with a generator that nobody has clustered yet."""

from __future__ import annotations

from localedit_core.generators.base import Generator

_SIDE = 32  # the paper clusters the first layer of 32 px (section 4.1)
_CLUSTERS = {32: 12, 64: 16, 128: 20}  # small generators have few parts
_MOST_CLUSTERS = 24


def suggested_clustering(generator: Generator) -> tuple[str, int]:
    """The layer to cluster and how many clusters to look for: a start, to be judged by eye.

    The layer is the first whose A_l has 32 px, as in the paper, or the largest below.
    """
    sides = [layer.input_resolution for layer in generator.layers]
    side = max((s for s in sides if s <= _SIDE), default=sides[0])
    layer = next(layer for layer in generator.layers if layer.input_resolution == side)
    return layer.name, _CLUSTERS.get(generator.resolution, _MOST_CLUSTERS)
