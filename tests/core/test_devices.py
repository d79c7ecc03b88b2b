"""Devices: which are there, which one is meant, and what happens when memory runs out.

No GPU is needed: the list is made of what a stand-in finds, and the generators that run out of
memory only pretend to be on a GPU. Where there is one, its pictures are compared with the CPU's.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dense_networks as dense
import numpy as np
import pytest
import torch
from conftest import make_tiny_generator

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.sampling import styles_of_seed
from localedit_core.checkpoints.native import Model
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.generators.devices import (
    CPU,
    Device,
    Retreat,
    best_device,
    choose_device,
    find_devices,
)
from localedit_core.generators.placement import PlacedNetwork, is_out_of_memory
from localedit_core.generators.progan import ProGAN
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

GIB = 2**30
GPU = Device("cuda:0", "Pretended GPU (CUDA 0)", GIB)
Network = StyleGAN2 | StyleGAN | ProGAN


@dataclass
class Found:
    """Finds what it was given."""

    gpus: Sequence[tuple[str, int | None]] = ()
    apple: Sequence[tuple[str, int | None]] = ()

    def cuda(self) -> Sequence[tuple[str, int | None]]:
        return self.gpus

    def mps(self) -> Sequence[tuple[str, int | None]]:
        return self.apple


TWO = Found((("Small", 8 * GIB), ("NVIDIA H100", 80 * GIB)))
MAC = Found(apple=(("Apple GPU", None),))


class TestFinding:
    def test_names_for_programs_and_for_people(self) -> None:
        found = [(d.name, d.label, d.memory) for d in find_devices(TWO)]
        assert found == [
            ("cpu", "CPU", None),
            ("cuda:0", "Small (CUDA 0)", 8 * GIB),
            ("cuda:1", "NVIDIA H100 (CUDA 1)", 80 * GIB),
        ]
        assert [d.label for d in find_devices(MAC)] == ["CPU", "Apple GPU (MPS)"]
        assert find_devices(Found()) == (CPU,)

    def test_the_largest_gpu_is_best(self) -> None:
        assert best_device(find_devices(TWO)).name == "cuda:1"
        assert best_device(find_devices(MAC)).name == "mps"
        assert best_device(find_devices(Found())) == CPU

    def test_this_computer_has_what_torch_says(self) -> None:
        names = [device.name for device in find_devices()]
        assert names[0] == "cpu"
        gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
        assert sum(name.startswith("cuda") for name in names) == gpus
        assert ("mps" in names) == torch.backends.mps.is_available()


class TestChoosing:
    @pytest.mark.parametrize(
        ("wanted", "name"),
        [
            ("auto", "cuda:1"),
            ("cpu", "cpu"),
            ("cuda", "cuda:0"),
            ("cuda:1", "cuda:1"),
            (" CUDA:0", "cuda:0"),
        ],
    )
    def test_words(self, wanted: str, name: str) -> None:
        assert choose_device(wanted, find_devices(TWO)).name == name

    @pytest.mark.parametrize("wanted", ["cuda:2", "mps"])
    def test_a_device_that_is_not_here(self, wanted: str) -> None:
        with pytest.raises(LocalEditError, match=wanted) as caught:
            choose_device(wanted, find_devices(TWO))
        assert "cuda:1 (NVIDIA H100 (CUDA 1))" in caught.value.hint

    @pytest.mark.parametrize("wanted", ["", "gpu", "cuda:", "cuda:-1", "cuda:0;rm", "cpu:0"])
    def test_no_such_word(self, wanted: str) -> None:
        with pytest.raises(LocalEditError, match="is no device") as caught:
            choose_device(wanted, find_devices(TWO))
        assert "auto" in caught.value.hint


def _stylegan() -> StyleGAN:
    torch.manual_seed(3)
    config = StyleGANConfig(8, 8, 32, (8, 8, 6, 4), mapping_layers=2, mapping_features=8)
    return StyleGAN(config).eval().requires_grad_(False)


def _progan() -> ProGAN:
    network = dense.random_progan((8, 6, 6, 4))
    return build_progan(network.arguments, network.variables)


FAMILIES: list[Callable[[], Network]] = [make_tiny_generator, _stylegan, _progan]


def pretending(network: Network) -> Network:
    """A copy that says it is on a GPU while its weights stay where they are."""
    told = copy.deepcopy(network)
    move = lambda device: setattr(told, "device", device)  # noqa: E731
    object.__setattr__(told, "_move", move)
    told.place(GPU)
    assert told.device == GPU
    return told


class FullMemory:
    """Asked between layers; the GPU's memory runs out there, as often as is said."""

    def __init__(self, network: PlacedNetwork, times: int = 1_000_000) -> None:
        self.network = network
        self.left = times
        self.raised = 0

    def __call__(self) -> bool:
        if self.network.device.kind != "cpu" and self.left:
            self.left -= 1
            self.raised += 1
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return False


