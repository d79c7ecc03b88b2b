"""The world of the bundled face generator."""

from __future__ import annotations

from functools import partial

import portraits
from training.mixing import levels_of
from training.world import World

DESCRIPTION = (
    "Rendered portraits, not photographs of people: trained from z to pictures of a procedural "
    "renderer. The mapping network keeps one block of weights per group of factors, and the last "
    "half of training rewards channels whose energy lies in few parts, judged by the renderer's "
    "exact part maps; generators trained on photographs had neither."
)

# Where the first training had put each factor, found by changing it in the upper layers alone. Hats
# are the exception: below 16 px, where they were, lies the layout, and a hat that is moved there
# moves the head beneath it.
COARSE = "yaw face_width hair_volume"
FINE = (
    "ear_size eye_size eye_open eye_slant eye_spacing gaze_x iris_colour iris_light iris_size "
    "lashes eyeshadow eyeshadow_hue brow_thickness brow_arch brow_angle brow_height brow_dark "
    "nose_length nose_width nose_tip nose_bridge mouth_width upper_lip lower_lip smile mouth_open "
    "lip_red lip_dark lip_pink mouth_height lens_size lens_round frame_thick frame_light frame_hue"
)


def make_world() -> World:
    """Describe the portraits to the trainer."""
    return World(
        name="faces",
        description=DESCRIPTION,
        z_dim=portraits.Z_DIM,
        part_names=portraits.PART_NAMES,
        resolution=256,
        render=portraits.render,
        render_values=partial(portraits.render, normalised=True),
        factor_names=portraits.FACTOR_NAMES,
        blocks=portraits.group_slices(),
        levels=levels_of(portraits.FACTOR_NAMES, COARSE.split(), FINE.split()),
        mirror=portraits.mirror_signs(),
        part_weights={
            "eyes": 2.2,
            "mouth": 2.2,
            "nose": 1.2,
            "brows": 1.0,
            "glasses": 1.0,
            "beard": 0.5,
            "ears": 0.6,
            "hat": 0.1,
            "collar": 0.5,
            "hair": 0.25,
            "clothes": 0.15,
        },
    )
