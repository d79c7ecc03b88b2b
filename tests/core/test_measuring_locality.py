"""Out-MSE at matched In-MSE over pairs, against curves that are known."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "demo_models"))

from localedit_core.editing.edit import Method, QuerySettings
from measuring.choosing import first_of_the_best, score
from measuring.comparison import PartChanges, Trial, compare, pooled_curve
from measuring.locality import INTEREST, PILOT, least_leak, spread
from measuring.transfers import split_means
from measuring.tuning import Setting, choose

SIMULTANEOUS, SEQUENTIAL = Method.SIMULTANEOUS, Method.SEQUENTIAL


def changes_of(
    leaks: dict[Method, float], scales: NDArray[np.float64], reach: float = 1.0
) -> PartChanges:
    """Pairs whose change inside grows from 0 to ``reach`` and leaks out at a constant rate.

    Both are multiplied by each pair's own scale; the second mask covers nothing.
    """
    steps = np.linspace(0.1, reach, 10)
    trials = [Trial(method, float(step)) for method in leaks for step in steps]
    changes = PartChanges.empty(trials, len(scales))
    for pair, scale in enumerate(scales):
        means = np.full((1 + len(trials), 2, 2), np.nan)
        means[0, 0] = scale
        for n, trial in enumerate(trials):
            inside = trial.parameter * scale
            means[1 + n, 0] = inside, leaks[trial.method] * inside
        changes.add(pair, means, np.array([0.25, 0.0]))
    return changes


def test_methods_are_compared_where_they_change_as_much_inside() -> None:
    changes = changes_of({SIMULTANEOUS: 0.2, SEQUENTIAL: 0.05}, np.array([1.0, 3.0, 0.5]))
    (row,) = compare("mouth", changes, matched=(0.33,), resamples=50)
    assert (row.part, row.mask, row.pairs, row.share) == ("mouth", "true", 3, 0.25)
    assert row.simultaneous == pytest.approx(0.33 * 0.2)
    assert row.sequential == pytest.approx(0.33 * 0.05)
    assert row.global_ is None
    # All pairs agree, so that drawing them anew changes nothing.
    assert (row.ratio, row.low, row.high) == pytest.approx((0.25, 0.25, 0.25))
    assert row.flag == ""


def test_a_curve_never_goes_further_than_it_was_measured() -> None:
    changes = changes_of({SIMULTANEOUS: 0.2, SEQUENTIAL: 0.05}, np.ones(2), reach=0.3)
    (row,) = compare("mouth", changes, matched=(0.4,), resamples=10)
    assert row.simultaneous is row.sequential is row.ratio is row.low is None
    assert row.flag == "not reached"


@pytest.mark.parametrize(("leak", "flag"), [(0.15, "over 0.5"), (0.3, "worse"), (0.09, "")])
def test_what_must_not_be_is_flagged(leak: float, flag: str) -> None:
    changes = changes_of({SIMULTANEOUS: 0.2, SEQUENTIAL: leak}, np.array([1.0, 2.0]))
    (row,) = compare("wall", changes, matched=(0.2,), resamples=20)
    assert row.flag == flag


def test_a_pooled_curve_is_the_ratio_of_sums() -> None:
    trials = [Trial(SEQUENTIAL, 1.0)]
    changes = PartChanges.empty(trials, 2)
    changes.full[:, 0] = [[1.0, 2.0], [3.0, 2.0]]
    changes.edited[:, 0, 0] = [[0.5, 0.1], [0.5, 0.3]]
    curve = pooled_curve(changes, SEQUENTIAL, 0)
    assert curve is not None
    unchanged, point = curve.points
    assert (unchanged.in_mse, unchanged.out_mse) == (0.0, 0.0)
    assert (point.in_mse, point.out_mse) == pytest.approx((1.0 / 4.0, 0.4 / 4.0))
    weighed = pooled_curve(changes, SEQUENTIAL, 0, np.array([2.0, 0.0]))
    assert weighed is not None
    assert weighed.points[1].in_mse == pytest.approx(0.5)


def test_the_interval_covers_the_ratio_of_a_known_population() -> None:
    """Pairs whose own ratio is 0.3 or 0.7, equally often: the ratio of sums is 0.5."""
    covered = 0
    for seed in range(20):
        source = np.random.default_rng(seed)
        leaks = source.choice([0.03, 0.07], 40)
        changes = changes_of({SIMULTANEOUS: 0.1, SEQUENTIAL: 1.0}, np.ones(40))
        own = [n for n, t in enumerate(changes.trials) if t.method is SEQUENTIAL]
        changes.edited[:, own, 0, 1] *= leaks[:, None]
        (row,) = compare("nose", changes, matched=(0.25,), resamples=200, seed=seed)
        assert row.low is not None
        assert row.high is not None
        assert row.ratio == pytest.approx(leaks.mean() / 0.1)
        covered += row.low <= 0.5 <= row.high
    assert covered >= 16  # 19 are to be expected; fewer than 16 have a chance of 0.003


def test_means_inside_and_outside_of_masks() -> None:
    errors = np.array([[1.0, 2.0, 3.0, 6.0], [0.0, 0.0, 4.0, 0.0]])
    masks = np.array([[True, False, False, True], [False] * 4, [True] * 4])
    means = split_means(errors, masks)
    assert means[:, 0].tolist() == [[3.5, 2.5], [0.0, 2.0]]
    assert np.isnan(means[:, 1:]).all()


def test_parameters_are_spread_over_what_is_compared() -> None:
    tried = PILOT[SEQUENTIAL]
    changes = PartChanges.empty([Trial(SEQUENTIAL, value) for value in tried], 1)
    changes.full[0, 0] = 1.0
    inside = np.minimum(np.array(tried) / 40.0, 1.0)
    changes.edited[0, :, 0] = np.stack([inside, 0.1 * inside], axis=-1)
    found = np.array(spread(changes, SEQUENTIAL, 9))
    assert len(found) == 9
    assert found[1:] / found[:-1] == pytest.approx(found[1] / found[0])
    ends = found[[0, -1]] / 40.0
    assert ends[0] < INTEREST[0] < INTEREST[1] < ends[1]
    assert ends[0] > INTEREST[0] / 2  # no more of the pilot's range than is needed
    assert ends[1] < INTEREST[1] * 2


def test_where_a_part_was_on_no_picture_all_that_was_tried_is_tried_again() -> None:
    tried = PILOT[SIMULTANEOUS]
    changes = PartChanges.empty([Trial(SIMULTANEOUS, value) for value in tried], 1)
    found = spread(changes, SIMULTANEOUS, 5)
    assert (found[0], found[-1]) == pytest.approx((tried[0], tried[-1]))


def test_the_floor_is_that_with_the_least_change_outside_among_those_that_go_far() -> None:
    pair = np.ones(1)
    found = {
        0.02: changes_of({SEQUENTIAL: 0.20}, pair, reach=0.9),
        0.10: changes_of({SEQUENTIAL: 0.10}, pair, reach=0.5),
        0.40: changes_of({SEQUENTIAL: 0.01}, pair, reach=0.25),
    }
    assert least_leak(found) == 0.10
    assert least_leak({0.02: found[0.02], 0.10: found[0.10]}) == 0.10
    alike = {0.02: found[0.10], 0.10: changes_of({SEQUENTIAL: 0.101}, pair)}
    assert least_leak(alike) == 0.10
    assert least_leak({0.40: found[0.40]}) == 0.40  # at a lower In-MSE, as none goes further


def test_settings_are_scored_against_the_simultaneous_query() -> None:
    pair = np.ones(1)
    other = changes_of({SIMULTANEOUS: 0.2}, pair)
    assert score(changes_of({SEQUENTIAL: 0.05}, pair), other) == pytest.approx(0.25)
    # Of In-MSE 0.1 to 0.4 it reaches two; at the others it counts as leaking twice as much.
    short = changes_of({SEQUENTIAL: 0.05}, pair, reach=0.25)
    assert score(short, other) == pytest.approx((0.25**2 * 2.0**2) ** 0.25)
    # What the simultaneous query does not reach says nothing.
    near = changes_of({SIMULTANEOUS: 0.2}, pair, reach=0.25)
    assert score(changes_of({SEQUENTIAL: 0.05}, pair), near) == pytest.approx(0.25)
    assert score(PartChanges.empty([Trial(SEQUENTIAL, 1.0)], 1), other) == 1.0


def test_of_settings_that_leak_alike_the_first_is_taken() -> None:
    plain, banded, low = (QuerySettings(floor=floor) for floor in (0.3, 0.2, 0.1))
    assert first_of_the_best({plain: 0.505, banded: 0.5, low: 0.7}) is plain
    assert first_of_the_best({plain: 0.6, banded: 0.5, low: 0.499}) is banded


SETTINGS = (
    Setting(1.0, 0.1, in_mse=0.20, out_mse=0.005),
    Setting(5.0, 0.1, in_mse=0.50, out_mse=0.029),
    Setting(5.0, 0.2, in_mse=0.49, out_mse=0.012),
    Setting(20.0, 0.1, in_mse=0.90, out_mse=0.200),
)


@pytest.mark.parametrize(
    ("cap", "chosen"),
    [
        (0.030, 2),  # as strong as the one before, and changes less outside
        (0.500, 3),
        (0.006, 0),
        (0.001, 0),  # none keeps the cap
    ],
)
def test_the_strongest_setting_that_keeps_the_cap_is_chosen(cap: float, chosen: int) -> None:
    assert choose(SETTINGS, cap) is SETTINGS[chosen]
