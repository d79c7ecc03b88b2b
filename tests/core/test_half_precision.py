"""Half precision: how far its pictures are off, when it is taken, and what never sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import dense_networks as dense
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Part
from localedit_core.catalog.sampling import styles_of_seed
from localedit_core.checkpoints.native import Model, load_generator
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.editing import quick
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.quick import QuickPictures, SpeedTrial
from localedit_core.editing.request import HalfPrecision, RenderRequest
from localedit_core.generators.devices import CPU, Device, choose_device
from localedit_core.generators.half import half_copy, half_dtype
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.progan import ProGAN
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import Latent
from localedit_core.library import generator_path

Network = StyleGAN2 | StyleGAN | ProGAN
OFF, ON, AUTO = HalfPrecision.OFF, HalfPrecision.ON, HalfPrecision.AUTO
UNIT = {torch.bfloat16: 2.0**-9, torch.float16: 2.0**-12}
"""Largest relative error of rounding a number once: half a step of 8, or 11, binary digits."""


def _stylegan2(architecture: str = "skip") -> StyleGAN2:
    torch.manual_seed(2)
    config = StyleGAN2Config(16, 16, 32, (16, 16, 16, 12), 2, architecture=architecture)  # type: ignore[arg-type]
    return StyleGAN2(config).eval().requires_grad_(False)


def _stylegan() -> StyleGAN:
    torch.manual_seed(3)
    config = StyleGANConfig(16, 16, 32, (16, 16, 16, 12), 2, mapping_features=16)
    return StyleGAN(config).eval().requires_grad_(False)


def _progan() -> ProGAN:
    network = dense.random_progan((16, 16, 16, 12))
    return build_progan(network.arguments, network.variables)


FAMILIES: dict[str, Callable[[], Network]] = {
    "skip": _stylegan2,
    "resnet": lambda: _stylegan2("resnet"),
    "orig": lambda: _stylegan2("orig"),
    "stylegan": _stylegan,
    "progan": _progan,
}


def _image(network: Network, seed: int) -> NDArray[np.float64]:
    with torch.inference_mode():
        image = network.synthesize(styles_of_seed(network, seed, 0.7)).image
    assert image.dtype == torch.float32
    return image.double().numpy()


def _bound(network: Network, dtype: torch.dtype) -> float:
    """Relative error to expect: each layer rounds some six times, and errors add as squares do.

    Twice that, because layers do not damp what comes from below alike.
    """
    return 2.0 * float(np.sqrt(6.0 * len(network.layers))) * UNIT[dtype]


@pytest.mark.parametrize("dtype", UNIT, ids=str)
@pytest.mark.parametrize("family", FAMILIES)
class TestPictures:
    def test_error_is_that_of_rounding(self, family: str, dtype: torch.dtype) -> None:
        network = FAMILIES[family]()
        half = half_copy(network, dtype)
        for seed in range(3):
            exact, rounded = _image(network, seed), _image(half, seed)
            error = float(np.sqrt(np.square(rounded - exact).mean()) / exact.std())
            assert 0 < error < _bound(network, dtype)

    def test_the_network_itself_stays_as_it_was(self, family: str, dtype: torch.dtype) -> None:
        network = FAMILIES[family]()
        before, picture = network.fingerprint, _image(network, 1)
        half = half_copy(network, dtype)
        assert network.fingerprint == before
        np.testing.assert_array_equal(_image(network, 1), picture)
        own = {id(values) for values in network.parameters()}
        assert any(id(values) in own for values in half.parameters())  # memory is shared
        assert half.on_retreat is None
        assert not half.retreats


def test_large_layers_alone_can_be_in_half_precision() -> None:
    network = _stylegan2()
    half = half_copy(network, torch.bfloat16, least=16)
    types = {
        name: values.dtype
        for name, values in half.named_parameters()
        if name.endswith("weight") and ".conv" in name and values.ndim == 4
    }
    assert types == {
        f"synthesis.b{side}.{name}.weight": torch.float32 if side < 16 else torch.bfloat16
        for side in (4, 8, 16, 32)
        for name in ("conv0", "conv1")
        if (side, name) != (4, "conv0")
    }
    # What lies below is exact, and shared.
    styles = styles_of_seed(network, 1, 0.7)
    with torch.inference_mode():
        below = [each.synthesize(styles, up_to=8).image for each in (network, half)]
        exact, mixed, coarse = (
            each.synthesize(styles).image
            for each in (network, half, half_copy(network, torch.bfloat16))
        )
        batch = {name: style.repeat(2, 1) for name, style in styles.items()}
        whole = half.synthesize(batch).image[:1]
    assert torch.equal(*below)
    assert half.layer("b8.conv1") is network.layer("b8.conv1")
    assert 0 < (mixed - exact).square().mean() < (coarse - exact).square().mean()
    assert (whole - exact).abs().max() < 0.1 * exact.abs().max()


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_demodulation_takes_large_numbers_back(architecture: str) -> None:
    """float16 ends at 65504: weights and styles are brought to at most 1 before they multiply."""
    network = _stylegan2(architecture)
    for name, values in network.named_parameters():
        if ".conv" in name and name.endswith(".weight") and values.ndim == 4:
            values.mul_(2000.0)
    exact, rounded = _image(network, 1), _image(half_copy(network, torch.float16), 1)
    error = float(np.sqrt(np.square(rounded - exact).mean()) / exact.std())
    assert error < _bound(network, torch.float16)


@pytest.mark.parametrize("name", ["faces", "rooms"])
def test_bundled_generators_are_hardly_off(name: str) -> None:
    """At thumbnails' size, in levels of 256; performance.md had mean 0.5 and at most 5."""
    network = load_generator(generator_path(name)).generator
    assert isinstance(network, StyleGAN2)
    half = half_copy(network, torch.bfloat16)
    errors = []
    for seed in range(3):
        styles = styles_of_seed(network, seed, 0.7)
        with torch.inference_mode():
            exact, rounded = (
                to_picture(each.synthesize(styles, up_to=64).image).astype(int)
                for each in (network, half)
            )
        errors.append(np.abs(exact - rounded))
    assert 0 < np.mean(errors) < 0.5
    assert np.max(errors) <= 5


