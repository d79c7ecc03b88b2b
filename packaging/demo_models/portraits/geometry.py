"""Analytic height fields: ellipsoids seen along parallel rays, joined by a smooth maximum."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

Number = float | Tensor


@dataclass(frozen=True)
class Rays:
    """Parallel rays of a picture in some space: points ``origin + depth * direction``.

    ``x``, ``y``, ``z`` are the coordinates at depth 0, each [N, H, W]; ``dx``, ``dy``, ``dz`` the
    direction towards the camera, each [N, 1, 1].
    """

    x: Tensor
    y: Tensor
    z: Tensor
    dx: Tensor
    dy: Tensor
    dz: Tensor

    def at(self, depth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the points (x, y, z) at ``depth`` [N, H, W]."""
        return self.x + depth * self.dx, self.y + depth * self.dy, self.z + depth * self.dz

    def bent(self, shift_x: Tensor) -> Rays:
        """Return rays whose x is moved by ``shift_x`` [N, H, W]: bends what they meet."""
        return Rays(self.x + shift_x, self.y, self.z, self.dx, self.dy, self.dz)


def pixel_grid(size: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Return picture coordinates x (right) and y (up) in -1..1 at pixel centres, [1, H, W] each."""
    line = (torch.arange(size, device=like.device, dtype=like.dtype) + 0.5) * (2.0 / size) - 1.0
    return line.view(1, 1, size).expand(1, size, size), (-line).view(1, size, 1).expand(
        1, size, size
    )


def turned_rays(
    x: Tensor, y: Tensor, yaw: Tensor, pitch: Tensor, roll: Tensor, scale: Tensor
) -> Rays:
    """Turn camera rays through (x, y) into the space of a head that is turned and scaled.

    Angles are radians [N, 1, 1]; positive yaw looks to the right of the picture.
    """
    x, y = x / scale, y / scale
    cos_r, sin_r = torch.cos(roll), torch.sin(roll)
    x, y = cos_r * x + sin_r * y, cos_r * y - sin_r * x  # undo roll
    cos_p, sin_p = torch.cos(pitch), torch.sin(pitch)
    y, z = cos_p * y, -sin_p * y  # undo pitch
    dy, dz = sin_p, cos_p
    cos_y, sin_y = torch.cos(yaw), torch.sin(yaw)
    return Rays(cos_y * x - sin_y * z, y, sin_y * x + cos_y * z, -sin_y * dz, dy, cos_y * dz)


def ellipsoid(
    rays: Rays,
    centre: tuple[Number, Number, Number],
    radii: tuple[Number, Number, Number],
    tilt: float = 0.0,
) -> Tensor:
    """Return the depth [N, H, W] at which each ray leaves an ellipsoid on the camera's side.

    Past the outline the depth goes on falling steeply, so that a smooth maximum stays smooth.
    ``tilt`` turns the ellipsoid about the x axis, its lower end forward.
    """
    ox, oy, oz = rays.x - centre[0], rays.y - centre[1], rays.z - centre[2]
    dx, dy, dz = rays.dx, rays.dy, rays.dz
    if tilt:
        cos_t, sin_t = math.cos(tilt), math.sin(tilt)
        oy, oz = cos_t * oy + sin_t * oz, cos_t * oz - sin_t * oy
        dy, dz = cos_t * dy + sin_t * dz, cos_t * dz - sin_t * dy
    ix, iy, iz = (1.0 / r for r in radii)
    ox, oy, oz = ox * ix, oy * iy, oz * iz
    dx, dy, dz = dx * ix, dy * iy, dz * iz
    a = dx * dx + dy * dy + dz * dz  # [N, 1, 1]
    b = ox * dx + oy * dy + oz * dz  # [N, H, W]
    c = ox * ox + oy * oy + oz * oz - 1.0
    inside = b * b - a * c
    root = inside.clamp(min=0.0).sqrt()
    return (root - b) / a + 1.5 * inside.clamp(max=0.0) / a.sqrt()


def smooth_max(first: Tensor, second: Tensor, blend: Number) -> Tensor:
    """Return a maximum whose edge is rounded over a depth of ``blend``."""
    near = (1.0 - (first - second).abs() / blend).clamp(min=0.0)
    return torch.maximum(first, second) + near * near * (blend * 0.25)


def bell(x: Tensor, width: Number) -> Tensor:
    """Return about exp(-(x / width)^2), by a polynomial of bounded reach, which is faster."""
    scaled = x / width
    fall = (1.0 - scaled * scaled * 0.125).clamp(min=0.0)
    fall = fall * fall
    fall = fall * fall
    return fall * fall


def cover(distance: Tensor, softness: Number) -> Tensor:
    """Turn a signed distance (positive inside) into an anti-aliased cover 0..1."""
    return (distance / (2 * softness) + 0.5).clamp(0.0, 1.0)
