"""``localedit import``: convert a published checkpoint once, and keep it in the library."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from localedit_core.catalog.defaults import suggested_clustering
from localedit_core.checkpoints.native import load_generator
from localedit_core.commands.progress import progress_bar
from localedit_core.errors import LocalEditError
from localedit_core.importing import import_checkpoint
from localedit_core.models.rendered_thumbnail import add_thumbnail
from localedit_core.models.store import ModelLibrary


def run(arguments: argparse.Namespace) -> None:
    """Import ``arguments.file``; the bar on stderr shows how far it is."""
    library = ModelLibrary()
    with progress_bar("import", unit="B") as progress:
        imported = import_checkpoint(
            arguments.file,
            library=library,
            out=None if arguments.out is None else Path(arguments.out),
            name=arguments.name,
            licence=arguments.licence,
            source=arguments.source,
            progress=progress,
        )
    entry = imported.entry
    if entry is not None:
        try:
            entry = add_thumbnail(entry, library)
        except LocalEditError as error:  # it is imported all the same
            print(f"no thumbnail: {error}", file=sys.stderr)
    generator = load_generator(imported.path).generator
    layer, clusters = suggested_clustering(generator)
    if arguments.json:
        facts = {
            "kind": "model",
            "name": entry.name if entry is not None else imported.path.stem,
            "path": str(imported.path),
            "family": imported.family,
            "layout": imported.layout,
            "resolution": imported.resolution,
            "source_sha256": imported.source_sha256,
            "fingerprint": generator.fingerprint,
            "notes": list(imported.notes),
            "suggested_layer": layer,
            "suggested_clusters": clusters,
        }
        print(json.dumps(facts))
        return
    print(f"{imported.layout}, {imported.resolution} px; SHA-256 {imported.source_sha256}")
    for note in imported.notes:
        print(f"note: {note}")
    called = entry.name if entry is not None else str(imported.path)
    print(f"wrote {imported.path}, called {called}")
    if not generator.has_styles:
        print("note: it has no styles; its parts are brought over by feature blending")
    catalog = imported.path.with_name(f"{imported.path.stem}.catalog.safetensors")
    print(
        f"next: localedit catalog build --model '{called}' --layer {layer} "
        f"--clusters {clusters} --out '{catalog}'"
    )
