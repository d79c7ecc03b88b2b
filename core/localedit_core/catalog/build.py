"""Making a catalog of a generator: clusters, then M."""

from __future__ import annotations

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.fitting import fit_clustering
from localedit_core.catalog.measuring import measure_catalog
from localedit_core.catalog.recording import Recording
from localedit_core.catalog.sampling import (
    Cancelled,
    Progress,
    check_clusters,
    find_layer,
    picture_series,
)
from localedit_core.errors import RenderCancelled
from localedit_core.generators.base import Generator


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
    cancelled: Cancelled | None = None,
) -> Catalog:
    """Cluster a layer's activations over random pictures and measure M for every layer.

    Two streams of pictures, one at a time: the first goes up to the clustering layer only and
    keeps its activations for k-means (see ``recording`` for how many), the second measures M. The
    generator's own fixed noise is used for all. Of a generator without styles M would say nothing:
    it is left out, and with it the second stream.

    Args:
        generator: the generator.
        layer: its A_l is clustered.
        n_clusters: K, 2 to 255.
        n_samples: pictures; their seeds are random_state * n_samples onwards.
        psi: their truncation.
        random_state: chooses the seeds, the order of classes and the start of k-means.
        class_index: the class of all pictures; None takes every class of a generator in turn.
        progress: told how far it is, in pictures.
        cancelled: asked before each picture and each pass of k-means.

    Returns:
        A catalog without parts.

    Raises:
        LocalEditError: an unknown layer or class, or numbers out of range.
        RenderCancelled: ``cancelled`` said yes.
    """
    info = find_layer(generator, layer)
    pictures = picture_series(generator, n_samples, psi, random_state, class_index)
    check_clusters(n_clusters, n_samples * info.input_resolution**2)
    steps = 2 * n_samples if generator.has_styles else n_samples
    told = -1

    def step(done: int, _: int) -> None:
        nonlocal told
        if progress is not None and done > told:
            told = done
            progress(done, steps)

    def stop_if_asked() -> None:
        if cancelled is not None and cancelled():
            raise RenderCancelled

    recording = Recording([info], pictures)
    recording.go_on(generator, step, cancelled)
    clustering, _ = fit_clustering(
        recording.rows[layer], n_clusters, pictures, generator.fingerprint, stop_if_asked
    )
    del recording
    return measure_catalog(
        generator,
        clustering,
        progress=lambda done, _: step(n_samples + done, 0),
        cancelled=cancelled,
    )
