"""Edited, unedited, independent and real pictures as sets whose Frechet distances are taken.

FID is this distance on the features of one certain Inception network (Heusel et al. 2017,
``inception``); on any other features its value means something else, and it goes by their name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.evaluation.features import Features
from localedit_core.evaluation.jobs import Arrays, Cancelled, made_at, pair_latents
from localedit_core.evaluation.moments import Floats, Moments
from localedit_core.evaluation.pairs import PairRange
from localedit_core.latents import MAX_SEED
from localedit_core.sheets.contact_sheet import fitted

INDEPENDENT, UNEDITED = "independent", "unedited"
_APART = 2**31
"""How far the seeds of the independent pictures lie from the targets'."""


@dataclass(frozen=True, eq=False)
class FrechetSums:
    """Moments of the sets that are compared, by name."""

    sets: Mapping[str, Moments]

    def __add__(self, other: FrechetSums) -> FrechetSums:
        return FrechetSums({name: self.sets[name] + other.sets[name] for name in self.sets})

    def arrays(self) -> Arrays:
        """All of it by name."""
        return {
            f"{name}/{field}": np.asarray(getattr(moments, field))
            for name, moments in self.sets.items()
            for field in ("count", "first", "second")
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
        features: what the sets are compared by.
    """

    parts: tuple[str, ...]
    settings: tuple[QuerySettings, ...]
    size: int
    psi: float
    first_seed: int
    features: Features

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON takes it."""
        return {
            "parts": self.parts,
            "settings": [asdict(settings) for settings in self.settings],
            "size": self.size,
            "psi": self.psi,
            "first_seed": self.first_seed,
            "features": self.features.name,
        }

    def measure(
        self, pipeline: Pipeline, pairs: PairRange, cancelled: Cancelled | None = None
    ) -> FrechetSums:
        """The moments over a range of pairs. RenderCancelled where ``cancelled`` said yes."""
        side = made_at(pipeline, self.size, (settings.guard for settings in self.settings))

        def made(request: RenderRequest) -> Picture:
            return fitted(pipeline.picture(request, side, cancelled), self.size)

        rows: list[Floats] = []
        for seeds in pairs.pairs(self.first_seed):
            target, reference = pair_latents(pipeline, seeds, self.psi)
            independent = (seeds[0] + _APART) % MAX_SEED
            other, _ = pair_latents(pipeline, (independent, independent), self.psi)
            pictures = [made(RenderRequest(0, 0, latent)) for latent in (other, target)]
            for part, settings in zip(self.parts, self.settings, strict=True):
                edit = Edit("studied", part, reference, settings)
                pictures.append(made(RenderRequest(0, 0, target, (edit,))))
            rows.append(self.features(pictures))
        features = np.stack(rows, axis=1)  # [sets, N, D]
        return FrechetSums(
            {name: Moments.of(each) for name, each in zip(self._names(), features, strict=True)}
        )

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
        return (INDEPENDENT, UNEDITED, *(f"edited {part}" for part in self.parts))
