"""Colour differences against the CIE formulas, worked out here in float64."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from localedit_core.editing.difference import PictureChange, delta_e_lab, squared_error, to_lab
from localedit_core.editing.diffmap import FULL_SCALE, colour_scale, render_diff
from localedit_core.editing.measures import channels_moved, measure
from localedit_core.generators.boxes import Box


def cie_lab(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """IEC 61966-2-1 and CIE 15: sRGB to XYZ to CIELAB with the D65 white."""
    coded = picture.astype(np.float64) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    ratio = linear @ matrix.T / np.array([0.95047, 1.0, 1.08883])
    delta = 6 / 29
    f = np.where(ratio > delta**3, np.cbrt(ratio), ratio / (3 * delta**2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@pytest.fixture(name="pair")
def _pair() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    rng = np.random.default_rng(1)
    first = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    second = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return first, second


class TestLab:
    def test_white_is_white(self) -> None:
        white = np.full((1, 1, 3), 255, dtype=np.uint8)
        np.testing.assert_allclose(to_lab(white)[0, 0], [100, 0, 0], atol=0.01)

    def test_equals_the_cie_formulas(self) -> None:
        levels = np.arange(0, 256, 17, dtype=np.uint8)
        cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(16, 256, 3)
        np.testing.assert_allclose(to_lab(cube), cie_lab(cube), atol=0.03)


class TestErrors:
    def test_delta_e_is_the_distance_in_lab(
        self, pair: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    ) -> None:
        expected = np.linalg.norm(cie_lab(pair[0]) - cie_lab(pair[1]), axis=-1)
        np.testing.assert_allclose(PictureChange.between(*pair).delta_e(), expected, atol=0.03)

    def test_squared_error_has_the_authors_normalisation(
        self, pair: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    ) -> None:
        change = cie_lab(pair[0]) - cie_lab(pair[1])
        expected = ((2.55 * change[..., 0]) ** 2 + change[..., 1] ** 2 + change[..., 2] ** 2) / (
            3 * 255**2
        )
        np.testing.assert_allclose(squared_error(*pair), expected, rtol=1e-3, atol=1e-6)

    def test_nothing_differs_from_itself(
        self, pair: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    ) -> None:
        assert not PictureChange.between(pair[0], pair[0]).delta_e().any()


class TestPictureChange:
    """What is looked at in a box alone must be what the whole pictures say."""

    @pytest.fixture
    def patched(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        random = np.random.default_rng(4)
        original = random.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        image = original.copy()
        image[5:9, 20:27, 1] = 255 - image[5:9, 20:27, 1]
        image[12, 3, 2] ^= 1
        return original, image

    def test_the_box_reaches_from_the_first_to_the_last_pixel_that_differs(
        self, patched: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    ) -> None:
        assert PictureChange.between(*patched).box == Box(5, 13, 3, 27)

    def test_delta_e_is_that_of_the_whole_pictures(
        self, patched: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    ) -> None:
        np.testing.assert_array_equal(
            PictureChange.between(*patched).delta_e(), delta_e_lab(*map(to_lab, patched))
        )

    def test_measures_are_those_of_the_whole_pictures(
        self, patched: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    ) -> None:
        roi = np.zeros((24, 32), dtype=bool)
        roi[4:8, 10:24] = True
        made = measure(PictureChange.between(*patched), roi, {}, {})
        assert made is not None
        error, seen = squared_error(*patched), delta_e_lab(*map(to_lab, patched))
        step = (patched[1].astype(float) - patched[0]) / 255
        assert made.in_mse == pytest.approx(error[roi].mean(), rel=1e-5)
        assert made.out_mse == pytest.approx(error[~roi].mean(), rel=1e-5)
        assert made.delta_e_inside == pytest.approx(seen[roi].mean(), rel=1e-5)
        assert made.delta_e_outside == pytest.approx(seen[~roi].mean(), rel=1e-5)
        norms = [np.linalg.norm(step[where]) for where in (~roi, roi)]
        assert made.roir == pytest.approx(norms[0] / norms[1])


class TestMeasure:
    def test_black_turned_white_inside_and_grey_outside(self) -> None:
        original = np.zeros((10, 10, 3), dtype=np.uint8)
        image = original.copy()
        roi = np.zeros((10, 10), dtype=bool)
        roi[2:4, 3:6] = True
        image[roi] = 255
        image[0, 0] = 51  # a fifth of full scale, in one pixel outside
        made = measure(PictureChange.between(original, image), roi, {"a": 1}, {"a": 4})
        assert made is not None
        grey = cie_lab(np.full((1, 1, 3), 51, np.uint8))[0, 0, 0]
        assert made.in_mse == pytest.approx((2.55 * 100) ** 2 / (3 * 255**2), rel=1e-3)
        assert made.out_mse == pytest.approx((2.55 * grey) ** 2 / (3 * 255**2) / 94, rel=1e-2)
        assert made.delta_e_inside == pytest.approx(100, abs=0.1)
        assert made.delta_e_outside == pytest.approx(grey / 94, rel=1e-2)
        assert made.roir == pytest.approx(0.2 / np.sqrt(6))
        assert made.channels_moved == {"a": 1}
        assert made.channels_total == {"a": 4}

    def test_what_another_edit_changes_is_left_out(self) -> None:
        original = np.zeros((10, 10, 3), dtype=np.uint8)
        image = original.copy()
        roi, other = np.zeros((2, 10, 10), dtype=bool)
        roi[2:4, 3:6] = True
        other[6:9, 2:9] = True
        image[roi] = 255
        image[other] = 200
        image[0, 0] = 51  # in one of the 100 - 6 - 21 pixels left
        made = measure(PictureChange.between(original, image), roi, {}, {}, other)
        assert made is not None
        grey = cie_lab(np.full((1, 1, 3), 51, np.uint8))[0, 0, 0]
        assert made.in_mse == pytest.approx((2.55 * 100) ** 2 / (3 * 255**2), rel=1e-3)
        assert made.out_mse == pytest.approx((2.55 * grey) ** 2 / (3 * 255**2) / 73, rel=1e-2)
        assert made.delta_e_inside == pytest.approx(100, abs=0.1)
        assert made.delta_e_outside == pytest.approx(grey / 73, rel=1e-2)
        assert made.roir == pytest.approx(0.2 / np.sqrt(6))

    def test_where_nothing_would_be_left_outside_nothing_is_left_out(self) -> None:
        original = np.zeros((4, 4, 3), dtype=np.uint8)
        image = original.copy()
        roi = np.eye(4, dtype=bool)
        image[~roi] = 255
        made = measure(PictureChange.between(original, image), roi, {}, {}, ~roi)
        assert made is not None
        assert made.delta_e_outside == pytest.approx(100, abs=0.1)

    def test_no_ratio_where_nothing_changed_inside(self) -> None:
        original = np.zeros((4, 4, 3), dtype=np.uint8)
        roi = np.eye(4, dtype=bool)
        made = measure(PictureChange.between(original, original), roi, {}, {})
        assert made is not None
        assert made.roir is None
        assert made.in_mse == made.out_mse == 0

    @pytest.mark.parametrize("fill", [True, False])
    def test_no_measures_without_an_inside_and_an_outside(self, fill: bool) -> None:
        original = np.zeros((4, 4, 3), dtype=np.uint8)
        change = PictureChange.between(original, original)
        assert measure(change, np.full((4, 4), fill), {}, {}) is None

    def test_moved_channels_are_counted(self) -> None:
        import torch

        target = {"a": torch.zeros(1, 5), "b": torch.ones(1, 2)}
        edited = {"a": torch.tensor([[0.0, 1e-7, 0.0, -3.0, 0.0]]), "b": torch.ones(1, 2)}
        assert channels_moved(target, edited) == {"a": 2, "b": 0}


class TestDiffMap:
    def test_colours_grow_lighter_with_the_difference(self) -> None:
        ramp = np.linspace(0, FULL_SCALE, 32, dtype=np.float32)
        lightness = cie_lab(colour_scale(ramp)[None])[0, :, 0]
        assert (np.diff(lightness) > 0).all()
        assert lightness[0] < 2

    def test_outline_is_drawn_where_the_roi_ends(self) -> None:
        roi = np.zeros((16, 16), dtype=bool)
        roi[4:12, 4:12] = True
        quiet = np.zeros((16, 16), dtype=np.float32)
        plain, outlined = render_diff(quiet, None, 160), render_diff(quiet, roi, 160)
        assert plain.shape == outlined.shape
        assert plain.shape[0] > 160  # the legend
        changed = (plain != outlined).any(axis=2)
        rows, columns = np.nonzero(changed)
        assert rows.min() in range(38, 42)
        assert rows.max() in range(118, 122)
        assert columns.min() in range(38, 42)
        assert columns.max() in range(118, 122)
        assert not changed[60:100, 60:100].any()
