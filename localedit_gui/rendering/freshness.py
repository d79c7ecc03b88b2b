"""Which results may be shown. Knows no Qt."""

from __future__ import annotations

from collections.abc import Hashable

from localedit_core.editing.request import RenderRequest, RenderResult

_STAGES = ("preview", "settled", "measured")


class Freshness:
    """Numbers requests, and decides whether a result goes to the screen.

    A result is shown if its epoch is current and it is newer than what is shown. It need not be
    the newest that was asked for: during a fast drag hardly any result is, and showing only those
    would leave the picture standing.
    """

    def __init__(self) -> None:
        self._generation = 0
        self._epoch = 0
        self._epoch_key: Hashable = None
        self._shown = (0, -1)  # generation, stage

    def issue(self, epoch_key: Hashable) -> tuple[int, int]:
        """Numbers for a new request: (generation, epoch).

        Args:
            epoch_key: what the epoch stands for; results of different keys never mix.
        """
        if epoch_key != self._epoch_key:
            self._epoch_key = epoch_key
            self._epoch += 1
        self._generation += 1
        return self._generation, self._epoch

    def is_current(self, request: RenderRequest) -> bool:
        """Whether the request belongs to the current epoch."""
        return request.epoch == self._epoch

    def is_newest(self, request: RenderRequest) -> bool:
        """Whether nothing has been asked for since."""
        return request.generation == self._generation

    def accept(self, result: RenderResult) -> bool:
        """Whether to show the result; if so it counts as shown."""
        order = (result.request.generation, _STAGES.index(result.stage))
        # Of several previews each is better than the one before.
        again = order == self._shown and result.stage == "preview"
        if not self.is_current(result.request) or (order <= self._shown and not again):
            return False
        self._shown = order
        return True
