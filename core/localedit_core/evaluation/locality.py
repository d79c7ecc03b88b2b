"""How local edits are: In-MSE and Out-MSE over many pairs and settings (paper, Fig. 7 b, c)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.sampling import Progress
from localedit_core.checkpoints.native import Model
from localedit_core.editing.dials import dial_of
from localedit_core.editing.difference import squared_error_lab, to_lab
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.curves import DEFAULT_SWEEPS, Curve, CurvePoint, Sweeps
from localedit_core.generators.base import Generator
from localedit_core.latents import Latent

FIRST_HELD_OUT_SEED = 1_000_000
"""Far from the seeds that catalogs are made of."""

Lab = NDArray[np.float32]  # [H, W, 3]


def seed_pairs(count: int, first_seed: int = FIRST_HELD_OUT_SEED) -> tuple[tuple[int, int], ...]:
    """``count`` pairs (target seed, reference seed), no seed twice."""
    return tuple((first_seed + 2 * n, first_seed + 2 * n + 1) for n in range(count))


@dataclass(frozen=True)
class LocalityResult:
    """What a study of one part found.

    Attributes:
        part: its name.
        pairs: how many pairs were measured.
        skipped: pairs left out because the part covered nothing, or everything, on the target.
        psi: truncation of the pictures.
        full_in_mse: mean over pairs of In-MSE between target and reference, the unit of
            ``CurvePoint.in_mse`` (``difference.squared_error``).
        full_out_mse: the same outside, the unit of ``CurvePoint.out_mse``.
        size: side of the pictures compared.
        settings: what all edits had in common.
        curves: one per method and guard.
    """

    part: str
    pairs: int
    skipped: int
    psi: float
    size: int
    full_in_mse: float
    full_out_mse: float
    settings: QuerySettings
    curves: tuple[Curve, ...]

    def curve(self, method: Method, guard: float = 0.0) -> Curve:
        """The curve of that method and guard; KeyError if it was not studied."""
        for curve in self.curves:
            if curve.method is method and curve.guard == guard:
                return curve
        raise KeyError(method, guard)

    @property
    def reach(self) -> float:
        """The In-MSE that every curve gets to: up to there the methods can be compared."""
        return min(max(point.in_mse for point in curve.points) for curve in self.curves)

    def matched(self, in_mse: float, guard: float = 0.0) -> dict[Method, float | None]:
        """Out-MSE of each method at one In-MSE, the only fair comparison; None: not reached."""
        return {curve.method: curve.out_at(in_mse) for curve in self.curves if curve.guard == guard}

    def to_json(self) -> str:
        """All of it as one JSON object."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class LocalityStudy:
    """Measures queries on pairs of a generator's pictures.

    Args:
        generator: draws the pictures, with its own fixed noise.
        catalog: its catalog.
    """

    generator: Generator
    catalog: Catalog

    def run(
        self,
        part: str,
        pairs: Iterable[tuple[int, int]],
        *,
        sweeps: Sweeps = DEFAULT_SWEEPS,
        guards: Sequence[float] = (0.0,),
        size: int | None = None,
        settings: QuerySettings | None = None,
        psi: float | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> LocalityResult:
        """Transfer a part between the pictures of each pair, once per method and parameter.

        With S the target, R the reference and G the edited picture, In-MSE is
        sum over pairs of mean-inside(S, G) / sum over pairs of mean-inside(S, R), and Out-MSE the
        same outside; the ROI is the part on S. Only sums are kept, whatever the number of pairs.

        Args:
            part: its name.
            pairs: (target seed, reference seed), as from ``seed_pairs``.
            sweeps: methods and their parameters; each is brought into growing order.
            guards: each method is studied with each of these spatial guards; feature blending,
                which has its own place, with the first alone.
            size: side of the pictures compared, a resolution of the generator; None is the full
                one. Smaller ones cost less where the generator makes them on its way.
            settings: floor, bands, unit and colour layers of all queries; None takes the part's
                own floor and otherwise the defaults.
            psi: truncation; None takes the catalog's.
            progress: told (pictures done, pictures in all).
            cancelled: asked before each picture and within.

        Raises:
            LocalEditError: an unknown part, a catalog of another generator, parameters out of
                range, or no pair on which anything can be measured.
            RenderCancelled: ``cancelled`` said yes.
        """
        chosen = self.catalog.part(part)
        if self.catalog.generator_fingerprint != self.generator.fingerprint:
            raise LocalEditError("The catalog belongs to another generator.")
        pairs = tuple(pairs)
        psi = self.catalog.psi if psi is None else psi
        common = settings or QuerySettings(epsilon=chosen.epsilon, floor=chosen.floor)
        size = self.generator.resolution if size is None else size
        trials = _trials(chosen, common, sweeps, guards)
        sums = _Sums(np.zeros((len(trials), 2)), np.zeros(2))
        step = _Steps(len(pairs) * (len(trials) + 2), progress, cancelled)
        for target_seed, reference_seed in pairs:
            request = RenderRequest(0, 0, Latent(target_seed, psi))
            self._add_pair(chosen, request, Latent(reference_seed, psi), size, trials, sums, step)
        return _result(chosen, psi, size, common, trials, sums, len(pairs))

    @cached_property
    def _pipeline(self) -> Pipeline:
        return Pipeline(Model(self.generator, "studied", self.generator.family), self.catalog)

    def _add_pair(
        self,
        part: Part,
        request: RenderRequest,
        reference: Latent,
        size: int,
        trials: Sequence[_Trial],
        sums: _Sums,
        step: _Steps,
    ) -> None:
        def render(wanted: RenderRequest) -> Lab:
            step.check()
            picture = self._pipeline.picture(wanted, size, step.cancelled)
            step.done(1)
            return to_lab(picture)

        original = render(request)
        clusters = self._pipeline.view(request.target).clusters
        part_map = self.catalog.part_map(clusters, original.shape[0])
        roi = part_map == self.catalog.parts.index(part)  # [H, W]
        if roi.all() or not roi.any():
            step.done(len(trials) + 1)
            sums.skipped += 1
            return
        sums.full += _means(original, render(replace(request, target=reference)), roi)
        for index, trial in enumerate(trials):
            edited = render(replace(request, edits=(replace(trial.edit, reference=reference),)))
            sums.edited[index] += _means(original, edited, roi)


@dataclass(frozen=True, eq=False)
class _Trial:
    """An edit to try; its reference is filled in pair by pair."""

    edit: Edit
    parameter: float

    @property
    def key(self) -> tuple[Method, float]:
        return self.edit.settings.method, self.edit.settings.guard


def _trials(
    part: Part, common: QuerySettings, sweeps: Sweeps, guards: Sequence[float]
) -> list[_Trial]:
    """One edit per method, guard and parameter."""
    trials = []
    for method, parameters in sweeps.items():
        placed = method is Method.FEATURE_BLENDING
        for guard in guards[:1] if placed else guards:
            settings = replace(common, method=method, guard=guard)
            edit = Edit("studied", part.name, Latent(0, 1.0), settings)
            dial = dial_of(method)
            trials += [_Trial(dial.turn(edit, p), p) for p in sorted(set(parameters))]
    return trials


@dataclass(eq=False)
class _Sums:
    """Running sums over pairs; the last axis is (inside, outside)."""

    edited: NDArray[np.float64]  # [trials, 2]
    full: NDArray[np.float64]  # [2]
    skipped: int = 0


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


def _means(original: Lab, image: Lab, roi: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean squared error (inside, outside)."""
    error = squared_error_lab(original, image).astype(np.float64)  # [H, W]
    return np.array([error[roi].mean(), error[~roi].mean()])


def _result(
    part: Part,
    psi: float,
    size: int,
    settings: QuerySettings,
    trials: Sequence[_Trial],
    sums: _Sums,
    pairs: int,
) -> LocalityResult:
    if not (sums.full > 0).all():
        raise LocalEditError(
            f"On none of the {pairs} pairs a change of {part.name!r} can be measured.",
            "Use more pairs, or different seeds for target and reference.",
        )
    points: dict[tuple[Method, float], list[CurvePoint]] = {}
    for trial, (inside, outside) in zip(trials, sums.edited / sums.full, strict=True):
        point = CurvePoint(trial.parameter, float(inside), float(outside))
        points.setdefault(trial.key, []).append(point)
    measured = pairs - sums.skipped
    return LocalityResult(
        part=part.name,
        pairs=measured,
        skipped=sums.skipped,
        psi=psi,
        size=size,
        full_in_mse=float(sums.full[0]) / measured,
        full_out_mse=float(sums.full[1]) / measured,
        settings=settings,
        curves=tuple(
            Curve(method, tuple(found), guard) for (method, guard), found in points.items()
        ),
    )
