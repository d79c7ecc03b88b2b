"""From clusters to a catalog: measuring M of every layer (Eq. 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.contribution import ContributionMeter
from localedit_core.catalog.fitting import series_of
from localedit_core.catalog.sampling import Cancelled, Progress
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator


@dataclass(eq=False)
class Measurement:
    """How far measuring M has come. One that was cancelled is gone on with.

    Attributes:
        done: pictures measured.
        meter: their sums.
    """

    clustering: Clustering
    n_samples: int
    done: int = field(default=0, init=False)
    meter: ContributionMeter = field(init=False)

    def __post_init__(self) -> None:
        self.meter = ContributionMeter(self.clustering.n_clusters)


def measure_catalog(
    generator: Generator,
    clustering: Clustering,
    parts: Iterable[Part] = (),
    *,
    n_samples: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    kept: Measurement | None = None,
) -> Catalog:
    """Measure M of every layer over the pictures that were clustered, one at a time.

    Memory does not grow with their number. Of a generator without styles M would say nothing: it is
    left out, and no picture is made.

    Args:
        generator: the clustering's.
        clustering: its clusters.
        parts: what they are called.
        n_samples: pictures; None takes as many as were clustered. Their seeds are those from the
            first one that was clustered on.
        progress: told how far it is, in pictures.
        cancelled: asked before each picture and each of its layers.
        kept: takes up what is measured, so that a cancelled run can be gone on with: hand the same
            one in again.

    Raises:
        LocalEditError: another generator, numbers out of range, or activations that are not finite.
        RenderCancelled: ``cancelled`` said yes.
    """
    pictures = series_of(generator, clustering, n_samples)
    count = len(pictures.seeds)
    if not generator.has_styles:
        return Catalog.of(clustering, {}, parts)
    if kept is None:
        kept = Measurement(clustering, count)
    elif kept.clustering is not clustering or kept.n_samples != count:
        raise LocalEditError("What was kept is of another measurement.", "Measure from the start.")
    names = [known.name for known in generator.layers]
    while kept.done < count:
        if progress is not None:
            progress(kept.done, count)
        if cancelled is not None and cancelled():
            raise RenderCancelled
        styles = pictures.styles(generator, pictures.seeds[kept.done])
        with torch.no_grad():
            made = generator.synthesize(styles, record=names, cancelled=cancelled)
        labels = clustering.membership(made.activations[clustering.layer])
        kept.meter.add(labels[0], made.activations)
        kept.done += 1
    if progress is not None:
        progress(count, count)
    return Catalog.of(clustering, kept.meter.contributions(), parts)
