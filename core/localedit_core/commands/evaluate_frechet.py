"""``localedit evaluate frechet``: do edited pictures spread as unedited ones do? It is no FID."""

from __future__ import annotations

import argparse
import json

from localedit_core.commands.study import open_study, transfer_settings
from localedit_core.evaluation.frechet import FrechetJob, frechet_distance


def run(arguments: argparse.Namespace) -> None:
    """Print the distance of edited and of unedited pictures to independent ones."""
    study = open_study(arguments)
    job = FrechetJob(
        study.parts,
        transfer_settings(study, arguments),
        arguments.size or study.model.generator.resolution,
        study.psi,
        study.first_seed,
        arguments.pixels,
    )
    sums = study.measure(arguments, job, "frechet")
    independent = sums.sets["independent"]
    distances = {
        name: frechet_distance(moments, independent)
        for name, moments in sums.sets.items()
        if name != "independent"
    }
    features = f"pixels, {arguments.pixels} x {arguments.pixels}"
    if arguments.json:
        print(json.dumps({"features": features, "pairs": arguments.pairs, "distance": distances}))
        return
    print(
        f"Squared Frechet distance on {features} (no FID), of {arguments.pairs} pictures to as "
        "many independent ones"
    )
    for name, distance in distances.items():
        print(f"{name:<24} {distance:.5f}")
