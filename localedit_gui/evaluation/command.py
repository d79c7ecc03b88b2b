"""The command line that measures the same without a window."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from localedit_core.session.state import ModelReference
from localedit_gui.evaluation.values import ReportKind, Wish


def command_line(
    wish: Wish, model: ModelReference, device: str, catalog: Path | None = None
) -> str:
    """A line for a terminal, with every setting that decides the numbers.

    Args:
        wish: what to measure.
        model: of which generator.
        device: its name.
        catalog: the catalog's file, where it is not the one that the command takes by itself.
    """
    words = ["localedit", "evaluate", wish.kind.value, "--model", model_argument(model)]
    if catalog is not None:
        words += ["--catalog", str(catalog)]
    words += ["--parts", *wish.parts]
    if wish.kind is ReportKind.LOCALITY:
        words += ["--methods", *(method.value for method in wish.methods)]
    else:
        words += ["--method", wish.methods[0].value]
    words += ["--guard", *(f"{guard:g}" for guard in wish.guards)]
    words += ["--size", str(wish.size), "--pairs", str(wish.pairs), "--seed", str(wish.first_seed)]
    words += ["--device", device]
    if wish.kind is ReportKind.HEATMAP:  # which it cannot do without
        words += ["--out", f"heatmap-{model.name}"]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def model_argument(model: ModelReference) -> str:
    """What a command calls a generator: a bundled one's name, or the file."""
    return model.name if model.path is None else str(Path(model.path).expanduser())


def catalog_argument(model: ModelReference) -> Path | None:
    """The file of an open catalog, or None where a command takes it by itself. Reads files.

    Raises:
        LocalEditError: a file cannot be read.
    """
    from localedit_core.library import catalog_path, generator_path
    from localedit_core.models.catalog_shelf import CatalogShelf

    shelf = CatalogShelf()
    active = shelf.active(model.fingerprint)
    found = shelf.find(model.fingerprint, model.catalog_fingerprint)
    if active is None or active.problem:  # then it is the one beside the generator
        return None if found is None else found.path
    if active.fingerprint == model.catalog_fingerprint:
        return None
    return catalog_path(generator_path(model_argument(model))) if found is None else found.path
