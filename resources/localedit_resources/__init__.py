"""What LocalEdit ships besides code: bundled generators with catalogs and cards, icons."""

from __future__ import annotations

from pathlib import Path

FIRST_MODEL = "faces"
"""The bundled generator that the editor opens on where nobody names another."""

GENERATOR_SUFFIX = ".safetensors"
CATALOG_SUFFIX = ".catalog.safetensors"


def models_folder() -> Path:
    """The folder with the bundled generators, their catalogs, cards and examples."""
    return Path(__file__).parent / "models"


def bundled_models(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the generators of a folder that have their catalog beside them, in order.

    Args:
        folder: where to look; None stands for ``models_folder()``.
    """
    folder = models_folder() if folder is None else folder
    names = (path.name.removesuffix(CATALOG_SUFFIX) for path in folder.glob(f"*{CATALOG_SUFFIX}"))
    return tuple(sorted(name for name in names if (folder / f"{name}{GENERATOR_SUFFIX}").is_file()))
