"""What a published checkpoint is turned into: an architecture, and weights that are read late.

A converter says where each weight of ours comes from, with its shape. The weights are read one at
a time, into a network or straight into a file of ours, so that a checkpoint is never in memory as
a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.checkpoints.pickles.values import StandIn, StoredArray, held_bytes
from localedit_core.errors import LocalEditError
from localedit_core.generators.progan import ProGAN, ProGANConfig
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.generators.stylegan2_config import StyleGAN2Config

DAMAGED = "The file is damaged, or of a variant that LocalEdit does not know."
MAX_WEIGHT = 2**26  # numbers; more than 2,700 x 2,700 channels of 3 x 3
_SMALL = 2**20  # numbers that may be repeated, as constants are
Config = StyleGAN2Config | StyleGANConfig | ProGANConfig
Network = StyleGAN2 | StyleGAN | ProGAN
Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Weight:
    """One weight of a generator, still in the file it comes from.

    Attributes:
        shape: of what ``read`` returns.
        read: reads it as float32.
    """

    shape: tuple[int, ...]
    read: Callable[[], Numbers]


@dataclass(frozen=True, eq=False)
class Converted:
    """A published generator in our terms.

    Attributes:
        family: "stylegan2", "stylegan" or "progan".
        config: its architecture.
        weights: state-dict name -> weight, all of them and no others.
        layout: what it was found as, for people.
        notes: what had to be settled on the way, one sentence each.
    """

    family: str
    config: Config
    weights: Mapping[str, Weight]
    layout: str
    notes: tuple[str, ...] = ()


def stored(name: str, value: Any, change: Callable[[Numbers], Numbers] | None = None) -> Weight:
    """A weight of a tensor in the file.

    Args:
        name: as in the file, for errors.
        value: what the file has under that name; an array where it is one number; or
            a weight that was given another layout already.
        change: from the file's layout to ours; it may not change what depends on values.

    Raises:
        LocalEditError: it is no tensor of floats.
    """
    if isinstance(value, np.ndarray) and np.isfinite(value).all():
        return Weight(value.shape, lambda: value.astype(np.float32))
    if isinstance(value, Weight):
        if change is None:
            return value
        inner = value
        hollow = np.broadcast_to(np.float32(0), inner.shape)
        return Weight(change(hollow).shape, lambda: np.asarray(change(inner.read()), order="C"))
    if not isinstance(value, StoredArray) or value.dtype.kind != "f":
        raise LocalEditError(
            f"The checkpoint's {name!r:.120} is {describe(value)}, not a tensor of floats.", DAMAGED
        )
    array = value
    if array.size > MAX_WEIGHT:
        raise LocalEditError(
            f"The checkpoint's {name!r:.120} is larger than any weight: {describe(value)}.", DAMAGED
        )

    def read() -> Numbers:
        numbers = array.read().astype(np.float32, copy=False)
        if not np.isfinite(numbers).all():
            raise LocalEditError(
                f"The checkpoint's {name!r:.120} holds values that are not finite numbers.",
                "Training may have failed; take an earlier checkpoint.",
            )
        return np.asarray(numbers if change is None else change(numbers), order="C")

    shape = array.shape if change is None else _changed_shape(name, array.shape, change)
    return Weight(shape, read)


def _changed_shape(
    name: str, shape: tuple[int, ...], change: Callable[[Numbers], Numbers]
) -> tuple[int, ...]:
    """What a change does to a shape, without reading. LocalEditError if it cannot be done."""
    try:
        return change(np.broadcast_to(np.float32(0), shape)).shape  # a view of one number
    except (IndexError, ValueError) as error:
        raise LocalEditError(
            f"The checkpoint's {name!r:.120} has the impossible shape {list(shape)}.", DAMAGED
        ) from error


def describe(value: Any) -> str:
    """What a value is, in a few words: never the value itself, which may be endless."""
    if value is None:
        return "missing"
    if isinstance(value, StoredArray):
        return f"an array of {' x '.join(map(str, value.shape)) or 'one number'} ({value.dtype})"
    if isinstance(value, StandIn):
        return f"a {value.module}.{value.name}"[:120]
    return f"a {type(value).__name__}"


def check_held(values: Iterable[Any]) -> None:
    """Refuse tensors that claim to be more numbers than the file has for them.

    Tensors can share their numbers and repeat them, so that a small file describes a network larger
    than any memory. To be done before memory is taken for one.

    Raises:
        LocalEditError: they claim more than twice what they hold.
    """
    arrays = [value for value in values if isinstance(value, StoredArray)]
    claimed, held = sum(array.size for array in arrays), held_bytes(arrays)
    if claimed > 2 * held + _SMALL:
        raise LocalEditError(
            f"The checkpoint's tensors claim to be {claimed} numbers, but hold {held} bytes.",
            DAMAGED,
        )


def check_weights(weights: Mapping[str, Weight], shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Compare weights with what an architecture has. LocalEditError names the first that differs.

    To be done before anything of that architecture is put into memory.
    """
    missing = [name for name in shapes if name not in weights]
    surplus = [name for name in weights if name not in shapes]
    if missing or surplus:
        what = f"lacks {missing[0]!r}" if missing else f"has the unexpected {surplus[0]!r:.120}"
        raise LocalEditError(
            f"The checkpoint does not fit its own architecture: it {what} "
            f"({len(missing)} missing, {len(surplus)} too many).",
            DAMAGED,
        )
    for name, shape in shapes.items():
        if weights[name].shape != shape:
            raise LocalEditError(
                f"The checkpoint gives {name!r} the shape {list(weights[name].shape)}, "
                f"its architecture needs {list(shape)}.",
                DAMAGED,
            )


def from_network(network: Network, layout: str, notes: tuple[str, ...] = ()) -> Converted:
    """A network that is in memory already, as if it came from a file."""

    def weight(tensor: Tensor) -> Weight:
        return Weight(tuple(tensor.shape), lambda: tensor.detach().to("cpu", torch.float32).numpy())

    weights = {name: weight(tensor) for name, tensor in network.state_dict().items()}
    return Converted(network.family, network.config, weights, layout, notes)
