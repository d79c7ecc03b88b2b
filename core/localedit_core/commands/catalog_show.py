"""``localedit catalog show``: list a catalog, draw membership maps to name clusters by."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.sampling import sample_classes
from localedit_core.catalog.sheets import draw_sheet
from localedit_core.checkpoints.native import load_generator
from localedit_core.editing.pipeline import Pipeline
from localedit_core.latents import Latent
from localedit_core.library import generator_beside, generator_path, open_catalog
from localedit_core.session.png import export_png


def run(arguments: argparse.Namespace) -> None:
    """Print the catalog, and draw its membership maps where a sheet is asked for."""
    path, catalog = open_catalog(arguments.file)
    if arguments.sheet is not None:
        _draw(arguments, path, catalog)
    facts = describe(catalog)
    if arguments.json:
        print(json.dumps(facts))
        return
    print(f"{path}: {catalog.n_clusters} clusters of {catalog.layer}, psi {catalog.psi:g}")
    for part in facts["parts"]:
        clusters = ", ".join(str(cluster) for cluster in part["clusters"])
        print(
            f"{part['name']}: clusters {clusters}; epsilon {part['epsilon']:g}, "
            f"floor {part['floor']:g}"
        )
    if facts["unnamed"]:
        print(f"unnamed: clusters {', '.join(str(cluster) for cluster in facts['unnamed'])}")


def describe(catalog: Catalog) -> dict[str, Any]:
    """What is in a catalog, as JSON takes it."""
    named = {cluster for part in catalog.parts for cluster in part.clusters}
    return {
        "kind": "catalog",
        "layer": catalog.layer,
        "resolution": catalog.resolution,
        "clusters": catalog.n_clusters,
        "psi": catalog.psi,
        "fingerprint": catalog.fingerprint,
        "generator_fingerprint": catalog.generator_fingerprint,
        "provenance": dict(catalog.provenance),
        "parts": [
            {
                "name": part.name,
                "clusters": list(part.clusters),
                "epsilon": part.epsilon,
                "floor": part.floor,
            }
            for part in catalog.parts
        ],
        "unnamed": [cluster for cluster in range(catalog.n_clusters) if cluster not in named],
    }


def _draw(arguments: argparse.Namespace, path: Path, catalog: Catalog) -> None:
    generator = generator_path(arguments.model) if arguments.model else generator_beside(path)
    pipeline = Pipeline(load_generator(generator), catalog)
    classes = sample_classes(pipeline.model.generator.c_dim, len(arguments.seeds), 0)
    views = [
        pipeline.view(Latent(seed, catalog.psi, class_index=class_index))
        for seed, class_index in zip(arguments.seeds, classes, strict=True)
    ]
    sheet = draw_sheet([view.image for view in views], [np.array(v.clusters) for v in views])
    export_png(
        arguments.sheet, sheet, description="Membership maps of generated pictures, no photographs."
    )
