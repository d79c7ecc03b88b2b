"""``localedit info``: what a file is."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

from localedit_core.bounded import ZIP_MAGIC, read_start
from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import Model
from localedit_core.checkpoints.pickles.reading import is_published
from localedit_core.checkpoints.published import open_published
from localedit_core.errors import LocalEditError
from localedit_core.library import bundled_names, generator_path, open_model
from localedit_core.models.store import ModelLibrary
from localedit_core.session.png import PNG_MAGIC, load_session_any
from localedit_core.session.storage import Session
from localedit_core.tensor_files import open_tensor_file


def run(arguments: argparse.Namespace) -> None:
    """Print what ``arguments.file`` is."""
    facts = describe(arguments.file)
    if arguments.json:
        print(json.dumps(facts))
        return
    for key, value in facts.items():
        if value in (None, [], {}, ""):
            continue
        if key == "layers":
            value = ", ".join(f"{layer['name']} ({layer['channels']})" for layer in value)
        elif key == "card":
            for name, fact in value.items():
                print(f"{name}: {fact}")
            continue
        elif isinstance(value, list):
            value = ", ".join(str(item) for item in value)
        elif isinstance(value, dict):
            value = ", ".join(f"{name} {item}" for name, item in value.items())
        print(f"{key.replace('_', ' ')}: {value}")


def describe(name_or_path: str) -> dict[str, Any]:
    """The facts of a model, checkpoint, catalog, session or PNG, told apart by content.

    Every kind has the keys kind, family, resolution, fingerprint, licence, parts and layers; what
    a kind does not know is None or empty.

    Raises:
        LocalEditError: it is none of these, or cannot be read.
    """
    path = Path(name_or_path)
    if name_or_path in bundled_names() or ModelLibrary().find(name_or_path) is not None:
        path = generator_path(name_or_path)
    start = read_start(path, 64)
    if is_published(path):
        return _checkpoint_facts(path)
    if start.startswith(ZIP_MAGIC):
        return _session_facts(load_session_any(path), "localedit")
    if start.startswith(PNG_MAGIC):
        return _session_facts(load_session_any(path), "png")
    with open_tensor_file(path) as file:
        kind = file.metadata.get("format") or file.metadata.get("kind")
    if kind == "localedit-catalog":
        return _catalog_facts(load_catalog(path))
    if kind == "localedit-generator":
        return _model_facts(*open_model(path))
    raise LocalEditError(
        f"{path} holds tensors of another program.",
        "LocalEdit reads generators, catalogs, sessions and exported pictures.",
    )


def _checkpoint_facts(path: Path) -> dict[str, Any]:
    """What a published checkpoint is, without converting it."""
    with open_published(path) as found:
        return {
            "kind": "checkpoint",
            "family": found.family,
            "resolution": found.config.resolution,
            "classes": found.config.c_dim,
            "fingerprint": None,
            "licence": None,
            "parts": [],
            "layers": [],
            "layout": found.layout,
            "values": sum(math.prod(weight.shape) for weight in found.weights.values()),
            "notes": list(found.notes),
        }


def _model_facts(model: Model, catalog: Catalog | None) -> dict[str, Any]:
    generator = model.generator
    return {
        "kind": "model",
        "name": model.name,
        "description": model.description,
        "family": model.family,
        "resolution": generator.resolution,
        "classes": generator.c_dim,
        "fingerprint": model.fingerprint,
        "licence": model.licence,
        "source_sha256": model.source_sha256,
        "card": dict(model.card),
        "parts": [part.name for part in catalog.parts] if catalog is not None else [],
        "layers": [
            {
                "name": layer.name,
                "resolution": layer.resolution,
                "channels": layer.channels,
                "kind": layer.kind,
            }
            for layer in generator.layers
        ],
    }


def _catalog_facts(catalog: Catalog) -> dict[str, Any]:
    return {
        "kind": "catalog",
        "family": None,
        "resolution": catalog.resolution,
        "fingerprint": catalog.fingerprint,
        "licence": None,
        "layer": catalog.layer,
        "clusters": catalog.n_clusters,
        "psi": catalog.psi,
        "generator_fingerprint": catalog.generator_fingerprint,
        "provenance": dict(catalog.provenance),
        "parts": [part.name for part in catalog.parts],
        "layers": [],
    }


def _session_facts(session: Session, carrier: str) -> dict[str, Any]:
    state = session.state
    return {
        "kind": "session",
        "carrier": carrier,
        "format_version": session.format_version,
        "model": state.model.name,
        "family": None,
        "resolution": None,
        "fingerprint": state.model.fingerprint,
        "catalog_fingerprint": state.model.catalog_fingerprint,
        "licence": None,
        "target": state.target.label,
        "psi": state.psi,
        "class": state.class_index,
        "edits": [
            f"{edit.part} of {edit.reference.label}{' (muted)' if edit.muted else ''}"
            for edit in state.edits
        ],
        "parts": list(dict.fromkeys(edit.part for edit in state.edits)),
        "layers": [],
    }
