"""Feature blending: inside a part, a reference's features take the place of the target's.

The baseline of the paper (section 4.2), after Suzuki et al. 2018, "Spatially controllable image
synthesis with internal representation collaging". Nothing is chosen by channel, so it works without
styles, too. What is blended is the output of every layer up to a resolution, that is, everything
that the layers above read: of StyleGAN2 the sum of its colour layers as well. Above, the target's
own styles go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.membership import resize_maps
from localedit_core.editing.edit import Edit, Method
from localedit_core.errors import RenderCancelled
from localedit_core.generators.base import Adjust, Generator, LayerInfo, Styles
from localedit_core.generators.boxes import Box

Features = Mapping[str, Tensor]
"""Layer name -> the output of that layer, [1, C', H, W]."""


@dataclass(frozen=True, eq=False)
class Blend:
    """What one edit puts into a picture.

    Attributes:
        features: the reference's, of the layers that are blended.
        mask: how much of them is taken at each position, [h, h] in [0, 1].
    """

    features: Features
    mask: NDArray[np.float32]
    _weights: dict[int, Tensor] = field(default_factory=dict, init=False, repr=False)

    def apply(self, layer: LayerInfo, output: Tensor, box: Box) -> Tensor:
        """A layer's output with the reference's features in the mask; both as in ``Adjust``."""
        reference = self.features.get(layer.name)
        if reference is None:
            return output
        side = reference.shape[-1]
        if side not in self._weights:
            resized = resize_maps(self.mask[None], side)[None]  # [1, 1, side, side]
            self._weights[side] = torch.from_numpy(resized)
        # Exact at both ends: 0 keeps the very value, 1 takes the reference's.
        whole = Box.whole(side)
        weight = box.cut(self._weights[side], whole).to(output)
        return torch.lerp(output, box.cut(reference, whole).to(output), weight)


def blends(edit: Edit) -> bool:
    """Whether an edit blends features and changes anything."""
    acts = not edit.muted and edit.strength > 0.0
    return acts and edit.settings.method is Method.FEATURE_BLENDING


def adjustment(stack: Sequence[Blend]) -> Adjust | None:
    """All blends of a stack, lowest first, as synthesis takes them; None of none.

    Where two overlap, the upper one blends with what the lower one left.
    """
    if not stack:
        return None

    def adjust(layer: LayerInfo, output: Tensor, box: Box, /) -> Tensor:
        for blend in stack:
            output = blend.apply(layer, output, box)
        return output

    return adjust


def part_mask(
    catalog: Catalog, clusters: NDArray[np.integer], part: str, strength: float
) -> NDArray[np.float32]:
    """Where a part is on a picture, times a strength.

    Args:
        catalog: knows the part.
        clusters: of the picture, [h, h].
        part: its name.
        strength: 0 to 1.

    Returns:
        [h, h]: the strength inside, 0 outside.

    Raises:
        LocalEditError: the catalog has no such part.
    """
    inside = np.isin(clusters, catalog.part(part).clusters)
    return np.asarray(inside * np.float32(strength), dtype=np.float32)


def record_features(
    generator: Generator, styles: Styles, up_to: int, noise_seed: int | None = None
) -> dict[str, Tensor]:
    """The outputs of all layers up to a resolution, at the cost of those alone.

    Args:
        generator: makes them.
        styles: of the reference, name -> [1, C_l].
        up_to: the highest resolution, in pixels.
        noise_seed: of the fixed noise; None takes the generator's own.
    """
    wanted = layers_up_to(generator.layers, up_to)
    found: dict[str, Tensor] = {}

    def take(layer: LayerInfo, output: Tensor, _box: Box, /) -> Tensor:
        if layer.name in wanted:
            found[layer.name] = output
        return output

    try:
        with torch.inference_mode():
            # What lies above is never begun: synthesis asks before each layer.
            generator.synthesize(
                styles,
                noise_seed=noise_seed,
                adjust=take,
                cancelled=lambda: len(found) == len(wanted),
            )
    except RenderCancelled:
        pass
    return found


def layers_up_to(layers: Iterable[LayerInfo], resolution: int) -> frozenset[str]:
    """Names of the layers whose output has at most that resolution."""
    return frozenset(layer.name for layer in layers if layer.resolution <= resolution)
