"""Which factors moved, with the renderers' own pictures as the truth."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "demo_models"))

import evaluate
import portraits
from localedit_core.editing.edit import Method
from localedit_core.latents import sample_z
from measuring.comparison import Trial
from measuring.factors import (
    Design,
    Factors,
    Products,
    Recovery,
    at_equal_movement,
    changes_of,
    groups_of,
    intended,
    pooled,
    random_swaps,
    recovery,
    single_design,
    swapped,
    whole_design,
)
from measuring.movement import Movement, Moves, PartMoves
from measuring.movement_report import report, rows_of
from portraits.factors import normalise
from training.world import World
from worlds import make_world

SIDE = 32
FACES = make_world("faces")
ROOMS = make_world("rooms")
TARGET, REFERENCE = normalise(
    torch.from_numpy(np.concatenate([sample_z(seed, FACES.z_dim) for seed in (3, 4)]))
)


def drawn(*values: Tensor) -> Tensor:
    """Pictures [N, 3, SIDE, SIDE] of factors' values."""
    return FACES.render_values(torch.stack(values), SIDE)[0]


def differences(design: Design) -> Tensor:
    """What swapping each of the factors changes, [G, 3, SIDE, SIDE]."""
    return changes_of(drawn(TARGET, *(swapped(TARGET, REFERENCE, [each]) for each in design)))


@pytest.mark.parametrize("world", [FACES, ROOMS], ids=lambda world: world.name)
def test_values_are_drawn_as_z_is_and_never_normalised_again(world: World) -> None:
    z = torch.from_numpy(sample_z(7, world.z_dim))
    plain, _ = world.render(3.0 * z, SIDE)
    values = z * z.square().mean().rsqrt()
    same, _ = world.render_values(values, SIDE)
    assert torch.allclose(plain, same, atol=1e-4)
    longer, _ = world.render_values(1.5 * values, SIDE)
    assert (longer - same).abs().max() > 0.05


def test_a_swap_takes_the_reference_s_values_and_leaves_all_others() -> None:
    mouth = intended(FACES, "mouth")
    assert mouth is not None
    values = swapped(TARGET, REFERENCE, [mouth])
    inside = torch.zeros(FACES.z_dim, dtype=torch.bool)
    inside[portraits.group_slices()["mouth"]] = True
    assert (values[inside] == REFERENCE[inside]).all()
    assert (values[~inside] == TARGET[~inside]).all()


def test_each_swap_alone_has_slope_one_and_all_others_none() -> None:
    moved = differences(groups_of(FACES))
    products = Products.of(moved, moved)
    shows = products.power > 0
    slopes, explained = products.slopes()
    assert shows.sum() >= 12
    assert slopes == pytest.approx(np.diag(shows.astype(float)), abs=0.03)
    assert explained == pytest.approx(products.energy, rel=1e-3, abs=1e-2)


def test_a_mixture_of_differences_is_found() -> None:
    moved = differences(groups_of(FACES))
    names = [group.name for group in groups_of(FACES)]
    mouth, skin = names.index("mouth"), names.index("skin")
    source = torch.Generator().manual_seed(0)
    noise = 0.001 * torch.randn(moved[0].shape, generator=source)
    slopes, _ = Products.of(moved, (0.7 * moved[mouth] - 0.2 * moved[skin] + noise)[None]).slopes()
    wanted = np.zeros(len(names))
    wanted[[mouth, skin]] = 0.7, -0.2
    weight = np.sqrt(Products.of(moved, moved).power)  # what shows little is told badly
    clear = weight > 0.2 * np.median(weight)
    assert slopes[0][clear] == pytest.approx(wanted[clear], abs=0.05)


def test_what_does_not_show_has_no_weight() -> None:
    """A hat's colours where neither picture has a hat."""
    low = TARGET.clone()
    low[portraits.index_of("hat")] = -2.0
    hat = Factors("hat", tuple(portraits.index_of(name) for name in ("hat_a", "hat_b")))
    mouth = intended(FACES, "mouth")
    assert mouth is not None
    moved = changes_of(drawn(low, *(swapped(low, REFERENCE, [each]) for each in (hat, mouth))))
    products = Products.of(moved, moved[1:])
    slopes, _ = products.slopes()
    assert products.power[0] == 0.0 < products.power[1]
    assert slopes[0] == pytest.approx([0.0, 1.0], abs=0.01)


def test_parts_have_the_factors_that_draw_them() -> None:
    mouth, ears, sheet = intended(FACES, "mouth"), intended(FACES, "ears"), intended(ROOMS, "sheet")
    assert mouth is not None
    assert [FACES.factor_names[c] for c in mouth.columns][:2] == ["mouth_width", "upper_lip"]
    assert ears is not None
    assert [FACES.factor_names[c] for c in ears.columns] == ["ear_size"]
    assert sheet is not None
    assert [ROOMS.factor_names[c] for c in sheet.columns] == ["fold"]
    assert intended(ROOMS, "ceiling") is intended(FACES, "sheet") is None
    with pytest.raises(ValueError, match="ceiling"):
        whole_design(ROOMS, "ceiling")


@pytest.mark.parametrize("part", ["mouth", "ears", "collar"])
def test_designs_have_every_factor_once(part: str) -> None:
    for design in (whole_design(FACES, part), single_design(FACES, part)):
        columns = [column for each in design for column in each.columns]
        assert sorted(columns) == list(range(FACES.z_dim))
    names = [each.name for each in single_design(FACES, "collar")]
    assert names[:2] == ["collar", "collar_light"]
    assert "clothes, others" in names


