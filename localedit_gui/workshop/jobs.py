"""What the workshop has the core do. Runs on the thread of the workshop's long jobs.

The core's heavy modules are imported there, at the first use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Picture
from localedit_gui.rendering.long_jobs import Cancelled, Progress
from localedit_gui.workshop.drawing import outlined
from localedit_gui.workshop.shelf_jobs import ShelfJobs
from localedit_gui.workshop.values import (
    Bench,
    CheckedPart,
    ClusterWish,
    Labelled,
    LayerChoice,
    PartDefaults,
    Subject,
    TriedTransfer,
)

if TYPE_CHECKING:
    from localedit_core.catalog.catalog import Catalog
    from localedit_core.catalog.clustering import Clustering
    from localedit_core.catalog.measuring import Measurement
    from localedit_core.catalog.suggesting import MergeSuggestion
    from localedit_core.catalog.sweep import Sweep, SweepCell, SweepPlan
    from localedit_core.generators.devices import Device, Retreat

SHOWN = 8
_TILE = 200  # pixels


@dataclass(frozen=True, eq=False)
class DrawnCell:
    """A clustering that is ready, and its memberships over the shown samples."""

    cell: SweepCell
    pictures: tuple[Picture, ...]


class WorkshopJobs:
    """The core's part of the workshop. LocalEditError where something cannot be done.

    Attributes:
        shelf: its part that is about the shelf.

    Args:
        device: tells where generators are to be; None leaves them on the CPU.
    """

    def __init__(self, device: Callable[[], Device] | None = None) -> None:
        self.shelf = ShelfJobs()
        self._device = device

    def open_subject(
        self, source: str | Path, title: str, on_retreat: Callable[[Retreat], None] | None = None
    ) -> Subject:
        """Load a generator.

        Args:
            source: a bundled generator's name, or a file.
            title: what people call it; empty takes what its file says.
            on_retreat: told where it leaves its device for the CPU.
        """
        import pyqtgraph  # noqa: F401 - so that the first plot need not wait for it on its thread

        from localedit_core.generators.threads import prepare_threads

        prepare_threads()
        from localedit_core import library
        from localedit_core.catalog.defaults import suggested_clustering
        from localedit_core.checkpoints.native import load_generator

        model = load_generator(library.generator_path(source))
        generator = model.generator
        if self._device is not None:
            generator.place(self._device())
            generator.on_retreat = on_retreat
        layer, clusters = suggested_clustering(generator)
        return Subject(
            source=source,
            title=title or model.name,
            generator=generator,
            family=model.family,
            resolution=generator.resolution,
            has_styles=generator.has_styles,
            fingerprint=model.fingerprint,
            layers=tuple(
                LayerChoice(known.name, known.input_resolution, known.channels, known.name == layer)
                for known in generator.layers
            ),
            suggested_clusters=clusters,
            psi=0.7 if generator.has_styles else 1.0,
        )

    # Cluster --------------------------------------------------------------------------------

    def plan(self, wish: ClusterWish) -> SweepPlan:
        """The sweep that a person asked for."""
        from localedit_core.catalog.sweep import SweepPlan

        return SweepPlan(
            wish.layers,
            wish.clusters,
            wish.n_samples,
            wish.psi,
            wish.random_state,
            shown=SHOWN,
            stability=wish.stability,
        )

    def sweep(
        self,
        subject: Subject,
        wish: ClusterWish,
        progress: Progress,
        cancelled: Cancelled,
        *,
        on_pictures: Callable[[NDArray[np.uint8]], None],
        on_cell: Callable[[DrawnCell], None],
        resume: Sweep | None = None,
    ) -> Sweep:
        """Cluster every layer with every K; what was done stays where it is cancelled.

        Raises:
            RenderCancelled: nothing was done yet.
        """
        from localedit_core.catalog.sheets import draw_clusters
        from localedit_core.catalog.sweep import run_sweep

        pictures = None if resume is None or not len(resume.pictures) else resume.pictures

        def take_pictures(made: NDArray[np.uint8]) -> None:
            nonlocal pictures
            pictures = made
            on_pictures(made)

        def draw(cell: SweepCell) -> None:
            assert pictures is not None  # they come first
            drawn = tuple(
                draw_clusters(picture, labels, _TILE)
                for picture, labels in zip(pictures, cell.labels, strict=True)
            )
            on_cell(DrawnCell(cell, drawn))

        return run_sweep(
            subject.generator,
            self.plan(wish),
            progress=progress,
            cancelled=cancelled,
            on_cell=draw,
            on_pictures=take_pictures,
            resume=resume,
        )

    def shown_seeds(self, wish: ClusterWish) -> tuple[int, ...]:
        """The seeds of the samples that are shown."""
        return self.plan(wish).shown_seeds

    def suggested(self, sweep: Sweep) -> tuple[str, int] | None:
        """Layer and K that the scores speak for; None where they do not."""
        from localedit_core.catalog.suggesting import suggest_settings

        best = suggest_settings(sweep).suggested
        return None if best is None else (best.layer, best.clusters)

    def bench_of(
        self, cell: SweepCell, pictures: NDArray[np.uint8], seeds: tuple[int, ...]
    ) -> Bench:
        """A clustering of a sweep, to be named."""
        from localedit_core.catalog.naming import Naming

        return Bench(pictures, seeds, Labelled(Naming(cell.clustering), cell.labels))

    # Name -----------------------------------------------------------------------------------

    def split_by_kmeans(
        self,
        subject: Subject,
        bench: Bench,
        state: Labelled,
        cluster: int,
        into: int,
        progress: Progress,
        cancelled: Cancelled,
    ) -> Labelled:
        """Split a cluster by k-means inside it."""
        from localedit_core.catalog.splitting import split_by_kmeans

        split = split_by_kmeans(
            subject.generator,
            state.naming.clustering,
            cluster,
            into=into,
            progress=progress,
            cancelled=cancelled,
        )
        labels = self.labels_of(subject, split.clustering, bench.seeds)
        return replace(state, naming=state.naming.after_split(split), labels=labels)

    def split_by_side(
        self, subject: Subject, bench: Bench, state: Labelled, cluster: int
    ) -> Labelled:
        """Split a cluster into the left and the right half of the picture."""
        from localedit_core.catalog.splitting import split_by_side

        split = split_by_side(state.naming.clustering, cluster)
        labels = self.labels_of(subject, split.clustering, bench.seeds)
        return replace(state, naming=state.naming.after_split(split), labels=labels)

    def labels_of(
        self, subject: Subject, clustering: Clustering, seeds: tuple[int, ...]
    ) -> NDArray[np.int64]:
        """Cluster per position of some samples, [S, h, h]."""
        from localedit_core.catalog.sweep import label_pictures

        return label_pictures(subject.generator, clustering, seeds)

    def suggestions(self, state: Labelled, measured: Catalog) -> tuple[MergeSuggestion, ...]:
        """Which clusters may belong together."""
        from localedit_core.catalog.suggesting import suggest_merges

        return suggest_merges(state.naming, measured.contributions, state.labels)

    # Measure and check ----------------------------------------------------------------------

    def measure(
        self,
        subject: Subject,
        kept: Measurement,
        progress: Progress,
        cancelled: Cancelled,
    ) -> Catalog:
        """Measure M of every layer, or go on with that."""
        from localedit_core.catalog.measuring import measure_catalog

        return measure_catalog(
            subject.generator,
            kept.clustering,
            n_samples=kept.n_samples,
            progress=progress,
            cancelled=cancelled,
            kept=kept,
        )

    def measurement(self, clustering: Clustering) -> Measurement:
        """A measurement that has not begun, over as many pictures as were clustered."""
        from localedit_core.catalog.measuring import Measurement

        return Measurement(clustering, int(clustering.provenance.get("samples", 200)))

    def catalog_of(self, state: Labelled, measured: Catalog | None) -> Catalog:
        """The catalog that a state stands for; without M where that was not measured."""
        from localedit_core.catalog.catalog import Catalog

        parts = []
        for part in state.naming.parts():
            defaults = state.defaults_of(part.name)
            parts.append(replace(part, epsilon=defaults.epsilon, floor=defaults.floor))
        if measured is not None:
            return measured.with_parts(parts)
        return Catalog.of(state.naming.clustering, {}, parts)

    def check(
        self,
        subject: Subject,
        catalog: Catalog,
        part: str,
        progress: Progress,
        cancelled: Cancelled,
    ) -> CheckedPart:
        """Look at a part on unseen pictures."""
        from localedit_core.evaluation.checking import check_part

        found = check_part(subject.generator, catalog, part, progress=progress, cancelled=cancelled)
        pictures = tuple(
            outlined(picture, mask)
            for picture, mask in zip(found.pictures, found.masks, strict=True)
        )
        return CheckedPart(part, pictures, float(found.share), found.histogram)

    def trial(
        self,
        subject: Subject,
        catalog: Catalog,
        part: str,
        target: int,
        reference: int,
        defaults: PartDefaults,
    ) -> TriedTransfer:
        """Transfer a part once."""
        from localedit_core.editing.edit import QuerySettings
        from localedit_core.evaluation.checking import trial_transfer

        settings = QuerySettings(epsilon=defaults.epsilon, floor=defaults.floor)
        tried = trial_transfer(subject.generator, catalog, part, target, reference, settings)
        return TriedTransfer(tried.target, tried.reference, tried.edited, tried.measures)

    def bench_of_catalog(self, subject: Subject, catalog: Catalog, name: str) -> Bench:
        """Put a catalog on the bench: draw some of its pictures, and take its names."""
        import torch

        from localedit_core.catalog.fitting import series_of
        from localedit_core.catalog.naming import Naming
        from localedit_core.generators.pictures import to_picture

        clustering = catalog.clustering
        series = series_of(subject.generator, clustering)
        seeds = tuple(series.seeds[:SHOWN])
        drawn = []
        for seed in seeds:
            with torch.inference_mode():
                styles = series.styles(subject.generator, seed)
                drawn.append(to_picture(subject.generator.synthesize(styles).image))
        labels = self.labels_of(subject, clustering, seeds)
        defaults = {part.name: PartDefaults(part.epsilon, part.floor) for part in catalog.parts}
        return Bench(
            pictures=np.stack(drawn),
            seeds=seeds,
            first=Labelled(Naming.of(catalog), labels, defaults),
            measured=catalog if catalog.contributions or not subject.has_styles else None,
            name=name,
        )
