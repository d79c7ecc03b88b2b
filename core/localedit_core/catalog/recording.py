"""Activations of random pictures, kept for k-means in memory that does not grow with their number.

Where all positions of all pictures fit in ``MAX_VALUES``, all are kept; otherwise a random choice
of them, the same number of every picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.contribution import CONSTANT
from localedit_core.catalog.membership import rows_of
from localedit_core.catalog.sampling import Cancelled, PictureSeries, Progress
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator, LayerInfo

MAX_VALUES = 2**27
"""Values kept of one layer: 512 MiB. 200 pictures of 32 x 32 x 512 are 80 % of that."""

MAX_VALUES_AT_A_TIME = 2**28
"""Values kept of several layers that are recorded in one pass: 1 GiB."""


def kept_rows(layer: LayerInfo, n_samples: int) -> int:
    """How many positions of a layer are kept over that many pictures: ``MAX_VALUES`` at most."""
    return min(n_samples * layer.input_resolution**2, max(1, MAX_VALUES // layer.channels))


def grouped(layers: Sequence[LayerInfo], n_samples: int) -> list[list[LayerInfo]]:
    """The layers in order, in groups whose values fit in ``MAX_VALUES_AT_A_TIME`` together."""
    groups: list[list[LayerInfo]] = []
    room = 0
    for layer in layers:
        size = kept_rows(layer, n_samples) * layer.channels
        if not groups or size > room:
            groups.append([])
            room = MAX_VALUES_AT_A_TIME
        groups[-1].append(layer)
        room -= size
    return groups


@dataclass(eq=False)
class Rows:
    """The kept positions of one layer, picture by picture.

    Args:
        layer: which.
        n_samples: how many pictures there will be.
        random_state: chooses the positions where not all are kept.

    Attributes:
        values: [n, C] float32; those of the pictures that are not there yet are undefined.
    """

    layer: LayerInfo
    n_samples: int
    random_state: int
    values: NDArray[np.float32] = field(init=False)
    _standardised: tuple[NDArray[np.float32], NDArray[np.float32]] | None = field(
        default=None, init=False
    )

    def __post_init__(self) -> None:
        self.values = np.empty(
            (kept_rows(self.layer, self.n_samples), self.layer.channels), np.float32
        )

    def bounds(self, index: int) -> tuple[int, int]:
        """Which rows are of the picture of that index: from, to."""
        kept = len(self.values)
        return index * kept // self.n_samples, (index + 1) * kept // self.n_samples

    def add(self, index: int, rows: NDArray[np.float32]) -> None:
        """Keep what is to be kept of a picture's rows [H * W, C]."""
        start, end = self.bounds(index)
        if end - start < len(rows):
            source = np.random.default_rng((self.random_state, index))
            rows = rows[np.sort(source.choice(len(rows), end - start, replace=False))]
        self.values[start:end] = rows

    def standardise(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Bring each channel to mean 0 and variance 1, once; the mean and std it had, [C]."""
        if self._standardised is None:
            self._standardised = standardise(self.values)
        return self._standardised


@dataclass(eq=False)
class Recording:
    """The positions of several layers, over one pass through the pictures. Can be gone on with.

    Args:
        layers: which.
        pictures: which.

    Attributes:
        rows: layer name -> its rows.
        done: how many pictures are in them.
    """

    layers: Sequence[LayerInfo]
    pictures: PictureSeries
    rows: dict[str, Rows] = field(init=False)
    done: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        count, state = len(self.pictures.seeds), self.pictures.random_state
        self.rows = {layer.name: Rows(layer, count, state) for layer in self.layers}

    @property
    def is_complete(self) -> bool:
        """Whether all pictures are in."""
        return self.done == len(self.pictures.seeds)

    def go_on(
        self,
        generator: Generator,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        """Make the pictures that are missing, as far up as the layers need.

        Raises:
            LocalEditError: activations that are not finite numbers.
            RenderCancelled: ``cancelled`` said yes; what is done is kept.
        """
        names = tuple(self.rows)
        up_to = max(layer.resolution for layer in self.layers)
        while not self.is_complete:
            if progress is not None:
                progress(self.done, len(self.pictures.seeds))
            if cancelled is not None and cancelled():
                raise RenderCancelled
            seed = self.pictures.seeds[self.done]
            with torch.no_grad():
                made = generator.synthesize(
                    self.pictures.styles(generator, seed),
                    record=names,
                    up_to=up_to,
                    cancelled=cancelled,
                )
            for name, kept in self.rows.items():
                rows = rows_of(made.activations[name])
                if not np.isfinite(rows).all():
                    raise LocalEditError(
                        f"The activations of {name} hold values that are not finite numbers "
                        f"(seed {seed}).",
                        "The generator's weights may be damaged: take another copy of its file.",
                    )
                kept.add(self.done, rows)
            self.done += 1
        if progress is not None:
            progress(self.done, len(self.pictures.seeds))


def standardise(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Bring each column of rows [N, C] to mean 0 and variance 1, in place; mean and std, [C].

    A column that is constant up to rounding becomes 0 and has std 0.
    """
    mean = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    rows -= mean
    std = np.sqrt(np.einsum("nc,nc->c", rows, rows, dtype=np.float64) / len(rows))
    std = np.where(std > CONSTANT * np.abs(mean), std, 0.0).astype(np.float32)
    rows *= np.divide(1.0, std, out=np.zeros_like(std), where=std > 0)
    return mean, std
