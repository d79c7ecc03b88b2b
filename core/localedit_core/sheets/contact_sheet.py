"""Pictures in rows and columns under headings, as one picture; and its PNG and PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from localedit_core.atomic import atomic_write
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.session.png import DESCRIPTION, MAX_SIDE, export_png
from localedit_core.sheets.lettering import INK, PALE_INK, PAPER, font, shortened, width_of

GAP = 4
"""Pixels between cells."""

FOOTER = "synthetic composite"
SHEET_SUFFIXES = (".png", ".pdf")
_MARGIN = 16
_PDF_DPI = 150


def contact_sheet(
    cells: Sequence[Sequence[Picture | None]],
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    captions: Sequence[Sequence[str]] = (),
    title: str = "",
) -> Picture:
    """Lay pictures out in rows and columns.

    Args:
        cells: rows of pictures [H, W, 3], all of one size; None leaves a place empty.
        rows: a heading left of each row; none of them for no headings.
        columns: a heading above each column, or none.
        captions: a line below each cell, or none.
        title: a line above everything, or empty.

    Returns:
        [height, width, 3], on white, with "synthetic composite" in the last line.

    Raises:
        LocalEditError: the sheet would be larger than the PNGs that LocalEdit reads.
        ValueError: there is no picture, they are of several sizes, or headings do not fit them.
    """
    shapes = {cell.shape for row in cells for cell in row if cell is not None}
    widths = {len(row) for row in cells}
    if len(shapes) != 1 or len(widths) != 1:
        raise ValueError("a sheet needs pictures of one size in rows of one length")
    (height, width, _), (across,) = shapes.pop(), widths
    if (rows and len(rows) != len(cells)) or (columns and len(columns) != across):
        raise ValueError("a sheet needs one heading for each row and column")
    letter = int(np.clip(width // 9, 11, 32))
    line = round(1.5 * letter)
    left = _MARGIN + (max(width_of(text, letter) for text in rows) + letter if rows else 0)
    top = _MARGIN + (2 * line if title else 0) + (line if columns else 0)
    step_x, step_y = width + GAP, height + GAP + (line if captions else 0)
    total = (left + across * step_x - GAP + _MARGIN, top + len(cells) * step_y + line + _MARGIN)
    if max(total) > MAX_SIDE:
        raise LocalEditError(
            f"The sheet would be {total[0]} x {total[1]} px, more than {MAX_SIDE} px a side.",
            "Use fewer or smaller pictures.",
        )
    sheet = Image.new("RGB", total, PAPER)
    draw = ImageDraw.Draw(sheet)

    def write(x: int, middle: int, text: str, anchor: str, room: int, ink: tuple[int, ...]) -> None:
        fitting = shortened(text, letter, room)
        draw.text((x, middle), fitting, fill=ink, font=font(letter), anchor=anchor)

    if title:
        write(_MARGIN, _MARGIN + line // 2, title, "lm", total[0] - 2 * _MARGIN, INK)
    for column, text in enumerate(columns):
        write(left + column * step_x + width // 2, top - line // 2, text, "mm", width, INK)
    for index, row in enumerate(cells):
        y = top + index * step_y
        if rows:
            write(left - letter, y + height // 2, rows[index], "rm", left, INK)
        for column, cell in enumerate(row):
            x = left + column * step_x
            if cell is not None:
                sheet.paste(Image.fromarray(cell), (x, y))
            if captions:
                write(
                    x + width // 2,
                    y + height + line // 2,
                    captions[index][column],
                    "mm",
                    width,
                    PALE_INK,
                )
    write(total[0] - _MARGIN, total[1] - _MARGIN - line // 2, FOOTER, "rm", total[0], PALE_INK)
    return np.array(sheet)


def check_sheet_size(rows: Sequence[str], columns: Sequence[str], side: int) -> None:
    """Refuse a sheet of square pictures under these headings that is too large, before any is made.

    Raises:
        LocalEditError: as ``contact_sheet``.
    """
    empty: list[list[Picture | None]] = [[None for _ in columns] for _ in rows]
    empty[0][0] = np.zeros((side, side, 3), np.uint8)
    contact_sheet(empty, rows=rows, columns=columns)


def fitted(picture: Picture, side: int) -> Picture:
    """A square picture at ``side`` px: area averages when smaller, bicubic when larger."""
    if picture.shape[0] == side:
        return picture
    way = cv2.INTER_AREA if side < picture.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (side, side), interpolation=way), np.uint8)


def check_sheet_path(path: Path | str, suffixes: Sequence[str] = SHEET_SUFFIXES) -> None:
    """Refuse, before work begins, a name of no known kind or in no folder."""
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        raise LocalEditError(
            f"{path} does not say which kind of file it is to be.",
            f"Let its name end in {' or '.join(suffixes)}.",
        )
    if not path.parent.is_dir():
        raise LocalEditError(
            f"Cannot write {path}: the folder {path.parent} does not exist.",
            "Create it or choose another place.",
        )


def write_sheet(
    path: Path | str,
    sheet: Picture,
    session: bytes | None = None,
    description: str = DESCRIPTION,
    dpi: int = _PDF_DPI,
) -> None:
    """Write a sheet as PNG or as a PDF of one page, by the name's end, whole or not at all.

    Args:
        path: where to.
        sheet: [H, W, 3].
        session: carried by a PNG, so that it can be reopened.
        description: what the file says it is: the PNG's description, the PDF's subject.
        dpi: pixels per inch of the PDF's page.

    Raises:
        LocalEditError: the name ends otherwise, or the file cannot be written.
    """
    check_sheet_path(path)
    if Path(path).suffix.lower() == ".png":
        export_png(path, sheet, session, description)
    else:
        write_pdf(path, [sheet], description, dpi)


def write_pdf(
    path: Path | str,
    sheets: Sequence[Picture],
    description: str = DESCRIPTION,
    dpi: int = _PDF_DPI,
) -> None:
    """Write sheets as the pages of one PDF, whole or not at all. LocalEditError if it cannot be."""
    first, *others = (Image.fromarray(sheet) for sheet in sheets)
    buffer = io.BytesIO()
    first.save(
        buffer,
        "PDF",
        save_all=True,
        append_images=others,
        resolution=dpi,
        quality=95,
        title=Path(path).stem,
        subject=description,
        keywords=FOOTER,
        creator="LocalEdit",
    )
    atomic_write(path, buffer.getvalue())
