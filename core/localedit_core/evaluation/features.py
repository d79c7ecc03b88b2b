"""What pictures are compared by: features with a name, which goes with every distance on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from localedit_core.editing.request import Picture
from localedit_core.evaluation.moments import Floats


class Features(Protocol):
    """An extractor of D features. It travels to other processes: let it be small when pickled."""

    @property
    def name(self) -> str:
        """What they are, and all that decides their values: results are kept under it."""
        ...

    def __call__(self, pictures: Sequence[Picture]) -> Floats:
        """The features of pictures [H, W, 3] of one size, [n, D]."""
        ...


@dataclass(frozen=True)
class PixelFeatures:
    """sRGB values, 0 to 1, of pictures averaged down to ``side`` px: side * side * 3 of them."""

    side: int

    @property
    def name(self) -> str:
        """Says the size."""
        return f"pixels, {self.side} x {self.side}"

    def __call__(self, pictures: Sequence[Picture]) -> Floats:
        """[n, side * side * 3]."""
        size = (self.side, self.side)
        small = [
            cv2.resize(picture.astype(np.float32), size, interpolation=cv2.INTER_AREA)
            for picture in pictures
        ]
        return np.asarray(small, np.float64).reshape(len(small), -1) / 255.0
