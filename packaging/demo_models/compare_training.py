"""Compares ways to train a bundled generator: mapping network and locality term, same budget.

    python packaging/demo_models/compare_training.py rooms --work FOLDER [--steps 1500] [--seeds 3]
    python packaging/demo_models/compare_training.py rooms --work FOLDER --first-seed 2 --seeds 1

Every combination of a mapping network in blocks or dense, with or without the locality term, is
trained from each seed at a small size, gets a catalog by the stored label file, and is measured:
PSNR on unseen z, and Out-MSE at matched In-MSE with the renderer's true masks. The budget is a
number of steps, so that a busy machine does not favour anybody. A run leaves its weights and its
numbers in the folder; what is there is not done again. The table is of the seeds asked for: as many
as ``--seeds`` says, from ``--first-seed`` on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "core"))

from localedit_core.generators.threads import prepare_threads  # noqa: E402

if __name__ == "__main__":
    prepare_threads()  # before torch is loaded

import torch  # noqa: E402

from label_clusters import label  # noqa: E402
from localedit_core.checkpoints.native import load_generator, save_generator  # noqa: E402
from localedit_core.editing.edit import QuerySettings  # noqa: E402
from localedit_core.evaluation.pairs import seed_pairs  # noqa: E402
from localedit_core.generators.base import Generator  # noqa: E402
from measuring.arms import ARMS, Arm, part_table, summary_table  # noqa: E402
from measuring.comparison import compare  # noqa: E402
from measuring.labels import Labels, label_path  # noqa: E402
from measuring.locality import Walk, choose_floors, choose_parameters, study  # noqa: E402
from measuring.quality import measure  # noqa: E402
from measuring.subject import Subject  # noqa: E402
from measuring.tables import write_json  # noqa: E402
from measuring.transfers import working_size  # noqa: E402
from training.dataset import CHUNK, RenderedSet  # noqa: E402
from training.recipe import CHANNELS, Recipe  # noqa: E402
from training.trainer import Trainer, store_mean_latent  # noqa: E402
from training.world import World  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

PILOT_PAIRS = 8


class CountedTrainer(Trainer):
    """A trainer whose budget is a number of steps; the recipe's "seconds" are steps here."""

    def run(self) -> None:
        """Train until the steps are done."""
        torch.manual_seed(1_000_003 * self.recipe.seed + self.step)
        while self.step < self.recipe.seconds:
            report = self._train_step()
            self.step += 1
            self.elapsed = float(self.step)
            if self.step % 100 == 0:
                print(f"  step {self.step}: {report}", flush=True)
            if self.step % int(self.recipe.save_every) == 0:
                self.save()


def recipe_of(arm: Arm, seed: int, steps: int, side: int) -> Recipe:
    """Return the recipe of a run: the shipped one, cut off at ``side`` px (32 or 64)."""
    plain = Recipe(
        float(steps),
        stages=((32, 1.0, 16),) if side == 32 else ((32, 0.45, 16), (side, 1.0, 8)),
        channels=CHANNELS[: side.bit_length() - 2],
        mapping=arm.mapping,
        save_every=250.0,
        seed=seed,
    )
    return plain if arm.local else replace(plain, locality_weight=0.0)


def open_pictures(world: World, side: int, folder: Path, pictures: int) -> RenderedSet:
    """Open a set of rendered pictures: one that is there, of any size, or one of ``side`` px."""
    marks = folder / "done.u8"
    if marks.exists():
        count = min(pictures, marks.stat().st_size * CHUNK)
        pixels = (folder / "parts.u8").stat().st_size // (marks.stat().st_size * CHUNK)
        return RenderedSet.open(replace(world, resolution=round(pixels**0.5)), folder, count)
    rendered = RenderedSet.open(replace(world, resolution=side), folder, pictures)
    print(f"rendering {pictures} pictures of {side} px into {folder}", flush=True)
    rendered.render_missing("cpu")
    return rendered


