"""The ``localedit`` command: which verb was asked for, and how failures are told.

Exit status 0, or 2 with a one-line reason on stderr; 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import cast

from localedit_core.commands.arguments import VERBS, build_parser
from localedit_core.errors import LocalEditError
from localedit_core.generators.threads import prepare_threads

STATUS_FAILED = 2
STATUS_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line.

    Args:
        argv: the arguments without the program's name; None takes the process's.

    Returns:
        The exit status.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if not arguments or (arguments[0] not in VERBS and not arguments[0].startswith("-")):
            return _open_editor(arguments)
        return _run(build_parser().parse_args(arguments))
    except LocalEditError as error:
        print("localedit:", " ".join(str(error).split()), file=sys.stderr)
        return STATUS_FAILED
    except BrokenPipeError:
        # Whoever read our output has had enough ("localedit info faces | head"). Python would
        # complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("localedit: interrupted", file=sys.stderr)
        return STATUS_INTERRUPTED
    except SystemExit as finished:  # --help and --version
        return int(finished.code or 0)


def _run(arguments: argparse.Namespace) -> int:
    # Only now: torch takes a second to load, which "--help" need not wait for.
    prepare_threads()
    module = importlib.import_module(f"localedit_core.commands.{arguments.command}")
    module.run(arguments)
    return 0


def _open_editor(files: Sequence[str]) -> int:
    if len(files) > 1:
        raise LocalEditError(
            f"The editor opens one file, not {len(files)}.",
            f"Or did you mean one of {', '.join(VERBS)}?",
        )
    try:
        # By name: the core has no arrow to the window (see the import contracts).
        app = importlib.import_module("localedit_gui.app")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("localedit_core"):
            raise
        raise LocalEditError(
            f"The editor cannot start: {error.name} is not installed.",
            "Install it, or use the other commands: localedit --help.",
        ) from error
    return cast(int, app.run(files[0] if files else None))
