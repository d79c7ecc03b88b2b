"""Why a file is not read."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - told to people as a LocalEditError with the file's name
    """A file is damaged or asks for what it may not have.

    Args:
        reason: goes after the file's name: "it asks for os.system".
        hint: what people can do.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
