"""Cards and examples made from choices, for whatever weights there are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from conftest import make_tiny_generator

from localedit_core import cards, library
from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.errors import LocalEditError
from localedit_core.latents import sample_z
from localedit_core.session.storage import load_session

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "demo_models"))

import curate  # noqa: E402
from worlds import WORLDS  # noqa: E402

CHOICES: dict[str, Any] = {
    "title": "Tiny",
    "sentence": "Tiny pictures.",
    "psi": None,
    "first_target": 4,
    "first_transfer": {"part": "mouth", "reference": 9},
    "favourites": [9, 5],
    "gallery": [4, 5, 6, 7],
    "examples": [
        {
            "slug": "two-parts",
            "title": "Two parts",
            "sentence": "Two of them.",
            "target": 4,
            "edits": [
                {"part": "eyes", "reference": 5},
                {"part": "mouth", "reference": 9, "epsilon": 7, "floor": 0.3, "strength": 0.5},
            ],
        },
        {"slug": "none", "title": "None", "sentence": "As it is.", "target": 6, "edits": []},
    ],
}


def write_generator(folder: Path, seed: int) -> None:
    path = folder / "faces.safetensors"
    save_generator(make_tiny_generator(seed), path, name="Tiny")
    generator = load_generator(path).generator
    catalog = build_catalog(generator, layer="b16.torgb", n_clusters=4, n_samples=8)
    parts = (Part("eyes", (0,), epsilon=50.0), Part("mouth", (1, 3), epsilon=40.0, floor=0.05))
    save_catalog(catalog.with_parts(parts), library.catalog_path(path))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled generators with one in it."""
    write_generator(tmp_path, 0)
    monkeypatch.setattr(library, "models_folder", lambda: tmp_path)
    return tmp_path


def choices(tmp_path: Path, **changes: Any) -> curate.Choices:
    path = tmp_path / "choices.json"
    path.write_text(json.dumps(CHOICES | changes), encoding="utf-8")
    return curate.Choices.read(path)


def test_choices_become_card_picture_and_examples(folder: Path) -> None:
    written = curate.curate("faces", choices(folder), folder)
    examples = {folder / "examples" / f"faces-{slug}.localedit" for slug in ("two-parts", "none")}
    assert set(written) == {folder / "faces.card.json", folder / "faces.card.png", *examples}
    card = cards.read_card(folder / "faces.safetensors")
    assert (card.title, card.sentence, card.first_target) == ("Tiny", "Tiny pictures.", 4)
    assert card.gallery == (9, 5, 4, 6, 7)  # favourites first, none twice
    assert card.favourites == (9, 5)
    assert [example.title for example in card.examples] == ["Two parts", "None"]
    picture = cv2.imread(str(folder / "faces.card.png"))
    assert picture.shape[1] == 2 * picture.shape[0]

    opened = library.open_session(folder / "examples" / "faces-two-parts.localedit")
    state = opened.state
    assert state.model.path is None
    psi = load_catalog(folder / "faces.catalog.safetensors").psi
    assert (state.target.seed, state.psi) == (4, psi)
    facts = [
        (e.part, e.reference.seed, e.settings.epsilon, e.settings.floor, e.strength)
        for e in state.edits
    ]
    # The part's own values where nothing else was chosen.
    assert facts == [("eyes", 5, 50.0, 0.1, 1.0), ("mouth", 9, 7, 0.3, 0.5)]


def test_the_picture_on_the_card_is_the_first_target(folder: Path) -> None:
    curate.curate("faces", choices(folder, psi=1.0), folder)
    picture = cv2.imread(str(folder / "faces.card.png"))[..., ::-1].astype(np.float32)
    side = picture.shape[0]
    found = cv2.resize(picture[:, :side], (16, 16), interpolation=cv2.INTER_AREA)
    generator = load_generator(folder / "faces.safetensors").generator

    def distance(seed: int) -> float:
        with torch.no_grad():
            w = generator.mapping(torch.from_numpy(sample_z(seed, generator.z_dim)))
            image = generator.synthesize(generator.styles(generator.broadcast(w))).image[0]
        wanted = (image.clamp(-1, 1) * 127.5 + 127.5).permute(1, 2, 0).numpy()  # [32, 32, 3]
        small = cv2.resize(wanted, (16, 16), interpolation=cv2.INTER_AREA)
        return float(np.abs(found - small).mean())

    assert min(range(12), key=distance) == 4


def test_after_a_training_the_same_choices_fit_the_new_weights(folder: Path) -> None:
    curate.curate("faces", choices(folder), folder)
    path = folder / "examples" / "faces-two-parts.localedit"
    before = load_session(path)
    write_generator(folder, 1)
    with pytest.raises(LocalEditError, match="was made with"):
        library.open_session(path)
    curate.curate("faces", choices(folder, examples=CHOICES["examples"][:1]), folder)
    after = library.open_session(path)
    assert after.notice == ""
    assert after.state.target.seed == before.state.target.seed
    assert not np.array_equal(after.state.target.w_plus, before.state.target.w_plus)  # type: ignore[arg-type]
    # What is no longer chosen is gone.
    assert [file.name for file in (folder / "examples").iterdir()] == [path.name]


@pytest.mark.parametrize(
    "edit",
    [
        {"part": "wings", "reference": 3},
        {"part": "eyes", "reference": 3, "epsilom": 4},
        {"part": "eyes", "reference": 3, "strength": 2},
    ],
)
def test_a_choice_that_cannot_be_is_told_and_nothing_is_written(
    folder: Path, edit: dict[str, Any]
) -> None:
    before = sorted(folder.iterdir())
    example = CHOICES["examples"][0] | {"edits": [edit]}
    wrong = choices(folder, examples=[CHOICES["examples"][1], example])
    (folder / "choices.json").unlink()
    with pytest.raises(LocalEditError):
        curate.curate("faces", wrong, folder)
    assert sorted(folder.iterdir()) == before


def test_a_sheet_shows_numbered_pictures(folder: Path) -> None:
    found = curate.seed_pictures("faces", folder, range(3, 10))
    assert [caption for caption, _ in found] == [str(seed) for seed in range(3, 10)]
    sheet = curate.numbered_sheet(found, columns=3, side=32)
    assert sheet.shape == (3 * (32 + 16), 3 * 32, 3)
    assert np.array_equal(sheet[48 + 16 : 96, 32:64], found[4][1])


def test_without_a_generator_the_sheet_shows_what_it_is_to_learn(tmp_path: Path) -> None:
    ((caption, picture),) = curate.seed_pictures("rooms", tmp_path, [7])
    assert caption == "7"
    assert picture.dtype == np.uint8
    assert picture.shape == (256, 256, 3)
    assert picture.std() > 10


@pytest.mark.parametrize("world", WORLDS)
def test_the_stored_choices_make_a_card(world: str, tiny_catalog: Catalog) -> None:
    stored = curate.Choices.read(curate.choices_path(world))
    card = curate.make_card(world, stored)
    assert cards.parse_card(cards.write_card(card), world) == card
    assert len(card.examples) == 3
    assert set(card.favourites) <= set(card.gallery)
    assert len({example.slug for example in stored.examples}) == 3
