"""What TensorFlow checkpoints say of a network: its variables and its arguments, not yet believed.

Everything is checked here before a network is built of it: shapes before memory is taken, values
one variable at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from localedit_core.checkpoints.shown import shown
from localedit_core.errors import LocalEditError

DAMAGED = "The file is damaged, or of a variant that LocalEdit does not know."
UNKNOWN = "LocalEdit opens networks that were trained with the published settings."

Shape = tuple[int, ...]
Network = TypeVar("Network", bound=nn.Module)


class LazyArray(Protocol):
    """An array that is read when it is asked for."""

    @property
    def shape(self) -> Shape:
        """Of the array."""
        ...

    def read(self) -> NDArray[Any]:
        """Read it."""
        ...


@dataclass(frozen=True)
class Entry:
    """One variable of a network and where it goes.

    Attributes:
        key: the state-dict name of the tensor it becomes.
        shape: that the variable must have.
        convert: from the variable's layout to the tensor's.
    """

    key: str
    shape: Shape
    convert: Callable[[Tensor], Tensor]


def keep(values: Tensor) -> Tensor:
    """A variable whose layout stays."""
    return values


def transpose(values: Tensor) -> Tensor:
    """Dense weights: [in, out] -> [out, in]."""
    return values.t()


def conv_weight(values: Tensor) -> Tensor:
    """Convolution weights: [H, W, in, out] -> [out, in, H, W]."""
    return values.permute(3, 2, 0, 1)


class Variables:
    """The variables of a network by name.

    Args:
        variables: name -> array, or anything with a shape and ``read``.
        family: what to call the network in front of people.

    Raises:
        LocalEditError: an entry that is no array.
    """

    def __init__(self, variables: Mapping[str, NDArray[Any] | LazyArray], family: str) -> None:
        self._variables = variables
        self._family = family
        self.shapes: dict[str, Shape] = {}
        for name in variables:
            shape = getattr(variables[name], "shape", None)
            if not isinstance(name, str) or not isinstance(shape, tuple):
                raise LocalEditError(
                    f"The variable {name!r:.60} of this {family} is no array.", DAMAGED
                )
            self.shapes[name] = shape

    def shape(self, name: str, axes: int) -> Shape:
        """The shape of a variable that must be there and have so many axes.

        Raises:
            LocalEditError: it is not there, or has another number of axes.
        """
        self._must_have(name)
        shape = self.shapes[name]
        if len(shape) != axes:
            raise LocalEditError(
                f"The variable {name!r} of this {self._family} has the shape {list(shape)}, "
                f"expected were {axes} axes.",
                DAMAGED,
            )
        return shape

    def count(self, pattern: str, most: int) -> int:
        """How many layers there are whose names a number makes of a pattern.

        One more than the highest number, so that one missing in between is missed by its name.
        """
        numbers = [n for n in range(most) if pattern.format(n) in self.shapes]
        return max(numbers, default=-1) + 1

    def check(self, expected: Mapping[str, Entry], unused: Callable[[str], bool]) -> None:
        """Compare names and shapes with what an architecture needs.

        Args:
            expected: name -> what it must be.
            unused: says of a further name whether the published network has it, too.

        Raises:
            LocalEditError: a variable is missing, too many, or of another shape; it is named.
        """
        for name in expected:
            self._must_have(name)
        for name in self.shapes:
            if name not in expected and not unused(name):
                raise LocalEditError(
                    f"This {self._family} has the unexpected variable {name!r:.80}.", DAMAGED
                )
        for name, entry in expected.items():
            shape = self.shape(name, len(entry.shape))
            if shape != entry.shape:
                raise LocalEditError(
                    f"The variable {name!r} of this {self._family} has the shape {list(shape)}, "
                    f"its other variables need {list(entry.shape)}.",
                    DAMAGED,
                )

    def read(self, name: str) -> Tensor:
        """The values of a variable as float32.

        Raises:
            LocalEditError: they are no floating-point numbers, or not finite.
        """
        stored = self._variables[name]
        values = stored if isinstance(stored, np.ndarray) else stored.read()
        if values.dtype.kind != "f" or values.shape != self.shapes[name]:
            raise LocalEditError(
                f"The variable {name!r} of this {self._family} holds {values.dtype} values "
                f"of shape {list(values.shape)}.",
                DAMAGED,
            )
        with np.errstate(over="ignore"):
            numbers = np.array(values, dtype=np.float32, order="C")
        if not np.isfinite(numbers).all():
            raise LocalEditError(
                f"The variable {name!r} of this {self._family} holds values that are not finite.",
                DAMAGED,
            )
        return torch.from_numpy(numbers)

    def _must_have(self, name: str) -> None:
        if name not in self.shapes:
            raise LocalEditError(f"This {self._family} lacks the variable {name!r}.", DAMAGED)


def build_network(
    make: Callable[[], Network], entries: Mapping[str, Entry], variables: Variables
) -> Network:
    """Make a network and fill it, one variable at a time.

    Args:
        make: makes the network; its size has been checked.
        entries: variable name -> what it is, for all of the network's tensors.
        variables: checked against ``entries``.

    Returns:
        The network, float32, in eval mode, without gradients.

    Raises:
        LocalEditError: values that cannot be used.
    """
    with torch.random.fork_rng(devices=[]):  # making draws weights that are then replaced
        network = make()
    state = network.state_dict()
    for name, entry in entries.items():
        state.pop(entry.key).copy_(entry.convert(variables.read(name)))
    assert not state, f"no variable fills {sorted(state)}"
    return network.eval().requires_grad_(False)


class Arguments:
    """The arguments a network was built with. Those that are absent had the published default.

    Args:
        arguments: name -> value, as the file has them.
        family: what to call the network in front of people.

    Raises:
        LocalEditError: they are no arguments at all.
    """

    def __init__(self, arguments: Mapping[str, Any], family: str) -> None:
        if not isinstance(arguments, Mapping):
            raise LocalEditError(f"The arguments of this {family} are missing.", DAMAGED)
        self._arguments = arguments
        self._family = family

    def given(self, name: str) -> bool:
        """Whether the file has it."""
        return name in self._arguments

    def value(self, name: str, default: Any) -> Any:
        """The bare value."""
        return self._arguments.get(name, default)

    def integer(self, name: str, default: int | None, low: int, high: int) -> int | None:
        """A whole number from ``low`` to ``high``; None only where that is the default.

        Raises:
            LocalEditError: it is none of these.
        """
        value = self._arguments.get(name, default)
        if value is None and default is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise self._wrong(name, f"a whole number from {low} to {high}")
        if not low <= value <= high:
            raise self._wrong(name, f"a whole number from {low} to {high}")
        return int(value)

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """A finite number from ``low`` to ``high``.

        Raises:
            LocalEditError: it is none.
        """
        value = self._arguments.get(name, default)
        if not _is_number(value) or not low <= value <= high:
            raise self._wrong(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def numbers(self, name: str, default: Iterable[float]) -> tuple[float, ...]:
        """A short list of finite numbers; None is the empty one.

        Raises:
            LocalEditError: it is none.
        """
        value = self._arguments.get(name, default)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)) or len(value) > 64:
            raise self._wrong(name, "a list of numbers")
        if not all(_is_number(item) and abs(item) <= 1e6 for item in value):
            raise self._wrong(name, "a list of numbers")
        return tuple(float(item) for item in value)

    def one_of(self, name: str, default: Any, *known: Any) -> Any:
        """A value that must be one of some.

        Raises:
            LocalEditError: it is none of them.
        """
        value = self._arguments.get(name, default)
        for item in known:
            if type(value) is type(item) and value == item:
                return item
        raise self._wrong(name, " or ".join(repr(item) for item in known))

    def agree(self, name: str, found: int, value: int | None) -> None:
        """Check that an argument says what the variables say.

        Raises:
            LocalEditError: it does not.
        """
        if value is not None and value != found:
            raise LocalEditError(
                f"This {self._family} says that its {name} is {value}, "
                f"but its variables are those of {found}.",
                DAMAGED,
            )

    def _wrong(self, name: str, expected: str) -> LocalEditError:
        value = shown(self._arguments.get(name))
        return LocalEditError(
            f"The argument {name!r} of this {self._family} is {value}, not {expected}.", UNKNOWN
        )


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    if isinstance(value, int) and value.bit_length() > 128:
        return False
    return math.isfinite(value)


def top_resolution(names: Collection[str], last: str) -> int:
    """The highest resolution whose layers a network has, 4 if none: ``last`` is such a layer."""
    present = [2**n for n in range(2, 13) if f"{2**n}x{2**n}/{last}/weight" in names]
    return max(present, default=4)
