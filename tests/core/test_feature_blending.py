"""Feature blending: what it takes from the reference, where, and what stays the target's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import dense_networks as dense
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.sampling import styles_of_seed
from localedit_core.checkpoints.native import Model
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.feature_blending import (
    Blend,
    adjustment,
    part_mask,
    record_features,
)
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import LayerInfo
from localedit_core.generators.boxes import Box
from localedit_core.generators.progan import ProGAN
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import Latent

Network = StyleGAN2 | StyleGAN | ProGAN
TARGET, REFERENCE, OTHER = 11, 12, 13


def _seeded(network: Network) -> Network:
    source = torch.Generator().manual_seed(1)
    for values in (*network.parameters(), *network.buffers()):
        if values.ndim == 1 or "noise" in str(values.shape):
            values.data += 0.2 * torch.randn(values.shape, generator=source)
    return network.eval().requires_grad_(False)


def _stylegan2(architecture: str) -> StyleGAN2:
    torch.manual_seed(2)
    config = StyleGAN2Config(8, 8, 64, (8, 8, 8, 6, 4), 2, architecture=architecture)  # type: ignore[arg-type]
    network = StyleGAN2(config)
    _seeded(network)
    return network


def _stylegan() -> StyleGAN:
    torch.manual_seed(3)
    network = StyleGAN(StyleGANConfig(8, 8, 64, (8, 8, 8, 6, 4), 2, mapping_features=8))
    _seeded(network)
    return network


def _progan() -> ProGAN:
    network = dense.random_progan((6, 6, 6, 5, 4))
    return build_progan(network.arguments, network.variables)


FAMILIES: dict[str, Callable[[], Network]] = {
    "skip": lambda: _stylegan2("skip"),
    "resnet": lambda: _stylegan2("resnet"),
    "orig": lambda: _stylegan2("orig"),
    "stylegan": _stylegan,
    "progan": _progan,
}


def _picture(network: Network, seed: int, *blends: Blend) -> torch.Tensor:
    with torch.inference_mode():
        return network.synthesize(
            styles_of_seed(network, seed, 0.8), adjust=adjustment(blends)
        ).image


def _blend(network: Network, mask: NDArray[np.float32], up_to: int = 32) -> Blend:
    return Blend(record_features(network, styles_of_seed(network, REFERENCE, 0.8), up_to), mask)


def _square(side: int, left: int, right: int) -> NDArray[np.float32]:
    mask = np.zeros((side, side), np.float32)
    mask[left:right, left:right] = 1.0
    return mask


@pytest.mark.parametrize("family", FAMILIES)
class TestEnds:
    def test_all_of_it_everywhere_is_the_references_picture(self, family: str) -> None:
        network = FAMILIES[family]()
        blend = _blend(network, np.ones((16, 16), np.float32), up_to=64)
        reference, target = _picture(network, REFERENCE), _picture(network, TARGET)
        assert (reference - target).abs().max() > 0.05
        assert torch.equal(_picture(network, TARGET, blend), reference)

    def test_nothing_of_it_is_the_targets_picture(self, family: str) -> None:
        network = FAMILIES[family]()
        blend = _blend(network, np.zeros((16, 16), np.float32), up_to=64)
        assert torch.equal(_picture(network, TARGET, blend), _picture(network, TARGET))

    def test_every_layer_up_to_the_resolution_and_none_above(self, family: str) -> None:
        """The outputs equal a mixture of what both pictures have there, by OpenCV's resizing."""
        network = FAMILIES[family]()
        mask = _square(16, 3, 9) * np.float32(0.6)
        blend = _blend(network, mask)
        assert set(blend.features) == {n.name for n in network.layers if n.resolution <= 32}
        seen: dict[str, torch.Tensor] = {}
        adjust = adjustment([blend])
        assert adjust is not None

        def check(layer: LayerInfo, output: torch.Tensor, box: Box) -> torch.Tensor:
            made = adjust(layer, output, box)
            side = output.shape[-1]
            if layer.resolution > 32:
                assert torch.equal(made, output)
                return made
            way = cv2.INTER_LINEAR if side > 16 else cv2.INTER_AREA
            share = torch.from_numpy(cv2.resize(mask, (side, side), interpolation=way))
            expected = (1 - share) * output + share * blend.features[layer.name]
            torch.testing.assert_close(made, expected, rtol=1e-5, atol=1e-5)
            seen[layer.name] = made
            return made

        with torch.inference_mode():
            made = network.synthesize(
                styles_of_seed(network, TARGET, 0.8), adjust=check, record_outputs=list(seen)
            )
        assert set(seen) == set(blend.features)
        assert torch.equal(made.image, _picture(network, TARGET, blend))

    def test_a_resumed_picture_is_the_same(self, family: str) -> None:
        network = FAMILIES[family]()
        adjust = adjustment([_blend(network, _square(16, 3, 9))])
        styles = styles_of_seed(network, TARGET, 0.8)
        names = [layer.name for layer in network.layers]
        with torch.inference_mode():
            whole = network.synthesize(styles, adjust=adjust, keep=names)
            for name in names:
                resumed = network.synthesize(styles, adjust=adjust, resume=whole.kept[name])
                assert torch.equal(resumed.image, whole.image)


