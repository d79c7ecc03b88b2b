"""Pictures that only have to be quick, previews and thumbnails: in half precision where it pays."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from localedit_core.editing.request import HalfPrecision
from localedit_core.generators.base import Adjust, Generator, Synthesis, SynthesisState
from localedit_core.generators.devices import Device
from localedit_core.generators.half import half_copy, half_dtype
from localedit_core.generators.placed_styles import AnyStyles
from localedit_core.generators.placement import PlacedNetwork, free_memory, is_out_of_memory

_TRIES = 3  # of each, the first of which does not count: it prepares what later ones find ready
_WORTH = 1.25  # times as quick; less is not worth the coarser picture


@dataclass(eq=False)
class SpeedTrial:
    """Finds out in passing whether half precision is the quicker one: each in turn, then the best.

    Attributes:
        full: seconds that pictures in float32 took.
        half: seconds that pictures in half precision took.
    """

    full: list[float] = field(default_factory=list)
    half: list[float] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        """Whether enough was seen."""
        return len(self.full) >= _TRIES and len(self.half) >= _TRIES

    def takes_half(self) -> bool:
        """How to make the next picture."""
        if not self.decided:
            return len(self.full) >= _TRIES
        return min(self.half[1:]) * _WORTH < min(self.full[1:])

    def add(self, half: bool, seconds: float) -> None:
        """Count a picture; what comes after the decision changes nothing."""
        if not self.decided:
            (self.half if half else self.full).append(seconds)


class QuickPictures:
    """Makes pictures of one generator, in half precision where that is asked for.

    Asked to decide itself, it takes half precision on GPUs, and on processors where it has
    instructions for it and a trial showed it to be quicker. A generator whose numbers do not fit
    half precision, or that does not fit into memory twice, is left in float32.

    Args:
        generator: whose; float32.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._copy: Generator | None = None
        self._device: Device | None = None
        self._unfit = False
        self._trials: dict[int, SpeedTrial] = {}

    def takes_half(self, half: HalfPrecision, up_to: int) -> bool:
        """Whether a picture of that size would be made in half precision, without a trial."""
        if not self._can(half):
            return False
        return half is HalfPrecision.ON or self._known_quicker(up_to)

    def synthesize(
        self,
        half: HalfPrecision,
        styles: AnyStyles,
        *,
        up_to: int,
        noise_seed: int | None = None,
        keep: Collection[str] = (),
        resume: SynthesisState | None = None,
        adjust: Adjust | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Synthesis:
        """Make a picture, as ``Generator.synthesize`` does.

        In half precision no state is kept: nothing exact can go on from it.
        """

        def make(generator: Generator, kept: Collection[str]) -> Synthesis:
            return generator.synthesize(
                styles,
                up_to=up_to,
                noise_seed=noise_seed,
                keep=kept,
                resume=resume if generator is self._generator else _in_half(resume, dtype),
                adjust=adjust,
                cancelled=cancelled,
            )

        dtype = half_dtype(self._generator.device)
        trial = self._trial(up_to) if self._tries(half) else None
        in_half = self.takes_half(half, up_to) or (trial is not None and trial.takes_half())
        if in_half and dtype is not None:
            copy = self._half(dtype)
            begun = time.perf_counter()
            made = None if copy is None else self._fit(lambda: make(copy, ()))
            if made is not None:
                if trial is not None:
                    trial.add(True, time.perf_counter() - begun)
                return made
        begun = time.perf_counter()
        made = make(self._generator, keep)
        if trial is not None:
            trial.add(False, time.perf_counter() - begun)
        return made

    def _can(self, half: HalfPrecision) -> bool:
        device = self._generator.device
        if device != self._device:
            self._device, self._copy, self._unfit = device, None, False
            self._trials.clear()
        possible = isinstance(self._generator, PlacedNetwork) and not self._unfit
        return possible and half is not HalfPrecision.OFF and half_dtype(device) is not None

    def _tries(self, half: HalfPrecision) -> bool:
        """Whether time will tell."""
        on_cpu = self._generator.device.kind == "cpu"
        return half is HalfPrecision.AUTO and on_cpu and self._can(half)

    def _known_quicker(self, up_to: int) -> bool:
        if self._generator.device.kind != "cpu":
            return True
        trial = self._trial(up_to)
        return trial.decided and trial.takes_half()

    def _trial(self, up_to: int) -> SpeedTrial:
        # Where small pictures cost as much as large ones, all sizes are one.
        return self._trials.setdefault(up_to if self._generator.has_previews else 0, SpeedTrial())

    def _half(self, dtype: torch.dtype) -> Generator | None:
        if self._copy is None and isinstance(self._generator, PlacedNetwork):
            try:
                self._copy = half_copy(self._generator, dtype)
            except RuntimeError as error:
                self._give_up(error)
        return self._copy

    def _fit(self, make: Callable[[], Synthesis]) -> Synthesis | None:
        """The picture, unless it cannot be made in half precision."""
        try:
            made = make()
        except RuntimeError as error:
            self._give_up(error)
            return None
        if not bool(torch.isfinite(made.image).all()):
            self._unfit, self._copy = True, None
            return None
        return made

    def _give_up(self, error: RuntimeError) -> None:
        if not is_out_of_memory(error):
            raise error
        self._unfit, self._copy = True, None
        free_memory(self._generator.device)


def _in_half(state: SynthesisState | None, dtype: torch.dtype | None) -> SynthesisState | None:
    if state is None or dtype is None:
        return state

    def halved(tensor: Tensor | None) -> Tensor | None:
        return None if tensor is None else tensor.to(dtype)

    return replace(state, x=state.x.to(dtype), residual=halved(state.residual))
