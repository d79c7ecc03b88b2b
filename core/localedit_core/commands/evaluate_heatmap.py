"""``localedit evaluate heatmap``: where transfers of each part change pictures."""

from __future__ import annotations

import argparse
import json

from localedit_core.commands.study import open_study, transfer_settings
from localedit_core.evaluation.heatmaps import HeatmapJob, heatmap_facts, write_heatmaps


def run(arguments: argparse.Namespace) -> None:
    """Measure, and write the maps as a sheet (PNG, PDF) and as numbers (npz)."""
    study = open_study(arguments)
    generator = study.model.generator
    job = HeatmapJob(
        study.parts,
        transfer_settings(study, arguments),
        arguments.size or generator.resolution,
        study.psi,
        study.first_seed,
    )
    sums = study.measure(arguments, job, "heatmap")
    assert study.out is not None  # required of this command
    for suffix in (".png", ".pdf", ".npz"):
        write_heatmaps(study.out / f"heatmap{suffix}", study.parts, sums)
    facts = heatmap_facts(study.parts, sums)
    if arguments.json:
        print(json.dumps({"pairs": int(sums.pairs), "out": str(study.out), "parts": facts}))
        return
    for name, values in facts.items():
        print(f"{name:<16} mean {values['mean']:.6f}, largest {values['largest']:.6f}")
    print(f"wrote {study.out / 'heatmap.png'}, .pdf and .npz ({int(sums.pairs)} pairs)")