class TestPlaces:
    """PG-GAN normalises position by position, so that what can reach where is countable."""

    @staticmethod
    def _reached(masks: dict[int, NDArray[np.bool_]], resolution: int) -> NDArray[np.bool_]:
        """Pixels that the features blended at some sides can reach, layer by layer."""
        reached = masks[4].copy()
        neighbours = np.ones((3, 3), np.uint8)
        side = 4
        while True:
            for layer in range(2):  # the first of 4 px is dense and changed by the blend alone
                if side > 4 and layer == 0:
                    # A 3x3 convolution of doubled pixels, fused or not, reaches one pixel on.
                    reached = np.kron(reached, np.ones((2, 2), bool))
                if side > 4 or layer == 1:
                    reached = cv2.dilate(reached.astype(np.uint8), neighbours).astype(bool)
                if side in masks:
                    reached |= masks[side]
            if side == resolution:
                return reached
            side *= 2

    @pytest.mark.parametrize("lowest", [4, 16, 32])
    def test_nothing_changes_outside_of_what_the_part_can_reach(self, lowest: int) -> None:
        network = _progan()
        mask = _square(32, 0, 4)
        blend = _blend(network, mask)
        features = {
            layer.name: blend.features[layer.name]
            for layer in network.layers
            if lowest <= layer.resolution <= 32
        }
        masks = {
            side: cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA) > 0
            if lowest <= side
            else np.zeros((side, side), bool)
            for side in (4, 8, 16, 32)
        }
        reached = torch.from_numpy(self._reached(masks, 64))
        change = (
            (_picture(network, TARGET, Blend(features, mask)) - _picture(network, TARGET))[0]
            .abs()
            .amax(dim=0)
        )
        outside = {4: 0.05, 16: 0.6, 32: 0.9}[lowest]
        assert (~reached).float().mean() > outside
        assert change[~reached].max() <= 1e-5
        assert change[:6, :6].mean() > 1e-3

    def test_part_mask_is_the_union_of_its_clusters(self, tiny_catalog: Catalog) -> None:
        clusters = np.array([[0, 1], [3, 4]])
        np.testing.assert_array_equal(
            part_mask(tiny_catalog, clusters, "mouth", 0.25), [[0, 0.25], [0.25, 0]]
        )
        with pytest.raises(LocalEditError, match="antlers"):
            part_mask(tiny_catalog, clusters, "antlers", 1.0)


def test_a_references_features_cost_no_layer_above() -> None:
    network = _progan()
    run: list[str] = []
    for name, module in network.synthesis.items():
        module.register_forward_hook(lambda *_, name=name: run.append(name))
    features = record_features(network, styles_of_seed(network, REFERENCE, 1.0), 32)
    assert run == list(features)
    assert max(int(name.partition("x")[0]) for name in run) == 32


def _pipeline(network: Network) -> Pipeline:
    """Of a catalog whose part "all" covers every picture wholly, and "some" a piece of it."""
    layer = "16x16/Conv1" if network.family != "stylegan2" else "b16.conv1"
    catalog = build_catalog(network, layer=layer, n_clusters=3, n_samples=4)
    everything = catalog.with_parts([Part("all", (0, 1, 2))])
    named = catalog.with_parts([Part("some", (0,)), Part("rest", (1, 2))])
    model = Model(network, "x", network.family)
    pipeline = Pipeline(model, named)
    pipeline.everything = Pipeline(model, everything)  # type: ignore[attr-defined]
    return pipeline


def _edit(part: str, seed: int, **more: float) -> Edit:
    settings = QuerySettings(Method.FEATURE_BLENDING, blend_to=int(more.pop("blend_to", 32)))
    return Edit(f"{part}-{seed}", part, Latent(seed, 0.8), settings, **more)  # type: ignore[arg-type]


