"""Per-image queries against the published formulas written out channel by channel."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.editing.edit import LayerBands, QuerySettings
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.per_image import norm_keeping_move, per_image_query, relevance_of
from localedit_core.editing.query import Query
from localedit_core.generators.base import LayerInfo, Styles

SIDE = 4
CLUSTERS = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 2, 2], [2, 2, 2, 2]])
LAYERS = (
    LayerInfo("coarse", 8, 4, 3, "conv", 0),
    LayerInfo("fine", 32, 16, 3, "conv", 1),
    LayerInfo("colour", 16, 16, 3, "torgb", 2),
)


@pytest.fixture(name="catalog")
def _catalog() -> Catalog:
    return Catalog(
        layer="fine",
        resolution=SIDE,
        centroids=np.eye(3, dtype=np.float32),
        mean=np.zeros(3, np.float32),
        std=np.ones(3, np.float32),
        contributions={},
        parts=(Part("mouth", (0,)), Part("hair", (1,))),  # cluster 2 has no name
        psi=1.0,
        generator_fingerprint="g",
        provenance={},
    )


def _by_hand(channel: np.ndarray) -> list[float]:
    """Shares of one channel [4, 4] in mouth, hair and the rest."""
    mean = channel.mean()
    variance = ((channel - mean) ** 2).mean()
    averages = []
    for cluster in range(3):
        inside = [
            (channel[i, j] - mean) ** 2 / variance
            for i in range(SIDE)
            for j in range(SIDE)
            if CLUSTERS[i, j] == cluster
        ]
        averages.append(sum(inside) / len(inside))
    powers = [math.exp(average / 0.1) for average in averages]
    return [power / sum(powers) for power in powers]


def test_shares_are_the_published_ones(catalog: Catalog) -> None:
    activations = torch.randn(1, 5, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    activations[0, 4] = 2.5  # a channel that does nothing belongs to nobody more than to others
    found = relevance_of(catalog, CLUSTERS, {"fine": activations})["fine"]
    assert found.shape == (3, 5)
    for channel in range(4):
        expected = _by_hand(activations[0, channel].double().numpy())
        np.testing.assert_allclose(found[:, channel], expected, rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(found[:, 4], [1 / 3] * 3, rtol=1e-6)


def test_a_part_that_is_nowhere_claims_nothing(catalog: Catalog) -> None:
    bald = np.where(CLUSTERS == 1, 2, CLUSTERS)
    activations = torch.randn(1, 5, SIDE, SIDE, generator=torch.Generator().manual_seed(2))
    found = relevance_of(catalog, bald, {"fine": activations})["fine"]
    assert (found[1] < 0.5).all()


def _relevance(mouth: list[float]) -> dict[str, np.ndarray]:
    rows = np.array([mouth, [(1 - m) / 2 for m in mouth], [(1 - m) / 2 for m in mouth]])
    return {layer.name: rows for layer in LAYERS}


def test_a_channel_moves_where_either_picture_has_it_clearly(catalog: Catalog) -> None:
    pictures = [_relevance([0.9, 0.5, 0.8]), _relevance([0.1, 0.85, 0.8])]
    query = per_image_query(pictures, catalog, "mouth", QuerySettings(), LAYERS)
    assert query["fine"].tolist() == [1.0, 1.0, 0.0]  # 0.8 itself is not above 0.8
    assert query["colour"].tolist() == [1.0, 1.0, 0.0]
    assert query["coarse"].tolist() == [0.0, 0.0, 0.0]


def test_hair_alone_moves_coarse_layers(catalog: Catalog) -> None:
    hair = {name: rows[[1, 0, 2]] for name, rows in _relevance([0.9, 0.9, 0.0]).items()}
    query = per_image_query([hair, hair], catalog, "hair", QuerySettings(), LAYERS)
    assert query["coarse"].tolist() == [1.0, 1.0, 0.0]


def test_bands_and_colour_layers_are_kept_to(catalog: Catalog) -> None:
    settings = QuerySettings(bands=LayerBands(1.0, 0.25, 1.0), colour_layers=False)
    pictures = [_relevance([0.9, 0.9, 0.0])] * 2
    query = per_image_query(pictures, catalog, "mouth", settings, LAYERS)
    assert query["fine"].tolist() == [0.25, 0.25, 0.0]
    assert not query["colour"].any()


def _moved(styles: Styles, reference: Styles, query: Query, strength: float = 1.0) -> Styles:
    move = norm_keeping_move(styles, reference, query, strength)
    return interpolate(styles, move.reference, move.shares)


def test_the_transfer_keeps_the_norm_of_what_moves() -> None:
    styles = {"fine": torch.tensor([[3.0, 4.0, 7.0]])}
    reference = {"fine": torch.tensor([[0.0, 10.0, -1.0]])}
    query = {"fine": np.array([1.0, 1.0, 0.0])}
    # |q s| = 5, |q r| = 10: r counts half. s' = s - 1.3 s + 1.3 * 0.5 r on the first two.
    made = _moved(styles, reference, query)["fine"][0].tolist()
    assert made == pytest.approx([3.0 - 1.3 * 3.0, 4.0 - 1.3 * 4.0 + 1.3 * 5.0, 7.0], abs=1e-6)
    half = _moved(styles, reference, query, 0.5)["fine"][0]
    assert half.tolist() == pytest.approx([3.0 - 0.65 * 3.0, 4.0 + 0.65 * 1.0, 7.0], abs=1e-6)


def test_nothing_to_scale_by_is_no_division_by_zero() -> None:
    styles = {"fine": torch.tensor([[3.0, 4.0]])}
    reference = {"fine": torch.zeros(1, 2)}
    made = _moved(styles, reference, {"fine": np.array([1.0, 0.0])})
    assert torch.isfinite(made["fine"]).all()
    assert made["fine"][0, 1] == 4.0
