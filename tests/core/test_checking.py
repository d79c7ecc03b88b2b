"""Strips, shares, histograms and trial transfers against the pipeline and plain counting."""

from __future__ import annotations

from pathlib import Path

import dense_networks as dense
import numpy as np
import pytest
from cli_helpers import rendered

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.checkpoints.native import Model
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.checking import UNSEEN_SEEDS, check_part, trial_transfer
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent


def test_finds_the_part_on_pictures_that_no_catalog_was_made_of(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    told: list[tuple[int, int]] = []
    check = check_part(tiny_generator, tiny_catalog, "mouth", progress=lambda *s: told.append(s))
    assert told == [(n, 10) for n in range(11)]
    assert check.seeds == UNSEEN_SEEDS
    assert min(UNSEEN_SEEDS) > 100_000  # far from those of any catalog of 200 pictures
    assert (check.pictures.shape, check.masks.shape) == ((10, 32, 32, 3), (10, 32, 32))
    pipeline = Pipeline(Model(tiny_generator, "Tiny", "stylegan2"), tiny_catalog)
    for index in (0, 7):
        view = pipeline.view(Latent(check.seeds[index], 0.7))
        np.testing.assert_array_equal(check.pictures[index], view.image)
        np.testing.assert_array_equal(check.masks[index], view.part_map == 1)
    assert check.share == pytest.approx(check.masks.sum() / check.masks.size)


def test_histogram_counts_the_channels_of_each_layer(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    check = check_part(tiny_generator, tiny_catalog, "mouth", seeds=[1])
    assert check.histogram.keys() == tiny_catalog.contributions.keys()
    for name, (counts, edges) in check.histogram.items():
        table = tiny_catalog.contributions[name].astype(np.float64)
        m = table[1] + table[3]
        assert (edges[0], edges[-1]) == (0.0, 1.0)
        assert counts.sum() == len(m)
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True):
            assert count == ((m >= low) & ((m < high) | (high == 1.0))).sum()


def test_trial_is_the_edit_that_the_editor_makes(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    part = tiny_catalog.part("mouth")
    own = QuerySettings(epsilon=part.epsilon, floor=part.floor)
    for settings in (None, QuerySettings(method=Method.GLOBAL)):
        trial = trial_transfer(tiny_generator, tiny_catalog, "mouth", 3, 5, settings)
        expected = rendered(
            tiny_generator, tiny_catalog, Edit("e", "mouth", Latent(5, 0.7), settings or own)
        )
        np.testing.assert_array_equal(trial.edited, expected.image)
        np.testing.assert_array_equal(trial.target, expected.original)
        assert trial.measures == expected.measures
        assert trial.measures is not None
        assert trial.measures.in_mse > 0
    assert not np.array_equal(trial.reference, trial.target)


def test_generators_without_styles_have_strips_and_blends_but_no_queries() -> None:
    network = dense.random_progan((8, 6, 6, 4))
    generator = build_progan(network.arguments, network.variables)
    catalog = build_catalog(generator, layer="16x16/Conv1", n_clusters=3, n_samples=4)
    catalog = catalog.with_parts([Part("sky", (0,))])
    check = check_part(generator, catalog, "sky", seeds=[1, 2])
    assert check.masks.shape[0] == 2
    assert check.histogram == {}
    blended = trial_transfer(generator, catalog, "sky", 1, 2)
    assert not np.array_equal(blended.edited, blended.target)
    with pytest.raises(LocalEditError, match="no styles"):
        trial_transfer(generator, catalog, "sky", 1, 2, QuerySettings())


def test_what_makes_no_sense_is_told(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog, tmp_path: Path
) -> None:
    with pytest.raises(LocalEditError, match="no part 'ear'"):
        check_part(tiny_generator, tiny_catalog, "ear")
    with pytest.raises(LocalEditError, match="no pictures"):
        check_part(tiny_generator, tiny_catalog, "mouth", seeds=[])
    with pytest.raises(LocalEditError, match="no part 'ear'"):
        trial_transfer(tiny_generator, tiny_catalog, "ear", 1, 2)
    with pytest.raises(RenderCancelled):
        check_part(tiny_generator, tiny_catalog, "mouth", cancelled=lambda: True)
