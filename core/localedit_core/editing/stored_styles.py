"""Styles that no w_plus makes, kept as one row of numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator, Styles


def style_widths(generator: Generator) -> dict[str, int]:
    """How many numbers each layer's style has, in the order in which they are stored."""
    with torch.inference_mode():
        styles = generator.styles(torch.zeros(1, generator.num_ws, generator.w_dim))
    return {name: style.shape[1] for name, style in styles.items()}


def join_styles(styles: Styles) -> NDArray[np.float32]:
    """One row of all layers' styles, [S], of name -> [1, C_l]."""
    return torch.cat([style[0].float().cpu() for style in styles.values()]).numpy()


def split_styles(row: NDArray[np.float32], widths: Mapping[str, int]) -> Styles:
    """The styles of a row [S], name -> [1, C_l].

    Raises:
        LocalEditError: the row is another generator's.
    """
    if row.size != sum(widths.values()):
        raise LocalEditError(
            f"A stored latent has {row.size} style values, this generator {sum(widths.values())}.",
            "It was made on another generator.",
        )
    pieces = torch.split(torch.from_numpy(np.array(row)), list(widths.values()))
    return {name: piece[None] for name, piece in zip(widths, pieces, strict=True)}
