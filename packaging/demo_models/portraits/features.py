"""What is painted on the skin of a face: eyes, brows, mouth, nostrils, beard, glasses.

Each function takes head-space positions u (right), v (up) [N, H, W] and answers with covers in
0..1, relief (depth to add) and colours. ``sharp`` is the size of a pixel in head space.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .colours import from_oklab, from_srgb, mix, ramp
from .factors import Values
from .geometry import Rays, bell, cover
from .surfaces import Face


@dataclass(frozen=True)
class Layer:
    """One painted part: its cover [N, H, W], colour [N, 3, H, W] and relief [N, H, W]."""

    cover: Tensor
    colour: Tensor
    relief: Tensor
    gloss: Tensor


def _constant(like: Tensor, code: str) -> Tensor:
    return like.new_tensor(from_srgb(code)).view(1, 3, 1, 1)


def eyes(values: Values, face: Face, u: Tensor, v: Tensor, sharp: float) -> tuple[Layer, Tensor]:
    """Return the eyes and, apart, the cover of the eye shadow on the lids."""
    sign = torch.where(u < 0, -1.0, 1.0)
    size = values("eye_size", 1.05, 1.30)
    width = 0.118 * size
    slant = values("eye_slant", -0.12, 0.22)
    x = u.abs() - face.eye_x
    y = v - face.eye_y - slant * x
    opening = values("eye_open", 0.50, 1.10) * size
    t = x / width
    arch = (1.0 - t * t).clamp(min=0.0) ** 0.75
    upper, lower = 0.077 * opening * arch, -0.057 * (0.4 + 0.6 * opening) * arch
    within = torch.minimum(torch.minimum(upper - y, y - lower), width - x.abs())
    open_ = cover(within, sharp)
    # Iris, with a dark rim, lighter below; pupil; two lights that follow the lamp.
    ix = x * sign - values("gaze_x", -0.030, 0.030)
    radius = values("iris_size", 0.055, 0.068) * size
    r = (ix * ix + y * y).sqrt()
    iris, pupil = cover(radius - r, sharp), cover(0.46 * radius - r, sharp)
    light = values("iris_light", -0.07, 0.10)
    tint = ramp(
        values("iris_colour"), "#4a2a14", "#7a4a1c", "#7d7a2c", "#3f8f5f", "#3f83c4", "#8fa9c0"
    )
    tint = (tint * (1.0 + 4.0 * light.unsqueeze(1))).clamp(0.0, 1.0)
    glow = (0.75 - 0.45 * y / radius).clamp(0.4, 1.3) * (
        0.55 + 0.45 * cover(0.82 * radius - r, 0.012)
    )
    lamp = values("light_side", -0.35, 0.35) * radius
    spark = cover(0.30 * radius - ((ix - lamp) ** 2 + (y - 0.42 * radius) ** 2).sqrt(), sharp)
    shade = 0.62 + 0.38 * cover(upper - y - 0.018, 0.030)  # the lid's shadow on the eyeball
    white = _constant(u, "#f2ece6").expand(u.shape[0], 3, *u.shape[1:])
    ball = mix(white, tint * glow.unsqueeze(1), iris)
    ball = mix(ball, _constant(u, "#0d0908"), pupil)
    ball = mix(ball * shade.unsqueeze(1), _constant(u, "#ffffff"), spark)
    # Lashes: a dark line along the upper lid, longer towards the temple.
    thick = values("lashes", 0.010, 0.026)
    reach = width * 1.10
    brim = 0.077 * opening * (1.0 - (x / reach) ** 2).clamp(min=0.0) ** 0.75
    heavy = thick * (0.75 + 0.5 * (x / width).clamp(-1.0, 1.0))
    line = torch.minimum(heavy * 0.5 - (y - brim - 0.2 * heavy).abs(), reach - x.abs())
    lashes = cover(line, sharp)
    under = 0.45 * cover(0.006 - (y - lower).abs(), sharp) * (t.abs() < 1.0)
    colour = mix(ball, _constant(u, "#1a100c"), torch.maximum(lashes, under))
    shown = torch.maximum(torch.maximum(open_, lashes), under)
    lid = (
        cover(y - upper, 0.01)
        * cover(0.055 * size - (y - upper), 0.02)
        * cover(1.15 * width - x.abs(), 0.02)
    )
    crease = 0.010 * bell(y - upper - 0.040 * size, 0.012) * (x.abs() < 1.1 * width)
    return Layer(shown, colour, -crease + 0.012 * lashes, 0.35 * open_), lid


def lid_colour(values: Values, skin: Tensor) -> tuple[Tensor, Tensor]:
    """Return the colour [N, 3, 1, 1] and strength [N, 1, 1] of the make-up on the lids."""
    strength = values.present("eyeshadow", 0.45, 0.4) * 0.65
    tint = ramp(values("eyeshadow_hue"), "#6a3d8a", "#3d5aa0", "#2f8074", "#8a5a2c", "#a04560")
    return 0.75 * tint + 0.1 * skin, strength


def brows(values: Values, face: Face, u: Tensor, v: Tensor, hair: Tensor, sharp: float) -> Layer:
    """Return the brows in a darker colour than the ``hair`` [N, 3, 1, 1]."""
    x = u.abs() - face.eye_x
    t = (x - 0.010) / 0.135
    arch = values("brow_arch", 0.0, 0.055)
    line = face.brow_y + arch * (1.0 - t * t) + values("brow_angle", -0.16, 0.24) * x
    thick = values("brow_thickness", 0.018, 0.046) * (1.0 - 0.45 * t).clamp(0.3, 1.5)
    body = torch.minimum(thick - (v - line).abs(), 0.5 * (0.145 - (x - 0.010).abs()))
    shown = cover(body, 1.3 * sharp)
    dark = values("brow_dark", 0.25, 0.80).unsqueeze(1)
    colour = hair * dark + 0.004
    return Layer(shown, colour.expand(-1, -1, *u.shape[1:]), 0.012 * shown, torch.zeros_like(u))


def mouth(values: Values, face: Face, u: Tensor, v: Tensor, skin: Tensor, sharp: float) -> Layer:
    """Return lips, teeth and the dark between them."""
    width = values("mouth_width", 0.140, 0.235)
    smile = values("smile", -0.025, 0.075)
    opened = (values("mouth_open", -0.9, 1.0).clamp(min=0.0)) ** 1.2
    t = u / width
    arch = (1.0 - t * t).clamp(min=0.0)
    y = v - face.mouth_y - smile * (t * t).clamp(max=1.5) + 0.5 * smile
    gap_up = 0.024 * opened * arch
    gap_low = (0.070 * opened) * arch**0.8
    bow = 1.0 - 0.30 * bell(u, 0.028)
    up = gap_up + values("upper_lip", 0.026, 0.072) * arch**0.75 * bow
    low = gap_low + values("lower_lip", 0.034, 0.092) * arch**0.65
    shape = torch.minimum(torch.minimum(up - y, y + low), 0.6 * (width - u.abs()))
    hole = torch.minimum(torch.minimum(gap_up - y, y + gap_low), 0.6 * (0.92 * width - u.abs()))
    lips, inside = cover(shape, sharp), cover(hole, sharp) * (opened * 12.0).clamp(max=1.0)
    seam = (
        cover(0.005 - (y - 0.2 * gap_up).abs(), 1.2 * sharp)
        * (1.0 - inside)
        * cover(width * 1.04 - u.abs(), 0.01)
    )
    # Natural lips follow the skin; lipstick runs from rose to dark red and plum.
    red, pink, dark = values("lip_red"), values("lip_pink", -1.0, 1.0), values("lip_dark")
    natural = skin * skin.new_tensor([0.86, 0.50, 0.50]).view(1, 3, 1, 1)
    stick = from_oklab(0.62 - 0.26 * dark, 0.19 + 0.02 * pink, 0.055 - 0.085 * pink)
    amount = (1.5 * red - 0.25).clamp(0.0, 1.0)
    tint = natural + (stick - natural) * amount.unsqueeze(1)
    tone = 1.0 - 0.22 * cover(y - 0.2 * gap_up, 0.01)  # the upper lip turns away from the light
    colour = tint * tone.unsqueeze(1)
    teeth = cover(y + 0.35 * gap_low - 0.004, 0.012) * cover(0.86 * width - u.abs(), 0.02)
    cave = mix(_constant(u, "#4a1414").expand_as(colour), _constant(u, "#f4efe8"), teeth)
    colour = mix(colour, cave, inside)
    colour = mix(colour, tint * 0.30, seam * 0.85)
    full_up = bell((y - 0.5 * (gap_up + up)) / (up - gap_up + 0.012), 0.75)
    full_low = bell((y + 0.5 * (gap_low + low)) / (low - gap_low + 0.012), 0.75)
    relief = (0.022 * full_up + 0.032 * full_low) * arch**0.5 - 0.03 * inside - 0.008 * seam
    gloss = lips * (1.0 - inside) * (0.10 + 0.25 * amount)
    return Layer(torch.maximum(lips, seam * 0.8), colour, relief, gloss)


def nostrils(values: Values, face: Face, u: Tensor, v: Tensor) -> Tensor:
    """Return the cover of the nostrils."""
    x = (u.abs() - 0.72 * values("nose_width", 0.052, 0.088)) / 0.026
    y = (v - face.nose_y + 0.045) / 0.013
    return 0.75 * cover(1.0 - (x * x + y * y).sqrt(), 0.35)


def beard(values: Values, face: Face, u: Tensor, v: Tensor, w: Tensor) -> Tensor:
    """Return the cover of beard and moustache on the skin."""
    wide = values("beard_width", 0.5, 2.2)
    line = -0.40 + wide * (u * u).clamp(max=0.16)
    y = v - face.mouth_y - 0.085 + 0.9 * u * u
    lip = torch.minimum(0.033 - y.abs(), 0.6 * (0.185 - u.abs()))
    lip = lip - 0.06 * (1.0 - values.present("moustache", 0.7))
    # The whiskers beside the mouth join both where there is a moustache.
    low = torch.minimum(torch.minimum(line - v, w + 0.05), face.mouth_y + 0.03 - v)
    beside = torch.minimum(u.abs() - 0.12, face.mouth_y + 0.075 - v)
    low = torch.maximum(low, torch.minimum(beside, torch.minimum(line + 0.14 - v, lip + 0.11)))
    hairy = torch.maximum(cover(low, 0.014), cover(lip, 0.010))
    return hairy * face.beard


def glasses(
    values: Values, face: Face, head: Rays, u: Tensor, v: Tensor, w: Tensor, sharp: float
) -> tuple[Layer, Tensor, Tensor]:
    """Return the frames, the cover of their lenses, and the shadow they throw on the face."""
    depth = (0.475 - head.z) / head.dz  # where rays meet the plane of the frames
    x, y, _ = head.at(depth)
    thick = values("frame_thick", 0.016, 0.034)
    frame, lens = _frames(values, face, x, y, thick, sharp)
    bar = torch.minimum(0.8 * thick - (v - face.eye_y - 0.05).abs(), 0.42 - w)
    arm = cover(torch.minimum(bar, u.abs() - face.eye_x - 0.10), sharp)
    tint = values("frame_hue", -1.0, 1.0)
    colour = from_oklab(values("frame_light", 0.12, 0.62), 0.11 * tint, 0.05 + 0.05 * tint)
    shown = torch.maximum(frame, arm) * face.glasses
    shade = _frames(values, face, u, v + 0.045, thick, 0.02)[0] * face.glasses
    layer = Layer(shown, colour.expand(-1, -1, *u.shape[1:]), torch.zeros_like(u), 0.5 * shown)
    return layer, lens * face.glasses, shade


def _frames(
    values: Values, face: Face, x: Tensor, y: Tensor, thick: Tensor, sharp: float
) -> tuple[Tensor, Tensor]:
    size, round_ = values("lens_size", 0.88, 1.12), values("lens_round")
    wide, high = 0.170 * size, (0.112 + 0.050 * round_) * size
    power = 4.5 - 2.3 * round_  # from a soft rectangle to an ellipse
    p, q = (x.abs() - face.eye_x - 0.006).abs() / wide, (y - face.eye_y).abs() / high
    radius = (p**power + q**power + 1e-6) ** (1.0 / power)
    edge = (1.0 - radius) * high
    rim = thick - edge.abs()
    bridge = torch.minimum(thick - (y - face.eye_y - 0.04).abs(), face.eye_x - 0.8 * wide - x.abs())
    return cover(torch.maximum(rim, bridge), sharp), cover(edge, sharp)
