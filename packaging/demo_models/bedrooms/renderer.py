"""Pictures of bedrooms with their exact part maps, as a pure function of z."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from portraits.colours import display, mix, ramp

from . import furniture
from .factors import Values
from .furniture import Canvas, Layout, Light
from .room import LEFT, RIGHT, TOP, Rays, away_from_zero, camera

PART_NAMES = (
    "wall",
    "ceiling",
    "floor",
    "rug",
    "window",
    "curtains",
    "picture",
    "headboard",
    "nightstand",
    "lamp",
    "cover",
    "sheet",
    "pillows",
)


@torch.no_grad()
def render(z: Tensor, size: int = 256, normalised: bool = False) -> tuple[Tensor, Tensor]:
    """Render bedrooms.

    ``z`` is [N, z_dim], standard normal; only its direction counts. With ``normalised`` it holds
    the factors' values as they are, whatever its length. Returns pictures [N, 3, size, size] in
    0..1 and part maps uint8 [N, size, size] that index ``PART_NAMES``.
    """
    values = Values(z.float(), normalised)
    # Small pictures are averages of finer ones, so that every size shows the same.
    fine = max(size, 256)
    rays = camera(values, fine)
    layout = Layout.of(values)
    light = Light.of(values, layout)
    canvas = _shell(values, rays, light)
    furniture.rug(canvas, values, rays, light, layout)
    furniture.window(canvas, values, rays)
    furniture.curtains(canvas, values, rays, light)
    furniture.painting(canvas, values, rays, light, layout)
    furniture.headboard(canvas, values, rays, light, layout)
    furniture.nightstand(canvas, values, rays, light, layout)
    furniture.lamp(canvas, values, rays, light, layout)
    furniture.bed(canvas, values, rays, light, layout)
    furniture.pillows(canvas, values, rays, light, layout)
    picture, parts = display(canvas.colour), canvas.parts
    if fine > size:
        picture = F.avg_pool2d(picture, fine // size)
        votes = F.one_hot(parts, len(PART_NAMES)).permute(0, 3, 1, 2).float()
        parts = F.avg_pool2d(votes, fine // size).argmax(dim=1)
    return picture.clamp(0.0, 1.0), parts.to(torch.uint8)


def _shell(values: Values, rays: Rays, light: Light) -> Canvas:
    """Draw the empty room: three walls, ceiling and floor, darker where they meet."""
    back_x, _back_y = rays.on_plane(0.0)
    t_back = -rays.oz / rays.dz
    right = rays.dx >= 0
    t_side = (torch.where(right, RIGHT, LEFT) - rays.ox) / away_from_zero(rays.dx)
    rises = rays.dy >= 0
    t_level = (torch.where(rises, TOP, 0.0) - rays.oy) / away_from_zero(rays.dy)
    t = torch.minimum(torch.minimum(t_back, t_side), t_level)
    x, y, z = rays.ox + t * rays.dx, rays.oy + t * rays.dy, rays.oz + t * rays.dz

    pixel = rays.pixel * 4.0
    level = ((torch.minimum(t_back, t_side) - t_level) / pixel + 0.5).clamp(0.0, 1.0)
    side = ((t_back - t_side) / pixel + 0.5).clamp(0.0, 1.0)
    wall_colour = furniture.fabric(values, "wall_light", "wall_a", "wall_b", 0.62, 0.92)
    stripes = 1.0 + values("wall_stripes", -0.05, 0.07).clamp(min=0.0) * torch.cos(back_x * 9.0)
    wall = wall_colour * light.at(x, y, z, 0.25) * stripes.unsqueeze(1)
    wall = wall * (1.0 - 0.10 * side).unsqueeze(1)
    skirting = ((0.13 - y) / (2 * 0.012) + 0.5).clamp(0.0, 1.0)
    wall = mix(wall, torch.full_like(wall, 0.75) * light.at(x, y, z, 0.25), skirting)

    tone = ramp(values("floor_tone"), "#e6d2b5", "#c89f6d", "#94653e", "#5c4030", "#c9c4bb")
    planks = 1.0 + values("floor_planks", 0.0, 0.09) * torch.cos(x * 15.0)
    floor = tone * values("floor_light", 0.80, 1.10).unsqueeze(1) * light.at(x, y, z, 0.45)
    floor = floor * planks.unsqueeze(1)
    ceiling = 0.90 * light.at(x, y, z, 0.1)
    horizontal = torch.where(rises.unsqueeze(1), ceiling, floor)
    colour = mix(wall, horizontal, level)

    corner = torch.minimum(torch.minimum(x - LEFT, RIGHT - x), -z)
    dark = 0.22 * torch.exp(-corner.abs() / 0.22) * level
    edge = torch.minimum(y, TOP - y).clamp(min=0.0)
    dark = dark + 0.20 * torch.exp(-edge / 0.20) * (1.0 - level)
    upright = torch.minimum((x - LEFT).abs(), (RIGHT - x).abs())
    dark = dark + 0.16 * (torch.exp(-upright / 0.25) * (1 - side) + torch.exp(z / 0.25) * side) * (
        1 - level
    )
    colour = colour * (1.0 - dark).unsqueeze(1)
    number = torch.where(rises, PART_NAMES.index("ceiling"), PART_NAMES.index("floor"))
    parts = torch.where(level > 0.5, number.expand(level.shape), torch.zeros_like(number))
    return Canvas(colour, parts, PART_NAMES)