def train(rendered: RenderedSet, recipe: Recipe, path: Path) -> None:
    """Train, going on from an unfinished run, and write the weights."""
    checkpoint = path.with_suffix(".checkpoint")
    trainer = CountedTrainer(rendered, recipe, checkpoint)
    if checkpoint.exists():
        trainer.resume()
    trainer.run()
    generator = trainer.average.cpu()
    store_mean_latent(generator)
    save_generator(generator, path, name=path.stem, dtype=torch.float32)
    checkpoint.unlink(missing_ok=True)


def judge(world: World, generator: Generator, pairs: int, pictures: int) -> dict[str, Any]:
    """Measure one run's generator: PSNR, how well clusters fit, and locality of every part."""
    labels = replace(Labels.read(label_path(world.name)), corrections={})
    found = label(world, generator, labels, pictures)
    subject = Subject(world, generator, found.catalog, labels)
    size = working_size(subject, generator.resolution)
    names = [part.name for part in found.catalog.parts]
    floors = choose_floors(subject, names, size, pairs=PILOT_PAIRS)
    walks = {name: Walk(QuerySettings(floor=floor)) for name, floor in floors.items()}
    chosen = choose_parameters(subject, walks, size, pairs=PILOT_PAIRS)
    changes = study(subject, chosen, seed_pairs(pairs), size, walks=walks)
    rows = [
        {"part": row.part, "in_mse": row.in_mse, **row.out_mse}
        for name in names
        for row in compare(name, changes[name], resamples=0)
        if row.mask == "true"
    ]
    return {
        "psnr": measure(world, generator, pictures)["all"],
        "v": found.v,
        "mean_iou": found.mean_iou,
        "pairs": pairs,
        "rows": rows,
    }


def run_all(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Do every run that has not been done; return the numbers of all."""
    world, work = make_world(arguments.world), arguments.work
    work.mkdir(parents=True, exist_ok=True)
    rendered: RenderedSet | None = None
    results: list[dict[str, Any]] = []
    first = arguments.first_seed
    for seed in range(first, first + arguments.seeds):
        # All arms of a seed first: a table can be made early.
        for arm in ARMS:
            name = f"{world.name}-{arm.name}-{seed}"
            numbers, weights = work / f"{name}.json", work / f"{name}.safetensors"
            if not numbers.exists():
                began = time.monotonic()
                print(name, flush=True)
                if not weights.exists():
                    data = arguments.data or work / f"{world.name}-data"
                    rendered = rendered or open_pictures(
                        world, arguments.side, data, arguments.pictures
                    )
                    recipe = recipe_of(arm, seed, arguments.steps, arguments.side)
                    train(rendered, recipe, weights)
                found = judge(
                    world, load_generator(weights).generator, arguments.pairs, arguments.judged
                )
                about = {"arm": arm.name, "seed": seed, "steps": arguments.steps}
                write_json(numbers, about | {"minutes": (time.monotonic() - began) / 60} | found)
            results.append(json.loads(numbers.read_text(encoding="utf-8")))
    return results


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--work", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--steps", type=int, default=1500, help="of each run")
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    parser.add_argument("--first-seed", type=int, default=0, help="the others follow it")
    parser.add_argument("--side", type=int, default=64, choices=(32, 64), help="of the pictures")
    parser.add_argument("--data", type=Path, help="rendered pictures of build.py, of any size")
    parser.add_argument("--pictures", type=int, default=4096, help="to train on")
    parser.add_argument("--judged", type=int, default=200, help="pictures to measure on")
    parser.add_argument("--pairs", type=int, default=40, help="to measure transfers on")
    parser.add_argument("--in-mse", type=float, default=0.2, help="where the table compares")
    arguments = parser.parse_args()
    results = run_all(arguments)
    print(summary_table(results, arguments.in_mse))
    print()
    print(part_table(results, arguments.in_mse))


if __name__ == "__main__":
    main()
