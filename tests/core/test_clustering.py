"""Memberships of split clusters against a re-implementation, and what makes no sense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from test_catalog_storage import _rewrite

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.clustering import Clustering, ClusterSplit
from localedit_core.catalog.measuring import measure_catalog
from localedit_core.catalog.splitting import split_by_kmeans, split_by_side
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.catalog.sweep import label_pictures
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.library import open_catalog

BUNDLED = {
    "faces": "b08fb36f07d0212c1cfa1f80da967b50147b0281b40fd36a0be02b9f043f4a6e",
    "rooms": "a0e5bcafccde60a3a9b555f55d1b84b08e32fabbed5af80020c96d858858dbf5",
}


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def clustering() -> Clustering:
    rng = np.random.default_rng(0)
    return Clustering(
        layer="b8.conv1",
        resolution=8,
        centroids=_unit(rng.standard_normal((4, 6))),
        mean=rng.standard_normal(6).astype(np.float32),
        std=rng.uniform(0.5, 2.0, 6).astype(np.float32),
        psi=0.7,
        generator_fingerprint="g",
        provenance={"samples": 4},
    )


@pytest.fixture
def split(clustering: Clustering) -> Clustering:
    """Cluster 1 halved; its left half by k-means into three; cluster 2 by k-means into two."""
    rng = np.random.default_rng(1)
    splits = (
        ClusterSplit(1, (1, 4)),
        ClusterSplit(1, (1, 5, 6), _unit(rng.standard_normal((3, 6)))),
        ClusterSplit(2, (2, 7), _unit(rng.standard_normal((2, 6)))),
    )
    return replace(clustering, splits=splits)


def _by_hand(c: Clustering, activations: NDArray[np.float32]) -> NDArray[np.int64]:
    """Position by position, in float64, with cosines of normalised rows."""
    labels = np.zeros((len(activations), *activations.shape[2:]), np.int64)
    for n, y, x in np.ndindex(*labels.shape):
        row = (activations[n, :, y, x].astype(np.float64) - c.mean) / c.std
        row /= np.linalg.norm(row)
        label = int(np.argmax([row @ centroid for centroid in c.centroids]))
        for split in c.splits:
            if label == split.cluster:
                if split.centroids is None:
                    child = int(x >= activations.shape[3] / 2)
                else:
                    child = int(np.argmax([row @ centroid for centroid in split.centroids]))
                label = split.by[child]
        labels[n, y, x] = label
    return labels


def test_membership_of_splits_is_decided_one_after_the_other(
    clustering: Clustering, split: Clustering
) -> None:
    activations = np.random.default_rng(2).standard_normal((16, 6, 8, 8)).astype(np.float32)
    labels = split.membership(activations)
    np.testing.assert_array_equal(labels, _by_hand(split, activations))
    assert set(np.unique(labels)) == set(range(split.n_clusters)) == set(range(8))
    before = clustering.membership(activations)
    for untouched in (0, 3):
        np.testing.assert_array_equal(labels == untouched, before == untouched)
    assert (np.argwhere(labels == 4)[:, 2] >= 4).all()
    assert (np.argwhere(np.isin(labels, (1, 5, 6)))[:, 2] < 4).all()


def test_sides_tell_which_half_a_cluster_is_kept_to(split: Clustering) -> None:
    expected = ("whole", "left", "whole", "whole", "right", "left", "left", "whole")
    assert split.sides == expected


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (ClusterSplit(4, (4, 5)), "splits its cluster 4"),
        (ClusterSplit(1, (1,)), "splits its cluster 1"),
        (ClusterSplit(1, (1, 5)), "splits its cluster 1"),
        (ClusterSplit(1, (2, 4)), "splits its cluster 1"),
        (ClusterSplit(1, (1, 4, 5)), "two halves"),
        (ClusterSplit(1, (1, 4), np.eye(3, 6, dtype=np.float32)), "shape"),
        (ClusterSplit(1, (1, 4), np.ones((2, 6), np.float32)), "unit"),
        (ClusterSplit(1, (1, 4), np.full((2, 6), np.nan, np.float32)), "finite"),
        (ClusterSplit(1, (1, *range(4, 256)), np.eye(1, 6).repeat(253, 0)), "255 at most"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(
    clustering: Clustering, wrong: ClusterSplit, message: str
) -> None:
    with pytest.raises(LocalEditError, match=message):
        replace(clustering, splits=(wrong,))


def test_activations_that_are_no_numbers_are_told(clustering: Clustering) -> None:
    activations = np.zeros((1, 6, 8, 8), np.float32)
    activations[0, 2, 3, 4] = np.nan
    with pytest.raises(LocalEditError, match=r"b8\.conv1 hold values that are not finite"):
        clustering.membership(activations)


@pytest.fixture(scope="module")
def built(tiny_generator: StyleGAN2) -> Catalog:
    return build_catalog(tiny_generator, layer="b16.torgb", n_clusters=5, n_samples=8)


class TestSplitting:
    def test_by_kmeans_changes_that_cluster_only(
        self, tiny_generator: StyleGAN2, built: Catalog
    ) -> None:
        seen: list[tuple[int, int]] = []
        split = split_by_kmeans(
            tiny_generator, built.clustering, 2, into=3, progress=lambda *s: seen.append(s)
        )
        assert (split.replaced, split.by) == (2, (2, 5, 6))
        assert seen == [(n, 8) for n in range(9)]
        before = label_pictures(tiny_generator, built.clustering, range(8))
        after = label_pictures(tiny_generator, split.clustering, range(8))
        for untouched in (0, 1, 3, 4):
            np.testing.assert_array_equal(after == untouched, before == untouched)
        assert set(np.unique(after[before == 2])) == {2, 5, 6}
        again = split_by_kmeans(tiny_generator, built.clustering, 2, into=3)
        np.testing.assert_array_equal(
            split.clustering.splits[0].centroids,  # type: ignore[arg-type]
            again.clustering.splits[0].centroids,  # type: ignore[arg-type]
        )

    def test_m_of_the_children_sums_to_that_of_the_cluster_and_to_1_over_all(
        self, tiny_generator: StyleGAN2, built: Catalog
    ) -> None:
        halves = split_by_side(built.clustering, 1)
        both = split_by_kmeans(tiny_generator, halves.clustering, 3)
        catalog = measure_catalog(tiny_generator, both.clustering)
        for name, m in catalog.contributions.items():
            whole = built.contributions[name]
            np.testing.assert_allclose(m.sum(axis=0), 1.0, atol=1e-5)
            np.testing.assert_allclose(m[list(halves.by)].sum(axis=0), whole[1], atol=1e-6)
            np.testing.assert_allclose(m[list(both.by)].sum(axis=0), whole[3], atol=1e-6)
            for untouched in (0, 2, 4):
                np.testing.assert_allclose(m[untouched], whole[untouched], atol=1e-7)
            assert m[halves.by[0]].max() > 0
            assert m[halves.by[1]].max() > 0

    def test_is_refused_where_it_makes_no_sense(
        self, tiny_generator: StyleGAN2, built: Catalog
    ) -> None:
        clustering = built.clustering
        with pytest.raises(LocalEditError, match="no cluster 5"):
            split_by_side(clustering, 5)
        with pytest.raises(LocalEditError, match="no cluster -1"):
            split_by_kmeans(tiny_generator, clustering, -1)
        with pytest.raises(LocalEditError, match="into 1"):
            split_by_kmeans(tiny_generator, clustering, 1, into=1)
        with pytest.raises(LocalEditError, match="fewer positions"):
            split_by_kmeans(tiny_generator, clustering, 1, into=255, n_samples=1)
        with pytest.raises(LocalEditError, match="left half already"):
            split_by_side(split_by_side(clustering, 1).clustering, 1)
        with pytest.raises(LocalEditError, match="another generator"):
            split_by_kmeans(tiny_generator, replace(clustering, generator_fingerprint="x"), 1)

    def test_stops_when_asked(self, tiny_generator: StyleGAN2, built: Catalog) -> None:
        with pytest.raises(RenderCancelled):
            split_by_kmeans(tiny_generator, built.clustering, 1, cancelled=lambda: True)


class TestStorage:
    @pytest.fixture
    def catalog(self, tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> Catalog:
        clustering = split_by_kmeans(tiny_generator, tiny_catalog.clustering, 2).clustering
        clustering = split_by_side(clustering, 0).clustering
        return measure_catalog(
            tiny_generator, clustering, [Part("left eye", (0,)), Part("right eye", (6,))]
        )

    def test_splits_come_back(self, catalog: Catalog, tmp_path: Path) -> None:
        path = tmp_path / "split.safetensors"
        save_catalog(catalog, path)
        loaded = load_catalog(path)
        assert loaded.fingerprint == catalog.fingerprint
        assert loaded.clustering.sides == catalog.clustering.sides
        assert [(s.cluster, s.by) for s in loaded.splits] == [(2, (2, 5)), (0, (0, 6))]
        activations = np.random.default_rng(0).standard_normal((1, 12, 16, 16)).astype(np.float32)
        np.testing.assert_array_equal(
            loaded.membership(activations), catalog.membership(activations)
        )

    def test_a_split_changes_the_fingerprint(self, catalog: Catalog) -> None:
        other = replace(catalog, splits=(catalog.splits[0], ClusterSplit(1, (1, 6))))
        assert other.fingerprint != catalog.fingerprint

    def test_without_splits_files_stay_those_of_version_1(
        self, tiny_catalog: Catalog, tmp_path: Path
    ) -> None:
        path = tmp_path / "plain.safetensors"
        save_catalog(tiny_catalog, path)
        _rewrite(path, lambda t, metadata, d: metadata.update(format_version="1"))
        assert load_catalog(path).fingerprint == tiny_catalog.fingerprint

    @pytest.mark.parametrize("name", sorted(BUNDLED))
    def test_bundled_catalogs_keep_their_fingerprints(self, name: str) -> None:
        assert open_catalog(name)[1].fingerprint == BUNDLED[name]

    @pytest.mark.parametrize(
        "change",
        [
            lambda t, m, d: d.update(splits={}),
            lambda t, m, d: d["splits"][0].update(how="magic"),
            lambda t, m, d: d["splits"][0].update(by=[2, 9]),
            lambda t, m, d: d["splits"][0].update(by=["2", 5]),
            lambda t, m, d: d["splits"][1].update(cluster=99),
            lambda t, m, d: d["splits"][1].pop("by"),
            lambda t, m, d: d["splits"].pop(0),
            lambda t, m, d: d.pop("splits"),
            lambda t, m, d: t.pop("split/0"),
            lambda t, m, d: t.update({"split/7": np.zeros((2, 12), np.float32)}),
            lambda t, m, d: t.update({"split/0": np.zeros((2, 12), np.float32)}),
        ],
    )
    def test_damaged_splits_are_refused(
        self, catalog: Catalog, tmp_path: Path, change: Any
    ) -> None:
        path = tmp_path / "split.safetensors"
        save_catalog(catalog, path)
        _rewrite(path, change)
        with pytest.raises(LocalEditError) as caught:
            load_catalog(path)
        assert str(path) in caught.value.message
