"""Sample sessions and ways to spoil files, for the tests of what is saved and opened."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from localedit_core.editing.edit import Edit, EpsilonUnit, LayerBands, Method, QuerySettings
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent
from localedit_core.session.state import EditState, ModelReference

NUM_WS, W_DIM = 8, 16


def stored(seed: int) -> np.ndarray:
    """Values of a latent, different for every seed: [8, 16]."""
    return np.random.default_rng(seed).standard_normal((NUM_WS, W_DIM)).astype(np.float32)


def make_state() -> EditState:
    """A state in which no field has its default."""
    settings = QuerySettings(
        method=Method.SIMULTANEOUS,
        epsilon=33.5,
        floor=0.07,
        lam=2.25,
        bands=LayerBands(0.25, 0.5, 0.75),
        colour_layers=False,
        unit=EpsilonUnit.ABSOLUTE,
        blend_to=64,
        guard=0.625,
    )
    return EditState(
        model=ModelReference("tiny", "/somewhere/tiny.safetensors", "f" * 64, "c" * 64),
        target=Latent(4, 0.6, class_index=6),
        edits=(
            Edit("first", "mouth", Latent(5, 0.6), settings, 0.4, True),
            Edit("second", "eyes", Latent(None, 1.0, stored(77))),
            Edit("third", "hair", Latent(5, 0.6)),
        ),
        psi=0.6,
        noise_seed=11,
        favourites=(9, 3),
        class_index=6,
    )


def latents_of(state: EditState) -> dict[str, np.ndarray]:
    """Values for every latent of ``make_state`` that carries none."""
    latents = (state.target, *(edit.reference for edit in state.edits))
    return {item.key: stored(item.seed) for item in latents if item.w_plus is None}


def members(data: bytes) -> dict[str, bytes]:
    """What is in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pack_link(contents: Mapping[str, bytes], link: str) -> bytes:
    """A ZIP of these, of which one is a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name)
            kind = stat.S_IFLNK if name == link else stat.S_IFREG
            info.external_attr = (kind | 0o644) << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def with_document(data: bytes, document: Any) -> bytes:
    """A session with another session.json, given as a value or as text."""
    contents = members(data)
    text = document if isinstance(document, str) else json.dumps(document)
    contents["session.json"] = text.encode()
    return pack(contents)


def safetensors_file(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    """A safetensors file by hand, with a header that may lie."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def split_safetensors(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and body of a safetensors file, by the format's description."""
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def refused(reader: Callable[[Path], Any], path: Path) -> LocalEditError:
    """The error of a reader, which is one line and names the file."""
    with pytest.raises(LocalEditError) as caught:
        reader(path)
    assert str(path) in caught.value.message
    assert "\n" not in str(caught.value)
    return caught.value
