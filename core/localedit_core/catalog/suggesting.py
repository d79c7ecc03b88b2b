"""Suggestions for a person to take or leave: which clusters belong together, which layer and K."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.naming import Naming
from localedit_core.catalog.sweep import Sweep

STABLE_ENOUGH = 0.05
"""Settings whose stability is less than this below the best are as stable, for all we know."""


@dataclass(frozen=True)
class MergeSuggestion:
    """Two clusters that may be one part.

    Attributes:
        clusters: the two, lower number first.
        score: mean of the two below; higher is better.
        m_similarity: cosine of their rows of M over all layers: 0 to 1.
        adjacency: border that they share, of the border of the one that has less: 0 to 1.
    """

    clusters: tuple[int, int]
    score: float
    m_similarity: float
    adjacency: float


def suggest_merges(
    named: Naming | Clustering,
    contributions: Mapping[str, NDArray[np.float32]],
    labels: NDArray[np.integer],
) -> tuple[MergeSuggestion, ...]:
    """Which clusters may belong together, best first.

    Clusters that the same channels make (M, Eq. 1) and that touch each other are likely one thing.

    Args:
        named: the clusters; pairs that a naming has in one part already are left out.
        contributions: M of each layer, name -> [K, C_l]. Where there is none (PG-GAN), the
            clusters' centroids are compared instead.
        labels: of some pictures, [S, h, h].
    """
    clustering = named.clustering if isinstance(named, Naming) else named
    names = named.names if isinstance(named, Naming) else {}
    similarity = _similarity(clustering, contributions)
    adjacency = _adjacency(labels, clustering.n_clusters)
    found = [
        MergeSuggestion(
            (a, b),
            float(similarity[a, b] + adjacency[a, b]) / 2.0,
            float(similarity[a, b]),
            float(adjacency[a, b]),
        )
        for a in range(clustering.n_clusters)
        for b in range(a + 1, clustering.n_clusters)
        if names.get(a) is None or names.get(a) != names.get(b)
    ]
    return tuple(sorted(found, key=lambda s: (-s.score, s.clusters)))


def _similarity(
    clustering: Clustering, contributions: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float64]:
    """Cosine of the rows of M, [K, K]."""
    if contributions:
        rows = np.concatenate([m.astype(np.float64) for m in contributions.values()], axis=1)
    else:
        rows = _leaf_centroids(clustering)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return np.asarray(rows @ rows.T)


def _leaf_centroids(clustering: Clustering) -> NDArray[np.float64]:
    """The centroid of every cluster once all splits are made, [K, C]."""
    rows = np.zeros((clustering.n_clusters, clustering.centroids.shape[1]))
    rows[: len(clustering.centroids)] = clustering.centroids
    for split in clustering.splits:
        own = rows[split.cluster] if split.centroids is None else split.centroids
        rows[list(split.by)] = own
    return rows


def _adjacency(labels: NDArray[np.integer], clusters: int) -> NDArray[np.float64]:
    """Border shared by two clusters over the smaller of their whole borders, [K, K]."""
    pairs = np.zeros((clusters, clusters))
    for one, other in (
        (labels[:, :, :-1], labels[:, :, 1:]),
        (labels[:, :-1, :], labels[:, 1:, :]),
    ):
        met = np.bincount(
            one.ravel().astype(np.intp) * clusters + other.ravel(), minlength=clusters**2
        )
        pairs += met.reshape(clusters, clusters)
    pairs += pairs.T
    np.fill_diagonal(pairs, 0.0)
    border = pairs.sum(axis=1)
    least = np.minimum(border[:, None], border[None, :])
    return np.asarray(np.divide(pairs, least, out=np.zeros_like(pairs), where=least > 0))


@dataclass(frozen=True)
class SettingScore:
    """One layer with one K, and how well it did.

    Attributes:
        layer: its name.
        clusters: K.
        mean_cosine: between positions and centroids. It grows with K, and layers of fewer channels
            have higher ones: compare it within one layer.
        stability: adjusted Rand index under resampling, or None if it was not measured.
        suggested: whether this is the one to begin with.
    """

    layer: str
    clusters: int
    mean_cosine: float
    stability: float | None
    suggested: bool = False


@dataclass(frozen=True)
class ScoreTable:
    """The scores of a sweep.

    Attributes:
        rows: one per cell, in the sweep's order. One is marked at most.
        reason: why that one, or why none; one sentence.
    """

    rows: tuple[SettingScore, ...]
    reason: str

    @property
    def suggested(self) -> SettingScore | None:
        """The marked row."""
        return next((row for row in self.rows if row.suggested), None)


def suggest_settings(sweep: Sweep) -> ScoreTable:
    """Which layer and K to look at first. Nothing is applied: a person decides by eye.

    Of the cells whose stability is the best one's or less than ``STABLE_ENOUGH`` below, that with
    the most clusters; of those, the most stable.
    """
    rows = [
        SettingScore(
            cell.clustering.layer, cell.clustering.n_clusters, cell.mean_cosine, cell.stability
        )
        for cell in sweep.cells
    ]
    best = _best(rows)
    if best is None:
        return ScoreTable(tuple(rows), "Stability was not measured, so none is suggested.")
    marked = (
        SettingScore(row.layer, row.clusters, row.mean_cosine, row.stability, row is best)
        for row in rows
    )
    return ScoreTable(
        tuple(marked), "The most clusters among those that come out the same on other pictures."
    )


def _best(rows: Sequence[SettingScore]) -> SettingScore | None:
    steady = [(row.stability, row) for row in rows if row.stability is not None]
    if not steady:
        return None
    most = max(stability for stability, _ in steady)
    enough = [
        (row.clusters, stability, row)
        for stability, row in steady
        if stability >= most - STABLE_ENOUGH
    ]
    return max(enough, key=lambda item: item[:2])[2]
