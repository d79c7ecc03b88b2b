"""The room and the camera in it: rays, walls, boxes and ellipsoids that rays meet.

x runs right, y up, z away from the camera; the back wall is z = 0, the floor y = 0. Lengths are
metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .factors import Values

LEFT, RIGHT, TOP = -2.15, 2.15, 2.55
Number = float | Tensor


@dataclass(frozen=True)
class Rays:
    """Rays of a batch of pictures: one origin [N, 1, 1] each, directions [N, H, W].

    ``pixel`` is the width of a pixel per metre of distance.
    """

    ox: Tensor
    oy: Tensor
    oz: Tensor
    dx: Tensor
    dy: Tensor
    dz: Tensor
    pixel: float

    def on_plane(self, z: Number) -> tuple[Tensor, Tensor]:
        """Return where rays meet the plane at depth ``z``: x, y [N, H, W]."""
        t = (z - self.oz) / self.dz
        return self.ox + t * self.dx, self.oy + t * self.dy

    def on_floor(self, y: Number = 0.0) -> tuple[Tensor, Tensor]:
        """Return where rays meet the height ``y``: x, z [N, H, W]; those that rise meet it far."""
        t = (y - self.oy) / self.dy.clamp(max=-1e-3)
        return self.ox + t * self.dx, self.oz + t * self.dz


def camera(values: Values, size: int) -> Rays:
    """Set up the camera: it looks at the bed, from a little left or right, higher or lower."""
    line = (torch.arange(size, device=values.u.device) + 0.5) * (2.0 / size) - 1.0
    x, y = line.view(1, 1, size), -line.view(1, size, 1)
    wide = 0.56
    yaw = values("yaw", -0.13, 0.13)
    across, forward = x * wide, torch.ones_like(x)
    dx = torch.cos(yaw) * across + torch.sin(yaw) * forward
    dz = torch.cos(yaw) * forward - torch.sin(yaw) * across
    dy = (y * wide - 0.19).expand(len(yaw), size, size)
    distance = values("distance", 3.75, 4.15)
    # Turning and stepping aside go against each other, so that the bed stays in the picture.
    ox = values("side", -0.30, 0.30) - 2.6 * torch.sin(yaw)
    dx, dz = dx.expand(-1, size, -1), dz.expand(-1, size, -1)
    return Rays(ox, values("height", 1.35, 1.65), -distance, dx, dy, dz, 2.0 * wide / size)


def away_from_zero(x: Tensor) -> Tensor:
    """Keep the size of x at least 1e-4 and its sign as it is, so that it can divide."""
    return torch.where(x < 0, x.clamp(max=-1e-4), x.clamp(min=1e-4))


@dataclass(frozen=True)
class Hit:
    """What rays meet of a body: cover 0..1, the point and the outward normal, each [N, H, W]."""

    cover: Tensor
    x: Tensor
    y: Tensor
    z: Tensor
    nx: Tensor
    ny: Tensor
    nz: Tensor


def ellipsoid(
    rays: Rays, centre: tuple[Number, Number, Number], radii: tuple[Number, Number, Number]
) -> Hit:
    """Meet an ellipsoid; its outline is one pixel soft."""
    ox, oy, oz = (
        (o - c) / r for o, c, r in zip((rays.ox, rays.oy, rays.oz), centre, radii, strict=True)
    )
    dx, dy, dz = (d / r for d, r in zip((rays.dx, rays.dy, rays.dz), radii, strict=True))
    a = dx * dx + dy * dy + dz * dz
    b = ox * dx + oy * dy + oz * dz
    c = ox * ox + oy * oy + oz * oz - 1.0
    inside = b * b - a * c  # zero on the outline
    t = (-b - inside.clamp(min=0.0).sqrt()) / a
    ux, uy, uz = ox + t * dx, oy + t * dy, oz + t * dz  # on the unit sphere
    # Distance to the outline in units of the radius, then in pixels.
    gap = 1.0 - (c + 1.0 - b * b / a).clamp(min=0.0).sqrt()
    smallest = radii[1]
    softness = rays.pixel * 4.0 / smallest
    nx, ny, nz = (u / r for u, r in zip((ux, uy, uz), radii, strict=True))
    norm = (nx * nx + ny * ny + nz * nz + 1e-12).rsqrt()
    x, y, z = (u * r + c for u, r, c in zip((ux, uy, uz), radii, centre, strict=True))
    return Hit((gap / softness + 0.5).clamp(0.0, 1.0), x, y, z, nx * norm, ny * norm, nz * norm)


def box(
    rays: Rays, low: tuple[Number, Number, Number], high: tuple[Number, Number, Number], edge: float
) -> Hit:
    """Meet a box between two corners; normals turn over ``edge`` metres at its edges."""
    nears, fars = [], []
    origins, directions = (rays.ox, rays.oy, rays.oz), (rays.dx, rays.dy, rays.dz)
    for o, d, lo, hi in zip(origins, directions, low, high, strict=True):
        safe = away_from_zero(d)
        first, second = (lo - o) / safe, (hi - o) / safe
        nears.append(torch.minimum(first, second))
        fars.append(torch.maximum(first, second))
    near = torch.maximum(torch.maximum(nears[0], nears[1]), nears[2])
    far = torch.minimum(torch.minimum(fars[0], fars[1]), fars[2])
    gap = far - near  # length of the ray in the box, zero on the outline
    cover = (gap / (rays.pixel * near.clamp(min=0.1) * 4.0)).clamp(0.0, 1.0)
    x, y, z = (o + near * d for o, d in zip(origins, directions, strict=True))
    normal = []
    for p, lo, hi in zip((x, y, z), low, high, strict=True):
        up, down = (1.0 - (hi - p) / edge).clamp(0.0, 1.0), (1.0 - (p - lo) / edge).clamp(0.0, 1.0)
        normal.append(up - down)
    norm = (normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2 + 1e-6).rsqrt()
    return Hit(cover, x, y, z, normal[0] * norm, normal[1] * norm, normal[2] * norm)


def rectangle(
    x: Tensor,
    y: Tensor,
    centre: tuple[Number, Number],
    half: tuple[Number, Number],
    softness: Number,
    round_: Number = 0.0,
) -> Tensor:
    """Cover [N, H, W] of a rectangle with round corners; ``softness`` in metres."""
    qx = (x - centre[0]).abs() - half[0] + round_
    qy = (y - centre[1]).abs() - half[1] + round_
    outside = (qx.clamp(min=0.0) ** 2 + qy.clamp(min=0.0) ** 2 + 1e-12).sqrt()
    distance = outside + torch.maximum(qx, qy).clamp(max=0.0) - round_
    return (0.5 - distance / (2.0 * softness)).clamp(0.0, 1.0)
