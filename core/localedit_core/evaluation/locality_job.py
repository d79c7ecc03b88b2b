"""The locality study as work that can be split: what to try, and the sums of what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.sampling import Progress
from localedit_core.editing.dials import dial_of
from localedit_core.editing.difference import PictureChange
from localedit_core.editing.edit import BLEND_SIDES, Edit, Method, QuerySettings
from localedit_core.editing.measures import measure
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.bootstrap import RESAMPLES, pair_weights
from localedit_core.evaluation.curves import DEFAULT_SWEEPS, Sweeps
from localedit_core.evaluation.jobs import Arrays, Cancelled, made_at, pair_latents
from localedit_core.evaluation.pairs import FIRST_HELD_OUT_SEED, PairRange
from localedit_core.generators.base import Generator
from localedit_core.latents import Latent
from localedit_core.sheets.contact_sheet import fitted

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LocalitySums:
    """Sums over pairs; P parts, B resamples, T trials. The first of 1 + B is the sample itself.

    Attributes:
        pairs: how many were looked at, [].
        skipped: of them, those on whose target a part covers nothing or everything, [P].
        full: mean squared error (inside, outside) of target and reference, [P, 1 + B, 2].
        edited: of target and edited picture, [P, 1 + B, T, 2].
        roir: norm of the change outside over that inside, in sRGB, [P, 1 + B, T].
        roir_pairs: weight of the pairs in ``roir``: those that change inside, [P, 1 + B, T].
    """

    pairs: Floats
    skipped: Floats
    full: Floats
    edited: Floats
    roir: Floats
    roir_pairs: Floats

    @classmethod
    def zeros(cls, parts: int, resamples: int, trials: int) -> LocalitySums:
        """The sums of no pairs."""
        shape = (parts, 1 + resamples)
        return cls(
            np.zeros(()),
            np.zeros(parts),
            np.zeros((*shape, 2)),
            np.zeros((*shape, trials, 2)),
            np.zeros((*shape, trials)),
            np.zeros((*shape, trials)),
        )

    def __add__(self, other: LocalitySums) -> LocalitySums:
        mine, others = self.arrays(), other.arrays()
        return LocalitySums(**{name: mine[name] + others[name] for name in mine})

    def arrays(self) -> Arrays:
        """All of it by name."""
        return {name: np.asarray(values) for name, values in vars(self).items()}


@dataclass(frozen=True, eq=False)
class Trial:
    """An edit to try; its reference is filled in pair by pair."""

    edit: Edit
    parameter: float

    @property
    def key(self) -> tuple[Method, float]:
        """Method and guard: whose curve it belongs to."""
        return self.edit.settings.method, self.edit.settings.guard


@dataclass(frozen=True)
class LocalityJob:
    """What to try on each pair; see ``LocalityStudy.run`` for the measures.

    Attributes:
        parts: their names.
        settings: of all queries of each part.
        sweeps: methods and their parameters, in growing order.
        guards: spatial guards.
        size: side of the pictures compared.
        psi: truncation.
        first_seed: of the first pair's target.
        resamples: B.
    """

    parts: tuple[str, ...]
    settings: tuple[QuerySettings, ...]
    sweeps: tuple[tuple[Method, tuple[float, ...]], ...]
    guards: tuple[float, ...]
    size: int
    psi: float
    first_seed: int
    resamples: int

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        generator: Generator,
        parts: Sequence[str],
        *,
        sweeps: Sweeps = DEFAULT_SWEEPS,
        guards: Sequence[float] = (0.0,),
        size: int | None = None,
        settings: QuerySettings | None = None,
        psi: float | None = None,
        first_seed: int = FIRST_HELD_OUT_SEED,
        resamples: int = RESAMPLES,
        blend_to: int = BLEND_SIDES[0],
    ) -> LocalityJob:
        """A job with what is not given filled in from the catalog.

        ``blend_to`` is feature blending's where no ``settings`` are given.

        Raises:
            LocalEditError: an unknown part, another generator's catalog, numbers out of range.
        """
        chosen = [catalog.part(name) for name in parts]
        if catalog.generator_fingerprint != generator.fingerprint:
            raise LocalEditError("The catalog belongs to another generator.")
        job = cls(
            tuple(parts),
            tuple(settings or _own_settings(part, blend_to) for part in chosen),
            tuple((method, tuple(sorted(set(tried)))) for method, tried in sweeps.items()),
            tuple(guards),
            generator.resolution if size is None else size,
            catalog.psi if psi is None else psi,
            first_seed,
            resamples,
        )
        for part in range(len(parts)):
            job.trials(part)  # complains of what is out of range
        return job

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON takes it."""
        return asdict(self)

    def trials(self, part: int) -> list[Trial]:
        """One edit per method, guard and parameter, for a part by its number: [T]."""
        trials = []
        for method, parameters in self.sweeps:
            for guard in self.guards if method.moves_styles else self.guards[:1]:
                settings = replace(self.settings[part], method=method, guard=guard)
                edit = Edit("studied", self.parts[part], Latent(0, 1.0), settings)
                dial = dial_of(method)
                trials += [Trial(dial.turn(edit, p), p) for p in parameters]
        return trials

    def measure(
        self, pipeline: Pipeline, pairs: PairRange, cancelled: Cancelled | None = None
    ) -> LocalitySums:
        """The sums of a range of pairs. RenderCancelled where ``cancelled`` said yes."""
        return self.measure_pairs(pipeline, pairs.pairs(self.first_seed), None, cancelled)

    def measure_pairs(
        self,
        pipeline: Pipeline,
        pairs: Sequence[tuple[int, int]],
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> LocalitySums:
        """The sums of pairs of seeds; ``progress`` is told (pictures done, pictures in all)."""
        trials = [self.trials(part) for part in range(len(self.parts))]
        sums = LocalitySums.zeros(len(self.parts), self.resamples, len(trials[0]))
        steps = _Steps(len(pairs) * (2 + sum(map(len, trials))), progress, cancelled)
        for seeds in pairs:
            sums = sums + self._pair(pipeline, seeds, trials, steps)
        return sums

    def read(self, arrays: Arrays) -> LocalitySums:
        """The sums whose ``arrays`` these are. ValueError where their shapes are another job's."""
        sums = LocalitySums.zeros(len(self.parts), self.resamples, len(self.trials(0)))
        for name, expected in sums.arrays().items():
            if arrays[name].shape != expected.shape:
                raise ValueError(name)
        return LocalitySums(**{name: arrays[name] for name in sums.arrays()})

    def _pair(
        self,
        pipeline: Pipeline,
        seeds: tuple[int, int],
        trials: Sequence[Sequence[Trial]],
        steps: _Steps,
    ) -> LocalitySums:
        sums = LocalitySums.zeros(len(self.parts), self.resamples, len(trials[0]))
        weights = pair_weights(self.resamples, seeds)  # [1 + B]
        target, reference = pair_latents(pipeline, seeds, self.psi)
        request = RenderRequest(0, 0, target)
        side = made_at(pipeline, self.size, self.guards)

        def render(wanted: RenderRequest) -> Picture:
            steps.check()
            picture = pipeline.picture(wanted, side, steps.cancelled)
            steps.done(1)
            return fitted(picture, self.size)

        original = render(request)
        other = render(replace(request, target=reference))
        clusters = pipeline.view(target).clusters
        part_map = pipeline.catalog.part_map(clusters, original.shape[0])  # [H, W]
        names = [part.name for part in pipeline.catalog.parts]
        shared: dict[tuple[float, float], Picture] = {}  # global transfers are those of any part
        sums.pairs[...] = 1
        for part, name in enumerate(self.parts):
            roi = part_map == names.index(name)  # [H, W]
            if roi.all() or not roi.any():
                steps.done(len(trials[part]))
                sums.skipped[part] = 1
                continue
            full, _ = _measured(original, other, roi)
            sums.full[part] = np.multiply.outer(weights, full)
            for n, trial in enumerate(trials[part]):
                method, guard = trial.key
                alike = (guard, trial.parameter)
                everywhere = method is Method.GLOBAL and guard == 0.0
                if everywhere and alike in shared:
                    steps.done(1)
                    edited = shared[alike]
                else:
                    edit = replace(trial.edit, reference=reference)
                    edited = render(replace(request, edits=(edit,)))
                if everywhere:
                    shared[alike] = edited
                means, roir = _measured(original, edited, roi)
                sums.edited[part, :, n] = np.multiply.outer(weights, means)
                if roir is not None:
                    sums.roir[part, :, n] = weights * roir
                    sums.roir_pairs[part, :, n] = weights
        return sums


def _measured(
    original: Picture, image: Picture, roi: NDArray[np.bool_]
) -> tuple[Floats, float | None]:
    """Mean squared error (inside, outside) and the ROIR, of a part that leaves room outside."""
    found = measure(PictureChange.between(original, image), roi, {}, {})
    assert found is not None
    return np.array([found.in_mse, found.out_mse]), found.roir


class _Steps:
    """Counts pictures, reports them and stops where somebody asked for it."""

    def __init__(
        self, total: int, progress: Progress | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self.cancelled = cancelled
        self._total = total
        self._progress = progress
        self._done = 0

    def check(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise RenderCancelled

    def done(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._total)


def _own_settings(part: Part, blend_to: int) -> QuerySettings:
    return QuerySettings(epsilon=part.epsilon, floor=part.floor, blend_to=blend_to)
