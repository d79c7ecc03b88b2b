"""Clusters of a layer's positions: all that memberships need, before M and names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.membership import nearest, right_half, standardised_rows
from localedit_core.catalog.sampling import MAX_CLUSTERS
from localedit_core.errors import LocalEditError

Side = Literal["whole", "left", "right"]


@dataclass(frozen=True, eq=False)
class ClusterSplit:
    """One cluster taken apart; every other cluster keeps exactly its positions.

    Attributes:
        cluster: the number of the cluster that was split; its first child keeps it.
        by: the children's numbers. The others are new, in ascending order.
        centroids: [children, C] unit vectors; a position of the cluster goes to the nearest by
            cosine. None splits by the picture instead: its left half (as one looks at it) stays,
            its right half goes to the second child.
    """

    cluster: int
    by: tuple[int, ...]
    centroids: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters of one generator's activations at one layer. Arrays are read-only.

    Attributes:
        layer: its activations A_l were clustered, for instance "b32.torgb".
        resolution: side of A_l.
        centroids: [K0, C] unit vectors in the space of standardised activations, of the clusters
            as k-means found them.
        mean: [C], of each channel of A_l over the pictures that were clustered.
        std: [C], likewise; 0 for a constant channel, which then takes no part in clustering.
        psi: truncation of those pictures.
        generator_fingerprint: the generator it belongs to.
        provenance: how it was made, for people.
        splits: what was split afterwards, in this order.
    """

    layer: str
    resolution: int
    centroids: NDArray[np.float32]
    mean: NDArray[np.float32]
    std: NDArray[np.float32]
    psi: float
    generator_fingerprint: str
    provenance: Mapping[str, str | int | float]
    splits: tuple[ClusterSplit, ...] = ()

    def __post_init__(self) -> None:
        for name in ("centroids", "mean", "std"):
            object.__setattr__(self, name, frozen(f"the catalog's {name}", getattr(self, name)))
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        self._check_numbers()
        object.__setattr__(self, "splits", self._checked_splits())

    @property
    def n_clusters(self) -> int:
        """K, splits included."""
        return len(self.centroids) + sum(len(split.by) - 1 for split in self.splits)

    @property
    def sides(self) -> tuple[Side, ...]:
        """Which half of the picture each cluster is kept to: [K]."""
        sides: list[Side] = ["whole"] * self.n_clusters
        for split in self.splits:
            if split.centroids is None:
                sides[split.by[0]], sides[split.by[1]] = "left", "right"
            else:
                for child in split.by:
                    sides[child] = sides[split.cluster]
        return tuple(sides)

    def membership(self, activations: NDArray[np.float32] | Tensor) -> NDArray[np.int64]:
        """The cluster of every position: A of ``layer`` -> labels.

        The nearest centroid by cosine; where that cluster was split, its children's nearest, or the
        half of the picture that the position's column is in.

        Args:
            activations: [N, C, H, W].

        Returns:
            [N, H, W], 0 to K-1.

        Raises:
            LocalEditError: another number of channels, or values that are not finite numbers.
        """
        if activations.shape[1] != self.centroids.shape[1]:
            raise LocalEditError(
                f"The catalog's clusters have {self.centroids.shape[1]} channels, "
                f"the activations {activations.shape[1]}."
            )
        count, _, height, width = activations.shape
        rows = standardised_rows(activations, self.mean, self.std)
        if not np.isfinite(rows).all():
            raise LocalEditError(
                f"The activations of {self.layer} hold values that are not finite numbers.",
                "The generator's weights may be damaged: take another copy of its file.",
            )
        labels = nearest(rows, self.centroids)  # [N * H * W]
        for split in self.splits:
            own = labels == split.cluster
            children = np.array(split.by)
            if split.centroids is None:
                chosen = right_half(count, height, width)[own].astype(np.intp)
            else:
                chosen = nearest(rows[own], split.centroids)
            labels[own] = children[chosen]
        return labels.reshape(count, height, width)

    def _check_numbers(self) -> None:
        if self.centroids.ndim != 2 or 0 in self.centroids.shape:
            raise LocalEditError(f"The catalog's centroids have shape {self.centroids.shape}.")
        channels = self.centroids.shape[1]
        if self.mean.shape != (channels,) or self.std.shape != (channels,):
            raise LocalEditError("The catalog's mean and std do not fit its centroids.")
        if self.std.min() < 0.0:
            raise LocalEditError("The catalog's std holds negative values.")
        _check_unit(self.centroids)
        if not 1 <= self.resolution <= 4096:
            raise LocalEditError(f"A clustering layer of {self.resolution} px cannot be.")
        if not math.isfinite(self.psi) or not -2.0 <= self.psi <= 2.0:
            raise LocalEditError(f"The catalog's truncation {self.psi} is out of range.")

    def _checked_splits(self) -> tuple[ClusterSplit, ...]:
        checked = []
        known, channels = self.centroids.shape
        for split in self.splits:
            new = len(split.by) - 1
            fits = (
                new >= 1
                and 0 <= split.cluster < known
                and split.by == (split.cluster, *range(known, known + new))
            )
            if not fits:
                raise LocalEditError(
                    f"The catalog splits its cluster {split.cluster} into {split.by}."
                )
            if split.centroids is None:
                if new != 1:
                    raise LocalEditError(f"A picture has two halves, not {new + 1}.")
                checked.append(split)
            else:
                centroids = frozen("the catalog's split clusters", split.centroids)
                if centroids.shape != (new + 1, channels):
                    raise LocalEditError(f"A split's centroids have shape {centroids.shape}.")
                _check_unit(centroids)
                checked.append(ClusterSplit(split.cluster, split.by, centroids))
            known += new
        if self.splits and known > MAX_CLUSTERS:
            raise LocalEditError(
                f"These splits make {known} clusters.", f"Use {MAX_CLUSTERS} at most."
            )
        return tuple(checked)


def frozen(what: str, array: NDArray[np.float32]) -> NDArray[np.float32]:
    """A read-only float32 copy. LocalEditError where a value is not finite."""
    values = np.array(array, dtype=np.float32, order="C")
    if not np.isfinite(values).all():
        raise LocalEditError(f"There are values in {what} that are not finite numbers.")
    values.setflags(write=False)
    return values


def _check_unit(centroids: NDArray[np.float32]) -> None:
    lengths = np.linalg.norm(centroids.astype(np.float64), axis=1)
    if np.abs(lengths - 1.0).max() > 1e-3:
        raise LocalEditError("The catalog's centroids are no unit vectors.")
