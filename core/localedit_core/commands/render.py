"""``localedit render``: the pictures of sessions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from localedit_core.commands.edit import render, stored_latents
from localedit_core.commands.placing import place
from localedit_core.commands.progress import progress_bar
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.generators.devices import Device, choose_device
from localedit_core.library import open_session
from localedit_core.session.png import export_png
from localedit_core.session.storage import session_bytes


class _Renderer:
    """Renders sessions one after the other; a generator that is open stays open."""

    def __init__(self, arguments: argparse.Namespace, device: Device) -> None:
        self._arguments = arguments
        self._device = device
        self._pipeline: Pipeline | None = None

    def render(self, file: str, out: Path) -> str:
        """Write the picture of a session, which carries the session again; what was written."""
        known = self._pipeline
        loaded = None if known is None else (known.model, known.catalog)
        opened = open_session(file, self._arguments.model, loaded)
        pipeline = known
        if pipeline is None or opened.model is not pipeline.model:
            place(opened.model, self._device)
            pipeline = Pipeline(opened.model, opened.catalog)
        elif opened.catalog is not pipeline.catalog:
            pipeline = Pipeline(opened.model, opened.catalog)
        self._pipeline = pipeline
        if opened.notice:
            print(opened.notice, file=sys.stderr)
        image = resize(render(pipeline, opened.state).image, self._arguments.size)
        session = session_bytes(opened.state, stored_latents(pipeline, opened.state))
        export_png(out, image, session)
        return f"wrote {out} ({image.shape[1]} x {image.shape[0]})"


def run(arguments: argparse.Namespace) -> None:
    """Render one session to ``--out``, or any number of them into ``--out-dir``.

    Of many, one that cannot be rendered is told and passed over; the others are still made.
    """
    files: Sequence[str] = arguments.files
    renderer = _Renderer(arguments, choose_device(arguments.device))
    if arguments.out is not None:
        if len(files) > 1:
            raise LocalEditError(
                f"{len(files)} sessions cannot go to one picture.", "Use --out-dir FOLDER."
            )
        print(renderer.render(files[0], Path(arguments.out)))
        return
    folder = Path(arguments.out_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalEditError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    failed = []
    with progress_bar("render", unit="session") as progress:
        for done, (file, out) in enumerate(zip(files, _outputs(files, folder), strict=True)):
            try:
                print(renderer.render(file, out))
            except LocalEditError as error:
                failed.append(file)
                print(f"{file}: {error}", file=sys.stderr)
            progress(done + 1, len(files))
    if failed:
        raise LocalEditError(
            f"{len(failed)} of {len(files)} sessions could not be rendered, {failed[0]} first.",
            "The others were.",
        )


def _outputs(files: Sequence[str], folder: Path) -> list[Path]:
    """One picture for each session, named after it; numbered where two have one name."""
    taken: set[str] = set()
    found = []
    for file in files:
        stem = Path(file).stem
        name, number = stem, 1
        while name.casefold() in taken:  # some file systems do not tell cases apart
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        found.append(folder / f"{name}.png")
    return found


def resize(image: Picture, size: int | None) -> Picture:
    """The picture at another size: area averages when smaller, Lanczos (8 x 8) when larger.

    Args:
        image: [R, R, 3].
        size: new side in pixels; None keeps the picture as it is.
    """
    side = image.shape[0]
    if size is None or size == side:
        return image
    interpolation = cv2.INTER_AREA if size < side else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(image, (size, size), interpolation=interpolation), dtype=np.uint8)
