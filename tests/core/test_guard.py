"""The spatial guard: its masks against distances, its styles and features against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.editing.guard import (
    FINENESS,
    GROWTH,
    GuardedMove,
    SpatialGuard,
    grown_mask,
    held_layers,
)
from localedit_core.editing.interpolation import StyleMove
from localedit_core.generators.base import LayerInfo, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.placed_styles import whole_style
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

LAYER = LayerInfo("fine", 8, 4, 2, "conv", 0)
TARGET = {"fine": torch.tensor([[1.0, 2.0]])}


def _alpha(columns: list[float]) -> np.ndarray:
    """A map of 4 x 4 that is the same in every row."""
    return np.tile(np.array(columns, np.float32), (4, 1))


def _move(shares: list[float], reference: list[float]) -> StyleMove:
    return StyleMove({"fine": np.array(shares)}, {"fine": torch.tensor([reference])})


class TestMask:
    def test_one_in_the_part_and_zero_beyond_its_growth(self) -> None:
        inside = np.zeros((32, 32), dtype=bool)
        inside[10:20, 5:25] = True
        mask = grown_mask(inside)
        side = 32 * FINENESS
        assert mask.shape == (side, side)
        # The part itself, drawn large: its corners may be rounded off by up to half a cell.
        large = np.kron(inside, np.ones((FINENESS, FINENESS))).astype(bool)
        outside = distance_transform_edt(~large) / side
        within = distance_transform_edt(large)
        assert (mask[within > FINENESS] == 1.0).all()
        assert (mask[outside > 3 * GROWTH] == 0.0).all()
        between = mask[(outside > 0) & (outside < 3 * GROWTH)]
        assert between.min() < 0.2
        assert between.max() > 0.8

    def test_nowhere_stays_nowhere(self) -> None:
        assert not grown_mask(np.zeros((16, 16), dtype=bool)).any()


class TestMoves:
    @pytest.fixture(name="catalog")
    def _catalog(self) -> Catalog:
        return Catalog(
            layer="fine",
            resolution=4,
            centroids=np.eye(2, dtype=np.float32),
            mean=np.zeros(2, np.float32),
            std=np.ones(2, np.float32),
            contributions={},
            parts=(Part("mouth", (1,)),),
            psi=1.0,
            generator_fingerprint="g",
            provenance={},
        )

    def test_the_part_on_either_picture_is_let_through(self, catalog: Catalog) -> None:
        target, edited = np.zeros((4, 4), int), np.zeros((4, 4), int)
        target[0, 0], edited[3, 3] = 1, 1
        move = _move([1.0, 1.0], [0.0, 0.0])
        whole = GuardedMove.of(move, "mouth", 1.0, catalog, (target, edited)).alpha
        half = GuardedMove.of(move, "mouth", 0.5, catalog, (target, edited)).alpha
        assert whole is not None
        assert half is not None
        assert whole[0, 0] == 1.0
        assert whole[-1, -1] == 1.0
        assert whole[0, -1] == 0.0
        np.testing.assert_allclose(half, 0.5 + 0.5 * whole, atol=1e-6)

    def test_without_guard_everything_is_let_through(self, catalog: Catalog) -> None:
        move = _move([1.0, 1.0], [0.0, 0.0])
        assert GuardedMove.of(move, "mouth", 0.0, catalog, ()).alpha is None


class TestStyles:
    def test_each_place_has_its_share_of_the_move(self) -> None:
        move = GuardedMove(_move([0.5, 0.0], [5.0, 9.0]), _alpha([1.0, 0.5, 0.0, 0.0]))
        style = whole_style(SpatialGuard(TARGET, {}, [move]).styles([LAYER])["fine"])
        assert style.shape == (1, 2, 4, 4)
        assert style[0, 0, 2].tolist() == pytest.approx([3.0, 2.0, 1.0, 1.0])
        assert style[0, 1].unique().tolist() == [2.0]

    def test_two_edits_act_in_their_own_places(self) -> None:
        left = GuardedMove(_move([1.0, 0.0], [5.0, 0.0]), _alpha([1.0, 1.0, 0.0, 0.0]))
        right = GuardedMove(_move([1.0, 0.0], [-7.0, 0.0]), _alpha([0.0, 0.0, 1.0, 0.0]))
        style = whole_style(SpatialGuard(TARGET, {}, [left, right]).styles([LAYER])["fine"])
        assert style[0, 0, 1].tolist() == [5.0, 5.0, -7.0, 1.0]

    def test_an_unguarded_move_acts_everywhere(self) -> None:
        everywhere = GuardedMove(_move([1.0, 0.0], [5.0, 0.0]), None)
        plain = whole_style(SpatialGuard(TARGET, {}, [everywhere]).styles([LAYER])["fine"])
        assert plain.tolist() == [[5.0, 2.0]]
        placed = GuardedMove(_move([0.0, 1.0], [0.0, 8.0]), _alpha([1.0, 0.0, 0.0, 0.0]))
        both = whole_style(SpatialGuard(TARGET, {}, [everywhere, placed]).styles([LAYER])["fine"])
        assert both[0, :, 0].tolist() == [[5.0] * 4, [8.0, 2.0, 2.0, 2.0]]

    def test_a_layer_in_which_nothing_moves_keeps_the_targets_tensor(self) -> None:
        move = GuardedMove(_move([0.0, 0.0], [5.0, 9.0]), _alpha([1.0, 1.0, 1.0, 1.0]))
        assert SpatialGuard(TARGET, {}, [move]).styles([LAYER])["fine"] is TARGET["fine"]


class TestHolding:
    def test_features_are_the_targets_outside(self) -> None:
        kept, edited = torch.full((1, 2, 4, 4), 3.0), torch.full((1, 2, 4, 4), 11.0)
        move = GuardedMove(_move([1.0, 1.0], [0.0, 0.0]), _alpha([1.0, 0.25, 0.0, 0.0]))
        guard = SpatialGuard(TARGET, {"fine": kept}, [move])
        held = guard.hold(LAYER, edited, Box.whole(4))
        assert held[0, 1, 2].tolist() == [11.0, 5.0, 3.0, 3.0]
        other = LayerInfo("unknown", 8, 4, 2, "conv", 0)
        assert guard.hold(other, edited, Box.whole(4)) is edited

    def test_one_unguarded_edit_lets_features_change_everywhere(self) -> None:
        kept, edited = torch.full((1, 2, 4, 4), 3.0), torch.full((1, 2, 4, 4), 11.0)
        placed = GuardedMove(_move([1.0, 1.0], [0.0, 0.0]), _alpha([1.0, 0.0, 0.0, 0.0]))
        everywhere = GuardedMove(_move([1.0, 1.0], [0.0, 0.0]), None)
        guard = SpatialGuard(TARGET, {"fine": kept}, [placed, everywhere])
        assert guard.hold(LAYER, edited, Box.whole(4)) is edited

    def test_states_are_each_edits_own_in_its_place(self) -> None:
        def state(value: float) -> SynthesisState:
            return SynthesisState("fine", *(torch.full((1, 3, 4, 4), value) for _ in range(3)))

        moves = [
            GuardedMove(_move([1.0, 1.0], [0.0, 0.0]), _alpha([1.0, 0.5, 0.0, 0.0])),
            GuardedMove(_move([1.0, 1.0], [0.0, 0.0]), None),
            GuardedMove(_move([1.0, 1.0], [0.0, 0.0]), _alpha([0.0, 0.0, 0.0, 1.0])),
        ]
        guard = SpatialGuard(TARGET, {}, moves)
        made = guard.blend_states(state(1.0), [state(3.0), None, state(7.0)])
        for tensor in (made.x, made.rgb, made.residual):
            assert tensor is not None
            assert tensor[0, 0, 0].tolist() == [3.0, 2.0, 1.0, 7.0]

    def test_large_features_are_left_but_their_colour_is_held(self) -> None:
        config = StyleGAN2Config(4, 4, 512, (2,) * 8, 1)
        layers = StyleGAN2(config).layers
        held = held_layers(layers, "b32.torgb")
        assert held[:2] == ("b32.torgb", "b64.conv0")
        assert "b256.conv1" in held
        assert "b512.conv0" not in held
        assert held[-1] == "b512.torgb"
