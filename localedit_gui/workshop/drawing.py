"""Pictures that the workshop shows or writes: checked parts, membership sheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Picture
from localedit_gui.workshop.values import Bench, Labelled


def export_sheet(path: Path, bench: Bench, state: Labelled) -> Path:
    """Write the samples with their clusters as one PNG, named ones with their names.

    Raises:
        LocalEditError: the file cannot be written.
    """
    from localedit_core.catalog.sheets import draw_sheet
    from localedit_core.session.png import export_png

    sheet = draw_sheet(
        list(bench.pictures),
        list(state.labels),
        caption=lambda cluster: state.naming.part_of(cluster) or str(cluster),
    )
    export_png(path, sheet, description="Membership maps of generated pictures, no photographs.")
    return path


def outlined(picture: Picture, mask: NDArray[np.bool_]) -> Picture:
    """The picture with everything outside the mask darker, and the mask's edge in white."""
    import cv2

    dimmed = np.where(mask[..., None], picture, (picture * 0.35).astype(np.uint8))
    scale = max(1, 256 // picture.shape[0])
    side = picture.shape[0] * scale
    large = np.ascontiguousarray(
        cv2.resize(dimmed.astype(np.uint8), (side, side), interpolation=cv2.INTER_LINEAR)
    )
    whole = cv2.resize(mask.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    edges, _ = cv2.findContours(whole, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    width = max(1, side // 128)
    cv2.drawContours(large, edges, -1, (0, 0, 0), width + 2)
    cv2.drawContours(large, edges, -1, (255, 255, 255), width)
    return np.asarray(large, np.uint8)
