"""What Frechet distances are told as."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localedit_core.atomic import atomic_write
from localedit_core.evaluation.frechet import INDEPENDENT, UNEDITED, FrechetJob, FrechetSums
from localedit_core.evaluation.inception import InceptionFeatures
from localedit_core.evaluation.moments import Moments, frechet_distance
from localedit_core.evaluation.tables import csv_table

FRECHET_SUFFIXES = (".json", ".csv")


def frechet_facts(
    job: FrechetJob, sums: FrechetSums, real: Moments | None = None
) -> dict[str, Any]:
    """Measure, features, numbers of pictures and all distances, as JSON takes them.

    ``distance`` holds those to independent pictures of the generator: that of the unedited ones is
    what chance alone makes.

    Args:
        job: what was measured.
        sums: what it found.
        real: of real pictures, on the same features.

    Raises:
        LocalEditError: fewer than two pairs or real pictures.
    """
    fid = isinstance(job.features, InceptionFeatures) and job.features.is_published
    facts: dict[str, Any] = {
        "measure": "FID" if fid else "squared Frechet distance (no FID)",
        "features": job.features.name,
        "pairs": int(sums.sets[INDEPENDENT].count),
        "distance": _distances(sums, sums.sets[INDEPENDENT], {INDEPENDENT}),
        "to_unedited": _distances(sums, sums.sets[UNEDITED], {INDEPENDENT, UNEDITED}),
    }
    if real is not None:
        facts["real_pictures"] = int(real.count)
        facts["to_real"] = _distances(sums, real, {INDEPENDENT})
    return facts


def write_frechet(path: Path, facts: Mapping[str, Any]) -> None:
    """Write what ``frechet_facts`` says as the suffix has it (.json, .csv).

    Raises:
        LocalEditError: the file cannot be written.
    """
    if path.suffix.lower() == ".json":
        atomic_write(path, (json.dumps(facts, indent=1) + "\n").encode())
        return
    rows = [
        {
            "pictures": name,
            "distance": distance,
            "to_unedited": facts["to_unedited"].get(name),
            "to_real": facts.get("to_real", {}).get(name),
            "features": facts["features"],
        }
        for name, distance in facts["distance"].items()
    ]
    atomic_write(path, csv_table(rows))


def _distances(sums: FrechetSums, against: Moments, left_out: set[str]) -> dict[str, float]:
    return {
        name: frechet_distance(moments, against)
        for name, moments in sums.sets.items()
        if name not in left_out
    }
