"""Queries against a linear-programme solver, the formulas, and the authors' loop written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.edit import EpsilonUnit, LayerBands, Method, QuerySettings
from localedit_core.editing.query import PartRanking, budget, rank_parts, solve
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import LayerInfo

Values = NDArray[np.float64]

BLENDING = (Method.FEATURE_BLENDING, Method.POISSON_BLENDING)
BY_RANKING = [m for m in Method if m not in (*BLENDING, Method.PER_IMAGE)]


def _layer(channels: int, resolution: int = 32, kind: Any = "conv") -> LayerInfo:
    return LayerInfo("layer", 2 * resolution, resolution, channels, kind, 0)


def _query(m: Values, **options: Any) -> Values:
    """The query of one layer, its budget absolute."""
    chosen = QuerySettings(**({"unit": EpsilonUnit.ABSOLUTE} | options))
    return solve(PartRanking.of({"layer": m}), chosen, [_layer(len(m))])["layer"]


def _by_solver(m: Values, epsilon: float, floor: float) -> float:
    """The optimum of Eq. 5, floor below 1."""
    rho = floor / (1.0 - floor)
    solution = linprog(
        -(m - rho * (1.0 - m)),
        A_ub=(1.0 - m)[None],
        b_ub=[epsilon],
        bounds=(0.0, 1.0),
        method="highs",
        # HiGHS allows a constraint to be missed by 1e-7 unless told otherwise.
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert solution.status == 0
    return float(-solution.fun)


# Tenths make ties and the ends 0 and 1 likely; the others are anything.
_SHARES = st.one_of(
    st.integers(0, 10).map(lambda tenths: tenths / 10), st.floats(0.0, 1.0, width=32)
)


class TestSequentialAgainstASolver:
    @settings(max_examples=200, deadline=None)
    @given(
        m=st.lists(_SHARES, min_size=1, max_size=40),
        epsilon=st.one_of(st.just(0.0), st.floats(0.0, 45.0), st.floats(0.0, 3.0)),
        floor=st.one_of(st.just(0.0), st.floats(0.0, 0.95), st.just(0.1)),
    )
    @example(m=[0.5, 0.5, 0.5], epsilon=0.75, floor=0.1)
    @example(m=[0.0, 1.0, 1.0], epsilon=0.0, floor=0.0)
    @example(m=[0.0, 0.0], epsilon=512.0, floor=0.0)
    @example(m=[1.0, 0.9, 0.3, 0.1], epsilon=0.45, floor=0.3)
    def test_is_the_optimum(self, m: list[float], epsilon: float, floor: float) -> None:
        values = np.array(m)
        q = _query(values, epsilon=epsilon, floor=floor)
        assert ((q >= 0.0) & (q <= 1.0)).all()
        assert q @ (1.0 - values) <= epsilon + 1e-9
        rho = floor / (1.0 - floor)
        assert q @ (values - rho * (1.0 - values)) == pytest.approx(
            _by_solver(values, epsilon, floor), abs=1e-6 * (1.0 + rho)
        )
        assert (q[values <= floor] == 0.0).all()
        assert np.count_nonzero((q > 0.0) & (q < 1.0)) <= 1

    def test_a_floor_of_1_moves_nothing(self) -> None:
        assert not _query(np.array([0.3, 0.999, 1.0]), epsilon=512.0, floor=1.0).any()

    def test_by_hand(self) -> None:
        m = np.array([0.2, 0.9, 0.5, 0.8])
        # Costs .1, .2, .5 by falling M: 0.55 takes two channels and half of the third.
        np.testing.assert_allclose(_query(m, epsilon=0.55, floor=0.1), [0.0, 1.0, 0.5, 1.0])
        np.testing.assert_allclose(_query(m, epsilon=0.55, floor=0.5), [0.0, 1.0, 0.0, 1.0])
        np.testing.assert_allclose(_query(m, epsilon=9.0, floor=0.0), [1.0, 1.0, 1.0, 1.0])

    def test_whole_inside_channels_are_free(self) -> None:
        np.testing.assert_array_equal(_query(np.array([1.0, 0.99]), epsilon=0.0), [1.0, 0.0])

    def test_moves_continuously_and_never_back_as_the_budget_grows(self) -> None:
        m = np.random.default_rng(0).uniform(0, 1, 64)
        before = _query(m, epsilon=0.0)
        for epsilon in np.arange(0.01, 40.0, 0.01):
            after = _query(m, epsilon=epsilon)
            assert (after >= before).all()
            assert (after - before) @ (1.0 - m) <= 0.01 + 1e-9
            before = after


class TestAuthors:
    @settings(max_examples=200, deadline=None)
    @given(
        m=st.lists(_SHARES, min_size=1, max_size=30),
        epsilon=st.one_of(st.integers(0, 50).map(lambda n: n / 10), st.floats(0.0, 30.0)),
        floor=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    )
    def test_equals_their_loop(self, m: list[float], epsilon: float, floor: float) -> None:
        values = np.array(m)
        expected = np.zeros(len(m))
        spent = 0.0
        for channel in sorted(range(len(m)), key=lambda index: -m[index]):
            spent += 1.0 - m[channel]
            if not spent < epsilon:
                break
            expected[channel] = 1.0
        expected[values <= floor] = 0.0
        q = _query(values, method=Method.AUTHORS, epsilon=epsilon, floor=floor)
        np.testing.assert_array_equal(q, expected)

    def test_a_budget_that_fits_exactly_is_not_enough(self) -> None:
        m = np.array([0.5, 0.25])
        assert _query(m, method=Method.AUTHORS, epsilon=1.25).tolist() == [1.0, 0.0]
        assert _query(m, epsilon=1.25).tolist() == [1.0, 1.0]


class TestSimultaneousAndGlobal:
    m = np.array([0.0, 0.05, 0.3, 0.8, 1.0])

    @pytest.mark.parametrize("lam", [0.0, 0.4, 1.0, 2.0, 100.0])
    def test_formulas(self, lam: float) -> None:
        q = _query(self.m, method=Method.SIMULTANEOUS, lam=lam, floor=0.5)
        np.testing.assert_allclose(q, [min(1.0, lam * m) for m in self.m])
        q = _query(self.m, method=Method.GLOBAL, lam=lam, floor=0.5)
        np.testing.assert_allclose(q, [min(1.0, lam)] * 5)


class TestLayers:
    m = np.linspace(0.0, 0.95, 128)

    def test_epsilon_counts_channels_per_512(self) -> None:
        layer = _layer(128)
        chosen = QuerySettings(epsilon=40.0)
        assert budget(chosen, layer) == pytest.approx(10.0)
        assert budget(chosen, _layer(512)) == pytest.approx(40.0)
        absolute = QuerySettings(epsilon=10.0, unit=EpsilonUnit.ABSOLUTE)
        assert budget(absolute, layer) == pytest.approx(10.0)
        ranking = PartRanking.of({"layer": self.m})
        per_512 = solve(ranking, chosen, [layer])["layer"]
        assert per_512 @ (1.0 - self.m) == pytest.approx(10.0)
        np.testing.assert_allclose(per_512, solve(ranking, absolute, [layer])["layer"])

    @pytest.mark.parametrize(
        ("resolution", "scale"),
        [(4, 0.1), (8, 0.1), (16, 0.5), (32, 0.5), (64, 0.9), (1024, 0.9)],
    )
    def test_bands_go_by_the_resolution_that_the_style_scales(
        self, resolution: int, scale: float
    ) -> None:
        bands = LayerBands(coarse=0.1, middle=0.5, fine=0.9)
        layers = [_layer(128, resolution)]
        ranking = PartRanking.of({"layer": self.m})
        for method in BY_RANKING:
            scaled = QuerySettings(method=method, epsilon=20.0, lam=0.6, bands=bands)
            plain = QuerySettings(method=method, epsilon=20.0 * scale, lam=0.6 * scale)
            q = solve(ranking, scaled, layers)["layer"]
            np.testing.assert_allclose(q, solve(ranking, plain, layers)["layer"], atol=1e-12)
            assert q.any()

    def test_a_closed_band_moves_nothing_not_even_what_is_free(self) -> None:
        ranking = PartRanking.of({"layer": np.array([1.0, 0.5])})
        chosen = QuerySettings(epsilon=512.0, bands=LayerBands(coarse=0.0))
        assert not solve(ranking, chosen, [_layer(2, 8)])["layer"].any()
        assert solve(ranking, chosen, [_layer(2, 16)])["layer"].any()

    @pytest.mark.parametrize("method", BY_RANKING)
    def test_colour_layers_can_be_left_alone(self, method: Method) -> None:
        layers = [
            LayerInfo("b8.conv1", 8, 8, 128, "conv", 0),
            LayerInfo("b8.torgb", 8, 8, 128, "torgb", 1),
        ]
        ranking = PartRanking.of({"b8.conv1": self.m, "b8.torgb": self.m})
        q = solve(ranking, QuerySettings(method=method, colour_layers=False), layers)
        assert q["b8.conv1"].any()
        assert not q["b8.torgb"].any()
        q = solve(ranking, QuerySettings(method=method), layers)
        np.testing.assert_array_equal(q["b8.conv1"], q["b8.torgb"])

    def test_m_of_another_generator_is_refused(self) -> None:
        ranking = PartRanking.of({"layer": self.m})
        with pytest.raises(LocalEditError, match="127 channels of layer"):
            solve(ranking, QuerySettings(), [_layer(127)])
        with pytest.raises(LocalEditError, match="channels of b4"):
            solve(ranking, QuerySettings(), [LayerInfo("b4", 4, 4, 128, "conv", 0)])


def test_a_catalogs_parts_are_ranked_once_for_all(tiny_catalog: Catalog) -> None:
    rankings = rank_parts(tiny_catalog)
    assert list(rankings) == ["eyes", "mouth", "hair"]
    for name, ranking in rankings.items():
        m = tiny_catalog.contribution(name)
        assert ranking.layers.keys() == m.keys()
        for layer, ranked in ranking.layers.items():
            np.testing.assert_array_equal(ranked.relevance, np.sort(m[layer])[::-1])
            np.testing.assert_array_equal(m[layer][ranked.order], ranked.relevance)


def test_contributions_may_be_handed_over_unranked(tiny_catalog: Catalog) -> None:
    m = tiny_catalog.contribution("mouth")
    layers = [_layer(16)]
    table = {"layer": m["b4.conv1"]}
    one = solve(table, QuerySettings(), layers)["layer"]
    np.testing.assert_array_equal(
        one, solve(PartRanking.of(table), QuerySettings(), layers)["layer"]
    )
