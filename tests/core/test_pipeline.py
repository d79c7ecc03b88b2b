"""Rendering requests: stages, resuming, regions, and what must not change a pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.difference import squared_error
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest, RenderResult
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import Latent, sample_z

TARGET, REFERENCE = Latent(11, 0.7), Latent(12, 0.7)


@pytest.fixture(name="pipeline")
def _pipeline(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> Pipeline:
    model = Model(tiny_generator, "tiny", "stylegan2", "", "", None, None)
    return Pipeline(model, tiny_catalog)


def _edit(pipeline: Pipeline, method: Method = Method.GLOBAL, **settings: float) -> Edit:
    part = pipeline.catalog.parts[0].name
    return Edit("a", part, REFERENCE, QuerySettings(method=method, **settings))  # type: ignore[arg-type]


def _last(pipeline: Pipeline, request: RenderRequest) -> RenderResult:
    return list(pipeline.run(request))[-1]


class TestStages:
    def test_preview_then_settled_then_measured(self, pipeline: Pipeline) -> None:
        request = RenderRequest(1, 1, TARGET, (_edit(pipeline),), preview_resolution=8)
        results = list(pipeline.run(request))
        *previews, settled, measured = results
        assert [result.stage for result in previews] == ["preview"] * len(previews)
        assert [settled.stage, measured.stage] == ["settled", "measured"]
        sides = [result.image.shape[0] for result in previews]
        assert sides[0] == 8
        assert sides == sorted(sides)
        assert settled.image.shape == measured.image.shape == (32, 32, 3)
        assert all(result.request is request for result in results)

    @pytest.mark.parametrize("architecture", ["resnet", "orig"])
    def test_no_preview_that_is_no_quicker(self, architecture: Any) -> None:
        config = StyleGAN2Config(16, 16, 32, (8, 8, 8, 8), 2, architecture=architecture)
        generator = StyleGAN2(config).eval().requires_grad_(False)
        catalog = build_catalog(generator, layer="b16.conv1", n_clusters=2, n_samples=4)
        pipeline = Pipeline(Model(generator, "x", "stylegan2"), catalog)
        request = RenderRequest(1, 1, TARGET, (), preview_resolution=8)
        assert [result.stage for result in pipeline.run(request)] == ["settled", "measured"]

    def test_a_preview_costs_no_pixel_of_the_settled_picture(self, pipeline: Pipeline) -> None:
        request = RenderRequest(1, 1, TARGET, (_edit(pipeline),))
        without = _last(pipeline, request)
        with_preview = _last(pipeline, replace(request, preview_resolution=16))
        np.testing.assert_array_equal(without.image, with_preview.image)

    def test_cancelling_is_noticed_in_the_middle(self, pipeline: Pipeline) -> None:
        request = RenderRequest(1, 1, TARGET, (_edit(pipeline),), preview_resolution=8)
        results = pipeline.run(request, lambda: bool(seen))
        seen = []
        seen.append(next(results))
        with pytest.raises(RenderCancelled):
            next(results)


class TestPixels:
    def test_unedited_target_is_the_generators_own_picture(
        self, pipeline: Pipeline, tiny_generator: StyleGAN2
    ) -> None:
        result = _last(pipeline, RenderRequest(1, 1, TARGET))
        z = torch.from_numpy(sample_z(11, tiny_generator.z_dim))
        with torch.inference_mode():
            expected = to_picture(tiny_generator(z, psi=0.7))
        np.testing.assert_array_equal(result.image, expected)
        assert result.original is not None
        np.testing.assert_array_equal(result.original, expected)
        assert result.difference is not None
        assert not result.difference.any()

    def test_whole_global_transfer_is_the_reference(self, pipeline: Pipeline) -> None:
        edited = _last(pipeline, RenderRequest(1, 1, TARGET, (_edit(pipeline, lam=1.0),)))
        reference = _last(pipeline, RenderRequest(2, 1, REFERENCE))
        np.testing.assert_allclose(edited.image.astype(int), reference.image.astype(int), atol=1)

    def test_muted_and_empty_edits_change_nothing(self, pipeline: Pipeline) -> None:
        plain = _last(pipeline, RenderRequest(1, 1, TARGET))
        muted = replace(_edit(pipeline), muted=True)
        weak = replace(_edit(pipeline), edit_id="b", strength=0.0)
        broke = replace(_edit(pipeline, Method.SEQUENTIAL, epsilon=0.0), edit_id="c")
        request = RenderRequest(1, 1, TARGET, (muted, weak, broke))
        np.testing.assert_array_equal(_last(pipeline, request).image, plain.image)

    def test_stored_latent_gives_its_seeds_pixels(self, pipeline: Pipeline) -> None:
        stored = Latent(None, 1.0, pipeline.w_plus(TARGET))
        request = RenderRequest(1, 1, TARGET, (_edit(pipeline),))
        np.testing.assert_array_equal(
            _last(pipeline, request).image, _last(pipeline, replace(request, target=stored)).image
        )

    def test_thumbnail_is_the_low_resolution_picture(self, pipeline: Pipeline) -> None:
        preview = next(pipeline.run(RenderRequest(1, 1, TARGET, preview_resolution=16)))
        np.testing.assert_array_equal(pipeline.thumbnail(TARGET, 16), preview.image)
        assert pipeline.thumbnail(TARGET, 20).shape == (20, 20, 3)
        assert pipeline.thumbnail(TARGET, 100).shape == (100, 100, 3)


class TestMeasures:
    def test_numbers_come_with_a_part(self, pipeline: Pipeline) -> None:
        part = pipeline.catalog.parts[0].name
        request = RenderRequest(1, 1, TARGET, (_edit(pipeline),), roi_part=part)
        result = _last(pipeline, request)
        assert result.measures is not None
        assert result.difference is not None
        roi = pipeline.roi(pipeline.view(TARGET), part)
        assert 0 < roi.mean() < 1
        expected = result.difference[roi].mean(dtype=np.float64)
        assert result.measures.delta_e_inside == pytest.approx(expected, rel=1e-5)
        # A whole global transfer moves every channel that the two pictures do not share.
        assert dict(result.measures.channels_moved) == dict(result.measures.channels_total)

    def test_outside_is_what_no_edit_is_meant_to_change(self, pipeline: Pipeline) -> None:
        first, second = (part.name for part in pipeline.catalog.parts[:2])
        edits = _edit(pipeline), replace(_edit(pipeline), edit_id="b", part=second)
        request = RenderRequest(1, 1, TARGET, edits, roi_part=first)
        view = pipeline.view(TARGET)
        mine, other = (pipeline.roi(view, name) for name in (first, second))
        assert other.any()
        assert not (mine | other).all()
        for muted, outside in ((False, ~(mine | other)), (True, ~mine)):
            stack = edits[0], replace(edits[1], muted=muted)
            result = _last(pipeline, replace(request, edits=stack))
            assert result.measures is not None
            assert result.original is not None
            error = squared_error(result.original, result.image)
            assert result.measures.in_mse == pytest.approx(error[mine].mean(), rel=1e-5)
            assert result.measures.out_mse == pytest.approx(error[outside].mean(), rel=1e-5)

    def test_no_part_no_numbers(self, pipeline: Pipeline) -> None:
        assert _last(pipeline, RenderRequest(1, 1, TARGET)).measures is None


class TestRefusals:
    def test_unknown_part_is_named(self, pipeline: Pipeline) -> None:
        request = RenderRequest(1, 1, TARGET, (replace(_edit(pipeline), part="antlers"),))
        with pytest.raises(LocalEditError, match="antlers"):
            list(pipeline.run(request))

    def test_foreign_latent(self, pipeline: Pipeline) -> None:
        foreign = Latent(None, 1.0, np.zeros((3, 5)))
        with pytest.raises(LocalEditError, match="3 x 5"):
            list(pipeline.run(RenderRequest(1, 1, foreign)))

    def test_foreign_catalog(self, pipeline: Pipeline) -> None:
        foreign = replace(pipeline.catalog, generator_fingerprint="0" * 64)
        with pytest.raises(LocalEditError, match="another generator"):
            Pipeline(pipeline.model, foreign)
