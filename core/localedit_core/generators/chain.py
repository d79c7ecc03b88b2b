"""Running generators that are one chain of layers with one colour layer at the end.

StyleGAN and PG-GAN are such chains once their progressive growing is over. StyleGAN2 is not: it has
colour layers along the way and sometimes branches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Adjust, LayerInfo, SynthesisState
from localedit_core.generators.boxes import Box

MAX_FEATURES = 8192
"""More than any published network has anywhere."""


@dataclass(frozen=True)
class ChainRun:
    """What a run through a chain made.

    Attributes:
        x: output of the last layer, [N, C, H, W].
        activations: A_l of the layers asked for, [N, C_l, h, w].
        outputs: the output of the layers asked for, [N, C', H, W].
        kept: the state before each layer asked for.
    """

    x: Tensor
    activations: dict[str, Tensor] = field(default_factory=dict)
    outputs: dict[str, Tensor] = field(default_factory=dict)
    kept: dict[str, SynthesisState] = field(default_factory=dict)


def run_chain(
    layers: Sequence[LayerInfo],
    start: Callable[[], Tensor],
    step: Callable[[int, Tensor], tuple[Tensor | None, Tensor]],
    *,
    record: Collection[str] = (),
    record_outputs: Collection[str] = (),
    keep: Collection[str] = (),
    resume: SynthesisState | None = None,
    adjust: Adjust | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ChainRun:
    """Run the layers of a chain one after the other.

    Args:
        layers: all of them, in order.
        start: makes the first layer's input; not asked where ``resume`` is given.
        step: runs the layer of that index on its input; A_l, None if not wanted, and the output.
        record: layers whose A_l is handed back.
        record_outputs: layers whose output is handed back.
        keep: layers before which the state is kept.
        resume: a kept state to go on from.
        adjust: changes the output of each layer before anything reads it.
        cancelled: asked before each layer; where it says yes, ``RenderCancelled`` is raised.
    """
    x = start() if resume is None else resume.x
    first = 0 if resume is None else [layer.name for layer in layers].index(resume.layer)
    x = x.contiguous(memory_format=torch.channels_last)
    run = ChainRun(x)
    for index in range(first, len(layers)):
        name = layers[index].name
        if name in keep:
            run.kept[name] = SynthesisState(name, x, None, None)
        if cancelled is not None and cancelled():
            raise RenderCancelled
        activation, x = step(index, x)
        if adjust is not None:
            x = adjust(layers[index], x, Box.whole(x.shape[-1]))
        if name in record and activation is not None:
            run.activations[name] = activation
        if name in record_outputs:
            run.outputs[name] = x
    return ChainRun(x, run.activations, run.outputs, run.kept)


def shrink(image: Tensor, size: int) -> Tensor:
    """The area average of a picture: [N, 3, R, R] -> [N, 3, size, size]."""
    return image if image.shape[-1] == size else F.interpolate(image, (size, size), mode="area")


def sides(resolution: int) -> tuple[int, ...]:
    """The resolutions that a chain runs through: 4, 8, ..., resolution."""
    return tuple(2**n for n in range(2, resolution.bit_length()))


def check_size(up_to: int | None, resolution: int, box: Box | None = None) -> int:
    """The side of the picture that is wanted; None is the full one.

    Raises:
        LocalEditError: no generator of that resolution makes it, or a piece is wanted.
    """
    if box is not None:
        raise LocalEditError("This generator makes no pieces of pictures.")
    if up_to is None:
        return resolution
    if up_to not in sides(resolution):
        raise LocalEditError(
            f"This generator makes no picture of {up_to} px.",
            f"It makes {', '.join(str(side) for side in sides(resolution))} px.",
        )
    return up_to


def check_architecture(
    family: str, resolution: int, channels: tuple[int, ...], features: Collection[int]
) -> None:
    """Check the sizes of a chain.

    Args:
        family: what to call it in front of people.
        resolution: side of the picture, a power of two from 8 to 4096.
        channels: one count per resolution.
        features: all other counts of features or layers.

    Raises:
        LocalEditError: a size is impossible.
    """
    if type(resolution) is not int or resolution not in {2**n for n in range(3, 13)}:
        raise LocalEditError(f"A {family} of {resolution!r:.40} px cannot be built.")
    if len(channels) != len(sides(resolution)):
        raise LocalEditError(
            f"A {family} of {resolution} px has {len(sides(resolution))} blocks, "
            f"but {len(channels)} channel counts were given."
        )
    for count in (*channels, *features):
        if type(count) is not int or not 1 <= count <= MAX_FEATURES:
            raise LocalEditError(
                f"A {family} needs between 1 and {MAX_FEATURES} features everywhere, "
                f"not {count!r:.40}."
            )
