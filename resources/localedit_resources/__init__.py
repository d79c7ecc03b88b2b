"""What LocalEdit ships besides code: bundled generators, their catalogs, icons."""

from __future__ import annotations

from pathlib import Path

BUNDLED_MODELS = ("faces",)


def models_folder() -> Path:
    """The folder with the bundled generators and catalogs."""
    return Path(__file__).parent / "models"
