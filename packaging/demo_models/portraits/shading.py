"""Light on a height field: normals, soft shadow, ambient occlusion, skin and hair reflection."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .factors import Values


@dataclass(frozen=True)
class Light:
    """Key light, fill and warmth of a picture; directions [N, 1, 1], colours [N, 3, 1, 1]."""

    x: Tensor
    y: Tensor
    z: Tensor
    key: Tensor
    ambient: Tensor


def make_light(values: Values) -> Light:
    """Set up the light of each picture."""
    side, height = values("light_side", -0.85, 0.85), values("light_height", 0.25, 0.85)
    length = (side.square() + height.square() + 1.0).sqrt()
    warm = values("light_warmth", -1.0, 1.0)
    fill = values("fill", 0.36, 0.58)
    key = torch.stack([1.0 + 0.07 * warm, torch.ones_like(warm), 1.0 - 0.10 * warm], dim=1)
    ambient = torch.stack([fill * (1 - 0.05 * warm), fill, fill * (1 + 0.08 * warm)], dim=1)
    return Light(side / length, height / length, 1.0 / length, key * 0.80, ambient)


def _slope(depth: Tensor, dim: int, step: float) -> Tensor:
    """Return the slope along ``dim``; at an outline, the slope of the surface itself."""
    difference = depth.diff(dim=dim)  # one shorter
    zero = torch.zeros_like(depth.narrow(dim, 0, 1))
    forward = torch.cat([difference, zero], dim=dim)
    backward = torch.cat([zero, difference], dim=dim)
    central = 0.5 * (forward + backward)
    smaller = torch.where(forward.abs() < backward.abs(), forward, backward)
    jump = (forward - backward).abs() > 6.0 * step
    return torch.where(jump, smaller, central) / step


def normals(depth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return unit normals (x, y, z) of a depth map [N, H, W]; x right, y up, z to the camera."""
    step = 2.0 / depth.shape[-1]
    nx = -_slope(depth, 2, step).clamp(-4.0, 4.0)
    ny = _slope(depth, 1, step).clamp(-4.0, 4.0)
    nz = (1.0 + nx * nx + ny * ny).rsqrt()
    return nx * nz, ny * nz, nz


def shadow(depth: Tensor, light: Light, steps: int = 9, reach: float = 0.55) -> Tensor:
    """Return how much key light arrives, 0..1 [N, H, W], from shifted comparisons of the field."""
    small = F.avg_pool2d(depth.unsqueeze(1), 2)  # [N, 1, H/2, W/2]
    size = small.shape[-1]
    line = (torch.arange(size, device=depth.device) + 0.5) * (2.0 / size) - 1.0
    base = torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1)  # [h, w, 2]
    toward = torch.stack([light.x / light.z, -light.y / light.z], dim=-1)  # [N, 1, 1, 2]
    blocked = torch.zeros_like(small)
    for i in range(1, steps + 1):
        height = reach * (i / steps) ** 1.5
        at = base + height * toward
        seen = F.grid_sample(small, at, padding_mode="border", align_corners=False)
        rise = seen - small - height
        # Far blockers throw softer shadows; something much nearer than the ray does not count.
        blocked = torch.maximum(blocked, (rise / (0.03 + 0.16 * height) + 0.3).clamp(0.0, 1.0))
    blocked = _blur(blocked, 2)
    return 1.0 - F.interpolate(blocked, scale_factor=2, mode="bilinear").squeeze(1)


def _blur(image: Tensor, radius: int) -> Tensor:
    width = 2 * radius + 1
    for _ in range(2):
        for kernel, padding in (((1, width), (0, radius)), ((width, 1), (radius, 0))):
            image = F.avg_pool2d(image, kernel, 1, padding, count_include_pad=False)
    return image


def occlusion(depth: Tensor) -> Tensor:
    """Return ambient light 0..1 [N, H, W]: hollows lie below their blurred surroundings."""
    small = F.avg_pool2d(depth.unsqueeze(1), 2)
    open_sky = torch.ones_like(small)
    for radius, gain in ((2, 2.2), (7, 1.1)):
        hollow = (_blur(small, radius) - small).clamp(0.0, 0.22)
        open_sky = open_sky * (1.0 - gain * hollow)
    return F.interpolate(open_sky, scale_factor=2, mode="bilinear").squeeze(1).clamp(0.25, 1.0)


def illuminate(
    albedo: Tensor, depth: Tensor, light: Light, skin: Tensor, hair: Tensor, gloss: Tensor
) -> Tensor:
    """Light a picture.

    ``albedo`` [N, 3, H, W] linear; ``depth``, and the shares of ``skin``, ``hair`` and ``gloss``
    [N, H, W]. Returns linear [N, 3, H, W].
    """
    nx, ny, nz = normals(depth)
    facing = nx * light.x + ny * light.y + nz * light.z  # [N, H, W]
    lit = shadow(depth, light)
    sky = occlusion(depth) * (0.80 + 0.20 * ny)
    # Skin scatters: light wraps round the form, red furthest.
    wrap = torch.stack([0.12 + 0.33 * skin, 0.12 + 0.16 * skin, 0.12 + 0.10 * skin], dim=1)
    diffuse = ((facing.unsqueeze(1) + wrap) / (1.0 + wrap)).clamp(min=0.0)
    soft_lit = torch.stack([lit + 0.18 * skin * (1 - lit), lit, lit], dim=1)
    out = albedo * (light.ambient * sky.unsqueeze(1) + light.key * diffuse * soft_lit)
    hx, hy, hz = light.x, light.y, light.z + 1.0
    norm = (hx * hx + hy * hy + hz * hz).rsqrt()
    mirror = ((nx * hx + ny * hy + nz * hz) * norm).clamp(min=0.0)
    broad = mirror**14 * (0.07 * skin)
    sharp = mirror**40 * gloss
    # Hair shines across its strands, which run down the form.
    along = (hy * norm - ny * (nx * hx + ny * hy + nz * hz) * norm) * (1 - ny * ny + 1e-3).rsqrt()
    strand = (1.0 - along * along).clamp(min=0.0) ** 16 * (0.16 * hair)
    rim = (1.0 - nz).clamp(min=0.0) ** 3 * (0.10 + 0.20 * (ny * 0.5 + 0.5)) * (skin + hair)
    shine = ((broad + sharp) * lit + 0.25 * rim).unsqueeze(1) * light.key
    return out + shine + (strand * lit).unsqueeze(1) * (0.35 + albedo)
