"""How close a generator comes to its renderer, and how evenly its pictures change."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from localedit_core.editing.difference import delta_e_lab, to_lab
from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.pictures import to_picture
from measuring.subject import latents
from measuring.transfers import unit_range
from training.mixing import CROSSOVERS, mixed_styles, mixture_of
from training.world import World

UNSEEN_SEED = 987_654_321  # training draws from small seeds
FIRST_PATH_SEED = 800_000
BATCH = 8


def unseen_latents(world: World, count: int) -> Tensor:
    """Return latents [count, z_dim] that training never saw."""
    source = torch.Generator().manual_seed(UNSEEN_SEED)
    return torch.randn(count, world.z_dim, generator=source)


@torch.no_grad()
def made_pictures(generator: Generator, z: Tensor, psi: float = 1.0) -> Tensor:
    """Return the generator's pictures [N, 3, H, W] in 0..1."""
    return _pictures(generator, generator.styles(generator.broadcast(generator.mapping(z), psi)))


def _pictures(generator: Generator, styles: Styles) -> Tensor:
    return unit_range(generator.synthesize(styles).image)


def measure(world: World, generator: Generator, count: int) -> dict[str, float]:
    """Return PSNR in dB over ``count`` unseen pictures, in total and inside each part.

    The total is that of the mean squared error over all pictures; the mean of the pictures' own
    PSNR is given beside it.
    """
    squared = torch.zeros(len(world.part_names), dtype=torch.float64)
    pixels = torch.zeros(len(world.part_names), dtype=torch.float64)
    per_picture: list[Tensor] = []
    for z in torch.split(unseen_latents(world, count), BATCH):
        wanted, parts = world.render(z, generator.resolution)  # [N, 3, H, W], [N, H, W]
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


@torch.no_grad()
def mixing_psnr(world: World, generator: Generator, count: int) -> dict[int, float]:
    """Return PSNR in dB of style mixing at each crossover, over ``count`` unseen pictures.

    Two pictures are mixed of which one has the coarse factors of an unseen z and the other its fine
    ones (``World.levels``); the truth is the picture of that z.
    """
    squared = dict.fromkeys(CROSSOVERS, 0.0)
    levels = torch.tensor(world.levels)  # [z_dim]
    source = torch.Generator().manual_seed(UNSEEN_SEED)
    for z in torch.split(unseen_latents(world, count), BATCH):
        wanted, _ = world.render(z, generator.resolution)  # [N, 3, H, W]
        for crossover in CROSSOVERS:
            mixture = mixture_of(z, levels, crossover, source)
            coarse, fine = (
                generator.styles(generator.broadcast(generator.mapping(latent)))
                for latent in (mixture.coarse, mixture.fine)
            )
            styles = mixed_styles(generator.layers, coarse, fine, crossover)
            error = _pictures(generator, styles) - wanted
            squared[crossover] += float(error.square().mean()) * len(z)
    return {side: -10.0 * math.log10(total / count) for side, total in squared.items()}


@torch.no_grad()
def largest_step(generator: Generator, paths: int = 20, steps: int = 16) -> float:
    """Return how uneven walks through w are: the largest step over the mean step, 1 at best.

    A path goes straight from the w of one unseen picture to that of another, in equal steps. The
    length of a step is the mean CIE76 delta E between the two pictures. The median over the paths
    is returned.
    """
    ratios: list[float] = []
    for path in range(paths):
        seeds = (FIRST_PATH_SEED + 2 * path, FIRST_PATH_SEED + 2 * path + 1)
        ends = generator.mapping(latents(generator.z_dim, seeds))  # [2, w_dim]
        labs: list[np.ndarray] = []
        for weights in torch.split(torch.linspace(0.0, 1.0, steps + 1)[:, None], BATCH):
            styles = generator.styles(generator.broadcast(torch.lerp(ends[:1], ends[1:], weights)))
            image = generator.synthesize(styles).image
            labs += [to_lab(to_picture(image[n : n + 1])) for n in range(len(image))]
        lengths = [float(delta_e_lab(a, b).mean()) for a, b in pairwise(labs)]
        ratios.append(max(lengths) / max(float(np.mean(lengths)), 1e-12))
    return float(np.median(ratios))
