"""Sweeps: the same clusters as one by one, cancelled and gone on with, in bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dense_networks as dense
import numpy as np
import pytest
import torch
from conftest import make_tiny_generator

from localedit_core.catalog import recording
from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.membership import rows_of
from localedit_core.catalog.recording import Recording, Rows, grouped, kept_rows
from localedit_core.catalog.sampling import picture_series, styles_of_seed
from localedit_core.catalog.spherical_kmeans import SphericalKMeans
from localedit_core.catalog.stability import stability
from localedit_core.catalog.sweep import Sweep, SweepCell, SweepPlan, run_sweep
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator, LayerInfo
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.stylegan2 import StyleGAN2

PLAN = SweepPlan(("b16.torgb", "b8.conv1"), (3, 5), n_samples=10, shown=3)


@pytest.fixture(scope="module")
def sweep(tiny_generator: StyleGAN2) -> Sweep:
    return run_sweep(tiny_generator, PLAN)


def _equal(one: Sweep, other: Sweep) -> bool:
    return len(one.cells) == len(other.cells) and all(
        np.array_equal(a.clustering.centroids, b.clustering.centroids)
        and np.array_equal(a.labels, b.labels)
        and a.stability == b.stability
        for a, b in zip(one.cells, other.cells, strict=True)
    )


def test_cells_come_layer_by_layer_and_each_is_what_a_build_of_its_own_finds(
    tiny_generator: StyleGAN2, sweep: Sweep
) -> None:
    assert sweep.complete
    assert sweep.recording is None
    settings = [(c.clustering.layer, c.clustering.n_clusters) for c in sweep.cells]
    assert settings == [(layer, k) for layer in PLAN.layers for k in PLAN.clusters]
    for cell in sweep.cells:
        layer, clusters = cell.clustering.layer, cell.clustering.n_clusters
        alone = build_catalog(tiny_generator, layer=layer, n_clusters=clusters, n_samples=10)
        for name in ("centroids", "mean", "std"):
            np.testing.assert_array_equal(getattr(cell.clustering, name), getattr(alone, name))
        assert cell.clustering.provenance == alone.provenance
        assert cell.stability is not None
        assert -1.0 <= cell.stability <= 1.0


def test_shows_the_first_pictures_and_their_clusters(
    tiny_generator: StyleGAN2, sweep: Sweep
) -> None:
    assert sweep.shown_seeds == (0, 1, 2)
    assert sweep.pictures.shape == (3, 32, 32, 3)
    cell = sweep.cell("b8.conv1", 5)
    assert cell is not None
    for index, seed in enumerate(sweep.shown_seeds):
        styles = styles_of_seed(tiny_generator, seed, PLAN.psi)
        with torch.no_grad():
            made = tiny_generator.synthesize(styles, record=("b8.conv1",))
        np.testing.assert_array_equal(sweep.pictures[index], to_picture(made.image))
        labels = cell.clustering.membership(made.activations["b8.conv1"])[0]
        np.testing.assert_array_equal(cell.labels[index], labels)


def test_shares_are_those_of_all_positions(tiny_generator: StyleGAN2) -> None:
    # With all pictures shown, their labels are all there is.
    plan = replace(PLAN, layers=("b16.torgb",), shown=10, stability=False)
    for cell in run_sweep(tiny_generator, plan).cells:
        counts = np.bincount(cell.labels.ravel(), minlength=cell.clustering.n_clusters)
        np.testing.assert_allclose(cell.shares, counts / counts.sum(), atol=1e-3)
        assert cell.stability is None


def test_progress_goes_up_to_the_end_and_cells_are_told_as_they_are_ready(
    tiny_generator: StyleGAN2, sweep: Sweep
) -> None:
    events: list[Any] = []
    again = run_sweep(
        tiny_generator,
        PLAN,
        progress=lambda done, total: events.append((done, total)),
        on_cell=events.append,
        on_pictures=lambda pictures: events.append(pictures),
    )
    assert _equal(again, sweep)
    steps = [event for event in events if isinstance(event, tuple)]
    assert steps == sorted(set(steps))
    assert steps[-1] == (1000, 1000)
    assert len(steps) > 20
    cells = [event for event in events if isinstance(event, SweepCell)]
    assert tuple(cells) == again.cells
    kinds = [type(event) for event in events]
    assert kinds.index(np.ndarray) < kinds.index(SweepCell)


def _after(asks: int) -> Callable[[], bool]:
    """Says yes from the given question on."""
    left = iter(range(asks))
    return lambda: next(left, None) is None


def test_cancelled_at_any_moment_it_keeps_what_is_done_and_goes_on(
    tiny_generator: StyleGAN2, sweep: Sweep
) -> None:
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    run_sweep(tiny_generator, PLAN, cancelled=count)
    seen = set()
    for asks in (0, 40, 80, *range(120, asked, asked // 5), asked - 1):
        try:
            partial = run_sweep(tiny_generator, PLAN, cancelled=_after(asks))
        except RenderCancelled:
            seen.add("nothing")
            continue
        assert not partial.complete
        assert all(cell in partial.cells for cell in partial.cells)
        recorded = partial.recording.done if partial.recording is not None else None
        seen.add(f"{len(partial.cells)} cells" if partial.cells else "pictures")
        pictures: list[int] = []
        done = run_sweep(
            tiny_generator,
            PLAN,
            resume=partial,
            progress=lambda step, _, told=pictures: told.append(step),
        )
        assert done.complete
        assert _equal(done, sweep)
        # What was there is there again, not made anew.
        assert done.cells[: len(partial.cells)] == partial.cells
        if recorded is not None and len(partial.cells) == 0:
            assert pictures[0] > 0
    assert {"nothing", "pictures", "1 cells", "3 cells"} <= seen


def test_resuming_makes_no_picture_twice(
    tiny_generator: StyleGAN2, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    plan = replace(PLAN, stability=False)
    partial = run_sweep(
        tiny_generator, plan, cancelled=lambda: len(made) > 6, progress=lambda *_: made.append(0)
    )
    assert partial.recording is not None
    recorded = partial.recording.done
    assert 0 < recorded < 10
    drawn: list[int] = []
    real = styles_of_seed

    def spy(generator: Generator, seed: int, *rest: Any) -> Any:
        drawn.append(seed)
        return real(generator, seed, *rest)

    monkeypatch.setattr("localedit_core.catalog.sampling.styles_of_seed", spy)
    run_sweep(tiny_generator, plan, resume=partial)
    cells = 4
    assert drawn[: 10 - recorded] == list(range(recorded, 10))
    assert drawn[10 - recorded :] == [0, 1, 2] * cells  # labels of the pictures shown


def test_another_sweep_is_not_gone_on_with(tiny_generator: StyleGAN2, sweep: Sweep) -> None:
    assert run_sweep(tiny_generator, PLAN, resume=sweep) is sweep
    with pytest.raises(LocalEditError, match="another one"):
        run_sweep(tiny_generator, replace(PLAN, psi=0.5), resume=sweep)
    with pytest.raises(LocalEditError, match="another one"):
        run_sweep(make_tiny_generator(7), PLAN, resume=sweep)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": ()}, "needs a layer"),
        ({"clusters": ()}, "number of clusters"),
        ({"layers": ("b64.conv1",)}, "no layer 'b64.conv1'"),
        ({"layers": ("b8.conv1", "b8.conv1")}, "twice"),
        ({"clusters": (1,)}, "One cluster"),
        ({"clusters": (3, 256)}, "256 clusters"),
        ({"layers": ("b4.conv1",), "clusters": (20,), "n_samples": 1}, r"positions \(16\) than 20"),
        ({"n_samples": 0}, "0 pictures"),
        ({"psi": float("inf")}, "Truncation"),
        ({"random_state": -1}, "random state"),
        ({"shown": 0}, "cannot be shown"),
        ({"class_index": 2}, "class"),
    ],
)
def test_plans_that_make_no_sense_are_refused(
    tiny_generator: StyleGAN2, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(LocalEditError, match=message):
        run_sweep(tiny_generator, replace(PLAN, **change))


def test_a_layer_that_never_changes_spoils_no_other_cell(tiny_generator: StyleGAN2) -> None:
    # Without noise the first layer's input is the same constant in every picture: 16 positions.
    found = run_sweep(
        tiny_generator, replace(PLAN, layers=("b4.conv1", "b8.conv1"), clusters=(3, 17))
    )
    assert found.complete
    assert len(found.cells) == 3
    (problem,) = found.problems
    assert (problem.layer, problem.clusters) == ("b4.conv1", 17)
    assert "fewer than 17 clusters" in problem.message
    with pytest.raises(LocalEditError, match="fewer than 17"):
        run_sweep(tiny_generator, replace(PLAN, layers=("b4.conv1",), clusters=(17,)))


def test_activations_that_are_no_numbers_are_told() -> None:
    generator = make_tiny_generator()
    generator.get_submodule("synthesis.b8.conv1").bias.data[2] = float("nan")
    with pytest.raises(LocalEditError, match=r"b16\.torgb hold values .*seed 0"):
        run_sweep(generator, PLAN)
    # Layers below are sound; M of those above is not.
    with pytest.raises(LocalEditError, match="not finite"):
        build_catalog(generator, layer="b8.conv1", n_clusters=3, n_samples=2)


@pytest.mark.parametrize("family", ["stylegan", "progan"])
def test_other_families(family: str) -> None:
    if family == "progan":
        network = dense.random_progan((8, 6, 6, 4))
        generator: Generator = build_progan(network.arguments, network.variables)
    else:
        network = dense.random_stylegan((8, 6, 6, 4))
        generator = build_stylegan(network.arguments, network.variables)
    layers = tuple(layer.name for layer in generator.layers[2:4])
    found = run_sweep(generator, SweepPlan(layers, (3,), n_samples=6, shown=2))
    assert [cell.clustering.layer for cell in found.cells] == list(layers)
    assert found.pictures.shape == (2, generator.resolution, generator.resolution, 3)


class TestMemory:
    @pytest.fixture
    def little(self, monkeypatch: pytest.MonkeyPatch) -> int:
        """Room for 2,000 rows of the tiny generator's b16.torgb, which has 256 a picture."""
        monkeypatch.setattr(recording, "MAX_VALUES", 2000 * 12)
        return 2000

    def test_what_fits_is_kept_in_full(self) -> None:
        # The size in the issue: 200 pictures of 32 x 32 positions and 512 channels.
        layer = LayerInfo("b32.conv1", 32, 32, 512, "conv", 0)
        assert kept_rows(layer, 200) == 200 * 32 * 32
        assert kept_rows(layer, 10_000) * 512 <= recording.MAX_VALUES == 2**27
        assert [len(group) for group in grouped([layer] * 5, 200)] == [2, 2, 1]

    def test_a_sample_is_the_same_number_of_every_picture(
        self, tiny_generator: StyleGAN2, little: int
    ) -> None:
        (info,) = [x for x in tiny_generator.layers if x.name == "b16.torgb"]
        kept = Recording([info], picture_series(tiny_generator, 20, 0.7, 0))
        kept.go_on(tiny_generator)
        rows = kept.rows["b16.torgb"]
        assert rows.values.shape == (little, 12)
        for index in range(20):
            styles = styles_of_seed(tiny_generator, index, 0.7)
            with torch.no_grad():
                made = tiny_generator.synthesize(styles, record=(info.name,))
            every = rows_of(made.activations[info.name])
            start, end = rows.bounds(index)
            assert end - start == 100
            found = [np.flatnonzero((every == row).all(axis=1)) for row in rows.values[start:end]]
            assert len({int(where[0]) for where in found}) == 100  # each its own position

    def test_clusters_of_a_sample_are_as_good(
        self, tiny_generator: StyleGAN2, little: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan = SweepPlan(("b16.torgb",), (5,), n_samples=40, stability=False)
        sampled = run_sweep(tiny_generator, plan).cells[0]
        monkeypatch.setattr(recording, "MAX_VALUES", 2**27)
        full = run_sweep(tiny_generator, plan).cells[0]
        assert sampled.mean_cosine == pytest.approx(full.mean_cosine, abs=0.02)
        np.testing.assert_allclose(sampled.clustering.mean, full.clustering.mean, atol=0.1)

    def test_does_not_grow_with_the_number_of_pictures(
        self, tiny_generator: StyleGAN2, little: int
    ) -> None:
        peaks = []
        for samples in (10, 120):  # both more than there is room for
            plan = SweepPlan(("b16.torgb",), (4,), n_samples=samples, shown=2, stability=False)
            tracemalloc.start()
            try:
                run_sweep(tiny_generator, plan)
                peaks.append(tracemalloc.get_traced_memory()[1])
            finally:
                tracemalloc.stop()
        assert peaks[1] < 1.1 * peaks[0]


class TestStability:
    @staticmethod
    def _rows(spread: float) -> Rows:
        """Ten pictures of 8 x 8 positions around 4 directions."""
        rng = np.random.default_rng(0)
        rows = Rows(LayerInfo("x", 8, 8, 6, "conv", 0), 10, 0)
        labels = rng.integers(0, 4, 640)
        values = np.eye(4, 6)[labels] * 3.0 + spread * rng.standard_normal((640, 6))
        rows.values[:] = values
        return rows

    def test_is_1_where_there_are_that_many_clusters_and_low_where_there_are_none(self) -> None:
        assert stability(self._rows(0.1), 4, random_state=0) == pytest.approx(1.0)
        apart = stability(self._rows(0.1), 7, random_state=0)
        noise = stability(self._rows(30.0), 4, random_state=0)
        assert apart is not None
        assert noise is not None
        assert apart < 0.95
        assert noise < 0.7

    def test_is_unknown_where_halves_have_too_few_positions(self) -> None:
        rows = Rows(LayerInfo("x", 2, 2, 6, "conv", 0), 2, 0)
        rows.values[:] = np.random.default_rng(0).standard_normal((8, 6))
        assert stability(rows, 6, random_state=0) is None


def test_k_means_can_be_broken_off_between_passes() -> None:
    rows = np.random.default_rng(0).standard_normal((400, 5))

    def stop() -> None:
        raise RenderCancelled

    with pytest.raises(RenderCancelled):
        SphericalKMeans(4, random_state=0, on_pass=stop).fit(rows)
