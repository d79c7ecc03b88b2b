"""The spatial guard and per-image queries in whole pictures."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.guard import KeptTarget, guarded_start
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest, RenderResult
from localedit_core.generators.base import Generator
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model

TARGET, REFERENCE = Latent(11, 0.7), Latent(12, 0.7)
GROWN = 16
"""The part is grown by so many times less than the picture's side before "outside" begins."""


def _edit(part: str, guard: float, **settings: object) -> Edit:
    return Edit("a", part, REFERENCE, QuerySettings(guard=guard, **settings))  # type: ignore[arg-type]


def _last(pipeline: Pipeline, *edits: Edit, target: Latent = TARGET) -> RenderResult:
    return list(pipeline.run(RenderRequest(1, 1, target, edits, edits[0].part)))[-1]


def _make(family: str) -> Generator:
    torch.manual_seed(7)
    if family == "stylegan":
        made: Generator = StyleGAN(StyleGANConfig(8, 8, 32, (8, 8, 6, 6), 2, 8))
    else:
        config = StyleGAN2Config(8, 8, 32, (8, 8, 6, 6), 2, architecture=family)  # type: ignore[arg-type]
        made = StyleGAN2(config)
    return made.eval().requires_grad_(False)  # type: ignore[attr-defined]


@pytest.fixture(name="pipeline", params=["skip", "resnet", "orig", "stylegan"])
def _pipeline(request: pytest.FixtureRequest) -> Pipeline:
    generator = _make(request.param)
    layer = "16x16/Conv1" if request.param == "stylegan" else "b16.conv1"
    catalog = build_catalog(generator, layer=layer, n_clusters=3, n_samples=4)
    catalog = catalog.with_parts([Part("all", (0, 1, 2), epsilon=512.0, floor=0.0)])
    return Pipeline(Model(generator, "x", generator.family), catalog)


def test_a_guard_that_lets_everything_through_is_the_papers_edit(pipeline: Pipeline) -> None:
    # The part is everywhere, so the mask is 1 everywhere: all of the guard's sums are made, and
    # none of them may change anything.
    request = RenderRequest(1, 1, TARGET, (_edit("all", 1.0, epsilon=512.0, floor=0.0),))
    composition = pipeline.compose(request)
    generator, catalog = pipeline.model.generator, pipeline.catalog
    target = pipeline.compose(replace(request, edits=())).styles
    kept = KeptTarget.of(generator, catalog, target, None)
    start = guarded_start(generator, catalog, kept, composition)
    guarded = generator.synthesize(start.styles, resume=start.resume, adjust=start.adjust).image
    plain = generator.synthesize(composition.styles).image
    assert (plain - generator.synthesize(target).image).abs().max() > 0.1
    torch.testing.assert_close(guarded, plain, rtol=1e-5, atol=1e-5)


def test_a_guard_that_lets_nothing_through_is_the_target(pipeline: Pipeline) -> None:
    # The part's one cluster is a copy of another: of equals the first is taken, so it is nowhere.
    catalog = pipeline.catalog
    moved = Catalog(
        layer=catalog.layer,
        resolution=catalog.resolution,
        centroids=np.concatenate([catalog.centroids, catalog.centroids[:1]]),
        mean=catalog.mean,
        std=catalog.std,
        contributions={
            name: np.concatenate([0.5 * m, 0.5 * m[:1]])
            for name, m in catalog.contributions.items()
        },
        parts=(Part("rest", (0, 1, 2)), Part("nowhere", (3,), floor=0.0)),
        psi=catalog.psi,
        generator_fingerprint=catalog.generator_fingerprint,
        provenance={},
    )
    elsewhere = Pipeline(pipeline.model, moved)
    edit = _edit("nowhere", 1.0, epsilon=512.0, floor=0.0)
    result = _last(elsewhere, edit)
    assert result.original is not None
    np.testing.assert_array_equal(result.image, result.original)
    free = _last(elsewhere, replace(edit, settings=replace(edit.settings, guard=0.0)))
    assert (free.image != result.original).mean() > 0.5


