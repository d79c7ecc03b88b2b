"""What one edit changes inside and outside its part as its budget grows, and how far it may grow.

All of it is measured on small pictures: at 64 px one costs a few hundredths of a second. What the
other edits of the stack change does not count: a picture is compared with that of the stack without
the edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.dials import dial_of
from localedit_core.editing.difference import delta_e_lab, squared_error_lab, to_lab
from localedit_core.editing.edit import Edit
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError

SIZE = 64
"""Side of the pictures compared, where the generator makes such."""

STEPS = 9
"""Halvings of the search: the square root of the budget is found to 1/512 of its range."""

_FEW_STEPS = 6
"""Halvings where no limit has to be met: how much is enough is no sharp line."""

_LEAST_REACH = 1 / 32
_EVEN_STEPS = 10
"""Of a curve's points: how small a part of the range they look at, and how finely."""

_AS_MUCH = 0.995
"""Share of the largest change in the part from which more budget is not worth its name."""


@dataclass(frozen=True)
class TradeOffPoint:
    """One value of the dial and what the edit changes there.

    Attributes:
        value: of the dial.
        in_mse: mean CIELAB squared error inside the part, the authors' normalisation.
        out_mse: the same outside.
        delta_e_outside: mean CIE76 delta E outside.
    """

    value: float
    in_mse: float
    out_mse: float
    delta_e_outside: float


class TradeOffMeter:
    """Measures one edit of a request at any value of its dial.

    Args:
        pipeline: renders.
        request: the picture with the whole stack.
        edit_id: which edit of the stack.
        cancelled: asked between layers; ``RenderCancelled`` is raised where it says yes.

    Raises:
        LocalEditError: the part covers nothing, or everything, of the target.
        KeyError: the request has no such edit.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        request: RenderRequest,
        edit_id: str,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._cancelled = cancelled
        found = [edit for edit in request.edits if edit.edit_id == edit_id]
        if not found:
            raise KeyError(edit_id)
        self.edit = replace(found[0], muted=False)
        self.dial = dial_of(self.edit.settings.method)
        self._request = request
        view = pipeline.view(request.target, request.noise_seed)
        roi = pipeline.roi(view, self.edit.part)
        if roi.all() or not roi.any():
            raise LocalEditError(
                f"The part {self.edit.part!r} covers nothing or everything of this picture.",
                "What changes inside and outside of it cannot be told; set the budget by hand.",
            )
        self._base = to_lab(self._render(None))
        side = self._base.shape[0]
        # Any pixel of the part makes a small one its own: thin parts would vanish otherwise.
        small = cv2.resize(roi.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
        self._roi: NDArray[np.bool_] = np.asarray(small > min(0.5, 0.999 * float(small.max())))

    def at(self, value: float) -> TradeOffPoint:
        """Measure one value of the dial."""
        edited = to_lab(self._render(self.dial.turn(self.edit, value)))
        error = squared_error_lab(self._base, edited)
        seen = delta_e_lab(self._base, edited)
        inside, outside = self._roi, ~self._roi
        return TradeOffPoint(
            value,
            float(error[inside].mean(dtype=np.float64)),
            float(error[outside].mean(dtype=np.float64)),
            float(seen[outside].mean(dtype=np.float64)),
        )

    @property
    def side(self) -> int:
        """Of the pictures compared, in pixels."""
        return int(self._base.shape[0])

    def sweep(self) -> Iterator[TradeOffPoint]:
        """Measure what shows the whole curve, one by one, in no order of the dial.

        Few channels may be all that an edit has to move: then a small part of the range buys
        everything, and most points lie there.
        """
        yield self.at(0.0)
        most = self.at(self.dial.most)
        yield most
        reach = 1.0  # share of the range from which on nothing more changes
        while reach > _LEAST_REACH:
            half = self.at(self.dial.at(reach / 2))
            yield half
            if half.in_mse < _AS_MUCH * most.in_mse:
                break
            reach /= 2
        for step in range(1, _EVEN_STEPS):
            if 2 * step != _EVEN_STEPS:  # the half is measured already
                yield self.at(self.dial.at(reach * step / _EVEN_STEPS))

    def largest(self, cap: float) -> TradeOffPoint:
        """The largest value at which the change outside stays within a cap.

        Found by bisection, which takes the changes to grow with the value, as they do but for
        ripples. Where even the largest value keeps to the cap, it is the smallest that changes the
        part as much, to 1/64 of the range.

        Args:
            cap: on ``delta_e_outside``, at least 0.
        """
        if not np.isfinite(cap) or cap < 0.0:
            raise LocalEditError(f"{cap} is no limit for a change.", "Use 0 or more.")
        most = self.at(self.dial.most)
        if most.delta_e_outside <= cap:
            enough = _AS_MUCH * most.in_mse
            return self._turning_point(most, lambda point: point.in_mse < enough, _FEW_STEPS)[1]
        kept, _ = self._turning_point(most, lambda point: point.delta_e_outside <= cap, STEPS)
        return self.at(0.0) if kept is None else kept

    def _turning_point(
        self, high: TradeOffPoint, is_low: Callable[[TradeOffPoint], bool], steps: int
    ) -> tuple[TradeOffPoint | None, TradeOffPoint]:
        """The last point for which something holds, None for the dial's start, and the next.

        Args:
            high: the dial's end, for which it does not hold.
            is_low: what holds up to somewhere.
            steps: how often the range is halved.
        """
        low: TradeOffPoint | None = None
        below, above = 0.0, 1.0
        for _ in range(steps):
            middle = (below + above) / 2
            point = self.at(self.dial.at(middle))
            if is_low(point):
                below, low = middle, point
            else:
                above, high = middle, point
        return low, high

    def _render(self, edit: Edit | None) -> NDArray[np.uint8]:
        """The stack with the edit as given, or without it."""
        edits = tuple(
            edit if other.edit_id == self.edit.edit_id else other
            for other in self._request.edits
            if edit is not None or other.edit_id != self.edit.edit_id
        )
        request = replace(self._request, edits=tuple(e for e in edits if e is not None))
        size = min(SIZE, self._pipeline.model.generator.resolution)
        return self._pipeline.picture(request, size, self._cancelled)
