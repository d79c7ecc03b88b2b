"""Text on sheets, in the font that comes with Pillow."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PIL import ImageFont

INK = (25, 25, 25)
PALE_INK = (100, 100, 100)
PAPER = (255, 255, 255)


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font at a height in pixels."""
    return ImageFont.load_default(size)


def writable(text: str) -> str:
    """The text in the letters that the font has: plain Latin, "?" for all others."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    kept = (letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in kept)


def width_of(text: str, size: int) -> int:
    """How wide a text is, in pixels."""
    return round(font(size).getlength(writable(text)))


def shortened(text: str, size: int, width: int) -> str:
    """The text, its end cut off where it is wider than ``width`` pixels."""
    text = writable(text)
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "...", size) > width:
        text = text[:-1]
    return text + "..."
