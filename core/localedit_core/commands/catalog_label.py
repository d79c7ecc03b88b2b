"""``localedit catalog label``: split clusters, name them, merge parts; suggest what to merge."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.measuring import measure_catalog
from localedit_core.catalog.naming import Naming
from localedit_core.catalog.splitting import split_by_kmeans, split_by_side
from localedit_core.catalog.storage import save_catalog
from localedit_core.catalog.suggesting import suggest_merges
from localedit_core.catalog.sweep import label_pictures
from localedit_core.checkpoints.native import load_generator
from localedit_core.commands.progress import progress_bar
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator
from localedit_core.library import generator_beside, generator_path, is_bundled, open_catalog

Number = TypeVar("Number", int, float)

SUGGESTED_ON = range(8)
"""Seeds of the pictures on which borders are counted."""


def run(arguments: argparse.Namespace) -> None:
    """Change the catalog as asked, keep everything else, save. ``--suggest`` changes nothing."""
    path, catalog = open_catalog(arguments.file)
    if arguments.suggest is not None:
        _suggest(arguments, path, catalog)
        return
    if arguments.json:
        raise LocalEditError("Only suggestions are printed as JSON.", "Add --suggest.")
    if arguments.split:
        catalog = _split(catalog, _generator(arguments, path), arguments.split)
    parts = {part.name: part for part in catalog.parts}
    for name in arguments.remove:
        parts.pop(catalog.part(name).name, None)
    for name, text in _assignments("--part", arguments.parts):
        clusters = tuple(_number("--part", name, item, int) for item in text.split(","))
        known = parts.get(name)
        parts[name] = replace(known, clusters=clusters) if known else Part(name, clusters)
    for name, text in _assignments("--merge", arguments.merge):
        _merge(parts, name, [item.strip() for item in text.split(",")])
    for name, text in _assignments("--epsilon", arguments.epsilon):
        parts[name] = replace(_known(parts, name), epsilon=_number("--epsilon", name, text, float))
    for name, text in _assignments("--floor", arguments.floor):
        parts[name] = replace(_known(parts, name), floor=_number("--floor", name, text, float))
    out = Path(arguments.out or path)
    if is_bundled(out):
        raise LocalEditError(f"{out} comes with LocalEdit and stays as it is.", "Add --out FILE.")
    save_catalog(catalog.with_parts(parts.values()), out)
    print(f"wrote {out}: {', '.join(parts) or 'no parts'}")


def _generator(arguments: argparse.Namespace, catalog: Path) -> Generator:
    named = arguments.model
    return load_generator(generator_path(named) if named else generator_beside(catalog)).generator


def _split(catalog: Catalog, generator: Generator, texts: Sequence[str]) -> Catalog:
    """Split clusters one after the other, then measure M once; children keep their part."""
    naming = Naming.of(catalog)
    for cluster_text, how in _assignments("--split", texts):
        cluster = _number("--split", cluster_text, cluster_text, int)
        kind, _, count = how.strip().partition(":")
        if kind == "sides" and not count:
            split = split_by_side(naming.clustering, cluster)
        elif kind == "kmeans":
            into = _number("--split", cluster_text, count or "2", int)
            with progress_bar(f"cluster {cluster}") as progress:
                split = split_by_kmeans(
                    generator, naming.clustering, cluster, into=into, progress=progress
                )
        else:
            raise LocalEditError(
                f"--split {cluster_text}={how} is no way to split.",
                "Write CLUSTER=sides or CLUSTER=kmeans:2.",
            )
        naming = naming.after_split(split)
        print(f"cluster {cluster} is now {', '.join(str(child) for child in split.by)}")
    with progress_bar("M") as progress:
        return measure_catalog(
            generator, naming.clustering, naming.parts(catalog.parts), progress=progress
        )


def _merge(parts: dict[str, Part], name: str, names: Sequence[str]) -> None:
    """Put parts together under a name, in the place and with the settings of the first one."""
    merged = [_known(parts, one) for one in dict.fromkeys(names)]
    if name in parts and name not in names:
        merged.insert(0, parts[name])
    clusters = tuple(sorted({cluster for part in merged for cluster in part.clusters}))
    first, gone = merged[0].name, {part.name for part in merged}
    kept = {}
    for part in parts.values():
        if part.name == first:
            kept[name] = replace(merged[0], name=name, clusters=clusters)
        elif part.name not in gone:
            kept[part.name] = part
    parts.clear()
    parts.update(kept)


def _suggest(arguments: argparse.Namespace, path: Path, catalog: Catalog) -> None:
    labels = label_pictures(_generator(arguments, path), catalog.clustering, SUGGESTED_ON)
    naming = Naming.of(catalog)
    found = suggest_merges(naming, catalog.contributions, labels)[: arguments.suggest]
    if arguments.json:
        facts = [
            {
                "clusters": list(one.clusters),
                "parts": [naming.part_of(cluster) for cluster in one.clusters],
                "score": one.score,
                "m_similarity": one.m_similarity,
                "adjacency": one.adjacency,
            }
            for one in found
        ]
        print(json.dumps({"kind": "suggestions", "merges": facts}))
        return
    for one in found:
        both = " and ".join(_called(naming, cluster) for cluster in one.clusters)
        print(
            f"{one.score:.2f}  clusters {both}: "
            f"M {one.m_similarity:.2f}, border {one.adjacency:.2f}"
        )


def _called(naming: Naming, cluster: int) -> str:
    name = naming.part_of(cluster)
    return str(cluster) if name is None else f"{cluster} ({name})"


def _assignments(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise LocalEditError(f"{option} {text!r} has no '='.", "Write NAME=VALUE.")
        pairs.append((name.strip(), value))
    return pairs


def _number(option: str, name: str, text: str, kind: type[Number]) -> Number:
    try:
        return kind(text)
    except ValueError:
        raise LocalEditError(f"{option} {name}={text!r} is no number.") from None


def _known(parts: dict[str, Part], name: str) -> Part:
    if name not in parts:
        raise LocalEditError(
            f"The catalog has no part {name!r}.", f"Name it first: --part {name}=CLUSTERS."
        )
    return parts[name]
