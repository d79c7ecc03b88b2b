"""The virtual environment: where it is, when it is ready, how it recovers. pip is replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from starting import environment
from starting.environment import Environment
from starting.reporting import SetUpError


@pytest.fixture
def checkout(tmp_path: Path) -> Environment:
    """A checkout with an environment that looks like a finished one."""
    root = tmp_path / "clone"
    (root / "packaging").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "packaging" / "constraints.txt").write_text("torch==2.13.0\n")
    result = Environment(root, windows=False)
    result.scripts.mkdir(parents=True)
    result.python.touch()
    stamp(result, "3.11", [])
    return result


def stamp(target: Environment, version: str, extras: list[str]) -> None:
    content = {"digest": target.digest(version), "extras": extras, "python": version}
    target.stamp.write_text(json.dumps(content))


def test_layout_on_linux_and_macos() -> None:
    there = Environment(Path("/clone"), windows=False)
    assert there.python == Path("/clone/.venv/bin/python")
    assert there.program("localedit") == Path("/clone/.venv/bin/localedit")


def test_layout_on_windows() -> None:
    there = Environment(Path("/clone"), windows=True)
    assert there.python == Path("/clone/.venv/Scripts/python.exe")
    assert there.program("localedit") == Path("/clone/.venv/Scripts/localedit.exe")


def test_pip_installs_the_checkout_with_the_constraints(checkout: Environment) -> None:
    plain = checkout.pip_arguments((), quiet=False)
    assert plain[plain.index("-c") + 1] == str(checkout.root / "packaging" / "constraints.txt")
    assert plain[plain.index("-e") + 1] == str(checkout.root)
    assert "--quiet" not in plain
    dev = checkout.pip_arguments(("dev",), quiet=True)
    assert dev[-1] == f"{checkout.root}[dev]"
    assert "--quiet" in dev


def test_a_finished_set_up_is_ready(checkout: Environment) -> None:
    assert environment.is_ready(checkout, (), "3.11")
    assert not environment.is_ready(checkout, ("dev",), "3.11")
    assert not environment.is_ready(checkout, (), "3.12")
    stamp(checkout, "3.11", ["dev"])
    assert environment.is_ready(checkout, ("dev",), "3.11")
    assert environment.is_ready(checkout, (), "3.11")


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/constraints.txt"])
def test_a_changed_requirement_is_seen(checkout: Environment, changed: str) -> None:
    with (checkout.root / changed).open("a") as file:
        file.write("# another line\n")
    assert not environment.is_ready(checkout, (), "3.11")


def test_a_moved_checkout_is_seen(checkout: Environment, tmp_path: Path) -> None:
    moved = checkout.root.rename(tmp_path / "moved")
    assert not environment.is_ready(Environment(moved, windows=False), (), "3.11")


def test_no_stamp_a_broken_one_or_no_python_are_not_ready(checkout: Environment) -> None:
    text = checkout.stamp.read_text()
    for broken in ("", "{", "[]", "null", '{"extras": 3}', text.replace("digest", "tsegid")):
        checkout.stamp.write_text(broken)
        assert not environment.is_ready(checkout, (), "3.11"), broken
    checkout.stamp.unlink()
    assert not environment.is_ready(checkout, (), "3.11")
    checkout.stamp.write_text(text)
    assert environment.is_ready(checkout, (), "3.11")
    checkout.python.unlink()
    assert not environment.is_ready(checkout, (), "3.11")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_python_that_has_gone_is_seen(checkout: Environment) -> None:
    checkout.python.unlink()
    checkout.python.symlink_to(checkout.root / "no-such-python")
    assert not environment.is_ready(checkout, (), "3.11")


def test_a_set_up_that_was_cut_off_is_not_ready(checkout: Environment) -> None:
    checkout.unfinished.touch()
    assert not environment.is_ready(checkout, (), "3.11")


class FakePip:
    """Stands for ``subprocess.run`` where pip is called; ``python -c`` still runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[list[str]] = []
        self.status = 0
        self.marked: list[bool] = []
        self.real = subprocess.run
        self.environment: Environment | None = None
        monkeypatch.setattr(environment.subprocess, "run", self)

    def __call__(self, command, **options):  # type: ignore[no-untyped-def]
        if "pip" not in command and "ensurepip" not in command:
            return self.real(command, **options)
        self.commands.append([str(word) for word in command])
        assert self.environment is not None
        self.marked.append(self.environment.unfinished.exists())
        return subprocess.CompletedProcess(command, self.status)

    @property
    def installs(self) -> list[list[str]]:
        return [command for command in self.commands if "install" in command]


