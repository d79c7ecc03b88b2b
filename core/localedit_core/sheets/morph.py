"""From the target to the result in small steps: a GIF, a film or a strip of pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from localedit_core.atomic import atomic_path
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.session.png import DESCRIPTION, export_png
from localedit_core.session.state import EditState
from localedit_core.sheets.boards import draw_state
from localedit_core.sheets.contact_sheet import check_sheet_path, contact_sheet

MORPH_SUFFIXES = (".gif", ".mp4", ".png")
MAX_FRAMES = 600
STRIP_FRAMES = 7
_REST = 1.0  # seconds that a GIF shows the last picture
_FILM_CODE = "mp4v"  # the one that every build of OpenCV with FFmpeg writes


@dataclass(frozen=True)
class MorphPlan:
    """How a morph goes.

    Attributes:
        frames: how many pictures, from the target to the result, 2 to 600.
        seconds: how long they take together.
        side: of the pictures in pixels.
    """

    frames: int = 30
    seconds: float = 2.0
    side: int = 512

    def __post_init__(self) -> None:
        if not 2 <= self.frames <= MAX_FRAMES:
            raise LocalEditError(
                f"A morph of {self.frames} pictures cannot be made.", f"Use 2 to {MAX_FRAMES}."
            )
        if not math.isfinite(self.seconds) or not 0.1 <= self.seconds <= 120.0:
            raise LocalEditError(
                f"A morph cannot take {self.seconds:g} seconds.", "Use 0.1 to 120."
            )

    def progress_at(self, frame: int) -> float:
        """The share of the way at a frame, 0 to 1, slow at both ends."""
        return 0.5 - 0.5 * math.cos(math.pi * frame / (self.frames - 1))


def state_at(state: EditState, share: float) -> EditState:
    """The session with ``share`` of every edit's strength."""
    edits = tuple(replace(edit, strength=share * edit.strength) for edit in state.edits)
    return replace(state, edits=edits)


def morph_frames(
    pipeline: Pipeline,
    state: EditState,
    plan: MorphPlan,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Picture]:
    """The pictures of a morph, [side, side, 3] each: the first is the target, the last the result.

    Raises:
        LocalEditError: the session does not fit the generator.
        RenderCancelled: ``cancelled`` said yes.
    """
    for frame in range(plan.frames):
        yield draw_state(pipeline, state_at(state, plan.progress_at(frame)), plan.side, cancelled)


def write_morph(
    path: Path | str, frames: Sequence[Picture], plan: MorphPlan, session: bytes | None = None
) -> None:
    """Write the pictures of a morph by the name's end: GIF, MP4, or PNG with a strip of them.

    Args:
        path: where to; written whole or not at all.
        frames: [side, side, 3] each, as many as planned.
        plan: how long they take.
        session: carried by a PNG, so that it can be reopened.

    Raises:
        LocalEditError: the name ends otherwise, the file cannot be written, or this computer's
            OpenCV writes no MP4.
    """
    check_sheet_path(path, MORPH_SUFFIXES)
    suffix = Path(path).suffix.lower()
    if suffix == ".gif":
        _write_gif(Path(path), frames, plan)
    elif suffix == ".mp4":
        _write_mp4(Path(path), frames, plan)
    else:
        texts = [f"{round(100 * plan.progress_at(n))} %" for n in range(len(frames))]
        export_png(path, contact_sheet([frames], captions=[texts]), session)


def _write_gif(path: Path, frames: Sequence[Picture], plan: MorphPlan) -> None:
    # One palette for all and no dithering: what an edit leaves alone must not flicker.
    chosen = [frames[0], frames[len(frames) // 2], frames[-1]]
    # The octree keeps small things' colours, such as eyes, which the median cut gives up.
    palette = Image.fromarray(np.concatenate(chosen)).quantize(256, Image.Quantize.FASTOCTREE)
    reduced = [
        Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE)
        for frame in frames
    ]
    each = max(20, round(100 * plan.seconds / len(frames)) * 10)  # GIF counts in 10 ms
    durations = [each] * (len(frames) - 1) + [max(each, round(1000 * _REST))]
    with atomic_path(path) as temporary:
        reduced[0].save(
            temporary,
            "GIF",
            save_all=True,
            append_images=reduced[1:],
            duration=durations,
            loop=0,
            comment=DESCRIPTION.encode("ascii"),
        )


def _write_mp4(path: Path, frames: Sequence[Picture], plan: MorphPlan) -> None:
    height, width = (side - side % 2 for side in frames[0].shape[:2])  # films have even sides
    with atomic_path(path) as temporary:
        code = cv2.VideoWriter.fourcc(*_FILM_CODE)
        rate = len(frames) / plan.seconds
        writer = cv2.VideoWriter(str(temporary), cv2.CAP_FFMPEG, code, rate, (width, height))
        try:
            if not writer.isOpened():
                raise LocalEditError(
                    f"Cannot write {path}: this computer's OpenCV has no encoder for MP4.",
                    "Write a .gif instead.",
                )
            for frame in frames:
                writer.write(np.ascontiguousarray(frame[:height, :width, ::-1]))  # blue first
        finally:
            writer.release()
        if not temporary.stat().st_size:
            raise LocalEditError(f"Cannot write {path}: the encoder made nothing.", "Write a .gif.")
