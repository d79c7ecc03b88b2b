"""3x3 convolutions with a quarter of the multiplications (Lavin and Gray 2016, F(4x4, 3x3)).

A tile of 4 x 4 outputs is a polynomial product: inputs and kernel are evaluated at six points,
multiplied there, and the products are interpolated. The points decide how exact that is: with 0, 1,
-1, 1/2, -2 and infinity the error is that of plain sums, 3e-6 of the largest value at 512 channels
(Barabasz et al. 2020, "Error analysis and improving the accuracy of Winograd convolution").
All three steps are products of matrices.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

TILE = 4
"""Side of a tile of the output."""

_POINTS = (0.0, 1.0, -1.0, 0.5, -2.0)  # and infinity
_READ = TILE + 2  # side of what a tile is made of


@lru_cache(maxsize=1)
def _matrices() -> tuple[Tensor, NDArray[np.float64], Tensor]:
    """For tiles as columns: of inputs [36, 36], of kernels [36, 9], of products [16, 36]."""
    last = len(_POINTS)
    kernels = np.zeros((_READ, 3))
    products = np.zeros((TILE, _READ))
    inputs = np.zeros((_READ, _READ))
    for index, point in enumerate(_POINTS):
        others = [other for other in _POINTS if other != point]
        kernels[index] = np.power(point, range(3)) / np.prod([point - other for other in others])
        products[:, index] = np.power(point, range(TILE))
        inputs[index, :last] = np.poly(others)[::-1]
    kernels[last, -1] = products[-1, last] = 1.0
    inputs[last] = np.poly(_POINTS)[::-1]
    # Powers of two bring all rows to about one size, without rounding.
    scale = np.exp2(np.round(np.log2(np.abs(inputs).sum(axis=1))))[:, None]
    inputs, kernels = inputs / scale, kernels * scale
    with torch.inference_mode(False):
        return (
            torch.from_numpy(np.kron(inputs, inputs)).float(),
            np.kron(kernels, kernels),
            torch.from_numpy(np.kron(products, products)).float(),
        )


def transform(weight: Tensor) -> Tensor:
    """Evaluate kernels [out, in, 3, 3] at the points: [36, in, out], four times as large."""
    outputs, inputs = weight.shape[:2]
    columns = weight.detach().permute(2, 3, 1, 0).reshape(9, -1)  # [9, in * out]
    matrix = torch.from_numpy(_matrices()[1]).to(columns)
    return (matrix @ columns).view(_READ**2, inputs, outputs)


def convolve(
    x: Tensor, weight: Tensor, scale: Tensor, *, top: int, left: int, rows: int, columns: int
) -> Tensor:
    """Scale channels, then convolve.

    Args:
        x: a piece of the input, [1, in, h, w].
        weight: from ``transform``.
        scale: of the channels, [1, in, 1, 1], or by place, [1, in, h, w].
        top, left: how many rows and columns of zeros come before ``x``, 0 or 1; what is missing
            after it is zeros, too.
        rows, columns: how many are wanted of the output.

    Returns:
        Tiles, [4, 4, tile rows, tile columns, out], of which the last ones may reach further.
    """
    _, channels, height, width = x.shape
    down, across = -(-rows // TILE), -(-columns // TILE)
    wide = x.new_zeros(TILE * down + 2, TILE * across + 2, channels)
    inner = wide[top : top + height, left : left + width].permute(2, 0, 1)[None]
    torch.mul(x, scale, out=inner)
    line, place = wide.stride(0), wide.stride(1)
    tiles = wide.as_strided(
        (_READ, _READ, down, across, channels), (line, place, TILE * line, TILE * place, 1)
    )
    inputs, _, products = _matrices()
    seen = (inputs @ tiles.reshape(_READ**2, -1)).view(_READ**2, down * across, channels)
    made = torch.bmm(seen, weight)  # [36, tiles, out]
    return (products @ made.view(_READ**2, -1)).view(TILE, TILE, down, across, -1)


def places(out: Tensor) -> Tensor:
    """A view of [1, C, 4 a, 4 b], channels last, in the order of ``convolve``: [4, 4, a, b, C]."""
    channels, height, width = out.shape[1:]
    tiles = (height // TILE, TILE, width // TILE, TILE, channels)
    return out[0].permute(1, 2, 0).view(tiles).permute(1, 3, 0, 2, 4)
