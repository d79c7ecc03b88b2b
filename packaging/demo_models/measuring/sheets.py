"""Sheets of pictures, to be looked at: draws, walks, mixtures, transfers, memberships."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from localedit_core.catalog.catalog import NO_PART, Catalog
from localedit_core.catalog.membership import resize_labels
from localedit_core.catalog.sampling import styles_of_seed
from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import rank_parts, solve
from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.pictures import to_picture
from measuring.quality import unseen_latents
from measuring.subject import latents
from training.mixing import mixed_styles
from training.world import World

Sheet = NDArray[np.uint8]  # [H, W, 3], sRGB

FIRST_DRAWN_SEED = 810_000
MARGIN = 96
"""Width of the column of names."""


def save_png(path: Path, sheet: Sheet) -> None:
    """Write a sheet; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(path)
    print(f"wrote {path}")


def fidelity_sheet(world: World, generator: Generator, cell: int, columns: int, rows: int) -> Sheet:
    """Draw rows of rendered pictures of unseen z, each above the generator's own."""
    strips: list[list[Sheet]] = []
    for z in torch.split(unseen_latents(world, columns * rows), columns):
        wanted, _ = world.render(z, generator.resolution)  # [N, 3, H, W]
        strips.append([_cell(2.0 * picture - 1.0, cell) for picture in wanted])
        strips.append([_picture(generator, _styles(generator, one[None]), cell) for one in z])
    return _grid(strips)


def random_sheet(generator: Generator, psi: float, cell: int, columns: int, rows: int) -> Sheet:
    """Draw the pictures of consecutive seeds at a truncation."""
    seeds = range(FIRST_DRAWN_SEED, FIRST_DRAWN_SEED + columns * rows)
    cells = [_picture(generator, styles_of_seed(generator, s, psi), cell) for s in seeds]
    return _grid([cells[row * columns : (row + 1) * columns] for row in range(rows)])


def walk_sheet(generator: Generator, cell: int, columns: int, rows: int) -> Sheet:
    """Draw straight walks through w, one per row, from one seed's picture to another's."""
    strips: list[list[Sheet]] = []
    for row in range(rows):
        seeds = (FIRST_DRAWN_SEED + 2 * row, FIRST_DRAWN_SEED + 2 * row + 1)
        with torch.inference_mode():
            ends = generator.mapping(latents(generator.z_dim, seeds))  # [2, w_dim]
            steps = torch.linspace(0.0, 1.0, columns)[:, None]
            walk = generator.broadcast(torch.lerp(ends[:1], ends[1:], steps))
        strips.append([_picture(generator, generator.styles(w[None]), cell) for w in walk])
    return _grid(strips)


def mixing_sheet(generator: Generator, cell: int, count: int, crossover: int) -> Sheet:
    """Draw style mixing: layers below ``crossover`` px of the rows' pictures, the rest columns'.

    The first column shows the rows' own pictures, the first row the columns'.
    """
    seeds = range(FIRST_DRAWN_SEED, FIRST_DRAWN_SEED + 2 * count)
    every = [styles_of_seed(generator, seed, 1.0) for seed in seeds]
    across, down = every[:count], every[count:]
    strips = [[_blank(cell), *(_picture(generator, styles, cell) for styles in across)]]
    for own in down:
        mixed = [mixed_styles(generator.layers, own, other, crossover) for other in across]
        strips.append([_picture(generator, styles, cell) for styles in (own, *mixed)])
    return _grid(strips)


