"""Everything that has to hold before a change lands: which commands, in which surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from starting.environment import Environment
from starting.reporting import SetUpError, say
from starting.system_libraries import has_display
from starting.virtual_display import virtual_display

AREAS = ("checks", "core", "gui", "end_to_end")
STEP_SECONDS = 1800  # a hung test must not hold a machine for ever
NO_TESTS_COLLECTED = 5  # pytest's exit status


@dataclass(frozen=True)
class Step:
    """One command.

    Attributes:
        name: what the summary calls it.
        command: program and arguments.
        environ: variables on top of the surrounding ones.
        needs_display: whether it opens real windows.
        may_be_empty: whether a test run that selects nothing is fine.
    """

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    needs_display: bool = False
    may_be_empty: bool = False

    def passed(self, status: int) -> bool:
        """Whether an exit status means that all is well."""
        return status == 0 or (self.may_be_empty and status == NO_TESTS_COLLECTED)


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    name: str
    passed: bool
    seconds: float


def area_of(argument: str, root: Path) -> str | None:
    """The test folder ("core", "gui", "end_to_end") that a pytest argument points into, or None."""
    path = Path(argument.partition("::")[0])
    if argument.startswith("-") or not (root / path).exists():
        return None
    parts = (root / path).resolve().relative_to(root.resolve()).parts
    return parts[1] if len(parts) > 1 and parts[0] == "tests" and parts[1] in AREAS else None


def threads_for(cores: int | None) -> int:
    """OpenMP threads of a test run: a core is left for the interface, as in the editor."""
    return max(1, min(cores or 1, 4) - 1)


def spread_over(cores: int | None) -> tuple[str, ...]:
    """Options of pytest that spread a whole run over as many processes, four at most.

    The tests of a file stay together: they share what its fixtures make.
    """
    return ("-n", str(min(cores or 1, 4)), "--dist", "loadfile")


def steps(
    environment: Environment, areas: Collection[str], pytest_arguments: Sequence[str]
) -> list[Step]:
    """What to run, in order.

    Args:
        environment: whose tools and packages are used.
        areas: those of ``AREAS`` that are wanted; none stands for all of them.
        pytest_arguments: handed to pytest. Paths among them narrow the run to their folders.
    """
    chosen = {p: area_of(p, environment.root) for p in pytest_arguments}
    with_paths = {area for area in chosen.values() if area}
    wanted = set(areas) or with_paths or set(AREAS)
    options = [a for a in pytest_arguments if not chosen[a]]
    python = str(environment.python)
    result: list[Step] = []
    if "checks" in wanted:
        result += [
            Step("ruff check", (python, "-m", "ruff", "check", ".")),
            Step("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
            Step("mypy --strict", (python, "-m", "mypy")),
            Step("import-linter", (str(environment.program("lint-imports")),)),
        ]

    def tests(area: str, extra: Iterable[str], environ: Mapping[str, str], window: bool) -> Step:
        paths = [p for p, its_area in chosen.items() if its_area == area] or [f"tests/{area}"]
        command = (python, "-m", "pytest", *extra, *options, *paths)
        return Step(f"tests/{area}", command, environ, window, bool(pytest_arguments))

    # The tests' tensors are tiny, and threads that spin for work starve whatever else runs: with
    # OpenMP's own choice, the tests of the core took three times as long beside a busy process.
    # A whole run has a process on each core instead; a chosen test is not worth their start.
    cores = os.cpu_count()
    spread = () if pytest_arguments else spread_over(cores)
    threads = {"OMP_NUM_THREADS": str(1 if spread else threads_for(cores))}
    threads["OMP_WAIT_POLICY"] = "PASSIVE"
    if "core" in wanted:
        without_qt = ("-p", "no:pytest-qt", "-p", "no_qt", *spread)
        # Not as tests.no_qt: packages are about that install a top-level "tests" of their own.
        found = (str(environment.root / "tests"), os.environ.get("PYTHONPATH", ""))
        path = {"PYTHONPATH": os.pathsep.join(filter(None, found))}
        result.append(tests("core", without_qt, threads | path, False))
    if "gui" in wanted:
        result.append(tests("gui", spread, threads | {"QT_QPA_PLATFORM": "offscreen"}, False))
    if "end_to_end" in wanted:
        result.append(tests("end_to_end", (), threads, True))
    return result


def display_variables(step: Step, display: str | None) -> dict[str, str]:
    """The variables that put a step's windows on a virtual display (None: on the person's own)."""
    if display is None:
        return {}
    return {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"} if step.needs_display else {}


def run_step(step: Step, root: Path) -> Outcome:
    """Run one step in the project's root, its output going straight to the terminal."""
    say(f"\n=== {step.name} ===")
    start = time.monotonic()
    bare = step.needs_display and sys.platform == "linux" and not has_display(os.environ)
    try:
        with virtual_display() if bare else nullcontext() as display:
            environ = {**os.environ, **step.environ, **display_variables(step, display)}
            status = subprocess.run(
                step.command, cwd=root, env=environ, check=False, timeout=STEP_SECONDS
            ).returncode
        passed = step.passed(status)
    except subprocess.TimeoutExpired:
        say(f"{step.name} was ended after {STEP_SECONDS} s.")
        passed = False
    except (OSError, SetUpError) as error:
        say(f"{step.name} could not be run: {error}")
        passed = False
    return Outcome(step.name, passed, time.monotonic() - start)


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line per step and a closing one."""
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [
        f"  {o.name:<{width}}  {'ok    ' if o.passed else 'FAILED'}  {o.seconds:7.1f} s"
        for o in outcomes
    ]
    failed = [o.name for o in outcomes if not o.passed]
    closing = f"FAILED: {', '.join(failed)}" if failed else "Everything passed."
    return "\n".join(["=== summary ===", *lines, closing])


def run(environment: Environment, areas: Collection[str], pytest_arguments: Sequence[str]) -> int:
    """Run the steps, all of them even when one fails. Returns the exit status, 0 or 1."""
    outcomes = [run_step(s, environment.root) for s in steps(environment, areas, pytest_arguments)]
    say("\n" + summary(outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1
