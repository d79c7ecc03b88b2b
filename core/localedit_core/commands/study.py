"""What the evaluations over many pairs have in common: generator, catalog, workers, progress."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import Model, load_generator
from localedit_core.commands.progress import progress_bar
from localedit_core.editing.edit import QuerySettings, usual_method, usual_psi
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.jobs import Found, Job, Subject, own_transfers
from localedit_core.evaluation.pairs import FIRST_HELD_OUT_SEED, check_pairs
from localedit_core.evaluation.partial_results import PartialResults
from localedit_core.evaluation.running import PAIRS_PER_RANGE, Workers, run_job
from localedit_core.generators.devices import choose_device
from localedit_core.generators.threads import usable_cores
from localedit_core.latents import Latent
from localedit_core.library import generator_path, open_labelled_model


@dataclass(frozen=True, eq=False)
class Study:
    """What the common arguments say.

    Attributes:
        model, catalog: opened.
        parts: names of the parts asked for, or all.
        first_seed: of the pairs.
        psi: truncation.
        out: the folder of the report, made; or None.
    """

    model: Model
    catalog: Catalog
    parts: tuple[str, ...]
    first_seed: int
    psi: float
    out: Path | None

    def measure(
        self,
        arguments: argparse.Namespace,
        job: Job[Found],
        name: str,
        per_range: int = PAIRS_PER_RANGE,
    ) -> Found:
        """Run a job over the pairs asked for, with a bar; go on from what the folder holds."""
        # Processes on one GPU would only wait for each other.
        on_cpu = choose_device(arguments.device).kind == "cpu"
        processes = arguments.processes or (usable_cores() if on_cpu else 1)
        subject = Subject.of(self.model, self.catalog, arguments.device)
        kept = None
        if self.out is not None:
            kept = PartialResults(self.out / f"{name}.partial", job, subject)
        workers = Workers(arguments.scheduler, processes)
        with progress_bar(name, "pair") as progress:
            return run_job(
                *(subject, job, arguments.pairs, workers),
                kept=kept,
                progress=progress,
                per_range=per_range,
            )


def open_study(arguments: argparse.Namespace) -> Study:
    """Open generator and catalog and check what was asked for, before any work.

    Raises:
        LocalEditError: a file, a part, the device or a number does not fit.
    """
    first_seed = FIRST_HELD_OUT_SEED if arguments.seed is None else arguments.seed
    check_pairs(arguments.pairs, first_seed)
    choose_device(arguments.device)
    if arguments.catalog is None:
        model, catalog = open_labelled_model(arguments.model)
    else:
        model = load_generator(generator_path(arguments.model))
        catalog = load_catalog(arguments.catalog, model.fingerprint)
    names = tuple(arguments.parts or [part.name for part in catalog.parts])
    if not names:
        raise LocalEditError(
            "None of the catalog's clusters has a name yet.", "Name some: localedit catalog label."
        )
    for name in names:
        catalog.part(name)
    psi = arguments.psi
    if psi is None:
        psi = usual_psi(catalog.psi, model.generator.has_styles)
    Latent(first_seed, psi)  # complains of a truncation that is out of range
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise LocalEditError(
                f"Cannot make the folder {out}: {error.strerror}.", "Choose another."
            ) from error
    return Study(model, catalog, names, first_seed, psi, out)


def transfer_settings(study: Study, arguments: argparse.Namespace) -> tuple[QuerySettings, ...]:
    """How each part is transferred: with its own budget and floor where nothing else is said."""
    method = arguments.method
    if method is None:
        method = usual_method(study.model.generator.has_styles)
    return own_transfers(
        *(study.catalog, study.parts, method),
        epsilon=arguments.epsilon,
        guard=arguments.guard,
        blend_to=arguments.blend_to,
    )
