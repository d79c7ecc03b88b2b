"""Where the commands compute: ``--device``."""

from __future__ import annotations

import sys

from localedit_core.checkpoints.native import Model
from localedit_core.generators.devices import Device, Retreat


def place(model: Model, device: Device) -> None:
    """Move a generator to a device; should its memory run out, standard error tells of it.

    Raises:
        LocalEditError: the device cannot be used.
    """
    model.generator.place(device)
    model.generator.on_retreat = _tell


def _tell(retreat: Retreat) -> None:
    print(f"localedit: {retreat.message}", file=sys.stderr)
