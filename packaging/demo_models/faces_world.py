"""The world of the bundled face generator."""

from __future__ import annotations

import portraits
from training.world import World

DESCRIPTION = (
    "Rendered portraits, not photographs of people: trained from z to pictures of a procedural "
    "renderer. The mapping network keeps one block of weights per group of factors, and the last "
    "half of training rewards channels whose energy lies in few parts, judged by the renderer's "
    "exact part maps; generators trained on photographs had neither."
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
        blocks=portraits.group_slices(),
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
