"""How a value of a file is shown in a message."""

from __future__ import annotations

from typing import Any


def shown(value: Any, most: int = 60) -> str:
    """A plain value, cut off; of anything else only what it is.

    Never its own text: a file can make a list hold itself twice, and so on, so that its text has
    no end.
    """
    if isinstance(value, int) and value.bit_length() > 128:
        return "a large number"
    if value is None or isinstance(value, bool | int | float | str | bytes):
        # Cut before and after: the text of a character can be ten long.
        text = repr(value[:most] if isinstance(value, str | bytes) else value)
        return text if len(text) <= most else f"{text[:most]}…"
    return f"a {type(value).__name__}"
