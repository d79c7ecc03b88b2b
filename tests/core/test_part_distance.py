"""Distances of a part, against loops over channels and against what is then measured."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.difference import PictureChange
from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.part_distance import MappedSeeds, PartDistances
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.query import solve
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model

PSI = 0.8


@pytest.fixture(name="pipeline")
def _pipeline(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> Pipeline:
    return Pipeline(Model(tiny_generator, "tiny", "stylegan2"), tiny_catalog)


def test_it_is_the_sum_over_all_channels(pipeline: Pipeline) -> None:
    catalog, layers = pipeline.catalog, pipeline.model.generator.layers
    part = catalog.part("mouth")
    query = solve(
        catalog.contribution("mouth"),
        QuerySettings(epsilon=part.epsilon, floor=part.floor),
        layers,
    )
    one_by_one = [  # [256] pictures of name -> [C_l]
        {name: style[0].double().numpy() for name, style in pipeline.styles(latent).items()}
        for latent in (Latent(seed, PSI) for seed in range(256))
    ]
    target = pipeline.styles(Latent(900, PSI))
    expected = np.zeros(6)
    for row, seed in enumerate((0, 1, 2, 50, 51, 99)):
        for layer in layers:
            known = np.stack([styles[layer.name] for styles in one_by_one])  # [256, C]
            variance = np.mean([np.var(known[:, c]) for c in range(layer.channels)])
            for c in range(layer.channels):
                q = query[layer.name][c]
                m = float(catalog.contribution("mouth")[layer.name][c])
                move = known[seed, c] - float(target[layer.name][0, c])
                expected[row] += q * q * m * move * move / variance
    mapped = MappedSeeds(pipeline.model.generator)
    distances = PartDistances(pipeline, mapped, "mouth", Latent(900, PSI), PSI)
    np.testing.assert_allclose(distances.of([0, 1, 2, 50, 51, 99]), expected, rtol=1e-4)


def test_a_picture_is_nearest_to_itself_and_batches_do_not_matter(pipeline: Pipeline) -> None:
    mapped = MappedSeeds(pipeline.model.generator)
    distances = PartDistances(pipeline, mapped, "eyes", Latent(7, PSI), PSI)
    seeds = list(range(300))
    found = distances.of(seeds)
    assert int(np.argmin(found)) == 7
    assert found[7] == pytest.approx(0.0, abs=1e-9)
    halves = np.concatenate([distances.of(seeds[100:]), distances.of(seeds[:100])])
    np.testing.assert_allclose(halves, np.concatenate([found[100:], found[:100]]), rtol=1e-4)


def test_an_unknown_part_is_told(pipeline: Pipeline) -> None:
    mapped = MappedSeeds(pipeline.model.generator)
    with pytest.raises(LocalEditError, match="wings"):
        PartDistances(pipeline, mapped, "wings", Latent(7, PSI), PSI)


def test_the_order_goes_from_subtle_to_bold() -> None:
    """By the change that is measured in the part, over references nobody chose."""
    model, catalog = open_labelled_model("faces")
    pipeline = Pipeline(model, catalog)
    target, seeds = Latent(22, catalog.psi), range(100, 130)
    mapped = MappedSeeds(model.generator)
    for part, least in (("hair", 0.6), ("mouth", 0.4)):
        info = catalog.part(part)
        settings = QuerySettings(epsilon=info.epsilon, floor=info.floor, guard=1.0)
        base = pipeline.picture(RenderRequest(0, 0, target), 64)
        roi = pipeline.roi(pipeline.view(target), part)[2::4, 2::4]  # at 64 px
        changes = []
        for seed in seeds:
            edit = Edit("e", part, Latent(seed, catalog.psi), settings)
            edited = pipeline.picture(RenderRequest(0, 0, target, (edit,)), 64)
            changes.append(float(PictureChange.between(base, edited).delta_e()[roi].mean()))
        distances = PartDistances(pipeline, mapped, part, target, catalog.psi).of(seeds)
        assert spearmanr(distances, changes).statistic > least
