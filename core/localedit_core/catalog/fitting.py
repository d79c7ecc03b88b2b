"""From recorded positions to clusters, and how far such clusters can be trusted."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.recording import Rows
from localedit_core.catalog.sampling import (
    PictureSeries,
    check_clusters,
    class_order,
)
from localedit_core.catalog.spherical_kmeans import SphericalKMeans
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator
from localedit_core.generators.classes import check_class
from localedit_core.latents import MAX_SEED

ALL_CLASSES = "all in turn"
DEFAULT_SAMPLES = 200


def fit_clustering(
    rows: Rows,
    n_clusters: int,
    pictures: PictureSeries,
    generator_fingerprint: str,
    on_pass: Callable[[], None] | None = None,
) -> tuple[Clustering, SphericalKMeans]:
    """Cluster the recorded positions of one layer.

    Args:
        rows: complete; their values are standardised in place.
        n_clusters: K, 2 to 255.
        pictures: that were recorded; their random state chooses the start of k-means.
        generator_fingerprint: whose pictures they are.
        on_pass: called before each pass over the rows; what it raises ends the work.

    Returns:
        The clusters, and the k-means that found them.

    Raises:
        LocalEditError: fewer positions or directions than clusters, or a layer that never changes.
    """
    check_clusters(n_clusters, len(rows.values))
    mean, std = rows.standardise()
    kmeans = cluster(rows.values, n_clusters, pictures.random_state, on_pass)
    provenance: dict[str, str | int | float] = {
        "samples": rows.n_samples,
        "first_seed": pictures.seeds.start,
        "random_state": pictures.random_state,
        "mean_cosine": round(kmeans.objective_, 6),
    }
    if pictures.classes:
        one = len(pictures.classes) == 1
        provenance["class"] = pictures.classes[0] if one else ALL_CLASSES
    clustering = Clustering(
        layer=rows.layer.name,
        resolution=rows.layer.input_resolution,
        centroids=kmeans.cluster_centers_,
        mean=mean,
        std=std,
        psi=pictures.psi,
        generator_fingerprint=generator_fingerprint,
        provenance=provenance,
    )
    return clustering, kmeans


def series_of(
    generator: Generator, clustering: Clustering, n_samples: int | None = None
) -> PictureSeries:
    """The pictures that were clustered, as the provenance tells.

    Args:
        generator: the clustering's.
        clustering: its clusters.
        n_samples: take as many pictures from the first one on; None takes all.

    Raises:
        LocalEditError: another generator, or numbers out of range.
    """
    if clustering.generator_fingerprint != generator.fingerprint:
        raise LocalEditError(
            "These clusters belong to another generator.", "Open that one, or cluster this one."
        )
    told = {key: v for key, v in clustering.provenance.items() if isinstance(v, int)}
    count = told.get("samples", DEFAULT_SAMPLES) if n_samples is None else n_samples
    state, first = told.get("random_state", 0), told.get("first_seed", 0)
    possible = 0 <= state <= MAX_SEED and 1 <= count <= MAX_SEED and 0 <= first <= MAX_SEED - count
    if not possible:
        raise LocalEditError("The catalog tells of pictures that cannot be.", "Build it again.")
    class_index = told.get("class") if generator.c_dim else None
    check_class(generator.c_dim, class_index)
    classes = class_order(generator.c_dim, state) if class_index is None else (class_index,)
    return PictureSeries(range(first, first + count), clustering.psi, state, classes)


def cluster(
    rows: NDArray[np.float32],
    n_clusters: int,
    random_state: int,
    on_pass: Callable[[], None] | None = None,
) -> SphericalKMeans:
    """Spherical k-means of standardised rows [N, C].

    Raises:
        LocalEditError: the rows have no direction, or fewer than K different ones.
    """
    kmeans = SphericalKMeans(n_clusters, random_state=random_state, on_pass=on_pass)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # it is an error below
            kmeans.fit(rows)
    except ValueError as error:
        raise LocalEditError(
            f"The activations cannot be clustered: {error}", "Choose another layer."
        ) from error
    if len(np.unique(kmeans.labels_)) < n_clusters:
        raise LocalEditError(
            f"The activations fall into fewer than {n_clusters} clusters.", "Use fewer clusters."
        )
    return kmeans
