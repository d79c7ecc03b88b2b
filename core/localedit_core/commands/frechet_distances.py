"""What ``evaluate frechet`` and ``evaluate fid`` share: measuring, files, the table."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from localedit_core.commands.progress import progress_bar
from localedit_core.commands.study import Study, transfer_settings
from localedit_core.evaluation.features import Features
from localedit_core.evaluation.frechet import FrechetJob
from localedit_core.evaluation.frechet_report import (
    FRECHET_SUFFIXES,
    frechet_facts,
    write_frechet,
)
from localedit_core.evaluation.moments import moments_of
from localedit_core.evaluation.real_pictures import find_pictures, read_pictures

PAIRS_AT_A_TIME = 20
"""Handed out together: sums of many features are long to keep."""


def report_distances(
    arguments: argparse.Namespace, study: Study, features: Features, name: str
) -> None:
    """Measure, write ``name``.json and .csv where there is a folder, print."""
    size = arguments.size or study.model.generator.resolution
    paths = None if arguments.real is None else find_pictures(arguments.real)
    settings = transfer_settings(study, arguments)
    job = FrechetJob(study.parts, settings, size, study.psi, study.first_seed, features)
    sums = study.measure(arguments, job, name, per_range=PAIRS_AT_A_TIME)
    real = None
    if paths is not None:
        total = len(paths)
        with progress_bar("real pictures") as progress:
            pictures = read_pictures(paths, size)
            real = moments_of(pictures, features, lambda done: progress(done, total))
    facts = frechet_facts(job, sums, real)
    if study.out is not None:
        for suffix in FRECHET_SUFFIXES:
            write_frechet(study.out / f"{name}{suffix}", facts)
    if arguments.json:
        print(json.dumps(facts))
        return
    _print_table(facts)


def _print_table(facts: Mapping[str, Any]) -> None:
    measure = facts["measure"][0].upper() + facts["measure"][1:]
    print(f"{measure} on {facts['features']}, of {facts['pairs']} pictures each, to")
    columns = {"independent": facts["distance"], "unedited": facts["to_unedited"]}
    if "to_real" in facts:
        columns[f"{facts['real_pictures']} real"] = facts["to_real"]
    print(" " * 24, *(f"{name:>12}" for name in columns))
    for name in facts["distance"]:
        values = (
            f"{found[name]:12.5f}" if name in found else " " * 12 for found in columns.values()
        )
        print(f"{name:<24}", *values)
    print("Few pictures make it too high: compare equal numbers only (the paper takes 50,000).")
