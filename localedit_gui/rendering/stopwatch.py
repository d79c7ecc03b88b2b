"""How long things take, over the last few times. Knows no Qt."""

from __future__ import annotations

from collections import deque


class Stopwatch:
    """Keeps the last times of each name.

    Args:
        kept: how many times of a name count.
    """

    def __init__(self, kept: int = 30) -> None:
        self._kept = kept
        self._times: dict[str, deque[float]] = {}

    def add(self, name: str, seconds: float) -> None:
        """Count one more; the oldest falls out."""
        self._times.setdefault(name, deque(maxlen=self._kept)).append(seconds)

    def median(self, name: str) -> float | None:
        """The upper median of the kept times in seconds, None before the first."""
        times = sorted(self._times.get(name, ()))
        return times[len(times) // 2] if times else None
