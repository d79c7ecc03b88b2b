"""Membership sheets: clusters in colour over the pictures they were found in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.colours import paint
from localedit_core.catalog.sweep import Sweep

Picture = NDArray[np.uint8]  # [H, W, 3], sRGB

TILE = 256
COLUMNS = 6
_CAPTION = 22  # pixels
_COLOUR = 0.7  # share of colour in an overlay; the rest is the picture in grey
_SMALLEST_NUMBERED = 0.002  # share of the picture below which a cluster gets no number


def draw_sheet(
    pictures: Sequence[Picture],
    labels: Sequence[NDArray[np.integer]],
    tile: int = TILE,
    caption: Callable[[int], str] = str,
) -> Picture:
    """Draw each picture and, below it, its clusters in colour with their numbers.

    Args:
        pictures: [R, R, 3] each.
        labels: [h, h] each, the cluster of every position.
        tile: side of one drawing in pixels.
        caption: what to write on a cluster; its number if not said otherwise.

    Returns:
        Rows of at most six: [2 * tile * rows, tile * pictures in a row, 3].
    """
    columns = [
        np.concatenate(
            (enlarged(picture, tile), draw_clusters(picture, clusters, tile, caption)), axis=0
        )
        for picture, clusters in zip(pictures, labels, strict=True)
    ]
    per_row = min(COLUMNS, len(columns))
    while len(columns) % per_row:
        columns.append(np.zeros_like(columns[0]))
    rows = [columns[start : start + per_row] for start in range(0, len(columns), per_row)]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows], axis=0)


def draw_sweep(sweep: Sweep, tile: int = 128) -> Picture:
    """Draw a sweep: the pictures, then one row of their clusters per layer and K.

    Args:
        sweep: with at least one picture.
        tile: side of one drawing in pixels.

    Returns:
        [tile + (tile + caption) * cells, tile * S, 3].
    """
    rows = [np.concatenate([enlarged(picture, tile) for picture in sweep.pictures], axis=1)]
    for cell in sweep.cells:
        stability = "" if cell.stability is None else f", stability {cell.stability:.2f}"
        text = (
            f"{cell.clustering.layer}, K = {cell.clustering.n_clusters}: "
            f"mean cosine {cell.mean_cosine:.3f}{stability}"
        )
        drawn = [
            draw_clusters(picture, labels, tile, None)
            for picture, labels in zip(sweep.pictures, cell.labels, strict=True)
        ]
        rows += [_caption(text, rows[0].shape[1]), np.concatenate(drawn, axis=1)]
    return np.concatenate(rows, axis=0)


def draw_strip(
    pictures: NDArray[np.uint8], masks: NDArray[np.bool_], title: str, tile: int = 128
) -> Picture:
    """Draw one part on several pictures: in colour inside, in dark grey outside, outlined.

    Args:
        pictures: [S, R, R, 3].
        masks: True where the part is, [S, R, R].
        title: written above.
        tile: side of one drawing in pixels.

    Returns:
        [tile + caption, tile * S, 3].
    """
    drawn = []
    for picture, mask in zip(pictures, masks, strict=True):
        small = enlarged(picture, tile)
        inside = cv2.resize(mask.astype(np.uint8), (tile, tile), interpolation=cv2.INTER_NEAREST)
        grey = 0.4 * small.mean(axis=2, keepdims=True)  # [tile, tile, 1]
        cell = np.where(inside[..., None] > 0, small, grey).astype(np.uint8)
        edge = cv2.dilate(inside, np.ones((3, 3), np.uint8)) != inside
        cell[edge] = 255
        drawn.append(cell)
    strip = np.concatenate(drawn, axis=1)
    return np.concatenate((_caption(title, strip.shape[1]), strip), axis=0)


def enlarged(picture: Picture, side: int) -> Picture:
    """A picture at another size: [R, R, 3] -> [side, side, 3]."""
    kind = cv2.INTER_AREA if picture.shape[0] > side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (side, side), interpolation=kind), dtype=np.uint8)


def draw_clusters(
    picture: Picture,
    labels: NDArray[np.integer],
    side: int,
    caption: Callable[[int], str] | None = str,
    without_colour: int | None = None,
) -> Picture:
    """Draw a picture in grey under its clusters in colour.

    Args:
        picture: [R, R, 3].
        labels: [h, h], the cluster of every position.
        side: of the drawing, in pixels.
        caption: what to write in each cluster's thickest place; None for nothing.
        without_colour: a label that stays grey and gets no caption.

    Returns:
        [side, side, 3].
    """
    clusters = np.asarray(
        cv2.resize(labels.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST),
        dtype=np.uint8,
    )
    grey = enlarged(picture, side).mean(axis=2, keepdims=True)  # [side, side, 1]
    drawn: Picture = ((1.0 - _COLOUR) * grey + _COLOUR * paint(clusters)).astype(np.uint8)
    if without_colour is not None:
        drawn = np.where(clusters[..., None] == without_colour, grey, drawn).astype(np.uint8)
    for cluster in np.unique(clusters) if caption is not None else ():
        if cluster == without_colour:
            continue
        mask = np.pad((clusters == cluster).astype(np.uint8), 1)
        if mask.mean() < _SMALLEST_NUMBERED:
            continue
        distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)[1:-1, 1:-1]
        y, x = np.unravel_index(int(distance.argmax()), distance.shape)
        _write(drawn, caption(int(cluster)), (int(x), int(y)), side / 550.0)  # type: ignore[misc]
    return drawn


def _write(drawn: Picture, text: str, centre: tuple[int, int], scale: float) -> None:
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    left = min(max(centre[0] - width // 2, 1), max(drawn.shape[1] - width - 1, 1))
    bottom = min(max(centre[1] + height // 2, height + 1), drawn.shape[0] - 2)
    # A thick black text would be wider than the white one over it.
    around = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    for x, y in (*around, (0, 0)):
        colour = (255, 255, 255) if (x, y) == (0, 0) else (0, 0, 0)
        place = (left + x, bottom + y)
        font, line = cv2.FONT_HERSHEY_SIMPLEX, cv2.LINE_AA
        cv2.putText(drawn, text, place, font, scale, colour, 1, line)


def _caption(text: str, width: int) -> Picture:
    strip = np.full((_CAPTION, width, 3), 32, np.uint8)
    _write(strip, text, (0, _CAPTION // 2), 0.45)
    return strip
