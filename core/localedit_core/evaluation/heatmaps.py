"""Where edits change pictures: mean squared error pixel by pixel (paper, Fig. 7 a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.difference import squared_error
from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.errors import RenderCancelled
from localedit_core.evaluation.jobs import Arrays, Cancelled, pair_latents
from localedit_core.evaluation.pairs import PairRange
from localedit_core.sheets.contact_sheet import contact_sheet, fitted


@dataclass(frozen=True, eq=False)
class HeatmapSums:
    """Sums over pairs.

    Attributes:
        pairs: how many, [].
        error: CIELAB squared error between target and edited picture, [P, H, W].
        cover: how often each pixel belonged to the part on the target, [P, H, W].
    """

    pairs: NDArray[np.float64]
    error: NDArray[np.float64]
    cover: NDArray[np.float64]

    def __add__(self, other: HeatmapSums) -> HeatmapSums:
        return HeatmapSums(
            self.pairs + other.pairs, self.error + other.error, self.cover + other.cover
        )

    def arrays(self) -> Arrays:
        """All of it by name."""
        return {"pairs": np.asarray(self.pairs), "error": self.error, "cover": self.cover}

    @property
    def means(self) -> dict[str, NDArray[np.float64]]:
        """Mean squared error, and share of the pictures on which the part is there."""
        return {"error": self.error / self.pairs, "cover": self.cover / self.pairs}


@dataclass(frozen=True)
class HeatmapJob:
    """One transfer of each part per pair.

    Attributes:
        parts: their names.
        settings: of each part's transfer.
        size: side of the pictures, a resolution of the generator.
        psi: truncation.
        first_seed: of the first pair's target.
    """

    parts: tuple[str, ...]
    settings: tuple[QuerySettings, ...]
    size: int
    psi: float
    first_seed: int

    def facts(self) -> dict[str, Any]:
        """All of it, as JSON takes it."""
        return asdict(self)

    def measure(
        self, pipeline: Pipeline, pairs: PairRange, cancelled: Cancelled | None = None
    ) -> HeatmapSums:
        """The sums of a range of pairs. RenderCancelled where ``cancelled`` said yes."""
        shape = (len(self.parts), self.size, self.size)
        sums = HeatmapSums(np.array(float(pairs.count)), np.zeros(shape), np.zeros(shape))
        names = [part.name for part in pipeline.catalog.parts]
        for seeds in pairs.pairs(self.first_seed):
            target, reference = pair_latents(pipeline, seeds, self.psi)
            request = RenderRequest(0, 0, target)
            original = self._shown(pipeline.picture(request, self.size, cancelled))
            clusters = pipeline.view(target).clusters
            part_map = pipeline.catalog.part_map(clusters, self.size)  # [H, W]
            for part, name in enumerate(self.parts):
                if cancelled is not None and cancelled():
                    raise RenderCancelled
                edit = Edit("studied", name, reference, self.settings[part])
                wanted = replace(request, edits=(edit,))
                edited = self._shown(pipeline.picture(wanted, self.size, cancelled))
                sums.error[part] += squared_error(original, edited)
                sums.cover[part] += part_map == names.index(name)
        return sums

    def read(self, arrays: Arrays) -> HeatmapSums:
        """The sums whose ``arrays`` these are. ValueError where their shapes are another job's."""
        shape = (len(self.parts), self.size, self.size)
        if arrays["error"].shape != shape or arrays["cover"].shape != shape:
            raise ValueError("error")
        return HeatmapSums(arrays["pairs"].reshape(()), arrays["error"], arrays["cover"])

    def _shown(self, picture: Picture) -> Picture:
        return fitted(picture, self.size)  # the guard may make a larger one


def heatmap_sheet(parts: Sequence[str], sums: HeatmapSums, side: int = 256) -> Picture:
    """Draw the maps in one row, black for none and white for the largest error of each part.

    Below each part: the mean error inside over that outside, each pixel
    weighted by how often it belongs to the part.
    """
    cells, texts = [], []
    for error, cover in zip(sums.means["error"], sums.means["cover"], strict=True):
        largest = float(error.max())
        grey = np.round(255.0 * error / largest if largest else error).astype(np.uint8)
        drawn = cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO)[..., ::-1]
        cells.append(fitted(np.ascontiguousarray(drawn), side))
        inside = float((error * cover).sum() / max(cover.sum(), 1e-12))
        outside = float((error * (1.0 - cover)).sum() / max((1.0 - cover).sum(), 1e-12))
        texts.append(f"in/out {inside / outside:.0f} x" if outside else "none outside")
    title = f"mean squared error over {int(sums.pairs)} pairs"
    return contact_sheet([cells], columns=list(parts), captions=[texts], title=title)
