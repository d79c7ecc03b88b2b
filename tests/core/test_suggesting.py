"""Suggestions against counted borders, closed forms and the renderer's true parts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "demo_models"))

from localedit_core.catalog.clustering import Clustering, ClusterSplit
from localedit_core.catalog.naming import Naming
from localedit_core.catalog.splitting import split_by_side
from localedit_core.catalog.suggesting import (
    STABLE_ENOUGH,
    SettingScore,
    suggest_merges,
    suggest_settings,
)
from localedit_core.catalog.sweep import Sweep, SweepCell, SweepPlan, label_pictures
from measuring.agreement import count_areas
from measuring.subject import load_subject
from worlds import WORLDS, make_world

LABELS = np.array([[[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 1, 1], [2, 2, 3, 3]]])


def _clustering(clusters: int = 4, channels: int = 4) -> Clustering:
    return Clustering(
        layer="b8.conv1",
        resolution=4,
        centroids=np.eye(clusters, channels, dtype=np.float32),
        mean=np.zeros(channels, np.float32),
        std=np.ones(channels, np.float32),
        psi=0.7,
        generator_fingerprint="g",
        provenance={},
    )


def _m(*rows: list[float]) -> dict[str, NDArray[np.float32]]:
    table = np.array(rows, np.float32)
    return {"a": table[:, :1], "b": table[:, 1:]}


def test_adjacency_is_the_shared_border_of_the_one_with_less() -> None:
    m = _m([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1])
    found = {s.clusters: s for s in suggest_merges(_clustering(), m, LABELS)}
    # Pairs of neighbouring positions, counted by hand: 0-1: 2, 0-2: 2, 1-2: 1, 1-3: 2, 2-3: 1.
    expected = {
        (0, 1): 2 / 4,  # 0 has a border of 4, 1 of 5, 2 of 4, 3 of 3
        (0, 2): 2 / 4,
        (0, 3): 0.0,
        (1, 2): 1 / 4,
        (1, 3): 2 / 3,
        (2, 3): 1 / 3,
    }
    assert {pair: s.adjacency for pair, s in found.items()} == pytest.approx(expected)
    assert all(s.m_similarity == pytest.approx(0.0, abs=1e-6) for s in found.values())
    assert all(s.score == pytest.approx(s.adjacency / 2) for s in found.values())


def test_similarity_is_the_cosine_of_m_over_all_layers_and_the_best_pair_comes_first() -> None:
    rows = ([0.4, 0.1, 0, 0.3], [0.1, 0.1, 0.5, 0.3], [0.4, 0.2, 0, 0.3], [0.1, 0.6, 0.5, 0.1])
    found = suggest_merges(_clustering(), _m(*rows), LABELS)
    unit = np.array(rows) / np.linalg.norm(rows, axis=1, keepdims=True)
    for one in found:
        a, b = one.clusters
        assert one.m_similarity == pytest.approx(unit[a] @ unit[b], abs=1e-6)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert found[0].clusters == (0, 2)


def test_pairs_of_one_part_are_not_suggested_again() -> None:
    m = _m([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1])
    naming = Naming(_clustering(), {0: "eyes", 2: "eyes", 1: "nose"})
    pairs = {s.clusters for s in suggest_merges(naming, m, LABELS)}
    assert pairs == {(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)}


def test_without_m_centroids_are_compared_and_halves_of_one_cluster_are_alike() -> None:
    halves = split_by_side(_clustering(), 1).clustering
    three = replace(halves, splits=(*halves.splits, ClusterSplit(0, (0, 5), np.eye(4)[[3, 2]])))
    found = {s.clusters: s for s in suggest_merges(three, {}, LABELS)}
    assert found[1, 4].m_similarity == pytest.approx(1.0)
    assert found[0, 3].m_similarity == pytest.approx(1.0)  # its first child has 3's direction
    assert found[0, 2].m_similarity == pytest.approx(0.0)


@pytest.mark.parametrize("name", WORLDS)
def test_the_best_pairs_lie_in_one_true_part_far_more_often_than_chance(name: str) -> None:
    subject = load_subject(make_world(name))
    catalog = subject.catalog
    areas = count_areas(subject, 8, size=64, first_seed=510_000).clusters
    owner = areas.argmax(axis=1)  # the true part that most of each cluster lies in
    labels = label_pictures(subject.generator, catalog.clustering, range(520_000, 520_006))
    found = suggest_merges(catalog.clustering, catalog.contributions, labels)
    same = np.array([owner[a] == owner[b] for a, b in (s.clusters for s in found)])
    chance = same.mean()
    assert chance < 0.15
    assert same[:10].mean() > 0.65
    assert same[:20].mean() > 4 * chance


class TestSettings:
    @staticmethod
    def _sweep(*scores: tuple[str, int, float, float | None]) -> Sweep:
        cells = tuple(
            SweepCell(
                replace(_clustering(k, k), layer=layer),
                cosine,
                stable,
                np.zeros((1, 4, 4), np.int64),
                np.full(k, 1 / k),
            )
            for layer, k, cosine, stable in scores
        )
        plan = SweepPlan(("x", "y"), (4, 8))
        return Sweep(plan, "g", (0,), np.zeros((1, 8, 8, 3), np.uint8), cells, (), True)

    def test_the_most_clusters_of_those_that_are_as_stable_as_the_best(self) -> None:
        table = suggest_settings(
            self._sweep(
                ("x", 4, 0.5, 0.9),
                ("x", 8, 0.6, 0.9 - STABLE_ENOUGH / 2),
                ("y", 8, 0.7, 0.9 - STABLE_ENOUGH * 2),
            )
        )
        assert table.suggested == SettingScore("x", 8, 0.6, 0.9 - STABLE_ENOUGH / 2, True)
        assert [row.suggested for row in table.rows] == [False, True, False]
        assert table.reason

    def test_without_stability_none_is_suggested_and_the_reason_says_so(self) -> None:
        table = suggest_settings(self._sweep(("x", 4, 0.5, None), ("x", 8, 0.6, None)))
        assert table.suggested is None
        assert "not measured" in table.reason
        assert suggest_settings(self._sweep()).rows == ()
