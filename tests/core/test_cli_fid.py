"""FID by torch-fidelity: whose weights, what is run, and what may bear its name.

The published weights are not in the project: a network of random ones stands for them.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch
from cli_helpers import Run, fail, folder, run
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.evaluation import inception
from localedit_core.evaluation.frechet import FrechetJob, FrechetSums
from localedit_core.evaluation.frechet_report import frechet_facts
from localedit_core.evaluation.inception import InceptionFeatures, read_weights
from localedit_core.evaluation.moments import Moments
from localedit_core.evaluation.pairs import seed_pairs
from localedit_core.evaluation.real_pictures import find_pictures, read_pictures
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

FID = ("evaluate", "fid", "--model", "tiny.safetensors", "--part", "mouth", "--device", "cpu")


@pytest.fixture(scope="module")
def library() -> ModuleType:
    """torch-fidelity itself. Where torchvision, which the network does not use, is of another build
    than torch and cannot be imported, an empty one takes its place."""
    if importlib.util.find_spec("torch_fidelity") is None:
        pytest.skip("torch-fidelity is not installed")
    try:
        importlib.import_module("torchvision")
    except (ImportError, RuntimeError):
        for name in [n for n in sys.modules if n.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        for name in ("", ".datasets", ".models", ".transforms", ".transforms.functional"):
            sys.modules[f"torchvision{name}"] = MagicMock()
    return importlib.import_module("torch_fidelity.feature_extractor_inceptionv3")


@pytest.fixture(scope="module")
def network(library: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> nn.Module:
    """The library's network with random weights."""

    class Bare(library.FeatureExtractorInceptionV3):  # type: ignore[name-defined,misc]
        def load_state_dict(self, *_: Any, **__: Any) -> None: ...

    empty = tmp_path_factory.mktemp("empty") / "empty.pth"
    torch.save({}, empty)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        made = Bare("bare", ["2048"], feature_extractor_weights_path=str(empty))
        for module in made.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    return made  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def weights(network: nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its weights as torch.save writes them, as the published file is."""
    path = tmp_path_factory.mktemp("weights") / "inception.pth"
    torch.save(network.state_dict(), path)
    return path


def _features(network: nn.Module, pictures: Sequence[np.ndarray]) -> np.ndarray:
    batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
    with torch.no_grad():
        return np.asarray(network(batch)[0], np.float64)


def _by_the_library(one: np.ndarray, other: np.ndarray) -> float:
    """torch-fidelity's own distance, in the few directions that these pictures span."""
    metric = importlib.import_module("torch_fidelity.metric_fid")
    directions = np.linalg.qr(np.concatenate((one, other)).T)[0]  # [2048, n]
    first, second = (
        metric.fid_features_to_statistics(torch.from_numpy(f @ directions)) for f in (one, other)
    )
    told = metric.fid_statistics_to_metric(first, second, False)
    return float(told["frechet_inception_distance"])


def test_distances_are_the_library_s_own(
    folder: Path,
    run: Run,
    network: nn.Module,
    weights: Path,
    tiny_generator: StyleGAN2,
    tiny_catalog: Catalog,
) -> None:
    source = np.random.default_rng(0)
    photos = [source.integers(0, 256, (48, 32, 3), dtype=np.uint8) for _ in range(2)]
    (folder / "real" / "more").mkdir(parents=True)
    for number, photo in enumerate(photos):
        Image.fromarray(photo).save(folder / ("real" if number else "real/more") / f"{number}.png")
    command = (*FID, "--weights", str(weights), "--pairs", "2", "--real", "real")
    told = json.loads(run(*command, "--epsilon", "300", "--out", "report", "--json"))
    assert told["measure"] == "squared Frechet distance (no FID)"
    assert "not those of FID" in told["features"]
    assert (told["pairs"], told["real_pictures"]) == (2, 2)
    pipeline = Pipeline(Model(tiny_generator, "x", "stylegan2"), tiny_catalog)
    floor = tiny_catalog.part("mouth").floor
    before, after = [], []
    for target, reference in ([Latent(s, tiny_catalog.psi) for s in p] for p in seed_pairs(2)):
        edit = Edit("a", "mouth", reference, QuerySettings(epsilon=300.0, floor=floor))
        before.append(pipeline.view(target).image)
        *_, last = pipeline.run(RenderRequest(0, 0, target, (edit,)))
        after.append(last.image)
    unedited, edited = _features(network, before), _features(network, after)
    real = _features(network, [photo[8:40] for photo in photos])  # the middle square
    assert told["to_unedited"]["edited mouth"] == pytest.approx(
        _by_the_library(edited, unedited), rel=1e-5
    )
    for name, features in (("unedited", unedited), ("edited mouth", edited)):
        assert told["to_real"][name] == pytest.approx(_by_the_library(features, real), rel=1e-5)
    assert json.loads(Path("report/fid.json").read_text()) == told


def test_only_the_published_weights_make_an_fid() -> None:
    assert inception.PUBLISHED_SHA256[:8] in inception.PUBLISHED_NAME
    moments = Moments.of(np.random.default_rng(3).standard_normal((5, 4)))
    sums = FrechetSums(dict.fromkeys(("independent", "unedited"), moments))
    told = []
    for digest in (inception.PUBLISHED_SHA256, "6726825d" + 56 * "0"):
        job = FrechetJob((), (), 16, 0.7, 0, InceptionFeatures("x.pth", digest))
        facts = frechet_facts(job, sums)
        told.append((facts["measure"], "not those of FID" in facts["features"]))
    assert told == [("FID", False), ("squared Frechet distance (no FID)", True)]


def test_safetensors_hold_the_same(network: nn.Module, library: ModuleType, tmp_path: Path) -> None:
    counters = {n: t for n, t in network.state_dict().items() if n.endswith("tracked")}
    assert len(counters) == 94
    some = {"fc.bias": network.state_dict()["fc.bias"], **counters}
    save_file(some, tmp_path / "some.safetensors")
    torch.save(some, tmp_path / "some.pth")
    for name in ("some.safetensors", "some.pth"):
        found = read_weights(tmp_path / name)
        assert list(found) == ["fc.bias"]
        torch.testing.assert_close(found["fc.bias"], some["fc.bias"], rtol=0, atol=0)
        with pytest.raises(LocalEditError, match="does not hold the weights of FID's Inception"):
            InceptionFeatures.of(tmp_path / name)


class _Attack:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("how", ["pickle", "torch"])
def test_nothing_in_a_file_of_weights_is_run(
    folder: Path, fail: Run, library: ModuleType, how: str
) -> None:
    contents = {"fc.bias": torch.zeros(1008), "x": _Attack()}
    if how == "torch":
        torch.save(contents, "bad.pth")
    else:
        Path("bad.pth").write_bytes(pickle.dumps({"x": _Attack()}))
    assert "refuses" in fail(*FID, "--weights", "bad.pth")
    assert not Path("ran").exists()


def test_what_is_missing_is_told_in_one_line(
    folder: Path, fail: Run, library: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--weights FILE" in fail(*FID)
    assert "no file" in fail(*FID, "--weights", "nothing.pth")
    Path("notes.txt").write_text("no weights")
    assert "notes.txt" in fail(*FID, "--weights", "notes.txt")
    monkeypatch.setitem(sys.modules, "torch_fidelity.feature_extractor_inceptionv3", None)
    assert "pip install 'localedit[fid]'" in fail(*FID, "--weights", "notes.txt")


def test_folders_of_real_pictures(tmp_path: Path, fail: Run, folder: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "b.png")
    frechet = ("evaluate", "frechet", *FID[2:], "--pairs", "2", "--real")
    assert "holds 1 pictures" in fail(*frechet, str(tmp_path))
    assert "no folder" in fail(*frechet, "nowhere")
    Image.fromarray(pixels[..., 0]).save(tmp_path / "A.JPG", quality=100)
    Path(tmp_path, "notes.txt").write_text("no picture")
    grey, colour = read_pictures(find_pictures(tmp_path), 16)
    block = pixels.reshape(16, 4, 16, 4, 3).mean(axis=(1, 3))
    assert np.abs(colour - block).max() <= 0.5 + 1e-6
    assert (grey == grey[..., :1]).all()
    assert np.abs(grey[..., 0] - block[..., 0]).max() <= 2.0
    Path(tmp_path, "c.webp").write_bytes(b"RIFF")
    assert "no picture that can be read" in fail(*frechet, str(tmp_path))
