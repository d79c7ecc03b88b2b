"""``localedit evaluate locality``: change outside against change inside, method by method."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence

from localedit_core.commands.study import open_study
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.curves import sweeps_of
from localedit_core.evaluation.locality import LocalityResult, locality_result
from localedit_core.evaluation.locality_job import LocalityJob
from localedit_core.evaluation.locality_report import locality_facts, shortfalls, write_locality
from localedit_core.evaluation.plots import check_plots, curve_label


def run(arguments: argparse.Namespace) -> None:
    """Study the parts asked for; print Out-MSE at matched In-MSE; write the report."""
    for share in arguments.at:
        if not math.isfinite(share) or not 0.0 <= share <= 1.0:
            raise LocalEditError(f"--at {share} is out of range.", "Use 0 to 1.")
    study = open_study(arguments)
    job = LocalityJob.of(
        study.catalog,
        study.model.generator,
        study.parts,
        sweeps=sweeps_of(arguments.methods),
        guards=arguments.guards,
        size=arguments.size,
        psi=study.psi,
        first_seed=study.first_seed,
        blend_to=arguments.blend_to,
    )
    if study.out is not None:
        check_plots()
    sums = study.measure(arguments, job, "locality")
    results = [locality_result(job, sums, part) for part in range(len(job.parts))]
    if study.out is not None:
        for suffix in (".json", ".csv", ".png"):
            write_locality(study.out / f"locality{suffix}", results, arguments.at)
    if arguments.json:
        print(json.dumps(locality_facts(results, arguments.at)))
        return
    for result in results:
        _print_table(result, arguments.at)
        for found in shortfalls(result, arguments.at):
            print(f"  {found.told(result.settings.floor)}")


def _print_table(result: LocalityResult, shares: Sequence[float]) -> None:
    print(
        f"{result.part}: {result.pairs} pairs, Out-MSE at equal In-MSE (shares of the whole; 95 % "
        "interval over pairs; ROIR)"
    )
    labels = [curve_label(curve) for curve in result.curves]
    rows = [["In-MSE", *labels]]
    for share in shares:
        row = [f"{share:.2f}"]
        for number, curve in enumerate(result.curves):
            value = curve.out_at(share)
            if value is None:
                row.append("not reached")
                continue
            known, roir = result.interval_at(share, number), curve.roir_at(share)
            text = f"{value:.4f}"
            text += "" if known is None else f" ({known[0]:.4f} to {known[1]:.4f})"
            row.append(text + ("" if roir is None else f"; {roir:.2f}"))
        rows.append(row)
    widths = [max(8, *(len(row[n]) for row in rows)) for n in range(len(rows[0]))]
    for row in rows:
        print("  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)))
