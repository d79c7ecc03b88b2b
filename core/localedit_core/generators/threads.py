"""How many threads synthesis may use: one rule for the window and the command line."""

from __future__ import annotations

import os

import torch


def use_render_threads() -> None:
    """Let torch use all cores, but leave one to the window where there are more than two.

    Sums are rounded differently when they are split over another number of threads. So that a
    session gives the same pixels whichever program opens it, this is the one rule, and it stands
    above the environment's (``OMP_NUM_THREADS``).
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    torch.set_num_threads(cores - 1 if cores > 2 else cores)
