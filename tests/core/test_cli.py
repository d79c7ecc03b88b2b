"""The command line: what other programs rely on, and what people are told."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from cli_helpers import MOUTH, Run, fail, folder, pixels, run

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import Model, save_generator
from localedit_core.cli import main
from localedit_core.editing.pipeline import Pipeline
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent

# --- info ---


def test_info_of_a_model(folder: Path, run: Run, tiny_generator: StyleGAN2) -> None:
    facts = json.loads(run("info", "tiny.safetensors", "--json"))
    assert facts["kind"] == "model"
    assert facts["family"] == "stylegan2"
    assert facts["resolution"] == 32
    assert facts["fingerprint"] == tiny_generator.fingerprint
    assert facts["licence"] == "CC0-1.0"
    assert facts["parts"] == ["eyes", "mouth", "hair"]
    assert len(facts["layers"]) == 11
    assert facts["layers"][5] == {
        "name": "b16.conv0",
        "resolution": 16,
        "channels": 16,
        "kind": "conv",
    }
    assert facts["layers"][-1] == {
        "name": "b32.torgb",
        "resolution": 32,
        "channels": 8,
        "kind": "torgb",
    }
    text = run("info", "tiny.safetensors")
    assert "kind: model" in text
    assert "b16.conv0 (16)" in text


def test_info_prints_the_card(tmp_path: Path, run: Run, tiny_generator: StyleGAN2) -> None:
    path = tmp_path / "tents.safetensors"
    save_generator(tiny_generator, path, name="Tents", card={"trained": "on drawings of tents"})
    assert "trained: on drawings of tents" in run("info", str(path))
    assert json.loads(run("info", str(path), "--json"))["card"]["trained"] == "on drawings of tents"


def test_info_of_catalog_session_and_picture(folder: Path, run: Run, tiny_catalog: Catalog) -> None:
    facts = json.loads(run("info", "tiny.catalog.safetensors", "--json"))
    assert facts["kind"] == "catalog"
    assert facts["fingerprint"] == tiny_catalog.fingerprint
    assert facts["parts"] == ["eyes", "mouth", "hair"]
    run(*MOUTH, "--out", "out.png", "--session", "s.localedit")
    for name, carrier in (("s.localedit", "localedit"), ("out.png", "png")):
        facts = json.loads(run("info", name, "--json"))
        assert (facts["kind"], facts["carrier"]) == ("session", carrier)
        assert facts["parts"] == ["mouth"]
        assert facts["fingerprint"] == tiny_catalog.generator_fingerprint
    for name in ("tiny.safetensors", "tiny.catalog.safetensors", "s.localedit"):
        facts = json.loads(run("info", name, "--json"))
        keys = {"kind", "family", "resolution", "fingerprint", "licence", "parts", "layers"}
        assert keys <= set(facts)


def test_info_goes_by_content(folder: Path, run: Run) -> None:
    (folder / "tiny.safetensors").rename(folder / "photo.png")
    assert json.loads(run("info", "photo.png", "--json"))["kind"] == "model"


def test_info_of_nothing_we_know(folder: Path, fail: Run) -> None:
    (folder / "notes.txt").write_text("hello")
    (folder / "network.pkl").write_bytes(b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00}.")
    assert "notes.txt" in fail("info", "notes.txt")
    assert "breaks off" in fail("info", "network.pkl")
    assert "missing.localedit" in fail("info", "missing.localedit", "--json")
    assert "folder" in fail("info", str(folder))


# --- catalog ---


def test_catalog_from_building_to_labelling(folder: Path, run: Run, fail: Run) -> None:
    (folder / "tiny.catalog.safetensors").unlink()
    name = "tiny.catalog.safetensors"
    build = ("catalog", "build", "--model", "tiny.safetensors", "--clusters", "4")
    run(*build, "--layer", "b16.torgb", "--samples", "6", "--seed", "1", "--out", name)
    facts = json.loads(run("catalog", "show", name, "--json"))
    assert (facts["layer"], facts["clusters"], facts["parts"]) == ("b16.torgb", 4, [])
    assert facts["unnamed"] == [0, 1, 2, 3]

    label = ("catalog", "label", name)
    run(*label, "--part", "mouth=0,2", "--part", "eyes=1", "--epsilon", "mouth=44")
    run(*label, "--floor", "eyes=0.02", "--part", "mouth=0,3", "--out", "other.safetensors")
    assert [part.clusters for part in load_catalog(name).parts] == [(0, 2), (1,)]
    parts = load_catalog("other.safetensors").parts
    assert [(part.name, part.clusters) for part in parts] == [("mouth", (0, 3)), ("eyes", (1,))]
    assert (parts[0].epsilon, parts[1].floor) == (44.0, 0.02)
    text = run("catalog", "show", name)
    assert "mouth: clusters 0, 2; epsilon 44" in text
    assert "unnamed: clusters 3" in text
    run(*label, "--remove", "mouth")
    assert [part.name for part in load_catalog(name).parts] == ["eyes"]

    before = Path(name).read_bytes()
    for option, value in (
        ("--part", "mouth"),
        ("--part", "mouth=one"),
        ("--part", "mouth=9"),
        ("--part", "mouth=1"),
        ("--part", "=2"),
        ("--epsilon", "mouth=3"),
        ("--epsilon", "eyes=nan"),
        ("--floor", "eyes=7"),
        ("--remove", "mouth"),
    ):
        fail(*label, option, value)
    assert Path(name).read_bytes() == before
    assert "b999" in fail(*build, "--layer", "b999", "--out", "x")
    assert "'0'" in fail(*build[:-1], "0", "--layer", "b16.torgb", "--out", "x")


def test_sheet_shows_pictures_and_clusters(
    folder: Path, run: Run, fail: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    run("catalog", "show", "tiny.catalog.safetensors", "--sheet", "sheet.png", "--seeds", "3", "4")
    sheet = pixels("sheet.png")
    assert sheet.shape == (512, 512, 3)
    view = Pipeline(Model(tiny_generator, "Tiny", "stylegan2"), tiny_catalog).view(Latent(3, 0.7))
    small = cv2.resize(sheet[:256, :256], (32, 32), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - view.image).mean() < 6.0
    # One colour per cluster, over the picture in grey (numbers are white and black).
    cells = sheet[256:, :256].reshape(16, 16, 16, 16, 3)[:, 8, :, 8].astype(float)
    below = sheet[:256, :256].reshape(16, 16, 16, 16, 3)[:, 8, :, 8].mean(axis=2, keepdims=True)
    shades = cells - 0.3 * below
    for first in range(5):
        for second in range(first):
            one, other = shades[view.clusters == first], shades[view.clusters == second]
            if len(one) and len(other):
                assert np.abs(np.median(one, axis=0) - np.median(other, axis=0)).max() > 15
    (folder / "tiny.safetensors").rename(folder / "g.safetensors")
    assert "generator" in fail("catalog", "show", "tiny.catalog.safetensors", "--sheet", "b.png")
    run(
        *("catalog", "show", "tiny.catalog.safetensors", "--sheet", "b.png"),
        *("--model", "g.safetensors", "--seeds", *"0123456"),
    )
    assert pixels("b.png").shape == (1024, 1536, 3)


# --- evaluate ---


def test_evaluate_locality(folder: Path, run: Run, fail: Run) -> None:
    study = ("evaluate", "locality", "--model", "tiny.safetensors", "--pairs", "2")
    facts = json.loads(run(*study, "--part", "mouth", "--at", "0.3", "0.5", "--json"))
    (part,) = facts["parts"]
    assert (part["part"], part["pairs"] + part["skipped"]) == ("mouth", 2)
    assert [entry["in_mse"] for entry in part["matched"]] == [0.3, 0.5]
    assert {curve["method"] for curve in part["curves"]} == {
        "sequential",
        "simultaneous",
        "global",
    }
    text = run(*study[:-1], "1", "--part", "mouth", "--seed", "40")
    assert "sequential" in text
    assert "0.40" in text
    several = ("--parts", "mouth", "hair", "--methods", "per-image", "--guard", "0", "1")
    text = run(*study[:-1], "1", *several, "--size", "16")
    assert "per-image, guard 1" in text
    assert "sequential" not in text
    assert [line.split(":")[0] for line in text.splitlines() if ":" in line] == ["mouth", "hair"]
    for extra in (
        ("--part", "nose"),
        ("--methods", "magic"),
        ("--guard", "1.5"),
        ("--size", "20"),
        ("--at", "nan"),
        ("--psi", "nan"),
        ("--seed", str(2**32 - 2)),
        ("--pairs", "0"),
    ):
        fail(*study, *extra)


# --- the program ---


def test_editor_is_opened_without_a_verb(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str | None] = []
    app = types.ModuleType("localedit_gui.app")
    app.run = lambda file: opened.append(file) or 7  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "localedit_gui.app", app)
    assert main([]) == 7
    assert main(["work.localedit"]) == 7
    assert opened == [None, "work.localedit"]
    assert main(["one", "two"]) == 2
    assert "one file" in capsys.readouterr().err


def test_editor_without_qt(monkeypatch: pytest.MonkeyPatch, fail: Run) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError("No module named 'PySide6'", name="PySide6")

    monkeypatch.setattr(importlib, "import_module", missing)
    assert "PySide6 is not installed" in fail()


def test_wrong_usage_is_one_line(fail: Run) -> None:
    assert "--frobnicate" in fail("info", "x", "--frobnicate")
    assert "COMMAND" in fail("--json")
    assert "ACTION" in fail("catalog")
    assert "FIGURE" in fail("evaluate")
    assert "'sell'" in fail("catalog", "sell")


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["edit", "--help"], ["catalog", "label", "--help"]):
        assert main(arguments) == 0
        assert capsys.readouterr().out.startswith("usage: localedit")
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("localedit 0.")


def test_interrupt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(name: str) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", interrupt)
    assert main(["info", "x"]) == 130
    assert capsys.readouterr().err == "localedit: interrupted\n"


def test_separate_process_says_the_same(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "localedit_core", "info", "tiny.safetensors", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["resolution"] == 32
    failed = subprocess.run(
        [sys.executable, "-m", "localedit_core", "info", "nothing.safetensors"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.count("\n") == 1


def test_help_needs_no_torch() -> None:
    code = (
        "import sys; from localedit_core.cli import main; main(['--help']); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
