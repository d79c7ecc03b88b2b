"""Kinds of arguments that several commands take. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from localedit_core.latents import MAX_CLASSES, MAX_SEED

MODEL_HELP = "name of a bundled (faces) or imported generator, or a generator file"


def seed(text: str) -> int:
    """A seed."""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed (0 to {MAX_SEED})")
    return number


def seed_or_file(text: str) -> int | Path:
    """A seed, or the name of a file that lends its parts."""
    is_number = text.lstrip("+-").isdecimal()
    return seed(text) if is_number else Path(text)


def within(low: int, high: int) -> Any:
    """A reader of whole numbers from ``low`` to ``high``."""

    def whole(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}")
        return value

    return whole


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add ``--device``."""
    parser.add_argument(
        "--device",
        default="auto",
        metavar="DEVICE",
        help="auto (the best there is), cpu, cuda, cuda:N or mps",
    )


def add_class(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Add ``--class``."""
    parser.add_argument(
        "--class", type=within(0, MAX_CLASSES - 1), metavar="N", dest="class_index", help=help_text
    )
