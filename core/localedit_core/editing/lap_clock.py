"""How long each step of a piece of work takes."""

from __future__ import annotations

import time


class LapClock:
    """Seconds between laps, by name; those of one name add up."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End a lap and begin the next."""
        now = time.perf_counter()
        self._laps[name] = self._laps.get(name, 0.0) + now - self._last
        self._last = now

    def laps(self) -> dict[str, float]:
        """Seconds of each lap so far."""
        return dict(self._laps)
