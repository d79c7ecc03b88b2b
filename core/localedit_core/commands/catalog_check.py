"""``localedit catalog check``: each part on unseen pictures, and a trial transfer of it."""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.sheets import draw_strip
from localedit_core.checkpoints.native import load_generator
from localedit_core.commands.progress import progress_bar
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.checking import PartCheck, check_part, trial_transfer
from localedit_core.generators.base import Generator
from localedit_core.library import generator_beside, generator_path, open_catalog
from localedit_core.session.png import export_png


def run(arguments: argparse.Namespace) -> None:
    """Print shares, channels and In- and Out-MSE of the parts; draw their strips."""
    path, catalog = open_catalog(arguments.file)
    named = arguments.model
    model = load_generator(generator_path(named) if named else generator_beside(path))
    names = arguments.parts or [part.name for part in catalog.parts]
    if not names:
        raise LocalEditError(
            "None of the catalog's clusters has a name yet.",
            "Name some: localedit catalog label.",
        )
    strips, facts = [], []
    with progress_bar("parts", "part") as progress:
        for index, name in enumerate(names):
            progress(index, len(names))
            check = check_part(model.generator, catalog, name, seeds=arguments.seeds)
            strips.append(draw_strip(check.pictures, check.masks, name))
            facts.append(_facts(model.generator, catalog, name, check))
        progress(len(names), len(names))
    if arguments.strips is not None:
        description = "Parts of generated pictures, no photographs."
        export_png(arguments.strips, np.concatenate(strips, axis=0), description=description)
    if arguments.json:
        print(json.dumps({"kind": "check", "parts": facts}))
        return
    for part in facts:
        channels = sum(part["channels_above_floor"].values())
        line = f"{part['name']:<16} {part['share']:6.1%} of the pictures"
        if part["channels_above_floor"]:
            line += f", {channels} channels above its floor"
        if part["trial"] is not None:
            line += (
                f", In-MSE {part['trial']['in_mse']:.4g}, Out-MSE {part['trial']['out_mse']:.4g}"
            )
        print(line)
    if not model.generator.has_styles:
        print(
            f"A generator of the family {model.generator.family} has no styles that a query could "
            "move: features were blended."
        )


def _facts(generator: Generator, catalog: Catalog, name: str, check: PartCheck) -> dict[str, Any]:
    trial: dict[str, Any] | None = None
    target, reference = check.seeds[0], check.seeds[-1]
    measures = trial_transfer(generator, catalog, name, target, reference).measures
    if measures is not None:
        trial = {
            "target": target,
            "reference": reference,
            "in_mse": measures.in_mse,
            "out_mse": measures.out_mse,
        }
    floor = catalog.part(name).floor
    above = {layer: int((m > floor).sum()) for layer, m in catalog.contribution(name).items()}
    return {
        "name": name,
        "share": check.share,
        "seeds": list(check.seeds),
        "shares": [float(mask.mean()) for mask in check.masks],
        "channels_above_floor": above,
        "histogram": {
            layer: {"counts": counts.tolist(), "edges": edges.tolist()}
            for layer, (counts, edges) in check.histogram.items()
        },
        "trial": trial,
    }