def test_swaps_in_z_hardly_change_its_length() -> None:
    source, design = np.random.default_rng(0), groups_of(FACES)
    for _ in range(5):
        chosen = random_swaps(design, TARGET, REFERENCE, source)
        assert chosen.sum() == 4  # a quarter of 14
        factors = [each for each, swap in zip(design, chosen, strict=True) if swap]
        length = swapped(TARGET, REFERENCE, factors).square().mean().sqrt()
        assert length == pytest.approx(1.0, abs=0.02)


def test_a_part_s_own_factors_are_checked_by_themselves() -> None:
    source, z = np.random.default_rng(0), torch.Generator().manual_seed(1)
    for part, own, counts in (("mouth", 9, {4, 5}), ("beard", 4, {2}), ("ears", 1, {0, 1})):
        design = single_design(FACES, part)
        drawn = [
            random_swaps(design, *torch.randn(2, FACES.z_dim, generator=z), source, own)
            for _ in range(40)
        ]
        assert {int(chosen.sum()) for chosen in drawn} == counts
        assert not any(chosen[own:].any() for chosen in drawn)
        assert np.any(drawn, axis=0)[:own].all()


def test_slopes_are_pooled_by_what_the_swap_changes() -> None:
    slopes = np.array([[[1.0, 5.0]], [[0.0, 7.0]]])  # [2 pairs, 1, 2]
    power = np.array([[3.0, 0.0], [1.0, 0.0]])
    found = pooled(slopes, power, np.array([[1.0, 1.0], [0.0, 2.0]]))
    assert found[:, 0, 0].tolist() == [0.75, 0.0]
    assert np.isnan(found[:, 0, 1]).all()


def test_recovery_is_weighted_correlation() -> None:
    swaps = np.array([True, False, True, False])
    slopes, power = np.array([0.9, 0.1, 0.7, -0.2]), np.array([1.0, 2.0, 3.0, 1.0])
    found = recovery("smile", slopes, power, swaps)
    assert (found.moved, found.stayed) == pytest.approx((0.75, 0.0))
    repeated = np.repeat([slopes, swaps.astype(float)], power.astype(int), axis=1)
    assert found.r2 == pytest.approx(np.corrcoef(repeated)[0, 1] ** 2)
    assert Recovery("smile", 0.9, 0.1, 1.0).corrected(0.5) == pytest.approx(0.5)
    assert np.isnan(recovery("smile", slopes, 0.0 * power, swaps).r2)


def test_slopes_at_equal_movement_lie_on_straight_lines() -> None:
    curve = np.array([[0.2, 0.02], [0.6, 0.10]])
    assert at_equal_movement(curve, 0, 0.3) == pytest.approx([0.3, 0.04])
    assert at_equal_movement(curve, 0, 0.1) == pytest.approx([0.1, 0.01])
    assert at_equal_movement(curve, 0, 0.7) is None


def test_methods_are_compared_where_the_intended_factors_move_as_far() -> None:
    own, stays, untold = Factors("mouth", (0,)), Factors("skin", (1,)), Factors("hat", (2,))
    trials = (
        Trial(Method.SEQUENTIAL, 30.0),
        *(Trial(Method.SIMULTANEOUS, lam) for lam in (1.0, 2.0)),
        Trial(Method.GLOBAL, 1.0),
    )
    slopes = [[0.5, 0.1, 9.0], [0.4, -0.2, 9.0], [0.8, -0.6, 9.0], [0.4, 0.4, 9.0]]
    pairs = [(2 * n, 2 * n + 1) for n in range(5)]
    whole = Moves.empty((own, stays, untold), len(trials), len(pairs))
    whole.slopes[:] = slopes
    whole.power[:4] = 1.0  # on the last pair nothing shows
    whole.energy[:] = 4.0
    whole.explained[:] = 3.0
    checks = tuple(
        Recovery(f.name, 0.9, 0.1, r2) for f, r2 in zip(whole.design, (0.9, 0.5, 0.4), strict=True)
    )
    movement = Movement(
        {"mouth": PartMoves(own, trials, whole, whole)}, {whole.design: checks}, 0.8, ("ceiling",)
    )
    (row,) = rows_of(movement, pairs, resamples=20)
    assert (row.pairs, row.explained) == (4, 0.75)
    assert (row.intended.slope, row.intended.corrected) == pytest.approx((0.5, 0.5))
    assert (row.intended.low, row.intended.high) == pytest.approx((0.5, 0.5))
    simultaneous = row.others["simultaneous"]
    assert simultaneous is not None
    assert (simultaneous.name, simultaneous.largest) == ("skin", pytest.approx(-0.3))
    assert simultaneous.mean == pytest.approx(0.3)
    assert row.others["global"] is None
    assert row.ratio == pytest.approx(1 / 3)
    assert "ceiling" in report(movement, [row])


def test_the_command_measures_one_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "factors.json"
    options = f"faces factors --pairs 2 --size {SIDE} --part background --json {written}"
    monkeypatch.setattr(sys, "argv", ["evaluate.py", *options.split()])
    evaluate.main()
    assert "| background | 2 " in capsys.readouterr().out
    found = json.loads(written.read_text())
    (row,) = found["rows"]
    # The background is easily told: it moves, and what else moves does so less.
    assert 0.2 < row["intended"]["slope"] < 1.1
    assert row["others"]["sequential"]["mean"] < 0.2
    assert [group["name"] for group in found["groups"]] == list(portraits.GROUPS)
