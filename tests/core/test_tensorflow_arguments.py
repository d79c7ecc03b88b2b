"""The arguments that StyleGAN and PG-GAN were published with: what they decide, and bad ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import dense_networks as dense
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan import StyleGANConfig

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


IMPOSSIBLE = [None, "1024", [], {}, b"", object(), 1e400, float("nan"), 10**400, -(10**400), 2.5]


@BOTH
class TestArguments:
    @pytest.mark.parametrize("name", ["resolution", "num_channels", "latent_size", "fmap_max"])
    @pytest.mark.parametrize("value", [*IMPOSSIBLE[1:], True, 0, -4, 10**9])
    def test_impossible_sizes_are_named(
        self, build: Build, network: dense.Published, name: str, value: Any
    ) -> None:
        message = _refused(build, network.arguments | {name: value}, network.variables)
        assert name in message

    @pytest.mark.parametrize("name", ["fmap_base", "fmap_decay"])
    @pytest.mark.parametrize("value", [*[v for v in IMPOSSIBLE if v != 2.5], True, -1, 10**9])
    def test_impossible_numbers_are_named(
        self, build: Build, network: dense.Published, name: str, value: Any
    ) -> None:
        assert name in _refused(build, network.arguments | {name: value}, network.variables)

    @pytest.mark.parametrize("value", [*IMPOSSIBLE, 1, False])
    def test_settings_that_change_the_function_are_refused(
        self, build: Build, network: dense.Published, value: Any
    ) -> None:
        message = _refused(build, network.arguments | {"use_wscale": value}, network.variables)
        assert "use_wscale" in message

    @pytest.mark.parametrize(("name", "value"), [("resolution", 32), ("latent_size", 7)])
    def test_contradictions_are_named(
        self, build: Build, network: dense.Published, name: str, value: int
    ) -> None:
        message = _refused(build, network.arguments | {name: value}, network.variables)
        assert f"{name} is {value}" in message

    def test_labels_are_refused(self, build: Build, network: dense.Published) -> None:
        message = _refused(build, network.arguments | {"label_size": 10}, network.variables)
        assert "label_size" in message

    def test_what_agrees_or_does_not_matter_is_taken(
        self, build: Build, network: dense.Published
    ) -> None:
        said = {
            "resolution": 16,
            "num_channels": 3,
            "label_size": 0,
            "latent_size": np.int64(5),
            "fmap_base": 8192,
            "fmap_decay": 1.0,
            "fmap_max": 512,
            "dtype": "float32",
            "structure": "recursive",
            "is_template_graph": object(),
            "randomize_noise": False,
        }
        z = torch.randn(1, 5)
        made = build(network.arguments | said, network.variables)
        assert torch.equal(made(z), build(network.arguments, network.variables)(z))

    def test_no_arguments_at_all_are_refused(self, build: Build, network: dense.Published) -> None:
        for wrong in (None, [], "resolution", object()):
            assert "arguments" in _refused(build, wrong, network.variables)

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_any_value_is_an_error_or_a_network(
        self, build: Build, network: dense.Published, data: st.DataObject
    ) -> None:
        names = (
            *("resolution", "fused_scale", "latent_size", "dlatent_size", "mapping_layers"),
            *("mapping_fmaps", "mapping_lrmul", "truncation_cutoff", "blur_filter", "use_noise"),
            *("pixelnorm_epsilon", "fmap_base", "dtype", "nonlinearity", "truncation_psi"),
        )
        plain = st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary()
        )
        value = st.one_of(plain, st.lists(plain, max_size=8), st.lists(st.floats(-4, 4)))
        arguments = data.draw(st.dictionaries(st.sampled_from(names), value, max_size=3))
        try:
            made = build(network.arguments | arguments, network.variables)
        except LocalEditError:
            return
        assert made(torch.zeros(1, 5)).shape == (1, 3, 16, 16)


class TestStyleGANArguments:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("use_pixel_norm", True),
            ("use_instance_norm", False),
            ("use_styles", False),
            ("const_input_layer", False),
            ("normalize_latents", False),
            ("nonlinearity", "relu"),
            ("mapping_nonlinearity", "relu"),
            ("dtype", "int8"),
            ("dlatent_size", 8),
            ("mapping_layers", 8),
            ("mapping_fmaps", 512),
            ("mapping_lrmul", 0),
            ("fused_scale", "sometimes"),
            ("fused_scale", 1),
            ("use_noise", False),
            ("use_noise", "yes"),
            ("truncation_cutoff", 8.5),
            ("blur_filter", [1, float("nan"), 1]),
            ("blur_filter", [1, 2]),
            ("blur_filter", [[1, 2, 1]]),
            ("blur_filter", "121"),
            ("blur_filter", [1] * 1000),
        ],
    )
    def test_other_functions_are_refused(self, name: str, value: Any) -> None:
        message = _refused(build_stylegan, {name: value}, STYLEGAN.variables)
        assert name in message or "blur" in message

    def test_architecture_is_read_off_the_variables(self) -> None:
        network = dense.random_stylegan(
            (4, 5, 6), z_dim=7, hidden=8, w_dim=9, mapping_layers=2, use_noise=False
        )
        arguments = {"mapping_lrmul": 0.02, "blur_filter": None, "truncation_cutoff": 4}
        made = build_stylegan(arguments, network.variables)
        assert made.config == StyleGANConfig(
            z_dim=7,
            w_dim=9,
            resolution=16,
            channels=(4, 5, 6),
            mapping_layers=2,
            mapping_features=8,
            mapping_lr_multiplier=0.02,
            fused_from=128,
            truncation_cutoff=4,
            use_noise=False,
            blur_taps=(1.0,),
        )

    @pytest.mark.parametrize(("said", "rows"), [(None, 8), (0, 8), (-3, 8), (2, 2), (18, 18)])
    def test_published_truncation_cutoff(self, said: int | None, rows: int) -> None:
        made = build_stylegan({"truncation_cutoff": said}, STYLEGAN.variables)
        assert made.config.truncation_cutoff == rows

    @pytest.mark.parametrize(("said", "lowest"), [("auto", 128), (True, 8), (False, 0)])
    def test_published_fusing(self, said: Any, lowest: int) -> None:
        made = build_stylegan({"fused_scale": said}, STYLEGAN.variables)
        assert made.config.fused_from == lowest


class TestProGANArguments:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("use_pixelnorm", False),
            ("use_leakyrelu", False),
            ("normalize_latents", False),
            ("fused_scale", False),
            ("fused_scale", "auto"),
            ("pixelnorm_epsilon", 0.0),
            ("pixelnorm_epsilon", -1e-8),
            ("dtype", "float64"),
        ],
    )
    def test_other_functions_are_refused(self, name: str, value: Any) -> None:
        assert name in _refused(build_progan, {name: value}, PROGAN.variables)
