"""The factors of a portrait: what each coordinate of z means, and how z becomes them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

GROUPS = (
    "pose",
    "light",
    "skin",
    "face-shape",
    "eyes",
    "brows",
    "nose",
    "mouth",
    "hair",
    "hat",
    "beard",
    "glasses",
    "clothes",
    "background",
)


@dataclass(frozen=True)
class Factor:
    """One coordinate of z.

    ``mirrored`` says that the factor changes sign when the picture is flipped left to right.
    """

    name: str
    group: str
    mirrored: bool = False


def _group(group: str, names: str, mirrored: str = "") -> tuple[Factor, ...]:
    flips = mirrored.split()
    return tuple(Factor(name, group, name in flips) for name in names.split())


FACTORS: tuple[Factor, ...] = (
    *_group("pose", "yaw pitch roll", "yaw roll"),
    *_group("light", "light_side light_height light_warmth fill", "light_side"),
    *_group("skin", "skin_tone skin_warmth blush"),
    *_group("face-shape", "face_width jaw_width chin cheeks ear_size"),
    *_group(
        "eyes",
        "eye_size eye_open eye_slant eye_spacing gaze_x iris_colour iris_light iris_size "
        "lashes eyeshadow eyeshadow_hue",
        "gaze_x",
    ),
    *_group("brows", "brow_thickness brow_arch brow_angle brow_height brow_dark"),
    *_group("nose", "nose_length nose_width nose_tip nose_bridge"),
    *_group(
        "mouth",
        "mouth_width upper_lip lower_lip smile mouth_open lip_red lip_dark lip_pink mouth_height",
    ),
    *_group(
        "hair",
        "hair_colour hair_light hair_length hair_volume hair_wave fringe parting hairline",
        "parting",
    ),
    *_group("hat", "hat hat_light hat_a hat_b"),
    *_group("beard", "beard beard_length beard_width moustache"),
    *_group("glasses", "glasses lens_size lens_round frame_thick frame_light frame_hue"),
    *_group(
        "clothes",
        "cloth_light cloth_a cloth_b neckline neck_shape collar collar_light shoulders",
    ),
    *_group("background", "back_light back_a back_b back_glow"),
)

FACTOR_NAMES = tuple(factor.name for factor in FACTORS)
Z_DIM = len(FACTORS)
_INDEX = {factor.name: i for i, factor in enumerate(FACTORS)}


def mirror_signs() -> Tensor:
    """Return the signs [z_dim] that turn the z of a picture into the z of its mirror image."""
    return torch.tensor([-1.0 if factor.mirrored else 1.0 for factor in FACTORS])


def group_slices() -> dict[str, slice]:
    """Return which coordinates of z belong to each group; the groups are contiguous."""
    slices: dict[str, slice] = {}
    for group in GROUPS:
        at = [i for i, factor in enumerate(FACTORS) if factor.group == group]
        slices[group] = slice(at[0], at[-1] + 1)
    return slices


def index_of(name: str) -> int:
    """Return the coordinate of z that carries the factor ``name``."""
    return _INDEX[name]


def normalise(z: Tensor) -> Tensor:
    """Bring z [N, z_dim] to unit mean square, as StyleGAN2's mapping network does first."""
    return z * (z.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


class Values:
    """Factor values of a batch, ready to broadcast over pictures [N, H, W].

    ``normalised`` says that z holds them as they are and is not to be normalised.
    """

    def __init__(self, z: Tensor, normalised: bool = False) -> None:
        if z.ndim != 2 or z.shape[1] != Z_DIM:
            raise ValueError(f"z must be [N, {Z_DIM}], not {list(z.shape)}")
        self.z = z if normalised else normalise(z)  # [N, z_dim]
        self.u = 0.5 * (1.0 + torch.erf(self.z / math.sqrt(2.0)))  # [N, z_dim], uniform

    def __call__(self, name: str, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Return factor ``name`` spread evenly over low..high, [N, 1, 1]."""
        return (low + (high - low) * self.u[:, _INDEX[name]]).view(-1, 1, 1)

    def present(self, name: str, share: float, softness: float = 0.3) -> Tensor:
        """Return 1 for about ``share`` of all z and 0 for the others, [N, 1, 1].

        The step is narrow but smooth, so that the picture stays continuous in z.
        """
        edge = math.sqrt(2.0) * torch.erfinv(torch.tensor(1.0 - 2.0 * share)).item()
        t = ((self.z[:, _INDEX[name]] - edge) / (2 * softness) + 0.5).clamp(0.0, 1.0)
        return (t * t * (3.0 - 2.0 * t)).view(-1, 1, 1)
