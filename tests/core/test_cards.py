"""Cards of generators: written, read back, and refused where they are wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import localedit_resources
from localedit_core import cards, library
from localedit_core.cards import Card, Example, Transfer
from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_SEED
from localedit_core.session.storage import load_session

CARD = Card(
    title="Faces & hats – größer",
    sentence="What it makes.",
    first_target=22,
    psi=0.8,
    first_transfer=Transfer("mouth", 101),
    gallery=(3, 1, 2, MAX_SEED),
    favourites=(1, 3),
    examples=(Example("A hat", "Only a hat.", "faces-hat.localedit"),),
)


def document(**changes: Any) -> bytes:
    fields = json.loads(cards.write_card(CARD))
    for name, value in changes.items():
        if value is ...:
            del fields[name]
        else:
            fields[name] = value
    return json.dumps(fields).encode()


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    generator = tmp_path / "faces.safetensors"
    (tmp_path / "faces.card.json").write_bytes(cards.write_card(CARD))
    assert cards.read_card(generator) == CARD
    assert cards.picture_path(generator) == tmp_path / "faces.card.png"
    place = tmp_path / "examples" / "faces-hat.localedit"
    assert cards.example_path(generator, CARD.examples[0]) == place


def test_what_may_be_left_open() -> None:
    card = cards.parse_card(document(psi=None, first_transfer=None, gallery=[], examples=[]), "x")
    assert (card.psi, card.first_transfer, card.gallery, card.examples) == (None, None, (), ())


EXAMPLE = {"title": "A", "sentence": "B.", "file": "a.localedit"}
WRONG: dict[str, dict[str, Any]] = {
    "no title": {"title": ...},
    "title is a number": {"title": 3},
    "title is empty": {"title": "  "},
    "sentence without end": {"sentence": "x" * 10_000},
    "unknown field": {"colour": "red"},
    "version": {"format_version": 2},
    "version is true": {"format_version": True},
    "negative seed": {"first_target": -1},
    "seed too large": {"gallery": [MAX_SEED + 1]},
    "seed is true": {"favourites": [True]},
    "seed is no whole number": {"gallery": [1.5]},
    "seed twice": {"gallery": [1, 2, 1]},
    "seeds are no list": {"gallery": {"1": 2}},
    "psi out of range": {"psi": 3},
    "psi infinite": {"psi": float("inf")},
    "psi not a number": {"psi": float("nan")},
    "transfer is no object": {"first_transfer": ["mouth", 3]},
    "transfer with more": {"first_transfer": {"part": "mouth", "reference": 3, "x": 1}},
    "example without a file": {"examples": [{"title": "A", "sentence": "B."}]},
    "example is a text": {"examples": ["a.localedit"]},
    "example elsewhere": {"examples": [EXAMPLE | {"file": "../../secret.localedit"}]},
    "example at the root": {"examples": [EXAMPLE | {"file": "/etc/passwd"}]},
    "example of Windows": {"examples": [EXAMPLE | {"file": "C:\\secret.localedit"}]},
    "example is the folder": {"examples": [EXAMPLE | {"file": ".."}]},
    "too many examples": {"examples": [EXAMPLE] * 1000},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_wrong_card_is_refused_by_name(changes: dict[str, Any]) -> None:
    with pytest.raises(LocalEditError, match=r"^here\.card\.json") as caught:
        cards.parse_card(document(**changes), "here.card.json")
    assert len(caught.value.message) < 300
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"format_version": 1}']
)
def test_what_is_no_card_is_refused(text: bytes) -> None:
    with pytest.raises(LocalEditError, match=r"^here"):
        cards.parse_card(text, "here")


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match=r"faces\.card\.json"):
        cards.read_card(tmp_path / "faces.safetensors")


def test_reading_cards_needs_no_torch() -> None:
    program = "import sys, localedit_core.cards; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("name", localedit_resources.bundled_models())
class TestBundled:
    """Run packaging/demo_models/curate.py after every change of a generator's weights."""

    def test_the_card_shows_a_chosen_gallery(self, name: str) -> None:
        card = cards.read_card(library.generator_path(name))
        assert card.sentence
        assert len(card.gallery) >= 24
        assert 6 <= len(card.favourites) < len(card.gallery)
        assert set(card.favourites) <= set(card.gallery)
        _, catalog = library.open_labelled_model(name)
        assert card.first_transfer is not None
        catalog.part(card.first_transfer.part)
        assert card.first_transfer.reference in card.gallery[:12]  # in sight at once

    def test_three_examples_open_on_the_bundled_weights(self, name: str) -> None:
        generator = library.generator_path(name)
        loaded = library.open_labelled_model(name)
        card = cards.read_card(generator)
        assert len(card.examples) == 3
        for example in card.examples:
            path = cards.example_path(generator, example)
            opened = library.open_session(path, loaded=loaded)
            assert opened.notice == ""
            assert opened.state.edits
            assert opened.state.model.path is None  # known by its name, on any machine
            assert load_session(path).thumbnail is not None
        files = set((generator.parent / "examples").glob(f"{name}-*"))
        assert files == {cards.example_path(generator, e) for e in card.examples}
