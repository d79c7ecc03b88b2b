"""The first session that a newcomer sees, without a window.

``python -m localedit_core.first_session [FOLDER]``: one part transfer on the bundled faces, by the
same command that anybody can type; the window opens on the same target.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from localedit_core.cli import main as localedit
from localedit_resources import FIRST_REFERENCE, FIRST_TARGET

MODEL = "faces"
PART = "mouth"


def edit_arguments(folder: Path) -> list[str]:
    """The arguments of ``localedit`` that make the first session's three files in ``folder``."""
    return [
        "edit",
        *("--model", MODEL),
        *("--target", str(FIRST_TARGET)),
        *("--reference", str(FIRST_REFERENCE)),
        *("--part", PART),
        *("--out", str(folder / "first-edit.png")),
        *("--diff", str(folder / "first-edit-diff.png")),
        *("--session", str(folder / "first-edit.localedit")),
    ]


def main(argv: Sequence[str]) -> int:
    """Make the files in the folder given, else in the current one. Returns the exit status."""
    arguments = edit_arguments(Path(argv[0]) if argv else Path())
    print("localedit", shlex.join(arguments), flush=True)  # noqa: T201 - what a reader can repeat
    return localedit(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
