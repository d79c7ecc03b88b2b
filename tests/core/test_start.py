"""What start.py decides to run, and in which surroundings. Nothing is installed."""

from __future__ import annotations

import ast
import os
import sys
import tomllib
from pathlib import Path

import pytest

from starting import checks, launcher, system_libraries
from starting.environment import Environment
from starting.reporting import SetUpError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Environment:
    """An empty checkout."""
    return Environment(tmp_path, windows=False)


def test_the_entry_can_be_read_by_old_pythons() -> None:
    source = (ROOT / "packaging" / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    imported = {
        name
        for node in ast.parse(source).body  # at the top level: before the version is looked at
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [alias.name for alias in node.names]
    }
    assert imported == {"sys"}


def test_set_up_takes_the_standard_library_alone() -> None:
    files = [ROOT / "packaging" / "start.py", *(ROOT / "packaging" / "starting").glob("*.py")]
    assert len(files) > 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names | {"starting"}, (file, name)


def test_every_requirement_is_pinned() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition("==") for line in lines if line and not line.startswith("#")]
    names = {name.lower().replace("_", "-") for name, _, _ in pins}
    assert all(version for _, _, version in pins)
    assert len(names) == len(pins)
    assert ("torch", "==", "2.13.0") in pins
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in wanted:
        name = requirement.split(">")[0].split("<")[0].split("=")[0].split("!")[0].strip()
        assert name.lower().replace("_", "-") in names, requirement


def test_a_display_opens_the_editor(checkout: Environment) -> None:
    wish = launcher.parse(["my.localedit"])
    here = [str(checkout.program("localedit")), "my.localedit"]
    for environ in ({"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}):
        assert launcher.editor_command(checkout, wish, environ, "linux") == here
    assert launcher.editor_command(checkout, wish, {}, "darwin") == here
    assert launcher.editor_command(checkout, wish, {}, "win32") == here


def test_without_a_display_the_first_session_is_done(checkout: Environment) -> None:
    command = launcher.editor_command(checkout, launcher.parse([]), {"DISPLAY": ""}, "linux")
    assert command == [str(checkout.python), "-m", "localedit_core.first_session"]
    with pytest.raises(SetUpError, match="no display to open mine"):
        launcher.editor_command(checkout, launcher.parse(["mine"]), {}, "linux")


def test_the_command_line() -> None:
    wish = launcher.parse(["test", "--only", "core", "--only", "gui", "-k", "kmeans", "-x"])
    assert wish.test
    assert wish.areas == ("core", "gui")
    assert wish.rest == ("-k", "kmeans", "-x")
    assert launcher.parse([]) == launcher.Wish(False, (), ())
    for bad in (["test", "--only", "nothing"], ["a", "b"], ["--no-such-option"]):
        with pytest.raises(SystemExit):
            launcher.parse(bad)


def named(steps: list[checks.Step]) -> dict[str, checks.Step]:
    return {step.name: step for step in steps}


def test_all_areas_are_run_in_their_surroundings(checkout: Environment) -> None:
    steps = named(checks.steps(checkout, (), ()))
    assert list(steps) == [
        "ruff check",
        "ruff format",
        "mypy --strict",
        "import-linter",
        "tests/core",
        "tests/gui",
        "tests/end_to_end",
    ]
    assert "--check" in steps["ruff format"].command
    assert "no_qt" in steps["tests/core"].command
    assert "no_qt" not in steps["tests/gui"].command
    folders = steps["tests/core"].environ["PYTHONPATH"].split(os.pathsep)
    assert str(checkout.root / "tests") in folders  # where no_qt.py is, whoever else has "tests"
    assert steps["tests/gui"].environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "QT_QPA_PLATFORM" not in steps["tests/end_to_end"].environ
    assert [name for name, step in steps.items() if step.needs_display] == ["tests/end_to_end"]
    for name in ("tests/core", "tests/gui", "tests/end_to_end"):
        assert steps[name].environ["OMP_WAIT_POLICY"] == "PASSIVE"


def test_only_a_whole_run_takes_a_process_per_core(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    whole = named(checks.steps(checkout, (), ()))
    for name in ("tests/core", "tests/gui"):
        command = whole[name].command
        assert command[command.index("-n") + 1] == "2"
        assert whole[name].environ["OMP_NUM_THREADS"] == "1"
    assert "-n" not in whole["tests/end_to_end"].command  # one window
    narrowed = named(checks.steps(checkout, (), ("-k", "canvas")))
    assert not any("-n" in step.command for step in narrowed.values())


@pytest.mark.parametrize(("cores", "threads"), [(None, 1), (1, 1), (2, 1), (4, 3), (64, 3)])
def test_threads_of_a_test_run(cores: int | None, threads: int) -> None:
    assert checks.threads_for(cores) == threads


def test_areas_and_paths_narrow_the_run(checkout: Environment) -> None:
    for area in ("core", "gui"):
        (checkout.root / "tests" / area).mkdir(parents=True)
    (checkout.root / "tests" / "core" / "test_a.py").touch()
    assert list(named(checks.steps(checkout, ("gui",), ()))) == ["tests/gui"]
    chosen = checks.steps(checkout, (), ("tests/core/test_a.py::test_b", "-q", "--lf"))
    assert [step.name for step in chosen] == ["tests/core"]
    assert chosen[0].command[-3:] == ("-q", "--lf", "tests/core/test_a.py::test_b")
    both = checks.steps(checkout, (), ("-k", "canvas"))
    assert len(both) == 7, "an option alone narrows nothing"


def test_an_empty_test_run_fails_unless_it_was_narrowed(checkout: Environment) -> None:
    whole = named(checks.steps(checkout, (), ()))["tests/core"]
    narrowed = named(checks.steps(checkout, (), ("-k", "canvas")))["tests/core"]
    assert not whole.passed(5)
    assert narrowed.passed(5)
    assert not narrowed.passed(1)
    assert whole.passed(0)


def test_windows_of_tests_go_to_the_virtual_display() -> None:
    step = checks.Step("tests/end_to_end", ("x",), needs_display=True)
    assert checks.display_variables(step, ":7") == {"DISPLAY": ":7", "QT_QPA_PLATFORM": "xcb"}
    assert checks.display_variables(step, None) == {}


def test_every_step_runs_and_any_failure_counts(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    good = (sys.executable, "-c", "print('ran well')")
    steps = [
        checks.Step("first", (sys.executable, "-c", "raise SystemExit(3)")),
        checks.Step("second", ("no-such-program-anywhere",)),
        checks.Step("third", good, {"X": "1"}),
    ]
    monkeypatch.setattr(checks, "steps", lambda *_: steps)
    assert checks.run(checkout, (), ()) == 1
    out = capfd.readouterr().out
    assert "ran well" in out
    assert out.rstrip().endswith("FAILED: first, second")
    monkeypatch.setattr(checks, "steps", lambda *_: steps[2:])
    assert checks.run(checkout, (), ()) == 0
    assert capfd.readouterr().out.rstrip().endswith("Everything passed.")


def test_set_up_errors_reach_the_reader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> bool:
        raise SetUpError("The disk is full.")

    monkeypatch.setattr(launcher, "set_up", failing)
    monkeypatch.setattr(system_libraries, "provide", lambda wanted: None)
    assert launcher.launch([]) == 2
    assert "start.py: The disk is full." in capsys.readouterr().err
