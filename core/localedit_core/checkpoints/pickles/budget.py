"""What reading one file may cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from localedit_core.checkpoints.pickles.refusal import Refusal

_LEAST_TEXT = 64 * 2**20
_MOST_TEXT = 3 * 2**30


def text_budget(file_size: int) -> int:
    """How much text a file of so many bytes may hold, copies of it included.

    Pickles of protocol 2 and below have the bytes of arrays as text.
    """
    return min(max(3 * file_size, _LEAST_TEXT), _MOST_TEXT)


@dataclass
class Budget:
    """What one file may cost, over all its pickles.

    Attributes:
        opcodes: how many are left.
        text: how many bytes of text are left.
        depth: how many pickles inside pickles are left.
        cancelled: asked now and then; None is never.
    """

    opcodes: int = 1_000_000
    text: int = _LEAST_TEXT
    depth: int = 3
    cancelled: Callable[[], bool] | None = None

    def spend(self, opcodes: int, text: int = 0) -> None:
        """Take from what is left. Refusal if it does not suffice."""
        self.opcodes -= opcodes
        self.text -= text
        if self.opcodes < 0:
            raise Refusal("it has more instructions than any checkpoint", "Choose another file.")
        if self.text < 0:
            raise Refusal("it holds more text than any checkpoint", "Choose another file.")