def test_a_preview_costs_no_pixel(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> None:
    pipeline = Pipeline(Model(tiny_generator, "tiny", "stylegan2"), tiny_catalog)
    request = RenderRequest(1, 1, TARGET, (_edit("mouth", 0.75),))
    *_, without = pipeline.run(request)
    preview, *_, with_preview = pipeline.run(replace(request, preview_resolution=16))
    assert preview.image.shape == (16, 16, 3)
    np.testing.assert_array_equal(without.image, with_preview.image)


@pytest.fixture(name="bundled", scope="module", params=["faces", "rooms"])
def _bundled(request: pytest.FixtureRequest) -> Pipeline:
    return Pipeline(*open_labelled_model(request.param))


PARTS = {"faces": ("eyes", "hair", "skin"), "rooms": ("pillows", "wall")}


def test_the_piece_that_changes_is_that_of_the_whole_picture(bundled: Pipeline) -> None:
    """Rendering makes that piece alone; here all of it, by steps that are written out."""
    generator, catalog = bundled.model.generator, bundled.catalog
    part = catalog.part(PARTS[bundled.model.name][0])
    target = Latent(1_500_002, catalog.psi)
    settings = QuerySettings(epsilon=part.epsilon, floor=part.floor, guard=1.0)
    edit = Edit("a", part.name, Latent(1_500_003, catalog.psi), settings)
    request = RenderRequest(1, 1, target, (edit,), preview_resolution=32)
    preview, *_, settled, _ = bundled.run(request)
    with torch.inference_mode():
        styles = bundled.styles(target)
        kept = KeptTarget.of(generator, catalog, styles, None)
        start = guarded_start(generator, catalog, kept, bundled.compose(request))
        assert start.box is not None
        assert start.box.height * start.box.width < 0.7 * generator.resolution**2
    with torch.no_grad():
        # Batches are made without strips and pieces.
        state = start.resume
        assert state is not None
        twice = replace(state, x=state.x.repeat(2, 1, 1, 1), rgb=state.rgb.repeat(2, 1, 1, 1))
        made = generator.synthesize(start.styles, resume=twice, adjust=start.adjust).image[:1]
    wanted = to_picture(made).astype(int)
    assert np.abs(settled.image - wanted).max() <= 1
    assert (settled.image != wanted).mean() < 0.01
    assert settled.original is not None
    assert (settled.image != settled.original).any()
    changed = (settled.image != settled.original).any(axis=2)
    rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
    assert start.box.top <= rows[0]
    assert rows[-1] < start.box.bottom
    assert start.box.left <= columns[0]
    assert columns[-1] < start.box.right
    # The first small picture is shown in that place only.
    rows = np.flatnonzero((preview.image != settled.original).any((1, 2)))
    assert start.box.top <= rows[0] <= rows[-1] < start.box.bottom


def test_the_other_edits_of_a_stack_are_begun_once(
    bundled: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, generator = bundled.catalog, bundled.model.generator
    target = Latent(1_500_010, catalog.psi)
    edits = [
        Edit(str(n), part.name, Latent(1_500_011 + n, catalog.psi), QuerySettings(guard=1.0))
        for n, part in enumerate(catalog.parts[:4])
    ]
    first = _last(bundled, *edits, target=target)
    made: list[int] = []
    synthesize = type(generator).synthesize

    def counted(self: Generator, *args: object, **options: object) -> object:
        made.append(1)
        return synthesize(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(type(generator), "synthesize", counted)
    dragged = replace(edits[2], settings=replace(edits[2].settings, epsilon=2.0))
    moved = [*edits[:2], dragged, edits[3]]
    again = _last(bundled, *moved, target=target)
    assert len(made) == 2  # the beginning of that edit, and the piece
    assert (again.image != first.image).any()
    fresh = Pipeline(bundled.model, catalog)
    np.testing.assert_array_equal(again.image, _last(fresh, *moved, target=target).image)
    made.clear()
    np.testing.assert_array_equal(_last(bundled, *edits, target=target).image, first.image)
    assert len(made) == 1


def test_nothing_moves_far_from_the_part(bundled: Pipeline) -> None:
    """At guard 1 and full strength, mean delta E outside the grown part is below 0.5."""
    catalog = bundled.catalog
    for part in (catalog.part(name) for name in PARTS[bundled.model.name]):
        reference = Latent(1_500_001, catalog.psi)
        target = Latent(1_500_000, catalog.psi)
        settings = QuerySettings(epsilon=part.epsilon, floor=part.floor, guard=1.0)
        edit = Edit("a", part.name, reference, settings)
        guarded = _last(bundled, edit, target=target)
        free = _last(bundled, replace(edit, settings=replace(settings, guard=0.0)), target=target)
        assert guarded.part_map is not None
        inside = guarded.part_map == catalog.parts.index(part)
        outside = ~_grown(inside)
        assert guarded.difference is not None
        assert free.difference is not None
        assert guarded.difference[outside].mean() < 0.5, part.name
        assert free.difference[outside].mean() > 0.5, part.name
        # Inside, the part changes not much less than it did.
        assert guarded.measures is not None
        assert free.measures is not None
        assert guarded.measures.in_mse > 0.7 * free.measures.in_mse, part.name
        assert guarded.measures.out_mse < 0.5 * free.measures.out_mse, part.name


def test_nothing_moves_where_the_part_is_on_neither_picture(bundled: Pipeline) -> None:
    """For every part, a hat on a bare head included: there it may come, and nothing else moves."""
    catalog, generator = bundled.catalog, bundled.model.generator
    for number, part in enumerate(catalog.parts):
        target, reference = (Latent(1_500_000 + n, catalog.psi) for n in (0, 1))
        settings = QuerySettings(epsilon=part.epsilon, floor=part.floor, guard=1.0)
        edit = Edit("a", part.name, reference, settings)
        guarded = _last(bundled, edit, target=target)
        composed = bundled.compose(RenderRequest(1, 1, target, (edit,)))
        with torch.inference_mode():
            made = generator.synthesize(composed.styles, record=(catalog.layer,))
        clusters = catalog.membership(made.activations[catalog.layer])[0]  # [h, w]
        there = catalog.part_map(clusters, generator.resolution) == number
        assert guarded.difference is not None
        outside = ~_grown((guarded.part_map == number) | there)
        assert guarded.difference[outside].mean() < 0.5, part.name


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    reach = mask.shape[0] // GROWN
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.dilate(mask.astype(np.uint8), disc).astype(bool)


def test_two_guarded_edits_do_not_disturb_each_other() -> None:
    pipeline = Pipeline(*open_labelled_model("faces"))
    catalog, target = pipeline.catalog, Latent(22, 1.0)
    eyes, clothes = (
        Edit(
            name,
            name,
            Latent(27, 1.0),
            QuerySettings(
                epsilon=catalog.part(name).epsilon, floor=catalog.part(name).floor, guard=1.0
            ),
        )
        for name in ("eyes", "clothes")
    )
    both = _last(pipeline, eyes, clothes, target=target)
    alone = _last(pipeline, eyes, target=target)
    assert both.part_map is not None
    face = both.part_map == catalog.parts.index(catalog.part("eyes"))
    change = np.abs(both.image[face].astype(float) - alone.image[face])
    assert change.mean() < 0.5
    assert (both.image != alone.image).any(axis=2).mean() > 0.02  # the clothes did change


def test_a_per_image_edit_moves_its_part() -> None:
    pipeline = Pipeline(*open_labelled_model("faces"))
    settings = QuerySettings(method=Method.PER_IMAGE)
    edit = Edit("a", "clothes", Latent(27, 1.0), settings)
    result = _last(pipeline, edit, target=Latent(22, 1.0))
    assert result.measures is not None
    assert result.measures.in_mse > 10 * result.measures.out_mse
    # Coarse layers are left alone except for hair.
    moved = result.measures.channels_moved
    assert all(moved[layer] == 0 for layer in moved if layer.startswith(("b4.", "b8.")))
    assert sum(moved.values()) > 0
