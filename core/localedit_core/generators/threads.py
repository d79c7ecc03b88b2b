"""How threads synthesise pictures: one rule for the window and the command line."""

from __future__ import annotations

import os

from localedit_core.generators.memory import prepare_memory

_SPINS = 3000  # turns of an empty loop, of GNU's OpenMP; other kinds do not read it


def usable_cores() -> int:
    """The processor's cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare_threads() -> None:
    """Set torch's threads and memory up. Comes before anything imports torch, as this does.

    All cores are used, but one is left to the window where there are more than two. Sums are
    rounded differently when they are split over another number of threads: so that a session gives
    the same pixels whichever program opens it, this is the one rule, and it stands above the
    environment's (``OMP_NUM_THREADS``).
    """
    # OpenMP's threads spin while they wait, which on a busy machine makes a picture take ten times
    # as long. It reads this when torch is loaded, and never again. A few microseconds, the
    # way from one layer to the next, are left to them: else each layer waits until they are awake.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", str(_SPINS))
    prepare_memory()
    import torch

    cores = usable_cores()
    torch.set_num_threads(cores - 1 if cores > 2 else cores)
