"""How the set-up speaks to the person at the terminal."""

from __future__ import annotations


class SetUpError(Exception):
    """The set-up cannot go on; the text says what happened and what to do."""


def say(text: str = "") -> None:
    """Print a line at once, so that it stands before what a child process prints."""
    print(text, flush=True)
