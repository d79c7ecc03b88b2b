"""``localedit render``: the picture of a session."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from localedit_core.commands.edit import render, stored_latents
from localedit_core.commands.placing import place
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.generators.devices import choose_device
from localedit_core.library import open_session
from localedit_core.session.png import export_png
from localedit_core.session.storage import session_bytes


def run(arguments: argparse.Namespace) -> None:
    """Render a session; the picture carries the session again."""
    device = choose_device(arguments.device)
    opened = open_session(arguments.file, arguments.model)
    place(opened.model, device)
    state = opened.state
    if opened.notice:
        print(opened.notice, file=sys.stderr)
    pipeline = Pipeline(opened.model, opened.catalog)
    image = resize(render(pipeline, state).image, arguments.size)
    session = session_bytes(state, stored_latents(pipeline, state))
    export_png(arguments.out, image, session)
    print(f"wrote {Path(arguments.out)} ({image.shape[1]} x {image.shape[0]})")


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
