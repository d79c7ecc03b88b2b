"""``localedit evaluate locality``: change outside against change inside, method by method."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from localedit_core.atomic import atomic_write
from localedit_core.commands.study import open_study
from localedit_core.editing.edit import Method
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.curves import sweeps_of
from localedit_core.evaluation.locality import LocalityResult, locality_result
from localedit_core.evaluation.locality_job import LocalityJob
from localedit_core.evaluation.plots import check_plots, curve_label, plot_locality


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
    )
    if study.out is not None:
        check_plots()
    sums = study.measure(arguments, job, "locality")
    results = [locality_result(job, sums, part) for part in range(len(job.parts))]
    facts = {"parts": [_facts(result, arguments.at) for result in results]}
    if study.out is not None:
        _write_report(study.out, results, facts)
    if arguments.json:
        print(json.dumps(facts))
        return
    for result in results:
        _print_table(result, arguments.at)
        for line in _failures(result, arguments.at):
            print(f"  {line}")


def _facts(result: LocalityResult, shares: Sequence[float]) -> dict[str, Any]:
    """One part's result as JSON takes it; ``matched`` compares methods at equal In-MSE."""
    facts: dict[str, Any] = json.loads(result.to_json())
    matched: list[dict[str, Any]] = []
    for share in shares:
        outside = {curve_label(curve): curve.out_at(share) for curve in result.curves}
        more = {
            curve_label(curve): {
                "interval": result.interval_at(share, number),
                "roir": curve.roir_at(share),
            }
            for number, curve in enumerate(result.curves)
        }
        matched.append({"in_mse": share, **outside, "details": more})
    return facts | {"matched": matched, "not_below": list(_failures(result, shares))}


def _failures(result: LocalityResult, shares: Sequence[float]) -> Iterator[str]:
    """Where the sequential query does not lie below the two others, and what is known of it."""
    keys = [(curve.method, curve.guard) for curve in result.curves]
    for number, (method, guard) in enumerate(keys):
        if method is not Method.SEQUENTIAL:
            continue
        for other in (Method.SIMULTANEOUS, Method.GLOBAL):
            if (other, guard) not in keys:
                continue
            against = keys.index((other, guard))
            for share in shares:
                ratio = result.ratio_at(share, number, against)
                mine = curve_label(result.curves[number])
                if ratio is None and result.curves[number].out_at(share) is None:
                    most = max(point.in_mse for point in result.curves[number].points)
                    if result.curves[against].out_at(share) is not None:
                        yield (
                            f"{mine} does not reach In-MSE {share:g} ({most:.2f} at most, with "
                            f"floor {result.settings.floor:g}), {other.value} does"
                        )
                elif ratio is not None and ratio >= 1.0:
                    low_high = result.ratio_interval_at(share, number, against)
                    within = low_high is not None and low_high[0] < 1.0
                    why = "within noise" if within else "not by chance"
                    if low_high is None:
                        why = "too few pairs for an interval"
                    yield (
                        f"{mine} is not below {other.value} at In-MSE {share:g}: "
                        f"{ratio:.2f} times its Out-MSE, {why}"
                    )


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


def _write_report(folder: Path, results: Sequence[LocalityResult], facts: dict[str, Any]) -> None:
    atomic_write(folder / "locality.json", (json.dumps(facts, indent=1) + "\n").encode())
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("part", "pairs", "method", "guard", "parameter", "in_mse", "out_mse", "roir"))
    for result in results:
        for curve in result.curves:
            for point in curve.points:
                numbers = (point.parameter, point.in_mse, point.out_mse, point.roir)
                about = (result.part, result.pairs, curve.method.value, curve.guard)
                writer.writerow((*about, *numbers))
    atomic_write(folder / "locality.csv", table.getvalue().encode())
    plot_locality(folder / "locality.png", results)
