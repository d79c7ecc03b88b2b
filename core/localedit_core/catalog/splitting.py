"""Splitting one cluster: by k-means inside it, or by left and right of the picture.

A split by k-means tells apart what differs in the activations, and M of the children tells which
channels do it.

A split by side measures M of each half with U restricted to that half; the halves' M sum to that
of the whole cluster. But many channels draw both sides, and a transfer of one half moves the other,
too. Measured on the bundled portraits' eyes, which are always in the same place: over 2,528
channels the cosine of M of the two halves is 0.66, and a transfer of the left eye changes the right
one by 0.65 of what it changes the left one by (mean squared error in CIELAB, 12 pairs). Halves are
good for pointing and measuring; an edit that is to stay on its side needs the spatial guard
(``editing.guard``), with which the other eye stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.clustering import Clustering, ClusterSplit
from localedit_core.catalog.fitting import cluster as cluster_rows
from localedit_core.catalog.fitting import series_of
from localedit_core.catalog.membership import standardised_rows
from localedit_core.catalog.recording import MAX_VALUES
from localedit_core.catalog.sampling import (
    Cancelled,
    PictureSeries,
    Progress,
    check_clusters,
    find_layer,
)
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator


@dataclass(frozen=True, eq=False)
class Split:
    """What a split led to.

    Attributes:
        clustering: the new clusters. All others keep their numbers and exactly their positions.
        replaced: the cluster that was split.
        by: its children; the first has the old number, the others are new.
    """

    clustering: Clustering
    replaced: int
    by: tuple[int, ...]


def split_by_side(clustering: Clustering, cluster: int) -> Split:
    """Split a cluster into what lies in the left and in the right half of the picture.

    Raises:
        LocalEditError: no such cluster, or one that is kept to one half already.
    """
    _check_cluster(clustering, cluster)
    if clustering.sides[cluster] != "whole":
        raise LocalEditError(
            f"Cluster {cluster} is kept to the {clustering.sides[cluster]} half already.",
            "Split it by k-means.",
        )
    return _append(clustering, cluster, 2, None)


def split_by_kmeans(
    generator: Generator,
    clustering: Clustering,
    cluster: int,
    *,
    into: int = 2,
    n_samples: int | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Split:
    """Cluster the positions of one cluster again.

    Args:
        generator: the clustering's.
        clustering: its clusters.
        cluster: which to split.
        into: how many children.
        n_samples: pictures, whose seeds are those from the first one that was clustered on; None
            takes as many as were clustered.
        random_state: chooses the start of k-means, and the positions where there are more than
            memory is for.
        progress: told how far it is, in pictures.
        cancelled: asked before each picture and each pass of k-means.

    Raises:
        LocalEditError: no such cluster, fewer positions than children, another generator.
        RenderCancelled: ``cancelled`` said yes.
    """
    pictures = series_of(generator, clustering, n_samples)
    _check_cluster(clustering, cluster)
    if into < 2:
        raise LocalEditError(f"A cluster cannot be split into {into}.", "Split it into 2 or more.")
    rows = _rows_of_cluster(
        generator, clustering, cluster, pictures, random_state, progress, cancelled
    )
    check_clusters(into, len(rows))

    def stop_if_asked() -> None:
        if cancelled is not None and cancelled():
            raise RenderCancelled

    kmeans = cluster_rows(rows, into, random_state, stop_if_asked)
    return _append(clustering, cluster, into, kmeans.cluster_centers_)


def _rows_of_cluster(
    generator: Generator,
    clustering: Clustering,
    cluster: int,
    pictures: PictureSeries,
    random_state: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Cancelled | None,
) -> NDArray[np.float32]:
    """The standardised rows of a cluster's positions, [n, C]; their number is bounded."""
    count = len(pictures.seeds)
    info = find_layer(generator, clustering.layer)
    room = max(1, MAX_VALUES // 2 // info.channels // max(1, count))  # of each picture
    source = np.random.default_rng(random_state)
    found = []
    for index, seed in enumerate(pictures.seeds):
        if progress is not None:
            progress(index, count)
        if cancelled is not None and cancelled():
            raise RenderCancelled
        with torch.no_grad():
            made = generator.synthesize(
                pictures.styles(generator, seed),
                record=(clustering.layer,),
                up_to=info.resolution,
                cancelled=cancelled,
            )
        activations = made.activations[clustering.layer]
        own = np.flatnonzero(clustering.membership(activations) == cluster)
        if len(own) > room:
            own = np.sort(source.choice(own, room, replace=False))
        found.append(standardised_rows(activations, clustering.mean, clustering.std)[own])
    if progress is not None:
        progress(count, count)
    return np.concatenate(found)


def _append(
    clustering: Clustering, cluster: int, into: int, centroids: NDArray[np.float32] | None
) -> Split:
    known = clustering.n_clusters
    by = (cluster, *range(known, known + into - 1))
    split = ClusterSplit(cluster, by, centroids)
    return Split(replace(clustering, splits=(*clustering.splits, split)), cluster, by)


def _check_cluster(clustering: Clustering, cluster: int) -> None:
    if not 0 <= cluster < clustering.n_clusters:
        raise LocalEditError(
            f"There is no cluster {cluster}.",
            f"There are clusters 0 to {clustering.n_clusters - 1}.",
        )
