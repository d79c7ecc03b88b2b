"""What ``start.py`` was asked for, and doing it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starting import checks, system_libraries
from starting.environment import Environment, set_up
from starting.reporting import SetUpError, say

ROOT = Path(__file__).resolve().parents[2]
FIRST_SESSION = "localedit_core.first_session"


@dataclass(frozen=True)
class Wish:
    """What the person wants.

    Attributes:
        test: run the checks and tests, else open the editor.
        areas: of ``checks.AREAS``; empty for all.
        rest: arguments for pytest, or for the editor.
    """

    test: bool
    areas: tuple[str, ...]
    rest: tuple[str, ...]


def parse(arguments: Sequence[str]) -> Wish:
    """Read the command line."""
    if arguments[:1] == ["test"]:
        parser = argparse.ArgumentParser(
            prog="start.py test",
            description="Run every check and test. Anything unknown is handed to pytest.",
            allow_abbrev=False,
        )
        parser.add_argument(
            "--only", action="append", choices=checks.AREAS, default=[], help="may be repeated"
        )
        known, rest = parser.parse_known_args(arguments[1:])
        return Wish(True, tuple(known.only), tuple(rest))
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Set LocalEdit up in .venv and open the editor.",
        epilog="`start.py test --help` tells about the tests.",
    )
    parser.add_argument("file", nargs="?", help="a model, session or exported PNG to open")
    file = parser.parse_args(arguments).file
    return Wish(False, (), (file,) if file else ())


def editor_command(
    environment: Environment, wish: Wish, environ: Mapping[str, str], platform: str
) -> list[str]:
    """The command that opens the editor, or does the same first session without a display.

    Raises:
        SetUpError: a file is to be opened, and there is no display to open it on.
    """
    if platform != "linux" or system_libraries.has_display(environ):
        return [str(environment.program("localedit")), *wish.rest]
    if wish.rest:
        raise SetUpError(
            f"There is no display to open {wish.rest[0]} on (neither DISPLAY nor WAYLAND_DISPLAY "
            f"is set).\nWithout a window: {environment.program('localedit')} --help"
        )
    return [str(environment.python), "-m", FIRST_SESSION]


def launch(arguments: Sequence[str]) -> int:
    """Set up, then open the editor or run the tests. Returns the exit status."""
    wish = parse(list(arguments))
    environment = Environment(ROOT)
    try:
        if sys.platform == "linux":
            system_libraries.provide(system_libraries.needed(os.environ, for_tests=wish.test))
        start = time.monotonic()
        if set_up(environment, ("dev",) if wish.test else ()):
            say(f"Set up in {time.monotonic() - start:.0f} s.")
        if wish.test:
            return checks.run(environment, wish.areas, wish.rest)
        command = editor_command(environment, wish, os.environ, sys.platform)
        if FIRST_SESSION in command:
            say("There is no display, so the first session runs without a window.")
        return subprocess.run(command, check=False).returncode
    except SetUpError as error:
        print(f"start.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
