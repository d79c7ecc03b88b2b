"""``localedit catalog build``: cluster a generator's activations, once or as a sweep."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.defaults import suggested_clustering
from localedit_core.catalog.measuring import measure_catalog
from localedit_core.catalog.sheets import draw_sweep
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.catalog.suggesting import ScoreTable, suggest_settings
from localedit_core.catalog.sweep import Sweep, SweepCell, SweepPlan, run_sweep
from localedit_core.checkpoints.native import Model, load_generator
from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator
from localedit_core.generators.devices import choose_device
from localedit_core.library import generator_path
from localedit_core.models.disk import make_folder
from localedit_core.session.png import export_png
from localedit_resources import CATALOG_SUFFIX


def run(arguments: argparse.Namespace) -> None:
    """Build and save a catalog, or compare several settings; a bar on stderr tells how far."""
    device = choose_device(arguments.device)
    model = load_generator(generator_path(arguments.model))
    place(model, device)
    layer, clusters = suggested_clustering(model.generator)
    arguments.layers = arguments.layers or [layer]
    arguments.clusters = arguments.clusters or [clusters]
    several = len(arguments.layers) * len(arguments.clusters) > 1
    if several or arguments.sheet is not None:
        _compare(arguments, model, several)
        return
    if arguments.out is None:
        raise LocalEditError("There is nothing to write.", "Name a file: --out FILE.")
    with progress_bar("catalog") as progress:
        catalog = build_catalog(
            model.generator,
            layer=arguments.layers[0],
            n_clusters=arguments.clusters[0],
            n_samples=arguments.samples,
            psi=arguments.psi,
            random_state=arguments.seed,
            class_index=arguments.class_index,
            progress=progress,
        )
    save_catalog(catalog, arguments.out)
    if arguments.json:
        facts = {"layer": catalog.layer, "clusters": catalog.n_clusters, "out": arguments.out}
        print(json.dumps(facts | {"fingerprint": catalog.fingerprint}))
        return
    print(f"wrote {arguments.out}: {catalog.n_clusters} clusters of {catalog.layer} without names")
    _say_if_no_styles(model.generator)


def _compare(arguments: argparse.Namespace, model: Model, several: bool) -> None:
    """Run a sweep, print its scores, draw its sheet, write its catalogs."""
    generator = model.generator
    plan = SweepPlan(
        layers=tuple(arguments.layers),
        clusters=tuple(arguments.clusters),
        n_samples=arguments.samples,
        psi=arguments.psi,
        random_state=arguments.seed,
        class_index=arguments.class_index,
        stability=arguments.stability,
    )
    cells: list[SweepCell] = []
    shown: list[NDArray[np.uint8]] = []
    try:
        with progress_bar("clusters", "step") as progress:
            sweep = run_sweep(
                generator,
                plan,
                progress=progress,
                on_cell=cells.append,
                on_pictures=shown.append,
            )
    except KeyboardInterrupt:  # what is done is not lost
        if cells:
            pictures = shown[0]
            seeds = plan.shown_seeds
            part = Sweep(plan, generator.fingerprint, seeds, pictures, tuple(cells), (), False)
            _tell(arguments, part, [])
        raise
    written: list[str] = []
    if arguments.out is not None:
        written = _write(arguments.out, sweep, generator, several)
    _tell(arguments, sweep, written)
    if not arguments.json:
        _say_if_no_styles(generator)


def _write(out: str, sweep: Sweep, generator: Generator, several: bool) -> list[str]:
    """Measure M of every cell and save it; in a sweep, those that are there already are kept."""
    paths = []
    for cell in sweep.cells:
        clustering = cell.clustering
        path = Path(out)
        if several:
            make_folder(path)
            path /= f"{clustering.layer.replace('/', '-')}-{clustering.n_clusters}{CATALOG_SUFFIX}"
        if not (several and _is_there(path, cell)):
            with progress_bar(f"{clustering.layer}, K = {clustering.n_clusters}") as progress:
                save_catalog(measure_catalog(generator, clustering, progress=progress), path)
        paths.append(str(path))
    return paths


def _is_there(path: Path, cell: SweepCell) -> bool:
    """Whether an earlier run has written this very cell; a person may have named its parts."""
    with suppress(LocalEditError):
        known, new = load_catalog(path, cell.clustering.generator_fingerprint), cell.clustering
        same = (known.layer, known.psi) == (new.layer, new.psi)
        return same and np.array_equal(known.centroids, new.centroids)
    return False


def _tell(arguments: argparse.Namespace, sweep: Sweep, written: Sequence[str]) -> None:
    if arguments.sheet is not None:
        description = "Membership maps of generated pictures, no photographs."
        export_png(arguments.sheet, draw_sweep(sweep), description=description)
    table = suggest_settings(sweep)
    if arguments.json:
        print(json.dumps(_facts(arguments, sweep, table, written)))
        return
    print(f"{'layer':<16} {'K':>4} {'mean cosine':>12} {'stability':>10}")
    for row in table.rows:
        stable = "" if row.stability is None else f"{row.stability:.3f}"
        mark = "  <- suggested" if row.suggested else ""
        print(f"{row.layer:<16} {row.clusters:>4} {row.mean_cosine:>12.4f} {stable:>10}{mark}")
    for problem in sweep.problems:
        print(f"{problem.layer:<16} {problem.clusters:>4} {problem.message}")
    print(table.reason)
    for path in (*written, *([arguments.sheet] if arguments.sheet else [])):
        print(f"wrote {path}")


def _facts(
    arguments: argparse.Namespace, sweep: Sweep, table: ScoreTable, written: Sequence[str]
) -> dict[str, Any]:
    return {
        "kind": "sweep",
        "complete": sweep.complete,
        "cells": [
            {
                "layer": row.layer,
                "clusters": row.clusters,
                "mean_cosine": row.mean_cosine,
                "stability": row.stability,
                "suggested": row.suggested,
            }
            for row in table.rows
        ],
        "problems": [
            {"layer": p.layer, "clusters": p.clusters, "message": p.message} for p in sweep.problems
        ],
        "reason": table.reason,
        "sheet": arguments.sheet,
        "written": list(written),
    }


def _say_if_no_styles(generator: Generator) -> None:
    if not generator.has_styles:
        print(
            f"A generator of the family {generator.family} has no styles: its clusters can be "
            "named and shown, but no query can move a part; feature blending can."
        )
