"""What stands and hangs in the room, laid on the picture from the back to the front."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from portraits.colours import from_oklab, mix, ramp

from .factors import Values
from .room import Hit, Rays, box, ellipsoid, rectangle

WOODS = ("#e3c9a4", "#c99b68", "#9a6a40", "#5f3d28", "#3a2a22", "#e9e4da")


@dataclass
class Canvas:
    """The picture as it is being laid: linear colour [N, 3, H, W] and part numbers [N, H, W]."""

    colour: Tensor
    parts: Tensor
    names: tuple[str, ...] = field(repr=False)

    def lay(self, part: str, cover: Tensor, colour: Tensor) -> None:
        """Lay a part over what is there."""
        self.colour = mix(self.colour, colour.clamp(0.0, 1.5), cover)
        number = torch.full_like(self.parts, self.names.index(part))
        self.parts = torch.where(cover > 0.5, number, self.parts)

    def shade(self, amount: Tensor) -> None:
        """Darken what is there by ``amount`` 0..1 [N, H, W]."""
        self.colour = self.colour * (1.0 - amount).unsqueeze(1)


@dataclass(frozen=True)
class Light:
    """Daylight from the window at the left, the lamp at the right, and what fills the room."""

    day: Tensor  # [N, 1, 1]
    tint: Tensor  # [N, 3, 1, 1]
    fill: Tensor
    glow: Tensor
    lamp: tuple[Tensor, Tensor, float]

    @classmethod
    def of(cls, values: Values, layout: Layout) -> Light:
        """Set up the light of each picture."""
        warm = values("warmth", -1.0, 1.0)
        tint = torch.stack([1 + 0.05 * warm, torch.ones_like(warm), 1 - 0.07 * warm], dim=1)
        lamp = (layout.stand_x, layout.stand_top + 0.42, -0.24)
        glow = values("lamp_glow", 0.0, 1.0)
        return cls(values("day", 0.22, 0.42), tint, values("fill", 0.46, 0.60), glow, lamp)

    def at(self, x: Tensor, y: Tensor, z: Tensor, facing: Tensor | float) -> Tensor:
        """Return the light [N, 3, H, W] on points that turn ``facing`` 0..1 to the window."""
        far = ((x + 1.35) ** 2 + (y - 1.5) ** 2 + (z + 0.3) ** 2) * 0.16
        day = self.fill + self.day * (0.35 + 0.65 * facing) * 1.7 / (1.0 + 1.3 * far)
        lx, ly, lz = self.lamp
        near = (x - lx) ** 2 + (y - ly) ** 2 + (z - lz) ** 2
        glow = 0.19 * self.glow / (near + 0.16)
        warm = torch.stack([glow, 0.76 * glow, 0.46 * glow], dim=1)
        return day.unsqueeze(1) * self.tint + warm


@dataclass(frozen=True)
class Layout:
    """Where the furniture stands, each [N, 1, 1] in metres."""

    bed_x: Tensor
    bed_half: Tensor
    bed_top: Tensor
    bed_front: Tensor
    stand_x: Tensor
    stand_top: Tensor

    @classmethod
    def of(cls, values: Values) -> Layout:
        """Place the furniture of each picture."""
        x, half = values("bed_place", 0.02, 0.22), values("bed_width", 0.80, 0.98)
        top = values("bed_height", 0.52, 0.66)
        front = -values("bed_length", 1.72, 1.92)
        return cls(x, half, top, front, x + half + 0.36, torch.full_like(x, 0.58))


def fabric(values: Values, light: str, a: str, b: str, low: float, high: float) -> Tensor:
    """Return a colour [N, 3, 1, 1] of restrained chroma from three factors."""
    chroma = (-0.075, 0.085), (-0.09, 0.09)
    return from_oklab(values(light, low, high), values(a, *chroma[0]), values(b, *chroma[1]))


def _soft(rays: Rays, distance: float) -> float:
    return 0.75 * rays.pixel * distance


def window(canvas: Canvas, values: Values, rays: Rays) -> None:
    """The window in the back wall: frame, sky and hills."""
    x, y = rays.on_plane(0.0)
    soft = _soft(rays, 4.0)
    half = values("window_width", 0.42, 0.54), values("window_height", 0.50, 0.62)
    centre = (-1.28, 1.58)
    frame = rectangle(x, y, centre, (half[0] + 0.07, half[1] + 0.07), soft)
    canvas.lay("window", frame, torch.full_like(canvas.colour, 0.80))
    # The view lies far behind the glass: it moves with the camera.
    far_x, far_y = rays.on_plane(6.0)
    high = ramp(values("sky"), "#2b3f6b", "#5c9bd8", "#8cc4ee", "#f0b47c", "#c46a78")
    low = ramp(values("sky"), "#6b6f9a", "#bfe0f5", "#e6f2fa", "#ffe2b0", "#f6b08a")
    rise = ((far_y - 1.2) / 2.6).clamp(0.0, 1.0)
    sky = mix(low.expand_as(canvas.colour), high, rise)
    disc = 0.5 - ((far_x + 5.2 - values("sun", -0.8, 0.8)) ** 2 + (far_y - 2.6) ** 2).sqrt()
    sky = mix(sky, torch.ones_like(sky), 0.8 * (disc / 0.30 + 0.5).clamp(0.0, 1.0))
    ridge = values("hills", 0.9, 1.9) + 0.30 * torch.sin(1.5 * far_x + 3.0 * values("hills"))
    green = ramp(values("hill_tone"), "#2f5b46", "#5f8a4a", "#8d9a58", "#6d7fa0")
    view = mix(sky, green, ((ridge - far_y) / 0.12 + 0.5).clamp(0.0, 1.0))
    glass = rectangle(x, y, centre, half, soft)
    bars = torch.minimum((x - centre[0]).abs(), (y - centre[1] - 0.12).abs())
    glass = glass * ((bars - 0.022) / (2 * soft) + 0.5).clamp(0.0, 1.0)
    canvas.lay("window", glass, view)


def curtains(canvas: Canvas, values: Values, rays: Rays, light: Light) -> None:
    """A curtain on either side of the window, in broad folds."""
    depth = -0.10
    x, y = rays.on_plane(depth)
    soft = _soft(rays, 4.0)
    opening = values("curtain_open", 0.28, 0.46)
    bottom = 1.0 - values("curtain_length", 0.0, 0.85)
    top, outer = 2.32, 0.80
    centre_y, half_y = (top + bottom) / 2, (top - bottom) / 2
    away = (x + 1.28).abs()
    cover = rectangle(
        away, y, ((opening + outer) / 2, centre_y), ((outer - opening) / 2, half_y), soft
    )
    folds = values("curtain_folds", 0.06, 0.20) * torch.cos(away * 42.0)
    colour = fabric(values, "curtain_light", "curtain_a", "curtain_b", 0.42, 0.88)
    lit = light.at(x, y, torch.full_like(x, depth), 0.7) * (0.92 + folds).unsqueeze(1)
    canvas.shade(
        0.22
        * rectangle(
            away,
            y - 0.02,
            ((opening + outer) / 2 + 0.03, centre_y),
            ((outer - opening) / 2 + 0.03, half_y),
            0.07,
        )
    )
    canvas.lay("curtains", cover, colour * lit)
    rod = rectangle(x, y, (-1.28, 2.34), (0.90, 0.022), soft, 0.02)
    canvas.lay("curtains", rod, 0.10 * torch.ones_like(canvas.colour))


def painting(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """The picture over the bed: a sky, a plain and a disc in a frame."""
    x, y = rays.on_plane(-0.03)
    soft = _soft(rays, 4.0)
    size = values("picture_size", 1.05, 1.35)
    half = (0.42 * size, 0.27 * size)
    centre = (layout.bed_x + 0.12, 1.98)
    canvas.shade(0.30 * rectangle(x, y, (centre[0] + 0.03, centre[1] - 0.04), half, 0.06))
    frame = rectangle(x, y, centre, (half[0] + 0.05, half[1] + 0.05), soft)
    lit = light.at(x, y, torch.zeros_like(x), 0.3)
    edge = from_oklab(values("frame_light", 0.20, 0.92), *(torch.full_like(size, 0.012),) * 2)
    canvas.lay("picture", frame, edge * lit)
    above = from_oklab(
        torch.full_like(size, 0.84),
        0.5 * values("picture_a", -0.1, 0.1),
        values("picture_b", -0.1, 0.1),
    )
    below = from_oklab(
        torch.full_like(size, 0.50),
        values("picture_a", 0.12, -0.12),
        values("picture_b", 0.1, -0.1),
    )
    horizon = (
        centre[1] + values("picture_horizon", -0.14, 0.08) + 0.05 * torch.sin(5.0 * (x - centre[0]))
    )
    art = mix(above.expand_as(canvas.colour), below, ((horizon - y) / (2 * soft) + 0.5).clamp(0, 1))
    disc = (
        0.085
        - (
            (x - centre[0] - values("picture_disc", -0.24, 0.24)) ** 2 + (y - centre[1] - 0.09) ** 2
        ).sqrt()
    )
    art = mix(art, torch.ones_like(art) * 0.93, (disc / (2 * soft) + 0.5).clamp(0.0, 1.0))
    canvas.lay("picture", rectangle(x, y, centre, half, soft), art * lit)


def headboard(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """The headboard, of wood or cloth, its top straight or curved."""
    x, y = rays.on_plane(-0.08)
    soft = _soft(rays, 4.0)
    top = values("board_height", 1.18, 1.52)
    half = layout.bed_half + 0.06
    curve = 0.16 * values("board_round") * ((x - layout.bed_x) / half) ** 2
    cover = rectangle(x, y + curve, (layout.bed_x, top / 2), (half, top / 2), soft, 0.05)
    canvas.shade(
        0.30 * rectangle(x - 0.05, y + curve, (layout.bed_x, top / 2), (half, top / 2), 0.09)
    )
    tone = ramp(values("board_tone"), *WOODS, "#7d8fa3", "#8a6f7d", "#6f8570")
    panels = values("board_panels", 0.0, 0.16) * torch.cos((x - layout.bed_x) * 15.0)
    lit = light.at(x, y, torch.full_like(x, -0.08), 0.35)
    colour = tone * values("board_light", 0.85, 1.10).unsqueeze(1) * lit
    canvas.lay("headboard", cover, colour * (0.95 + panels).unsqueeze(1))


def nightstand(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """A nightstand at the right of the bed, with one drawer."""
    x, top = layout.stand_x, layout.stand_top
    hit = box(rays, (x - 0.27, 0.0, -0.46), (x + 0.27, top, -0.02), 0.03)
    tone = ramp(values("stand_tone"), *WOODS) * values("stand_light", 0.85, 1.1).unsqueeze(1)
    drawer = rectangle(hit.x, hit.y, (x, top - 0.17), (0.20, 0.10), 0.012) * (hit.nz < -0.5)
    lit = _lit(hit, light) * (1.0 - 0.16 * drawer).unsqueeze(1)
    canvas.lay("nightstand", hit.cover, tone * lit)


def lamp(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """The lamp on the nightstand: a foot and a large shade that glows."""
    x0, base = layout.stand_x, layout.stand_top
    size = values("lamp_size", 1.10, 1.32)
    foot = ellipsoid(rays, (x0, base + 0.12, -0.24), (0.085 * size, 0.135, 0.085))
    tone = ramp(values("lamp_foot"), "#f2efe9", "#c9a45c", "#3c4653", "#7c3f35", "#dfe7ea")
    canvas.lay("lamp", foot.cover, tone * _lit(foot, light))
    x, y = rays.on_plane(-0.24)
    soft = _soft(rays, 3.7)
    height, middle = 0.185 * size, base + 0.26 + 0.185 * size
    up = ((y - middle) / height).clamp(-1.0, 1.0)
    wide = 0.235 * size * (1.0 - values("shade_taper", 0.05, 0.30) * (0.5 + 0.5 * up))
    side = ((wide - (x - x0).abs()) / (2 * soft) + 0.5).clamp(0.0, 1.0)
    level = ((height - (y - middle).abs()) / (2 * soft) + 0.5).clamp(0.0, 1.0)
    cover = torch.minimum(side, level)
    shade = from_oklab(
        torch.full_like(size, 0.86), values("shade_a", -0.06, 0.09), values("shade_b", -0.06, 0.09)
    )
    round_ = 1.0 - 0.28 * ((x - x0) / wide).clamp(-1.0, 1.0) ** 2
    bulb = light.glow * (0.75 - 0.25 * up.abs())
    warm = torch.stack([bulb, 0.80 * bulb, 0.50 * bulb], dim=1)
    canvas.lay("lamp", cover, shade * (0.62 * light.tint + 0.62 * warm) * round_.unsqueeze(1))


def rug(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """A rug on the floor before and beside the bed, with one bold band."""
    x, z = rays.on_floor(0.0)
    size = values("rug_size", 0.92, 1.10)
    half = (1.30 * size, 0.98 * size)
    centre = (layout.bed_x - 0.62, layout.bed_front + 0.25)
    round_ = 0.08 + 0.86 * values("rug_round") * half[1]
    cover = rectangle(x, z, centre, half, 0.016, round_)
    inner = 0.72 - 0.22 * values("rug_band")
    core = rectangle(
        x, z, centre, (half[0] - 0.22, half[1] - 0.22), 0.016, (round_ - 0.2).clamp(min=0.05)
    )
    colour = fabric(values, "rug_light", "rug_a", "rug_b", 0.45, 0.85)
    lit = light.at(x, torch.zeros_like(x), z, 0.5)
    canvas.shade(0.25 * rectangle(x, z, centre, half, 0.08, round_))
    canvas.lay("rug", cover, mix(colour * inner.unsqueeze(1), colour, core) * lit)


def bed(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """The bed under its cover, with the sheet folded back, and the shadow under it."""
    x, half, top, front = layout.bed_x, layout.bed_half, layout.bed_top, layout.bed_front
    fx, fz = rays.on_floor(0.0)
    under = rectangle(fx, fz, (x, front / 2), (half, -front / 2), 0.14)
    floor = (rays.dy < -0.02).expand_as(under)
    canvas.shade(0.55 * under * floor)
    hit = box(rays, (x - half, 0.06, front), (x + half, top, -0.10), 0.11)
    colour = fabric(values, "cover_light", "cover_a", "cover_b", 0.42, 0.90)
    along = hit.z + (top - hit.y)  # goes on down the front
    bands = torch.cos((along - front) * 9.0) * 2.5
    bands = (bands + 0.5).clamp(0.0, 1.0) * values("cover_bands", -0.6, 0.7).clamp(min=0.0)
    band = colour * 0.5 + 0.5 * values("band_light", 0.2, 0.9).unsqueeze(1) ** 2
    painted = mix(colour.expand_as(canvas.colour), band, bands)
    ripple = 1.0 + 0.05 * torch.cos(7.0 * (hit.x - x)) * (1.0 - hit.ny.clamp(0.0, 1.0))
    lit = _lit(hit, light) * ripple.unsqueeze(1)
    canvas.lay("cover", hit.cover, painted * lit)
    edge = -0.78 - values("fold", 0.0, 0.30)
    sheet = ((hit.z - edge) / 0.03 + 0.5).clamp(0.0, 1.0) * (hit.y > top - 0.16)
    canvas.lay("sheet", hit.cover * sheet, 0.86 * lit)


def pillows(canvas: Canvas, values: Values, rays: Rays, light: Light, layout: Layout) -> None:
    """Two pillows against the headboard and a cushion before them."""
    size = values("pillow_size", 0.92, 1.08)
    colour = fabric(values, "pillow_light", "pillow_a", "pillow_b", 0.62, 0.94)
    y = layout.bed_top + 0.20 * size
    across = 0.47 * layout.bed_half / 0.88
    x, top_z = rays.on_floor(layout.bed_top)
    falling = (rays.dy < -0.02).expand_as(x)
    shadow = rectangle(x, top_z, (layout.bed_x, -0.34), (0.80, 0.20), 0.12)
    canvas.shade(0.25 * shadow * falling)
    for side in (-1.0, 1.0):
        hit = ellipsoid(
            rays, (layout.bed_x + side * across, y, -0.30), (0.40 * size, 0.25 * size, 0.17)
        )
        canvas.lay("pillows", hit.cover, colour * _lit(hit, light))
    small = values("cushion_size", 0.80, 1.15)
    hit = ellipsoid(
        rays,
        (layout.bed_x, layout.bed_top + 0.17 * small, -0.52),
        (0.22 * small, 0.18 * small, 0.13),
    )
    tone = from_oklab(
        torch.full_like(small, 0.66),
        values("cushion_a", -0.11, 0.12),
        values("cushion_b", -0.11, 0.11),
    )
    canvas.lay("pillows", hit.cover, tone * _lit(hit, light))


def _lit(hit: Hit, light: Light) -> Tensor:
    """Light on a body: most from above, from the window and from the front."""
    facing = (0.55 + 0.38 * hit.ny - 0.30 * hit.nx - 0.10 * hit.nz).clamp(0.0, 1.0)
    return light.at(hit.x, hit.y, hit.z, facing) * (0.72 + 0.28 * facing).unsqueeze(1)
