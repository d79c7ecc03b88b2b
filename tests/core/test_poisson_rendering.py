"""Poisson blending in a stack: on finished pictures, lowest first, at every size."""

from __future__ import annotations

from dataclasses import replace

import dense_networks as dense
import numpy as np
import pytest
from numpy.typing import NDArray

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.checkpoints.native import Model
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.poisson_blending import aligning_shift, poisson_blend, shifted
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

TARGET, REFERENCE, OTHER = Latent(11, 0.7), Latent(12, 0.7), Latent(13, 0.7)
POISSON = QuerySettings(Method.POISSON_BLENDING)
REQUEST = RenderRequest(1, 1, TARGET, noise_seed=5)
Picture = NDArray[np.uint8]


@pytest.fixture(name="pipeline")
def _pipeline(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> Pipeline:
    return Pipeline(Model(tiny_generator, "tiny", "stylegan2"), tiny_catalog)


def _edit(part: str = "mouth", reference: Latent = REFERENCE, **more: float | bool) -> Edit:
    return Edit(f"{part} {reference.seed}", part, reference, POISSON, **more)  # type: ignore[arg-type]


def _image(pipeline: Pipeline, *edits: Edit, target: Latent = TARGET) -> Picture:
    *_, last = pipeline.run(replace(REQUEST, target=target, edits=edits))
    return last.image


def _by_hand(pipeline: Pipeline, below: Picture, edit: Edit) -> Picture:
    """The blend of whole pictures, at the part's pixels on the two unedited ones."""
    target, lent = (pipeline.view(latent, 5) for latent in (TARGET, edit.reference))
    inside, theirs = (pipeline.roi(view, edit.part) for view in (target, lent))
    reference = shifted(lent.image, aligning_shift(inside, theirs))
    return poisson_blend(below, reference, inside, edit.strength)


def test_the_reference_s_pixels_come_into_the_part_alone(pipeline: Pipeline) -> None:
    plain, made = _image(pipeline), _image(pipeline, _edit())
    roi = pipeline.roi(pipeline.view(TARGET, 5), "mouth")
    assert 0 < roi.sum() < roi.size
    np.testing.assert_array_equal(made[~roi], plain[~roi])
    assert (made != plain)[roi].any()
    np.testing.assert_array_equal(made, _by_hand(pipeline, plain, _edit()))


def test_muted_ones_and_such_without_strength_change_nothing(pipeline: Pipeline) -> None:
    plain = _image(pipeline)
    for edit in (_edit(muted=True), _edit(strength=0.0), _edit(reference=TARGET)):
        np.testing.assert_array_equal(_image(pipeline, edit), plain)


def test_it_comes_after_all_others_and_lowest_first(pipeline: Pipeline) -> None:
    styles = Edit("s", "hair", OTHER, QuerySettings(Method.GLOBAL, lam=0.6))
    guarded = replace(styles, settings=replace(styles.settings, guard=1.0))
    features = Edit("f", "eyes", OTHER, QuerySettings(Method.FEATURE_BLENDING))
    lower, upper = _edit(strength=0.7), _edit(reference=OTHER, strength=0.6)
    for others in ((styles,), (features,), (guarded, features)):
        below = _image(pipeline, *others)
        expected = _by_hand(pipeline, _by_hand(pipeline, below, lower), upper)
        np.testing.assert_array_equal(_image(pipeline, *others, lower, upper), expected)
        np.testing.assert_array_equal(_image(pipeline, lower, *others, upper), expected)
    assert (_image(pipeline, upper, lower) != _image(pipeline, lower, upper)).any()


def test_previews_and_small_pictures_show_it(pipeline: Pipeline) -> None:
    request = replace(REQUEST, edits=(_edit("hair"),), preview_resolution=16)
    preview, settled, measured = pipeline.run(request)
    plain = pipeline.picture(replace(request, edits=()), 16)
    inside = pipeline.catalog.part_map(pipeline.view(TARGET, 5).clusters, 16)
    index = [part.name for part in pipeline.catalog.parts].index("hair")
    changed = (preview.image != plain).any(axis=2)
    assert changed.any()
    assert (inside[changed] == index).all()
    np.testing.assert_array_equal(preview.image, pipeline.picture(request, 16))
    np.testing.assert_array_equal(settled.image, pipeline.picture(request, 32))
    assert measured.difference is not None
    assert not measured.difference[~pipeline.roi(pipeline.view(TARGET, 5), "hair")].any()
    small = pipeline.picture(replace(request, edits=(_edit("hair"),)), 4)  # below the clusters'
    assert small.shape == (4, 4, 3)


def test_the_numbers_say_so(pipeline: Pipeline) -> None:
    *_, last = pipeline.run(replace(REQUEST, edits=(_edit(),), roi_part="mouth"))
    assert last.measures is not None
    assert last.measures.in_mse > 0.0
    assert last.measures.out_mse == last.measures.delta_e_outside == last.measures.roir == 0.0
    assert set(last.measures.channels_moved.values()) == {0}


def test_parts_that_cover_all_or_nothing_of_the_picture(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    everything = tiny_catalog.with_parts([Part("all", tuple(range(5)))])
    pipeline = Pipeline(Model(tiny_generator, "tiny", "stylegan2"), everything)
    assert (_image(pipeline, _edit("all")) != _image(pipeline)).mean() > 0.5
    clusters = pipeline.view(TARGET, 5).clusters
    absent = next(n for n in range(100) if not (pipeline.view(Latent(n, 0.7)).clusters == 4).any())
    assert (clusters == 4).any()
    rare = Pipeline(pipeline.model, tiny_catalog.with_parts([Part("rare", (4,))]))
    target = Latent(absent, 0.7)
    alone = replace(REQUEST, target=target, noise_seed=None)
    made, plain = (
        list(rare.run(replace(alone, edits=edits)))[-1].image for edits in ((_edit("rare"),), ())
    )
    np.testing.assert_array_equal(made, plain)


def test_a_pg_gan_takes_it(tiny_catalog: Catalog) -> None:
    network = dense.random_progan((6, 6, 6, 4))
    generator = build_progan(network.arguments, network.variables)
    catalog = build_catalog(generator, layer="16x16/Conv1", n_clusters=3, n_samples=4, psi=1.0)
    named = catalog.with_parts([Part("left", (0,)), Part("right", (1, 2))])
    pipeline = Pipeline(Model(generator, "pg", "progan"), named)
    edits = (Edit("e", "left", Latent(4, 1.0), POISSON),)
    request = RenderRequest(1, 1, Latent(3, 1.0), edits, "left")
    *_, last = pipeline.run(request)
    view = pipeline.view(request.target)
    roi = pipeline.roi(view, "left")
    assert (last.image != view.image)[roi].any()
    np.testing.assert_array_equal(last.image[~roi], view.image[~roi])


def test_an_unknown_part_is_named(pipeline: Pipeline) -> None:
    with pytest.raises(LocalEditError, match="antlers"):
        _image(pipeline, _edit("antlers"))


def test_it_can_be_given_up_between_two_of_them(pipeline: Pipeline) -> None:
    edits = (_edit(), _edit("hair"))
    asked: list[int] = []

    def cancelled(most: int) -> bool:
        asked.append(1)
        return len(asked) > most

    pipeline.picture(replace(REQUEST, edits=edits), 32, lambda: cancelled(1000))
    before_the_last = len(asked) - 1
    asked.clear()
    with pytest.raises(RenderCancelled):
        pipeline.picture(replace(REQUEST, edits=edits), 32, lambda: cancelled(before_the_last))
