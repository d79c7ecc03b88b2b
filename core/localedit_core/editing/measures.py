"""The numbers that say how local an edit is (paper, section 4.3; PandA for the ROIR)."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.difference import PictureChange, squared_error_lab
from localedit_core.editing.request import Leak, Measures
from localedit_core.generators.base import Styles


def channels_moved(target: Styles, edited: Styles) -> dict[str, int]:
    """Per layer, how many style channels of the first picture differ: name -> count."""
    return {name: int((edited[name][0] != target[name][0]).sum()) for name in target}


SEEN_FROM = 0.002
"""Share of the picture from which a part counts: the mean of a few pixels says nothing."""


def strongest_leak(
    change: PictureChange,
    part_map: NDArray[np.uint8],
    names: Sequence[str],
    edited: Collection[str],
) -> Leak | None:
    """The part that changes most of those that nobody edits.

    Args:
        change: from the target to the edited picture.
        part_map: index into ``names`` per pixel, or another number where no part is, [H, W].
        names: of all parts.
        edited: the parts that are meant to change.

    Returns:
        The part with the largest mean; None where no other part covers ``SEEN_FROM``.
    """
    pixels = np.bincount(part_map.ravel(), minlength=256)
    labels = part_map[change.box.slices]
    sums = np.bincount(labels.ravel(), weights=change.seen.ravel(), minlength=256)
    means = {
        name: float(sums[index] / pixels[index])
        for index, name in enumerate(names)
        if name not in edited and pixels[index] >= SEEN_FROM * part_map.size
    }
    if not means:
        return None
    part = max(means, key=lambda name: means[name])
    return Leak(part, means[part])


def measure(
    change: PictureChange,
    roi: NDArray[np.bool_],
    moved: Mapping[str, int],
    total: Mapping[str, int],
    ignored: NDArray[np.bool_] | None = None,
) -> Measures | None:
    """Measure an edit.

    Args:
        change: from the target to the edited picture.
        roi: True inside the part, [H, W].
        moved: channels moved per layer.
        total: channels per layer.
        ignored: True where a change says nothing about this edit, because another one is meant to
            change that place: it counts as neither inside nor outside, [H, W]. Where nothing would
            be left outside, nothing is ignored.

    Returns:
        The measures, or None where the ROI or its outside is empty and no mean exists.
    """
    around = ~roi
    if ignored is not None and not (roi | ignored).all():
        around &= ~ignored
    pixels, pixels_around = (int(np.count_nonzero(where)) for where in (roi, around))
    if not pixels or not pixels_around:
        return None
    places = roi[change.box.slices], around[change.box.slices]  # [h, w] each

    def sums(values: NDArray[Any]) -> tuple[float, float]:
        inside, outside = (float(values[where].sum(dtype=np.float64)) for where in places)
        return inside, outside

    def means(values: NDArray[np.float32]) -> tuple[float, float]:
        inside, outside = sums(values)
        return inside / pixels, outside / pixels_around

    in_mse, out_mse = means(squared_error_lab(change.original, change.image))
    delta_e_inside, delta_e_outside = means(change.seen)
    inside, outside = sums(change.squared)
    return Measures(
        in_mse=in_mse,
        out_mse=out_mse,
        roir=math.sqrt(outside / inside) if inside > 0.0 else None,
        delta_e_inside=delta_e_inside,
        delta_e_outside=delta_e_outside,
        channels_moved=dict(moved),
        channels_total=dict(total),
    )
