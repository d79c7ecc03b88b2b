"""What the bundled generators' cards show, read from their files on the worker's thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from localedit_core.cards import (
    Card,
    Example,
    example_path,
    picture_path,
    plain_card,
    read_card,
)
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError

_MAX_SIDE = 2048


@dataclass(frozen=True, eq=False)
class ShownExample:
    """A ready-made session.

    Attributes:
        title, sentence: what people read.
        path: the session file.
        picture: its thumbnail, [H, W, 3], or None.
        problem: why it cannot be opened; empty where it can.
    """

    title: str
    sentence: str
    path: Path
    picture: Picture | None = None
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ShownCard:
    """A bundled generator.

    Attributes:
        name: its name for programs.
        title, sentence: what people read.
        picture: [H, W, 3], or None.
        examples: its ready-made sessions.
        problem: what is wrong with the card; the generator may be opened all the same.
    """

    name: str
    title: str
    sentence: str
    picture: Picture | None = None
    examples: tuple[ShownExample, ...] = ()
    problem: str = ""


def read_showcase() -> tuple[ShownCard, ...]:
    """Read the cards of all bundled generators; what is damaged says so in its place."""
    from localedit_core import library

    return tuple(_shown(name, library.generator_path(name)) for name in library.bundled_names())


def _shown(name: str, generator: Path) -> ShownCard:
    card, problems = plain_card(generator), []
    try:
        card = read_card(generator)
    except LocalEditError as error:
        problems.append(str(error))
    picture = None
    if not problems:
        try:
            picture = _read_picture(picture_path(generator))
        except LocalEditError as error:
            problems.append(str(error))
    return ShownCard(
        name, card.title, card.sentence, picture, _examples(generator, card), " ".join(problems)
    )


def _examples(generator: Path, card: Card) -> tuple[ShownExample, ...]:
    return tuple(_example(example_path(generator, e), e) for e in card.examples)


def _example(path: Path, example: Example) -> ShownExample:
    from localedit_core.session.storage import load_session

    try:
        thumbnail = load_session(path).thumbnail
    except LocalEditError as error:
        return ShownExample(example.title, example.sentence, path, None, str(error))
    return ShownExample(example.title, example.sentence, path, thumbnail)


def _read_picture(path: Path) -> Picture:
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG",)) as image:
            if max(image.size) > _MAX_SIDE:
                raise LocalEditError(
                    f"{path} is larger than {_MAX_SIDE} px.", "Take a smaller one."
                )
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise LocalEditError(f"The picture {path} cannot be read: {error}.") from error