def transfer_sheet(
    generator: Generator, catalog: Catalog, target: int, references: Sequence[int], cell: int
) -> Sheet:
    """Draw transfers at the parts' own budgets: the references on top, one row per part.

    The first picture of each row is the target with the part lit, then come the transfers.
    """
    psi, rankings = catalog.psi, rank_parts(catalog)
    own = styles_of_seed(generator, target, psi)
    others = [styles_of_seed(generator, seed, psi) for seed in references]
    picture = _picture(generator, own, cell)
    part_map = catalog.part_map(_clusters(generator, catalog, own), cell)
    first = [picture, *(_picture(generator, styles, cell) for styles in others)]
    strips = [[_name("", cell), *first]]
    for index, part in enumerate(catalog.parts):
        settings = QuerySettings(epsilon=part.epsilon, floor=part.floor)
        query = solve(rankings[part.name], settings, generator.layers)
        made = [_picture(generator, interpolate(own, other, query), cell) for other in others]
        strips.append([_name(part.name, cell), _lit(picture, part_map == index), *made])
    return _grid(strips)


def membership_sheet(
    generator: Generator, catalog: Catalog, cell: int = 128, columns: int = 8
) -> Sheet:
    """Draw some pictures, below them what each cluster covers, named by its part."""
    owner = {cluster: part.name for part in catalog.parts for cluster in part.clusters}
    order = sorted(range(catalog.n_clusters), key=lambda k: (owner.get(k, "~"), k))
    pictures, maps = [], []
    for seed in range(FIRST_DRAWN_SEED, FIRST_DRAWN_SEED + columns):
        styles = styles_of_seed(generator, seed, catalog.psi)
        pictures.append(_picture(generator, styles, cell))
        labels = _clusters(generator, catalog, styles)
        maps.append(resize_labels(labels, catalog.n_clusters, cell))
    strips = [[_name("", cell), *pictures]]
    for k in order:
        lit = [_lit(one, labels == k) for one, labels in zip(pictures, maps, strict=True)]
        strips.append([_name(f"{k} {owner.get(k, '-')}", cell), *lit])
    return _grid(strips)


def part_sheet(generator: Generator, catalog: Catalog, cell: int, count: int) -> Sheet:
    """Draw pictures, and below each its part map in one colour per part."""
    shades = np.random.default_rng(3).integers(30, 256, (NO_PART + 1, 3)).astype(np.uint8)
    pictures, maps = [], []
    for seed in range(FIRST_DRAWN_SEED, FIRST_DRAWN_SEED + count):
        styles = styles_of_seed(generator, seed, catalog.psi)
        pictures.append(_picture(generator, styles, cell))
        part_map = catalog.part_map(_clusters(generator, catalog, styles), cell)
        maps.append(shades[part_map])
    return _grid([pictures, maps])


def _styles(generator: Generator, z: Tensor) -> Styles:
    with torch.inference_mode():
        return generator.styles(generator.broadcast(generator.mapping(z)))


def _picture(generator: Generator, styles: Styles, cell: int) -> Sheet:
    with torch.inference_mode():
        return _cell(generator.synthesize(styles).image[0], cell)


def _cell(image: Tensor, cell: int) -> Sheet:
    """Bring [3, H, W] in -1..1 to bytes of the cell's size, [cell, cell, 3]."""
    picture = to_picture(image[None])
    larger = picture.shape[0] < cell
    method = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, (cell, cell), interpolation=method), np.uint8)


def _clusters(generator: Generator, catalog: Catalog, styles: Styles) -> NDArray[np.int64]:
    with torch.inference_mode():
        made = generator.synthesize(styles, record=(catalog.layer,))
    labels: NDArray[np.int64] = catalog.membership(made.activations[catalog.layer])[0]
    return labels


def _lit(picture: Sheet, mask: NDArray[np.bool_]) -> Sheet:
    return np.where(mask[..., None], picture, picture // 4 + 24).astype(np.uint8)


def _blank(height: int, width: int | None = None) -> Sheet:
    return np.full((height, width or height, 3), 255, np.uint8)


def _name(text: str, cell: int) -> Sheet:
    label = _blank(cell, MARGIN)
    cv2.putText(label, text, (4, cell // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1)
    return label


def _grid(strips: Iterable[Sequence[Sheet]]) -> Sheet:
    return np.concatenate([np.concatenate(strip, axis=1) for strip in strips])
