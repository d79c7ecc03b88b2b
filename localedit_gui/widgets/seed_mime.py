"""How a seed travels when a thumbnail is dragged."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from localedit_core.latents import MAX_SEED

SEED_MIME = "application/x-localedit-seed"


def seed_data(seed: int) -> QMimeData:
    """Wrap a seed for a drag; other programs receive its number as text."""
    data = QMimeData()
    data.setData(SEED_MIME, str(seed).encode())
    data.setText(str(seed))
    return data


def dropped_seed(data: QMimeData) -> int | None:
    """The seed that is being dropped, or None where the data holds no valid one."""
    if not data.hasFormat(SEED_MIME):
        return None
    text = bytes(data.data(SEED_MIME).data())
    if not text.isdigit() or len(text) > len(str(MAX_SEED)):
        return None
    seed = int(text)
    return seed if seed <= MAX_SEED else None
