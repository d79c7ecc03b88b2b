"""How memory is kept between pictures: the allocator is asked not to give it back at once."""

from __future__ import annotations

import ctypes
import platform

# From glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_LARGEST_MMAP_THRESHOLD = 32 * 2**20  # more is refused
_KEPT = 2**31 - 1
_PAD = 64 * 2**20


def prepare_memory() -> bool:
    """Have glibc keep what a picture used for the next one; returns whether it does.

    Otherwise each large tensor is fresh memory whose pages are touched for the first time, which
    costs a fifth of a picture of 256 px. Other systems' allocators keep memory by themselves. May
    be called again.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    settings = (
        (_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD),
        (_TRIM_THRESHOLD, _KEPT),
        (_TOP_PAD, _PAD),
    )
    done = [mallopt(name, value) == 1 for name, value in settings]  # all, though one fails
    return all(done)
