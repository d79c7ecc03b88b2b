"""Opening the session that a command is about, ready to render."""

from __future__ import annotations

import argparse
import sys

from localedit_core.commands.placing import place
from localedit_core.editing.pipeline import Pipeline
from localedit_core.generators.devices import choose_device
from localedit_core.library import open_session
from localedit_core.session.state import EditState


def open_pipeline(arguments: argparse.Namespace) -> tuple[Pipeline, EditState]:
    """The session of ``session``, ``model`` and ``device``, and what renders it.

    Raises:
        LocalEditError: any of its files cannot be read, or the device cannot be used.
    """
    opened = open_session(arguments.session, arguments.model)
    place(opened.model, choose_device(arguments.device))
    if opened.notice:
        print(opened.notice, file=sys.stderr)
    return Pipeline(opened.model, opened.catalog), opened.state
