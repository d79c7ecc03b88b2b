"""The locality study against closed forms and a second way of computing it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.checkpoints.native import Model
from localedit_core.editing.difference import squared_error
from localedit_core.editing.edit import Edit, LayerBands, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.query import solve
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.curves import DEFAULT_SWEEPS, Curve, CurvePoint
from localedit_core.evaluation.locality import LocalityStudy
from localedit_core.evaluation.pairs import seed_pairs
from localedit_core.generators.base import Styles
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent, sample_z

PAIRS = ((21, 22), (23, 24), (25, 26))


@pytest.fixture(name="study")
def _study(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> LocalityStudy:
    return LocalityStudy(tiny_generator, tiny_catalog)


class TestCurves:
    curve = Curve(
        Method.GLOBAL,
        (CurvePoint(0.0, 0.0, 0.0), CurvePoint(1.0, 0.4, 0.1), CurvePoint(2.0, 0.8, 0.5)),
    )

    @pytest.mark.parametrize(
        ("inside", "outside"),
        [(0.0, 0.0), (0.1, 0.025), (0.4, 0.1), (0.5, 0.2), (0.7, 0.4), (0.8, 0.5)],
    )
    def test_straight_between_points(self, inside: float, outside: float) -> None:
        assert self.curve.out_at(inside) == pytest.approx(outside)

    @pytest.mark.parametrize("inside", [-0.1, 0.81, 1.0])
    def test_never_extrapolates(self, inside: float) -> None:
        assert self.curve.out_at(inside) is None

    def test_first_crossing_counts_where_a_curve_turns_back(self) -> None:
        points = (CurvePoint(1, 0.2, 0.1), CurvePoint(2, 0.6, 0.2), CurvePoint(3, 0.2, 0.9))
        curve = Curve(Method.SEQUENTIAL, points)
        assert curve.out_at(0.4) == pytest.approx(0.15)
        assert curve.out_at(0.1) is None

    def test_a_level_stretch_gives_its_first_point(self) -> None:
        points = (CurvePoint(1, 0.2, 0.1), CurvePoint(2, 0.2, 0.3), CurvePoint(3, 0.4, 0.5))
        assert Curve(Method.SEQUENTIAL, points).out_at(0.2) == 0.1

    def test_a_single_point(self) -> None:
        curve = Curve(Method.GLOBAL, (CurvePoint(0.5, 0.3, 0.2),))
        assert curve.out_at(0.3) == 0.2
        assert curve.out_at(0.2) is None

    @pytest.mark.parametrize("parameters", [(), (1.0, 1.0), (2.0, 1.0)])
    def test_parameters_must_grow(self, parameters: tuple[float, ...]) -> None:
        with pytest.raises(LocalEditError, match="grows"):
            Curve(Method.GLOBAL, tuple(CurvePoint(p, p, p) for p in parameters))


def test_ends_of_the_sweeps_are_known_exactly(study: LocalityStudy) -> None:
    sweeps = {
        Method.GLOBAL: (0.0, 1.0),
        Method.SIMULTANEOUS: (0.0,),
        Method.SEQUENTIAL: (0.0,),
        Method.AUTHORS: (0.0,),
    }
    result = study.run("mouth", PAIRS, sweeps=sweeps)
    first, last = result.curve(Method.GLOBAL).points
    assert (first.in_mse, first.out_mse) == (0.0, 0.0)
    assert (last.in_mse, last.out_mse) == (1.0, 1.0)
    for method in (Method.SIMULTANEOUS, Method.SEQUENTIAL, Method.AUTHORS):
        (point,) = result.curve(method).points
        assert (point.in_mse, point.out_mse) == (0.0, 0.0)
    assert (result.part, result.pairs, result.skipped, result.psi) == ("mouth", 3, 0, 0.7)


def _picture(generator: StyleGAN2, styles: Styles) -> NDArray[np.uint8]:
    image = generator.synthesize(styles).image[0].permute(1, 2, 0).numpy()
    return np.clip(image * 127.5 + 128.0, 0, 255).astype(np.uint8)


def test_equals_a_second_computation(
    study: LocalityStudy, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    settings = QuerySettings(
        method=Method.SIMULTANEOUS, lam=1.5, bands=LayerBands(coarse=0.5), colour_layers=False
    )
    common = replace(settings, lam=9.0)
    sweeps = {Method.SIMULTANEOUS: (1.5, 0.5)}
    result = study.run("mouth", PAIRS, sweeps=sweeps, settings=common, psi=0.5)
    query = solve(tiny_catalog.contribution("mouth"), settings, tiny_generator.layers)
    sums = np.zeros((2, 2))  # [edited or full, inside or outside]
    for seeds in PAIRS:
        target, reference = (
            tiny_generator.styles(
                tiny_generator.broadcast(
                    tiny_generator.mapping(torch.from_numpy(sample_z(seed, 16))), 0.5
                )
            )
            for seed in seeds
        )
        edited = {
            name: (target[name] + torch.from_numpy(q) * (reference[name] - target[name])).float()
            for name, q in query.items()
        }
        made = tiny_generator.synthesize(target, record=["b16.torgb"])
        labels = tiny_catalog.membership(made.activations["b16.torgb"])[0]
        inside = tiny_catalog.part_map(labels, 32) == 1
        original = _picture(tiny_generator, target)
        for row, styles in enumerate((edited, reference)):
            error = squared_error(original, _picture(tiny_generator, styles))
            sums[row] += error[inside].sum() / inside.sum(), error[~inside].sum() / (~inside).sum()
    # A pixel or two may round the other way between the two.
    point = result.curve(Method.SIMULTANEOUS).points[1]
    assert point.parameter == 1.5
    assert point.in_mse == pytest.approx(sums[0, 0] / sums[1, 0], rel=1e-3)
    assert point.out_mse == pytest.approx(sums[0, 1] / sums[1, 1], rel=1e-3)
    assert result.full_in_mse == pytest.approx(sums[1, 0] / 3, rel=1e-3)
    assert result.full_out_mse == pytest.approx(sums[1, 1] / 3, rel=1e-3)


def test_guards_and_methods_without_a_query_are_measured_alike(
    study: LocalityStudy, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    blending = (Method.FEATURE_BLENDING, Method.POISSON_BLENDING)
    sweeps = dict.fromkeys((Method.PER_IMAGE, *blending), (1.0,))
    result = study.run("mouth", PAIRS[:1], sweeps=sweeps, guards=(0.0, 0.75))
    keys = [(curve.method, curve.guard) for curve in result.curves]
    # Blending has its own place, and no guard.
    assert keys == [
        (Method.PER_IMAGE, 0.0),
        (Method.PER_IMAGE, 0.75),
        (Method.FEATURE_BLENDING, 0.0),
        (Method.POISSON_BLENDING, 0.0),
    ]
    pipeline = Pipeline(Model(tiny_generator, "x", "stylegan2"), tiny_catalog)
    target, reference = (Latent(seed, tiny_catalog.psi) for seed in PAIRS[0])
    original = pipeline.view(target).image
    inside = pipeline.roi(pipeline.view(target), "mouth")
    full = squared_error(original, pipeline.view(reference).image)
    for method, guard in keys:
        settings = QuerySettings(method=method, guard=guard, floor=0.05)
        edit = Edit("a", "mouth", reference, settings)
        *_, last = pipeline.run(RenderRequest(1, 1, target, (edit,)))
        error = squared_error(original, last.image)
        (point,) = result.curve(method, guard).points
        assert point.in_mse == pytest.approx(error[inside].mean() / full[inside].mean(), rel=1e-4)
        assert point.out_mse == pytest.approx(
            error[~inside].mean() / full[~inside].mean(), rel=1e-4
        )


def test_json_holds_it_all(study: LocalityStudy) -> None:
    sweeps = {Method.GLOBAL: (0.0, 0.5, 1.0), Method.SEQUENTIAL: (10.0,)}
    result = study.run("mouth", PAIRS[:1], sweeps=sweeps)
    told = json.loads(result.to_json())
    assert told["part"] == "mouth"
    assert told["settings"]["floor"] == 0.05  # the part's own
    assert [curve["method"] for curve in told["curves"]] == ["global", "sequential"]
    assert [point["parameter"] for point in told["curves"][0]["points"]] == [0.0, 0.5, 1.0]
    assert told["curves"][0]["points"][2]["in_mse"] == 1.0
    matched = result.matched(1.0)
    assert matched[Method.GLOBAL] == 1.0
    assert matched[Method.SEQUENTIAL] is None


def test_methods_can_be_compared_up_to_the_lowest_reach(study: LocalityStudy) -> None:
    sweeps = {Method.GLOBAL: (0.0, 1.0), Method.SEQUENTIAL: (0.0, 10.0, 100.0)}
    result = study.run("mouth", PAIRS[:1], sweeps=sweeps)
    highest = max(point.in_mse for point in result.curve(Method.SEQUENTIAL).points)
    assert 0.0 < highest < 1.0
    assert result.reach == highest
    assert None not in result.matched(result.reach).values()


def test_progress_counts_every_picture(study: LocalityStudy) -> None:
    seen: list[tuple[int, int]] = []
    study.run(
        "mouth",
        PAIRS[:2],
        sweeps={Method.GLOBAL: (0.5, 1.0)},
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(n, 8) for n in range(1, 9)]


def test_stops_when_asked(study: LocalityStudy) -> None:
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 30

    with pytest.raises(RenderCancelled):
        study.run("hair", PAIRS, cancelled=cancelled)
    assert len(asked) == 31


def test_pairs_without_the_part_are_left_out_and_counted(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    # A part of all clusters covers every picture: there is no outside to measure.
    everything = tiny_catalog.with_parts([Part("all", (0, 1, 2, 3, 4))])
    with pytest.raises(LocalEditError, match="none of the 2 pairs"):
        LocalityStudy(tiny_generator, everything).run("all", PAIRS[:2])
    absent, present = [], []
    single = tiny_catalog.with_parts([Part("rare", (2,))])
    study = LocalityStudy(tiny_generator, single)
    for seed in range(40):
        styles = tiny_generator.styles(
            tiny_generator.broadcast(
                tiny_generator.mapping(torch.from_numpy(sample_z(seed, 16))), 0.7
            )
        )
        made = tiny_generator.synthesize(styles, record=["b16.torgb"])
        labels = single.membership(made.activations["b16.torgb"])[0]
        (present if (single.part_map(labels, 32) == 0).any() else absent).append(seed)
    assert absent
    assert present
    sweeps = {Method.GLOBAL: (0.5,)}
    alone = study.run("rare", [(present[0], 99)], sweeps=sweeps)
    both = study.run("rare", [(absent[0], 98), (present[0], 99)], sweeps=sweeps)
    assert (both.pairs, both.skipped) == (1, 1)
    assert both.curves == alone.curves
    assert both.full_in_mse == alone.full_in_mse


def test_target_and_reference_alike_cannot_be_measured(study: LocalityStudy) -> None:
    with pytest.raises(LocalEditError, match="none of the 1 pairs"):
        study.run("hair", [(21, 21)])


def test_refuses_what_does_not_fit(study: LocalityStudy, tiny_catalog: Catalog) -> None:
    with pytest.raises(LocalEditError, match="no part 'nose'"):
        study.run("nose", PAIRS)
    foreign = replace(tiny_catalog, generator_fingerprint="0" * 64)
    with pytest.raises(LocalEditError, match="another generator"):
        LocalityStudy(study.generator, foreign).run("hair", PAIRS)


def test_seed_pairs_never_use_a_seed_twice() -> None:
    pairs = seed_pairs(100)
    assert len({seed for pair in pairs for seed in pair}) == 200
    assert seed_pairs(2, 10) == ((10, 11), (12, 13))


def test_default_sweeps_start_at_no_change_and_are_valid() -> None:
    assert set(DEFAULT_SWEEPS) == {Method.SEQUENTIAL, Method.SIMULTANEOUS, Method.GLOBAL}
    for method, parameters in DEFAULT_SWEEPS.items():
        assert parameters[0] == 0.0
        assert list(parameters) == sorted(set(parameters))
        name = "epsilon" if method is Method.SEQUENTIAL else "lam"
        for parameter in parameters:
            QuerySettings(**{name: parameter})  # type: ignore[arg-type]


def test_guarded_pictures_are_compared_with_one_made_alike(study: LocalityStudy) -> None:
    """The guard works at the catalog's 16 px: at 8 px, nothing spent still changes nothing."""
    sweeps = {Method.SEQUENTIAL: (0.0, 300.0)}
    result = study.run("mouth", PAIRS[:1], sweeps=sweeps, guards=(1.0,), size=8)
    nothing, something = result.curve(Method.SEQUENTIAL, 1.0).points
    assert (nothing.in_mse, nothing.out_mse) == (0.0, 0.0)
    assert something.in_mse > 0.0
