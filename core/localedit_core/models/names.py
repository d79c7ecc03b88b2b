"""What people call things, and which file names that makes: on every system, for any text."""

from __future__ import annotations

import re
import unicodedata

from localedit_core.errors import LocalEditError

MAX_NAME = 100  # characters
_MAX_STEM_BYTES = 120  # of UTF-8: file systems take 255 with suffixes, and folders add up
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])")
# Marks that turn the direction of the text after them: a name must not disguise another one.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy_name(text: str) -> str:
    """A name in one line: control characters and runs of blanks become one blank. May be empty."""
    kept = (
        " " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c
        for c in text
        if c not in _TURNING
    )
    return " ".join("".join(kept).split())


def checked_name(text: str) -> str:
    """A name that somebody typed, tidied.

    Raises:
        LocalEditError: nothing is left of it, or more than ``MAX_NAME`` characters.
    """
    name = tidy_name(text)
    if not name:
        raise LocalEditError("A generator needs a name.", "Type one.")
    if len(name) > MAX_NAME:
        raise LocalEditError(
            f"{name[:20]}... is a name of {len(name)} characters.", f"Use at most {MAX_NAME}."
        )
    return name


def shortened_name(text: str, otherwise: str = "Generator") -> str:
    """A name that no person chose, tidied and cut to ``MAX_NAME``; ``otherwise`` if it is empty."""
    name = tidy_name(text) or otherwise
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1].rstrip() + "…"


def numbered_name(name: str, number: int) -> str:
    """The name with " (2)" and so on behind it, still of at most ``MAX_NAME`` characters."""
    behind = f" ({number})"
    return name[: MAX_NAME - len(behind)].rstrip() + behind


def file_stem(name: str, otherwise: str = "generator") -> str:
    """A file name without suffix that says ``name`` and can be had on every system.

    Letters and digits of any script, small, with "-" and "_" between them; never a dot, so that
    "x" and "x.catalog" cannot meet; no name that Windows reserves; at most 120 bytes of UTF-8.
    Different names may have the same stem.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    words = "".join(c if c.isalnum() or c == "_" else "-" for c in plain)
    stem = re.sub("-{2,}", "-", words).strip("-_")
    stem = stem.encode()[:_MAX_STEM_BYTES].decode(errors="ignore").strip("-_")
    if not stem:
        return otherwise
    return f"{otherwise}-{stem}" if _RESERVED.fullmatch(stem) else stem
