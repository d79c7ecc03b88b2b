"""Measures a bundled generator against its renderer on unseen z, and draws a contact sheet.

python packaging/demo_models/evaluate.py faces [--pictures 500] [--sheet sheet.png]
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "core"))

import cv2  # noqa: E402
import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from localedit_core.checkpoints.native import load_generator  # noqa: E402
from localedit_core.generators.base import Generator  # noqa: E402
from training.world import World  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

MODELS = ROOT / "resources" / "localedit_resources" / "models"
UNSEEN_SEED = 987_654_321  # training draws from small seeds


def unseen_latents(world: World, count: int) -> Tensor:
    """Return latents [count, z_dim] that training never saw."""
    source = torch.Generator().manual_seed(UNSEEN_SEED)
    return torch.randn(count, world.z_dim, generator=source)


@torch.no_grad()
def made_pictures(generator: Generator, z: Tensor) -> Tensor:
    """Return the generator's pictures [N, 3, H, W] in 0..1."""
    styles = generator.styles(generator.broadcast(generator.mapping(z)))
    return ((generator.synthesize(styles).image + 1.0) * 0.5).clamp(0.0, 1.0)


def measure(world: World, generator: Generator, count: int) -> dict[str, float]:
    """Return PSNR in dB over ``count`` unseen pictures, in total and inside each part.

    The total is that of the mean squared error over all pictures; the mean of the pictures' own
    PSNR is given beside it.
    """
    squared = torch.zeros(len(world.part_names), dtype=torch.float64)
    pixels = torch.zeros(len(world.part_names), dtype=torch.float64)
    per_picture: list[Tensor] = []
    for z in torch.split(unseen_latents(world, count), 8):
        wanted, parts = world.render(z, world.resolution)  # [N, 3, H, W], [N, H, W]
        error = (made_pictures(generator, z) - wanted).square().mean(dim=1)  # [N, H, W]
        flat = parts.flatten().long()
        squared.index_add_(0, flat, error.flatten().double())
        pixels.index_add_(0, flat, torch.ones_like(flat, dtype=torch.float64))
        per_picture.append(-10.0 * error.mean(dim=(1, 2)).log10())
    result = {
        "all": -10.0 * math.log10(float(squared.sum() / pixels.sum())),
        "mean of pictures": float(torch.cat(per_picture).mean()),
    }
    for name, error_sum, area in zip(world.part_names, squared, pixels, strict=True):
        if area > 0:
            result[name] = -10.0 * math.log10(float(error_sum / area))
    return result


def contact_sheet(world: World, generator: Generator, columns: int, rows: int) -> Tensor:
    """Return rows of rendered pictures, each above the generator's own; uint8 [H, W, 3]."""
    strips: list[Tensor] = []
    for z in torch.split(unseen_latents(world, columns * rows), columns):
        wanted, _ = world.render(z, world.resolution)
        for pictures in (wanted, made_pictures(generator, z)):
            strips.append(torch.cat(list(pictures), dim=2))  # [3, H, columns * W]
    sheet = torch.cat(strips, dim=1)
    return (sheet * 255.0 + 0.5).to(torch.uint8).permute(1, 2, 0)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--model", type=Path, help="another file than the bundled one")
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--sheet", type=Path, help="where to draw rendered above generated")
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--rows", type=int, default=3)
    arguments = parser.parse_args()
    world = make_world(arguments.world)
    model = load_generator(arguments.model or MODELS / f"{world.name}.safetensors")
    if arguments.pictures:
        for name, decibels in measure(world, model.generator, arguments.pictures).items():
            print(f"{name:17s} {decibels:6.2f} dB")
    if arguments.sheet:
        sheet = contact_sheet(world, model.generator, arguments.columns, arguments.rows)
        cv2.imwrite(str(arguments.sheet), sheet.numpy()[..., ::-1])
        print(f"wrote {arguments.sheet}")


if __name__ == "__main__":
    main()
