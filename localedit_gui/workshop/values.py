"""What the workshop hands from thread to thread: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Measures, Picture

if TYPE_CHECKING:
    from localedit_core.catalog.catalog import Catalog
    from localedit_core.catalog.naming import Naming
    from localedit_core.generators.base import Generator

DEFAULT_EPSILON, DEFAULT_FLOOR = 20.0, 0.1


@dataclass(frozen=True)
class LayerChoice:
    """A layer that can be clustered.

    Attributes:
        name: of the layer.
        side: of its A_l.
        channels: C_l.
        suggested: whether it is where to begin.
    """

    name: str
    side: int
    channels: int
    suggested: bool


@dataclass(frozen=True, eq=False)
class Subject:
    """The generator that the workshop works on.

    Attributes:
        source: a bundled generator's name, or a file.
        title: what people call it.
        generator: used on the thread of long jobs only.
        family: "stylegan2", ...
        resolution: side of its pictures in pixels.
        has_styles: without styles parts can be found but not transferred.
        fingerprint: of the generator.
        layers: what can be clustered.
        suggested_clusters: K to begin with.
        psi: the truncation that suits it.
    """

    source: str | Path
    title: str
    generator: Generator
    family: str
    resolution: int
    has_styles: bool
    fingerprint: str
    layers: tuple[LayerChoice, ...]
    suggested_clusters: int
    psi: float

    @property
    def suggested_layer(self) -> str:
        """The layer to begin with."""
        return next(layer.name for layer in self.layers if layer.suggested)


@dataclass(frozen=True)
class ClusterWish:
    """What a person asked the Cluster step for.

    Attributes:
        layers, clusters: every pair of them is clustered.
        n_samples, psi, random_state: of the pictures.
        stability: whether to cluster again on other samples, to see what stays.
    """

    layers: tuple[str, ...]
    clusters: tuple[int, ...]
    n_samples: int
    psi: float
    random_state: int
    stability: bool = True

    @property
    def cells(self) -> int:
        """How many clusterings that makes."""
        return len(self.layers) * len(self.clusters)


@dataclass(frozen=True)
class PartDefaults:
    """What a new edit of a part begins with."""

    epsilon: float = DEFAULT_EPSILON
    floor: float = DEFAULT_FLOOR


@dataclass(frozen=True, eq=False)
class Labelled:
    """The state that naming changes, one frozen value per step of its history.

    Attributes:
        naming: the clusters and their names.
        labels: cluster per position of each shown sample, [S, h, h].
        defaults: by the parts' names; a part that is not in it has the usual ones.
    """

    naming: Naming
    labels: NDArray[np.int64]
    defaults: Mapping[str, PartDefaults] = field(default_factory=dict)

    def defaults_of(self, part: str) -> PartDefaults:
        """What a part begins with."""
        return self.defaults.get(part, PartDefaults())


@dataclass(frozen=True, eq=False)
class Bench:
    """What is on the bench: shown samples, and the clustering to begin naming with.

    Attributes:
        pictures: [S, R, R, 3].
        seeds: their seeds.
        first: names and labels to begin with.
        measured: the catalog whose M is known, or None.
        name: of the shelved catalog that it was opened from; empty for none.
    """

    pictures: NDArray[np.uint8]
    seeds: tuple[int, ...]
    first: Labelled
    measured: Catalog | None = None
    name: str = ""


@dataclass(frozen=True, eq=False)
class CheckedPart:
    """What a check of one part found.

    Attributes:
        pictures: the strip, the part outlined and the rest darker, [R, R, 3] each.
        share: of the pictures that the part covers.
        histogram: layer -> (counts [B], edges [B + 1]) of M; empty without styles.
    """

    part: str
    pictures: tuple[Picture, ...]
    share: float
    histogram: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]


@dataclass(frozen=True, eq=False)
class TriedTransfer:
    """One trial transfer: three pictures and what changed where.

    Attributes:
        measures: None where the part covers nothing or all of the target.
    """

    target: Picture
    reference: Picture
    edited: Picture
    measures: Measures | None
