"""The one error that people meet."""

from __future__ import annotations


class LocalEditError(Exception):
    """Something expected went wrong, told to the reader.

    Args:
        message: what happened, and to which file or value. One line.
        hint: what the reader can do about it. One line, may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class RenderCancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Work was given up between two layers because nobody wants its result any more."""
