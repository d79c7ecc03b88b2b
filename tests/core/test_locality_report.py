"""Where the sequential query is said not to be ahead, on curves that are known."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.evaluation.curves import Curve, CurvePoint
from localedit_core.evaluation.locality import LocalityResult
from localedit_core.evaluation.locality_report import (
    Reason,
    locality_facts,
    shortfalls,
    write_locality,
)


def line(method: Method, leak: float, reach: float = 0.5, guard: float = 0.0) -> Curve:
    """A method that changes ``leak`` outside for each 1 inside, up to ``reach``."""
    points = (CurvePoint(0.0, 0.0, 0.0), CurvePoint(1.0, reach, leak * reach))
    return Curve(method, points, guard)


def result(curves: tuple[Curve, ...], resampled: tuple[tuple[Curve, ...], ...]) -> LocalityResult:
    return LocalityResult(
        *("mouth", 30, 0, 1.0, 64, 0.01, 0.02),
        settings=QuerySettings(floor=0.3),
        curves=curves,
        resampled=resampled,
    )


def pair_of(leak: float, other: float = 0.1, reach: float = 0.5) -> tuple[Curve, ...]:
    return line(Method.SEQUENTIAL, leak, reach), line(Method.SIMULTANEOUS, other)


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        ([0.19, 0.21] * 10, Reason.NOT_BY_CHANCE),  # twice the other's in every resample
        ([0.05, 0.35] * 10, Reason.WITHIN_NOISE),
        ([], Reason.TOO_FEW_PAIRS),
    ],
)
def test_why_it_is_not_below(drawn: list[float], reason: Reason) -> None:
    study = result(pair_of(0.2), tuple(pair_of(leak) for leak in drawn))
    (found,) = shortfalls(study, [0.4])
    assert (found.curve.method, found.rival.method) == (Method.SEQUENTIAL, Method.SIMULTANEOUS)
    assert found.reason is reason
    assert found.ratio == pytest.approx(2.0)
    assert found.told(0.3) == (
        "sequential is not below simultaneous at In-MSE 0.4: 2.00 times its Out-MSE, "
        f"{reason.value}"
    )


def test_what_is_below_or_reached_by_neither_is_no_shortfall() -> None:
    below = result(pair_of(0.05), ())
    assert list(shortfalls(below, [0.2, 0.4])) == []
    assert list(shortfalls(result(pair_of(0.2), ()), [0.9])) == []


def test_what_it_does_not_reach_and_another_does() -> None:
    study = result(pair_of(0.05, reach=0.35), ())
    (found,) = shortfalls(study, [0.2, 0.4])
    assert (found.in_mse, found.reason, found.ratio) == (0.4, Reason.NOT_REACHED, None)
    assert found.told(0.3).startswith("sequential does not reach In-MSE 0.4 (0.35 at most, with fl")


def test_only_curves_of_one_guard_are_compared() -> None:
    curves = (line(Method.SEQUENTIAL, 0.2, guard=1.0), line(Method.GLOBAL, 0.1))
    assert list(shortfalls(result(curves, ()), [0.4])) == []


def test_files_hold_the_same_numbers(tmp_path: Path) -> None:
    study = result(pair_of(0.2), ())
    for suffix in (".json", ".csv"):
        write_locality(tmp_path / f"report{suffix}", [study], [0.4])
    told = json.loads((tmp_path / "report.json").read_text())
    assert told == json.loads(json.dumps(locality_facts([study], [0.4])))
    (matched,) = told["parts"][0]["matched"]
    assert matched["sequential"] == pytest.approx(0.08)
    rows = list(csv.DictReader((tmp_path / "report.csv").read_text().splitlines()))
    assert [(r["method"], float(r["out_mse"])) for r in rows] == [
        ("sequential", 0.0),
        ("sequential", pytest.approx(0.1)),
        ("simultaneous", 0.0),
        ("simultaneous", pytest.approx(0.05)),
    ]
