"""Several layers and numbers of clusters in one run of pictures, to be compared by eye."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.effort import Steps, fit_effort, picture_effort
from localedit_core.catalog.fitting import fit_clustering, series_of
from localedit_core.catalog.recording import Recording, Rows, grouped, kept_rows
from localedit_core.catalog.sampling import (
    Cancelled,
    PictureSeries,
    Progress,
    check_clusters,
    find_layer,
    picture_series,
    seeds_of,
)
from localedit_core.catalog.stability import MAX_ROWS, PAIRS, stability
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator, LayerInfo
from localedit_core.generators.pictures import to_picture

Picture = NDArray[np.uint8]  # [R, R, 3], sRGB


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep goes through.

    Attributes:
        layers: each of them,
        clusters: with each of these numbers of clusters, 2 to 255.
        n_samples: pictures; their seeds are random_state * n_samples onwards.
        psi: their truncation.
        random_state: chooses the seeds, the order of classes and the starts of k-means.
        class_index: the class of all pictures; None takes every class of a generator in turn.
        shown: how many of the pictures are kept to be looked at, at most.
        stability: whether each cell's stability is measured, which takes about as long again.
    """

    layers: tuple[str, ...]
    clusters: tuple[int, ...]
    n_samples: int = 200
    psi: float = 0.7
    random_state: int = 0
    class_index: int | None = None
    shown: int = 8
    stability: bool = True

    def check(self, generator: Generator) -> None:
        """Raise LocalEditError for the first thing that this generator cannot do."""
        if not self.layers or not self.clusters:
            raise LocalEditError(
                "A sweep needs a layer and a number of clusters.", "Choose at least one of each."
            )
        for what, chosen in (("layer", self.layers), ("number of clusters", self.clusters)):
            if len(set(chosen)) < len(chosen):
                raise LocalEditError(f"A {what} is there twice.", "Name each once.")
        self.pictures(generator)
        if self.shown < 1:
            raise LocalEditError(f"{self.shown} pictures cannot be shown.", "Show at least one.")
        for name in self.layers:
            for clusters in self.clusters:
                side = find_layer(generator, name).input_resolution
                check_clusters(clusters, self.n_samples * side**2)

    @property
    def seeds(self) -> range:
        """Of the pictures that are clustered."""
        return seeds_of(self.n_samples, self.psi, self.random_state)

    def pictures(self, generator: Generator) -> PictureSeries:
        """The pictures that are clustered. LocalEditError where a number is out of range."""
        return picture_series(
            generator, self.n_samples, self.psi, self.random_state, self.class_index
        )

    @property
    def shown_seeds(self) -> tuple[int, ...]:
        """Of the pictures that are shown: the first ones."""
        return tuple(self.seeds[: self.shown])


