"""Writes a bundled generator's card, its picture and its example sessions.

python packaging/demo_models/curate.py faces                  # after every change of the weights
python packaging/demo_models/curate.py faces --sheet sheet.png --first 0 --count 100

What is shown was chosen by eye and is stored in ``choices_<world>.json``. Example sessions belong
to one set of weights, so they are made anew from the choices whenever those change. A seed stands
for the same rendered picture whatever the weights, so the choices outlive training.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "core"))

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from localedit_core import cards  # noqa: E402
from localedit_core.atomic import atomic_write  # noqa: E402
from localedit_core.catalog.catalog import Catalog  # noqa: E402
from localedit_core.editing.edit import Edit, QuerySettings  # noqa: E402
from localedit_core.editing.pipeline import Pipeline  # noqa: E402
from localedit_core.editing.request import Picture, RenderRequest, RenderResult  # noqa: E402
from localedit_core.errors import LocalEditError  # noqa: E402
from localedit_core.latents import Latent, sample_z  # noqa: E402
from localedit_core.library import open_labelled_model, reference_to  # noqa: E402
from localedit_core.session.state import EditState  # noqa: E402
from localedit_core.session.storage import save_session  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

MODELS = ROOT / "resources" / "localedit_resources" / "models"
THUMBNAIL_SIDE = 128  # as the editor's own sessions have
TILE = 160  # of the card's picture: one of two tiles, four of one


@dataclass(frozen=True)
class ExampleChoice:
    """An example as chosen: a target and the transfers on it.

    Attributes:
        slug: the end of its file's name.
        title, sentence: what people read.
        target: seed of the picture that is edited.
        edits: per transfer ``part`` and ``reference``, and where they differ from the part's own
            ``epsilon``, ``floor`` and ``strength``.
    """

    slug: str
    title: str
    sentence: str
    target: int
    edits: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Choices:
    """What was chosen by eye for a world; see ``localedit_core.cards.Card`` for the fields."""

    title: str
    sentence: str
    psi: float | None
    first_target: int
    first_transfer: cards.Transfer
    favourites: tuple[int, ...]
    gallery: tuple[int, ...]
    examples: tuple[ExampleChoice, ...]

    @classmethod
    def read(cls, path: Path) -> Choices:
        """Read a file of choices."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["first_transfer"] = cards.Transfer(**fields["first_transfer"])
        fields["examples"] = tuple(
            ExampleChoice(**(example | {"edits": tuple(example["edits"])}))
            for example in fields["examples"]
        )
        for name in ("favourites", "gallery"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def choices_path(world: str) -> Path:
    """Return where the choices for a world are stored."""
    return Path(__file__).with_name(f"choices_{world}.json")


def make_card(name: str, choices: Choices) -> cards.Card:
    """Return the card of the choices. Favourites come first in the gallery."""
    rest = [seed for seed in choices.gallery if seed not in choices.favourites]
    return cards.Card(
        title=choices.title,
        sentence=choices.sentence,
        first_target=choices.first_target,
        psi=choices.psi,
        first_transfer=choices.first_transfer,
        gallery=(*choices.favourites, *rest),
        favourites=choices.favourites,
        examples=tuple(
            cards.Example(e.title, e.sentence, f"{name}-{e.slug}.localedit")
            for e in choices.examples
        ),
    )


def example_state(pipeline: Pipeline, choices: Choices, example: ExampleChoice) -> EditState:
    """Return an example's session, bound to the generator and its catalog.

    Raises:
        LocalEditError: the catalog lacks a part of it.
    """
    psi = pipeline.catalog.psi if choices.psi is None else choices.psi
    # Bundled generators are known by their names, wherever this one lies just now.
    reference = replace(reference_to(pipeline.model, pipeline.catalog), path=None)
    edits = tuple(
        _edit(pipeline.catalog, f"e{number}", Latent(edit["reference"], psi), edit)
        for number, edit in enumerate(example.edits, 1)
    )
    target = Latent(example.target, psi)
    return EditState(reference, target, edits, psi=psi, favourites=choices.favourites)


def _edit(catalog: Catalog, edit_id: str, reference: Latent, chosen: dict[str, Any]) -> Edit:
    part = catalog.part(chosen["part"])
    if unknown := chosen.keys() - {"part", "reference", "epsilon", "floor", "strength"}:
        raise LocalEditError(f"An edit of {part.name} has an unknown field {min(unknown)!r}.")
    settings = QuerySettings(
        epsilon=chosen.get("epsilon", part.epsilon), floor=chosen.get("floor", part.floor)
    )
    return Edit(edit_id, part.name, reference, settings, chosen.get("strength", 1.0))


def render(pipeline: Pipeline, state: EditState) -> RenderResult:
    """Return the measured result of a session; its measures are those of its topmost edit."""
    roi = state.edits[-1].part if state.edits else None
    *_, last = pipeline.run(RenderRequest(0, 0, state.target, state.edits, roi, state.noise_seed))
    return last


def card_picture(pipeline: Pipeline, card: cards.Card) -> Picture:
    """Return the first target, and beside it four pictures from the gallery, [2T, 4T, 3]."""
    psi = pipeline.catalog.psi if card.psi is None else card.psi
    others = [seed for seed in card.gallery if seed != card.first_target][:4]
    large = _scaled(_picture(pipeline, Latent(card.first_target, psi)), 2 * TILE)
    tiles = [_scaled(_picture(pipeline, Latent(seed, psi)), TILE) for seed in others]
    tiles += [np.zeros_like(large[:TILE, :TILE])] * (4 - len(tiles))
    rows = [np.concatenate(tiles[:2], axis=1), np.concatenate(tiles[2:], axis=1)]
    return np.concatenate([large, np.concatenate(rows)], axis=1)


def curate(name: str, choices: Choices, models: Path) -> list[Path]:
    """Write card, picture and examples of the generator ``name`` in a folder.

    Returns:
        The files written.

    Raises:
        LocalEditError: there is no generator or no catalog, the catalog lacks a part that the
            choices name, or a file cannot be written.
    """
    generator = models / f"{name}.safetensors"
    pipeline = Pipeline(*open_labelled_model(generator))
    card = make_card(name, choices)
    states = [example_state(pipeline, choices, example) for example in choices.examples]
    pipeline.catalog.part(choices.first_transfer.part)
    folder = models / cards.EXAMPLES
    folder.mkdir(exist_ok=True)
    written = []
    for example, state in zip(card.examples, states, strict=True):
        image = render(pipeline, state).image
        latents = (state.target, *(edit.reference for edit in state.edits))
        values = {latent.key: pipeline.w_plus(latent) for latent in latents}
        path = cards.example_path(generator, example)
        save_session(path, state, values, _scaled(image, THUMBNAIL_SIDE))
        written.append(path)
    for old in set(folder.glob(f"{name}-*.localedit")) - set(written):
        old.unlink()
    _write_png(cards.picture_path(generator), card_picture(pipeline, card))
    atomic_write(cards.card_path(generator), cards.write_card(card))
    return [*written, cards.picture_path(generator), cards.card_path(generator)]


def _picture(pipeline: Pipeline, latent: Latent) -> Picture:
    return pipeline.view(latent).image


def _scaled(image: Picture, side: int) -> Picture:
    method = cv2.INTER_AREA if image.shape[0] > side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (side, side), interpolation=method), np.uint8)


