"""Measures transfers of each part over budgets and floors, to choose the parts' defaults.

    python packaging/demo_models/tune_defaults.py faces [--pairs 12] [--sheet FOLDER]

For every part it prints the change inside and outside the part, as shares of the full difference
between target and reference there, averaged over pairs of pictures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "core"))

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from localedit_core.catalog.storage import load_catalog  # noqa: E402
from localedit_core.checkpoints.native import load_generator  # noqa: E402
from localedit_core.editing.difference import squared_error  # noqa: E402
from localedit_core.editing.edit import Edit, QuerySettings  # noqa: E402
from localedit_core.editing.pipeline import Pipeline  # noqa: E402
from localedit_core.editing.request import Picture, RenderRequest  # noqa: E402
from localedit_core.latents import Latent  # noqa: E402
from worlds import WORLDS  # noqa: E402

MODELS = ROOT / "resources" / "localedit_resources" / "models"
EPSILONS = (10.0, 20.0, 40.0, 80.0, 120.0)
FLOORS = (0.02, 0.05, 0.1, 0.2, 0.3)
FIRST_SEED = 700_000


@dataclass(frozen=True)
class Setting:
    """One budget and floor with what it did: shares of the full difference, inside and outside."""

    epsilon: float
    floor: float
    inside: float
    outside: float


def latent(pipeline: Pipeline, number: int) -> Latent:
    """Return the n-th picture of the measurement."""
    return Latent(FIRST_SEED + number, pipeline.catalog.psi)


def edited(
    pipeline: Pipeline, pair: tuple[Latent, Latent], part: str, epsilon: float, floor: float
) -> Picture:
    """Return the picture [H, W, 3] with one part transferred."""
    settings = QuerySettings(epsilon=epsilon, floor=floor)
    edit = Edit("tune", part, pair[1], settings)
    results = pipeline.run(RenderRequest(0, 0, pair[0], (edit,)))
    return next(result.image for result in results if result.stage == "settled")


def measure(
    pipeline: Pipeline, part: str, pairs: int, grid: Sequence[tuple[float, float]]
) -> list[Setting]:
    """Return the change inside and outside ``part`` for each (epsilon, floor) of ``grid``."""
    sums: dict[tuple[float, float], NDArray[np.float64]] = {at: np.zeros(2) for at in grid}
    full, used = np.zeros(2), 0
    for number in range(pairs):
        pair = latent(pipeline, 2 * number), latent(pipeline, 2 * number + 1)
        target, reference = pipeline.view(pair[0]), pipeline.view(pair[1])
        roi = pipeline.roi(target, part) | pipeline.roi(reference, part)
        if not roi.any() or roi.all():
            continue
        used += 1
        full += _split(squared_error(target.image, reference.image), roi)
        for epsilon, floor in sums:
            image = edited(pipeline, pair, part, epsilon, floor)
            sums[epsilon, floor] += _split(squared_error(target.image, image), roi)
    full = np.maximum(full, 1e-12)
    if not used:
        return []
    return [Setting(e, f, *(change / full).tolist()) for (e, f), change in sums.items()]


def _split(error: NDArray[np.float32], roi: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.array([error[roi].mean(), error[~roi].mean()], dtype=np.float64)


def transfer_sheet(pipeline: Pipeline, part: str, epsilon: float, floor: float) -> Picture:
    """Return a sheet: references on top, two targets to the left, transfers between; [H, W, 3]."""
    references = [latent(pipeline, n) for n in range(20, 27)]
    targets = [latent(pipeline, n) for n in range(3)]
    blank = np.full_like(pipeline.view(targets[0]).image, 255)
    rows = [[blank, *(pipeline.view(r).image for r in references)]]
    for target in targets:
        row = [edited(pipeline, (target, r), part, epsilon, floor) for r in references]
        rows.append([pipeline.view(target).image, *row])
    return np.concatenate([np.concatenate(row, axis=1) for row in rows])


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--part", action="append", help="only these parts")
    parser.add_argument("--defaults", action="store_true", help="only the parts' defaults")
    parser.add_argument("--sheet", type=Path, help="folder for sheets of transfers at the defaults")
    arguments = parser.parse_args()
    model = load_generator(MODELS / f"{arguments.world}.safetensors")
    catalog = load_catalog(MODELS / f"{arguments.world}.catalog.safetensors")
    pipeline = Pipeline(model, catalog)
    for part in catalog.parts:
        if arguments.part and part.name not in arguments.part:
            continue
        if arguments.pairs:
            grid = [(part.epsilon, part.floor)]
            if not arguments.defaults:
                grid = [(epsilon, floor) for floor in FLOORS for epsilon in EPSILONS]
            print(f"{part.name}: share of the full difference inside, outside")
            for s in measure(pipeline, part.name, arguments.pairs, grid):
                numbers = f"{s.inside:.2f}, {s.outside:.3f}"
                print(f"  epsilon {s.epsilon:g}, floor {s.floor:g}: {numbers}", flush=True)
        if arguments.sheet:
            sheet = transfer_sheet(pipeline, part.name, part.epsilon, part.floor)
            cv2.imwrite(str(arguments.sheet / f"{part.name}.png"), sheet[..., ::-1])


if __name__ == "__main__":
    main()
