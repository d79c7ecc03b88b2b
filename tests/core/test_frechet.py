"""The Frechet distance against closed forms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.linalg import sqrtm

from localedit_core.errors import LocalEditError
from localedit_core.evaluation.features import PixelFeatures
from localedit_core.evaluation.moments import Moments, frechet_distance, moments_of


def exact(mean: np.ndarray, covariance: np.ndarray, count: int = 50) -> Moments:
    """Moments of a sample that has exactly this mean and covariance."""
    second = (count - 1) * covariance + count * np.outer(mean, mean)
    return Moments(np.array(float(count)), count * mean, second)


def test_gaussians_whose_covariances_commute() -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((4, 4)))
    a, b = np.array([1.0, 4.0, 0.25, 0.0]), np.array([9.0, 1.0, 0.25, 2.0])
    shift = np.array([1.0, -2.0, 0.5, 0.0])
    one = exact(np.zeros(4), (turn * a) @ turn.T)
    other = exact(shift, (turn * b) @ turn.T)
    expected = (shift**2).sum() + ((np.sqrt(a) - np.sqrt(b)) ** 2).sum()
    assert frechet_distance(one, other) == pytest.approx(expected, rel=1e-7)
    assert frechet_distance(other, one) == pytest.approx(expected, rel=1e-7)
    assert frechet_distance(one, one) == pytest.approx(0.0, abs=1e-7)


def test_any_samples_by_the_general_matrix_root() -> None:
    source = np.random.default_rng(2)
    x = source.standard_normal((60, 5)) @ source.standard_normal((5, 5))
    y = source.standard_normal((80, 5)) @ source.standard_normal((5, 5)) + 1.0
    c, d = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    expected = ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(c + d - 2 * sqrtm(c @ d).real)
    pieces = Moments.of(x[:13]) + Moments.of(x[13:])
    np.testing.assert_allclose(pieces.covariance, c, rtol=1e-9)
    assert frechet_distance(pieces, Moments.of(y)) == pytest.approx(expected, rel=1e-8)


def test_a_shift_alone_is_its_squared_length_and_a_scale_alone_that_of_the_spread() -> None:
    source = np.random.default_rng(4)
    for count, size in ((400, 6), (7, 7), (9, 40)):  # more pictures than features, as many, fewer
        x = source.standard_normal((count, size)) * np.linspace(0.1, 3.0, size)
        shift = source.standard_normal(size)
        one, moved = Moments.of(x), Moments.of(x + shift)
        assert frechet_distance(one, one) == pytest.approx(0.0, abs=1e-9)
        assert frechet_distance(one, moved) == pytest.approx(shift @ shift, rel=1e-9)
        wider = Moments.of(x.mean(0) + 3.0 * (x - x.mean(0)))  # (3 - 1)^2 of the trace
        expected = 4.0 * np.trace(np.cov(x, rowvar=False))
        assert frechet_distance(one, wider) == pytest.approx(expected, rel=1e-9)


def test_covariances_without_full_rank_however_they_are_kept() -> None:
    source = np.random.default_rng(5)
    plane = np.linalg.qr(source.standard_normal((30, 3)))[0]
    x = source.standard_normal((200, 3)) @ plane.T  # rank 3 of 30, summed
    y = source.standard_normal((12, 3)) * [2.0, 1.0, 0.5] @ plane.T + 5.0  # kept one by one
    expected_mean = ((x.mean(0) - y.mean(0)) ** 2).sum()
    c, d = (np.cov(z @ plane, rowvar=False) for z in (x, y))  # the same within the plane
    spread = np.trace(c + d - 2.0 * sqrtm(c @ d).real)
    found = frechet_distance(Moments.of(x), Moments.of(y))
    assert found == pytest.approx(expected_mean + spread, rel=1e-9)
    assert frechet_distance(Moments.of(x), Moments.of(x)) == pytest.approx(0.0, abs=1e-9)
    # A set that grows beyond as many pictures as features goes over from one kind to the other.
    pieces = [Moments.of(part) for part in np.array_split(y.repeat(4, axis=0), 7)]
    total = pieces[0]
    for piece in pieces[1:]:
        total = total + piece
    assert total.second.shape == (30, 30)
    np.testing.assert_allclose(total.covariance, np.cov(y.repeat(4, axis=0).T), atol=1e-12)


def test_moments_of_any_callable_and_of_any_number_of_pictures() -> None:
    pictures = np.random.default_rng(6).integers(0, 256, (37, 8, 8, 3), dtype=np.uint8)

    def brightest(some: Sequence[np.ndarray]) -> np.ndarray:
        return np.array([[p.max(), p[0, 0, 0], p.mean()] for p in some], float)

    told: list[int] = []
    found = moments_of(iter(pictures), brightest, told.append)
    np.testing.assert_allclose(found.mean, brightest(list(pictures)).mean(axis=0))
    np.testing.assert_allclose(
        found.covariance, np.cov(brightest(list(pictures)), rowvar=False), rtol=1e-9
    )
    assert told == [16, 32, 37]
    with pytest.raises(LocalEditError, match="features cannot be compared"):
        frechet_distance(found, moments_of(pictures, PixelFeatures(2)))


def test_one_picture_has_no_spread() -> None:
    with pytest.raises(LocalEditError, match="two pictures"):
        frechet_distance(Moments.of(np.zeros((1, 3))), Moments.of(np.zeros((5, 3))))


def test_pixel_features_are_block_means() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    expected = picture.reshape(4, 8, 4, 8, 3).mean(axis=(1, 3)) / 255.0
    np.testing.assert_allclose(PixelFeatures(4)([picture]), [expected.ravel()], atol=1e-6)
