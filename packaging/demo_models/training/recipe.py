"""How a bundled generator is trained: sizes, times and rates, apart from the work itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

CHANNELS = (192, 192, 192, 160, 64, 32, 16)
"""Of the blocks at 4, 8, ... 256 px; a smaller generator takes the first of them."""

Stage = tuple[int, float, int]
_STAGES: dict[int, tuple[Stage, ...]] = {
    128: ((32, 0.28, 16), (64, 0.56, 8), (128, 1.0, 8)),
    256: ((32, 0.28, 16), (64, 0.54, 8), (128, 0.74, 8), (256, 1.0, 8)),
}


@dataclass(frozen=True)
class Recipe:
    """How to train.

    ``stages`` gives, per output resolution, the share of the time at which it ends and the batch;
    the rate is constant up to ``constant_until`` and falls as a cosine after it; the locality
    regulariser comes in at ``locality_from``, at every n-th step with n times its weight (a weight
    of 0 leaves it out). ``mapping`` says whether the mapping network keeps a block of weights per
    group of factors or is dense, as published. ``seed`` decides the first weights and the order of
    the pictures. ``mixing`` is the share of pictures that are made as mixtures of two styles.
    """

    seconds: float
    stages: tuple[Stage, ...] = _STAGES[256]
    channels: tuple[int, ...] = CHANNELS
    mapping: Literal["blocks", "dense"] = "blocks"
    mapping_layers: int = 3
    muon_rate: float = 0.012
    adam_rate: float = 3e-3
    warm_up: int = 60
    constant_until: float = 0.30
    locality_from: float = 0.45
    locality_weight: float = 0.10
    locality_every: int = 2
    mixing: float = 0.0
    average: float = 0.999
    save_every: float = 150.0
    seed: int = 0

    @classmethod
    def of(cls, resolution: int, seconds: float) -> Recipe:
        """Return the recipe for a generator of ``resolution`` (128 or 256)."""
        channels = CHANNELS[: resolution.bit_length() - 2]
        return cls(seconds, stages=_STAGES[resolution], channels=channels)

    def going_on(self) -> Recipe:
        """Return the recipe for weights that are trained already: full size, lower rates."""
        resolution, _, batch = self.stages[-1]
        return replace(
            self,
            stages=((resolution, 1.0, batch),),
            muon_rate=0.4 * self.muon_rate,
            adam_rate=0.4 * self.adam_rate,
            locality_from=0.0,
        )

    def smoke(self, seconds: float) -> Recipe:
        """Return the recipe for a few steps at every stage, to see that all runs."""
        count = len(self.stages)
        stages = tuple((side, (i + 1) / count, 4) for i, (side, _, _) in enumerate(self.stages))
        return replace(self, seconds=seconds, stages=stages)

    def stage(self, progress: float) -> tuple[int, int]:
        """Return the output resolution and the batch at ``progress`` in 0..1."""
        for resolution, end, batch in self.stages:
            if progress < end:
                return resolution, batch
        return self.stages[-1][0], self.stages[-1][2]

    def rate(self, progress: float, step: int) -> float:
        """Return the factor on both learning rates."""
        warm = min(1.0, (step + 1) / self.warm_up)
        late = max(0.0, progress - self.constant_until) / (1.0 - self.constant_until)
        return warm * 0.5 * (1.0 + math.cos(math.pi * min(1.0, late)))
