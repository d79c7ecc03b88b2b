"""How local edits are: In-MSE and Out-MSE over many pairs and settings (paper, Fig. 7 b, c)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.sampling import Progress, styles_of_seed
from localedit_core.editing.difference import squared_error_lab, to_lab
from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import PartRanking, Query, solve
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.evaluation.curves import DEFAULT_SWEEPS, Curve, CurvePoint, Sweeps
from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.pictures import to_picture

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
        settings: what all queries had in common.
        curves: one per method.
    """

    part: str
    pairs: int
    skipped: int
    psi: float
    full_in_mse: float
    full_out_mse: float
    settings: QuerySettings
    curves: tuple[Curve, ...]

    def curve(self, method: Method) -> Curve:
        """The curve of that method; KeyError if it was not studied."""
        for curve in self.curves:
            if curve.method is method:
                return curve
        raise KeyError(method)

    @property
    def reach(self) -> float:
        """The In-MSE that every curve gets to: up to there the methods can be compared."""
        return min(max(point.in_mse for point in curve.points) for curve in self.curves)

    def matched(self, in_mse: float) -> dict[Method, float | None]:
        """Out-MSE of each method at one In-MSE, the only fair comparison; None: not reached."""
        return {curve.method: curve.out_at(in_mse) for curve in self.curves}

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
        trials = self._trials(chosen, common, sweeps)
        sums = _Sums(np.zeros((len(trials), 2)), np.zeros(2))
        step = _Steps(len(pairs) * (len(trials) + 2), progress, cancelled)
        for target_seed, reference_seed in pairs:
            target = styles_of_seed(self.generator, target_seed, psi)
            reference = styles_of_seed(self.generator, reference_seed, psi)
            self._add_pair(chosen, target, reference, trials, sums, step)
        return _result(chosen, psi, common, trials, sums, len(pairs))

    def _trials(self, part: Part, common: QuerySettings, sweeps: Sweeps) -> list[_Trial]:
        """One query per method and parameter: they depend on no pair."""
        ranking = PartRanking.of(self.catalog.contribution(part.name))
        trials = []
        for method, parameters in sweeps.items():
            for parameter in sorted(set(parameters)):
                if method in (Method.SEQUENTIAL, Method.AUTHORS):
                    settings = replace(common, method=method, epsilon=parameter)
                else:
                    settings = replace(common, method=method, lam=parameter)
                query = solve(ranking, settings, self.generator.layers)
                trials.append(_Trial(method, parameter, query))
        return trials

    def _add_pair(
        self,
        part: Part,
        target: Styles,
        reference: Styles,
        trials: Sequence[_Trial],
        sums: _Sums,
        step: _Steps,
    ) -> None:
        original, activations = self._render(target, step, self.catalog.layer)
        assert activations is not None
        labels = self.catalog.membership(activations)[0]
        part_map = self.catalog.part_map(labels, original.shape[0])
        roi = part_map == self.catalog.parts.index(part)  # [H, W]
        if roi.all() or not roi.any():
            step.done(len(trials) + 1)
            sums.skipped += 1
            return
        full, _ = self._render(reference, step)
        sums.full += _means(original, full, roi)
        for index, trial in enumerate(trials):
            edited, _ = self._render(interpolate(target, reference, trial.query), step)
            sums.edited[index] += _means(original, edited, roi)

    def _render(
        self, styles: Styles, step: _Steps, layer: str | None = None
    ) -> tuple[Lab, torch.Tensor | None]:
        step.check()
        with torch.inference_mode():
            made = self.generator.synthesize(
                styles, record=() if layer is None else (layer,), cancelled=step.cancelled
            )
        step.done(1)
        return to_lab(to_picture(made.image)), None if layer is None else made.activations[layer]


@dataclass(frozen=True, eq=False)
class _Trial:
    method: Method
    parameter: float
    query: Query


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
    points: dict[Method, list[CurvePoint]] = {}
    for trial, (inside, outside) in zip(trials, sums.edited / sums.full, strict=True):
        point = CurvePoint(trial.parameter, float(inside), float(outside))
        points.setdefault(trial.method, []).append(point)
    measured = pairs - sums.skipped
    return LocalityResult(
        part=part.name,
        pairs=measured,
        skipped=sums.skipped,
        psi=psi,
        full_in_mse=float(sums.full[0]) / measured,
        full_out_mse=float(sums.full[1]) / measured,
        settings=settings,
        curves=tuple(Curve(method, tuple(found)) for method, found in points.items()),
    )
