"""How far two pictures are apart, position by position, as people see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.request import Picture
from localedit_core.generators.boxes import Box

JUST_NOTICEABLE = 2.3
"""CIE76 delta E of a just noticeable difference (Mahy et al. 1994)."""

# L is scaled to the 0..255 range of a and b, and the three errors are averaged over 255^2.
_LIGHTNESS_SCALE = 2.55
_NORMALISATION = 3.0 * 255.0**2


def to_lab(picture: Picture) -> NDArray[np.float32]:
    """Convert sRGB [H, W, 3] to CIELAB (D65), L in 0..100: float32 [H, W, 3].

    From linear light, because OpenCV's direct conversion interpolates in a coarse table: it is off
    by up to 0.43, this by less than 0.03, and this is faster.
    """
    linear = cv2.LUT(picture, _linear_light())  # [H, W, 3]
    return np.asarray(cv2.cvtColor(linear, cv2.COLOR_LRGB2LAB), dtype=np.float32)


@cache
def _linear_light() -> NDArray[np.float32]:
    """The linear light of each sRGB byte (IEC 61966-2-1), [256]."""
    coded = np.arange(256) / 255.0
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


def delta_e_lab(original: NDArray[np.float32], image: NDArray[np.float32]) -> NDArray[np.float32]:
    """CIE76 delta E of two CIELAB pictures [H, W, 3]: [H, W]."""
    return np.asarray(np.sqrt(np.square(image - original).sum(axis=2)), dtype=np.float32)


def squared_error_lab(
    original: NDArray[np.float32], image: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Squared error of two CIELAB pictures [H, W, 3], normalised as the paper's authors do: [H, W].

    ((2.55 dL)^2 + da^2 + db^2) / (3 * 255^2)
    """
    change = image - original  # [H, W, 3]
    scale = np.array([_LIGHTNESS_SCALE, 1.0, 1.0], dtype=np.float32)
    error = np.square(change * scale).sum(axis=2) / np.float32(_NORMALISATION)
    return np.asarray(error, dtype=np.float32)


def squared_error(original: Picture, image: Picture) -> NDArray[np.float32]:
    """``squared_error_lab`` of two sRGB pictures [H, W, 3]: [H, W]."""
    return squared_error_lab(to_lab(original), to_lab(image))


@dataclass(frozen=True, eq=False)
class PictureChange:
    """Where two pictures differ and, there, how.

    A local edit leaves most of a picture as it was: nothing has to be looked at outside of a box.

    Attributes:
        shape: of the pictures, (H, W).
        box: the smallest with every pixel that differs; of one pixel where none does.
        original: the first picture in the box in CIELAB, [h, w, 3].
        image: the second, [h, w, 3].
        seen: CIE76 delta E, [h, w].
        squared: summed over the colours, the squared differences of the sRGB bytes, [h, w].
    """

    shape: tuple[int, int]
    box: Box
    original: NDArray[np.float32]
    image: NDArray[np.float32]
    seen: NDArray[np.float32]
    squared: NDArray[np.int32]

    @classmethod
    def between(cls, original: Picture, image: Picture) -> PictureChange:
        """Compare two pictures, [H, W, 3] each."""
        height, width, _ = original.shape
        differs = (original != image).reshape(height, 3 * width)
        columns = differs.any(axis=0).reshape(width, 3).any(axis=1)
        box = Box.around(differs.any(axis=1), columns) or Box(0, 1, 0, 1)
        before, after = original[box.slices], image[box.slices]
        squared = np.square(after.astype(np.int32) - before).sum(axis=2, dtype=np.int32)
        first, second = to_lab(before), to_lab(after)
        return cls((height, width), box, first, second, delta_e_lab(first, second), squared)

    def delta_e(self) -> NDArray[np.float32]:
        """CIE76 delta E of the whole pictures, [H, W]."""
        seen = np.zeros(self.shape, dtype=np.float32)
        seen[self.box.slices] = self.seen
        return seen
