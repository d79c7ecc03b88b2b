"""Pictures of people with their exact part maps, as a pure function of z."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from . import features
from .colours import display, from_oklab, mix, ramp
from .factors import Values
from .geometry import bell, cover, pixel_grid
from .shading import illuminate, make_light
from .surfaces import FAR, Surfaces, build_surfaces

PART_NAMES = (
    "background",
    "skin",
    "neck",
    "clothes",
    "hair",
    "eyes",
    "brows",
    "nose",
    "mouth",
    "ears",
    "glasses",
    "beard",
    "hat",
    "collar",
)
_ID = {name: i for i, name in enumerate(PART_NAMES)}


@torch.no_grad()
def render(z: Tensor, size: int = 256, normalised: bool = False) -> tuple[Tensor, Tensor]:
    """Render portraits.

    ``z`` is [N, z_dim], standard normal; only its direction counts. With ``normalised`` it holds
    the factors' values as they are, whatever its length. Returns pictures [N, 3, size, size] in
    0..1 and part maps uint8 [N, size, size] that index ``PART_NAMES``.
    """
    values = Values(z.float(), normalised)
    picture, parts = _render_large(values, 3 * size // 2)
    picture = F.interpolate(picture, (size, size), mode="area")
    at = (torch.arange(size, device=z.device) * 3 + 1) // 2  # the sample nearest to the middle
    return picture, parts[:, at][:, :, at].to(torch.uint8)


def _render_large(values: Values, size: int) -> tuple[Tensor, Tensor]:
    surfaces = build_surfaces(values, size)
    s, face, sharp = surfaces, surfaces.face, 2.0 / size
    skin_colour, hair_colour = _skin_colour(values), _hair_colour(values)

    # Paint the skin of the face.
    eye, lid = features.eyes(values, face, s.u, s.v, sharp)
    brow = features.brows(values, face, s.u, s.v, hair_colour, sharp)
    mouth = features.mouth(values, face, s.u, s.v, skin_colour, sharp)
    beard = features.beard(values, face, s.u, s.v, s.w)
    beard = torch.maximum(beard, s.beard) * (1.0 - mouth.cover)
    frame, lens, frame_shade = features.glasses(values, face, s.head, s.u, s.v, s.w, sharp)
    front = cover(s.w - 0.05, 0.05)  # no painted features on the back of the head
    skin = s.skin + front * (brow.relief + mouth.relief + eye.relief) + 0.018 * beard
    far = torch.full_like(skin, FAR)
    depth, which = torch.stack([far, skin, s.ears, s.torso, s.clothes, s.hair, s.hat]).max(dim=0)

    albedo = _face_colour(values, surfaces, skin_colour)
    tint, strength = features.lid_colour(values, skin_colour)
    albedo = mix(albedo, tint, lid * strength)
    albedo = mix(albedo, skin_colour * 0.25, features.nostrils(values, face, s.u, s.v))
    beard_colour = 0.75 * hair_colour
    albedo = mix(albedo, mouth.colour, mouth.cover * front)
    albedo = mix(albedo, beard_colour, beard * front)
    albedo = mix(albedo, eye.colour, eye.cover * front)
    albedo = mix(albedo, brow.colour, brow.cover * front)
    albedo = albedo * (1.0 - 0.35 * frame_shade * front * (1.0 - 0.4 * eye.cover)).unsqueeze(1)

    on_face = which == 1
    cloth = _cloth_colour(values, surfaces)
    neck_colour = (skin_colour * 0.95).expand_as(albedo)
    locks = _lock_colour(surfaces, hair_colour)
    for index, colour in (
        (2, skin_colour),
        (3, neck_colour),
        (4, cloth),
        (5, locks),
        (6, _hat_colour(values, surfaces)),
    ):
        albedo = torch.where((which == index).unsqueeze(1), colour, albedo)

    hairy = (which == 5).float()
    hairy = torch.where(on_face, torch.maximum(beard, brow.cover), hairy)
    gloss = on_face * front * torch.maximum(eye.gloss, mouth.gloss)
    bare = on_face * (1.0 - torch.maximum(hairy, torch.maximum(eye.cover, mouth.cover) * front))
    bare = bare + ((which == 2) | (which == 3)).float()
    light = make_light(values)
    lit = illuminate(albedo, depth, light, bare, hairy, gloss)

    # Glasses stand before everything but their own light.
    glint = lens * 0.10 * cover(s.v - face.eye_y - 0.5 * s.u.abs() + 0.08, 0.05)
    over_hair = (which >= 5).float()
    lit = mix(lit, torch.ones_like(lit), glint * (1.0 - over_hair))
    frame_cover = frame.cover * (which != 0) * (1.0 - over_hair)
    lit = mix(lit, frame.colour * (light.ambient + 0.5 * light.key) + 0.02, frame_cover)

    back = which == 0
    picture = torch.where(back.unsqueeze(1), _background(values, size), lit)
    return display(picture), _part_map(which, surfaces, eye, brow, mouth, beard, frame_cover, front)


def _part_map(
    which: Tensor,
    surfaces: Surfaces,
    eye: features.Layer,
    brow: features.Layer,
    mouth: features.Layer,
    beard: Tensor,
    frame: Tensor,
    front: Tensor,
) -> Tensor:
    order = ("background", "skin", "ears", "neck", "clothes", "hair", "hat")
    table = torch.tensor([_ID[name] for name in order], device=which.device)
    parts = table[which]
    on_face = (which == 1) & (front > 0.5)
    for name, shown in (
        ("nose", surfaces.nose),
        ("mouth", mouth.cover),
        ("beard", beard),
        ("eyes", eye.cover),
        ("brows", brow.cover),
    ):
        parts = torch.where(on_face & (shown > 0.5), torch.full_like(parts, _ID[name]), parts)
    on_collar = (which == 4) & (surfaces.collar > 0.5)
    parts = torch.where(on_collar, torch.full_like(parts, _ID["collar"]), parts)
    return torch.where(frame > 0.5, torch.full_like(parts, _ID["glasses"]), parts)


def _skin_colour(values: Values) -> Tensor:
    tone = ramp(
        values("skin_tone"), "#f6d3bf", "#eebb9c", "#dda37c", "#bd8057", "#8d5a3b", "#5c3a28"
    )
    warm = values("skin_warmth", -0.05, 0.05)
    shift = torch.stack([1.0 + warm, torch.ones_like(warm), 1.0 - 2.0 * warm], dim=1)
    return tone * shift  # [N, 3, 1, 1]


def _hair_colour(values: Values) -> Tensor:
    tone = ramp(
        values("hair_colour"),
        "#1c1614", "#38231a", "#5f3a22", "#8f4a22", "#b8702f", "#d8aa5c", "#d9cdb8", "#a3a0a0",
    )  # fmt: skip
    return (tone * values("hair_light", 0.75, 1.3).unsqueeze(1)).clamp(0.0, 1.0)


def _lock_colour(s: Surfaces, hair: Tensor) -> Tensor:
    """Tint the locks: darker between them and towards the ends."""
    x, y, _ = s.head.at(s.hair)
    lock = 0.09 * torch.cos(44.0 * x.abs() + 3.0 * y)
    return hair * (1.0 + lock + 0.18 * (y - 0.2).clamp(-1.0, 0.4)).unsqueeze(1)


def _face_colour(values: Values, s: Surfaces, skin: Tensor) -> Tensor:
    """Colour the bare face: rosy cheeks and nose, cooler round the eyes."""
    blush = values("blush", 0.05, 0.55)
    cheek = bell(s.u.abs() - 0.23, 0.13) * bell(s.v + 0.15, 0.11)
    tip = bell(s.u, 0.08) * bell(s.v - s.face.nose_y, 0.07)
    rosy = skin * skin.new_tensor([1.02, 0.62, 0.60]).view(1, 3, 1, 1)
    colour = mix(skin.expand(-1, -1, *s.u.shape[1:]), rosy, blush * cheek + 0.30 * tip)
    return mix(colour, skin * 0.80, 0.35 * bell(s.u.abs() - s.face.eye_x, 0.13) * bell(s.v, 0.09))


def _cloth_colour(values: Values, s: Surfaces) -> Tensor:
    light = values("cloth_light", 0.30, 0.80)
    cloth = from_oklab(light, values("cloth_a", -0.13, 0.15), values("cloth_b", -0.15, 0.13))
    collar = from_oklab(
        values("collar_light", 0.25, 0.97), torch.zeros_like(light), torch.full_like(light, 0.01)
    )
    return mix(cloth.expand(-1, -1, *s.clothes.shape[1:]), collar, s.collar)


def _hat_colour(values: Values, s: Surfaces) -> Tensor:
    """Colour a hat: ribs all over, the brim a little darker."""
    light, a = values("hat_light", 0.28, 0.85), values("hat_a", -0.13, 0.15)
    base = from_oklab(light, a, values("hat_b", -0.15, 0.12))
    x, _, z = s.head.at(s.hat)
    ribs = 0.10 * torch.cos(34.0 * torch.atan2(x, z + 0.35))
    return base * (1.0 + ribs - 0.22 * s.brim).unsqueeze(1)


def _background(values: Values, size: int) -> Tensor:
    x, y = pixel_grid(size, values.u)
    light = values("back_light", 0.40, 0.85)
    a, b = values("back_a", -0.08, 0.08), values("back_b", -0.10, 0.09)
    base = from_oklab(light, a, b)
    glow = values("back_glow", 0.0, 0.55) * bell((x * x + (y - 0.15) ** 2).sqrt(), 0.85)
    fall = 1.0 - 0.16 * (1.0 - y) - 0.10 * (x * x + y * y)
    return base * fall.unsqueeze(1) + glow.unsqueeze(1) * (0.35 * base + 0.10)
