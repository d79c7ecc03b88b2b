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


def nearest_cluster(
    activations: NDArray[np.float32] | Tensor,
    centroids: NDArray[np.float32],
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
) -> NDArray[np.int64]:
    """The nearest centroid, by cosine, of every position's standardised activations.

    Args:
        activations: [N, C, H, W].
        centroids: [K, C] unit vectors.
        mean: [C].
        std: [C]; channels where it is 0 take no part.

    Returns:
        [N, H, W], 0 to K-1.
    """
    count, _, height, width = activations.shape
    scale = np.divide(1.0, std, out=np.zeros_like(std), where=std > 0)
    rows = (rows_of(activations) - mean) * scale  # [N * H * W, C]
    # A row's own length scales all its cosines alike: it need not be divided out.
    labels = (rows @ centroids.T).argmax(axis=1).reshape(count, height, width)
    return np.asarray(labels, dtype=np.int64)


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