class TestTaking:
    def test_off_is_exact_and_on_is_not(self) -> None:
        network = _stylegan2()
        pictures = QuickPictures(network)
        styles = styles_of_seed(network, 1, 0.7)
        with torch.inference_mode():
            exact = network.synthesize(styles).image
            assert torch.equal(pictures.synthesize(OFF, styles, up_to=32).image, exact)
            taken = not torch.equal(pictures.synthesize(ON, styles, up_to=32).image, exact)
        assert taken == (half_dtype(CPU) is not None) == pictures.takes_half(ON, 32)
        assert not pictures.takes_half(OFF, 32)

    def test_gpus_use_float16(self) -> None:
        assert half_dtype(Device("cuda:0", "GPU")) == half_dtype(Device("mps", "GPU"))
        assert half_dtype(Device("cuda:0", "GPU")) == torch.float16
        assert half_dtype(CPU) in (None, torch.bfloat16)

    @pytest.mark.parametrize(("seconds", "worth"), [(0.02, True), (0.045, False), (0.08, False)])
    def test_a_trial_takes_what_is_quicker(self, seconds: float, worth: bool) -> None:
        trial = SpeedTrial()
        order = []
        while not trial.decided:
            half = trial.takes_half()
            order.append(half)
            first = len(order) in (1, 4)  # the first of each is slow, and does not count
            trial.add(half, 9.0 if first else seconds if half else 0.05)
        assert order == [False] * 3 + [True] * 3
        assert trial.takes_half() is worth
        trial.add(True, 0.0001)
        assert trial.takes_half() is worth

    @pytest.mark.parametrize("slow", ["half", "full"])
    def test_left_to_decide_it_measures(self, slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quick, "half_dtype", lambda device: torch.bfloat16)
        network = _stylegan2()
        pictures = QuickPictures(network)
        styles = styles_of_seed(network, 1, 0.7)

        def cancelled() -> bool:
            """Between layers; the slow precision sleeps there."""
            in_half = pictures.trial_runs_half  # type: ignore[attr-defined]
            if in_half == (slow == "half"):
                time.sleep(0.01)
            return False

        with torch.inference_mode():
            exact = network.synthesize(styles).image
            for _ in range(6):
                trial = pictures._trials.get(32)
                taken = trial is not None and trial.takes_half()
                pictures.trial_runs_half = taken  # type: ignore[attr-defined]
                assert not pictures.takes_half(AUTO, 32)
                pictures.synthesize(AUTO, styles, up_to=32, cancelled=cancelled)
            made = pictures.synthesize(AUTO, styles, up_to=32).image
        assert torch.equal(made, exact) == (slow == "half")
        assert pictures.takes_half(AUTO, 32) == (slow == "full")

    def test_numbers_that_do_not_fit_are_made_in_float32(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quick, "half_dtype", lambda device: torch.float16)
        network = _progan()
        for name, values in network.named_parameters():
            if "Conv" in name and name.endswith("bias"):
                values.add_(1e6)  # beyond 65504
        pictures = QuickPictures(network)
        styles = styles_of_seed(network, 1, 1.0)
        with torch.inference_mode():
            exact = network.synthesize(styles).image
            assert torch.equal(pictures.synthesize(ON, styles, up_to=32).image, exact)
        assert not pictures.takes_half(ON, 32)

    def test_memory_for_two_that_is_not_there_leaves_float32(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quick, "half_dtype", lambda device: torch.bfloat16)

        def full(network: object, dtype: object) -> object:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

        monkeypatch.setattr(quick, "half_copy", full)
        network = _stylegan2()
        styles = styles_of_seed(network, 1, 0.7)
        pictures = QuickPictures(network)
        with torch.inference_mode():
            exact = network.synthesize(styles).image
            assert torch.equal(pictures.synthesize(ON, styles, up_to=32).image, exact)


