"""Builds the catalog of a bundled generator and names its clusters by the renderer's part maps.

The exact maps give each cluster the part it stands for; corrections made by a person who looked at
the memberships, and the parts' default budgets and floors, are stored in ``labels_<world>.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator
from localedit_core.generators.base import Generator
from localedit_core.latents import sample_z
from training.world import World

FIRST_UNSEEN_SEED = 500_000  # far from the pictures that the clusters were made of
COLOURS = (
    *("#9aa5b1", "#f4b183", "#c97b4a", "#4f81bd", "#7f6000", "#e6194b"),
    *("#800000", "#ffe119", "#f032e6", "#46f0f0", "#000000", "#556b2f"),
)


@dataclass(frozen=True)
class Labels:
    """The stored choices: how the catalog is built and what its parts are.

    Attributes:
        layer, n_clusters, n_samples, psi, random_state: as in ``build_catalog``.
        merged: renderer classes that go into another part, class -> part.
        corrections: cluster -> part ("" for unnamed), for the generator ``fingerprint`` alone.
        fingerprint: of the generator that the corrections were made for.
        defaults: part -> (epsilon per 512 channels, floor), in the order of the catalog's parts:
            those that people try first come first.
    """

    layer: str
    n_clusters: int
    n_samples: int
    psi: float
    random_state: int
    merged: dict[str, str]
    corrections: dict[int, str]
    fingerprint: str
    defaults: dict[str, tuple[float, float]]

    @classmethod
    def read(cls, path: Path) -> Labels:
        """Read a label file."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["corrections"] = {int(k): v for k, v in fields["corrections"].items()}
        fields["defaults"] = {k: (v[0], v[1]) for k, v in fields["defaults"].items()}
        return cls(**fields)


def label_path(world: World) -> Path:
    """Return where the labels of a world are stored."""
    return Path(__file__).with_name(f"labels_{world.name}.json")


@torch.no_grad()
def overlaps(
    world: World, generator: Generator, catalog: Catalog, count: int
) -> NDArray[np.float64]:
    """Return the area [K, parts] that each cluster shares with each true part, in positions."""
    table = np.zeros((catalog.n_clusters, len(world.part_names)))
    side = catalog.resolution
    for seed in range(FIRST_UNSEEN_SEED, FIRST_UNSEEN_SEED + count):
        z = torch.from_numpy(sample_z(seed, world.z_dim))  # [1, z_dim]
        _, parts = world.render(z, world.resolution)  # [1, H, W]
        shares = F.one_hot(parts.long(), len(world.part_names)).permute(0, 3, 1, 2).float()
        shares = F.adaptive_avg_pool2d(shares, side)[0].flatten(1)  # [parts, side * side]
        labels = membership(generator, catalog, z).ravel()  # [side * side]
        np.add.at(table, labels, shares.numpy().T.astype(np.float64))
    return table


@torch.no_grad()
def membership(generator: Generator, catalog: Catalog, z: torch.Tensor) -> NDArray[np.int64]:
    """Return the cluster of every position [h, w] of the picture of z [1, z_dim]."""
    styles = generator.styles(generator.broadcast(generator.mapping(z)))
    made = generator.synthesize(styles, record=(catalog.layer,))
    labels: NDArray[np.int64] = catalog.membership(made.activations[catalog.layer])[0]
    return labels


