"""The numbers that say how local an edit is (paper, section 4.3; PandA for the ROIR)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.difference import delta_e_lab, squared_error_lab, to_lab
from localedit_core.editing.request import Leak, Measures, Picture
from localedit_core.generators.base import Styles


def channels_moved(target: Styles, edited: Styles) -> dict[str, int]:
    """Per layer, how many style channels of the first picture differ: name -> count."""
    return {name: int((edited[name][0] != target[name][0]).sum()) for name in target}


SEEN_FROM = 0.002
"""Share of the picture from which a part counts: the mean of a few pixels says nothing."""


def strongest_leak(
    difference: NDArray[np.float32],
    part_map: NDArray[np.uint8],
    names: Sequence[str],
    edited: Collection[str],
) -> Leak | None:
    """The part that changes most of those that nobody edits.

    Args:
        difference: CIE76 delta E, [H, W].
        part_map: index into ``names`` per pixel, or another number where no part is, [H, W].
        names: of all parts.
        edited: the parts that are meant to change.

    Returns:
        The part with the largest mean; None where no other part covers ``SEEN_FROM``.
    """
    labels = part_map.ravel()
    pixels = np.bincount(labels, minlength=256)
    sums = np.bincount(labels, weights=difference.ravel(), minlength=256)
    means = {
        name: float(sums[index] / pixels[index])
        for index, name in enumerate(names)
        if name not in edited and pixels[index] >= SEEN_FROM * labels.size
    }
    if not means:
        return None
    part = max(means, key=lambda name: means[name])
    return Leak(part, means[part])


def measure(
    original: Picture,
    image: Picture,
    roi: NDArray[np.bool_],
    moved: Mapping[str, int],
    total: Mapping[str, int],
) -> Measures | None:
    """Measure an edit.

    Args:
        original: the target, [H, W, 3].
        image: the edited picture, [H, W, 3].
        roi: True inside the part, [H, W].
        moved: channels moved per layer.
        total: channels per layer.

    Returns:
        The measures, or None where the ROI or its outside is empty and no mean exists.
    """
    if roi.all() or not roi.any():
        return None
    first, second = to_lab(original), to_lab(image)
    error = squared_error_lab(first, second).astype(np.float64)  # [H, W]
    seen = delta_e_lab(first, second).astype(np.float64)  # [H, W]
    change = (image.astype(np.float64) - original) / 255.0  # [H, W, 3]
    inside = float(np.linalg.norm(change[roi]))
    outside = float(np.linalg.norm(change[~roi]))
    return Measures(
        in_mse=float(error[roi].mean()),
        out_mse=float(error[~roi].mean()),
        roir=outside / inside if inside > 0.0 else None,
        delta_e_inside=float(seen[roi].mean()),
        delta_e_outside=float(seen[~roi].mean()),
        channels_moved=dict(moved),
        channels_total=dict(total),
    )
