"""Spherical k-means against exhaustive search, scikit-learn and directions known beforehand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from localedit_core.catalog import spherical_kmeans
from localedit_core.catalog.spherical_kmeans import SphericalKMeans

Rows = NDArray[np.floating]


def _unit(rows: Rows) -> Rows:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _blobs(
    rng: np.random.Generator, clusters: int, size: int, channels: int, spread: float
) -> tuple[NDArray[np.float32], NDArray[np.int64], Rows]:
    """Rows around orthogonal directions, with lengths from 0.1 to 10."""
    directions = np.linalg.qr(rng.standard_normal((channels, channels)))[0][:clusters]
    labels = np.repeat(np.arange(clusters), size)
    rows = directions[labels] + spread * rng.standard_normal((len(labels), channels))
    rows *= 10 ** rng.uniform(-1, 1, (len(labels), 1))
    return rows.astype(np.float32), labels, directions


def _best_partition(rows: Rows, clusters: int) -> float:
    """The highest mean cosine of all partitions, by trying them all.

    The best unit centroid of a set is its mean direction; its cosines sum to the length of the sum.
    """
    units = _unit(rows.astype(np.float64))
    best = -1.0
    for labels in itertools.product(range(clusters), repeat=len(units)):
        sums = np.eye(clusters)[list(labels)].T @ units  # [K, C]
        best = max(best, np.linalg.norm(sums, axis=1).sum() / len(units))
    return best


def test_scikit_learn_finds_its_conventions_kept() -> None:
    zero_row = "integer rows there round down to zero, which has no direction"
    results = check_estimator(
        SphericalKMeans(),
        expected_failed_checks={"check_estimators_dtypes": zero_row},
        on_skip=None,
    )
    assert len(results) > 30


@pytest.mark.parametrize("seed", range(4))
def test_reaches_the_best_partition_of_small_data(seed: int) -> None:
    rows = np.random.default_rng(seed).standard_normal((9, 3))
    model = SphericalKMeans(3, n_init=30, tol=0.0, random_state=seed).fit(rows)
    best = _best_partition(rows, 3)
    assert model.objective_ == pytest.approx(best, abs=1e-9)


def test_objective_is_the_mean_cosine_of_labels_and_centers() -> None:
    rows = np.random.default_rng(1).standard_normal((300, 7))
    model = SphericalKMeans(4, random_state=0).fit(rows)
    cosines = _unit(rows) @ model.cluster_centers_.T
    np.testing.assert_allclose(np.linalg.norm(model.cluster_centers_, axis=1), 1.0, atol=1e-12)
    np.testing.assert_array_equal(model.labels_, cosines.argmax(axis=1))
    assert model.objective_ == pytest.approx(cosines.max(axis=1).mean(), abs=1e-12)


def test_recovers_well_separated_directions_whatever_the_lengths() -> None:
    rows, labels, directions = _blobs(np.random.default_rng(2), 6, 200, 24, 0.05)
    model = SphericalKMeans(6, random_state=0).fit(rows)
    cosines = directions @ model.cluster_centers_.T  # [true, found]
    found = cosines.argmax(axis=1)
    assert sorted(found) == list(range(6))
    assert cosines.max(axis=1).min() > 0.999
    np.testing.assert_array_equal(model.labels_, found[labels])


def test_lengths_of_rows_change_nothing() -> None:
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((400, 6))
    scaled = rows * 2.0 ** rng.integers(-20, 20, (400, 1))  # exact in binary
    one = SphericalKMeans(5, random_state=7).fit(rows)
    other = SphericalKMeans(5, random_state=7).fit(scaled)
    np.testing.assert_array_equal(one.labels_, other.labels_)
    np.testing.assert_allclose(one.cluster_centers_, other.cluster_centers_, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_as_good_as_scikit_learns_kmeans_on_normalised_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, _, _ = _blobs(rng, 12, 60, 16, 0.5)
    units = _unit(rows)
    ours = SphericalKMeans(6, n_init=10, random_state=seed).fit(rows)
    theirs = KMeans(6, n_init=10, random_state=seed).fit(units)
    cosines = (units @ _unit(theirs.cluster_centers_).T).max(axis=1).mean()
    assert ours.objective_ >= cosines - 1e-3


def test_full_passes_improve_on_the_subsample() -> None:
    rows, _, directions = _blobs(np.random.default_rng(4), 4, 1000, 12, 0.3)
    model = SphericalKMeans(4, subsample=40, random_state=0).fit(rows)
    everything = SphericalKMeans(4, subsample=4000, random_state=0).fit(rows)
    assert model.labels_.shape == (4000,)
    assert 1 <= model.n_iter_ <= 10
    assert model.objective_ >= everything.objective_ - 1e-3
    assert (directions @ model.cluster_centers_.T).max(axis=1).min() > 0.99


def test_same_random_state_same_result_and_chunks_do_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = np.random.default_rng(5).standard_normal((500, 8)).astype(np.float32)
    model = SphericalKMeans(5, random_state=3, subsample=100)
    first = model.fit(rows).cluster_centers_
    second = clone(model).fit(rows)
    np.testing.assert_array_equal(first, second.cluster_centers_)
    monkeypatch.setattr(spherical_kmeans, "CHUNK_VALUES", 64)
    third = clone(model).fit(rows)
    np.testing.assert_allclose(first, third.cluster_centers_, atol=1e-5)
    np.testing.assert_array_equal(second.labels_, third.labels_)


def test_an_empty_cluster_starts_over_at_the_row_that_fits_worst() -> None:
    east, north = np.eye(3)[0], np.eye(3)[1]
    rows = np.array([east, east + 0.1 * north, east - 0.1 * north, east + 0.9 * north])
    inverse_norms = 1.0 / np.linalg.norm(rows, axis=1)
    centers = np.array([east, -east])  # nothing is nearest to the second
    run = spherical_kmeans._lloyd(rows, inverse_norms, centers, 20, 0.0)
    assert run.labels.tolist() == [0, 0, 0, 1]
    np.testing.assert_allclose(run.centers[1], _unit(rows)[3], atol=1e-12)
    np.testing.assert_allclose(run.centers[0], east, atol=1e-12)


def test_every_cluster_has_rows_when_there_are_as_many_as_directions() -> None:
    rows = np.concatenate([np.eye(5)] * 3)
    model = SphericalKMeans(5, n_init=1, random_state=0).fit(rows)
    assert np.bincount(model.labels_, minlength=5).tolist() == [3] * 5
    assert model.objective_ == pytest.approx(1.0)


def test_fewer_directions_than_clusters_are_told() -> None:
    rows = np.repeat(np.eye(2), 10, axis=0)
    with pytest.warns(ConvergenceWarning, match=r"distinct clusters \(2\)"):
        model = SphericalKMeans(4, random_state=0).fit(rows)
    assert model.objective_ == pytest.approx(1.0)


def test_rows_that_cancel_leave_a_finite_centroid() -> None:
    rows = np.array([[1.0, 0.0], [-1.0, 0.0]])
    model = SphericalKMeans(1, random_state=0).fit(rows)
    assert np.linalg.norm(model.cluster_centers_[0]) == pytest.approx(1.0)


def test_one_cluster_is_the_mean_direction() -> None:
    rows = np.random.default_rng(6).standard_normal((50, 4)) + 1.0
    model = SphericalKMeans(1, random_state=0).fit(rows)
    mean = _unit(rows).mean(axis=0)
    np.testing.assert_allclose(model.cluster_centers_[0], mean / np.linalg.norm(mean), atol=1e-12)
    assert model.objective_ == pytest.approx(np.linalg.norm(mean))


def test_a_constant_channel_does_no_harm() -> None:
    rows, labels, _ = _blobs(np.random.default_rng(7), 3, 50, 8, 0.02)
    padded = np.hstack([rows, np.zeros((len(rows), 1), np.float32)])
    model = SphericalKMeans(3, random_state=0).fit(padded)
    assert (model.cluster_centers_[:, -1] == 0).all()
    for cluster in range(3):
        assert len(set(model.labels_[labels == cluster])) == 1


def test_float32_stays_float32() -> None:
    rows = np.random.default_rng(8).standard_normal((60, 4)).astype(np.float32)
    model = SphericalKMeans(3, random_state=0).fit(rows)
    assert model.cluster_centers_.dtype == np.float32
    assert model.labels_.dtype == np.int64


def test_predict_is_labels_on_the_same_rows_and_score_the_objective() -> None:
    rows = np.random.default_rng(9).standard_normal((200, 5))
    model = SphericalKMeans(4, random_state=0).fit(rows)
    np.testing.assert_array_equal(model.predict(rows), model.labels_)
    assert model.score(rows) == pytest.approx(model.objective_)
    np.testing.assert_array_equal(model.fit_predict(rows), model.labels_)


class TestBadInput:
    rows = np.random.default_rng(10).standard_normal((5, 3))

    def test_more_clusters_than_rows(self) -> None:
        with pytest.raises(ValueError, match="n_samples=5 should be >= n_clusters=6"):
            SphericalKMeans(6).fit(self.rows)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_values_that_are_not_finite(self, value: float) -> None:
        rows = self.rows.copy()
        rows[2, 1] = value
        with pytest.raises(ValueError, match=r"NaN|infinity"):
            SphericalKMeans(2).fit(rows)

    def test_a_row_without_direction(self) -> None:
        rows = self.rows.copy()
        rows[3] = 0
        with pytest.raises(ValueError, match="row 3"):
            SphericalKMeans(2).fit(rows)

    def test_no_rows(self) -> None:
        with pytest.raises(ValueError, match="0 sample"):
            SphericalKMeans(2).fit(np.empty((0, 3)))

    @pytest.mark.parametrize(
        ("name", "value"),
        [("n_clusters", 0), ("n_clusters", 2.5), ("n_init", 0), ("tol", -1.0), ("tol", np.nan)],
    )
    def test_parameters_out_of_range(self, name: str, value: float) -> None:
        with pytest.raises(ValueError, match=name):
            SphericalKMeans().set_params(**{name: value}).fit(self.rows)

    def test_predict_before_fit(self) -> None:
        with pytest.raises(NotFittedError):
            SphericalKMeans(2).predict(self.rows)
