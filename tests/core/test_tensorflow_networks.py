"""StyleGAN and PG-GAN of published variables that are damaged, foreign or made to harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dense_networks as dense
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from localedit_core.checkpoints import progan_tensorflow, stylegan_tensorflow
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.errors import LocalEditError

Variables = dict[str, Any]
Build = Callable[[Mapping[str, Any], Mapping[str, Any]], torch.nn.Module]

STYLEGAN = dense.random_stylegan((4, 4, 3))
PROGAN = dense.random_progan((4, 4, 3))
BOTH = pytest.mark.parametrize(
    ("build", "network"),
    [(build_stylegan, STYLEGAN), (build_progan, PROGAN)],
    ids=["stylegan", "progan"],
)


def _refused(build: Build, arguments: Any, variables: Mapping[str, Any]) -> str:
    with pytest.raises(LocalEditError) as caught:
        build(arguments, variables)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    return caught.value.message


def _used(network: dense.Published) -> list[str]:
    """The variables that the picture depends on."""
    unused = tuple(f"ToRGB_lod{lod}" for lod in (1, 2))
    return [name for name in network.variables if name != "lod" and not name.startswith(unused)]


class _Lazy:
    """An array as a reader hands it out: it is read when it is asked for."""

    def __init__(self, values: NDArray[np.float32]) -> None:
        self.shape = values.shape
        self._values = values

    def read(self) -> NDArray[np.float32]:
        return self._values


class _Counting(Mapping[str, Any]):
    """Variables that remember in which order they were read."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self.values_read: list[str] = []

    def __getitem__(self, name: str) -> _Lazy:
        outer = self

        class Noted(_Lazy):
            def read(self) -> NDArray[np.float32]:
                outer.values_read.append(name)
                return super().read()

        return Noted(self._variables[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


@BOTH
class TestVariables:
    def test_any_missing_one_is_named(self, build: Build, network: dense.Published) -> None:
        for name in _used(network):
            rest = {n: a for n, a in network.variables.items() if n != name}
            message = _refused(build, network.arguments, rest)
            # Without one of these the architecture is read as another one, which lacks its own.
            if name in ("16x16/Conv1/weight", "Dense2/bias"):
                name = name.split("/")[0].replace("2", "")
            assert name in message

    def test_any_misshapen_one_is_refused(self, build: Build, network: dense.Published) -> None:
        sized = network.arguments | {"latent_size": 5}
        for name in _used(network):
            array = network.variables[name]
            for wrong in (
                array[None],
                np.zeros((), np.float32),
                np.repeat(array, 2, axis=0),
                np.zeros((0, *array.shape[1:]), np.float32),
            ):
                _refused(build, sized, network.variables | {name: wrong})
            spoilt = np.zeros((*array.shape[:-1], array.shape[-1] + 1), np.float32)
            message = _refused(build, sized, network.variables | {name: spoilt})
            assert " has the shape " in message or name == "4x4/Conv/weight"

    @pytest.mark.parametrize(
        "name",
        [
            "Dense9/weight",
            "Dense70/bias",
            "64x64/Conv1/bias",
            "ToRGB_lod11/weight",
            "4x4/Conv/spare",
            "",
            "a\nb",
        ],
    )
    def test_surplus_one_is_named(self, build: Build, network: dense.Published, name: str) -> None:
        variables = network.variables | {name: np.zeros(3, np.float32)}
        assert f"unexpected variable {name!r}" in _refused(build, network.arguments, variables)

    @pytest.mark.parametrize("spoil", [np.nan, np.inf, -np.inf])
    def test_value_that_is_not_finite_is_named(
        self, build: Build, network: dense.Published, spoil: float
    ) -> None:
        for name in ("8x8/Conv1/weight", "4x4/Conv/bias", "ToRGB_lod0/bias"):
            array = network.variables[name].copy()
            array.flat[-1] = spoil
            message = _refused(build, network.arguments, network.variables | {name: array})
            assert repr(name) in message
            assert "not finite" in message

    @pytest.mark.parametrize(
        "convert",
        [
            lambda array: array.astype(np.int32),
            lambda array: array.astype(complex),
            lambda array: array.astype(object),
            lambda array: array.astype(str),
            lambda array: array.astype(np.float64) * 1e300,  # overflows
            lambda array: array.tolist(),
            lambda _: None,
            lambda _: "weights",
        ],
    )
    def test_value_that_is_no_number_is_named(
        self, build: Build, network: dense.Published, convert: Callable[[Any], Any]
    ) -> None:
        name = "8x8/Conv1/weight"
        wrong = {name: convert(network.variables[name])}
        assert name in _refused(build, network.arguments, network.variables | wrong)

    def test_names_that_are_no_text_are_refused(
        self, build: Build, network: dense.Published
    ) -> None:
        foreign: Any = {1: np.zeros(3), None: np.zeros(3), ("a", "b"): np.zeros(3)}
        _refused(build, network.arguments, network.variables | foreign)
        _refused(build, network.arguments, {})

    def test_colour_layers_of_lower_resolutions_are_not_looked_at(
        self, build: Build, network: dense.Published
    ) -> None:
        z = torch.randn(1, 5)
        whole = build(network.arguments, network.variables)(z)
        spoilt = network.variables | {
            "lod": np.float32(np.nan),
            "ToRGB_lod1/weight": np.full((1, 1, 4, 3), np.nan),
            "ToRGB_lod2/bias": np.zeros(0),
        }
        assert torch.equal(build(network.arguments, spoilt)(z), whole)
        del spoilt["lod"], spoilt["ToRGB_lod1/weight"], spoilt["ToRGB_lod1/bias"]
        assert torch.equal(build(network.arguments, spoilt)(z), whole)

    def test_other_precisions_are_read_as_float32(
        self, build: Build, network: dense.Published
    ) -> None:
        wide = {name: array.astype(">f8") for name, array in network.variables.items()}
        z = torch.randn(1, 5)
        expected = build(network.arguments, network.variables)(z)
        assert torch.equal(build(network.arguments, wide)(z), expected)
        half = {name: array.astype(np.float16) for name, array in network.variables.items()}
        values = build(network.arguments, half).state_dict().values()
        assert {value.dtype for value in values} == {torch.float32}

    def test_each_used_variable_is_read_once_and_copied(
        self, build: Build, network: dense.Published
    ) -> None:
        counting = _Counting(network.variables)
        made = build(network.arguments, counting)
        assert len(counting.values_read) == len(set(counting.values_read))
        expected = build(network.arguments, network.variables)
        before = {name: array.copy() for name, array in network.variables.items()}
        for values in made.state_dict().values():
            values.zero_()
        for name, array in network.variables.items():
            np.testing.assert_array_equal(array, before[name])
        for parameter in expected.parameters():
            assert not parameter.requires_grad
        assert not expected.training

    def test_building_leaves_the_random_numbers_alone(
        self, build: Build, network: dense.Published
    ) -> None:
        torch.manual_seed(5)
        expected = torch.randn(3)
        torch.manual_seed(5)
        build(network.arguments, network.variables)
        assert torch.equal(torch.randn(3), expected)

    def test_nothing_is_built_before_all_shapes_are_known_to_fit(
        self, build: Build, network: dense.Published, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A weight that says it has 8192 channels must not make a network of gigabytes."""

        def built(*_: object) -> None:
            raise AssertionError("a network was built")

        monkeypatch.setattr(stylegan_tensorflow, "StyleGAN", built)
        monkeypatch.setattr(progan_tensorflow, "ProGAN", built)
        for count in (8192, 10**6, 10**12):
            for name in ("16x16/Conv1/weight", "4x4/Conv/weight"):
                large = np.broadcast_to(np.float32(0), (3, 3, min(count, 2**15), count))
                variables = network.variables | {name: large}
                _refused(build, network.arguments, variables)

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_any_change_of_shapes_and_names_is_an_error_or_a_network(
        self, build: Build, network: dense.Published, data: st.DataObject
    ) -> None:
        variables: Variables = dict(network.variables)
        for _ in range(data.draw(st.integers(1, 3))):
            name = data.draw(st.sampled_from(sorted(variables)))
            shape = data.draw(st.lists(st.integers(0, 6), max_size=5))
            variables[name] = np.zeros(shape, np.float32)
            if data.draw(st.booleans()):
                variables[data.draw(st.sampled_from(sorted(variables)))] = variables.pop(name)
        try:
            made = build(network.arguments, variables)
        except LocalEditError:
            return
        assert made(torch.zeros(1, 5)).shape == (1, 3, 16, 16)


class TestProGAN:
    def test_mixed_upscaling_is_refused(self) -> None:
        mixed = dict(PROGAN.variables)
        mixed["16x16/Conv0/weight"] = mixed.pop("16x16/Conv0_up/weight").transpose(0, 1, 3, 2)
        mixed["16x16/Conv0/bias"] = mixed.pop("16x16/Conv0_up/bias")
        assert "16x16/Conv0" in _refused(build_progan, {}, mixed)
