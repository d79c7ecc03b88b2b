"""The diff map as a picture: delta E in colour, the ROI's outline, a legend."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.difference import JUST_NOTICEABLE
from localedit_core.editing.request import Picture

FULL_SCALE = 10.0
"""Delta E at which the colour scale ends: nobody takes the two colours for the same."""

_LEGEND_HEIGHT = 0.16
_WHITE = (255, 255, 255)


def colour_scale(values: NDArray[np.float32]) -> Picture:
    """Delta E of any shape [...] to sRGB [..., 3]: black where nothing changed, then to yellow."""
    levels = np.clip(values * (255.0 / FULL_SCALE), 0.0, 255.0).astype(np.uint8)
    mapped = cv2.applyColorMap(levels.reshape(-1, 1), _ramp())  # [n, 1, 3]
    return np.asarray(mapped.reshape(*levels.shape, 3), dtype=np.uint8)


@cache
def _ramp() -> Picture:
    """256 colours from black to pale yellow, even in lightness: sRGB [256, 1, 3]."""
    steps = np.arange(256, dtype=np.uint8)[:, None]
    return np.ascontiguousarray(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO)[:, :, ::-1])


def render_diff(
    difference: NDArray[np.float32], roi: NDArray[np.bool_] | None = None, size: int = 512
) -> Picture:
    """Draw a diff map with its legend.

    Args:
        difference: delta E, [H, W].
        roi: True inside the part, [H, W]; its outline is drawn.
        size: width of the drawing in pixels; the legend below adds about a sixth to the height.

    Returns:
        sRGB, [size + legend, size, 3].
    """
    return np.concatenate((draw_diff(difference, roi, size), draw_legend(size)), axis=0)


def draw_diff(difference: NDArray[np.float32], roi: NDArray[np.bool_] | None, size: int) -> Picture:
    """The diff map alone, sRGB [size, size, 3]; see ``render_diff``."""
    way = cv2.INTER_AREA if size < difference.shape[0] else cv2.INTER_NEAREST
    resized = cv2.resize(difference, (size, size), interpolation=way)
    picture = colour_scale(np.asarray(resized, dtype=np.float32))  # [size, size, 3]
    if roi is not None:
        mask = cv2.resize(roi.astype(np.uint8), (size, size), interpolation=cv2.INTER_NEAREST)
        outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, outlines, -1, _WHITE, max(1, size // 300), cv2.LINE_AA)
    return picture


def draw_legend(width: int) -> Picture:
    """A bar from 0 to the end of the scale, with a mark where a change is just noticeable.

    Returns:
        sRGB, [about width / 6, width, 3].
    """
    height = round(width * _LEGEND_HEIGHT)
    legend = np.full((height, width, 3), 24, dtype=np.uint8)
    margin, top, bottom = width // 16, height // 6, height // 2
    ramp = np.linspace(0.0, FULL_SCALE, width - 2 * margin, dtype=np.float32)  # [w]
    legend[top:bottom, margin : width - margin] = colour_scale(ramp)
    scale = width / 900.0
    for value, text in (
        (0.0, "0"),
        (JUST_NOTICEABLE, f"{JUST_NOTICEABLE} just noticeable"),
        (FULL_SCALE, f"{FULL_SCALE:g} or more delta E"),
    ):
        x = margin + round(value / FULL_SCALE * (width - 2 * margin - 1))
        cv2.line(legend, (x, bottom), (x, bottom + height // 10), _WHITE, 1, cv2.LINE_AA)
        (extent, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        left = min(max(2, x - (0 if value < FULL_SCALE else extent)), width - extent - 2)
        place = (left, height - height // 8)
        cv2.putText(legend, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, _WHITE, 1, cv2.LINE_AA)
    return legend
