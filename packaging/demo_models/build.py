"""Builds a bundled generator and all that comes with it.

    python packaging/demo_models/build.py faces [--hours H] [--device D] [--resume] [--smoke]
    python packaging/demo_models/build.py faces --go-on [--hours H]
    python packaging/demo_models/build.py faces --catalog-only

It renders a world, trains a StyleGAN2 on it, labels its catalog from the stored label file,
measures both, and writes generator, catalog, card and example sessions.
``--resume`` goes on from the last checkpoint of an unfinished run, ``--go-on`` from the bundled
weights, so that they get better step by step. ``--catalog-only`` leaves the weights as they are.

PSNR, V-measure, IoU part by part and locality on ``--pairs`` pairs are printed; PSNR goes into the
generator's card, the rest into ``measured.json`` in the working folder.

Everything else (pictures, checkpoints) lies in the working folder, ``--work``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A script's folder is importable by itself; the library may not be installed where this runs.
sys.path.insert(1, str(ROOT / "core"))

from localedit_core.generators.threads import prepare_threads  # noqa: E402

if __name__ == "__main__":
    prepare_threads()  # before torch is loaded

import torch  # noqa: E402

from curate import Choices, choices_path, curate  # noqa: E402
from evaluate import measure, measure_locality, measure_parts  # noqa: E402
from label_clusters import build_labelled_catalog  # noqa: E402
from localedit_core.checkpoints.native import load_generator, save_generator  # noqa: E402
from localedit_core.generators.stylegan2 import StyleGAN2  # noqa: E402
from measuring.labels import Labels, label_path  # noqa: E402
from measuring.subject import load_subject  # noqa: E402
from measuring.tables import markdown, number, write_json  # noqa: E402
from training.dataset import RenderedSet, render_in_background  # noqa: E402
from training.recipe import Recipe  # noqa: E402
from training.trainer import Trainer, store_mean_latent  # noqa: E402
from training.world import World  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

LICENCE = "MIT"
MODELS = ROOT / "resources" / "localedit_resources" / "models"


@dataclass(frozen=True)
class Amount:
    """How much is measured.

    Attributes:
        unseen: pictures for PSNR.
        pictures: true part maps that name clusters, and as many to judge the names by.
        pairs: for locality.
        size: side of their pictures.
        samples: pictures that the catalog is made of; None is what the label file says.
    """

    unseen: int
    pictures: int
    pairs: int
    size: int
    samples: int | None = None


SMOKE = Amount(unseen=8, pictures=8, pairs=2, size=32, samples=16)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--hours", type=float, default=1.25, help="time to train")
    parser.add_argument("--pictures", type=int, default=8192, help="pictures to render")
    parser.add_argument("--pairs", type=int, default=20, help="to measure locality on")
    parser.add_argument("--workers", type=int, default=1, help="processes that render")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for the model file")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "demo_models")
    parser.add_argument("--device", default="auto", help="cpu, cuda, ...; auto takes a GPU if any")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--go-on", action="store_true", help="go on from the bundled weights")
    parser.add_argument("--mapping", choices=["blocks", "dense"], default="blocks")
    parser.add_argument("--no-locality", action="store_true", help="without the locality term")
    parser.add_argument(
        "--mixing", type=float, default=0.0, help="share of pictures made by style mixing"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the first weights")
    parser.add_argument("--export-only", action="store_true", help="write the last checkpoint")
    parser.add_argument("--catalog-only", action="store_true", help="rebuild the catalog alone")
    parser.add_argument("--smoke", action="store_true", help="a few steps, to see that all runs")
    return parser.parse_args()


def choose_recipe(arguments: argparse.Namespace, world: World) -> Recipe:
    """Return the recipe that the command line asks for."""
    recipe = Recipe.of(world.resolution, arguments.hours * 3600.0)
    recipe = replace(
        recipe, mapping=arguments.mapping, seed=arguments.seed, mixing=arguments.mixing
    )
    if arguments.no_locality:
        recipe = replace(recipe, locality_weight=0.0)
    if arguments.go_on:
        recipe = recipe.going_on()
    return recipe.smoke(min(30.0, recipe.seconds)) if arguments.smoke else recipe


def choose_device(name: str) -> str:
    """Return the device to train on; "auto" is a GPU where there is one."""
    if name != "auto":
        return name
    return "cuda" if torch.cuda.is_available() else "cpu"


def bundled_weights(path: Path) -> tuple[StyleGAN2, str]:
    """Return the bundled generator to go on from, and what its card says of its training."""
    model = load_generator(path)
    assert isinstance(model.generator, StyleGAN2)
    return model.generator.requires_grad_(True), model.card.get("trained", "")


def model_card(
    recipe: Recipe, trainer: Trainer, decibels: Mapping[str, float], before: str = ""
) -> dict[str, str]:
    """Return what the model's file says about how it came about and how well it came out.

    Args:
        recipe: how it was trained last.
        trainer: after that.
        decibels: PSNR, of all and of each part.
        before: what was told of the training of the weights that it went on from.
    """
    mixed = f"; {recipe.mixing:.0%} of the pictures by style mixing" if recipe.mixing else ""
    local = "with" if recipe.locality_weight > 0 else "without"
    parts = ", ".join(f"{name} {value:.1f}" for name, value in decibels.items())
    return {
        "trained": (
            f"by regression from z to pictures, {trainer.step} steps in "
            f"{trainer.elapsed / 60:.0f} minutes on {trainer.device}; mapping network: "
            f"{recipe.mapping}; {local} the locality term{mixed}"
            + (f". Before that: {before}" if before else "")
        ),
        "data": (
            f"{len(trainer.rendered.ready())} pictures of the project's own renderer"
            + (" and their mirror images" if trainer.rendered.world.mirror is not None else "")
        ),
        "people": "No real person and no photograph is in it.",
        "psnr_db": f"on z it has not seen: {parts}",
        "date": datetime.now(UTC).date().isoformat(),
    }


def showable(choices: Choices, parts: Sequence[str]) -> Choices:
    """Return the choices without what needs a part that the catalog lacks.

    Args:
        choices: made by eye for good weights; those of a short training may lack parts.
        parts: names of the catalog's parts, at least one.
    """
    kept = [e for e in choices.examples if all(edit["part"] in parts for edit in e.edits)]
    for example in choices.examples:
        if example not in kept:
            print(f"left out, a part of it was not found: the example {example.title!r}")
    first = choices.first_transfer
    if first.part not in parts:
        first = replace(first, part=parts[0])
    return replace(choices, examples=tuple(kept), first_transfer=first)


def write_companions(world: World, model: Path, pictures: int, samples: int | None = None) -> None:
    """Write what belongs to a generator's file: catalog, card, examples.

    Args:
        world: what it was trained on.
        model: its file; the others come beside it.
        pictures: how many true part maps name the clusters.
        samples: how many pictures the catalog is made of; None is what the label file says.
    """
    labels = Labels.read(label_path(world.name))
    labels = labels if samples is None else replace(labels, n_samples=samples)
    catalog = build_labelled_catalog(world, model, labels=labels, pictures=pictures)
    choices = showable(
        Choices.read(choices_path(world.name)), [part.name for part in catalog.parts]
    )
    for path in curate(world.name, choices, model.parent):
        print(f"wrote {path}")


def evaluate(world: World, model: Path, out: Path, amount: Amount) -> None:
    """Measure a generator's catalog against the true parts, and locality; print and store it.

    Args:
        world: what the generator was trained on.
        model: its file, with the catalog beside it; PSNR stands in its card already.
        out: where the numbers are written.
        amount: how much is measured.
    """
    subject = load_subject(world, model)
    parts = measure_parts(subject, amount.pictures)
    print()
    locality = measure_locality(subject, amount.pairs, amount.size)
    write_json(out, {"parts": parts, "locality": locality})
    print(f"wrote {out}")


def build_generator(
    arguments: argparse.Namespace, world: World, work: Path, model: Path, amount: Amount
) -> None:
    """Render, train, measure PSNR, and write the generator's file."""
    recipe = choose_recipe(arguments, world)
    device = choose_device(arguments.device)
    pictures = 64 if arguments.smoke else arguments.pictures
    rendered = RenderedSet.open(world, work / "data", pictures)
    start, before = bundled_weights(MODELS / model.name) if arguments.go_on else (None, "")
    trainer = Trainer(rendered, recipe, work / "checkpoint.pt", device, start)
    if (arguments.resume or arguments.export_only) and trainer.checkpoint.exists():
        trainer.resume()
    if not arguments.export_only:
        if device != "cpu":
            rendered.render_missing(device)
        elif arguments.workers and not rendered.done.all():
            render_in_background(world, work / "data", pictures, workers=arguments.workers)
        trainer.run()
    generator = trainer.average.cpu()
    store_mean_latent(generator)
    arguments.out.mkdir(parents=True, exist_ok=True)
    decibels = measure(world, generator, amount.unseen)
    print(markdown(("over", "PSNR, dB"), [(k, number(v, 2)) for k, v in decibels.items()]))
    card = model_card(recipe, trainer, decibels, before)
    save_generator(
        generator,
        model,
        name=world.name,
        description=world.description,
        licence=LICENCE,
        card=card,
        dtype=torch.float16,
    )
    print(f"wrote {model}, {model.stat().st_size / 1e6:.1f} MB, after {trainer.step} steps")


def main() -> None:
    """Do what the command line says."""
    arguments = parse_arguments()
    world = make_world(arguments.world)
    model = arguments.out / f"{world.name}.safetensors"
    amount = SMOKE if arguments.smoke else Amount(500, 200, arguments.pairs, 64)
    work = arguments.work / (f"{world.name}-smoke" if arguments.smoke else world.name)
    if not arguments.catalog_only:
        build_generator(arguments, world, work, model, amount)
    write_companions(world, model, amount.pictures, amount.samples)
    work.mkdir(parents=True, exist_ok=True)
    evaluate(world, model, work / "measured.json", amount)


if __name__ == "__main__":
    main()
