"""The Frechet distance against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from localedit_core.errors import LocalEditError
from localedit_core.evaluation.frechet import Moments, frechet_distance, pixel_features


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


def test_one_picture_has_no_spread() -> None:
    with pytest.raises(LocalEditError, match="two pictures"):
        frechet_distance(Moments.of(np.zeros((1, 3))), Moments.of(np.zeros((5, 3))))


def test_pixel_features_are_block_means() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    expected = picture.reshape(4, 8, 4, 8, 3).mean(axis=(1, 3)) / 255.0
    np.testing.assert_allclose(pixel_features(picture, 4), expected.ravel(), atol=1e-6)
