"""Importing: into the library and into files, by code and by command line."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from published_samples import ada, progan_tf, rosinality, stylegan_tf

from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.cli import main
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.importing import import_checkpoint
from localedit_core.models.store import MODELS_VARIABLE, ModelLibrary

HERE = Path(__file__).parent


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelLibrary:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "library"))
    return ModelLibrary()


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "network-snapshot-000140.pkl"
    path.write_bytes(ada())
    return path


def test_what_the_library_knows_afterwards(checkpoint: Path, library: ModelLibrary) -> None:
    imported = import_checkpoint(checkpoint, library=library, licence="CC BY-NC 4.0")
    (entry,) = library.entries()
    assert entry == imported.entry
    assert entry.name == "network-snapshot-000140"
    assert entry.facts.family == "stylegan2"
    assert entry.facts.licence == "CC BY-NC 4.0"
    assert entry.facts.source == checkpoint.name
    assert entry.facts.source_sha256 == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    assert load_generator(entry.path).generator.resolution == 64


def test_the_name_of_the_file_says_nothing(tmp_path: Path, library: ModelLibrary) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(stylegan_tf())
    assert import_checkpoint(path, library=library).family == "stylegan"


def test_a_generator_of_ours_is_taken_up(tmp_path: Path, library: ModelLibrary) -> None:
    path = tmp_path / "mine.safetensors"
    save_generator(StyleGAN2(StyleGAN2Config(4, 4, 8, (4, 4))), path, name="Mine")
    imported = import_checkpoint(path, library=library)
    assert imported.path.read_bytes() == path.read_bytes()
    assert library.find("mine") is not None
    with pytest.raises(LocalEditError, match="already"):
        import_checkpoint(path, out=tmp_path / "out.safetensors")


def test_progress_and_cancel(checkpoint: Path, library: ModelLibrary) -> None:
    seen: list[tuple[int, int]] = []
    import_checkpoint(checkpoint, library=library, progress=lambda *now: seen.append(now))
    assert all(0 < done <= total for done, total in seen)
    assert seen[-1][0] == seen[-1][1]
    for stop in (0, 1, 3, len(seen) // 2, len(seen) - 2):
        count = [0]

        def cancelled(count: list[int] = count, stop: int = stop) -> bool:
            count[0] += 1
            return count[0] > stop

        with pytest.raises(RenderCancelled):
            import_checkpoint(checkpoint, library=library, cancelled=cancelled)
    assert len(library.entries()) == 1
    assert not [p for p in library.folder.iterdir() if p.name.startswith(".localedit")]


def test_a_failure_leaves_the_library_as_it_was(tmp_path: Path, library: ModelLibrary) -> None:
    path = tmp_path / "cut.pkl"
    path.write_bytes(ada()[:-5000])
    with pytest.raises(LocalEditError, match=r"cut\.pkl"):
        import_checkpoint(path, library=library)
    assert library.entries() == ()


class TestCommandLine:
    def test_imported_names_work_everywhere(
        self, checkpoint: Path, library: ModelLibrary, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["import", str(checkpoint), "--name", "My cats", "--json"]) == 0
        facts: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert facts["family"] == "stylegan2"
        assert facts["resolution"] == 64
        assert main(["info", "my CATS", "--json"]) == 0
        info = json.loads(capsys.readouterr().out)
        assert info["fingerprint"] == facts["fingerprint"]
        catalog = Path(facts["path"]).with_name("my-cats.catalog.safetensors")
        build = ["--layer", facts["suggested_layer"], "--clusters", "3", "--samples", "4"]
        command = ["catalog", "build", "--model", "My cats", *build, "--out", str(catalog)]
        assert main(command) == 0

    @pytest.mark.parametrize(
        ("write", "family"),
        [
            (ada, "stylegan2"),
            (rosinality, "stylegan2"),
            (stylegan_tf, "stylegan"),
            (progan_tf, "progan"),
        ],
    )
    def test_info_before_importing(
        self, write: Any, family: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "x"
        path.write_bytes(write())
        assert main(["info", str(path), "--json"]) == 0
        facts = json.loads(capsys.readouterr().out)
        assert (facts["kind"], facts["family"]) == ("checkpoint", family)
        assert not facts["layers"]

    def test_a_file_instead_of_the_library(
        self, checkpoint: Path, library: ModelLibrary, tmp_path: Path
    ) -> None:
        out = tmp_path / "out.safetensors"
        assert main(["import", str(checkpoint), "--out", str(out)]) == 0
        z = torch.zeros(1, 32)
        assert load_generator(out).generator.mapping(z).shape == (1, 32)
        assert library.entries() == ()

    def test_generators_without_styles_say_so(
        self, tmp_path: Path, library: ModelLibrary, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "celeba.pkl"
        path.write_bytes(progan_tf())
        assert main(["import", str(path)]) == 0
        assert "no styles" in capsys.readouterr().out

    def test_what_is_refused_is_named(
        self, tmp_path: Path, library: ModelLibrary, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "evil.pkl"
        path.write_bytes(b"cos\nsystem\n(S'touch canary'\ntR.")
        assert main(["import", str(path)]) == 2
        told = capsys.readouterr().err
        assert "os.system" in told
        assert "Nothing in the file was run" in told
        assert told.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak")
@pytest.mark.parametrize("layout", ["ada", "rosinality"])
def test_a_large_checkpoint_takes_less_than_three_times_its_size(
    layout: str, tmp_path: Path
) -> None:
    """1024 px, 512 channels; counted is the whole process, Python and torch included."""
    file, out = tmp_path / "large.dat", tmp_path / "ours.safetensors"
    script = [sys.executable, str(HERE / "large_checkpoint.py")]
    subprocess.run([*script, "write", str(file), layout], check=True)
    done = subprocess.run(
        [*script, "import", str(file), str(out)], check=True, capture_output=True, text=True
    )
    assert out.stat().st_size > 0.9 * file.stat().st_size > 100e6
    assert int(done.stdout) < 3 * file.stat().st_size
