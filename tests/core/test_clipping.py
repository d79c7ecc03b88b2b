"""Edits on the clipboard: what goes in comes out, and nothing else comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from localedit_core.editing.edit import Edit, EpsilonUnit, LayerBands, Method, QuerySettings
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent
from localedit_core.session.clipping import MAX_BYTES, Clipping, read_clipping, write_clipping

SETTINGS = QuerySettings(
    Method.AUTHORS, 31.5, 0.2, 3.0, LayerBands(0.1, 0.2, 0.3), False, EpsilonUnit.ABSOLUTE, 64, 0.75
)


def clipping(*, stored: bool = True) -> Clipping:
    values = np.random.default_rng(4).standard_normal((6, 16)).astype(np.float32)
    reference = Latent(77, 0.7, values if stored else None, 3)
    return Clipping(Edit("e4", "mouth", reference, SETTINGS, 0.6, muted=True), "f" * 64)


@pytest.mark.parametrize("stored", [True, False])
def test_a_clipping_comes_back_to_the_last_bit(stored: bool) -> None:
    before = clipping(stored=stored)
    after = read_clipping(write_clipping(before))
    assert after == before
    values = after.edit.reference.w_plus
    if stored:
        assert before.edit.reference.w_plus is not None
        assert values is not None
        assert values.tobytes() == before.edit.reference.w_plus.tobytes()
    else:
        assert values is None


def damaged(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(write_clipping(clipping()))
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["edit"].pop("part"), "edit.part"),
        (lambda d: d["edit"].update(part=7), "edit.part"),
        (lambda d: d["edit"].update(more=1), "edit.more"),
        (lambda d: d["edit"].update(strength=1.5), "edit.strength"),
        (lambda d: d["edit"].update(muted=1), "edit.muted"),
        (lambda d: d["edit"]["settings"].update(method="magic"), "edit.settings.method"),
        (lambda d: d["edit"]["settings"].update(epsilon=-1), "epsilon"),
        (lambda d: d["edit"]["settings"].update(guard=2), "guard"),
        (lambda d: d["edit"]["reference"].update(seed=-1), "edit.reference.seed"),
        (lambda d: d["edit"]["reference"].update(seed=None, w_plus=None), "seed"),
        (lambda d: d["edit"]["reference"]["w_plus"].update(rows=0), "w_plus.float32"),
        (lambda d: d["edit"]["reference"]["w_plus"].update(rows=5), "w_plus.float32"),
        (lambda d: d["edit"]["reference"]["w_plus"].update(float32="###"), "w_plus.float32"),
        (lambda d: d["edit"]["reference"]["w_plus"].update(float32=3), "w_plus.float32"),
        (
            lambda d: d["edit"]["reference"]["w_plus"].update(rows=1, float32="AADAfw=="),
            "not finite",
        ),
        (lambda d: d.update(generator=""), "generator"),
        (lambda d: d.update(extra=[]), "extra"),
        (lambda d: d.update(format="localedit-session"), "no edit"),
        (lambda d: d.update(format_version=999), "another LocalEdit"),
        (lambda d: d.update(format_version=True), "another LocalEdit"),
    ],
)
def test_what_is_wrong_is_refused_and_named(
    change: Callable[[dict[str, Any]], object], told: str
) -> None:
    with pytest.raises(LocalEditError) as caught:
        read_clipping(damaged(change))
    assert told in caught.value.message


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a": 1, "a": 2}', b" " * (MAX_BYTES + 1)],
)
def test_what_is_no_clipping_is_refused(text: bytes) -> None:
    with pytest.raises(LocalEditError):
        read_clipping(text)