def intersection_over_union(
    table: NDArray[np.float64], owner: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the IoU [P] of each part with the union of its clusters; ``table`` is [K, P]."""
    own = np.array([table[owner == p].sum(axis=0)[p] for p in range(table.shape[1])])
    claimed = np.array([table[owner == p].sum() for p in range(table.shape[1])])
    union = np.maximum(claimed + table.sum(axis=0) - own, 1e-9)
    return np.asarray(own / union, dtype=np.float64)


def assign(table: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give each cluster [K] the part that makes the mean IoU of all parts largest.

    Starting from the largest overlap, clusters change hands one at a time while that helps. Large
    overlap alone would hand every cluster on the face to the skin round it.
    """
    owner = np.asarray(table.argmax(axis=1), dtype=np.intp)
    best = intersection_over_union(table, owner).mean()
    improved = True
    while improved:
        improved = False
        for cluster in range(len(owner)):
            for part in range(table.shape[1]):
                trial = owner.copy()
                trial[cluster] = part
                score = intersection_over_union(table, trial).mean()
                if score > best + 1e-9:
                    owner, best, improved = trial, score, True
    return owner


def merge_classes(
    world: World, table: NDArray[np.float64], merged: dict[str, str]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Join the columns of classes that go into one part; returns names [P] and table [K, P]."""
    target = [merged.get(name, name) for name in world.part_names]
    names = tuple(dict.fromkeys(target))
    joined = np.zeros((len(table), len(names)))
    for column, name in enumerate(target):
        joined[:, names.index(name)] += table[:, column]
    return names, joined


def build_labelled_catalog(world: World, model_path: Path, count: int = 200) -> Catalog:
    """Build, label and save the catalog beside the model; prints what was found."""
    labels = Labels.read(label_path(world))
    model = load_generator(model_path)
    generator = model.generator
    catalog = build_catalog(
        generator,
        layer=labels.layer,
        n_clusters=labels.n_clusters,
        n_samples=labels.n_samples,
        psi=labels.psi,
        random_state=labels.random_state,
    )
    names, table = merge_classes(world, overlaps(world, generator, catalog, count), labels.merged)
    owner = [names[p] for p in assign(table)]
    if labels.corrections and labels.fingerprint == model.fingerprint:
        for cluster, part in labels.corrections.items():
            owner[cluster] = part
    elif labels.corrections:
        print("The stored corrections are for other weights and are left out.")
    index = np.array([names.index(o) if o in names else -1 for o in owner])
    for name, share in zip(names, intersection_over_union(table, index), strict=True):
        clusters = [k for k, o in enumerate(owner) if o == name]
        print(f"{name:11s} IoU {share:.2f}  clusters {clusters}")
    catalog = catalog.with_parts(_parts(names, owner, labels))
    path = model_path.with_name(f"{world.name}.catalog.safetensors")
    save_catalog(catalog, path)
    print(f"wrote {path}; generator {model.fingerprint}")
    return catalog


def _parts(names: tuple[str, ...], owner: list[str], labels: Labels) -> list[Part]:
    parts: list[Part] = []
    for name in dict.fromkeys((*labels.defaults, *names)):
        clusters = tuple(k for k, o in enumerate(owner) if o == name)
        if clusters:
            epsilon, floor = labels.defaults.get(name, (20.0, 0.1))
            parts.append(Part(name, clusters, epsilon, floor))
    return parts


def membership_sheet(
    world: World, generator: Generator, catalog: Catalog, path: Path, count: int = 10
) -> None:
    """Draw, for some pictures, the picture, its part map, its clusters, and one row per cluster."""
    rows: list[list[NDArray[np.uint8]]] = [[] for _ in range(3 + catalog.n_clusters)]
    random = np.random.default_rng(0)
    shades = random.integers(40, 255, (catalog.n_clusters, 3)).astype(np.uint8)
    palette = np.array([[int(c[i : i + 2], 16) for i in (5, 3, 1)] for c in COLOURS], np.uint8)
    for seed in range(FIRST_UNSEEN_SEED, FIRST_UNSEEN_SEED + count):
        z = torch.from_numpy(sample_z(seed, world.z_dim))
        with torch.no_grad():
            styles = generator.styles(generator.broadcast(generator.mapping(z)))
            image = generator.synthesize(styles).image[0]  # [3, H, W]
        picture = ((image + 1) * 127.5).clamp(0, 255).byte().permute(1, 2, 0).numpy()[..., ::-1]
        labels = membership(generator, catalog, z)
        parts = catalog.part_map(labels, picture.shape[0])
        large = cv2.resize(
            labels.astype(np.uint8), picture.shape[:2], interpolation=cv2.INTER_NEAREST
        )
        named = palette[np.minimum(parts, len(palette) - 1)]
        rows[0].append(picture)
        rows[1].append((0.4 * picture + 0.6 * named).astype(np.uint8))
        rows[2].append((0.3 * picture + 0.7 * shades[large]).astype(np.uint8))
        for k in range(catalog.n_clusters):
            lit = np.where((large == k)[..., None], 255 - (255 - picture) // 3, picture // 4)
            rows[3 + k].append(lit.astype(np.uint8))
    cv2.imwrite(str(path), np.concatenate([np.concatenate(row, axis=1) for row in rows]))
