"""The catalog as a value: parts, memberships, part maps, fingerprints, and how it is built."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from localedit_core.catalog import fitting
from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import NO_PART, Catalog, Part
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.stylegan2 import StyleGAN2


@pytest.fixture(name="catalog")
def _catalog() -> Catalog:
    """Three clusters of two channels, whose standardised directions are east, north and west."""
    return Catalog(
        layer="b8.conv1",
        resolution=8,
        centroids=np.array([[1, 0], [0, 1], [-1, 0]], np.float32),
        mean=np.array([10, -5], np.float32),
        std=np.array([2, 0.5], np.float32),
        contributions={
            "b4.conv1": np.array([[0.5, 0, 1], [0.25, 1, 0], [0.25, 0, 0]], np.float32),
            "b8.conv1": np.array([[0.7, 0.1], [0.2, 0.8], [0.1, 0.1]], np.float32),
        },
        parts=(Part("left", (2,)), Part("up and right", (0, 1), epsilon=7.0, floor=0.2)),
        psi=0.7,
        generator_fingerprint="g",
        provenance={"samples": 3},
    )


def test_contribution_of_a_part_adds_up_its_clusters(catalog: Catalog) -> None:
    m = catalog.contribution("up and right")
    np.testing.assert_allclose(m["b4.conv1"], [0.75, 1.0, 1.0])
    np.testing.assert_allclose(m["b8.conv1"], [0.9, 0.9], atol=1e-7)
    np.testing.assert_allclose(catalog.contribution("left")["b4.conv1"], [0.25, 0, 0])


def test_membership_is_the_nearest_direction_of_standardised_activations(catalog: Catalog) -> None:
    # Standardised: (3, 1) east, (-4, 3) west, (1, 2) north, (-1, -9) west for lack of a south.
    standardised = np.array([[[3, -4], [1, -1]], [[1, 3], [2, -9]]], np.float32)  # [C, H, W]
    activations = standardised * [[[2]], [[0.5]]] + [[[10]], [[-5]]]
    expected = [[0, 2], [1, 2]]
    labels = catalog.membership(activations[None].astype(np.float32))
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels[0], expected)
    as_tensor = torch.from_numpy(activations[None].astype(np.float32))
    channels_last = as_tensor.contiguous(memory_format=torch.channels_last)
    np.testing.assert_array_equal(catalog.membership(channels_last)[0], expected)


def test_a_constant_channel_has_no_say_in_membership(catalog: Catalog) -> None:
    constant = replace(catalog, std=np.array([2, 0], np.float32))
    activations = np.array([[[[11.0]], [[1e6]]]], np.float32)
    assert constant.membership(activations).item() == 0


def test_membership_refuses_another_width(catalog: Catalog) -> None:
    with pytest.raises(LocalEditError, match="2 channels"):
        catalog.membership(np.zeros((1, 3, 8, 8), np.float32))


def test_part_map_at_the_clusters_own_size(catalog: Catalog) -> None:
    unnamed = catalog.with_parts([Part("east", (0,)), Part("west", (2,))])
    labels = np.array([[0, 1], [2, 0]])
    np.testing.assert_array_equal(unnamed.part_map(labels, 2), [[0, NO_PART], [1, 0]])
    assert unnamed.part_map(labels, 2).dtype == np.uint8
    assert (catalog.with_parts([]).part_map(labels, 4) == NO_PART).all()


def test_part_map_resizes_whole_parts_not_clusters(catalog: Catalog) -> None:
    # Each of the clusters 0 and 1 has less than cluster 2 in the middle; together they have more.
    labels = np.array([[0, 2], [2, 1]])
    larger = catalog.part_map(labels, 4)
    # Shares of "up and right" at (1, 1): 0.75^2 + 0.25^2 = 0.625.
    expected = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    np.testing.assert_array_equal(larger, expected)


def test_unknown_part_lists_the_known_ones(catalog: Catalog) -> None:
    with pytest.raises(LocalEditError, match="'nose'") as caught:
        catalog.part("nose")
    assert "left, up and right" in caught.value.hint


def test_arrays_are_the_catalogs_own_and_read_only(catalog: Catalog) -> None:
    mean = np.array([1, 2], np.float32)
    mine = replace(catalog, mean=mean)
    mean[0] = 99
    assert mine.mean[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        mine.mean[0] = 3
    with pytest.raises(TypeError):
        mine.contributions["x"] = mean  # type: ignore[index]


@pytest.mark.parametrize(
    "change",
    [
        {"layer": "b4.conv1", "centroids": np.eye(3, dtype=np.float32), "mean": np.zeros(3)},
        {"psi": 0.5},
        {"generator_fingerprint": "h"},
        {"mean": np.array([10, -5.5])},
        {"parts": (Part("left", (2,)),)},
        {"parts": (Part("left", (2,), epsilon=21.0),)},
    ],
)
def test_fingerprint_follows_what_the_catalog_does(catalog: Catalog, change: Any) -> None:
    if "centroids" in change:
        change = change | {"std": np.ones(3)}
    assert replace(catalog, **change).fingerprint != catalog.fingerprint


def test_fingerprint_ignores_what_the_catalog_only_tells(catalog: Catalog) -> None:
    assert len(catalog.fingerprint) == 64
    assert replace(catalog, provenance={"samples": 4}).fingerprint == catalog.fingerprint
    assert catalog.with_parts(catalog.parts).fingerprint == catalog.fingerprint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mean": np.array([np.nan, 0])}, "mean"),
        ({"std": np.array([-1.0, 1])}, "negative"),
        ({"mean": np.zeros(3)}, "do not fit"),
        ({"centroids": np.zeros((3, 2))}, "unit"),
        ({"centroids": np.zeros((0, 2))}, "shape"),
        ({"layer": "b16.conv1"}, "lacks M of its own layer"),
        ({"contributions": {"b8.conv1": np.zeros((3, 5))}}, "does not fit"),
        ({"contributions": {"b8.conv1": np.zeros((4, 2))}}, "shape"),
        ({"contributions": {"b8.conv1": np.full((3, 2), 1.5)}}, "outside 0 to 1"),
        ({"contributions": {"b8.conv1": np.full((3, 2), np.inf)}}, "finite"),
        ({"resolution": 0}, "0 px"),
        ({"psi": float("nan")}, "truncation"),
        ({"parts": (Part("a", (0,)), Part("a", (1,)))}, "Two parts"),
        ({"parts": (Part("a", (0, 1)), Part("b", (1,)))}, "again in 'b'"),
        ({"parts": (Part("a", (0, 0)),)}, "again in 'a'"),
        ({"parts": (Part("a", (3,)),)}, "names a cluster 3"),
        ({"parts": (Part("a", (-1,)),)}, "names a cluster -1"),
    ],
)
def test_a_catalog_that_makes_no_sense_is_refused(
    catalog: Catalog, change: Any, message: str
) -> None:
    with pytest.raises(LocalEditError, match=message):
        replace(catalog, **change)


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": ""},
        {"name": " eyes"},
        {"name": "ey\nes"},
        {"name": "e" * 65},
        {"clusters": ()},
        {"epsilon": -1.0},
        {"epsilon": float("inf")},
        {"epsilon": 513.0},
        {"floor": 1.1},
        {"floor": float("nan")},
    ],
)
def test_a_part_that_makes_no_sense_is_refused(arguments: Any) -> None:
    with pytest.raises(LocalEditError):
        Part(**({"name": "eyes", "clusters": (0,)} | arguments))


class TestBuilding:
    def test_reports_its_progress(self, tiny_generator: StyleGAN2) -> None:
        seen: list[tuple[int, int]] = []
        build_catalog(
            tiny_generator,
            layer="b8.torgb",
            n_clusters=3,
            n_samples=2,
            progress=lambda done, total: seen.append((done, total)),
        )
        assert seen == [(n, 4) for n in range(5)]

    def test_stops_when_asked(self, tiny_generator: StyleGAN2) -> None:
        asked: list[None] = []

        def cancelled() -> bool:
            asked.append(None)
            return len(asked) > 3

        with pytest.raises(RenderCancelled):
            build_catalog(
                tiny_generator, layer="b8.torgb", n_clusters=3, n_samples=2, cancelled=cancelled
            )

    def test_is_bound_to_its_generator_and_says_how_it_was_made(
        self, tiny_generator: StyleGAN2, tiny_catalog: Catalog
    ) -> None:
        assert tiny_catalog.generator_fingerprint == tiny_generator.fingerprint
        assert (tiny_catalog.layer, tiny_catalog.resolution, tiny_catalog.psi) == (
            "b16.torgb",
            16,
            0.7,
        )
        assert tiny_catalog.provenance["samples"] == 8
        assert -1 <= tiny_catalog.provenance["mean_cosine"] <= 1  # type: ignore[operator]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"layer": "b64.conv1"}, "no layer 'b64.conv1'"),
            ({"n_clusters": 0}, "0 clusters"),
            ({"n_clusters": 1}, "One cluster"),
            ({"n_clusters": 256}, "256 clusters"),
            ({"n_clusters": 100, "n_samples": 1}, "fewer positions"),
            ({"n_samples": 0}, "0 pictures"),
            ({"psi": float("nan")}, "Truncation"),
            ({"random_state": -1}, "random state"),
            ({"random_state": 2**32}, "random state"),
        ],
    )
    def test_refuses_numbers_that_make_no_sense(
        self, tiny_generator: StyleGAN2, arguments: Any, message: str
    ) -> None:
        with pytest.raises(LocalEditError, match=message):
            build_catalog(
                tiny_generator,
                **({"layer": "b8.torgb", "n_clusters": 3, "n_samples": 2} | arguments),
            )

    def test_a_layer_that_never_changes_is_refused(self) -> None:
        with pytest.raises(LocalEditError, match="cannot be clustered"):
            fitting.cluster(np.zeros((10, 4), np.float32), 2, 0)

    def test_fewer_directions_than_clusters_are_refused(self) -> None:
        rows = np.repeat(np.eye(4, dtype=np.float32), 10, axis=0)
        with pytest.raises(LocalEditError, match="fewer than 5 clusters"):
            fitting.cluster(rows, 5, 0)
