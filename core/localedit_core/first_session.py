"""The first session that a newcomer sees, without a window.

``python -m localedit_core.first_session [FOLDER]``: one part transfer on the bundled faces, by the
same command that anybody can type; the window opens on the same target.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from localedit_core.cards import Card, Transfer, read_card
from localedit_core.cli import STATUS_FAILED
from localedit_core.cli import main as localedit
from localedit_core.editing.edit import EDITOR_GUARD
from localedit_core.errors import LocalEditError
from localedit_resources import FIRST_MODEL, GENERATOR_SUFFIX, models_folder


def edit_arguments(folder: Path, target: int, transfer: Transfer) -> list[str]:
    """The arguments of ``localedit`` that make the first session's three files in ``folder``."""
    return [
        "edit",
        *("--model", FIRST_MODEL),
        *("--target", str(target)),
        *("--reference", str(transfer.reference)),
        *("--part", transfer.part),
        *("--guard", f"{EDITOR_GUARD:g}"),
        *("--out", str(folder / "first-edit.png")),
        *("--diff", str(folder / "first-edit-diff.png")),
        *("--session", str(folder / "first-edit.localedit")),
    ]


def first_card() -> tuple[Card, Transfer]:
    """The card of the first generator and the transfer that it suggests.

    Raises:
        LocalEditError: the card is missing or damaged, or suggests none.
    """
    generator = models_folder() / f"{FIRST_MODEL}{GENERATOR_SUFFIX}"
    card = read_card(generator)
    if card.first_transfer is None:
        raise LocalEditError(
            f"The card of {FIRST_MODEL} names no first transfer.", "Use 'localedit edit'."
        )
    return card, card.first_transfer


def main(argv: Sequence[str]) -> int:
    """Make the files in the folder given, else in the current one. Returns the exit status."""
    try:
        card, transfer = first_card()
    except LocalEditError as error:
        print("localedit:", error, file=sys.stderr)  # noqa: T201 - as the command tells it
        return STATUS_FAILED
    arguments = edit_arguments(Path(argv[0]) if argv else Path(), card.first_target, transfer)
    print("localedit", shlex.join(arguments), flush=True)  # noqa: T201 - what a reader can repeat
    return localedit(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
