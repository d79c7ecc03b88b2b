"""Looking at one part of a catalog: where it is on unseen pictures, what a transfer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.fitting import series_of
from localedit_core.catalog.sampling import Progress
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, QuerySettings, usual_method
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Measures, Picture, RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.pairs import FIRST_HELD_OUT_SEED
from localedit_core.generators.base import Generator
from localedit_core.latents import Latent

BINS = 20

UNSEEN_SEEDS = tuple(range(FIRST_HELD_OUT_SEED, FIRST_HELD_OUT_SEED + 10))
"""Ten pictures that no catalog was made of."""


@dataclass(frozen=True, eq=False)
class PartCheck:
    """Where a part is, and which channels make it.

    Attributes:
        seeds: of the pictures, [S].
        pictures: sRGB, uint8 [S, R, R, 3].
        masks: True where the part is, [S, R, R].
        share: of the pictures' area, 0 to 1.
        histogram: layer -> (how many channels have M in each bin, int64 [B]; the bins' edges from
            0 to 1, [B + 1]). Empty for a generator without styles.
    """

    seeds: tuple[int, ...]
    pictures: NDArray[np.uint8]
    masks: NDArray[np.bool_]
    share: float
    histogram: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]


@dataclass(frozen=True, eq=False)
class Trial:
    """One transfer of a part.

    Attributes:
        target: the picture without the edit, [R, R, 3].
        reference: the picture that the part is taken from, [R, R, 3].
        edited: the result, [R, R, 3].
        measures: In-MSE, Out-MSE and more, or None where the part covers nothing or all of the
            target.
    """

    target: Picture
    reference: Picture
    edited: Picture
    measures: Measures | None


def check_part(
    generator: Generator,
    catalog: Catalog,
    part_name: str,
    *,
    seeds: Sequence[int] = UNSEEN_SEEDS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PartCheck:
    """Find a part on pictures, and count its channels.

    Args:
        generator: the catalog's.
        catalog: has the part.
        part_name: its name.
        seeds: of the pictures, at the catalog's truncation.
        progress: told how far it is, in pictures.
        cancelled: asked before each picture.

    Raises:
        LocalEditError: no such part, another generator's catalog, or no seeds.
        RenderCancelled: ``cancelled`` said yes.
    """
    catalog.part(part_name)
    if not seeds:
        raise LocalEditError("A part cannot be looked at on no pictures.", "Name a seed.")
    pipeline = _pipeline(generator, catalog)
    series = series_of(generator, catalog.clustering)
    pictures, masks = [], []
    for index, seed in enumerate(seeds):
        if progress is not None:
            progress(index, len(seeds))
        if cancelled is not None and cancelled():
            raise RenderCancelled
        view = pipeline.view(Latent(seed, catalog.psi, class_index=series.class_of(seed)))
        pictures.append(view.image)
        masks.append(pipeline.roi(view, part_name))
    if progress is not None:
        progress(len(seeds), len(seeds))
    stacked = np.stack(masks)
    return PartCheck(
        tuple(seeds),
        np.stack(pictures),
        stacked,
        float(stacked.mean()),
        channel_histogram(catalog, part_name),
    )


def channel_histogram(
    catalog: Catalog, part_name: str, bins: int = BINS
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """How many channels of each layer have which M for a part; see ``PartCheck``."""
    found = {}
    for name, m in catalog.contribution(part_name).items():
        counts, edges = np.histogram(m, bins=bins, range=(0.0, 1.0))
        found[name] = (counts.astype(np.int64), edges)
    return found


def trial_transfer(
    generator: Generator,
    catalog: Catalog,
    part_name: str,
    target_seed: int,
    reference_seed: int,
    settings: QuerySettings | None = None,
) -> Trial:
    """Transfer a part from one picture to another, as an edit in the editor does.

    Args:
        generator: the catalog's.
        catalog: has the part.
        part_name: its name.
        target_seed: the picture that is edited, at the catalog's truncation.
        reference_seed: the picture that the part is taken from, of the target's class.
        settings: None takes the part's own budget and floor; of a generator without styles, whose
            channels no query can move, it blends features.

    Raises:
        LocalEditError: no such part, another generator's catalog, or a query for a generator
            without styles.
    """
    part = catalog.part(part_name)
    method = usual_method(generator.has_styles)
    chosen = settings or QuerySettings(method, epsilon=part.epsilon, floor=part.floor)
    pipeline = _pipeline(generator, catalog)
    class_index = series_of(generator, catalog.clustering).class_of(target_seed)
    target, reference = (
        Latent(seed, catalog.psi, class_index=class_index) for seed in (target_seed, reference_seed)
    )
    request = RenderRequest(0, 0, target, (Edit("trial", part_name, reference, chosen),), part_name)
    result = list(pipeline.run(request))[-1]
    original = pipeline.view(target).image
    return Trial(original, pipeline.view(reference).image, result.image, result.measures)


def _pipeline(generator: Generator, catalog: Catalog) -> Pipeline:
    return Pipeline(Model(generator, "this generator", generator.family), catalog)
