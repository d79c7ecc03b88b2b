"""Tells the machine's own pauses from a program's: a virtual machine may be held up as a whole."""

from __future__ import annotations

import os
import subprocess
import sys

# Only sleeps. What holds this up holds up everything on its processor.
_SLEEPER = """
import os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {int(sys.argv[1])})
last = time.monotonic()
while True:
    time.sleep(0.002)
    now = time.monotonic()
    if now - last > 0.010:
        print(last, now, flush=True)
    last = now
"""


class Sleepers:
    """One program on each processor that does nothing but note when it was held up."""

    def __init__(self) -> None:
        processors = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}
        self._running = [
            subprocess.Popen(
                [sys.executable, "-c", _SLEEPER, str(number)], stdout=subprocess.PIPE, text=True
            )
            for number in sorted(processors)
        ]

    def stop(self) -> list[tuple[float, float]]:
        """End them; from when to when, by ``time.monotonic``, any of them was held up."""
        spans: list[tuple[float, float]] = []
        for sleeper in self._running:
            sleeper.terminate()
            out, _ = sleeper.communicate()
            for line in out.splitlines():
                begin, _, end = line.partition(" ")
                if end:
                    spans.append((float(begin), float(end)))
        return sorted(spans)


def own_share(gap: tuple[float, float], spans: list[tuple[float, float]]) -> float:
    """Seconds of a gap (from, to) in which none of the sorted ``spans`` lies."""
    begin, end = gap
    own, at = 0.0, begin
    for first, last in spans:
        if last <= at or first >= end:
            continue
        own += max(0.0, first - at)
        at = max(at, last)
    return own + max(0.0, end - at)
