"""What LocalEdit ships besides code: bundled generators, their catalogs, icons."""

from __future__ import annotations

from pathlib import Path

BUNDLED_MODELS = ("faces",)

FIRST_TARGET = 19
"""Seed of the face that the editor opens on: hair, ears, eyes, nose and mouth lie open."""

FIRST_REFERENCE = 13
"""Seed of a face whose mouth shows well on the first target."""


def models_folder() -> Path:
    """The folder with the bundled generators and catalogs."""
    return Path(__file__).parent / "models"
