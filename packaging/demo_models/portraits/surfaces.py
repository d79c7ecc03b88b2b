"""The solid shapes of a portrait: where head, hair, neck and clothes lie in depth."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .factors import Values
from .geometry import Rays, bell, cover, ellipsoid, pixel_grid, smooth_max, turned_rays

FAR = -1.2  # depth of the background
SCALE = 1.08  # pictures are 2 wide, heads 0.94
EYES_AT = 0.11  # height in the picture of the point between the eyes
EYE_Y, EYE_DEPTH = 0.035, 0.42  # of that point in head space


@dataclass(frozen=True)
class Face:
    """Where the parts of a face sit, in head space; every field is [N, 1, 1]."""

    width: Tensor
    eye_x: Tensor
    eye_y: float
    brow_y: Tensor
    nose_y: Tensor
    mouth_y: Tensor
    beard: Tensor
    glasses: Tensor


@dataclass(frozen=True)
class Surfaces:
    """Depths of the layers, each [N, H, W], and the head-space hit points on the skin."""

    head: Rays
    body: Rays
    face: Face
    skin: Tensor
    nose: Tensor  # cover of the nose on the skin
    ears: Tensor
    hair: Tensor
    hat: Tensor
    brim: Tensor  # cover of the turned-up brim on the hat
    beard: Tensor  # cover of the beard that stands out from the chin
    torso: Tensor
    clothes: Tensor
    collar: Tensor  # cover of the collar on the clothes
    u: Tensor
    v: Tensor
    w: Tensor  # hit point on the skin: right, up, forward


def measure_face(values: Values) -> Face:
    """Place the features of each face."""
    return Face(
        width=values("face_width", 0.91, 1.09),
        eye_x=values("eye_spacing", 0.186, 0.214),
        eye_y=EYE_Y,
        brow_y=values("brow_height", 0.190, 0.232),
        nose_y=values("nose_length", -0.135, -0.195),
        mouth_y=values("mouth_height", -0.335, -0.380),
        beard=values.present("beard", 0.28),
        glasses=values.present("glasses", 0.36),
    )


def build_surfaces(values: Values, size: int) -> Surfaces:
    """Build every layer of the portraits at ``size`` pixels."""
    face = measure_face(values)
    head, body = _rays(values, size)
    skull = _skull(values, face, head)  # [N, H, W]
    hair = _hair(values, face, head, skull)
    with_nose = smooth_max(skull, _nose(values, face, head), 0.07)
    nose = cover(with_nose - skull - 0.022, 0.008)
    u, v, w = head.at(with_nose)
    ears = _ears(values, face, head)
    hat, brim = _hat(values, face, head)
    bearded = smooth_max(with_nose, _beard_volume(values, face, head), 0.05) - with_nose
    bearded = bearded * face.beard
    beard = cover(bearded - 0.02, 0.008)
    with_nose = with_nose + bearded
    torso, clothes, collar = _torso(values, body)
    return Surfaces(
        head=head,
        body=body,
        face=face,
        skin=with_nose,
        nose=nose,
        ears=ears,
        hair=hair,
        hat=hat,
        brim=brim,
        beard=beard,
        torso=torso,
        clothes=clothes,
        collar=collar,
        u=u,
        v=v,
        w=w,
    )


def _rays(values: Values, size: int) -> tuple[Rays, Rays]:
    x, y = pixel_grid(size, values.u)
    yaw, pitch = values("yaw", -0.32, 0.32), values("pitch", -0.10, 0.13)
    roll = values("roll", -0.05, 0.05)
    still = torch.zeros_like(yaw)
    scale = torch.full_like(yaw, SCALE)
    # As in aligned photographs, the point between the eyes is always at the same place.
    x = x + SCALE * EYE_DEPTH * torch.sin(yaw)
    y = y - EYES_AT + SCALE * (EYE_Y * torch.cos(pitch) - EYE_DEPTH * torch.sin(pitch))
    return (
        turned_rays(x, y, yaw, pitch, roll, scale),
        turned_rays(x, y, 0.35 * yaw, still, still, scale),
    )


def _pair(rays: Rays, x: Tensor | float, y: Tensor | float, z: float, *radii: object) -> Tensor:
    """Return the nearer of two ellipsoids mirrored at x = 0."""
    size = (radii[0], radii[1], radii[2])
    return torch.maximum(
        ellipsoid(rays, (x, y, z), size),  # type: ignore[arg-type]
        ellipsoid(rays, (-x, y, z), size),  # type: ignore[arg-type]
    )


def _skull(values: Values, face: Face, head: Rays) -> Tensor:
    width, chin = face.width, values("chin", 0.0, 0.07)
    jaw = values("jaw_width", 0.27, 0.37)
    cheeks = values("cheeks", 0.0, 0.055)
    cranium = ellipsoid(head, (0.0, 0.20, -0.08), (0.47 * width, 0.46, 0.49))
    front = ellipsoid(head, (0.0, -0.10, 0.05), (0.40 * width, 0.47 + chin, 0.40))
    lower = ellipsoid(head, (0.0, -0.30, 0.02), (jaw, 0.25, 0.34))
    skull = smooth_max(smooth_max(cranium, front, 0.12), lower, 0.14)
    # Eye sockets: dents that give the brow its shadow; eyeballs bulge within them.
    u, v, _ = head.at(skull)
    side = u.abs() - face.eye_x
    socket = bell(side, 0.13) * bell(v - face.eye_y - 0.03, 0.09)
    ball = bell(side, 0.085) * bell(v - face.eye_y, 0.06)
    cheek = cheeks * bell(side - 0.02, 0.13) * bell(v + 0.14, 0.12)
    tip = 0.05 * bell(u, 0.11) * bell(v + 0.46 + chin, 0.08)
    return skull - 0.060 * socket + 0.045 * ball + cheek + tip


def _nose(values: Values, face: Face, head: Rays) -> Tensor:
    width = values("nose_width", 0.052, 0.088)
    tip = values("nose_tip", 0.060, 0.092)
    bridge = values("nose_bridge", 0.37, 0.42)
    y = face.nose_y
    ridge = ellipsoid(head, (0.0, 0.5 * y + 0.02, bridge + 0.02), (0.052, 0.20, 0.075), -0.22)
    ball = ellipsoid(head, (0.0, y, 0.505), (tip, 0.065, tip))
    wings = _pair(head, width, y - 0.018, 0.435, 0.046, 0.042, 0.06)
    return smooth_max(smooth_max(ridge, ball, 0.07), wings, 0.04)


def _ears(values: Values, face: Face, head: Rays) -> Tensor:
    size = values("ear_size", 0.85, 1.2)
    x = 0.46 * face.width + 0.03 * size
    return _pair(head, x, -0.02, -0.02, 0.075 * size, 0.150 * size, 0.08)


def _beard_volume(values: Values, face: Face, head: Rays) -> Tensor:
    length = values("beard_length", 0.0, 0.16)
    grown = 0.25 + 0.75 * face.beard  # shrinks into the chin where there is no beard
    chin = values("chin", 0.0, 0.07)
    wide = values("beard_width", 0.17, 0.29)
    centre = (0.0, -0.40 - chin - 0.5 * length, 0.14)
    return ellipsoid(head, centre, (wide * grown, (0.19 + 0.6 * length) * grown, 0.27 * grown))


def _hat(values: Values, face: Face, head: Rays) -> tuple[Tensor, Tensor]:
    """Return a knitted hat, which comes down from above where there is one, and its brim."""
    volume = 0.035 + values("hair_volume", 0.02, 0.13)
    hat = ellipsoid(
        head,
        (0.0, 0.21, -0.10),
        (0.47 * face.width + 0.7 * volume, 0.46 + volume, 0.51 + 0.6 * volume),
    )
    _, v, w = head.at(hat)
    above = v - 0.18 * w - 0.25 - 1.2 * (1.0 - values.present("hat", 0.30))
    brim = cover(0.13 - above, 0.012)
    hat = hat + 0.03 * brim
    return torch.where(above > 0.0, hat, torch.full_like(hat, FAR)), brim


def _hair(values: Values, face: Face, head: Rays, skull: Tensor) -> Tensor:
    volume = values("hair_volume", 0.02, 0.13)
    wave = values("hair_wave", -0.4, 1.0).clamp(min=0.0)
    cap = ellipsoid(
        head,
        (0.0, 0.21, -0.10),
        (0.47 * face.width + 0.7 * volume, 0.46 + volume, 0.51 + 0.6 * volume),
    )
    cap = torch.maximum(cap, skull + 0.025 + 0.2 * volume)  # lies on the forehead, never in it
    u, v, w = head.at(cap)
    strands = torch.cos(u * 21.0) * torch.cos(v * 9.0)
    cap = cap + (0.006 + 0.018 * wave) * strands
    open_face = cover(_face_window(values, face, u, v, w), 0.012)
    cap = torch.where(open_face > 0.5, torch.full_like(cap, FAR), cap)
    return torch.maximum(cap, _loose_hair(values, face, head, volume, wave))


def _face_window(values: Values, face: Face, u: Tensor, v: Tensor, w: Tensor) -> Tensor:
    """Return a signed distance, positive where the cap of hair leaves the face free."""
    fringe = values("fringe", -0.5, 1.0).clamp(min=0.0)
    parting = values("parting", -0.26, 0.26)
    top = values("hairline", 0.37, 0.47)
    swept = torch.tanh((parting - u) * 5.0) * parting * 0.35  # falls to the side it is combed to
    notch = 0.07 * bell(u - parting, 0.07)
    locks = 0.020 * torch.cos(u * 30.0)
    line = (
        top
        - 1.6 * (u / face.width).square() * (1.0 - 0.45 * fringe)
        - fringe * (0.15 + 0.35 * (top - 0.37) - notch + locks)
        + (0.4 + 0.6 * fringe) * swept
    )
    behind = w - (-0.02)  # hair covers the back of the head down to the nape
    nape = v + 0.30
    return torch.minimum(line - v, torch.maximum(behind, -nape))


def _loose_hair(values: Values, face: Face, head: Rays, volume: Tensor, wave: Tensor) -> Tensor:
    length = values("hair_length", -0.9, 1.0).clamp(min=0.0)
    shown = (length / 0.15).clamp(max=1.0)
    bend = wave * 0.035 * torch.sin(head.y * 16.0)
    bent = head.bent(torch.tanh(head.x * 8.0) * bend)
    half = (0.22 + 0.42 * length) * (0.4 + 0.6 * shown)
    x = (0.40 + 0.5 * volume) * face.width
    thick = (0.085 + 0.55 * volume) * (0.3 + 0.7 * shown)
    centre_y = 0.30 - half
    locks = torch.maximum(
        ellipsoid(bent, (x, centre_y, -0.02), (thick, half, 0.24)),
        ellipsoid(bent, (-x, centre_y, -0.02), (thick, half, 0.24)),
    )
    back = ellipsoid(
        bent,
        (0.0, 0.15 - 0.5 * length, -0.30),
        (0.43 + 0.5 * volume, 0.40 + 0.52 * length, 0.20),
    )
    return torch.maximum(locks, back)


def _torso(values: Values, body: Rays) -> tuple[Tensor, Tensor, Tensor]:
    shoulders = values("shoulders", 0.66, 0.86)
    neck = ellipsoid(body, (0.0, -0.62, -0.10), (0.195, 0.60, 0.20))
    trunk = ellipsoid(body, (0.0, -1.20, -0.16), (shoulders, 0.50, 0.36))
    slope = ellipsoid(body, (0.0, -0.88, -0.20), (0.42, 0.22, 0.15))
    torso = smooth_max(smooth_max(neck, slope, 0.16), trunk, 0.16)
    x, y, _ = body.at(torso)
    depth = values("neckline", 0.02, 0.26)
    vee = values("neck_shape", 0.0, 1.0)
    t = x.abs() / 0.23
    curve = vee * t + (1.0 - vee) * t * t  # from a round neck to a V
    line = -0.71 - depth + depth * curve + 0.10 * (t - 1.0).clamp(min=0.0)
    inside = line - y
    cloth = cover(inside, 0.02)
    has_collar = values.present("collar", 0.5)
    collar = cover(0.11 - (inside - 0.08).abs(), 0.012) * has_collar
    raised = torso + 0.03 * cloth + 0.03 * collar
    clothes = torch.where(cloth > 0.5, raised, torch.full_like(raised, FAR))
    return torso, clothes, collar