@pytest.fixture
def fresh(tmp_path: Path, checkout: Environment) -> Environment:
    """A checkout without an environment."""
    bare = checkout.root.rename(tmp_path / "fresh")
    for path in sorted((bare / ".venv").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (bare / ".venv").rmdir()
    return Environment(bare)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, fresh: Environment) -> FakePip:
    fake = FakePip(monkeypatch)
    fake.environment = fresh
    return fake


def test_the_first_set_up_makes_and_the_second_does_nothing(
    fresh: Environment, pip: FakePip
) -> None:
    assert environment.set_up(fresh)
    assert len(pip.installs) == 1
    assert all(pip.marked), "pip ran without the mark that tells of a set-up cut off"
    assert fresh.python.exists()
    assert not fresh.unfinished.exists()
    pip.commands.clear()
    assert not environment.set_up(fresh)
    assert pip.commands == []


def test_extras_are_added_and_kept(fresh: Environment, pip: FakePip) -> None:
    environment.set_up(fresh)
    environment.set_up(fresh, ("dev",))
    assert pip.installs[-1][-1].endswith("[dev]")
    (fresh.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    environment.set_up(fresh)
    assert pip.installs[-1][-1].endswith("[dev]"), "the editor's set-up threw the tests' tools away"
    assert len(pip.installs) == 3


def test_a_failed_install_is_told_and_tried_again_in_the_same_place(
    fresh: Environment, pip: FakePip
) -> None:
    environment.set_up(fresh)
    made = fresh.folder / "kept"
    made.touch()
    (fresh.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    pip.status = 1
    with pytest.raises(SetUpError, match="pip ended with status 1"):
        environment.set_up(fresh)
    assert not fresh.stamp.exists()
    pip.status = 0
    assert environment.set_up(fresh)
    assert made.exists()


def test_a_set_up_that_was_cut_off_starts_over(fresh: Environment, pip: FakePip) -> None:
    environment.set_up(fresh)
    half = fresh.folder / "half-installed"
    half.touch()
    fresh.unfinished.touch()
    assert environment.set_up(fresh)
    assert not half.exists()
    assert not environment.set_up(fresh)


def test_a_broken_environment_is_made_anew(fresh: Environment, pip: FakePip) -> None:
    environment.set_up(fresh)
    old = fresh.folder / "old"
    old.touch()
    fresh.python.unlink()
    assert environment.set_up(fresh)
    assert fresh.python.exists()
    assert not old.exists()


def test_an_environment_of_an_upgraded_python_is_made_anew(
    fresh: Environment, pip: FakePip
) -> None:
    environment.set_up(fresh)
    old = fresh.folder / "old"
    old.touch()
    fresh.stamp.unlink()
    config = fresh.folder / "pyvenv.cfg"
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    config.write_text(config.read_text().replace(f"version = {running}", "version = 3.5"))
    assert environment.python_of(fresh) is None
    assert environment.set_up(fresh)
    assert not old.exists()


def test_without_ensurepip_the_pip_outside_installs(fresh: Environment, pip: FakePip) -> None:
    """As on a Debian that has python3-pip and not python3-venv."""
    environment.make(fresh, available=lambda name: name == "pip")
    command = environment.pip_command(fresh, ["install"])
    assert command == [sys.executable, "-m", "pip", "--python", str(fresh.python), "install"]
    inside = next((fresh.folder / "lib").glob("**/site-packages"), fresh.folder / "Lib")
    (inside / "pip").mkdir(parents=True)
    (inside / "pip" / "__main__.py").touch()
    assert environment.pip_command(fresh, ["install"])[0] == str(fresh.python)


def test_no_pip_at_all_is_told(fresh: Environment) -> None:
    with pytest.raises(SetUpError, match="python3-venv"):
        environment.make(fresh, available=lambda name: False)
    assert not fresh.folder.exists()
