"""A folder of real pictures, to compare generated ones with."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.sheets.contact_sheet import fitted

FORMATS = ("PNG", "JPEG", "WEBP", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
_MAX_PIXELS = 2**26


def find_pictures(folder: Path | str) -> tuple[Path, ...]:
    """All files in a folder and below it whose names are those of pictures, sorted.

    Raises:
        LocalEditError: there is no such folder, or fewer than two pictures.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise LocalEditError(f"There is no folder {folder}.", "Name one with real pictures.")
    found = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()
    )
    if len(found) < 2:
        raise LocalEditError(
            f"{folder} holds {len(found)} pictures.",
            f"A spread needs two at least, of {', '.join(SUFFIXES)}.",
        )
    return tuple(found)


def read_pictures(paths: Sequence[Path], size: int) -> Iterator[Picture]:
    """Read pictures one by one: the middle square of each, scaled to ``size`` px.

    Yields:
        sRGB, [size, size, 3].

    Raises:
        LocalEditError: one is damaged, or larger than any picture that is compared.
    """
    for path in paths:
        picture = _read(path)
        height, width, _ = picture.shape
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        yield fitted(np.ascontiguousarray(picture[top : top + side, left : left + side]), size)


def _read(path: Path) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # asked below
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > _MAX_PIXELS:
                    raise LocalEditError(
                        f"{path} declares {image.width} x {image.height} px.", "Make it smaller."
                    )
                return np.array(image.convert("RGB"))
    except (
        OSError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        SyntaxError,  # what Pillow raises for a broken PNG
        ValueError,
    ) as error:
        raise LocalEditError(
            f"{path} is no picture that can be read.", "Take it out of the folder."
        ) from error
