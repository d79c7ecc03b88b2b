"""Time and mean cosine of spherical k-means against the alternatives, in one run.

The one to compare with is scikit-learn's KMeans on normalised rows with 10 restarts.
Rows like those of a catalog: 200 pictures of 32 x 32 positions, K noisy directions of unequal size.
Run: python tests/benchmarks/bench_kmeans.py [--rows 204800] [--channels 512] [--clusters 16]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans

from localedit_core.catalog.spherical_kmeans import SphericalKMeans


def make_rows(rows: int, channels: int, clusters: int) -> NDArray[np.float32]:
    """Unit rows around more directions than clusters, so that no method finds them exactly."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((3 * clusters, channels)).astype(np.float32)
    sizes = rng.dirichlet(np.full(3 * clusters, 2.0))
    labels = rng.choice(3 * clusters, rows, p=sizes)
    X = rng.standard_normal((rows, channels), dtype=np.float32)
    X *= 2.2
    X += directions[labels]
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    return X


def mean_cosine(X: NDArray[np.float32], centers: NDArray[np.float32]) -> float:
    """Of each row and its nearest centre, both normalised."""
    units = centers / np.linalg.norm(centers, axis=1, keepdims=True)
    return float((X @ units.T).max(axis=1).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=204_800)
    parser.add_argument("--channels", type=int, default=512)
    parser.add_argument("--clusters", type=int, default=16)
    arguments = parser.parse_args()
    clusters = arguments.clusters
    X = make_rows(arguments.rows, arguments.channels, clusters)
    methods: dict[str, Callable[[], object]] = {
        "SphericalKMeans": lambda: SphericalKMeans(clusters, random_state=0),
        "plain Lloyd (all rows)": lambda: SphericalKMeans(
            clusters, n_init=1, subsample=len(X), random_state=0
        ),
        "sklearn KMeans": lambda: KMeans(clusters, n_init=1, random_state=0),
        "sklearn KMeans, 10 restarts": lambda: KMeans(clusters, n_init=10, random_state=0),
        "sklearn MiniBatchKMeans": lambda: MiniBatchKMeans(clusters, n_init=3, random_state=0),
    }
    reference: float | None = None
    print(f"{len(X)} x {X.shape[1]}, K = {clusters}")
    for name, make in methods.items():
        model = make()
        start = time.perf_counter()
        model.fit(X)  # type: ignore[attr-defined]
        seconds = time.perf_counter() - start
        reference = reference or seconds
        cosine = mean_cosine(X, model.cluster_centers_)  # type: ignore[attr-defined]
        print(
            f"{name:28} {seconds:7.2f} s  x{seconds / reference:5.2f}  mean cosine {cosine:.5f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
