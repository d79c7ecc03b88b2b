"""Comparing ways to train: what is run, what is kept, and what the tables say."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "demo_models"))

import compare_training
from measuring.arms import ARMS, common_parts, part_table, spread, summary_table
from measuring.tables import markdown, number, write_json


def result(arm: str, psnr: float, outs: dict[str, tuple[float | None, float | None]]) -> Any:
    rows = [
        {"part": part, "in_mse": at, "sequential": sequential, "simultaneous": simultaneous}
        for part, (sequential, simultaneous) in outs.items()
        for at in (0.1, 0.2)
    ]
    return {"arm": arm, "psnr": psnr, "v": 0.5, "mean_iou": 0.25, "rows": rows}


RESULTS = [
    result("blocks-local", 30.0, {"bed": (0.01, 0.04), "wall": (0.04, 0.09), "rug": (0.5, 0.5)}),
    result("blocks-local", 32.0, {"bed": (0.02, 0.04), "wall": (0.08, 0.09), "rug": (0.5, 0.5)}),
    result("dense-plain", 20.0, {"bed": (0.1, 0.2), "wall": (0.1, 0.2), "rug": (None, 0.5)}),
]


def cells(table: str, first: str) -> list[str]:
    line = next(line for line in table.splitlines() if line.startswith(f"| {first} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_summary_averages_over_seeds_the_typical_part() -> None:
    table = summary_table(RESULTS, 0.2)
    # Geometric means over bed and wall: 0.02 and 0.04 by sequential queries.
    assert cells(table, "blocks-local") == [
        *("blocks-local", "2", "31.00 ± 1.41", "0.500 ± 0.000", "0.250 ± 0.000"),
        *("0.0300 ± 0.0141", "0.0600 ± 0.0000"),
    ]
    assert cells(table, "dense-plain")[-2:] == ["0.1000", "0.2000"]
    assert table.endswith("geometric mean over bed, wall.")


def test_only_parts_that_every_run_reaches_are_compared() -> None:
    assert common_parts(RESULTS, 0.2) == ["bed", "wall"]
    assert common_parts(RESULTS[:2], 0.2) == ["bed", "wall", "rug"]
    assert common_parts(RESULTS, 0.4) == common_parts([], 0.2) == []


def test_parts_that_only_some_runs_reach_say_so() -> None:
    some = [*RESULTS, result("dense-plain", 21.0, {"rug": (0.25, 0.5)})]
    table = part_table(some, 0.2)
    assert cells(table, "rug") == ["rug", "0.5000 ± 0.0000", "0.2500 (1 of 2)"]
    assert cells(part_table(RESULTS, 0.2), "rug") == ["rug", "0.5000 ± 0.0000", "–"]


def test_spread_is_the_sample_standard_deviation() -> None:
    assert spread([1.0, 2.0, 3.0], 1) == "2.0 ± 1.0"
    assert spread([1.0], 1) == "1.0"
    assert spread([], 1) is None


@pytest.mark.parametrize("side", [32, 64])
def test_the_arms_differ_in_nothing_but_their_two_choices(side: int) -> None:
    recipes = {arm: compare_training.recipe_of(arm, 2, 100, side) for arm in ARMS}
    assert len(recipes) == 4
    for arm, recipe in recipes.items():
        assert recipe.mapping == arm.mapping
        assert (recipe.locality_weight > 0) == arm.local
        assert (recipe.seed, recipe.seconds) == (2, 100.0)
        assert 4 * 2 ** (len(recipe.channels) - 1) == recipe.stage(1.0)[0] == side


def test_runs_that_are_there_are_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []
    judged: list[Any] = []

    def train(_rendered: Any, _recipe: Any, path: Path) -> None:
        trained.append(path.stem)
        path.write_text("weights")

    def judge(*_arguments: Any) -> dict[str, Any]:
        judged.append(None)
        return {"psnr": 1.0, "rows": []}

    class Loaded:
        generator = None

    monkeypatch.setattr(compare_training, "open_pictures", lambda *_: object())
    monkeypatch.setattr(compare_training, "train", train)
    monkeypatch.setattr(compare_training, "judge", judge)
    monkeypatch.setattr(compare_training, "load_generator", lambda _: Loaded)
    options = argparse.Namespace(
        **{"world": "rooms", "work": tmp_path, "seeds": 2, "first_seed": 0, "steps": 9, "side": 64},
        **{"data": None, "pictures": 64, "pairs": 2, "judged": 4},
    )
    assert len(compare_training.run_all(options)) == 8
    assert sorted(trained) == sorted(f"rooms-{arm.name}-{seed}" for arm in ARMS for seed in (0, 1))
    (tmp_path / f"{trained[0]}.json").unlink()  # measured anew, of the weights that are there
    (tmp_path / f"{trained[1]}.json").unlink()
    (tmp_path / f"{trained[1]}.safetensors").unlink()
    assert len(compare_training.run_all(options)) == 8
    assert trained[8:] == [trained[1]]
    assert len(judged) == 10
    options.seeds, options.first_seed = 1, 2
    assert len(compare_training.run_all(options)) == 4
    assert sorted(trained[9:]) == sorted(f"rooms-{arm.name}-2" for arm in ARMS)


def test_tables_and_files_say_where_there_is_no_number(tmp_path: Path) -> None:
    assert number(1.256, 2) == "1.26"
    assert number(None, 2) is number(math.nan, 2) is None
    assert markdown(("a", "bc"), [(1, None)]).splitlines() == [
        "| a | bc |",
        "| - | -- |",
        "| 1 | –  |",
    ]
    write_json(tmp_path / "n.json", {"a": [math.inf, 1.5], "b": None, "c": ("d",)})
    assert json.loads((tmp_path / "n.json").read_text()) == {
        "a": [None, 1.5],
        "b": None,
        "c": ["d"],
    }
