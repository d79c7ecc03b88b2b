"""Catalogs as safetensors files: arrays as tensors, everything else as JSON in the metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.atomic import atomic_write
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.clustering import ClusterSplit
from localedit_core.errors import LocalEditError
from localedit_core.tensor_files import TensorFile, open_tensor_file, pack_tensors

FORMAT = "localedit-catalog"
FORMAT_VERSION = 2
"""Version 2 has split clusters; a catalog without any is still written as version 1."""

MAX_BYTES = 2**30
"""A catalog of a 1024 px generator and 255 clusters takes a hundredth of that."""

_ARRAYS = ("centroids", "mean", "std")
_M = "contribution/"
_SPLIT = "split/"
_DAMAGED = "The file is damaged: take another copy of it, or build the catalog again."


def save_catalog(catalog: Catalog, path: Path | str) -> None:
    """Write a catalog, whole or not at all.

    Args:
        catalog: what to save.
        path: where to; beside a generator's file it is found as "<stem>.catalog.safetensors".

    Raises:
        LocalEditError: the file cannot be written.
    """
    description = {
        "layer": catalog.layer,
        "resolution": catalog.resolution,
        "psi": catalog.psi,
        "generator_fingerprint": catalog.generator_fingerprint,
        "parts": [
            {"name": p.name, "clusters": list(p.clusters), "epsilon": p.epsilon, "floor": p.floor}
            for p in catalog.parts
        ],
        "provenance": dict(catalog.provenance),
    }
    arrays = {name: getattr(catalog, name) for name in _ARRAYS}
    arrays |= {_M + name: table for name, table in catalog.contributions.items()}
    if catalog.splits:
        description["splits"] = [
            {
                "cluster": split.cluster,
                "by": list(split.by),
                "how": "sides" if split.centroids is None else "kmeans",
            }
            for split in catalog.splits
        ]
        arrays |= {
            f"{_SPLIT}{index}": split.centroids
            for index, split in enumerate(catalog.splits)
            if split.centroids is not None
        }
    tensors = {name: torch.tensor(array) for name, array in arrays.items()}
    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION if catalog.splits else 1),
        "catalog": json.dumps(description, sort_keys=True),
    }
    atomic_write(path, pack_tensors(tensors, metadata))


def load_catalog(path: Path | str, generator_fingerprint: str | None = None) -> Catalog:
    """Read a catalog that ``save_catalog`` wrote, and check all of it.

    Args:
        path: the file.
        generator_fingerprint: the generator it is wanted for; None takes any.

    Raises:
        LocalEditError: anything at all is wrong with the file, or it is of another generator.
    """
    path = Path(path)
    with open_tensor_file(path, MAX_BYTES) as file:
        description = _read_description(file)
        unknown = [n for n in file.entries if n not in _ARRAYS and not n.startswith((_M, _SPLIT))]
        if unknown:
            raise LocalEditError(f"{path} holds the unexpected values {unknown[0]!r}.", _DAMAGED)
        arrays = {name: np.asarray(file.read(name)) for name in (*_ARRAYS, *file.entries)}
    try:
        catalog = _assemble(description, arrays)
    except LocalEditError as error:
        raise LocalEditError(f"{path} cannot be used: {error.message}", _DAMAGED) from error
    except (KeyError, TypeError, OverflowError) as error:
        raise LocalEditError(
            f"{path} describes its catalog wrongly: {type(error).__name__} {error}.", _DAMAGED
        ) from error
    if generator_fingerprint is not None and catalog.generator_fingerprint != generator_fingerprint:
        raise LocalEditError(
            f"The catalog {path} belongs to another generator.",
            "Open that generator, or build a catalog for this one: localedit catalog build.",
        )
    return catalog


def _read_description(file: TensorFile) -> dict[str, Any]:
    found = file.metadata.get("format")
    if found != FORMAT:
        kind = f"a {found} file" if found else "a safetensors file of another program"
        raise LocalEditError(f"{file.path} is {kind}, no catalog.", "Choose a catalog file.")
    version = file.metadata.get("format_version", "")
    if not (version.isascii() and version.isdigit() and len(version) <= 9 and int(version) > 0):
        raise LocalEditError(f"{file.path} has the format version {version[:20]!r}.", _DAMAGED)
    if int(version) > FORMAT_VERSION:
        raise LocalEditError(
            f"{file.path} was saved by a newer LocalEdit (format {version}, "
            f"this one reads {FORMAT_VERSION}).",
            "Update LocalEdit.",
        )
    try:
        description = json.loads(file.metadata.get("catalog", ""))
    except (ValueError, RecursionError) as error:
        raise LocalEditError(f"{file.path} describes its catalog unreadably.", _DAMAGED) from error
    if not isinstance(description, dict):
        raise LocalEditError(f"{file.path} describes its catalog unreadably.", _DAMAGED)
    return description


def _assemble(description: dict[str, Any], arrays: dict[str, NDArray[np.float32]]) -> Catalog:
    return Catalog(
        layer=_typed(description["layer"], str),
        resolution=_typed(description["resolution"], int),
        centroids=arrays["centroids"],
        mean=arrays["mean"],
        std=arrays["std"],
        contributions={n.removeprefix(_M): a for n, a in arrays.items() if n.startswith(_M)},
        parts=tuple(_part(entry) for entry in _typed(description["parts"], list)),
        psi=float(_typed(description["psi"], int, float)),
        generator_fingerprint=_typed(description["generator_fingerprint"], str),
        provenance={
            key: _typed(value, str, int, float)
            for key, value in _typed(description["provenance"], dict).items()
        },
        splits=_splits(description.get("splits", []), arrays),
    )


def _splits(entries: Any, arrays: dict[str, NDArray[np.float32]]) -> tuple[ClusterSplit, ...]:
    splits = []
    for index, entry in enumerate(_typed(entries, list)):
        entry = _typed(entry, dict)
        how = _typed(entry["how"], str)
        if how not in ("sides", "kmeans"):
            raise LocalEditError(f"A cluster was split by {how[:40]!r}.")
        splits.append(
            ClusterSplit(
                cluster=_typed(entry["cluster"], int),
                by=tuple(_typed(child, int) for child in _typed(entry["by"], list)),
                centroids=arrays[f"{_SPLIT}{index}"] if how == "kmeans" else None,
            )
        )
    used = {f"{_SPLIT}{n}" for n, split in enumerate(splits) if split.centroids is not None}
    stray = [name for name in arrays if name.startswith(_SPLIT) and name not in used]
    if stray:
        raise LocalEditError(f"It holds the unexpected values {stray[0]!r}.")
    return tuple(splits)


def _part(entry: Any) -> Part:
    entry = _typed(entry, dict)
    return Part(
        name=_typed(entry["name"], str),
        clusters=tuple(_typed(index, int) for index in _typed(entry["clusters"], list)),
        epsilon=float(_typed(entry["epsilon"], int, float)),
        floor=float(_typed(entry["floor"], int, float)),
    )


def _typed(value: Any, *kinds: type) -> Any:
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise TypeError(f"{str(value)[:40]!r} is no {' or '.join(k.__name__ for k in kinds)}")
    return value
