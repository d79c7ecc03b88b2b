"""``localedit evaluate frechet``: do edited pictures spread as unedited ones do? It is no FID."""

from __future__ import annotations

import argparse
import json

from localedit_core.commands.study import open_study, transfer_settings
from localedit_core.evaluation.frechet import FrechetJob
from localedit_core.evaluation.frechet_report import frechet_facts


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
    facts = frechet_facts(job, sums)
    if arguments.json:
        print(json.dumps(facts))
        return
    print(
        f"Squared Frechet distance on {facts['features']} (no FID), of {facts['pairs']} pictures "
        "to as many independent ones"
    )
    for name, distance in facts["distance"].items():
        print(f"{name:<24} {distance:.5f}")
