"""Running a job over many pairs: here, on all cores, or on a Dask cluster."""

from __future__ import annotations

import importlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from localedit_core.catalog.sampling import Progress
from localedit_core.editing.pipeline import Pipeline
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.jobs import (
    Cancelled,
    Found,
    Job,
    Subject,
    measure_range,
    one_thread,
)
from localedit_core.evaluation.pairs import PairRange, split_pairs
from localedit_core.evaluation.partial_results import PartialResults

PAIRS_PER_RANGE = 5
_AHEAD = 4
"""Ranges for each worker that are handed out before the first of them is added up."""

_CRASHES = 3
"""How often workers may die in a row before it is taken for the work's own fault."""


@dataclass(frozen=True)
class Workers:
    """Who computes.

    Attributes:
        scheduler: address of a Dask scheduler; None works on this computer.
        processes: on this computer; 1 works in this process.
    """

    scheduler: str | None = None
    processes: int = 1


def run_job(
    subject: Subject,
    job: Job[Found],
    pairs: int,
    workers: Workers,
    *,
    kept: PartialResults[Found] | None = None,
    progress: Progress | None = None,
    per_range: int = PAIRS_PER_RANGE,
) -> Found:
    """Measure the first ``pairs`` pairs of a job and add up what was found.

    Sums are added in the pairs' order whoever finishes first, so that the result is the same for
    any number of workers. Only ranges that wait for an earlier one are held.

    Args:
        subject: generator and catalog.
        job: what to measure.
        pairs: how many.
        workers: who computes.
        kept: a folder to go on from and to keep sums in.
        progress: told (pairs done, pairs in all).
        per_range: pairs that are handed out together.

    Raises:
        LocalEditError: the work cannot be done, workers died again and again, or ``kept`` holds
            another study or more pairs than were asked for.
    """
    done, total = (0, None) if kept is None else kept.load()
    if done > pairs:
        raise LocalEditError(
            f"The folder holds {done} pairs already.", f"Use --pairs {done} or more."
        )
    if progress is not None:
        progress(done, pairs)
    ranges = split_pairs(done, pairs, per_range)
    for part, found in _measured(subject, job, ranges, workers):
        total = found if total is None else total + found
        if kept is not None:
            kept.keep(part.end, total)
        if progress is not None:
            progress(part.end, pairs)
    if total is None:
        raise LocalEditError("No pairs are nothing to measure.", "Use --pairs 1 or more.")
    return total


def measure_here(
    pipeline: Pipeline,
    job: Job[Found],
    pairs: int,
    *,
    done: int = 0,
    sums: Found | None = None,
    told: Callable[[int, Found], None] | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[int, Found | None]:
    """Measure pairs one after the other on this thread, and keep what is done where it is given up.

    The sums are added as ``run_job`` adds them, so that they are the same to the last bit where
    nobody broke off within a range.

    Args:
        pipeline: this thread's own.
        job: what to measure.
        pairs: how many in all.
        done, sums: what there is to go on from.
        told: told after each pair how many are done, and their sums.
        cancelled: asked now and then whether to give up.

    Returns:
        How many pairs are done, and their sums; None for no pair at all.
    """
    with one_thread():
        for part in split_pairs(done, pairs, PAIRS_PER_RANGE):
            before, own = sums, None
            for single in split_pairs(part.first, part.end, 1):
                try:
                    found = job.measure(pipeline, single, cancelled)
                except RenderCancelled:
                    return done, sums
                own = found if own is None else own + found
                sums = own if before is None else before + own
                done = single.end
                if told is not None:
                    told(done, sums)
    return done, sums


def _measured(
    subject: Subject, job: Job[Found], ranges: tuple[PairRange, ...], workers: Workers
) -> Iterator[tuple[PairRange, Found]]:
    """The sums of each range, in order."""
    if workers.scheduler is None and (workers.processes <= 1 or len(ranges) <= 1):
        for part in ranges:
            yield part, measure_range(subject, job, part)
        return
    crashes = 0
    while ranges:
        try:
            with _executor(workers, min(workers.processes, len(ranges))) as (executor, count):
                for part, found in _in_order(executor, subject, job, ranges, _AHEAD * count):
                    yield part, found
                    ranges, crashes = ranges[1:], 0
        except BrokenProcessPool as error:  # somebody killed one, or its memory ran out
            crashes += 1
            if crashes == _CRASHES:
                raise LocalEditError(
                    f"The processes that measure ended {crashes} times.",
                    "Is there enough memory? Use fewer --processes.",
                ) from error


def _in_order(
    executor: Executor,
    subject: Subject,
    job: Job[Found],
    ranges: tuple[PairRange, ...],
    most: int,
) -> Iterator[tuple[PairRange, Found]]:
    waiting: dict[Future[Found], PairRange] = {}
    ready: dict[PairRange, Found] = {}
    queue = list(ranges)
    for part in ranges:
        while part not in ready:
            while queue and len(waiting) + len(ready) < most:
                following = queue.pop(0)
                waiting[executor.submit(measure_range, subject, job, following)] = following
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                ready[waiting.pop(future)] = future.result()
        yield part, ready.pop(part)


@contextmanager
def _executor(workers: Workers, processes: int) -> Iterator[tuple[Executor, int]]:
    """Who takes the work, and how many they are."""
    if workers.scheduler is not None:
        with _cluster(workers.scheduler) as found:
            yield found
        return
    # Fresh processes: torch's threads do not survive a fork.
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        yield pool, processes
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise LocalEditError(
            "Dask is not installed.", "Install it: pip install 'localedit[cluster]'."
        ) from error
    try:
        client = distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise LocalEditError(
            f"There is no Dask scheduler at {address!r:.200}.",
            "Start one with 'dask scheduler', and workers with 'dask worker ADDRESS --nthreads 1'.",
        ) from error
    try:
        # A cluster does by itself again what a lost worker had.
        yield client.get_executor(pure=False), max(1, sum(client.nthreads().values()))
    except distributed.KilledWorker as error:
        raise LocalEditError(
            "Workers of the cluster died again and again.", "Do they have enough memory?"
        ) from error
    finally:
        client.close()
