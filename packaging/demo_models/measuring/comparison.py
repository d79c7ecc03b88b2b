"""Out-MSE of the methods at matched In-MSE, with intervals, from the change of each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Method
from localedit_core.evaluation.bootstrap import interval
from localedit_core.evaluation.curves import Curve, CurvePoint

MASKS = ("true", "catalog")
MATCHED = (0.1, 0.2, 0.3, 0.4)
LARGE_SHARE = 0.08
LARGE_RATIO = 0.5
RESAMPLES = 400


@dataclass(frozen=True)
class Trial:
    """One query: what chose it, and its epsilon or lambda."""

    method: Method
    parameter: float


@dataclass(frozen=True, eq=False)
class PartChanges:
    """What transfers of one part changed, pair by pair; the last axis is (inside, outside).

    Attributes:
        trials: by method and growing parameter: [T].
        full: mean squared error between target and reference, [pairs, masks, 2]; NaN where a mask
            covers nothing or everything.
        edited: the same between target and edited picture, [pairs, T, masks, 2].
        share: area of each mask, of the whole picture's, [pairs, masks].
    """

    trials: tuple[Trial, ...]
    full: NDArray[np.float64]
    edited: NDArray[np.float64]
    share: NDArray[np.float64]

    @classmethod
    def empty(cls, trials: Sequence[Trial], pairs: int) -> PartChanges:
        """Room for that many pairs."""
        masks = len(MASKS)
        return cls(
            tuple(trials),
            np.full((pairs, masks, 2), np.nan),
            np.full((pairs, len(trials), masks, 2), np.nan),
            np.zeros((pairs, masks)),
        )

    def add(self, pair: int, means: NDArray[np.float64], share: NDArray[np.float64]) -> None:
        """Store a pair: means [1 + T, masks, 2], the full difference first, and share [masks]."""
        self.full[pair] = means[0]
        self.edited[pair] = means[1:]
        self.share[pair] = share

    def usable(self, mask: int) -> NDArray[np.intp]:
        """Return the pairs on which that mask covers something, but not everything."""
        return np.flatnonzero(~np.isnan(self.full[:, mask]).any(axis=1))


def pooled_curve(
    changes: PartChanges,
    method: Method,
    mask: int,
    weights: NDArray[np.float64] | None = None,
) -> Curve | None:
    """Return a method's curve over all pairs, each change a share of the full one.

    Args:
        changes: of one part.
        method: which trials.
        mask: index into ``MASKS``.
        weights: how often each usable pair counts; None counts each once.

    Returns:
        The curve, or None where nothing can be measured.
    """
    usable = changes.usable(mask)
    weights = np.ones(len(usable)) if weights is None else weights
    full = weights @ changes.full[usable, mask]  # [2]
    chosen = [n for n, trial in enumerate(changes.trials) if trial.method is method]
    if not chosen or not (full > 0).all():
        return None
    sums = np.tensordot(weights, changes.edited[usable][:, chosen, mask], axes=1)  # [T', 2]
    points = [
        CurvePoint(changes.trials[n].parameter, float(inside), float(outside))
        for n, (inside, outside) in zip(chosen, sums / full, strict=True)
    ]
    # A query with no budget changes nothing; from there every In-MSE can be come to.
    if points[0].parameter > 0.0:
        points.insert(0, CurvePoint(0.0, 0.0, 0.0))
    return Curve(method, tuple(points))


@dataclass(frozen=True)
class Row:
    """One part and mask at one In-MSE.

    Attributes:
        part: its name.
        share: mean area of the mask on the targets, of the picture's.
        mask: one of ``MASKS``.
        pairs: how many could be measured.
        in_mse: the In-MSE at which the methods are compared.
        global_, simultaneous, sequential: their Out-MSE there; None where it is not reached.
        ratio: sequential over simultaneous.
        low, high: 95 % interval of the ratio over resampled pairs.
    """

    part: str
    share: float
    mask: str
    pairs: int
    in_mse: float
    global_: float | None
    simultaneous: float | None
    sequential: float | None
    ratio: float | None
    low: float | None
    high: float | None

    @property
    def out_mse(self) -> dict[str, float | None]:
        """Out-MSE by the method's name."""
        return {
            "global": self.global_,
            "simultaneous": self.simultaneous,
            "sequential": self.sequential,
        }

    @property
    def complete(self) -> bool:
        """Whether all methods reach this In-MSE."""
        return None not in self.out_mse.values()

    @property
    def flag(self) -> str:
        """What is wrong with it: "" or one of the two things that must not be."""
        if self.ratio is None:
            return "not reached" if self.sequential is None else ""
        if self.ratio > 1.0:
            return "worse" if self.low is not None and self.low > 1.0 else "worse (within noise)"
        return "over 0.5" if self.share > LARGE_SHARE and self.ratio > LARGE_RATIO else ""


def compare(
    part: str,
    changes: PartChanges,
    matched: Sequence[float] = MATCHED,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> list[Row]:
    """Compare the methods for each mask and In-MSE.

    The interval is that of the percentile bootstrap: pairs are drawn anew, with replacement, as
    many as there are, and all curves are made of them. Where fewer than nine in ten draws reach
    the In-MSE with both methods, there is none.
    """
    rows: list[Row] = []
    source = np.random.default_rng(seed)
    for mask, mask_name in enumerate(MASKS):
        usable = changes.usable(mask)
        found = {m: pooled_curve(changes, m, mask) for m in Method}
        if not len(usable) or not any(found.values()):
            continue
        draws = source.multinomial(len(usable), [1.0 / len(usable)] * len(usable), resamples)
        drawn = _drawn_ratios(changes, mask, draws, matched)
        for column, at in enumerate(matched):
            out = {m: None if curve is None else curve.out_at(at) for m, curve in found.items()}
            low, high = interval(drawn[:, column]) or (None, None)
            rows.append(
                Row(
                    part=part,
                    share=float(changes.share[usable, mask].mean()),
                    mask=mask_name,
                    pairs=len(usable),
                    in_mse=at,
                    global_=out[Method.GLOBAL],
                    simultaneous=out[Method.SIMULTANEOUS],
                    sequential=out[Method.SEQUENTIAL],
                    ratio=_ratio(out[Method.SEQUENTIAL], out[Method.SIMULTANEOUS]),
                    low=low,
                    high=high,
                )
            )
    return rows


def _drawn_ratios(
    changes: PartChanges, mask: int, draws: NDArray[np.int64], matched: Sequence[float]
) -> NDArray[np.float64]:
    """Return the ratio of each draw and In-MSE, [draws, len(matched)]; NaN where there is none."""
    ratios = np.full((len(draws), len(matched)), np.nan)
    for n, weights in enumerate(draws.astype(np.float64)):
        sequential = pooled_curve(changes, Method.SEQUENTIAL, mask, weights)
        simultaneous = pooled_curve(changes, Method.SIMULTANEOUS, mask, weights)
        if sequential is not None and simultaneous is not None:
            for column, at in enumerate(matched):
                ratio = _ratio(sequential.out_at(at), simultaneous.out_at(at))
                ratios[n, column] = np.nan if ratio is None else ratio
    return ratios


def _ratio(sequential: float | None, simultaneous: float | None) -> float | None:
    if sequential is None or simultaneous is None or simultaneous <= 0.0:
        return None
    return sequential / simultaneous
