"""``localedit catalog build``: cluster a generator's activations."""

from __future__ import annotations

import argparse

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator
from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.generators.devices import choose_device
from localedit_core.library import generator_path


def run(arguments: argparse.Namespace) -> None:
    """Build and save a catalog; the bar on stderr shows how far it is."""
    device = choose_device(arguments.device)
    model = load_generator(generator_path(arguments.model))
    place(model, device)
    with progress_bar("catalog") as progress:
        catalog = build_catalog(
            model.generator,
            layer=arguments.layer,
            n_clusters=arguments.clusters,
            n_samples=arguments.samples,
            psi=arguments.psi,
            random_state=arguments.seed,
            class_index=arguments.class_index,
            progress=progress,
        )
    save_catalog(catalog, arguments.out)
    print(f"wrote {arguments.out}: {catalog.n_clusters} clusters without names")
