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
from localedit_gui.workshop.values import (
    Bench,
    CheckedPart,
    ClusterWish,
    Labelled,
    LayerChoice,
    PartDefaults,
    Shelf,
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
    from localedit_core.models.catalog_shelf import CatalogShelf, RemovedCatalog, ShelvedCatalog

SHOWN = 8
_TILE = 200  # pixels


@dataclass(frozen=True, eq=False)
class DrawnCell:
    """A clustering that is ready, and its memberships over the shown samples."""

    cell: SweepCell
    pictures: tuple[Picture, ...]


class WorkshopJobs:
    """The core's part of the workshop. LocalEditError where something cannot be done.

    Args:
        device: tells where generators are to be; None leaves them on the CPU.
    """

    def __init__(self, device: Callable[[], Device] | None = None) -> None:
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

    # Shelf ----------------------------------------------------------------------------------

    def shelf(self, subject: Subject) -> Shelf:
        """The catalogs of a generator."""
        from localedit_core import library

        beside = library.catalog_path(library.generator_path(subject.source))
        return Shelf(self._shelf().entries(subject.fingerprint, beside))

    def save(self, catalog: Catalog, name: str) -> ShelvedCatalog:
        """Put a catalog on the shelf, as a new version of its name."""
        return self._shelf().save(catalog, name)

    def open_shelved(self, subject: Subject, entry: ShelvedCatalog) -> Bench:
        """Put a catalog of the shelf on the bench."""
        catalog = self._shelf().open(entry)
        return self.bench_of_catalog(subject, catalog, entry.name)

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

    def duplicate(self, entry: ShelvedCatalog, name: str) -> ShelvedCatalog:
        """Copy a catalog of the shelf."""
        return self._shelf().duplicate(entry, name)

    def rename(self, entry: ShelvedCatalog, name: str) -> ShelvedCatalog:
        """Call a catalog of the shelf something else."""
        return self._shelf().rename(entry, name)

    def remove(self, entry: ShelvedCatalog) -> RemovedCatalog:
        """Take a catalog off the shelf; what comes back restores it."""
        return self._shelf().remove(entry)

    def restore(self, removed: RemovedCatalog) -> ShelvedCatalog:
        """Put a removed catalog back."""
        return self._shelf().restore(removed)

    def activate(self, subject: Subject, entry: ShelvedCatalog) -> None:
        """Have the generator opened with this catalog from now on.

        A generator of the person's own that had none gets a copy beside its file, by which the
        library knows that it can be opened.
        """
        from localedit_core import library
        from localedit_core.catalog.storage import save_catalog

        shelf = self._shelf()
        path = library.generator_path(subject.source)
        beside = library.catalog_path(path)
        if not beside.exists() and not library.is_bundled(path):
            save_catalog(shelf.open(entry), beside)
        shelf.activate(entry)

    def export_sheet(self, path: Path, bench: Bench, state: Labelled) -> Path:
        """Write the samples with their clusters as one PNG, named ones with their names."""
        from localedit_core.catalog.sheets import draw_sheet
        from localedit_core.session.png import export_png

        sheet = draw_sheet(
            list(bench.pictures),
            list(state.labels),
            caption=lambda cluster: state.naming.part_of(cluster) or str(cluster),
        )
        export_png(
            path, sheet, description="Membership maps of generated pictures, no photographs."
        )
        return path

    # Drafts ---------------------------------------------------------------------------------

    def write_draft(self, path: Path, state: Labelled) -> None:
        """Keep names that are not saved yet."""
        from localedit_core.catalog.storage import save_catalog

        save_catalog(self.catalog_of(state, None), path)

    def open_draft(self, subject: Subject, path: Path, name: str) -> Bench:
        """Put kept names on the bench."""
        from localedit_core.catalog.storage import load_catalog

        return self.bench_of_catalog(subject, load_catalog(path, subject.fingerprint), name)

    def _shelf(self) -> CatalogShelf:
        from localedit_core.models.catalog_shelf import CatalogShelf

        return CatalogShelf()


def outlined(picture: Picture, mask: NDArray[np.bool_]) -> Picture:
    """The picture with everything outside the mask darker, and the mask's edge in white."""
    import cv2

    dimmed = np.where(mask[..., None], picture, (picture * 0.35).astype(np.uint8))
    scale = max(1, 256 // picture.shape[0])
    side = picture.shape[0] * scale
    large = np.ascontiguousarray(
        cv2.resize(dimmed.astype(np.uint8), (side, side), interpolation=cv2.INTER_LINEAR)
    )
    whole = cv2.resize(mask.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    edges, _ = cv2.findContours(whole, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    width = max(1, side // 128)
    cv2.drawContours(large, edges, -1, (0, 0, 0), width + 2)
    cv2.drawContours(large, edges, -1, (255, 255, 255), width)
    return np.asarray(large, np.uint8)
