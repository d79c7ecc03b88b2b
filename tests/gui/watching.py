"""What tests look at in an editor."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from localedit_core.editing.request import RenderResult
from localedit_core.session.state import EditState
from localedit_gui.app import Editor


def settle(qtbot: QtBot, editor: Editor) -> RenderResult:
    """Wait for the picture that was asked for last."""
    qtbot.waitUntil(editor.scheduler.is_settled, timeout=20_000)
    last = editor.scheduler.last
    assert last is not None
    return last


def state_of(editor: Editor) -> EditState:
    """The session on screen."""
    assert editor.document.state is not None
    return editor.document.state
