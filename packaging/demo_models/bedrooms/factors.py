"""The factors of a bedroom: what each coordinate of z means, and how z becomes them."""

from __future__ import annotations

import math

import torch
from torch import Tensor

_NAMES: dict[str, str] = {
    "camera": "yaw side height distance",
    "light": "day warmth fill",
    "wall": "wall_light wall_a wall_b wall_stripes",
    "floor": "floor_light floor_tone floor_planks",
    "bed": "bed_width bed_height bed_length bed_place",
    "cover": "cover_light cover_a cover_b cover_bands band_light fold",
    "pillows": "pillow_light pillow_a pillow_b pillow_size cushion_a cushion_b cushion_size",
    "headboard": "board_height board_round board_tone board_light board_panels",
    "window": "window_width window_height sky hills hill_tone sun",
    "curtains": "curtain_light curtain_a curtain_b curtain_open curtain_length curtain_folds",
    "lamp": "lamp_glow lamp_size shade_a shade_b shade_taper lamp_foot",
    "nightstand": "stand_tone stand_light",
    "rug": "rug_light rug_a rug_b rug_size rug_round rug_band",
    "picture": "picture_size picture_a picture_b picture_horizon picture_disc frame_light",
}
GROUPS = tuple(_NAMES)
FACTORS: tuple[tuple[str, str], ...] = tuple(
    (name, group) for group, names in _NAMES.items() for name in names.split()
)
"""(name, group) of each coordinate of z."""

FACTOR_NAMES = tuple(name for name, _ in FACTORS)
Z_DIM = len(FACTORS)
_INDEX = {name: i for i, (name, _) in enumerate(FACTORS)}


def group_slices() -> dict[str, slice]:
    """Return which coordinates of z belong to each group; the groups are contiguous."""
    slices: dict[str, slice] = {}
    start = 0
    for group, names in _NAMES.items():
        stop = start + len(names.split())
        slices[group] = slice(start, stop)
        start = stop
    return slices


def index_of(name: str) -> int:
    """Return the coordinate of z that carries the factor ``name``."""
    return _INDEX[name]


class Values:
    """Factor values of a batch, ready to broadcast over pictures [N, H, W].

    Only the direction of z counts: StyleGAN2's mapping network normalises it first. ``normalised``
    says that z holds the values as they are and is not to be normalised.
    """

    def __init__(self, z: Tensor, normalised: bool = False) -> None:
        if z.ndim != 2 or z.shape[1] != Z_DIM:
            raise ValueError(f"z must be [N, {Z_DIM}], not {list(z.shape)}")
        if not normalised:
            z = z * (z.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        self.u = 0.5 * (1.0 + torch.erf(z / math.sqrt(2.0)))  # [N, z_dim], uniform

    def __call__(self, name: str, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Return factor ``name`` spread evenly over low..high, [N, 1, 1]."""
        return (low + (high - low) * self.u[:, _INDEX[name]]).view(-1, 1, 1)
