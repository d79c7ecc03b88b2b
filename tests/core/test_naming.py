"""Names of clusters: merging, renaming, splitting, and what is no name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.naming import Naming
from localedit_core.catalog.splitting import Split, split_by_side
from localedit_core.errors import LocalEditError


@pytest.fixture
def clustering() -> Clustering:
    return Clustering(
        layer="b8.conv1",
        resolution=8,
        centroids=np.eye(4, 6, dtype=np.float32),
        mean=np.zeros(6, np.float32),
        std=np.ones(6, np.float32),
        psi=0.7,
        generator_fingerprint="g",
        provenance={},
    )


def test_clusters_of_one_name_are_one_part_and_the_first_named_comes_first(
    clustering: Clustering,
) -> None:
    naming = Naming(clustering).name([3], "eyes").name([0], "mouth").name([1], "eyes")
    assert naming.parts() == (Part("eyes", (1, 3)), Part("mouth", (0,)))
    assert (naming.part_of(1), naming.part_of(2)) == ("eyes", None)
    assert naming.name([0, 3], "nose").parts() == (Part("eyes", (1,)), Part("nose", (0, 3)))


def test_is_a_value(clustering: Clustering) -> None:
    before = Naming(clustering)
    after = before.name([1], " eyes ")
    assert before.parts() == ()
    assert after.unname([1]) == before
    assert after == Naming(clustering, {1: "eyes"})
    with pytest.raises(TypeError):
        after.names[2] = "x"  # type: ignore[index]


def test_renaming_merges_parts_of_one_name(clustering: Clustering) -> None:
    naming = Naming(clustering, {0: "hair", 1: "hat", 2: "hair"})
    assert naming.rename_part("hat", "hair").parts() == (Part("hair", (0, 1, 2)),)


def test_keeps_the_settings_of_parts_it_knows(clustering: Clustering) -> None:
    known = Part("eyes", (0,), epsilon=50.0, floor=0.05)
    parts = Naming(clustering, {0: "eyes", 1: "eyes", 2: "nose"}).parts([known])
    assert parts == (replace(known, clusters=(0, 1)), Part("nose", (2,)))


def test_reads_a_catalog_s_parts(tiny_catalog: Catalog) -> None:
    naming = Naming.of(tiny_catalog)
    assert naming.parts(tiny_catalog.parts) == tiny_catalog.parts
    assert naming.part_of(2) is None


def test_children_of_a_split_have_the_name_of_their_cluster(clustering: Clustering) -> None:
    naming = Naming(clustering, {1: "eyes", 2: "nose"})
    split = split_by_side(clustering, 1)
    after = naming.after_split(split)
    assert after.parts() == (Part("eyes", (1, 4)), Part("nose", (2,)))
    assert after.name([4], "right eye").parts()[0] == Part("eyes", (1,))
    with pytest.raises(LocalEditError, match="other clusters"):
        after.after_split(Split(clustering, 1, (1, 4)))


@pytest.mark.parametrize(
    ("clusters", "text"),
    [([4], "eyes"), ([-1], "eyes"), ([0], "  "), ([0], "e\ny"), ([0], "e" * 65)],
)
def test_refuses_what_is_no_name_or_no_cluster(
    clustering: Clustering, clusters: list[int], text: str
) -> None:
    with pytest.raises(LocalEditError):
        Naming(clustering).name(clusters, text)
    with pytest.raises(LocalEditError, match="no part 'ear'"):
        Naming(clustering).rename_part("ear", "eye")
