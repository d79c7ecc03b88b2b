"""Naming clusters by true parts, and saying how well they agree."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import homogeneity_completeness_v_measure, jaccard_score

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "demo_models"))

from measuring.agreement import contingency, single_iou, union_iou, v_measure
from measuring.labels import Labels
from measuring.naming import assign, corrected, parts_of

DEFAULTS = {"mouth": (30.0, 0.05), "skin": (40.0, 0.1), "hat": (10.0, 0.2)}
LABELS = Labels(
    layer="b32.conv1",
    n_clusters=4,
    n_samples=10,
    psi=1.0,
    random_state=0,
    merged={"ears": "skin"},
    corrections={2: "", 3: "mouth"},
    fingerprint="f",
    defaults=DEFAULTS,
)


@pytest.fixture
def labels() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Clusters 0..4 and true parts 0..2 of 500 pixels, related but not equal."""
    source = np.random.default_rng(0)
    parts = source.integers(0, 3, 500)
    clusters = np.where(source.random(500) < 0.7, parts, source.integers(0, 5, 500))
    return clusters, parts


def test_v_measure_is_that_of_scikit_learn(
    labels: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    clusters, parts = labels
    found = v_measure(contingency(clusters, parts, (5, 3)))
    expected = homogeneity_completeness_v_measure(parts, clusters)
    assert (found.homogeneity, found.completeness, found.v) == pytest.approx(expected)


def test_v_measure_at_its_ends() -> None:
    assert v_measure(np.diag([2.0, 3.0])).v == pytest.approx(1.0)
    assert v_measure(np.outer([1.0, 2.0], [3.0, 4.0])).v == pytest.approx(0.0, abs=1e-12)


def test_single_iou_is_the_best_jaccard_index(
    labels: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    clusters, parts = labels
    iou, best = single_iou(contingency(clusters, parts, (5, 3)))
    for part in range(3):
        each = [jaccard_score(parts == part, clusters == k) for k in range(5)]
        assert iou[part] == pytest.approx(max(each))
        assert best[part] == int(np.argmax(each))


def test_union_iou_joins_clusters_and_leaves_the_unowned_out(
    labels: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    clusters, parts = labels
    iou = union_iou(contingency(clusters, parts, (5, 3)), np.array([0, 1, -1, 0, -1]))
    first = jaccard_score(parts == 0, np.isin(clusters, (0, 3)))
    assert iou == pytest.approx([first, jaccard_score(parts == 1, clusters == 1), 0.0])


def test_a_small_part_gets_the_cluster_that_mostly_lies_on_it() -> None:
    # Cluster 1 covers the whole small part, and yet more of the large one.
    table = np.array([[90.0, 0.0], [11.0, 9.0]])
    assert table.argmax(axis=1).tolist() == [0, 0]
    assert assign(table).tolist() == [0, 1]


def test_naming_is_as_good_as_the_best_of_all_namings() -> None:
    table = np.random.default_rng(1).random((4, 3)) ** 3
    every = np.stack(np.meshgrid(*[range(3)] * 4), axis=-1).reshape(-1, 4)
    best = max(union_iou(table, owner).mean() for owner in every)
    assert union_iou(table, assign(table)).mean() == pytest.approx(best)


def test_corrections_hold_for_their_own_generator_alone() -> None:
    names = ["skin", "hair", "hair", "skin"]
    assert corrected(names, LABELS, "f") == ["skin", "hair", "", "mouth"]
    assert corrected(names, LABELS, "another") == names


def test_parts_come_in_the_stored_order_and_only_with_clusters() -> None:
    parts = parts_of(["skin", "hair", "", "mouth", "hair"], LABELS)
    assert [(p.name, p.clusters) for p in parts] == [
        ("mouth", (3,)),
        ("skin", (0,)),
        ("hair", (1, 4)),
    ]
    assert (parts[0].epsilon, parts[0].floor) == DEFAULTS["mouth"]


def test_labels_survive_writing(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    LABELS.write(path)
    assert Labels.read(path) == LABELS
    assert '"mouth": [30.0, 0.05]' in path.read_text()


def test_merged_classes_become_one_part() -> None:
    assert LABELS.part_names(("hair", "ears", "skin")) == ("hair", "skin")


@pytest.mark.parametrize("world", ["faces", "rooms"])
def test_the_stored_labels_can_be_read_and_know_their_world(world: str) -> None:
    from measuring.labels import label_path
    from worlds import make_world

    labels = Labels.read(label_path(world))
    assert labels.psi == 1.0  # true part maps are known without truncation only
    classes = make_world(world).part_names
    assert set(labels.defaults) <= set(labels.part_names(classes))
