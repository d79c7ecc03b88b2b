"""Small generator files for the tests of the library."""

from __future__ import annotations

from pathlib import Path

from samples import safetensors_file

from localedit_core.models.entry import LibraryEntry
from localedit_core.models.store import ModelLibrary

SHA256 = "ab" * 32


def header(**metadata: str) -> bytes:
    """A generator file of a few bytes: its header is right, weights it has none."""
    said = {
        "format": "localedit-generator",
        "format_version": "1",
        "family": "stylegan2",
        "architecture": '{"resolution": 64}',
        "name": "Header",
    }
    return safetensors_file({"__metadata__": said | metadata})


def put(library: ModelLibrary, name: str, **metadata: str) -> LibraryEntry:
    """Add a generator that is only a header."""
    return library.add(lambda path: path.write_bytes(header(**metadata)), name=name)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
