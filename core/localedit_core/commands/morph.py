"""``localedit morph``: from the target to the result as GIF, film or strip of pictures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from localedit_core.commands.edit import stored_latents
from localedit_core.commands.progress import progress_bar
from localedit_core.commands.session_pipeline import open_pipeline
from localedit_core.commands.sheet import side_of
from localedit_core.session.storage import session_bytes
from localedit_core.sheets.contact_sheet import check_sheet_path
from localedit_core.sheets.morph import (
    MORPH_SUFFIXES,
    STRIP_FRAMES,
    MorphPlan,
    morph_frames,
    write_morph,
)

_FRAMES = 30


def run(arguments: argparse.Namespace) -> None:
    """Draw the pictures and write them."""
    check_sheet_path(arguments.out, MORPH_SUFFIXES)
    strip = Path(arguments.out).suffix.lower() == ".png"
    count = arguments.frames or (STRIP_FRAMES if strip else _FRAMES)
    MorphPlan(count, arguments.seconds)  # wrong numbers are told before anything is opened
    pipeline, state = open_pipeline(arguments)
    plan = MorphPlan(count, arguments.seconds, side_of(arguments, pipeline))
    frames = []
    with progress_bar("morph") as progress:
        for frame in morph_frames(pipeline, state, plan):
            frames.append(frame)
            progress(len(frames), plan.frames)
    write_morph(arguments.out, frames, plan, session_bytes(state, stored_latents(pipeline, state)))
    if arguments.json:
        facts = {"out": arguments.out, "frames": len(frames), "size": plan.side}
        print(json.dumps(facts | {"seconds": plan.seconds}))
    else:
        print(f"wrote {arguments.out} ({len(frames)} pictures)")
