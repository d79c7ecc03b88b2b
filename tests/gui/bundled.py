"""A folder of bundled generators for tests: small ones, with cards, pictures and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from localedit_core.cards import Card, Example, Transfer, write_card
from localedit_core.editing.edit import Edit
from localedit_core.editing.pipeline import Pipeline
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model, reference_to
from localedit_core.session.state import EditState
from localedit_core.session.storage import save_session

PSI = 0.9


@dataclass(frozen=True)
class Shown:
    """What one generator's card says."""

    title: str
    first_target: int
    gallery: tuple[int, ...]
    favourites: tuple[int, ...]


ALPHA = Shown("Alphas", 31, (31, 500, 7, 8, 9), (500, 7))
BETA = Shown("Betas", 62, (62, 900, 3, 4, 5), (900,))
EXAMPLES = ("one", "two", "three")


def add_card(generator: Path, shown: Shown) -> None:
    """Write card, picture and three examples: seeds 40, 41 and 42 with a mouth of seed 5."""
    model, catalog = open_labelled_model(generator)
    pipeline = Pipeline(model, catalog)
    reference = replace(reference_to(model, catalog), path=None)
    folder = generator.parent / "examples"
    folder.mkdir(exist_ok=True)
    examples = []
    for number, title in enumerate(EXAMPLES):
        target, mouth = Latent(40 + number, PSI), Latent(5, PSI)
        state = EditState(reference, target, (Edit("e1", "mouth", mouth),), psi=PSI)
        values: Mapping[str, np.ndarray] = {
            latent.key: pipeline.w_plus(latent) for latent in (target, mouth)
        }
        name = f"{generator.stem}-{title}.localedit"
        save_session(folder / name, state, values, np.full((32, 32, 3), 90, np.uint8))
        examples.append(Example(title.capitalize(), f"Example {title}.", name))
    card = Card(
        title=shown.title,
        sentence=f"Small pictures of {shown.title.lower()}.",
        first_target=shown.first_target,
        psi=PSI,
        first_transfer=Transfer("mouth", 5),
        gallery=shown.gallery,
        favourites=shown.favourites,
        examples=tuple(examples),
    )
    generator.with_name(f"{generator.stem}.card.json").write_bytes(write_card(card))
    picture = Image.new("RGB", (64, 32), (200, 80, 40))
    picture.save(generator.with_name(f"{generator.stem}.card.png"))