def _write_png(path: Path, image: Picture) -> None:
    done, data = cv2.imencode(".png", image[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    assert done
    atomic_write(path, data.tobytes())


# Choosing by eye ------------------------------------------------------------------------------


def numbered_sheet(pictures: Sequence[tuple[str, Picture]], columns: int, side: int) -> Picture:
    """Return a sheet of pictures, each under its caption, [H, W, 3]."""
    cells: list[NDArray[np.uint8]] = []
    for caption, image in pictures:
        strip = np.full((16, side, 3), 255, np.uint8)
        place, black = (3, 12), (0, 0, 0)
        cv2.putText(strip, caption, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, black, 1, cv2.LINE_AA)
        cells.append(np.concatenate([strip, _scaled(image, side)]))
    blank = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % columns)
    rows = [np.concatenate(cells[i : i + columns], axis=1) for i in range(0, len(cells), columns)]
    return np.concatenate(rows)


def seed_pictures(name: str, models: Path, seeds: Sequence[int]) -> list[tuple[str, Picture]]:
    """Return the generator's pictures of some seeds; the renderer's where there is no generator."""
    if (models / f"{name}.safetensors").exists():
        pipeline = Pipeline(*open_labelled_model(models / f"{name}.safetensors"))
        psi = pipeline.catalog.psi
        return [(str(seed), _picture(pipeline, Latent(seed, psi))) for seed in seeds]
    world = make_world(name)
    found = []
    for seed in seeds:
        z = torch.from_numpy(sample_z(seed, world.z_dim))
        picture = world.render(z, world.resolution)[0][0]  # [3, H, W], 0..1
        found.append((str(seed), (picture * 255 + 0.5).byte().permute(1, 2, 0).numpy()))
    return found


def example_pictures(name: str, models: Path, choices: Choices) -> list[tuple[str, Picture]]:
    """Return each example's target, references and result, as they come out now."""
    pipeline = Pipeline(*open_labelled_model(models / f"{name}.safetensors"))
    found: list[tuple[str, Picture]] = []
    for example in choices.examples:
        state = example_state(pipeline, choices, example)
        result = render(pipeline, state)
        found.append((f"{example.slug} {example.target}", _picture(pipeline, state.target)))
        for edit in state.edits:
            caption = f"{edit.part} {edit.reference.seed}"
            found.append((caption, _picture(pipeline, edit.reference)))
        found.append(("result", result.image))
    return found


def main() -> int:
    """Do what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--models", type=Path, default=MODELS, help="another folder of generators")
    parser.add_argument(
        "--sheet", type=Path, help="draw numbered pictures here, write nothing else"
    )
    parser.add_argument("--first", type=int, default=0, help="first seed of the sheet")
    parser.add_argument("--count", type=int, default=60, help="pictures of the sheet")
    parser.add_argument("--seeds", type=int, nargs="+", help="these seeds instead")
    parser.add_argument("--examples", action="store_true", help="the sheet shows the examples")
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--side", type=int, default=128, help="of each picture of the sheet")
    arguments = parser.parse_args()
    try:
        if arguments.sheet is None:
            choices = Choices.read(choices_path(arguments.world))
            for path in curate(arguments.world, choices, arguments.models):
                print(f"wrote {path}")
            return 0
        if arguments.examples:
            choices = Choices.read(choices_path(arguments.world))
            pictures = example_pictures(arguments.world, arguments.models, choices)
        else:
            seeds = arguments.seeds or range(arguments.first, arguments.first + arguments.count)
            pictures = seed_pictures(arguments.world, arguments.models, seeds)
        _write_png(arguments.sheet, numbered_sheet(pictures, arguments.columns, arguments.side))
        print(f"wrote {arguments.sheet}")
    except LocalEditError as error:
        print(f"curate: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
