"""The world of the bundled bedroom generator."""

from __future__ import annotations

from functools import partial

import bedrooms
from training.mixing import levels_of
from training.world import World

DESCRIPTION = (
    "Rendered bedrooms, not photographs of rooms: trained from z to pictures of a procedural "
    "renderer. The mapping network keeps one block of weights per group of factors, and the last "
    "half of training rewards channels whose energy lies in few parts, judged by the renderer's "
    "exact part maps; generators trained on photographs had neither."
)

# Where the first training had put each factor, found by changing it in the upper layers alone.
COARSE = "yaw side bed_width bed_length bed_place"
FINE = (
    "fold floor_tone pillow_light pillow_a pillow_b pillow_size cushion_a cushion_b cushion_size "
    "board_round board_tone board_light sky hill_tone sun curtain_a curtain_b shade_a shade_b "
    "lamp_foot stand_tone rug_band picture_a picture_b picture_horizon picture_disc frame_light"
)


def make_world() -> World:
    """Describe the bedrooms to the trainer."""
    return World(
        name="rooms",
        description=DESCRIPTION,
        z_dim=bedrooms.Z_DIM,
        part_names=bedrooms.PART_NAMES,
        resolution=256,
        render=bedrooms.render,
        render_values=partial(bedrooms.render, normalised=True),
        factor_names=bedrooms.FACTOR_NAMES,
        blocks=bedrooms.group_slices(),
        levels=levels_of(bedrooms.FACTOR_NAMES, COARSE.split(), FINE.split()),
        mirror=None,
        part_weights={
            "lamp": 1.0,
            "picture": 1.0,
            "pillows": 0.8,
            "window": 0.8,
            "headboard": 0.5,
            "curtains": 0.5,
            "rug": 0.5,
            "nightstand": 0.3,
            "sheet": 0.2,
            "cover": 0.2,
        },
    )
