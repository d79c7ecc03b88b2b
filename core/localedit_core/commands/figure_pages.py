"""What the commands that draw figures have in common: where the pages go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from localedit_core.editing.request import Picture
from localedit_core.models.names import file_stem
from localedit_core.sheets.contact_sheet import write_pdf, write_sheet

CELL = 256
"""Side of a figure's pictures, at most, unless asked for otherwise."""


def write_pages(
    folder: Path, figure: str, pages: Mapping[str, Picture], description: str
) -> dict[str, Path]:
    """Write a figure: each page as a PNG of its own, and all of them as one PDF.

    Args:
        folder: where to.
        figure: its name, with which all files' names begin.
        pages: by the page's name, empty where there is only one.
        description: what the files say they are.

    Returns:
        The PNG of each page. The PDF is ``folder / f"{figure}.pdf"``.
    """
    written: dict[str, Path] = {}
    for number, (name, page) in enumerate(pages.items(), start=1):
        path = folder / f"{file_stem(f'{figure} {name}')}.png"
        if path in written.values():  # of names that differ in what file names leave out
            path = path.with_stem(f"{path.stem}-{number}")
        write_sheet(path, page, description=description)
        written[name] = path
    write_pdf(folder / f"{figure}.pdf", list(pages.values()), description)
    return written
