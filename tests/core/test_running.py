"""Studies split over ranges, processes and a cluster: the same sums, whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.bootstrap import interval, pair_weights
from localedit_core.evaluation.features import PixelFeatures
from localedit_core.evaluation.frechet import FrechetJob
from localedit_core.evaluation.heatmaps import HeatmapJob
from localedit_core.evaluation.jobs import Subject, Sums, one_thread
from localedit_core.evaluation.locality import LocalityStudy, locality_result
from localedit_core.evaluation.locality_job import LocalityJob, LocalitySums
from localedit_core.evaluation.pairs import PairRange, seed_pairs, split_pairs
from localedit_core.evaluation.partial_results import SUMS, PartialResults
from localedit_core.evaluation.running import Workers, measure_here, run_job
from localedit_core.generators.stylegan2 import StyleGAN2

if TYPE_CHECKING:
    from distributed import LocalCluster

HERE = Workers()
PARTS = ("mouth", "hair")
TRANSFERS = (QuerySettings(epsilon=300.0), QuerySettings(epsilon=300.0))
SWEEPS = {Method.GLOBAL: (0.5, 1.0), Method.SEQUENTIAL: (40.0,)}


@pytest.fixture(name="subject")
def _subject(tiny_generator: StyleGAN2, tiny_catalog: Catalog, tmp_path: Path) -> Subject:
    path = tmp_path / "tiny.safetensors"
    import torch

    save_generator(tiny_generator, path, name="Tiny", dtype=torch.float32)
    return Subject.of(load_generator(path), tiny_catalog)


@pytest.fixture(name="job")
def _job(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> LocalityJob:
    return LocalityJob.of(
        *(tiny_catalog, tiny_generator, PARTS), sweeps=SWEEPS, size=16, resamples=8
    )


@pytest.fixture(name="cluster")
def _cluster() -> Iterator[LocalCluster]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster


def assert_same(found: Sums, expected: Sums, rtol: float = 0.0) -> None:
    assert set(found.arrays()) == set(expected.arrays())
    for name, values in expected.arrays().items():
        np.testing.assert_allclose(found.arrays()[name], values, rtol=rtol, err_msg=name)


@pytest.mark.parametrize("per_range", [1, 3, 5, 100])
def test_ranges_cover_every_pair_once_and_end_at_the_same_places(per_range: int) -> None:
    whole = split_pairs(0, 17, per_range)
    assert [n for r in whole for n in range(r.first, r.end)] == list(range(17))
    ends = {r.end for r in whole}
    for cut in ends - {17}:
        assert split_pairs(cut, 17, per_range) == tuple(r for r in whole if r.first >= cut)
    assert PairRange(3, 2).pairs(100) == seed_pairs(5, 100)[3:]


def test_split_work_is_the_study_of_one_part_after_the_other(
    subject: Subject, job: LocalityJob, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    sums = run_job(subject, job, 5, HERE, per_range=2)
    study = LocalityStudy(tiny_generator, tiny_catalog)
    for number, part in enumerate(job.parts):
        with one_thread():
            expected = study.run(part, seed_pairs(5, job.first_seed), sweeps=SWEEPS, size=16)
        found = locality_result(job, sums, number)
        assert found.pairs == expected.pairs
        for one, other in zip(found.curves, expected.curves, strict=True):
            for here, there in zip(one.points, other.points, strict=True):
                assert here.in_mse == pytest.approx(there.in_mse, rel=1e-6)
                assert here.out_mse == pytest.approx(there.out_mse, rel=1e-6)


def test_work_that_was_cut_off_goes_on_and_ends_alike(
    subject: Subject, job: LocalityJob, tmp_path: Path
) -> None:
    kept = PartialResults(tmp_path / "kept", job, subject)
    told: list[int] = []

    def stop(done: int, total: int) -> None:
        told.append(done)
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(subject, job, 7, HERE, kept=kept, per_range=2, progress=stop)
    assert told == [0, 2, 4]
    told.clear()
    found = run_job(
        *(subject, job, 7, HERE), kept=kept, per_range=2, progress=lambda d, t: told.append(d)
    )
    assert told == [4, 6, 7]
    assert_same(found, run_job(subject, job, 7, HERE, per_range=2))
    with pytest.raises(LocalEditError, match="7 pairs already"):
        run_job(subject, job, 3, HERE, kept=kept)


def test_pairs_measured_here_one_by_one_add_up_as_ranges_do(
    subject: Subject, job: LocalityJob
) -> None:
    pipeline = subject.open()
    told: list[int] = []
    given_up = False

    def tell(done: int, _: LocalitySums) -> None:
        nonlocal given_up
        told.append(done)
        given_up = done == 5

    done, begun = measure_here(pipeline, job, 7, told=tell, cancelled=lambda: given_up)
    assert (done, told) == (5, [1, 2, 3, 4, 5])
    given_up = False
    done, found = measure_here(pipeline, job, 7, done=done, sums=begun, told=tell)
    assert (done, told) == (7, [1, 2, 3, 4, 5, 6, 7])
    assert found is not None
    assert_same(found, run_job(subject, job, 7, HERE))  # to the last bit
    assert measure_here(pipeline, job, 7, cancelled=lambda: True) == (0, None)


def test_a_folder_of_something_else_is_refused(
    subject: Subject, job: LocalityJob, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    run_job(subject, job, 1, HERE, kept=PartialResults(folder, job, subject))
    with pytest.raises(LocalEditError, match="its psi differ"):
        PartialResults(folder, replace(job, psi=0.1), subject).load()
    with pytest.raises(LocalEditError, match="its generator differ"):
        PartialResults(folder, job, replace(subject, model_fingerprint="0")).load()
    whole = (folder / SUMS).read_bytes()
    (folder / SUMS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LocalEditError, match="cannot be read"):
        PartialResults(folder, job, subject).load()


def test_another_generator_at_the_same_place_is_refused(subject: Subject, job: LocalityJob) -> None:
    with pytest.raises(LocalEditError, match="another generator"):
        run_job(replace(subject, model_fingerprint="0" * 64), job, 1, HERE)


def test_a_killed_process_costs_nothing_but_time(subject: Subject, job: LocalityJob) -> None:
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done >= 2 and not killed:
            child = multiprocessing.active_children()[0]
            assert child.pid is not None
            killed.append(child.pid)
            os.kill(child.pid, signal.SIGKILL)

    found = run_job(subject, job, 10, Workers(processes=2), per_range=1, progress=kill)
    assert killed
    assert_same(found, run_job(subject, job, 10, HERE, per_range=1), 1e-6)


@pytest.mark.filterwarnings("default")
def test_a_killed_worker_of_a_cluster_costs_nothing_but_time(
    subject: Subject, job: LocalityJob, cluster: LocalCluster
) -> None:
    from distributed import Client

    killed: list[int] = []
    with Client(cluster, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())

        def kill(done: int, total: int) -> None:
            if done >= 2 and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        workers = Workers(scheduler=cluster.scheduler_address)
        found = run_job(subject, job, 30, workers, per_range=1, progress=kill)
    assert killed
    assert_same(found, run_job(subject, job, 30, HERE, per_range=1), 1e-6)


@pytest.mark.filterwarnings("default")
def test_heat_maps_and_frechet_distances_are_split_as_well(
    subject: Subject, cluster: LocalCluster, tmp_path: Path
) -> None:
    heat = HeatmapJob(PARTS, TRANSFERS, 16, 0.7, 0)
    frechet = FrechetJob(PARTS, TRANSFERS, 16, 0.7, 0, PixelFeatures(2))
    for workers in (Workers(processes=2), Workers(scheduler=cluster.scheduler_address)):
        for job in (heat, frechet):
            expected = run_job(subject, job, 5, HERE, per_range=1)
            found = run_job(subject, job, 5, workers, per_range=1)
            assert_same(found, expected, 1e-6)
    # What was cut off after three pairs ends as if it had not been, on whomever it goes on.
    kept = PartialResults(tmp_path / "kept", frechet, subject)
    run_job(subject, frechet, 3, HERE, kept=kept, per_range=1)
    told: list[int] = []
    found = run_job(
        *(subject, frechet, 5, workers),
        kept=PartialResults(tmp_path / "kept", frechet, subject),
        per_range=1,
        progress=lambda done, total: told.append(done),
    )
    assert told == [3, 4, 5]
    assert_same(found, expected, 1e-6)
    # The sums are those of pictures that changed.
    edited, unedited = (found.sets[name].first for name in ("edited mouth", "unedited"))
    assert np.abs(edited - unedited).max() > 1e-3


def test_no_scheduler_is_told_in_one_line(subject: Subject, job: LocalityJob) -> None:
    with pytest.raises(LocalEditError, match="no Dask scheduler at 'nonsense://x'"):
        run_job(subject, job, 2, Workers(scheduler="nonsense://x"))


def test_resamples_are_weighted_sums_of_the_pairs(subject: Subject, job: LocalityJob) -> None:
    plain = replace(job, resamples=0)
    pairs = seed_pairs(3, job.first_seed)
    single = [run_job(subject, replace(plain, first_seed=target), 1, HERE) for target, _ in pairs]
    weights = [pair_weights(8, pair) for pair in pairs]
    found = run_job(subject, job, 3, HERE)
    for draw in range(9):
        expected = sum(w[draw] * one.edited[:, 0] for w, one in zip(weights, single, strict=True))
        np.testing.assert_allclose(found.edited[:, draw], expected, rtol=1e-12)


def test_intervals_are_those_of_the_usual_bootstrap() -> None:
    source = np.random.default_rng(3)
    values = source.gamma(2.0, size=300)
    weights = np.stack([pair_weights(2000, (n, n + 1)) for n in range(300)])  # [300, 1 + B]
    assert (weights[:, 0] == 1).all()
    drawn = (weights[:, 1:] * values[:, None]).sum(axis=0) / weights[:, 1:].sum(axis=0)
    found = interval(drawn)
    usual = stats.bootstrap(
        (values,), np.mean, n_resamples=2000, method="percentile", rng=source
    ).confidence_interval
    assert found is not None
    width = usual.high - usual.low
    assert abs(found[0] - usual.low) < 0.08 * width
    assert abs(found[1] - usual.high) < 0.08 * width


def test_no_interval_where_fewer_than_nine_in_ten_resamples_have_a_value() -> None:
    drawn = np.arange(100.0)
    drawn[:10] = np.nan
    assert interval(drawn) == pytest.approx(np.quantile(np.arange(10.0, 100.0), (0.025, 0.975)))
    drawn[10] = np.nan
    assert interval(drawn) is None
    assert interval(np.array([])) is None
