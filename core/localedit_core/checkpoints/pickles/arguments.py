"""Checks of what a file hands to the builders."""

from __future__ import annotations

from typing import Any

from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.source import DAMAGED, Region
from localedit_core.checkpoints.pickles.values import Global, StandIn


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
    """A key that can be hashed in short time; others (deep tuples) could take for ever."""
    if isinstance(key, tuple):
        if len(key) > 64:
            raise wrong("a key")
        for piece in key:
            if not isinstance(piece, str | bytes | int | float | bool | None | StandIn | Global):
                raise wrong("a key")
    elif not isinstance(key, str | bytes | int | float | bool | complex | None | StandIn | Global):
        raise wrong("a key")
    return key
