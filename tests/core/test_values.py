"""The frozen values that everything else passes around: latents, edits, states."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from localedit_core.editing.edit import Edit, LayerBands, QuerySettings
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent, sample_z
from localedit_core.session.state import EditState, ModelReference

NAN, INFINITY = float("nan"), float("inf")
MODEL = ModelReference("faces", None, "f", "c")


class TestLatent:
    def test_prior_sample_is_the_published_scripts(self) -> None:
        expected = np.random.RandomState(85).randn(1, 8)
        np.testing.assert_array_equal(sample_z(85, 8), expected.astype(np.float32))

    def test_equal_by_content(self) -> None:
        values = np.arange(6, dtype=np.float32).reshape(2, 3)
        other = values.copy()
        other[1, 2] += 1
        assert Latent(3, 0.7) == Latent(3, 0.7)
        assert Latent(3, 0.7) != Latent(3, 0.8)
        assert Latent(None, 1.0, values) == Latent(None, 1.0, values.copy())
        assert hash(Latent(None, 1.0, values)) == hash(Latent(None, 1.0, values.copy()))
        assert Latent(None, 1.0, values) != Latent(None, 1.0, other)
        assert Latent(None, 1.0, values) != Latent(None, 1.0, values.reshape(3, 2))

    def test_stored_values_are_its_own_and_cannot_change(self) -> None:
        values = np.zeros((2, 3), dtype=np.float32)
        latent = Latent(None, 1.0, values)
        values[0, 0] = 9
        assert latent.w_plus is not None
        assert latent.w_plus[0, 0] == 0
        with pytest.raises(ValueError, match="read-only"):
            latent.w_plus[0, 0] = 1

    def test_another_truncation_redraws_seeds_only(self) -> None:
        stored = Latent(None, 1.0, np.ones((2, 3)))
        assert stored.with_psi(0.5) is stored
        assert Latent(4, 0.7, np.ones((2, 3))).with_psi(0.5) == Latent(4, 0.5)

    @pytest.mark.parametrize(
        ("seed", "psi", "w_plus"),
        [
            (None, 0.7, None),
            (-1, 0.7, None),
            (2**32, 0.7, None),
            (1, NAN, None),
            (1, 3.0, None),
            (1, 1.0, np.ones(3)),
            (1, 1.0, np.full((2, 2), INFINITY)),
        ],
    )
    def test_impossible_latents_are_refused(
        self, seed: int | None, psi: float, w_plus: np.ndarray | None
    ) -> None:
        with pytest.raises(LocalEditError):
            Latent(seed, psi, w_plus)


class TestSettings:
    @pytest.mark.parametrize("name", ["epsilon", "floor", "lam"])
    @pytest.mark.parametrize("value", [NAN, INFINITY, -INFINITY, -0.1, 1e9, "20", None])
    def test_absurd_parameters_are_refused(self, name: str, value: object) -> None:
        with pytest.raises(LocalEditError, match="out of range"):
            replace(QuerySettings(), **{name: value})  # type: ignore[arg-type]

    @pytest.mark.parametrize("value", [NAN, -0.1, 1.1])
    def test_absurd_strengths_and_bands_are_refused(self, value: float) -> None:
        with pytest.raises(LocalEditError):
            Edit("a", "mouth", Latent(1, 0.7), strength=value)
        with pytest.raises(LocalEditError):
            LayerBands(coarse=value)

    def test_bands_follow_the_resolution(self) -> None:
        bands = LayerBands(0.1, 0.2, 0.3)
        scales = [bands.scale(side) for side in (4, 8, 16, 32, 64, 1024)]
        assert scales == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]


class TestState:
    def test_frozen(self) -> None:
        state = EditState(MODEL, Latent(1, 0.7))
        with pytest.raises(FrozenInstanceError):
            state.psi = 1.0  # type: ignore[misc]

    def test_ids_are_unique(self) -> None:
        edit = Edit("a", "mouth", Latent(2, 0.7))
        with pytest.raises(LocalEditError, match="same id"):
            EditState(MODEL, Latent(1, 0.7), (edit, replace(edit, part="nose")))

    def test_changing_one_edit_leaves_the_others(self) -> None:
        edits = tuple(Edit(name, "mouth", Latent(2, 0.7)) for name in "abc")
        state = EditState(MODEL, Latent(1, 0.7), edits)
        changed = state.with_edit("b", lambda edit: replace(edit, muted=True))
        assert [edit.muted for edit in changed.edits] == [False, True, False]
        assert changed.edit("b").muted
        with pytest.raises(KeyError):
            changed.edit("d")

    def test_truncation_reaches_target_and_references(self) -> None:
        state = EditState(MODEL, Latent(1, 0.7), (Edit("a", "mouth", Latent(2, 0.7)),))
        changed = state.with_psi(0.4)
        assert (changed.psi, changed.target.psi, changed.edits[0].reference.psi) == (0.4, 0.4, 0.4)
