"""Versions of the session format.

1: the first. 2: latents and the session name a class, for generators that have classes.
3: edits say up to which resolution they blend features. 4: edits have a spatial guard.
5: latents may have styles in the place of w_plus, and a name; own references; budgets found.
6: edits may be of the method poisson-blending, which programs before do not know; else as 5.
"""

from __future__ import annotations

from typing import Any

from localedit_core.errors import LocalEditError

FORMAT = "localedit-session"
FORMAT_VERSION = 6


def check_version(document: dict[str, Any], source: str) -> int:
    """Say which version of the format a session is in.

    Args:
        document: the decoded session.json.
        source: what to call the file in errors.

    Raises:
        LocalEditError: it is no session, or one that only a newer program understands.
    """
    found = document.get("format")
    if found != FORMAT:
        raise LocalEditError(
            f"{source} is no session: its format is {found!r:.60}.", "Choose a .localedit file."
        )
    version = document.get("format_version")
    if type(version) is not int or version < 1:
        raise LocalEditError(
            f"{source} has the format version {version!r:.60}.",
            "The file is damaged; take another copy of it.",
        )
    if version > FORMAT_VERSION:
        raise LocalEditError(
            f"{source} was saved by a newer LocalEdit (format {version}, "
            f"this one reads {FORMAT_VERSION}).",
            "Update LocalEdit.",
        )
    return version


def migrate(document: dict[str, Any], version: int) -> None:
    """Bring a document of an older version to the form of the newest, in place.

    Nothing in it has been checked: what is no object is left for the reader to complain of.
    """
    edits = document.get("edits")
    edits = [edit for edit in (edits if isinstance(edits, list) else ()) if isinstance(edit, dict)]
    if version < 2:
        references = (edit.get("reference") for edit in edits)
        for fields in (document, document.get("target"), *references):
            if isinstance(fields, dict):
                fields.setdefault("class", None)
    if version < 5:
        document.setdefault("own", [])
        document.setdefault("budgets", [])
        for fields in (document.get("target"), *(edit.get("reference") for edit in edits)):
            if isinstance(fields, dict):
                fields.setdefault("styles", None)
                fields.setdefault("name", "")
    for settings in (edit.get("settings") for edit in edits):
        if isinstance(settings, dict):
            if version < 3:
                settings.setdefault("blend_to", 32)
            if version < 4:
                settings.setdefault("guard", 0.0)
