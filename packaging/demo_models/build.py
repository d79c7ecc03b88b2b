"""Builds a bundled generator: renders its world, trains a StyleGAN2 on it, writes the model file.

    python packaging/demo_models/build.py faces [--hours H] [--out DIR] [--resume] [--smoke]
    python packaging/demo_models/build.py faces --catalog-only

Everything but the model itself (pictures, checkpoints) lies in the working folder, ``--work``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A script's folder is importable by itself; the library may not be installed where this runs.
sys.path.insert(1, str(ROOT / "core"))

import torch  # noqa: E402

from faces_world import make_world  # noqa: E402
from localedit_core.checkpoints.native import save_generator  # noqa: E402
from training.dataset import RenderedSet, render_in_background  # noqa: E402
from training.trainer import Recipe, Trainer, store_mean_latent  # noqa: E402

LICENCE = "MIT"
MODELS = ROOT / "resources" / "localedit_resources" / "models"


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=["faces"])
    parser.add_argument("--hours", type=float, default=1.25, help="time to train")
    parser.add_argument("--pictures", type=int, default=8192, help="pictures to render")
    parser.add_argument("--workers", type=int, default=1, help="processes that render")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for the model file")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "demo_models")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--export-only", action="store_true", help="write the last checkpoint")
    parser.add_argument("--catalog-only", action="store_true", help="rebuild the catalog alone")
    parser.add_argument("--smoke", action="store_true", help="a few steps, to see that all runs")
    return parser.parse_args()


def main() -> None:
    """Do what the command line says."""
    arguments = parse_arguments()
    world = make_world()
    model = arguments.out / f"{world.name}.safetensors"
    if arguments.catalog_only:
        from label_clusters import build_labelled_catalog

        build_labelled_catalog(world, model)
        return
    recipe = Recipe(seconds=arguments.hours * 3600.0)
    pictures = arguments.pictures
    if arguments.smoke:
        stages = ((32, 0.3, 4), (64, 0.6, 4), (128, 1.0, 4))
        recipe, pictures = replace(recipe, seconds=30.0, stages=stages), 64
    work = arguments.work / (f"{world.name}-smoke" if arguments.smoke else world.name)
    rendered = RenderedSet.open(world, work / "data", pictures)
    trainer = Trainer(rendered, recipe, work / "checkpoint.pt")
    if (arguments.resume or arguments.export_only) and trainer.checkpoint.exists():
        trainer.resume()
    if not arguments.export_only:
        if arguments.workers and not rendered.done.all():
            render_in_background(world, work / "data", pictures, workers=arguments.workers)
        trainer.run()
    generator = trainer.average
    store_mean_latent(generator)
    arguments.out.mkdir(parents=True, exist_ok=True)
    save_generator(
        generator,
        model,
        name=world.name,
        description=world.description,
        licence=LICENCE,
        dtype=torch.float16,
    )
    print(f"wrote {model}, {model.stat().st_size / 1e6:.1f} MB, after {trainer.step} steps")


if __name__ == "__main__":
    main()