@pytest.mark.parametrize("make", FAMILIES)
class TestOutOfMemory:
    def test_the_picture_still_comes_and_people_are_told_once(
        self, make: Callable[[], Network]
    ) -> None:
        calm, network = make(), pretending(make())
        told: list[Retreat] = []
        network.on_retreat = told.append
        styles = styles_of_seed(network, 3, 0.7)
        with torch.inference_mode():
            expected = calm.synthesize(styles).image
            full = FullMemory(network)
            for _ in range(2):
                assert torch.equal(network.synthesize(styles, cancelled=full).image, expected)
        assert full.raised == 2  # once more after what was cached was given back
        assert network.device == CPU
        assert told == [Retreat(GPU)]
        assert GPU.label in told[0].message
        assert network.fingerprint == calm.fingerprint

    def test_giving_cached_memory_back_may_do(self, make: Callable[[], Network]) -> None:
        network = pretending(make())
        told: list[Retreat] = []
        network.on_retreat = told.append
        with torch.inference_mode():
            network.synthesize(
                styles_of_seed(network, 3, 0.7), cancelled=FullMemory(network, times=1)
            )
        assert network.device == GPU
        assert not told

    def test_who_trains_is_told_the_error_itself(self, make: Callable[[], Network]) -> None:
        network = pretending(make())
        with torch.enable_grad(), pytest.raises(torch.cuda.OutOfMemoryError):
            network.synthesize(
                styles_of_seed(network, 3, 0.7), cancelled=FullMemory(network, times=1)
            )
        assert network.device == GPU

    def test_other_errors_are_no_reason_to_retreat(self, make: Callable[[], Network]) -> None:
        network = pretending(make())

        def broken() -> bool:
            raise RuntimeError("shapes cannot be multiplied")

        with torch.inference_mode(), pytest.raises(RuntimeError, match="multiplied"):
            network.synthesize(styles_of_seed(network, 3, 0.7), cancelled=broken)
        assert network.device == GPU


