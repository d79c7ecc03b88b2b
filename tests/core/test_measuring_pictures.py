"""Measures and sheets on a small generator and a made-up world."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "demo_models"))

import evaluate
from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Part
from localedit_core.catalog.sampling import styles_of_seed
from localedit_core.editing.edit import EPSILON_MAX, Method, QuerySettings
from localedit_core.editing.query import PartRanking
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.locality import LocalityStudy
from localedit_core.evaluation.pairs import seed_pairs
from localedit_core.evaluation.real_pictures import find_pictures, read_pictures
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from measuring import sheets, tuning
from measuring.agreement import count_areas
from measuring.choosing import ALIKE, choose_walks, score
from measuring.comparison import Trial
from measuring.labels import Labels
from measuring.locality import (
    FLOORS,
    PILOT,
    PILOT_SEED,
    STRENGTHS,
    Walk,
    choose_floors,
    query_of,
    study,
)
from measuring.quality import largest_step, made_pictures, measure
from measuring.subject import Subject, latents
from measuring.transfers import Pair
from measuring.tuning import try_settings
from training.world import World

SIDE, Z_DIM = 16, 6
PARTS = ("left", "right")


def halves(z: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Grey pictures whose left half is one part and whose right half the other."""
    parts = torch.zeros(len(z), size, size, dtype=torch.uint8)
    parts[:, :, size // 2 :] = 1
    return torch.full((len(z), 3, size, size), 0.5), parts


WORLD = World(
    name="halves",
    description="",
    z_dim=Z_DIM,
    part_names=PARTS,
    resolution=SIDE,
    render=halves,
    render_values=halves,
    factor_names=tuple("abcdef"),
    blocks={},
    levels=(16,) * Z_DIM,
    mirror=None,
    part_weights={},
)
LABELS = Labels("b16.conv1", 3, 6, 1.0, 0, {}, {}, "", {})


@pytest.fixture(scope="module")
def generator() -> StyleGAN2:
    torch.manual_seed(0)
    config = StyleGAN2Config(
        z_dim=Z_DIM,
        w_dim=8,
        resolution=SIDE,
        channels=(6, 6, 6),
        mapping_layers=2,
        mapping_lr_multiplier=1.0,
        use_noise=False,
    )
    return StyleGAN2(config).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def subject(generator: StyleGAN2) -> Subject:
    bare = build_catalog(
        generator, layer=LABELS.layer, n_clusters=3, n_samples=LABELS.n_samples, psi=1.0
    )
    parts = (Part("left", (0,), floor=0.05), Part("right", (2,), floor=0.05))
    return Subject(WORLD, generator, bare.with_parts(parts), LABELS)


def test_the_renderer_s_pictures_are_written_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(z: Tensor, size: int) -> tuple[Tensor, Tensor]:
        ramp = torch.linspace(0.0, 1.0, size).expand(len(z), 3, size, size)
        return ramp * torch.sigmoid(z[:, :3, None, None]), halves(z, size)[1]

    monkeypatch.setattr(evaluate, "make_world", lambda _: replace(WORLD, render=render))
    evaluate.write_pictures(Namespace(world="halves", out=tmp_path / "real", pictures=2))
    found = list(read_pictures(find_pictures(tmp_path / "real"), SIDE))
    assert len(found) == 2
    for seed, picture in enumerate(found, start=600_000):
        drawn, _ = render(latents(Z_DIM, [seed]), SIDE)
        expected = 255.0 * drawn[0].permute(1, 2, 0).numpy()
        assert np.abs(picture - expected).max() <= 0.501
    assert (found[0] != found[1]).any()


def test_psnr_is_that_of_a_known_error(generator: StyleGAN2) -> None:
    """The world's picture is the generator's own, off by 0.1 on the left, by 0.01 on the right."""

    def render(z: Tensor, size: int) -> tuple[Tensor, Tensor]:
        picture, parts = made_pictures(generator, z), halves(z, size)[1]
        off = torch.where(parts == 0, 0.1, 0.01).unsqueeze(1)
        return torch.where(picture > 0.5, picture - off, picture + off), parts

    found = measure(replace(WORLD, render=render), generator, 5)
    assert found["left"] == pytest.approx(20.0, abs=1e-3)
    assert found["right"] == pytest.approx(40.0, abs=1e-3)
    both = -10.0 * np.log10((0.1**2 + 0.01**2) / 2)
    assert found["all"] == pytest.approx(both, abs=1e-3)
    assert found["mean of pictures"] == pytest.approx(both, abs=1e-3)


def test_the_largest_step_of_a_walk_that_jumps_once_is_all_of_it(
    generator: StyleGAN2, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    plain = generator.synthesize

    def one_jump(styles: dict[str, Tensor]) -> object:
        made = plain(styles)
        for n in range(len(made.image)):
            at = len(seen) % 9
            seen.append(1.0 if at >= 4 else -1.0)
            made.image[n] = seen[-1]
        return made

    monkeypatch.setattr(generator, "synthesize", one_jump)
    assert largest_step(generator, paths=3, steps=8) == pytest.approx(8.0)


def test_locality_is_what_the_core_measures(subject: Subject) -> None:
    """The core makes every picture anew at full size and asks for one part at a time."""
    pairs = seed_pairs(4, first_seed=77)
    sweeps = {
        Method.SIMULTANEOUS: (0.5, 1.5),
        Method.SEQUENTIAL: (40.0, 300.0),
        Method.GLOBAL: (0.3, 0.7),
    }
    found = study(subject, dict.fromkeys(PARTS, sweeps), pairs, SIDE)
    for part in PARTS:
        expected = LocalityStudy(subject.generator, subject.catalog).run(
            part, pairs, sweeps=sweeps, settings=QuerySettings(floor=0.05)
        )
        changes = found[part]
        usable = changes.usable(1)
        assert len(usable) == expected.pairs
        sums = changes.edited[usable, :, 1].sum(axis=0) / changes.full[usable, 1].sum(axis=0)
        points = [point for curve in expected.curves for point in curve.points]
        assert [t.parameter for t in changes.trials] == [p.parameter for p in points]
        wanted = np.array([(point.in_mse, point.out_mse) for point in points])
        assert sums == pytest.approx(wanted, rel=1e-3, abs=1e-6)


def test_the_true_mask_is_the_renderers(subject: Subject) -> None:
    pairs = seed_pairs(1)
    found = study(subject, {"left": {Method.GLOBAL: (1.0,)}}, pairs, SIDE)["left"]
    assert found.share[0, 0] == 0.5
    # Taking over everything is the full change, inside and outside alike.
    assert found.edited[0, 0, 0] == pytest.approx(found.full[0, 0], rel=1e-3)


def test_a_pilot_takes_the_first_pairs_that_show_a_part_clearly(subject: Subject) -> None:
    """A world whose left half is there for every other target alone."""

    def render(z: Tensor, size: int) -> tuple[Tensor, Tensor]:
        picture, parts = halves(z, size)
        there = torch.tensor([bool((one == z_of[::2]).all(dim=1).any()) for one in z])
        return picture, torch.where(there[:, None, None], parts, torch.ones_like(parts))

    pairs = seed_pairs(6)
    z_of = latents(Z_DIM, [target for target, _ in pairs])
    rare = replace(subject, world=replace(WORLD, render=render))
    sweep = {"left": {Method.GLOBAL: (0.5,)}}
    found = study(rare, sweep, pairs, SIDE, clear=2)["left"]
    assert found.usable(0).tolist() == [0, 2]
    assert study(rare, sweep, pairs, SIDE)["left"].usable(0).tolist() == [0, 2, 4]


def test_tuning_measures_the_union_of_both_masks(subject: Subject) -> None:
    """With all the budget and no floor, a transfer is the reference itself: all changes fully."""
    found = try_settings(subject, ["left"], seed_pairs(3), SIDE, grid=((512.0, 0.0), (0.0, 0.9)))
    everything, nothing = found["left"]
    assert (everything.in_mse, everything.out_mse) == pytest.approx((1.0, 1.0), abs=0.02)
    assert (nothing.in_mse, nothing.out_mse) == (0.0, 0.0)


def test_every_part_gets_one_of_the_floors(subject: Subject) -> None:
    floors = choose_floors(subject, PARTS, SIDE, pairs=2)
    assert list(floors) == list(PARTS)
    assert set(floors.values()) <= set(FLOORS)


def test_every_part_gets_a_walk_that_leaks_no_more_than_all_layers_do(subject: Subject) -> None:
    chosen = choose_walks(subject, PARTS, SIDE, pairs=2)
    assert list(chosen) == list(PARTS)
    assert {walk.settings.floor for walk in chosen.values()} <= set(tuning.FLOORS)
    # The same once more by hand, for what was chosen and for all layers with each floor.
    pool = seed_pairs(8, first_seed=PILOT_SEED)
    simultaneous = PILOT[Method.SIMULTANEOUS][::2]
    for name in PARTS:
        scores = []
        for walk in (chosen[name], *(Walk(QuerySettings(floor=floor)) for floor in FLOORS)):
            tried = (*PILOT[Method.SEQUENTIAL][::2], EPSILON_MAX)
            if walk.by == "strength":
                tried = (*STRENGTHS[:-1:2], 1.0)
            sweep = {Method.SIMULTANEOUS: simultaneous, Method.SEQUENTIAL: tried}
            found = study(subject, {name: sweep}, pool, SIDE, walks={name: walk}, clear=2)[name]
            scores.append(score(found, found))
        assert scores[0] <= ALIKE * min(scores[1:])


def test_by_strength_all_channels_above_the_floor_move_by_that_share(subject: Subject) -> None:
    contribution = subject.catalog.contribution("left")
    trial = Trial(Method.SEQUENTIAL, 0.3)
    walk = Walk(QuerySettings(floor=0.2), by="strength")
    query = query_of(subject, PartRanking.of(contribution), trial, walk)
    for layer, shares in query.items():
        assert shares == pytest.approx(np.where(contribution[layer] > 0.2, 0.3, 0.0))


def test_equal_queries_are_made_once(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Pair.of(subject, (3, 4), SIDE)
    made: list[int] = []
    plain = pair.generator.synthesize

    def counted(styles: dict[str, Tensor], **options: Any) -> Any:
        made.append(len(next(iter(styles.values()))))
        return plain(styles, **options)

    monkeypatch.setattr(pair.generator, "synthesize", counted)
    layers = subject.generator.layers
    half, full, again = (
        {layer.name: np.full(layer.channels, v) for layer in layers} for v in (0.5, 1.0, 0.5)
    )
    errors = pair.errors([half, full, again])
    assert sum(made) == 2
    assert (errors[0] == errors[2]).all()
    assert errors[1] == pytest.approx(pair.full, rel=1e-3, abs=1e-7)
    assert pair.errors([]).shape == (0, SIDE * SIDE)


def test_changes_are_edited_pictures_less_the_target(subject: Subject) -> None:
    pair = Pair.of(subject, (3, 4), SIDE)
    full, none = (
        {layer.name: np.full(layer.channels, v) for layer in subject.generator.layers}
        for v in (1.0, 0.0)
    )
    target, reference = made_pictures(subject.generator, latents(Z_DIM, (3, 4)))
    moved, stayed, again = pair.changes([full, none, full])
    assert moved == pytest.approx((reference - target).numpy(), abs=1e-5)
    assert stayed == pytest.approx(0.0, abs=1e-5)
    assert (again == moved).all()


def test_areas_add_up(subject: Subject) -> None:
    tables = count_areas(subject, 6, size=SIDE, first_seed=5)
    pixels = 6 * SIDE * SIDE
    for table in (tables.clusters, tables.parts):
        assert table.sum(axis=0).tolist() == [pixels / 2, pixels / 2]
    # At the clusters' own size a part is the sum of its clusters.
    assert tables.of_parts(subject.catalog).parts.tolist() == tables.parts.tolist()


def test_truncated_catalogs_have_no_true_maps(subject: Subject) -> None:
    truncated = replace(subject, catalog=replace(subject.catalog, psi=0.7))
    with pytest.raises(LocalEditError, match="truncated"):
        count_areas(truncated, 2, size=SIDE, first_seed=5)


def test_latents_are_those_of_the_seeds(generator: StyleGAN2) -> None:
    one, two = latents(Z_DIM, (11, 12)), latents(Z_DIM, (12,))
    assert one.shape == (2, Z_DIM)
    assert torch.equal(one[1], two[0])


def cell_of(sheet: sheets.Sheet, row: int, column: int) -> sheets.Sheet:
    return sheet[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]


def test_draws_are_the_seeds_pictures_in_reading_order(generator: StyleGAN2) -> None:
    sheet = sheets.random_sheet(generator, 0.7, SIDE, columns=3, rows=2)
    assert sheet.shape == (2 * SIDE, 3 * SIDE, 3)
    styles = styles_of_seed(generator, sheets.FIRST_DRAWN_SEED + 4, 0.7)
    assert (cell_of(sheet, 1, 1) == to_picture(generator.synthesize(styles).image)).all()


def test_mixing_with_all_layers_of_one_side_is_that_side(generator: StyleGAN2) -> None:
    own = sheets.mixing_sheet(generator, SIDE, 2, crossover=2 * SIDE)
    other = sheets.mixing_sheet(generator, SIDE, 2, crossover=0)
    for row, column in ((1, 1), (1, 2), (2, 1), (2, 2)):
        assert (cell_of(own, row, column) == cell_of(own, row, 0)).all()
        assert (cell_of(other, row, column) == cell_of(other, 0, column)).all()
    between = sheets.mixing_sheet(generator, SIDE, 2, crossover=8)
    assert not (cell_of(between, 1, 1) == cell_of(own, 1, 0)).all()


def test_a_walk_begins_and_ends_at_its_seeds(generator: StyleGAN2) -> None:
    sheet = sheets.walk_sheet(generator, SIDE, columns=5, rows=1)
    for column, seed in ((0, sheets.FIRST_DRAWN_SEED), (4, sheets.FIRST_DRAWN_SEED + 1)):
        wanted = to_picture(generator.synthesize(styles_of_seed(generator, seed, 1.0)).image)
        difference = cell_of(sheet, 0, column).astype(int) - wanted
        assert np.abs(difference).max() <= 1


def test_other_sheets_have_a_row_per_part_or_cluster(subject: Subject, tmp_path: Path) -> None:
    generator, catalog = subject.generator, subject.catalog
    transfers = sheets.transfer_sheet(generator, catalog, 1, (2, 3), SIDE)
    width = sheets.MARGIN + 3 * SIDE
    assert transfers.shape == (3 * SIDE, width, 3)
    assert sheets.membership_sheet(generator, catalog, SIDE, 3).shape == (4 * SIDE, width, 3)
    assert sheets.part_sheet(generator, catalog, SIDE, 4).shape == (2 * SIDE, 4 * SIDE, 3)
    fidelity = sheets.fidelity_sheet(WORLD, generator, SIDE, 2, 1)
    assert (fidelity[:SIDE] == 128).all()  # the renderer's grey above the generator's own
    sheets.save_png(tmp_path / "made" / "sheet.png", fidelity)
    assert (tmp_path / "made" / "sheet.png").read_bytes().startswith(b"\x89PNG")
