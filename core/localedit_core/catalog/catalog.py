"""The catalog of one generator: clusters, the parts they form, and M of every layer."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.clustering import Clustering, ClusterSplit, frozen
from localedit_core.catalog.membership import resize_labels
from localedit_core.errors import LocalEditError

NO_PART = 255
"""Value of a part map where no part is."""

MAX_PARTS = NO_PART
MAX_NAME = 64
MAX_EPSILON = 512.0


@dataclass(frozen=True)
class Part:
    """A named union of clusters.

    Attributes:
        name: unique in a catalog, for instance "mouth".
        clusters: indices of its clusters, at least one.
        epsilon: the budget that an edit of this part starts with, in channels per 512, 0 to 512.
        floor: the relevance floor that it starts with, in [0, 1].
    """

    name: str
    clusters: tuple[int, ...]
    epsilon: float = 20.0
    floor: float = 0.1

    def __post_init__(self) -> None:
        if not self.name or self.name != self.name.strip() or not self.name.isprintable():
            raise LocalEditError(f"{self.name!r} is no name for a part.", "Use visible characters.")
        if len(self.name) > MAX_NAME:
            raise LocalEditError(
                f"The part name {self.name[:MAX_NAME]}... is too long.",
                f"Use {MAX_NAME} characters at most.",
            )
        if not self.clusters:
            raise LocalEditError(f"The part {self.name!r} has no clusters.")
        if not math.isfinite(self.epsilon) or not 0.0 <= self.epsilon <= MAX_EPSILON:
            raise LocalEditError(
                f"The part {self.name!r} has a budget of {self.epsilon}.",
                f"Use 0 to {MAX_EPSILON:g}.",
            )
        if not math.isfinite(self.floor) or not 0.0 <= self.floor <= 1.0:
            raise LocalEditError(
                f"The part {self.name!r} has a floor of {self.floor}.", "Use 0 to 1."
            )


@dataclass(frozen=True, eq=False)
class Catalog:
    """What is known about the parts of one generator's pictures. Arrays are read-only.

    Attributes:
        layer: its activations A_l were clustered, for instance "b32.torgb".
        resolution: side of A_l.
        centroids: [K0, C] unit vectors in the space of standardised activations, of the clusters
            as k-means found them.
        mean: [C], of each channel of A_l over the pictures the catalog was made of.
        std: [C], likewise; 0 for a constant channel, which then takes no part in clustering.
        contributions: M of every layer, name -> float32 [K, C_l]; empty for a generator whose
            layers have no styles.
        parts: named unions of clusters; a cluster belongs to one part at most.
        psi: truncation of the pictures the catalog was made of.
        generator_fingerprint: the generator it belongs to.
        provenance: how it was made, for people.
        splits: clusters that were split afterwards, in this order; K counts their children.
    """

    layer: str
    resolution: int
    centroids: NDArray[np.float32]
    mean: NDArray[np.float32]
    std: NDArray[np.float32]
    contributions: Mapping[str, NDArray[np.float32]]
    parts: tuple[Part, ...]
    psi: float
    generator_fingerprint: str
    provenance: Mapping[str, str | int | float]
    splits: tuple[ClusterSplit, ...] = ()

    def __post_init__(self) -> None:
        clustering = self.clustering  # checks what it holds, and makes the arrays read-only
        for name in ("centroids", "mean", "std", "provenance", "splits"):
            object.__setattr__(self, name, getattr(clustering, name))
        tables = {name: frozen(f"M of {name}", m) for name, m in self.contributions.items()}
        object.__setattr__(self, "contributions", MappingProxyType(tables))
        self._check_tables()
        _check_parts(self.parts, self.n_clusters)

    @classmethod
    def of(
        cls,
        clustering: Clustering,
        contributions: Mapping[str, NDArray[np.float32]],
        parts: Iterable[Part] = (),
    ) -> Catalog:
        """A catalog of these clusters, with M [K, C_l] of every layer."""
        return cls(
            layer=clustering.layer,
            resolution=clustering.resolution,
            centroids=clustering.centroids,
            mean=clustering.mean,
            std=clustering.std,
            contributions=contributions,
            parts=tuple(parts),
            psi=clustering.psi,
            generator_fingerprint=clustering.generator_fingerprint,
            provenance=clustering.provenance,
            splits=clustering.splits,
        )

    @cached_property
    def clustering(self) -> Clustering:
        """Its clusters without M and names."""
        return Clustering(
            layer=self.layer,
            resolution=self.resolution,
            centroids=self.centroids,
            mean=self.mean,
            std=self.std,
            psi=self.psi,
            generator_fingerprint=self.generator_fingerprint,
            provenance=self.provenance,
            splits=self.splits,
        )

    @property
    def n_clusters(self) -> int:
        """K, splits included."""
        return self.clustering.n_clusters

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all that decides what the catalog does (not provenance), hexadecimal."""
        parts = [(p.name, p.clusters, float(p.epsilon), float(p.floor)) for p in self.parts]
        facts = (self.layer, self.resolution, float(self.psi), self.generator_fingerprint, parts)
        digest = hashlib.sha256(json.dumps(facts).encode())
        arrays = {"centroids": self.centroids, "mean": self.mean, "std": self.std}
        arrays |= {f"M/{name}": self.contributions[name] for name in sorted(self.contributions)}
        for index, split in enumerate(self.splits):
            arrays[f"split {index} {split.by}"] = (
                np.zeros(0, np.float32) if split.centroids is None else split.centroids
            )
        for name, array in arrays.items():
            digest.update(f"{name} {array.shape}".encode())
            digest.update(array.astype("<f4").tobytes())
        return digest.hexdigest()

    def part(self, name: str) -> Part:
        """The part of that name.

        Raises:
            LocalEditError: there is none; the hint lists the parts.
        """
        for part in self.parts:
            if part.name == name:
                return part
        known = ", ".join(part.name for part in self.parts)
        hint = f"It has {known}." if known else "None of its clusters has a name yet."
        raise LocalEditError(f"The catalog has no part {name!r}.", hint)

    def contribution(self, part_name: str) -> dict[str, NDArray[np.float64]]:
        """M of a part: the sum over its clusters, layer name -> [C_l], each in [0, 1].

        Empty for a generator without styles.

        Raises:
            LocalEditError: there is no such part.
        """
        clusters = list(self.part(part_name).clusters)
        return {
            name: np.minimum(m[clusters].sum(axis=0, dtype=np.float64), 1.0)
            for name, m in self.contributions.items()
        }

    def membership(self, activations: NDArray[np.float32] | Tensor) -> NDArray[np.int64]:
        """The cluster of every position, [N, C, H, W] -> [N, H, W]: ``Clustering.membership``."""
        return self.clustering.membership(activations)

    def part_map(self, labels: NDArray[np.integer], size: int) -> NDArray[np.uint8]:
        """Which part each pixel belongs to.

        Each part's membership map is resized, and a pixel takes the part with the largest share.

        Args:
            labels: one picture's clusters, [h, h], from ``membership``.
            size: side of the map in pixels.

        Returns:
            uint8 [size, size], index into ``parts``, ``NO_PART`` where unnamed clusters prevail.
        """
        unnamed = len(self.parts)
        values = np.append(np.arange(unnamed, dtype=np.uint8), np.uint8(NO_PART))
        return values[resize_labels(self._part_of_cluster[labels], unnamed + 1, size)]

    def with_parts(self, parts: Iterable[Part]) -> Catalog:
        """The same catalog with other parts."""
        return replace(self, parts=tuple(parts))

    @cached_property
    def _part_of_cluster(self) -> NDArray[np.intp]:
        """Index of each cluster's part, or the number of parts: [K]."""
        table = np.full(self.n_clusters, len(self.parts), np.intp)
        for index, part in enumerate(self.parts):
            table[list(part.clusters)] = index
        return table

    def _check_tables(self) -> None:
        clusters, channels = self.n_clusters, self.centroids.shape[1]
        if self.contributions and self.layer not in self.contributions:
            raise LocalEditError(f"The catalog lacks M of its own layer {self.layer}.")
        for name, table in self.contributions.items():
            if table.ndim != 2 or len(table) != clusters or table.shape[1] == 0:
                raise LocalEditError(f"M of {name} has shape {table.shape}.")
            if table.min() < 0.0 or table.max() > 1.0 + 1e-4:
                raise LocalEditError(f"M of {name} holds values outside 0 to 1.")
        own = self.contributions.get(self.layer)
        if own is not None and own.shape[1] != channels:
            raise LocalEditError(f"M of {self.layer} does not fit the centroids.")


def _check_parts(parts: tuple[Part, ...], n_clusters: int) -> None:
    if len(parts) > MAX_PARTS:
        raise LocalEditError(f"A catalog of {len(parts)} parts.", f"Use {MAX_PARTS} at most.")
    owners: dict[int, str] = {}
    names: set[str] = set()
    for part in parts:
        if part.name in names:
            raise LocalEditError(f"Two parts are called {part.name!r}.", "Merge or rename one.")
        names.add(part.name)
        for cluster in part.clusters:
            if isinstance(cluster, bool) or not 0 <= cluster < n_clusters:
                raise LocalEditError(
                    f"The part {part.name!r} names a cluster {cluster}.",
                    f"The catalog has clusters 0 to {n_clusters - 1}.",
                )
            if cluster in owners:
                raise LocalEditError(
                    f"Cluster {cluster} is in the part {owners[cluster]!r} "
                    f"and again in {part.name!r}."
                )
            owners[cluster] = part.name
