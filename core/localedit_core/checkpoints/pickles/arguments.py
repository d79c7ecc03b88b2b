"""Checks of what a file hands to the builders."""

from __future__ import annotations

from typing import Any

from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Region
from localedit_core.checkpoints.pickles.values import Global, StandIn

_SMALL, _LARGE = 2**10, 2**60


def wrong(what: str) -> Refusal:
    """The error for a builder that was given nonsense."""
    return Refusal(f"it describes {what} in an impossible way", DAMAGED)


def as_bytes(value: Any) -> bytes | Region | None:
    """Raw bytes as files hold them: Python 2 wrote them as text."""
    if isinstance(value, bytes | Region):
        return value
    if isinstance(value, str):
        try:
            return value.encode("latin-1")
        except UnicodeEncodeError:
            return None
    return None


def counts_of(value: Any) -> tuple[int, ...] | None:
    """The value as sizes, strides or a shape; None if it is none."""
    if isinstance(value, tuple | list) and all(type(n) is int and 0 <= n < 2**62 for n in value):
        return tuple(value)
    return None


def checked_key(key: Any) -> Any:
    """A key that is hashed in short time, among others that do not all have the same hash.

    Python's hash of numbers is public: integers from 2**61 on can be chosen so that all of them
    collide, and so can tuples of numbers. Texts and bytes are hashed with a secret.
    """
    if isinstance(key, tuple):
        if len(key) > 64 or not all(_is_plain(piece, _SMALL) for piece in key):
            raise wrong("a key")
    elif not _is_plain(key, _LARGE):
        raise wrong("a key")
    return key


def _is_plain(key: Any, bound: int) -> bool:
    if isinstance(key, int):
        return -bound < key < bound
    return isinstance(key, str | bytes | float | None | StandIn | Global)
