"""Making a catalog of a generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.contribution import CONSTANT, ContributionMeter
from localedit_core.catalog.membership import nearest_cluster, rows_of
from localedit_core.catalog.spherical_kmeans import SphericalKMeans
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator, LayerInfo, Styles
from localedit_core.generators.classes import check_class, class_labels
from localedit_core.latents import MAX_SEED, sample_z

MAX_CLUSTERS = 255

Progress = Callable[[int, int], None]
"""Told (steps done, steps in all)."""


def styles_of_seed(
    generator: Generator, seed: int, psi: float, class_index: int | None = None
) -> Styles:
    """The styles of a seed's picture at a truncation, name -> [1, C_l].

    Raises:
        LocalEditError: the generator has no such class.
    """
    labels = class_labels(generator.c_dim, class_index)  # [1, c_dim]
    with torch.no_grad():
        w = generator.mapping(torch.from_numpy(sample_z(seed, generator.z_dim)), labels)
        return generator.styles(generator.broadcast(w, psi))


def find_layer(generator: Generator, name: str) -> LayerInfo:
    """The layer of that name.

    Raises:
        LocalEditError: there is none; the hint lists the layers.
    """
    for layer in generator.layers:
        if layer.name == name:
            return layer
    known = ", ".join(layer.name for layer in generator.layers)
    raise LocalEditError(f"This generator has no layer {name!r}.", f"It has {known}.")


def sample_classes(c_dim: int, count: int, random_state: int) -> list[int | None]:
    """A class for each of ``count`` pictures: all in turn, in a random order. None without."""
    if c_dim == 0:
        return [None] * count
    order = np.random.RandomState(random_state).permutation(c_dim)
    return [int(order[index % c_dim]) for index in range(count)]


def build_catalog(
    generator: Generator,
    *,
    layer: str,
    n_clusters: int,
    n_samples: int = 200,
    psi: float = 0.7,
    random_state: int = 0,
    class_index: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Catalog:
    """Cluster a layer's activations over random pictures and measure M for every layer.

    Two streams of pictures, one at a time: the first goes up to the clustering layer only and
    keeps its activations (n_samples * H * W * C float32) for k-means, the second measures M in
    constant memory. The generator's own fixed noise is used for all. Of a generator without styles
    M would say nothing: it is left out, and with it the second stream.

    Args:
        generator: the generator.
        layer: its A_l is clustered.
        n_clusters: K, 1 to 255.
        n_samples: pictures; their seeds are random_state * n_samples onwards.
        psi: their truncation.
        random_state: chooses the seeds, the order of classes and the start of k-means.
        class_index: the class of all pictures; None takes every class of a generator in turn.
        progress: told how far it is, in pictures.
        cancelled: asked before each picture.

    Returns:
        A catalog without parts.

    Raises:
        LocalEditError: an unknown layer or class, or numbers out of range.
        RenderCancelled: ``cancelled`` said yes.
    """
    check_class(generator.c_dim, class_index)
    info = find_layer(generator, layer)
    first_seed = _check_numbers(info, n_clusters, n_samples, psi, random_state)
    seeds = range(first_seed, first_seed + n_samples)
    classes = [class_index] * n_samples
    if class_index is None:
        classes = sample_classes(generator.c_dim, n_samples, random_state)
    steps = 2 * n_samples if generator.has_styles else n_samples

    def step(done: int) -> None:
        if cancelled is not None and cancelled():
            raise RenderCancelled
        if progress is not None:
            progress(done, steps)

    side = info.input_resolution
    rows = np.empty((n_samples * side * side, info.channels), np.float32)
    for index, seed in enumerate(seeds):
        step(index)
        styles = styles_of_seed(generator, seed, psi, classes[index])
        with torch.no_grad():
            made = generator.synthesize(styles, record=(layer,), up_to=info.resolution)
        rows[index * side**2 : (index + 1) * side**2] = rows_of(made.activations[layer])
    mean, std = _standardise(rows)
    kmeans = _cluster(rows, n_clusters, random_state)
    del rows

    meter = ContributionMeter(n_clusters)
    names = [known.name for known in generator.layers]
    for index, seed in enumerate(seeds if generator.has_styles else ()):
        step(n_samples + index)
        styles = styles_of_seed(generator, seed, psi, classes[index])
        with torch.no_grad():
            made = generator.synthesize(styles, record=names)
        labels = nearest_cluster(made.activations[layer], kmeans.cluster_centers_, mean, std)
        meter.add(labels[0], made.activations)
    step(steps)
    provenance: dict[str, str | int | float] = {
        "samples": n_samples,
        "first_seed": first_seed,
        "random_state": random_state,
        "mean_cosine": round(kmeans.objective_, 6),
    }
    if generator.c_dim:
        provenance["class"] = "all in turn" if class_index is None else class_index
    return Catalog(
        layer=layer,
        resolution=side,
        centroids=kmeans.cluster_centers_,
        mean=mean,
        std=std,
        contributions=meter.contributions(),
        parts=(),
        psi=psi,
        generator_fingerprint=generator.fingerprint,
        provenance=provenance,
    )


def _check_numbers(
    info: LayerInfo, n_clusters: int, n_samples: int, psi: float, random_state: int
) -> int:
    """Check what the caller chose; the first seed."""
    if not 1 <= n_clusters <= MAX_CLUSTERS:
        raise LocalEditError(f"{n_clusters} clusters cannot be made.", f"Use 1 to {MAX_CLUSTERS}.")
    if n_samples < 1:
        raise LocalEditError(f"A catalog cannot be made of {n_samples} pictures.")
    if n_samples * info.input_resolution**2 < n_clusters:
        raise LocalEditError(
            f"{n_samples} pictures have fewer positions at {info.name} than {n_clusters} clusters.",
            "Use more pictures or a layer of higher resolution.",
        )
    if not np.isfinite(psi) or not -2.0 <= psi <= 2.0:
        raise LocalEditError(f"Truncation {psi} is out of range.", "Use -2 to 2.")
    first_seed = random_state * n_samples
    if not 0 <= first_seed <= MAX_SEED - n_samples:
        raise LocalEditError(f"A random state of {random_state} is out of range.")
    return first_seed


def _standardise(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Bring each column of rows [N, C] to mean 0 and variance 1, in place; mean and std, [C].

    A column that is constant up to rounding becomes 0 and has std 0.
    """
    mean = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    rows -= mean
    std = np.sqrt(np.einsum("nc,nc->c", rows, rows, dtype=np.float64) / len(rows))
    std = np.where(std > CONSTANT * np.abs(mean), std, 0.0).astype(np.float32)
    rows *= np.divide(1.0, std, out=np.zeros_like(std), where=std > 0)
    return mean, std


def _cluster(rows: NDArray[np.float32], n_clusters: int, random_state: int) -> SphericalKMeans:
    try:
        kmeans = SphericalKMeans(n_clusters, random_state=random_state).fit(rows)
    except ValueError as error:
        raise LocalEditError(
            f"The activations cannot be clustered: {error}", "Choose another layer."
        ) from error
    if len(np.unique(kmeans.labels_)) < n_clusters:
        raise LocalEditError(
            f"The activations fall into fewer than {n_clusters} clusters.", "Use fewer clusters."
        )
    return kmeans