class TestWholeWork:
    def test_an_edit_is_rendered_to_its_end(self, tiny_catalog: Catalog) -> None:
        network = pretending(make_tiny_generator())
        told: list[Retreat] = []
        network.on_retreat = told.append
        pipeline = Pipeline(Model(network, "tiny", "stylegan2"), tiny_catalog)
        edit = Edit("a", "mouth", Latent(12, 0.7), QuerySettings(Method.GLOBAL, lam=0.5))
        request = RenderRequest(1, 1, Latent(11, 0.7), (edit,), "mouth", preview_resolution=8)
        results = list(pipeline.run(request, FullMemory(network)))
        assert [result.stage for result in results[-2:]] == ["settled", "measured"]
        assert results[0].stage == "preview"
        calm = Pipeline(Model(make_tiny_generator(), "tiny", "stylegan2"), tiny_catalog)
        for result, expected in zip(results, calm.run(request), strict=True):
            np.testing.assert_array_equal(result.image, expected.image)
        assert len(told) == 1
        assert pipeline.device == CPU

    def test_a_catalog_is_built_to_its_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        network = pretending(make_tiny_generator())
        told: list[Retreat] = []
        network.on_retreat = told.append
        synthesize = type(network).synthesize
        count = 0

        def running_out(self: StyleGAN2, styles: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count > 3:
                options["cancelled"] = FullMemory(network)
            return synthesize(self, styles, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(StyleGAN2, "synthesize", running_out)
        catalog = build_catalog(network, layer="b16.conv1", n_clusters=3, n_samples=4)
        monkeypatch.undo()
        calm = build_catalog(make_tiny_generator(), layer="b16.conv1", n_clusters=3, n_samples=4)
        assert catalog.fingerprint == calm.fingerprint
        assert told == [Retreat(GPU)]


class TestPlacing:
    def test_a_device_that_fails_leaves_the_generator_where_it_was(self) -> None:
        generator = make_tiny_generator()
        before = generator.fingerprint
        nowhere = Device("cuda:77", "Nobody's GPU (CUDA 77)")
        with pytest.raises(LocalEditError, match="Nobody's GPU") as caught:
            generator.place(nowhere)
        assert "stays on CPU" in caught.value.hint
        assert generator.device == CPU
        assert generator.fingerprint == before
        # What CUDA computes from now on is exact, and the same each time.
        assert not torch.backends.cudnn.allow_tf32
        assert torch.backends.cudnn.deterministic
        generator.place(CPU)
        styles = styles_of_seed(generator, 1, 0.7)
        assert generator.synthesize(styles).image.shape == (1, 3, 32, 32)

    def test_placing_while_pictures_are_made_keeps_weights_usable(self) -> None:
        generator = make_tiny_generator()
        with torch.inference_mode():
            generator.place(CPU)
        assert not any(p.is_inference() for p in generator.parameters())
        assert generator.fingerprint == make_tiny_generator().fingerprint

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (torch.cuda.OutOfMemoryError("CUDA out of memory."), True),
            (RuntimeError("MPS backend out of memory (MPS allocated: 17 GB)"), True),
            (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling ..."), True),
            (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
            (MemoryError("out of memory"), False),
        ],
    )
    def test_errors_that_mean_it(self, error: Exception, expected: bool) -> None:
        assert is_out_of_memory(error) is expected


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here")
@pytest.mark.parametrize("make", FAMILIES)
class TestOnCuda:
    def test_pictures_equal_the_cpus(self, make: Callable[[], Network]) -> None:
        here, there = make(), make()
        there.place(choose_device("cuda"))
        for seed in range(4):
            with torch.inference_mode():
                expected = here.synthesize(styles_of_seed(here, seed, 0.7), noise_seed=seed).image
                made = there.synthesize(styles_of_seed(there, seed, 0.7), noise_seed=seed).image
            assert made.is_cuda
            assert (made.cpu() - expected).abs().max() <= 1e-3
        assert there.fingerprint == here.fingerprint

    def test_the_same_bits_each_time(self, make: Callable[[], Network]) -> None:
        network = make()
        network.place(choose_device("cuda"))
        styles = styles_of_seed(network, 5, 0.7)
        with torch.inference_mode():
            first = network.synthesize(styles).image
            assert all(torch.equal(network.synthesize(styles).image, first) for _ in range(5))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here")
class TestEditsOnCuda:
    @pytest.mark.parametrize("guard", [0.0, 1.0])
    @pytest.mark.parametrize("method", list(Method))
    def test_edits_equal_the_cpus(
        self, method: Method, guard: float, tiny_catalog: Catalog
    ) -> None:
        settings = QuerySettings(method, epsilon=60.0, lam=0.8, guard=guard)
        edit = Edit("a", "mouth", Latent(12, 0.7), settings)
        request = RenderRequest(1, 1, Latent(11, 0.7), (edit,), "mouth", preview_resolution=8)
        pictures = []
        for device in (CPU, choose_device("cuda")):
            pipeline = Pipeline(Model(make_tiny_generator(), "t", "stylegan2"), tiny_catalog)
            pipeline.place(device)
            pictures.append([result.image.astype(int) for result in pipeline.run(request)])
        for here, there in zip(*pictures, strict=True):
            # A Poisson blend has what the target and, twice, the reference are off by.
            assert np.abs(here - there).max() <= (4 if method is Method.POISSON_BLENDING else 1)

    def test_catalogs_agree(self) -> None:
        network = make_tiny_generator()
        network.place(choose_device("cuda"))
        there = build_catalog(network, layer="b16.conv1", n_clusters=3, n_samples=4)
        here = build_catalog(make_tiny_generator(), layer="b16.conv1", n_clusters=3, n_samples=4)
        np.testing.assert_allclose(there.mean, here.mean, atol=1e-3)
        np.testing.assert_allclose(there.std, here.std, rtol=1e-3, atol=1e-6)
