"""What a rendered world has to tell the trainer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class World:
    """A renderer with its labels and what training should know of it.

    Attributes:
        name: the bundled model's name.
        description: what the model shows and how it came about, for its file.
        z_dim: number of factors.
        part_names: the classes of the part maps.
        render: z [N, z_dim] to pictures [N, 3, H, W] in 0..1 and part maps [N, H, W].
        blocks: which coordinates of z belong together in the mapping network.
        mirror: signs [z_dim] that give the mirror image of a picture.
        part_weights: extra weight of a part in the loss; parts not named have none.
    """

    name: str
    description: str
    z_dim: int
    part_names: tuple[str, ...]
    render: Callable[[Tensor], tuple[Tensor, Tensor]]
    blocks: Mapping[str, slice]
    mirror: Tensor
    part_weights: Mapping[str, float]
