"""Stacks of edits on numbers small enough to do by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.editing.edit import Edit, EpsilonUnit, Method, QuerySettings
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import rank_parts
from localedit_core.editing.stack import compose
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import LayerInfo
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

LAYERS = (LayerInfo("a", 4, 4, 4, "conv", 0), LayerInfo("b", 8, 4, 2, "conv", 1))
TARGET = {"a": torch.tensor([[1.0, 2.0, 3.0, 4.0]]), "b": torch.tensor([[0.1, -0.2]])}
FIRST = {"a": torch.tensor([[11.0, 12.0, 13.0, 14.0]]), "b": torch.tensor([[5.0, 6.0]])}
SECOND = {"a": torch.tensor([[-1.0, -2.0, -3.0, -4.0]]), "b": torch.tensor([[7.0, 8.0]])}
REFERENCES = {"first": FIRST, "second": SECOND}


@pytest.fixture(name="catalog")
def _catalog() -> Catalog:
    m = {
        # part x has the first two channels of "a", part y the middle two; "b" is nobody's
        "a": np.array([[1, 0.75, 0, 0], [0, 0.25, 1, 0], [0, 0, 0, 1]], np.float32),
        "b": np.array([[0, 0], [0, 0], [1, 1]], np.float32),
    }
    return Catalog(
        layer="b",
        resolution=4,
        centroids=np.array([[1, 0], [0, 1], [-1, 0]], np.float32),
        mean=np.zeros(2, np.float32),
        std=np.ones(2, np.float32),
        contributions=m,
        parts=(Part("x", (0,)), Part("y", (1,)), Part("rest", (2,))),
        psi=0.7,
        generator_fingerprint="g",
        provenance={},
    )


def _edit(edit_id: str, part: str, epsilon: float = 1.0, **options: float | bool) -> Edit:
    settings = QuerySettings(epsilon=epsilon, floor=0.1, unit=EpsilonUnit.ABSOLUTE)
    return Edit(edit_id, part, Latent(0, 1.0), settings, **options)  # type: ignore[arg-type]


def _values(styles: Tensor) -> list[float]:
    return styles[0].tolist()


def test_one_edit_by_hand(catalog: Catalog) -> None:
    # x costs nothing in channel 0 and 0.25 in channel 1: a budget of 0.125 moves that half way.
    made = compose(TARGET, REFERENCES, [_edit("first", "x", 0.125)], catalog, LAYERS).styles
    assert _values(made["a"]) == [11.0, 7.0, 3.0, 4.0]
    half = compose(
        TARGET, REFERENCES, [_edit("first", "x", 0.125, strength=0.5)], catalog, LAYERS
    ).styles
    assert _values(half["a"]) == [6.0, 4.5, 3.0, 4.0]


def test_two_edits_start_where_the_lower_left(catalog: Catalog) -> None:
    lower = _edit("first", "x")  # channels 0 and 1 to the first reference: 11, 12
    upper = _edit("second", "y", strength=0.5)  # channels 1 and 2 half way to the second
    made = compose(TARGET, REFERENCES, [lower, upper], catalog, LAYERS).styles
    assert _values(made["a"]) == [11.0, (12.0 - 2.0) / 2, (3.0 - 3.0) / 2, 4.0]
    turned = compose(TARGET, REFERENCES, [upper, lower], catalog, LAYERS).styles
    assert _values(turned["a"]) == [11.0, 12.0, 0.0, 4.0]


def test_at_full_query_the_upper_edit_alone_decides(catalog: Catalog) -> None:
    edits = [_edit("first", "x"), _edit("second", "y")]
    made = compose(TARGET, REFERENCES, edits, catalog, LAYERS).styles
    assert _values(made["a"]) == [11.0, -2.0, -3.0, 4.0]


def test_muted_and_powerless_edits_move_nothing_and_need_no_reference(catalog: Catalog) -> None:
    edits = [_edit("first", "x", muted=True), _edit("second", "y", strength=0.0)]
    made = compose(TARGET, {}, edits, catalog, LAYERS).styles
    assert all(made[name] is TARGET[name] for name in TARGET)
    kept = _edit("second", "y")
    made = compose(TARGET, {"second": SECOND}, [edits[0], kept], catalog, LAYERS).styles
    assert _values(made["a"]) == [1.0, -2.0, -3.0, 4.0]


def test_layers_without_a_moved_channel_are_the_targets_own(catalog: Catalog) -> None:
    made = compose(TARGET, REFERENCES, [_edit("first", "x")], catalog, LAYERS).styles
    assert made["b"] is TARGET["b"]
    assert made["a"] is not TARGET["a"]
    assert _values(TARGET["a"]) == [1.0, 2.0, 3.0, 4.0]


def test_rankings_made_before_give_the_same(catalog: Catalog) -> None:
    edits = [_edit("first", "x", 0.1), _edit("second", "y", 0.2)]
    made = compose(TARGET, REFERENCES, edits, catalog, LAYERS, rank_parts(catalog)).styles
    again = compose(TARGET, REFERENCES, edits, catalog, LAYERS).styles
    assert torch.equal(made["a"], again["a"])


def test_unknown_part(catalog: Catalog) -> None:
    with pytest.raises(LocalEditError, match="no part 'z'"):
        compose(TARGET, REFERENCES, [_edit("first", "z")], catalog, LAYERS)


def test_a_reference_moves_a_batch_of_targets(catalog: Catalog) -> None:
    batch = {name: torch.cat((values, values + 1.0)) for name, values in TARGET.items()}
    made = compose(batch, REFERENCES, [_edit("first", "x")], catalog, LAYERS).styles
    assert made["a"].tolist() == [[11.0, 12.0, 3.0, 4.0], [11.0, 12.0, 4.0, 5.0]]


@pytest.mark.parametrize("strength", [0.1, 0.3, 1.0])
def test_untouched_channels_keep_their_bits_and_full_ones_take_the_references(
    strength: float,
) -> None:
    generator = torch.Generator().manual_seed(0)
    target = {"a": torch.randn(1, 1000, generator=generator) * 10.0}
    reference = {"a": torch.randn(1, 1000, generator=generator)}
    q = np.random.default_rng(0).choice([0.0, 0.5, 1.0], 1000)
    made = interpolate(target, reference, {"a": q}, strength)["a"]
    assert made.dtype == torch.float32
    still = torch.from_numpy(q == 0.0)
    assert torch.equal(made[:, still], target["a"][:, still])
    assert int((made != target["a"]).sum()) == int((q > 0.0).sum())
    if strength == 1.0:
        whole = torch.from_numpy(q == 1.0)
        assert torch.equal(made[:, whole], reference["a"][:, whole])
    expected = target["a"].double() + strength * torch.from_numpy(q) * (
        reference["a"].double() - target["a"].double()
    )
    torch.testing.assert_close(made.double(), expected, rtol=0.0, atol=1e-5)


def test_global_at_1_is_the_reference(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> None:
    w_plus = torch.randn(
        2, 1, tiny_generator.num_ws, 16, generator=torch.Generator().manual_seed(1)
    )
    target, reference = (tiny_generator.styles(w) for w in w_plus)
    edit = Edit("e", "hair", Latent(0, 1.0), QuerySettings(method=Method.GLOBAL, lam=1.0))
    made = compose(target, {"e": reference}, [edit], tiny_catalog, tiny_generator.layers).styles
    assert all(torch.equal(made[name], reference[name]) for name in reference)
    without_colour = replace(edit, settings=replace(edit.settings, colour_layers=False))
    made = compose(
        target, {"e": reference}, [without_colour], tiny_catalog, tiny_generator.layers
    ).styles
    for layer in tiny_generator.layers:
        expected = target if layer.kind == "torgb" else reference
        assert torch.equal(made[layer.name], expected[layer.name])
