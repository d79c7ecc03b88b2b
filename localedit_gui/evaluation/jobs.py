"""What the evaluation window has the core do. Everything here runs on the thread of long jobs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from localedit_core.editing.edit import Method
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.curves import COMPARED_AT, sweeps_of
from localedit_core.generators.devices import Device, Retreat
from localedit_gui.evaluation.values import BandPoint, Report, ReportKind, Wish
from localedit_gui.models import OpenModel
from localedit_gui.rendering.long_jobs import Cancelled

if TYPE_CHECKING:
    from localedit_core.editing.pipeline import Pipeline
    from localedit_core.evaluation.locality import LocalityResult
    from localedit_core.evaluation.locality_job import LocalityJob

_MAP_SIDE = 256
_BAND_POINTS = 25
_FEATURE_SIDE = 8  # of Frechet distances, as the command has it


@dataclass(frozen=True, eq=False)
class _Opened:
    """A generator of this thread's own: the editor's belongs to another thread."""

    model: OpenModel
    device: Device
    pipeline: Pipeline


class EvaluationJobs:
    """Measures. One object per thread of long jobs.

    Args:
        device: says where generators compute.
        on_retreat: told, on that thread, when a device was left because its memory ran out.
    """

    def __init__(self, device: Callable[[], Device], on_retreat: Callable[[Retreat], None]) -> None:
        self._device = device
        self._on_retreat = on_retreat
        self._opened: _Opened | None = None

    def forget(self) -> None:
        """Let go of the generator: it will not be needed soon."""
        self._opened = None

    def seconds_per_pair(self, model: OpenModel, wish: Wish, cancelled: Cancelled) -> float:
        """How long one pair takes, by measuring a few pictures of it.

        Raises:
            LocalEditError: it cannot be measured.
            RenderCancelled: ``cancelled`` said yes.
        """
        from localedit_core.evaluation.jobs import one_thread
        from localedit_core.evaluation.pairs import PairRange

        pipeline = self._pipeline(model)
        few = replace(wish, parts=wish.parts[:1])
        job = _job(pipeline, few, thinned=True)
        with one_thread():
            job.measure(pipeline, PairRange(wish.pairs, 1), cancelled)  # the first is slower
            began = time.perf_counter()
            job.measure(pipeline, PairRange(wish.pairs + 1, 1), cancelled)
        seconds = time.perf_counter() - began
        whole = _pictures(wish, _job(pipeline, wish))
        return seconds * whole / _pictures(few, job)

    def run(
        self,
        model: OpenModel,
        wish: Wish,
        before: Report | None,
        told: Callable[[Report], None],
        cancelled: Cancelled,
    ) -> Report | None:
        """Measure all pairs, or as many as there is time for until somebody breaks off.

        Args:
            model: of which generator.
            wish: what to measure.
            before: what there is to go on from.
            told: told after each pair what is known by then.
            cancelled: asked now and then whether to give up.

        Raises:
            LocalEditError: it cannot be measured.
        """
        from localedit_core.evaluation.running import measure_here

        if cancelled():
            return before
        pipeline = self._pipeline(model)
        job = _job(pipeline, wish)
        start: dict[str, Any] = {}
        if before is not None:
            start = {"done": before.done, "sums": before.sums}

        def report(done: int, sums: Any, *, ended: bool) -> Report:
            return _filled(Report(wish, model.reference, done, job, sums), ended=ended)

        done, sums = measure_here(
            *(pipeline, job, wish.pairs),
            told=lambda done, sums: told(report(done, sums, ended=False)),
            cancelled=cancelled,
            **start,
        )
        return None if sums is None else report(done, sums, ended=True)

    def _pipeline(self, model: OpenModel) -> Pipeline:
        from localedit_core.evaluation.jobs import Subject

        device = self._device()
        opened = self._opened
        if opened is not None and opened.model is model and opened.device == device:
            return opened.pipeline
        self._opened = None  # before the other is there: it may be large
        # What a pipeline is made of never changes, whatever its own thread does meanwhile.
        source = cast("Pipeline", model.renderer)
        pipeline = Subject.of(source.model, source.catalog, device.name).open()
        pipeline.watch(self._on_retreat)
        self._opened = _Opened(model, device, pipeline)
        return pipeline


def _job(pipeline: Pipeline, wish: Wish, *, thinned: bool = False) -> Any:
    """What the core calls the work; ``thinned`` tries three values where a sweep tries many."""
    from localedit_core.editing.edit import usual_psi
    from localedit_core.evaluation.features import PixelFeatures
    from localedit_core.evaluation.frechet import FrechetJob
    from localedit_core.evaluation.heatmaps import HeatmapJob
    from localedit_core.evaluation.jobs import own_transfers
    from localedit_core.evaluation.locality_job import LocalityJob

    catalog = pipeline.catalog
    psi = usual_psi(catalog.psi, pipeline.model.generator.has_styles)
    if wish.kind is ReportKind.LOCALITY:
        sweeps = dict(sweeps_of(wish.methods))
        if thinned:
            sweeps = {m: tried[2 :: max(1, len(tried) // 3)] for m, tried in sweeps.items()}
        return LocalityJob.of(
            *(catalog, pipeline.model.generator, wish.parts),
            sweeps=sweeps,
            guards=wish.guards,
            size=wish.size,
            psi=psi,
            first_seed=wish.first_seed,
        )
    settings = own_transfers(catalog, wish.parts, wish.methods[0], guard=wish.guards[0])
    common = (wish.parts, settings, wish.size, psi, wish.first_seed)
    if wish.kind is ReportKind.HEATMAP:
        return HeatmapJob(*common)
    return FrechetJob(*common, PixelFeatures(_FEATURE_SIDE))


def _pictures(wish: Wish, job: Any) -> int:
    """How many pictures a pair takes; global transfers are those of any part."""
    parts = len(wish.parts)
    if wish.kind is not ReportKind.LOCALITY:
        return 2 + parts
    trials = cast("LocalityJob", job).trials(0)
    shared = sum(trial.key == (Method.GLOBAL, 0.0) for trial in trials)
    return 2 + parts * (len(trials) - shared) + shared


def _filled(report: Report, *, ended: bool) -> Report:
    """What the sums say; intervals, which take a while, only at the end."""
    job, sums, problems = report.job, report.sums, []
    if report.wish.kind is ReportKind.LOCALITY:
        from localedit_core.evaluation.locality import locality_result
        from localedit_core.evaluation.locality_report import shortfalls

        results = []
        for part in range(len(job.parts)):
            try:
                results.append(locality_result(job, sums, part, resampled=ended))
            except LocalEditError as error:
                problems.append(error.message)
        report = replace(report, results=tuple(results), problems=tuple(problems))
        if not ended:
            return report
        bands = tuple(_bands(result) for result in results)
        found = tuple(tuple(shortfalls(result, COMPARED_AT)) for result in results)
        return replace(report, bands=bands, shortfalls=found)
    if report.wish.kind is ReportKind.HEATMAP:
        from localedit_core.evaluation.heatmaps import heatmap_numbers, heatmap_picture

        means = zip(sums.means["error"], sums.means["cover"], strict=True)
        maps = [
            (heatmap_picture(error, _MAP_SIDE), heatmap_numbers(error, cover))
            for error, cover in means
        ]
        return replace(report, maps=tuple(maps))
    from localedit_core.evaluation.frechet_report import frechet_facts

    try:
        return replace(report, distances=frechet_facts(job, sums)["distance"])
    except LocalEditError as error:  # of a single pair
        return replace(report, problems=(error.message,))


def _bands(result: LocalityResult) -> tuple[tuple[BandPoint, ...], ...]:
    import numpy as np

    bands = []
    for number, curve in enumerate(result.curves):
        reach = max(point.in_mse for point in curve.points)
        points = []
        for in_mse in np.linspace(0.0, reach, _BAND_POINTS).tolist():
            found = result.interval_at(in_mse, number)
            if found is not None:
                points.append(BandPoint(in_mse, *found))
        bands.append(tuple(points))
    return tuple(bands)


def write_report(path: Path, report: Report) -> Path:
    """Write a report as the name's end says, whole or not at all, as the command writes it.

    Raises:
        LocalEditError: the name ends in something else, the file cannot be written, or what draws
            curves is missing.
    """
    from localedit_core.evaluation.frechet_report import frechet_facts, write_frechet
    from localedit_core.evaluation.heatmaps import write_heatmaps
    from localedit_core.evaluation.locality_report import write_locality
    from localedit_core.sheets.contact_sheet import check_sheet_path

    check_sheet_path(path, report.wish.kind.suffixes)
    if report.wish.kind is ReportKind.HEATMAP:
        write_heatmaps(path, report.wish.parts, report.sums)
    elif report.wish.kind is ReportKind.FRECHET:
        write_frechet(path, frechet_facts(report.job, report.sums))
    else:
        write_locality(path, report.results, COMPARED_AT)
    return path
