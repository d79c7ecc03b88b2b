"""One edit as text, to be carried from session to session.

The text is read as a session is: what somebody else wrote is on the clipboard, too.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Edit
from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_CLASSES, MAX_SEED, Latent
from localedit_core.session.document import edit_document, read_edit
from localedit_core.session.fields import Fields, decode
from localedit_core.session.migrations import FORMAT_VERSION

FORMAT = "localedit-edit"
MAX_BYTES = 4 * 2**20
_MAX_ROWS, _MAX_WIDTH = 64, 4096  # of a stored latent
_MAX_STYLES = 65_536
_SOURCE = "The clipboard"


@dataclass(frozen=True)
class Clipping:
    """An edit and where it was copied.

    Attributes:
        edit: its id is that of the session it comes from.
        generator: the fingerprint of that session's generator.
    """

    edit: Edit
    generator: str


def write_clipping(clipping: Clipping) -> bytes:
    """The text of a clipping, UTF-8. Stored latents are in it, to the last bit."""

    def latent(value: Latent) -> dict[str, Any]:
        return {
            "seed": value.seed,
            "psi": float(value.psi),
            "class": value.class_index,
            "w_plus": None if value.w_plus is None else _coded(value.w_plus),
            "styles": None if value.styles is None else _coded(value.styles[None]),
            "name": value.name,
        }

    document = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "generator": clipping.generator,
        "edit": edit_document(clipping.edit, latent),
    }
    return json.dumps(document, indent=2, sort_keys=True).encode("utf-8")


def _coded(values: NDArray[np.float32]) -> dict[str, Any]:
    data = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return {"rows": values.shape[0], "float32": base64.b64encode(data).decode("ascii")}


def read_clipping(text: bytes) -> Clipping:
    """Read the text of a clipping.

    Raises:
        LocalEditError: it is no clipping, too large, of another version, or anything in it is
            missing, unknown, of a wrong type or out of range; the message names the field.
    """
    if len(text) > MAX_BYTES:
        raise LocalEditError(
            f"{_SOURCE} holds {len(text)} bytes, more than an edit has.", "Copy the edit again."
        )
    values = decode(text, _SOURCE)
    version = values.get("format_version")
    if values.get("format") != FORMAT:
        raise LocalEditError(f"{_SOURCE} holds no edit.", "Copy an edit first.")
    if type(version) is not int or version != FORMAT_VERSION:
        raise LocalEditError(
            f"{_SOURCE} holds an edit of another LocalEdit (format {version!r:.20}, "
            f"this one reads {FORMAT_VERSION}).",
            "Save the other session, and open it here.",
        )
    root = Fields(values, "", _SOURCE)
    root.text("format")
    root.number("format_version", 1)
    generator = root.text("generator")
    edit = read_edit(root.inner("edit"), _read_latent)
    root.finish()
    return Clipping(edit, generator)


def _read_latent(fields: Fields) -> Latent:
    seed = fields.whole("seed", MAX_SEED, optional=True)
    psi = fields.number("psi", -2.0, 2.0)
    class_index = fields.whole("class", MAX_CLASSES - 1, optional=True)
    w_plus = None if fields.take("w_plus") is None else _read_values(fields.inner("w_plus"))
    styles = None
    if fields.take("styles") is not None:
        styles = _read_values(fields.inner("styles"), _MAX_STYLES)[0]
    name = fields.text_or_empty("name")
    fields.finish()
    return fields.build(lambda: Latent(seed, psi, w_plus, class_index, styles=styles, name=name))


def _read_values(fields: Fields, most_wide: int = _MAX_WIDTH) -> NDArray[np.float32]:
    rows = fields.whole("rows", _MAX_ROWS)
    coded = fields.take("float32")
    fields.finish()
    try:
        data = base64.b64decode(coded, validate=True) if isinstance(coded, str) else b""
    except (binascii.Error, ValueError) as error:
        raise fields.wrong("float32", "the values cannot be decoded") from error
    if not rows or not data or len(data) % (4 * rows) or len(data) > 4 * rows * most_wide:
        raise fields.wrong("float32", f"{len(data)} bytes are not {rows} rows of values")
    return np.frombuffer(data, dtype="<f4").reshape(rows, -1).astype(np.float32)
