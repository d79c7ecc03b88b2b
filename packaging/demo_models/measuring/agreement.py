"""How well clusters and named parts agree with the renderer's true parts.

All of it comes from one table: the area that each cluster, or each named part, shares with each
true part, summed over pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import NO_PART, Catalog
from localedit_core.catalog.membership import resize_labels
from measuring.subject import Subject, latents

Table = NDArray[np.float64]  # [rows, P]: clusters or named parts, by true parts

FIRST_NAMING_SEED = 500_000
"""Far from the pictures that the clusters were made of."""

FIRST_JUDGING_SEED = 600_000
"""Far from those that the clusters were named by, too."""

BATCH = 4


@dataclass(frozen=True)
class VMeasure:
    """Homogeneity, completeness and their harmonic mean, each 0 to 1."""

    homogeneity: float
    completeness: float
    v: float


def v_measure(table: Table) -> VMeasure:
    """Return the V-measure of a weighted contingency table [clusters, parts].

    Rosenberg and Hirschberg, "V-measure" (2007), with beta 1. Where there is one part only,
    homogeneity is 1; where there is one cluster only, completeness is.
    """
    share = table / table.sum()
    clusters, parts = share.sum(axis=1), share.sum(axis=0)
    information = _entropy(clusters) + _entropy(parts) - _entropy(share.ravel())
    homogeneity = information / _entropy(parts) if _entropy(parts) > 0 else 1.0
    completeness = information / _entropy(clusters) if _entropy(clusters) > 0 else 1.0
    both = homogeneity + completeness
    v = 2.0 * homogeneity * completeness / both if both > 0 else 0.0
    return VMeasure(float(homogeneity), float(completeness), float(v))


def _entropy(share: NDArray[np.float64]) -> float:
    positive = share[share > 0]
    return float(-(positive * np.log(positive)).sum())


def single_iou(table: Table) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return, for each true part, the best IoU with one single row and that row: [P], [P]."""
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    iou = table / np.maximum(union, 1e-12)  # [rows, P]
    return iou.max(axis=0), iou.argmax(axis=0)


def union_iou(table: Table, owner: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the IoU [P] of each true part with the union of the rows that it owns.

    Args:
        table: [rows, P].
        owner: [rows], index of the true part that a row belongs to, -1 for none.
    """
    members = owner[:, None] == np.arange(table.shape[1])  # [rows, P]
    own = (table * members).sum(axis=0)
    claimed = (table.sum(axis=1, keepdims=True) * members).sum(axis=0)
    union = claimed + table.sum(axis=0) - own
    return np.asarray(np.divide(own, union, out=np.zeros_like(own), where=union > 0))


@dataclass(frozen=True, eq=False)
class Tables:
    """The areas shared, in pixels, summed over pictures.

    Attributes:
        clusters: one row per cluster, [K, P].
        parts: one row per part of the catalog and a last one for unnamed clusters, [R + 1, P].
    """

    clusters: Table
    parts: Table

    def of_parts(self, catalog: Catalog) -> Tables:
        """Return the same areas with the parts of a catalog, each the sum of its clusters."""
        rows = [self.clusters[list(part.clusters)].sum(axis=0) for part in catalog.parts]
        unnamed = self.clusters.sum(axis=0) - np.sum(rows, axis=0)
        return Tables(self.clusters, np.stack([*rows, unnamed]))


def count_areas(subject: Subject, pictures: int, *, size: int, first_seed: int) -> Tables:
    """Add up the areas over pictures of ``size``; clusters are brought to it as part maps are.

    Raises:
        LocalEditError: the catalog's pictures are truncated, so that no true map fits them.
    """
    subject.require_true_maps()
    catalog = subject.catalog
    n_true, n_clusters, n_parts = len(subject.true_names), catalog.n_clusters, len(catalog.parts)
    clusters, parts = np.zeros((n_clusters, n_true)), np.zeros((n_parts + 1, n_true))
    seeds = range(first_seed, first_seed + pictures)
    for first in range(0, pictures, BATCH):
        z = latents(subject.world.z_dim, seeds[first : first + BATCH])
        for truth, labels in zip(subject.truth(z, size), subject.clusters(z), strict=True):
            clusters += contingency(resize_labels(labels, n_clusters, size), truth, clusters.shape)
            named = catalog.part_map(labels, size).astype(np.intp)
            named[named == NO_PART] = n_parts
            parts += contingency(named, truth, parts.shape)
    return Tables(clusters, parts)


def contingency(
    rows: NDArray[np.integer], columns: NDArray[np.integer], shape: tuple[int, ...]
) -> Table:
    """Return how often each pair of labels meets, in a table of that shape."""
    joint = rows.ravel().astype(np.int64) * shape[1] + columns.ravel()
    return np.bincount(joint, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


@dataclass(frozen=True)
class PartAgreement:
    """How well one true part is found.

    Attributes:
        name: of the true part.
        share: of the pictures' area, 0 to 1.
        cluster: the single cluster that fits it best.
        single: IoU of that cluster with it.
        shipped: IoU of the catalog's part of that name; None where there is none.
        clusters: of the catalog's part.
    """

    name: str
    share: float
    cluster: int
    single: float
    shipped: float | None
    clusters: tuple[int, ...]


def agreement(subject: Subject, tables: Tables) -> list[PartAgreement]:
    """Return how well each true part is found, in the renderer's order."""
    single, best = single_iou(tables.clusters)
    shipped = {part.name: part.clusters for part in subject.catalog.parts}
    owner = np.full(len(tables.parts), -1, np.intp)
    for row, part in enumerate(subject.catalog.parts):
        if part.name in subject.true_names:
            owner[row] = subject.true_names.index(part.name)
    whole = union_iou(tables.parts, owner)
    share = tables.parts.sum(axis=0) / tables.parts.sum()
    return [
        PartAgreement(
            name=name,
            share=float(share[p]),
            cluster=int(best[p]),
            single=float(single[p]),
            shipped=float(whole[p]) if name in shipped else None,
            clusters=shipped.get(name, ()),
        )
        for p, name in enumerate(subject.true_names)
    ]
