"""Contribution M of each channel to each cluster (Eq. 1), streamed picture by picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.membership import one_hot, resize_matrix
from localedit_core.errors import LocalEditError

CONSTANT = 1e-6
"""A channel whose deviation is below this share of its magnitude is constant up to rounding."""

STRIP_VALUES = 2**18
"""Values of a layer that are folded at a time."""

FOLDED_VALUES = 2**25
"""Values on the grid of the labels at a time: only grids above 256 px have more channels."""


@dataclass(eq=False)
class _Sums:
    """What is kept of one layer, float64."""

    pivot: NDArray[np.float64]  # [C], the first picture's mean
    share: NDArray[np.float64]  # [K], sum of U
    first: NDArray[np.float64]  # [K, C], sum of U * (A - pivot)
    second: NDArray[np.float64]  # [K, C], sum of U * (A - pivot)^2


@dataclass(eq=False)
class ContributionMeter:
    """Adds up M over pictures; what it holds does not grow with their number.

    M[k, c] is the mean of U[k] * ((A[c] - mean[c]) / std[c])^2 over all positions of all pictures,
    where U are the one-hot membership maps resized to the layer (bilinear upwards, area average
    downwards) and mean and std are the channel's own over the same positions. For each channel M
    sums to 1 over the clusters. A constant channel shows no cluster anything: its M is 0
    everywhere.

    Only sums of U, U * A and U * A^2 are needed, so one pass gives mean, std and M at once. A is
    taken relative to the first picture's mean, which keeps the differences of sums exact. Instead
    of resizing U to every layer, A and A^2 are folded back onto the grid of the labels with the
    transposed resize: the same sum, written from the other end, at a fraction of the cost.

    Args:
        clusters: K.
    """

    clusters: int
    _layers: dict[str, _Sums] = field(default_factory=dict, init=False)

    def add(self, labels: NDArray[np.integer], activations: Mapping[str, Tensor]) -> None:
        """Take one picture in.

        Args:
            labels: cluster of each position, [h, h].
            activations: A_l of each layer, [1, C_l, H_l, H_l].

        Raises:
            LocalEditError: values that are not finite numbers.
        """
        maps = one_hot(labels, self.clusters).reshape(self.clusters, -1).astype(np.float64)
        folded: dict[tuple[object, ...], _Sums] = {}
        for name, tensor in activations.items():
            known = self._layers.get(name)
            pivot = None if known is None else known.pivot
            # A colour layer and the next convolution read the same tensor.
            key = (tensor.data_ptr(), tuple(tensor.shape), id(pivot))
            if key not in folded:
                folded[key] = _fold(tensor[0], maps, labels.shape[0], pivot)
                if not np.isfinite(folded[key].second).all():
                    raise LocalEditError(
                        f"The activations of {name} hold values that are not finite numbers.",
                        "The generator's weights may be damaged: take another copy of its file.",
                    )
            new = folded[key]
            if known is None:
                self._layers[name] = _Sums(
                    new.pivot, new.share.copy(), new.first.copy(), new.second.copy()
                )
            else:
                known.share += new.share
                known.first += new.first
                known.second += new.second

    def contributions(self) -> dict[str, NDArray[np.float32]]:
        """M of every layer, [K, C_l], each value in [0, 1]."""
        return {name: _contribution(sums) for name, sums in self._layers.items()}


def _fold(
    values: Tensor, maps: NDArray[np.float64], grid: int, pivot: NDArray[np.float64] | None
) -> _Sums:
    """Sums over one picture's layer, values [C, H, H] and maps [K, grid * grid]."""
    values = values.detach().to("cpu", torch.float32)
    if pivot is None:
        means = values.mean(dim=(1, 2), dtype=torch.float64)
        pivot = means.float().double().numpy()  # so that subtracting it in float32 is exact
    channels, side, _ = values.shape
    fitting = max(1, FOLDED_VALUES // grid**2)
    if channels > fitting:
        parts = [
            _fold(values[start : start + fitting], maps, grid, pivot[start : start + fitting])
            for start in range(0, channels, fitting)
        ]
        first = np.concatenate([part.first for part in parts], axis=1)
        second = np.concatenate([part.second for part in parts], axis=1)
        return _Sums(pivot, parts[0].share, first, second)
    resize = resize_matrix(grid, side)  # [H, grid]
    pixels = values.permute(1, 2, 0).contiguous()  # [H, W, C], as channels_last keeps them
    shift = torch.from_numpy(pivot).float()

    # U resized is resize @ U @ resize.T; its product with X is that of U with
    # resize.T @ X @ resize, which is summed here over strips of rows small enough for the cache.
    folded = torch.zeros(2, grid, grid * channels)  # of A and of A^2
    height = max(1, STRIP_VALUES // (side * channels))
    for top in range(0, side, height):
        strip = pixels[top : top + height] - shift  # [h, W, C]
        rows = resize[top : top + height].T  # [grid, h]
        for index in (0, 1):
            columns = resize.T @ (strip.square_() if index else strip)  # [h, grid, C]
            folded[index] += rows @ columns.reshape(len(strip), grid * channels)
    first, second = folded.reshape(2, grid * grid, channels).double().numpy()
    line = resize.sum(dim=0, dtype=torch.float64).numpy()  # [grid]
    share = maps @ np.outer(line, line).ravel()  # [K]
    return _Sums(pivot, share, maps @ first, maps @ second)


def _contribution(sums: _Sums) -> NDArray[np.float32]:
    count = sums.share.sum()
    shift = sums.first.sum(axis=0) / count  # [C], mean - pivot
    energy = sums.second - 2.0 * shift * sums.first + shift**2 * sums.share[:, None]  # [K, C]
    energy = np.maximum(energy, 0.0)
    variance = energy.sum(axis=0) / count  # [C]
    magnitude = np.abs(sums.pivot + shift)
    varies = np.sqrt(variance) > CONSTANT * magnitude
    scale = np.divide(1.0, count * variance, out=np.zeros_like(variance), where=varies)
    return np.asarray(energy * scale, dtype=np.float32)
