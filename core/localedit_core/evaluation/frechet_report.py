"""What a Frechet distance is told as."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from localedit_core.atomic import atomic_write
from localedit_core.evaluation.frechet import FrechetJob, FrechetSums, frechet_distance
from localedit_core.evaluation.tables import csv_table

FRECHET_SUFFIXES = (".json", ".csv")
_AGAINST = "independent"


def frechet_facts(job: FrechetJob, sums: FrechetSums) -> dict[str, Any]:
    """Features, pairs and the distance of each set of pictures, as JSON takes them.

    Raises:
        LocalEditError: fewer than two pairs.
    """
    independent = sums.sets[_AGAINST]
    distances = {
        name: frechet_distance(moments, independent)
        for name, moments in sums.sets.items()
        if name != _AGAINST
    }
    features = f"pixels, {job.side} x {job.side}"
    return {"features": features, "pairs": int(independent.count), "distance": distances}


def write_frechet(path: Path, job: FrechetJob, sums: FrechetSums) -> None:
    """Write the distances as the suffix says (.json, .csv).

    Raises:
        LocalEditError: as in ``frechet_facts``, or the file cannot be written.
    """
    facts = frechet_facts(job, sums)
    if path.suffix == ".json":
        atomic_write(path, (json.dumps(facts, indent=1) + "\n").encode())
        return
    rows = [
        {"pictures": name, "distance": distance, "features": facts["features"]}
        for name, distance in facts["distance"].items()
    ]
    atomic_write(path, csv_table(rows))
