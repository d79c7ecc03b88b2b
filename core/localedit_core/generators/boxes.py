"""Pieces of pictures and of the features below them: where they lie, and what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # the window compares pictures without torch
    from torch import Tensor


@dataclass(frozen=True)
class Box:
    """Rows ``top`` to ``bottom`` and columns ``left`` to ``right`` of a map, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @classmethod
    def whole(cls, side: int) -> Box:
        """All of a map."""
        return cls(0, side, 0, side)

    @classmethod
    def around(cls, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> Box | None:
        """From the first to the last of the rows [H] and columns [W] that are True, if any is."""
        down, across = np.flatnonzero(rows), np.flatnonzero(columns)
        if not down.size or not across.size:
            return None
        ends = (down[0], down[-1] + 1, across[0], across[-1] + 1)
        return cls(*map(int, ends))

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its rows and columns, to index a map [H, W, ...]."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left

    def grown(self, by: int, side: int) -> Box:
        """With so many more places all round, as far as the map of that side goes."""
        return Box(
            max(self.top - by, 0),
            min(self.bottom + by, side),
            max(self.left - by, 0),
            min(self.right + by, side),
        )

    def below(self, side: int) -> Box:
        """The places, of a map half as large, from which an upsampling layer makes it.

        A place lands on three of the transposed convolution, the filter takes one before and two
        after each place that it makes. Upsampling colours reads no more.

        Args:
            side: of the lower map.
        """
        return Box(
            max((self.top - 2) // 2, 0),
            min(self.bottom // 2 + 2, side),
            max((self.left - 2) // 2, 0),
            min(self.right // 2 + 2, side),
        )

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )

    def scaled(self, side: int, to: int) -> Box:
        """The same place on a map of side ``to``, rounded outwards."""
        return Box(
            self.top * to // side,
            -(-self.bottom * to // side),
            self.left * to // side,
            -(-self.right * to // side),
        )

    def strips(self, rows: int) -> Iterator[Box]:
        """Its rows from top to bottom, so many at a time."""
        for top in range(self.top, self.bottom, rows):
            yield Box(top, min(top + rows, self.bottom), self.left, self.right)

    def cut(self, x: Tensor, at: Box) -> Tensor:
        """This piece of ``x`` [N, C, h, w], which lies at ``at`` and holds it."""
        return x[
            :,
            :,
            self.top - at.top : self.bottom - at.top,
            self.left - at.left : self.right - at.left,
        ]
