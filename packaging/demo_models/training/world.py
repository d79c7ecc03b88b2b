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
        resolution: side of the pictures that a generator of it makes.
        render: z [N, z_dim] and a side to pictures [N, 3, side, side] in 0..1 and part maps
            [N, side, side].
        render_values: the same of factors' values, which are z at unit mean square: it is not
            normalised, so that one factor can change and no other.
        factor_names: of each coordinate of z, [z_dim].
        blocks: which coordinates of z belong together in the mapping network.
        levels: for style mixing, the side in pixels of the layers that decide each factor, [z_dim].
        mirror: signs [z_dim] that give the mirror image of a picture; None where no z does.
        part_weights: extra weight of a part in the loss; parts not named have none.
    """

    name: str
    description: str
    z_dim: int
    part_names: tuple[str, ...]
    resolution: int
    render: Callable[[Tensor, int], tuple[Tensor, Tensor]]
    render_values: Callable[[Tensor, int], tuple[Tensor, Tensor]]
    factor_names: tuple[str, ...]
    blocks: Mapping[str, slice]
    levels: tuple[int, ...]
    mirror: Tensor | None
    part_weights: Mapping[str, float]
