"""``localedit evaluate heatmap``: where transfers of each part change pictures."""

from __future__ import annotations

import argparse
import json

from localedit_core.atomic import atomic_path
from localedit_core.commands.study import open_study, transfer_settings
from localedit_core.evaluation.heatmaps import HeatmapJob, heatmap_sheet
from localedit_core.sheets.contact_sheet import write_sheet


def run(arguments: argparse.Namespace) -> None:
    """Measure, and write the maps as a sheet (PNG, PDF) and as numbers (npz)."""
    import numpy as np

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
    sheet = heatmap_sheet(study.parts, sums)
    description = "How far transfers change generated pictures, no photograph."
    for suffix in (".png", ".pdf"):
        write_sheet(study.out / f"heatmap{suffix}", sheet, description=description)
    means = sums.means
    with atomic_path(study.out / "heatmap.npz") as temporary:
        np.savez_compressed(temporary, parts=np.array(study.parts), **means)  # type: ignore[arg-type]
    facts = {
        name: {"mean": float(means["error"][n].mean()), "largest": float(means["error"][n].max())}
        for n, name in enumerate(study.parts)
    }
    if arguments.json:
        print(json.dumps({"pairs": int(sums.pairs), "out": str(study.out), "parts": facts}))
        return
    for name, values in facts.items():
        print(f"{name:<16} mean {values['mean']:.6f}, largest {values['largest']:.6f}")
    print(f"wrote {study.out / 'heatmap.png'}, .pdf and .npz ({int(sums.pairs)} pairs)")
