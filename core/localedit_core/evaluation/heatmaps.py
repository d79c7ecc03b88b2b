"""Where edits change pictures: mean squared error pixel by pixel (paper, Fig. 7 a)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.atomic import atomic_path, atomic_write
from localedit_core.editing.difference import squared_error
from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.errors import RenderCancelled
from localedit_core.evaluation.jobs import Arrays, Cancelled, made_at, pair_latents
from localedit_core.evaluation.pairs import PairRange
from localedit_core.evaluation.tables import csv_table
from localedit_core.sheets.contact_sheet import contact_sheet, fitted, write_sheet

HEATMAP_SUFFIXES = (".json", ".csv", ".png", ".pdf", ".npz")


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
        side = made_at(pipeline, self.size, (settings.guard for settings in self.settings))
        for seeds in pairs.pairs(self.first_seed):
            target, reference = pair_latents(pipeline, seeds, self.psi)
            request = RenderRequest(0, 0, target)
            original = fitted(pipeline.picture(request, side, cancelled), self.size)
            clusters = pipeline.view(target).clusters
            part_map = pipeline.catalog.part_map(clusters, self.size)  # [H, W]
            for part, name in enumerate(self.parts):
                if cancelled is not None and cancelled():
                    raise RenderCancelled
                edit = Edit("studied", name, reference, self.settings[part])
                wanted = replace(request, edits=(edit,))
                edited = fitted(pipeline.picture(wanted, side, cancelled), self.size)
                sums.error[part] += squared_error(original, edited)
                sums.cover[part] += part_map == names.index(name)
        return sums

    def read(self, arrays: Arrays) -> HeatmapSums:
        """The sums whose ``arrays`` these are. ValueError where their shapes are another job's."""
        shape = (len(self.parts), self.size, self.size)
        if arrays["error"].shape != shape or arrays["cover"].shape != shape:
            raise ValueError("error")
        return HeatmapSums(arrays["pairs"].reshape(()), arrays["error"], arrays["cover"])


@dataclass(frozen=True)
class HeatmapNumbers:
    """How far transfers of a part change pictures (``difference.squared_error``).

    Attributes:
        mean: over the whole picture.
        largest: of any pixel's mean over pairs.
        inside: mean over pixels, each weighted by how often it belongs to the part; 0 where none
            ever does.
        outside: the same with how often it does not.
    """

    mean: float
    largest: float
    inside: float
    outside: float


def heatmap_numbers(error: NDArray[np.float64], cover: NDArray[np.float64]) -> HeatmapNumbers:
    """The numbers of one part's mean error and mean cover, both [H, W]."""
    inside = float((error * cover).sum() / max(cover.sum(), 1e-12))
    outside = float((error * (1.0 - cover)).sum() / max((1.0 - cover).sum(), 1e-12))
    return HeatmapNumbers(float(error.mean()), float(error.max()), inside, outside)


def heatmap_picture(error: NDArray[np.float64], side: int) -> Picture:
    """Draw a map [H, W] at ``side`` px, black for none and light for its largest error."""
    largest = float(error.max())
    grey = np.round(255.0 * error / largest if largest else error).astype(np.uint8)
    drawn = cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO)[..., ::-1]
    return fitted(np.ascontiguousarray(drawn), side)


def heatmap_sheet(parts: Sequence[str], sums: HeatmapSums, side: int = 256) -> Picture:
    """Draw the maps in one row; below each the mean error inside the part over that outside."""
    cells, texts = [], []
    for error, cover in zip(sums.means["error"], sums.means["cover"], strict=True):
        cells.append(heatmap_picture(error, side))
        numbers = heatmap_numbers(error, cover)
        ratio = numbers.inside / numbers.outside if numbers.outside else None
        texts.append("none outside" if ratio is None else f"in/out {ratio:.0f} x")
    title = f"mean squared error over {int(sums.pairs)} pairs"
    return contact_sheet([cells], columns=list(parts), captions=[texts], title=title)


def heatmap_facts(parts: Sequence[str], sums: HeatmapSums) -> dict[str, dict[str, float]]:
    """Each part's numbers as JSON takes them."""
    means = zip(parts, sums.means["error"], sums.means["cover"], strict=True)
    return {name: asdict(heatmap_numbers(error, cover)) for name, error, cover in means}


def write_heatmaps(path: Path, parts: Sequence[str], sums: HeatmapSums) -> None:
    """Write what the suffix says: a sheet (.png, .pdf), maps (.npz), numbers (.json, .csv).

    Raises:
        LocalEditError: the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix == ".npz":
        with atomic_path(path) as temporary:
            np.savez_compressed(temporary, parts=np.array(parts), **sums.means)  # type: ignore[arg-type]
    elif suffix == ".json":
        facts = {"pairs": int(sums.pairs), "parts": heatmap_facts(parts, sums)}
        atomic_write(path, (json.dumps(facts, indent=1) + "\n").encode())
    elif suffix == ".csv":
        rows = [{"part": name, **told} for name, told in heatmap_facts(parts, sums).items()]
        atomic_write(path, csv_table(rows))
    else:
        description = "How far transfers change generated pictures, no photograph."
        write_sheet(path, heatmap_sheet(parts, sums), description=description)
