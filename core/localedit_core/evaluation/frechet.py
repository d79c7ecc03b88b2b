"""The Frechet distance of two sets of pictures on named features. It is no FID.

FID is this distance on the features of one certain Inception network (Heusel et al. 2017); on any
other features its value means something else, and it goes by those features' name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.jobs import Arrays, Cancelled, made_at, pair_latents
from localedit_core.evaluation.pairs import PairRange
from localedit_core.latents import MAX_SEED

Floats = NDArray[np.float64]
_APART = 2**31
"""How far the seeds of the independent pictures lie from the targets'."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over D features of a number of pictures: a value that adds.

    Attributes:
        count: how many, [].
        first: sum of x, [D].
        second: sum of x x', [D, D].
    """

    count: Floats
    first: Floats
    second: Floats

    @classmethod
    def of(cls, features: Floats) -> Moments:
        """The moments of features [N, D]."""
        return cls(np.array(float(len(features))), features.sum(axis=0), features.T @ features)

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.count + other.count, self.first + other.first, self.second + other.second
        )

    @property
    def mean(self) -> Floats:
        """[D]."""
        return np.asarray(self.first / self.count)

    @property
    def covariance(self) -> Floats:
        """[D, D], with N - 1 in the denominator."""
        spread = self.second - np.outer(self.first, self.first) / self.count
        return np.asarray(spread / (self.count - 1.0))


def frechet_distance(one: Moments, other: Moments) -> float:
    """The squared Frechet distance of the Gaussians with these moments (Dowson and Landau 1982).

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2), by eigenvalues of symmetric matrices.

    Raises:
        LocalEditError: either set has fewer than two pictures.
    """
    if min(float(one.count), float(other.count)) < 2:
        raise LocalEditError("A spread needs two pictures at least.", "Use more --pairs.")
    values, vectors = np.linalg.eigh(one.covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    cross = np.linalg.eigvalsh(root @ other.covariance @ root)
    overlap = np.sqrt(np.maximum(cross, 0.0)).sum()
    apart = one.mean - other.mean
    spread = np.trace(one.covariance) + np.trace(other.covariance) - 2.0 * overlap
    return max(float(apart @ apart + spread), 0.0)


def pixel_features(picture: Picture, side: int) -> Floats:
    """sRGB values, 0 to 1, of a picture averaged down to ``side`` px: [side * side * 3]."""
    small = cv2.resize(picture.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float64).ravel() / 255.0


@dataclass(frozen=True, eq=False)
class FrechetSums:
    """Moments of the sets that are compared, by name."""

    sets: Mapping[str, Moments]

    def __add__(self, other: FrechetSums) -> FrechetSums:
        return FrechetSums({name: self.sets[name] + other.sets[name] for name in self.sets})

    def arrays(self) -> Arrays:
        """All of it by name."""
        return {
            f"{name}/{field}": np.asarray(values)
            for name, moments in self.sets.items()
            for field, values in vars(moments).items()
        }


@dataclass(frozen=True)
class FrechetJob:
    """Edited and unedited targets, and pictures that have nothing to do with either.

    Attributes:
        parts: their names.
        settings: of each part's transfer.
        size: side of the pictures that are made.
        psi: truncation.
        first_seed: of the first pair's target.
        side: of the pictures that are features, in pixels.
    """

    parts: tuple[str, ...]
    settings: tuple[QuerySettings, ...]
    size: int
    psi: float
    first_seed: int
    side: int

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON takes it."""
        return asdict(self)

    def measure(
        self, pipeline: Pipeline, pairs: PairRange, cancelled: Cancelled | None = None
    ) -> FrechetSums:
        """The moments over a range of pairs. RenderCancelled where ``cancelled`` said yes."""
        found: dict[str, list[Floats]] = {name: [] for name in self._names()}

        side = made_at(pipeline, self.size, (settings.guard for settings in self.settings))

        def add(name: str, request: RenderRequest) -> None:
            picture = pipeline.picture(request, side, cancelled)
            found[name].append(pixel_features(picture, self.side))

        for seeds in pairs.pairs(self.first_seed):
            target, reference = pair_latents(pipeline, seeds, self.psi)
            independent = (seeds[0] + _APART) % MAX_SEED
            other, _ = pair_latents(pipeline, (independent, independent), self.psi)
            add("independent", RenderRequest(0, 0, other))
            add("unedited", RenderRequest(0, 0, target))
            for part, settings in zip(self.parts, self.settings, strict=True):
                edit = Edit("studied", part, reference, settings)
                add(f"edited {part}", RenderRequest(0, 0, target, (edit,)))
        return FrechetSums({name: Moments.of(np.stack(rows)) for name, rows in found.items()})

    def read(self, arrays: Arrays) -> FrechetSums:
        """The sums whose ``arrays`` these are."""
        return FrechetSums(
            {
                name: Moments(
                    arrays[f"{name}/count"].reshape(()),
                    arrays[f"{name}/first"],
                    arrays[f"{name}/second"],
                )
                for name in self._names()
            }
        )

    def _names(self) -> tuple[str, ...]:
        return ("independent", "unedited", *(f"edited {part}" for part in self.parts))