class TestRequests:
    @pytest.mark.parametrize("family", ["skip", "stylegan", "progan"])
    def test_previews_may_be_off_but_settled_pictures_never(
        self, family: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quick, "half_dtype", lambda device: torch.bfloat16)
        network = FAMILIES[family]()
        layer = "b16.conv1" if family == "skip" else network.layers[-3].name
        catalog = build_catalog(network, layer=layer, n_clusters=3, n_samples=4)
        named = catalog.with_parts([Part("some", (0,)), Part("rest", (1, 2))])
        pipeline = Pipeline(Model(network, "x", network.family), named)
        for method in (Method.GLOBAL, Method.FEATURE_BLENDING, Method.POISSON_BLENDING):
            if method is Method.GLOBAL and not network.has_styles:
                continue
            # The guard resumes from exact states, which half precision has to take up.
            settings = QuerySettings(method, lam=0.5, guard=1.0)
            edit = Edit("a", "some", Latent(5, 0.7), settings)
            request = RenderRequest(1, 1, Latent(4, 0.7), (edit,), "some")
            *_, exact = pipeline.run(request)
            quickly = replace(request, preview_resolution=16, half=ON)
            preview, settled, measured = pipeline.run(quickly)
            assert preview.stage == "preview"
            np.testing.assert_array_equal(settled.image, exact.image)
            assert measured.measures == exact.measures
            side = preview.image.shape[0]
            assert side == (16 if network.has_previews else 32)
            small = exact.image if side == 32 else None
            if small is not None:
                off = np.abs(preview.image.astype(int) - small)
                assert 0 < off.mean() < 3
        plain = list(pipeline.run(replace(request, preview_resolution=16)))
        assert plain[0].stage == ("preview" if network.has_previews else "settled")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here")
@pytest.mark.parametrize("family", FAMILIES)
def test_half_precision_on_cuda_is_as_exact(family: str) -> None:
    network = FAMILIES[family]()
    network.place(choose_device("cuda"))
    pictures = QuickPictures(network)
    assert pictures.takes_half(AUTO, 32)
    styles = styles_of_seed(network, 1, 0.7)
    with torch.inference_mode():
        exact = network.synthesize(styles).image
        rounded = pictures.synthesize(AUTO, styles, up_to=32).image
    error = float((rounded - exact).square().mean().sqrt() / exact.std())
    assert 0 < error < _bound(network, torch.float16)