@dataclass(frozen=True, eq=False)
class SweepCell:
    """One layer with one number of clusters.

    Attributes:
        clustering: its clusters.
        mean_cosine: between positions and their centroids, at most 1.
        stability: adjusted Rand index under resampling, or None where it was not measured.
        labels: of the pictures shown, int64 [S, h, h].
        shares: of each cluster in all positions clustered, [K]; they sum to 1.
    """

    clustering: Clustering
    mean_cosine: float
    stability: float | None
    labels: NDArray[np.int64]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class CellProblem:
    """Why a layer cannot be clustered into that many clusters."""

    layer: str
    clusters: int
    message: str


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep has made.

    Attributes:
        plan: what was asked for.
        generator_fingerprint: whose pictures they are.
        shown_seeds: of the pictures, [S].
        pictures: [S, R, R, 3] uint8; S is 0 if it was cancelled before they were there.
        cells: those that are done, layer by layer, K by K.
        problems: cells that cannot be made.
        complete: whether these are all.
        recording: activations of a pass that is not through with its cells, to go on from. It
            takes up to 1 GiB: ``dataclasses.replace(sweep, recording=None)`` lets go of it.
    """

    plan: SweepPlan
    generator_fingerprint: str
    shown_seeds: tuple[int, ...]
    pictures: NDArray[np.uint8]
    cells: tuple[SweepCell, ...]
    problems: tuple[CellProblem, ...]
    complete: bool
    recording: Recording | None = field(default=None, repr=False)

    def cell(self, layer: str, clusters: int) -> SweepCell | None:
        """The cell of a layer and a number of clusters, or None if it is not done."""
        return _find(self.cells, layer, clusters)


def run_sweep(
    generator: Generator,
    plan: SweepPlan,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    on_cell: Callable[[SweepCell], None] | None = None,
    on_pictures: Callable[[NDArray[np.uint8]], None] | None = None,
    resume: Sweep | None = None,
) -> Sweep:
    """Cluster every layer of a plan with every K of it.

    Layers are recorded together, as many as fit in 1 GiB; positions of more than 512 MiB of one
    layer are sampled (``recording``). Memory does not grow with the number of pictures. A cell has
    the same clusters, bit for bit, whatever else the plan holds, and the same as ``build_catalog``.

    Args:
        generator: the generator.
        plan: what to go through.
        progress: told (steps done, steps in all); the steps take about equally long.
        cancelled: asked between the layers of each picture and the passes of each k-means.
        on_cell: called with each cell as it is ready.
        on_pictures: called with the pictures to be shown, [S, R, R, 3], once they are there.
        resume: a cancelled sweep of the same plan and generator to go on from.

    Returns:
        The sweep; with ``complete`` False if it was cancelled.

    Raises:
        LocalEditError: the plan does not fit the generator, activations are not finite, or no cell
            at all can be made.
        RenderCancelled: it was cancelled before anything was done.
    """
    plan.check(generator)
    if resume is not None:
        if resume.plan != plan or resume.generator_fingerprint != generator.fingerprint:
            raise LocalEditError("That sweep was another one.", "Start a new sweep.")
        if resume.complete:
            return resume
    run = _Run(generator, plan, progress, cancelled, on_cell, resume)
    try:
        if not len(run.pictures):
            run.make_pictures()
            if on_pictures is not None:
                on_pictures(run.pictures)
        for layers in grouped([find_layer(generator, n) for n in plan.layers], plan.n_samples):
            run.go_through(layers)
    except RenderCancelled:
        started = run.recording is not None and run.recording.done > 0
        if not run.cells and not started:
            raise
        return run.result(complete=False)
    if not run.cells:
        raise LocalEditError(run.problems[0].message)
    return run.result(complete=True)


def label_pictures(
    generator: Generator,
    clustering: Clustering,
    seeds: Iterable[int],
    cancelled: Cancelled | None = None,
) -> NDArray[np.int64]:
    """The clusters of the pictures of seeds, at the clustering's truncation: [S, h, h].

    Raises:
        RenderCancelled: ``cancelled``, asked between layers, said yes.
    """
    info = find_layer(generator, clustering.layer)
    pictures = series_of(generator, clustering)
    labels = []
    for seed in seeds:
        with torch.no_grad():
            made = generator.synthesize(
                pictures.styles(generator, seed),
                record=(clustering.layer,),
                up_to=info.resolution,
                cancelled=cancelled,
            )
        labels.append(clustering.membership(made.activations[clustering.layer])[0])
    return np.stack(labels)


class _Run:
    """A sweep that is under way."""

    def __init__(
        self,
        generator: Generator,
        plan: SweepPlan,
        progress: Progress | None,
        cancelled: Cancelled | None,
        on_cell: Callable[[SweepCell], None] | None,
        resume: Sweep | None,
    ) -> None:
        self.generator = generator
        self.plan = plan
        self.series = plan.pictures(generator)
        self.cancelled = cancelled
        self.on_cell = on_cell
        self.steps = Steps(_efforts(generator, plan), progress)
        self.pictures = (
            np.zeros((0, generator.resolution, generator.resolution, 3), np.uint8)
            if resume is None
            else resume.pictures
        )
        self.cells: list[SweepCell] = [] if resume is None else list(resume.cells)
        self.problems = [] if resume is None else list(resume.problems)
        self.recording = None if resume is None else resume.recording

    def result(self, *, complete: bool) -> Sweep:
        cells = [
            cell
            for layer in self.plan.layers
            for clusters in self.plan.clusters
            if (cell := _find(self.cells, layer, clusters)) is not None
        ]
        return Sweep(
            self.plan,
            self.generator.fingerprint,
            self.plan.shown_seeds,
            self.pictures,
            tuple(cells),
            tuple(self.problems),
            complete,
            None if complete else self.recording,
        )

    def make_pictures(self) -> None:
        pictures: list[Picture] = []
        for seed in self.plan.shown_seeds:
            self.steps.at("pictures", len(pictures) / len(self.plan.shown_seeds))
            self.stop_if_asked()
            with torch.no_grad():
                styles = self.series.styles(self.generator, seed)
                made = self.generator.synthesize(styles, cancelled=self.cancelled)
            pictures.append(to_picture(made.image))
        self.steps.at("pictures", 1.0)
        self.pictures = np.stack(pictures)

    def go_through(self, layers: Sequence[LayerInfo]) -> None:
        """Record layers together, then cluster each with every K."""
        names = [layer.name for layer in layers]
        missing = [
            (name, clusters)
            for name in names
            for clusters in self.plan.clusters
            if _find(self.cells, name, clusters) is None
            and (name, clusters) not in {(p.layer, p.clusters) for p in self.problems}
        ]
        if not missing:
            return
        if self.recording is None or list(self.recording.rows) != names:
            self.recording = Recording(layers, self.series)
        self.recording.go_on(
            self.generator,
            lambda done, total: self.steps.at(names[0], done / total),
            self.cancelled,
        )
        for name, clusters in missing:
            try:
                cell = self.make_cell(self.recording.rows[name], clusters)
            except LocalEditError as error:
                self.problems.append(CellProblem(name, clusters, str(error)))
                continue
            self.cells.append(cell)
            if self.on_cell is not None:
                self.on_cell(cell)
        self.recording = None

    def make_cell(self, rows: Rows, clusters: int) -> SweepCell:
        key = (rows.layer.name, clusters)
        clustering, kmeans = fit_clustering(
            rows, clusters, self.series, self.generator.fingerprint, self.stepping(*key)
        )
        steady = None
        if self.plan.stability:
            steady = stability(
                rows,
                clusters,
                random_state=self.plan.random_state,
                on_pass=self.stepping(*key, "stability"),
            )
        labels = label_pictures(self.generator, clustering, self.plan.shown_seeds, self.cancelled)
        self.steps.at((*key, "stability") if self.plan.stability else key, 1.0)
        counts = np.bincount(kmeans.labels_, minlength=clusters)
        return SweepCell(
            clustering, float(kmeans.objective_), steady, labels, counts / counts.sum()
        )

    def stepping(self, *key: object) -> Callable[[], None]:
        """Tell a step's progress pass by pass; nobody knows beforehand how many there will be."""
        passes = 0

        def on_pass() -> None:
            nonlocal passes
            self.stop_if_asked()
            self.steps.at(key, 1.0 - 0.98**passes)
            passes += 1

        return on_pass

    def stop_if_asked(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise RenderCancelled


def _efforts(generator: Generator, plan: SweepPlan) -> dict[object, float]:
    """What each piece of a sweep costs, in the order in which they are done."""
    whole = picture_effort(generator, generator.resolution)
    efforts: dict[object, float] = {"pictures": len(plan.shown_seeds) * whole}
    layers = [find_layer(generator, name) for name in plan.layers]
    for group in grouped(layers, plan.n_samples):
        one = picture_effort(generator, max(layer.resolution for layer in group))
        efforts[group[0].name] = plan.n_samples * one
        for layer in group:
            rows = kept_rows(layer, plan.n_samples)
            for clusters in plan.clusters:
                efforts[layer.name, clusters] = fit_effort(rows, layer.channels, clusters)
                if plan.stability:
                    fits = 2 * PAIRS * fit_effort(MAX_ROWS, layer.channels, clusters)
                    efforts[layer.name, clusters, "stability"] = 0.6 * fits  # fewer restarts
    return efforts


def _find(cells: Iterable[SweepCell], layer: str, clusters: int) -> SweepCell | None:
    for cell in cells:
        if (cell.clustering.layer, cell.clustering.n_clusters) == (layer, clusters):
            return cell
    return None
