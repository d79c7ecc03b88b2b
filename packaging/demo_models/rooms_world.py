"""The world of the bundled bedroom generator."""

from __future__ import annotations

import bedrooms
from training.world import World

DESCRIPTION = (
    "Rendered bedrooms, not photographs of rooms: trained from z to pictures of a procedural "
    "renderer. The mapping network keeps one block of weights per group of factors, and the last "
    "half of training rewards channels whose energy lies in few parts, judged by the renderer's "
    "exact part maps; generators trained on photographs had neither."
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
        blocks=bedrooms.group_slices(),
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
