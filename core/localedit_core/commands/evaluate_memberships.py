"""``localedit evaluate memberships``: which cluster each position belongs to, layer by layer."""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.atomic import atomic_path
from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.fitting import series_of
from localedit_core.catalog.sweep import CellProblem, SweepPlan, run_sweep
from localedit_core.commands.figure_pages import CELL, write_pages
from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.commands.study import Study, open_study
from localedit_core.editing.pipeline import Pipeline
from localedit_core.evaluation.memberships import (
    layers_to_compare,
    map_memberships,
    membership_name,
    membership_sheet,
)
from localedit_core.generators.devices import choose_device
from localedit_core.latents import Latent


def run(arguments: argparse.Namespace) -> None:
    """Cluster the layers, draw the maps (PNG, PDF), keep them as numbers (npz)."""
    study = open_study(arguments)
    assert study.out is not None  # required of this command
    place(study.model, choose_device(arguments.device))
    pipeline = Pipeline(study.model, study.catalog)
    clusterings, problems = _clusterings(arguments, study)
    classes = series_of(study.model.generator, study.catalog.clustering)
    seeds = range(study.first_seed, study.first_seed + arguments.pictures)
    latents = [Latent(seed, study.psi, class_index=classes.class_of(seed)) for seed in seeds]
    found = map_memberships(pipeline, clusterings, latents)
    side = arguments.size or min(CELL, study.model.generator.resolution)
    sheet = membership_sheet(found, study.catalog, [latent.label for latent in latents], side)
    description = "Membership maps of generated pictures, no photographs."
    write_pages(study.out, "memberships", {"": sheet}, description)
    rows = [membership_name(clustering) for clustering in found.clusterings]
    arrays: dict[str, NDArray[Any]] = dict(zip(rows, found.labels, strict=True))
    with atomic_path(study.out / "memberships.npz") as temporary:
        arrays |= {"seeds": np.array(seeds), "parts": found.parts}
        np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]
    if arguments.json:
        facts = {
            "seeds": list(seeds),
            "rows": rows,
            "parts": [part.name for part in study.catalog.parts],
            "problems": [f"{p.layer}, K {p.clusters}: {p.message}" for p in problems],
            "out": str(study.out),
        }
        print(json.dumps(facts))
        return
    for problem in problems:
        print(f"{problem.layer}, K {problem.clusters}: {problem.message}")
    print(f"wrote {study.out / 'memberships.png'}, .pdf and .npz: {'; '.join(rows)}")


def _clusterings(
    arguments: argparse.Namespace, study: Study
) -> tuple[list[Clustering], tuple[CellProblem, ...]]:
    """Clusters of the layers asked for, but for what the catalog has; what could not be made."""
    generator, own = study.model.generator, study.catalog.clustering
    layers = arguments.layers
    if layers is None:
        layers = layers_to_compare(generator, study.catalog)
    clusters = tuple(arguments.clusters or [own.n_clusters])
    layers = tuple(n for n in layers if n != own.layer or clusters != (own.n_clusters,))
    if not layers:
        return [], ()
    plan = SweepPlan(layers, clusters, arguments.samples, study.psi, shown=1, stability=False)
    with progress_bar("clusters", "step") as progress:
        sweep = run_sweep(generator, plan, progress=progress)
    found = [cell.clustering for cell in sweep.cells]
    same = (own.layer, own.n_clusters)
    return [c for c in found if (c.layer, c.n_clusters) != same], sweep.problems
