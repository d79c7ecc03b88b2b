"""Published checkpoints against arrays of the published implementations."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import genforce_files
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from published_files import (
    ada_network,
    ada_pickle,
    reference,
    saved,
    tensorflow_pickle,
    under,
)
from published_samples import (
    ada,
    ada_state,
    progan_tf,
    rosinality,
    stylegan2_tf,
    stylegan2_weights,
    stylegan_tf,
)

from localedit_core.checkpoints.native import load_generator, write_converted
from localedit_core.checkpoints.published import open_published
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.generators.stylegan2_shapes import stylegan2_shapes

Write = Callable[[], bytes]


STYLEGAN2: dict[str, Write] = {
    "ada": ada,
    "ada, protocol 2": lambda: ada(2),
    "ada, state dict": ada_state,
    "tensorflow": stylegan2_tf,
    "tensorflow, protocol 2": lambda: stylegan2_tf(2),
    "genforce": genforce_files.stylegan2,
    "rosinality": rosinality,
    "rosinality, before PyTorch 1.6": lambda: rosinality(False),
    "rosinality, state dict alone": lambda: rosinality(bare=True),
}
OTHERS: dict[str, tuple[Write, str]] = {
    "stylegan": (stylegan_tf, "stylegan1_tiny"),
    "stylegan, protocol 2": (lambda: stylegan_tf(2), "stylegan1_tiny"),
    "stylegan, genforce": (genforce_files.stylegan, "stylegan1_tiny"),
    "progan": (progan_tf, "progan_tiny"),
    "progan, genforce": (genforce_files.progan, "progan_tiny"),
    "progan, protocol 2": (lambda: progan_tf(2), "progan_tiny"),
}


def converted(data: bytes, folder: Path) -> Generator:
    """What people get: the file opened, converted into ours, and ours opened."""
    source, target = folder / "published.dat", folder / "ours.safetensors"
    source.write_bytes(data)
    with open_published(source) as found:
        write_converted(found, target, name="tiny")
    return load_generator(target).generator


def close(actual: torch.Tensor, expected: NDArray[Any]) -> None:
    assert actual.shape == expected.shape
    assert np.abs(actual.numpy() - expected).max() <= 1e-4 * np.abs(expected).max()


@pytest.mark.parametrize("layout", STYLEGAN2)
def test_stylegan2(layout: str, tmp_path: Path) -> None:
    _, arrays = reference("stylegan2_tiny")
    generator = converted(STYLEGAN2[layout](), tmp_path)
    w = generator.mapping(torch.from_numpy(arrays["input/z"]))
    close(w, arrays["expected/w"])
    image = generator.synthesize(generator.styles(generator.broadcast(w))).image
    close(image, arrays["expected/image_noise_const"])
    if layout == "rosinality, state dict alone":
        return  # it has no mean of w: see below
    image = generator.synthesize(generator.styles(generator.broadcast(w, 0.7))).image
    close(image, arrays["expected/image_truncated_0.7"])


def test_a_missing_mean_is_measured(tmp_path: Path) -> None:
    source = tmp_path / "x.pt"
    source.write_bytes(rosinality(bare=True))
    with open_published(source) as found:
        mean = found.weights["mapping.w_avg"].read()
        assert "mean" in found.notes[0]
    generator = converted(rosinality(), tmp_path)
    z = torch.randn(200_000, 32, generator=torch.Generator().manual_seed(1))
    w = generator.mapping(z)
    # The mean of 10,000 samples lies within some of its own standard deviations of the true one.
    spread = (w.std(dim=0) / 100).numpy()
    assert (np.abs(mean - w.mean(dim=0).numpy()) < 5 * spread).all()


@pytest.mark.parametrize("layout", OTHERS)
def test_older_families(layout: str, tmp_path: Path) -> None:
    write, name = OTHERS[layout]
    _, arrays = reference(name)
    generator = converted(write(), tmp_path)
    w = generator.mapping(torch.from_numpy(arrays["input/z"]))
    w_plus = generator.broadcast(w, 1.0)
    close(generator.synthesize(generator.styles(w_plus)).image, arrays["expected/image"])
    if name == "stylegan1_tiny":
        w_plus = generator.broadcast(w, 0.7)  # the first 8 rows, as is this family's custom
        image = generator.synthesize(generator.styles(w_plus)).image
        close(image, arrays["expected/image_truncated_psi0.7_layers8"])


@pytest.mark.parametrize("layout", [*STYLEGAN2, *OTHERS])
def test_source_text_is_not_run(layout: str, tmp_path: Path) -> None:
    assert "LOCALEDIT_CANARY" not in os.environ
    write = STYLEGAN2.get(layout) or OTHERS[layout][0]
    converted(write(), tmp_path)
    assert "LOCALEDIT_CANARY" not in os.environ


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
@pytest.mark.parametrize(
    "extra", [{}, {"use_noise": False}, {"c_dim": 3, "embed_features": 5}, {"mapping_features": 9}]
)
def test_shapes_are_those_of_the_network(architecture: Any, extra: dict[str, Any]) -> None:
    config = StyleGAN2Config(
        6, 7, 16, (5, 4, 3), mapping_layers=3, architecture=architecture, **extra
    )
    state = StyleGAN2(config).state_dict()
    assert stylegan2_shapes(config) == {name: tuple(t.shape) for name, t in state.items()}


def test_a_filter_of_ones_own(tmp_path: Path) -> None:
    """Layers that resample nothing have the published one all the same."""
    config, weights = stylegan2_weights()
    line = np.array([1, 4, 6, 4], np.float32)
    own = np.outer(line, line) / line.sum() ** 2
    filters = [name for name in weights if name.endswith("resample_filter")]
    assert any(".conv1." in name for name in filters)
    weights |= {name: own for name in filters if ".conv1." not in name}
    generator = converted(ada_pickle(ada_network(config, weights)), tmp_path)
    assert isinstance(generator, StyleGAN2)
    assert generator.config.resample_kernel == (1.0, 4.0, 6.0, 4.0)

    weights[next(name for name in filters if ".conv0." in name)] = np.full((4, 4), 1 / 16)
    with pytest.raises(LocalEditError, match="several resampling filters"):
        converted(ada_pickle(ada_network(config, weights)), tmp_path)


@pytest.mark.parametrize(("lod", "notes"), [(0.0, 0), (1.5, 1)])
def test_what_was_saved_while_growing_says_so(lod: float, notes: int, tmp_path: Path) -> None:
    kwargs, arrays = reference("stylegan1_tiny")
    variables = under(arrays, "variables/") | {"lod": np.float32(lod)}
    source = tmp_path / "x.pkl"
    source.write_bytes(tensorflow_pickle(kwargs, variables, version=3))
    with open_published(source) as found:
        assert len(found.notes) == notes
        assert all("growing" in note for note in found.notes)


class TestErrors:
    def test_a_missing_weight_is_named(self, tmp_path: Path) -> None:
        config, weights = stylegan2_weights()
        del weights["synthesis.b16.conv1.bias"]
        with pytest.raises(LocalEditError, match=r"b16\.conv1\.bias") as caught:
            converted(ada_pickle(ada_network(config, weights)), tmp_path)
        assert str(tmp_path / "published.dat") in caught.value.message

    def test_a_weight_of_another_shape_is_named(self, tmp_path: Path) -> None:
        config, weights = stylegan2_weights()
        weights["synthesis.b16.conv0.weight"] = np.zeros((3, 2, 3, 3), np.float32)
        with pytest.raises(LocalEditError, match=r"b16\.conv0\.weight"):
            converted(ada_pickle(ada_network(config, weights)), tmp_path)

    def test_values_that_are_no_numbers(self, tmp_path: Path) -> None:
        config, weights = stylegan2_weights()
        weights["synthesis.b16.conv1.bias"] = np.full(32, np.nan, np.float32)
        with pytest.raises(LocalEditError, match="finite"):
            converted(ada_pickle(ada_network(config, weights)), tmp_path)
        assert not list(tmp_path.glob("*.safetensors"))

    def test_another_activation_is_refused(self, tmp_path: Path) -> None:
        network = ada_network(*stylegan2_weights())
        block = network.state["_modules"]["synthesis"].state["_modules"]["b16"]
        block.state["_modules"]["conv1"].state["activation"] = "relu"
        with pytest.raises(LocalEditError, match=r"b16\.conv1.*relu"):
            converted(ada_pickle(network), tmp_path)

    def test_stylegan3_is_called_by_its_name(self, tmp_path: Path) -> None:
        _, weights = stylegan2_weights()
        network = ada_network(
            {"z_dim": 4, "w_dim": 4},
            {"synthesis.input.weight": weights["mapping.fc0.weight"]},
        )
        with pytest.raises(LocalEditError, match="StyleGAN3"):
            converted(ada_pickle(network), tmp_path)

    def test_a_module_that_holds_itself(self, tmp_path: Path) -> None:
        network = ada_network(*stylegan2_weights())
        state = network.state["_modules"]["synthesis"].state
        loop: dict[str, Any] = {"_modules": {}}
        state["_modules"]["b4"].state["_modules"] = loop["_modules"]
        data = ada_pickle(network)
        with pytest.raises(LocalEditError):
            converted(data, tmp_path)

    @pytest.mark.parametrize(
        "content", [{}, {"a": 1}, [1, 2], None, {"g_ema": {"x": torch.ones(2)}}]
    )
    def test_what_is_no_generator(self, content: Any, tmp_path: Path) -> None:
        with pytest.raises(LocalEditError, match="no generator"):
            converted(saved(content), tmp_path)


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "x.pkl", tmp_path / "ours.safetensors"
    source.write_bytes(ada())
    seen: list[int] = []
    with open_published(source) as found, pytest.raises(RenderCancelled):
        write_converted(
            found,
            target,
            name="tiny",
            progress=lambda done, total: seen.append(done),
            cancelled=lambda: len(seen) == 5,
        )
    assert len(seen) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["x.pkl"]


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    source, target = tmp_path / "x.pkl", tmp_path / "ours.safetensors"
    source.write_bytes(ada())
    seen: list[tuple[int, int]] = []
    with open_published(source) as found:
        write_converted(found, target, name="t", progress=lambda *now: seen.append(now))
    done, total = zip(*seen, strict=True)
    assert list(done) == sorted(done)
    assert (
        done[-1]
        == total[-1]
        == 4 * sum(np.prod(weight.shape, dtype=int) for weight in found.weights.values())
    )
