"""Builds the catalog of a bundled generator and names its clusters by the renderer's part maps.

    python packaging/demo_models/label_clusters.py faces [--model PATH] [--out PATH] [--sheet PNG]
    python packaging/demo_models/label_clusters.py faces --try b32.torgb:24 b64.conv1:40

The exact maps give each cluster the part it stands for; corrections made by a person who looked at
the memberships, and the parts' default budgets and floors, are stored in ``labels_<world>.json``.
``--try`` compares layers and numbers of clusters, and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A script's folder is importable by itself; the library may not be installed where this runs.
sys.path.insert(1, str(ROOT / "core"))

from localedit_core.catalog.build import build_catalog  # noqa: E402
from localedit_core.catalog.catalog import Catalog  # noqa: E402
from localedit_core.catalog.storage import save_catalog  # noqa: E402
from localedit_core.generators.base import Generator  # noqa: E402
from measuring.agreement import (  # noqa: E402
    FIRST_NAMING_SEED,
    PartAgreement,
    agreement,
    count_areas,
    v_measure,
)
from measuring.labels import Labels, label_path  # noqa: E402
from measuring.naming import assign, corrected, parts_of  # noqa: E402
from measuring.sheets import membership_sheet, save_png  # noqa: E402
from measuring.subject import Subject, catalog_path, load_model  # noqa: E402
from measuring.tables import markdown, number  # noqa: E402
from training.world import World  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

NAMING_SIZE = 128
"""Side of the part maps that name the clusters, at most."""


@dataclass(frozen=True)
class Labelled:
    """A labelled catalog and how well its parts fit, on the pictures that named them."""

    catalog: Catalog
    v: float
    agreement: list[PartAgreement]

    @property
    def mean_iou(self) -> float:
        """Over all true parts; one without a cluster counts as 0."""
        return sum(part.shipped or 0.0 for part in self.agreement) / len(self.agreement)


def label(world: World, generator: Generator, labels: Labels, pictures: int = 200) -> Labelled:
    """Cluster a generator as the labels say, and give each cluster its part."""
    bare = build_catalog(
        generator,
        layer=labels.layer,
        n_clusters=labels.n_clusters,
        n_samples=labels.n_samples,
        psi=labels.psi,
        random_state=labels.random_state,
    )
    subject = Subject(world, generator, bare, labels)
    size = min(NAMING_SIZE, generator.resolution)
    areas = count_areas(subject, pictures, size=size, first_seed=FIRST_NAMING_SEED)
    names = [subject.true_names[part] for part in assign(areas.clusters)]
    parts = parts_of(corrected(names, labels, generator.fingerprint), labels)
    named = subject.with_parts(parts)
    fit = agreement(named, areas.of_parts(named.catalog))
    return Labelled(named.catalog, v_measure(areas.clusters).v, fit)


def build_labelled_catalog(
    world: World,
    model_path: Path,
    out: Path | None = None,
    labels: Labels | None = None,
    pictures: int = 200,
) -> Catalog:
    """Build, label and save the catalog of a generator's file; prints what was found.

    Args:
        world: the renderer.
        model_path: the generator's file.
        out: where to write; None is beside the generator.
        labels: None reads the world's label file.
        pictures: how many true part maps name the clusters.
    """
    labels = labels or Labels.read(label_path(world.name))
    generator = load_model(world, model_path).generator
    if labels.corrections and labels.fingerprint != generator.fingerprint:
        print("The stored corrections are for other weights and are left out.")
    found = label(world, generator, labels, pictures)
    rows = [(p.name, len(p.clusters), p.clusters, number(p.shipped, 2)) for p in found.agreement]
    print(markdown(("part", "clusters", "which", "IoU"), rows))
    print(f"{len(found.catalog.parts)} parts, mean IoU {found.mean_iou:.3f}")
    out = out or catalog_path(model_path)
    save_catalog(found.catalog, out)
    print(f"wrote {out}; generator {generator.fingerprint}")
    return found.catalog


def compare_choices(
    world: World, generator: Generator, labels: Labels, choices: list[tuple[str, int]]
) -> str:
    """Return a table of what each layer and number of clusters leads to."""
    names = labels.part_names(world.part_names)
    rows = []
    for layer, n_clusters in choices:
        tried = replace(labels, layer=layer, n_clusters=n_clusters, corrections={})
        found = label(world, generator, tried)
        own = [number(part.shipped, 2) for part in found.agreement]
        summary = (len(found.catalog.parts), f"{found.v:.3f}", f"{found.mean_iou:.3f}")
        rows.append((layer, n_clusters, *summary, *own))
        print(*rows[-1], flush=True)
    return markdown(("layer", "K", "parts", "V", "mean IoU", *names), rows)


def _choice(text: str) -> tuple[str, int]:
    layer, _, clusters = text.partition(":")
    return layer, int(clusters)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--model", type=Path, help="another generator's file than the bundled one")
    parser.add_argument("--out", type=Path, help="where to write; beside the generator otherwise")
    parser.add_argument("--pictures", type=int, default=200, help="true maps that name clusters")
    parser.add_argument("--sheet", type=Path, help="where to draw what each cluster covers")
    parser.add_argument("--try", type=_choice, nargs="+", dest="choices", metavar="LAYER:K")
    arguments = parser.parse_args()
    world = make_world(arguments.world)
    model = load_model(world, arguments.model)
    assert model.path is not None
    if arguments.choices:
        labels = Labels.read(label_path(world.name))
        print(compare_choices(world, model.generator, labels, arguments.choices))
        return
    catalog = build_labelled_catalog(world, model.path, arguments.out, pictures=arguments.pictures)
    if arguments.sheet:
        save_png(arguments.sheet, membership_sheet(model.generator, catalog))


if __name__ == "__main__":
    main()
