"""Fixtures and shorthands of the command line's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import Model, save_generator
from localedit_core.cli import main
from localedit_core.editing.edit import Edit
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

Run = Callable[..., str]


@pytest.fixture
def folder(
    tiny_generator: StyleGAN2,
    tiny_catalog: Catalog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """The current folder: tiny.safetensors and its catalog."""
    save_generator(
        tiny_generator,
        tmp_path / "tiny.safetensors",
        name="Tiny",
        licence="CC0-1.0",
        dtype=torch.float32,
    )
    save_catalog(tiny_catalog, tmp_path / "tiny.catalog.safetensors")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line that succeeds; what it printed."""

    def run(*arguments: str) -> str:
        status = main(arguments)
        captured = capsys.readouterr()
        assert status == 0, captured.err
        assert captured.err == ""
        return captured.out

    return run


@pytest.fixture
def fail(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line that fails with status 2 and one line on stderr; that line."""

    def fail(*arguments: str) -> str:
        assert main(arguments) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert captured.err.startswith("localedit: ")
        return captured.err

    return fail


def pixels(path: Path | str) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def contains(sheet: np.ndarray, picture: np.ndarray) -> bool:
    """Whether a picture is somewhere on a sheet, pixel for pixel."""
    found = cv2.matchTemplate(sheet, picture, cv2.TM_SQDIFF)
    y, x = np.unravel_index(found.argmin(), found.shape)
    side = picture.shape[0]
    return bool((sheet[y : y + side, x : x + side] == picture).all())


EDIT = ("edit", "--model", "tiny.safetensors", "--target", "3")
MOUTH = (*EDIT, "--part", "mouth", "--reference", "5")


def rendered(generator: StyleGAN2, catalog: Catalog, *edits: Edit, psi: float = 0.7) -> Any:
    """The result of the pipeline itself, for seed 3."""
    pipeline = Pipeline(Model(generator, "Tiny", "stylegan2"), catalog)
    request = RenderRequest(0, 0, Latent(3, psi), edits, edits[-1].part)
    return list(pipeline.run(request))[-1]
