"""``localedit evaluate locality``: change outside against change inside, method by method."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.curves import Curve, sweeps_of
from localedit_core.evaluation.locality import (
    FIRST_HELD_OUT_SEED,
    LocalityResult,
    LocalityStudy,
    seed_pairs,
)
from localedit_core.generators.devices import choose_device
from localedit_core.latents import MAX_SEED, Latent
from localedit_core.library import open_labelled_model


def run(arguments: argparse.Namespace) -> None:
    """Study the parts asked for and print Out-MSE at matched In-MSE."""
    for share in arguments.at:
        if not math.isfinite(share) or not 0.0 <= share <= 1.0:
            raise LocalEditError(f"--at {share} is out of range.", "Use 0 to 1.")
    first_seed = FIRST_HELD_OUT_SEED if arguments.seed is None else arguments.seed
    if first_seed + 2 * arguments.pairs - 1 > MAX_SEED:
        raise LocalEditError(
            f"There are no {arguments.pairs} pairs of seeds from {first_seed} on.",
            "Use a smaller --seed or fewer --pairs.",
        )
    device = choose_device(arguments.device)
    model, catalog = open_labelled_model(arguments.model)
    place(model, device)
    names = arguments.parts or [part.name for part in catalog.parts]
    parts = [catalog.part(name) for name in names]
    if arguments.psi is not None:
        Latent(first_seed, arguments.psi)  # complains of a truncation that is out of range
    study = LocalityStudy(model.generator, catalog)
    results = []
    for part in parts:
        with progress_bar(part.name) as progress:
            result = study.run(
                part.name,
                seed_pairs(arguments.pairs, first_seed),
                sweeps=sweeps_of(arguments.methods),
                guards=arguments.guards,
                size=arguments.size,
                psi=arguments.psi,
                progress=progress,
            )
        results.append(result)
        if not arguments.json:
            _print_table(result, arguments.at)
    if arguments.json:
        print(json.dumps({"parts": [_facts(result, arguments.at) for result in results]}))


def _facts(result: LocalityResult, shares: Sequence[float]) -> dict[str, Any]:
    """One part's result as JSON takes it; ``matched`` compares methods at equal In-MSE."""
    facts: dict[str, Any] = json.loads(result.to_json())
    matched: list[dict[str, float | None]] = []
    for share in shares:
        outside = {_label(curve): curve.out_at(share) for curve in result.curves}
        matched.append({"in_mse": share, **outside})
    return facts | {"matched": matched}


def _print_table(result: LocalityResult, shares: Sequence[float]) -> None:
    print(f"{result.part}: {result.pairs} pairs, Out-MSE at equal In-MSE (shares of the whole)")
    labels = [_label(curve) for curve in result.curves]
    widths = [max(12, len(label)) for label in labels]
    heads = (label.rjust(width) for label, width in zip(labels, widths, strict=True))
    print("  ".join(["In-MSE".rjust(8), *heads]))
    for share in shares:
        row = [f"{share:8.2f}"]
        for curve, width in zip(result.curves, widths, strict=True):
            value = curve.out_at(share)
            row.append(("not reached" if value is None else f"{value:.4f}").rjust(width))
        print("  ".join(row))


def _label(curve: Curve) -> str:
    """What to call a curve: its method, and its guard where it has one."""
    return curve.method.value + (f", guard {curve.guard:g}" if curve.guard else "")
