"""Networks on devices: moving them, computing exactly there, and what follows when memory runs out.

Pictures are computed in full single precision everywhere. Another device, or another version of
the libraries, adds up in another order: last bits differ, and now and then a pixel by one level.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import torch
from torch import Tensor, nn

from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Synthesis, SynthesisState
from localedit_core.generators.devices import CPU, Device, Retreat
from localedit_core.generators.placed_styles import AnyStyles

_log = logging.getLogger(__name__)


class PlacedNetwork(nn.Module):
    """A network that can be placed on a device and takes its inputs from any.

    Attributes:
        device: where it is.
        on_retreat: told when it left its device because that had no memory left; None logs it.
        retreats: whether it leaves its device then, or raises the error.
    """

    device: Device = CPU
    on_retreat: Callable[[Retreat], None] | None = None
    retreats: bool = True

    @property
    def weights_device(self) -> torch.device:
        """Where torch has the weights."""
        return next(self.parameters()).device

    def place(self, device: Device) -> None:
        """Move to a device.

        Raises:
            LocalEditError: the device cannot be used, or has too little memory; the network is
                where it was.
        """
        before = self.device
        try:
            self._move(device)
        except (RuntimeError, AssertionError) as error:  # the latter where torch lacks it
            reason = "its memory does not suffice" if is_out_of_memory(error) else str(error)
            self._move(before)
            free_memory(device)
            raise LocalEditError(
                f"{device.label} cannot be used: {reason.splitlines()[0]}.",
                f"The generator stays on {before.label}.",
            ) from None

    def retreat(self) -> None:
        """Leave the device for the CPU, and tell so."""
        left = self.device
        self._move(CPU)
        free_memory(left)
        if self.on_retreat is not None:
            self.on_retreat(Retreat(left))
        else:
            _log.warning("%s", Retreat(left).message)

    def _move(self, device: Device) -> None:
        if device.kind == "cuda":
            _compute_exactly_on_cuda()
        # Weights that were moved in inference mode could never be used outside of it again.
        with torch.inference_mode(False), torch.no_grad():
            self.to(torch.device(device.name))
        self.device = device


NetworkT = TypeVar("NetworkT", bound=PlacedNetwork)
Options = ParamSpec("Options")
Synthesize = Callable[Concatenate[NetworkT, AnyStyles, Options], Synthesis]


def on_its_device(synthesize: Synthesize[NetworkT, Options]) -> Synthesize[NetworkT, Options]:
    """Make a ``synthesize`` run where its network is.

    Styles and a kept state are brought there. Where the memory of a GPU runs out, cached memory is
    given back and the picture tried again; where that is not enough, the network retreats to the
    CPU, and the picture is made there. While gradients are asked for, nothing of that happens:
    whoever trains wants to know.
    """

    @wraps(synthesize)
    def run(
        network: NetworkT, styles: AnyStyles, /, *args: Options.args, **options: Options.kwargs
    ) -> Synthesis:
        again = False
        while True:
            place = network.weights_device
            here = {name: style.to(place) for name, style in styles.items()}
            resume = options.get("resume")
            if isinstance(resume, SynthesisState):
                options["resume"] = _state_on(place, resume)
            try:
                return synthesize(network, here, *args, **options)
            except RuntimeError as error:
                known = network.device.kind != "cpu" and not torch.is_grad_enabled()
                if not known or not is_out_of_memory(error):
                    raise
                if again and not network.retreats:
                    raise
            # Not before the exception is gone, which holds the tensors of the failed attempt.
            if again:
                network.retreat()
            else:
                free_memory(network.device)
            again = True

    return run


def _state_on(place: torch.device, state: SynthesisState) -> SynthesisState:
    def moved(tensor: Tensor | None) -> Tensor | None:
        return None if tensor is None else tensor.to(place)

    return replace(state, x=state.x.to(place), rgb=moved(state.rgb), residual=moved(state.residual))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch says with this that a GPU's memory ran out."""
    if isinstance(error, torch.cuda.OutOfMemoryError):
        return True
    text = str(error).lower()
    # MPS and the libraries below CUDA have no exception of their own for it.
    return isinstance(error, RuntimeError) and ("out of memory" in text or "alloc_failed" in text)


def free_memory(device: Device) -> None:
    """Give memory that torch keeps for later back to the device."""
    gc.collect()
    if device.kind == "cuda":
        torch.cuda.empty_cache()
    elif device.kind == "mps":
        torch.mps.empty_cache()


def _compute_exactly_on_cuda() -> None:
    """Have convolutions on CUDA compute in float32, and alike each time, in the whole process.

    By default they round their inputs to 11 bits (TF32), and some add up in whatever order threads
    finish. Not for one picture at a time: two threads would undo each other's settings.
    """
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.cuda.matmul.allow_tf32 = False
