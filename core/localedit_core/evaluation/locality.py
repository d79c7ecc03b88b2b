"""How local edits are: In-MSE and Out-MSE over many pairs and settings (paper, Fig. 7 b, c)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.sampling import Progress
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.bootstrap import interval
from localedit_core.evaluation.curves import DEFAULT_SWEEPS, Curve, CurvePoint, Sweeps
from localedit_core.evaluation.locality_job import LocalityJob, LocalitySums
from localedit_core.generators.base import Generator


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
        resampled: the same curves of each bootstrap resample of the pairs; see ``interval_at``.
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
    resampled: tuple[tuple[Curve, ...], ...] = field(default=(), repr=False)

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
        facts = asdict(replace(self, resampled=()))
        del facts["resampled"]
        return json.dumps(facts)

    def interval_at(self, in_mse: float, curve: int) -> tuple[float, float] | None:
        """95 % interval over pairs of a curve's Out-MSE; None where too few resamples reach it."""
        return interval(_numbers(draw[curve].out_at(in_mse) for draw in self.resampled))

    def ratio_at(self, in_mse: float, curve: int, other: int) -> float | None:
        """Out-MSE of a curve over that of another; below 1 it is the more local one."""
        return _ratio(self.curves[curve].out_at(in_mse), self.curves[other].out_at(in_mse))

    def ratio_interval_at(
        self, in_mse: float, curve: int, other: int
    ) -> tuple[float, float] | None:
        """95 % interval of ``ratio_at`` over pairs."""
        return interval(
            _numbers(
                _ratio(draw[curve].out_at(in_mse), draw[other].out_at(in_mse))
                for draw in self.resampled
            )
        )


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
            guards: each method is studied with each of these spatial guards; blending, which
                has its own place, with the first alone.
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
        job = LocalityJob.of(
            self.catalog,
            self.generator,
            (part,),
            sweeps=sweeps,
            guards=guards,
            size=size,
            settings=settings,
            psi=psi,
            resamples=0,
        )
        pipeline = Pipeline(Model(self.generator, "studied", self.generator.family), self.catalog)
        sums = job.measure_pairs(pipeline, tuple(pairs), progress, cancelled)
        return locality_result(job, sums, 0)


def locality_result(
    job: LocalityJob, sums: LocalitySums, part: int, *, resampled: bool = True
) -> LocalityResult:
    """What the sums say of one part, by its number in the job.

    Args:
        job, sums: what was measured.
        part: its number.
        resampled: whether to work out the resamples' curves, which give intervals and take a while.

    Raises:
        LocalEditError: on no pair anything could be measured.
    """
    name = job.parts[part]
    skipped = int(sums.skipped[part])
    seen = int(sums.pairs) - skipped
    full = sums.full[part]  # [1 + B, 2]
    if not (full[0] > 0).all():
        raise LocalEditError(
            f"On none of the {seen + skipped} pairs a change of {name!r} can be measured.",
            "Use more pairs, or different seeds for target and reference.",
        )
    wanted = range(len(full) if resampled else 1)
    draws = [_curves(job, sums, part, draw) for draw in wanted if (full[draw] > 0).all()]
    return LocalityResult(
        part=name,
        pairs=seen,
        skipped=skipped,
        psi=job.psi,
        size=job.size,
        full_in_mse=float(full[0, 0]) / seen,
        full_out_mse=float(full[0, 1]) / seen,
        settings=job.settings[part],
        curves=draws[0],
        resampled=tuple(draws[1:]),
    )


def _curves(job: LocalityJob, sums: LocalitySums, part: int, draw: int) -> tuple[Curve, ...]:
    shares = sums.edited[part, draw] / sums.full[part, draw]  # [T, 2]
    counted = sums.roir_pairs[part, draw]  # [T]
    points: dict[tuple[Method, float], list[CurvePoint]] = {}
    for n, trial in enumerate(job.trials(part)):
        roir = float(sums.roir[part, draw, n] / counted[n]) if counted[n] > 0 else None
        point = CurvePoint(trial.parameter, float(shares[n, 0]), float(shares[n, 1]), roir)
        points.setdefault(trial.key, []).append(point)
    return tuple(Curve(method, tuple(found), guard) for (method, guard), found in points.items())


def _numbers(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values])


def _ratio(first: float | None, second: float | None) -> float | None:
    return None if first is None or not second else first / second
