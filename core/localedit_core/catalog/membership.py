"""Cluster membership U: which cluster a position belongs to, and how maps of it change size."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor


def rows_of(activations: NDArray[np.float32] | Tensor) -> NDArray[np.float32]:
    """One row per position: [N, C, H, W] -> [N * H * W, C], float32."""
    if isinstance(activations, Tensor):
        activations = np.asarray(activations.detach().cpu())
    count, channels, height, width = activations.shape
    rows = activations.transpose(0, 2, 3, 1).reshape(count * height * width, channels)
    return np.asarray(rows, dtype=np.float32)


def standardised_rows(
    activations: NDArray[np.float32] | Tensor,
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The rows of activations [N, C, H, W] with each channel at mean 0 and deviation 1.

    Args:
        activations: [N, C, H, W].
        mean: [C].
        std: [C]; channels where it is 0 become 0.

    Returns:
        [N * H * W, C].
    """
    scale = np.divide(1.0, std, out=np.zeros_like(std), where=std > 0)
    return (rows_of(activations) - mean) * scale


def nearest(rows: NDArray[np.float32], centroids: NDArray[np.float32]) -> NDArray[np.int64]:
    """The nearest of unit centroids [K, C], by cosine, of each row [N, C]: [N]."""
    # A row's own length scales all its cosines alike: it need not be divided out. By torch, because
    # NumPy's threads wait awake for more to do, and slow down the generator that goes on from here.
    cosines = torch.from_numpy(rows) @ torch.tensor(centroids).T  # [N, K]
    return np.asarray(cosines.numpy().argmax(axis=1), dtype=np.int64)


def right_half(count: int, height: int, width: int) -> NDArray[np.bool_]:
    """Whether a position lies in the right half of its picture, in the order of rows: [N * H * W].

    The middle column of an odd width belongs to the left.
    """
    columns = np.arange(width) >= (width + 1) // 2
    return np.broadcast_to(columns, (count, height, width)).reshape(-1)


def one_hot(labels: NDArray[np.integer], count: int) -> NDArray[np.float32]:
    """Membership maps of labels in 0..count-1: [H, W] -> [count, H, W], 0 or 1."""
    inside = labels[None] == np.arange(count)[:, None, None]
    return np.asarray(inside, dtype=np.float32)


def resize_matrix(source: int, size: int) -> Tensor:
    """The linear map that resizes one axis, float32 [size, source]; each row sums to 1.

    Upwards it is bilinear interpolation between pixel centres (``align_corners=False``), downwards
    an area average, so that every source position counts. Both keep a partition of unity: maps
    that sum to 1 at every position still do afterwards.
    """
    identity = torch.eye(source)
    if size > source:
        resized = F.interpolate(identity[None], size=size, mode="linear", align_corners=False)[0]
    elif size < source:
        resized = F.interpolate(identity[None], size=size, mode="area")[0]
    else:
        resized = identity
    return resized.T.contiguous()  # [size, source]


def resize_maps(maps: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Resize square maps, [K, h, h] -> [K, size, size], as ``resize_matrix`` says."""
    matrix = resize_matrix(maps.shape[-1], size)
    resized: NDArray[np.float32] = (matrix @ torch.from_numpy(maps) @ matrix.T).numpy()
    return resized


def resize_labels(labels: NDArray[np.integer], count: int, size: int) -> NDArray[np.intp]:
    """Resize a map of labels in 0..count-1, [h, h] -> [size, size].

    Each label's membership map is resized, and a position takes the label with the largest share;
    where shares are equal, the lowest label.
    """
    largest: NDArray[np.intp] = resize_maps(one_hot(labels, count), size).argmax(axis=0)
    return largest