def _image(pipeline: Pipeline, *edits: Edit, seed: int = TARGET) -> NDArray[np.uint8]:
    request = RenderRequest(1, 1, Latent(seed, 0.8), edits, noise_seed=5)
    *_, last = pipeline.run(request)
    return last.image


class TestStacks:
    @pytest.mark.parametrize("family", ["skip", "stylegan", "progan"])
    def test_the_whole_picture_up_to_its_resolution_is_the_references(self, family: str) -> None:
        pipeline = _pipeline(FAMILIES[family]())
        everything: Pipeline = pipeline.everything  # type: ignore[attr-defined]
        reference = _image(everything, seed=REFERENCE)
        made = _image(everything, _edit("all", REFERENCE, blend_to=64))
        np.testing.assert_array_equal(made, reference)

    @pytest.mark.parametrize("family", ["skip", "stylegan", "progan"])
    def test_muted_and_weak_ones_change_nothing_and_strength_scales(self, family: str) -> None:
        pipeline = _pipeline(FAMILIES[family]())
        plain = _image(pipeline).astype(int)
        np.testing.assert_array_equal(_image(pipeline, _edit("some", REFERENCE, strength=0)), plain)
        muted = replace(_edit("some", REFERENCE), muted=True)
        np.testing.assert_array_equal(_image(pipeline, muted), plain)
        changes = [
            np.abs(_image(pipeline, _edit("some", REFERENCE, strength=s)) - plain).mean()
            for s in (0.3, 0.6, 1.0)
        ]
        assert 0 < changes[0] < changes[1] < changes[2]

    def test_the_upper_of_two_wins_where_they_overlap(self) -> None:
        pipeline = _pipeline(_progan())
        everything: Pipeline = pipeline.everything  # type: ignore[attr-defined]
        lower, upper = _edit("all", REFERENCE), _edit("all", OTHER)
        above = _image(everything, upper)
        np.testing.assert_array_equal(_image(everything, lower, upper), above)
        assert (_image(everything, upper, lower) != above).any()
        # Half of the upper leaves half of the lower.
        half = replace(upper, strength=0.5)
        assert (_image(everything, lower, half) != _image(everything, half)).any()

    def test_styles_first_then_blends_whatever_their_order(self) -> None:
        pipeline = _pipeline(_stylegan2("skip"))
        moved = Edit("m", "some", Latent(OTHER, 0.8), QuerySettings(Method.GLOBAL, lam=0.7))
        blended = _edit("some", REFERENCE)
        both = _image(pipeline, moved, blended)
        np.testing.assert_array_equal(both, _image(pipeline, blended, moved))
        assert (both != _image(pipeline, blended)).any()  # above 32 px the moved styles go on

        everything: Pipeline = pipeline.everything  # type: ignore[attr-defined]
        covered = _image(
            everything, replace(moved, part="all"), _edit("all", REFERENCE, blend_to=64)
        )
        np.testing.assert_array_equal(covered, _image(everything, seed=REFERENCE))

    def test_a_preview_shows_it_too_and_costs_no_pixel(self) -> None:
        pipeline = _pipeline(_stylegan2("skip"))
        for blend_to in (32, 64):
            edit = _edit("some", REFERENCE, blend_to=blend_to)
            request = RenderRequest(1, 1, Latent(TARGET, 0.8), (edit,), preview_resolution=32)
            preview, *_, settled, _ = pipeline.run(request)
            plain = next(_pipeline(_stylegan2("skip")).run(replace(request, edits=())))
            assert (preview.image != plain.image).any()
            *_, last = pipeline.run(replace(request, preview_resolution=None))
            np.testing.assert_array_equal(settled.image, last.image)

    def test_no_styles_are_counted_as_moved(self) -> None:
        pipeline = _pipeline(_stylegan2("skip"))
        request = RenderRequest(1, 1, Latent(TARGET, 0.8), (_edit("some", REFERENCE),), "some")
        *_, last = pipeline.run(request)
        assert last.measures is not None
        assert set(last.measures.channels_moved.values()) == {0}
        assert last.measures.in_mse > 0

    def test_an_unknown_part_is_named(self) -> None:
        with pytest.raises(LocalEditError, match="antlers"):
            _image(_pipeline(_progan()), _edit("antlers", REFERENCE))

    @pytest.mark.parametrize("side", [0, 16, 48, 128, 32.5])
    def test_other_resolutions_are_refused(self, side: float) -> None:
        with pytest.raises(LocalEditError, match="Use 32 or 64"):
            QuerySettings(blend_to=side)  # type: ignore[arg-type]
