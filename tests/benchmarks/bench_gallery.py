"""What scrolling costs the window's thread, with few references and with ten thousand.

    python tests/benchmarks/bench_gallery.py [--rows N]

A step is what a wheel does: the scroll bar moves by half a thumbnail. Its own handling is what the
person's hand waits for; painting follows once per frame.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication
from timing import interleave, table

from localedit_gui.panels.reference_gallery import SEED_COUNT, ReferenceGallery


def filled(rows: int) -> ReferenceGallery:
    """A gallery of so many rows, as many of them with a thumbnail as are kept."""
    gallery = ReferenceGallery()
    gallery.resize(1000, 300)
    if rows < SEED_COUNT:
        gallery.set_favourites(range(rows))
        gallery.only_favourites.setChecked(True)
    rng = np.random.default_rng(0)
    for seed in range(min(rows, 1200)):
        gallery.set_thumbnail(seed, rng.integers(0, 255, (128, 128, 3), dtype=np.uint8))
    gallery.show()
    return gallery


def step(gallery: ReferenceGallery, painted: bool) -> Callable[[], None]:
    bar = gallery.view.verticalScrollBar()

    def move() -> None:
        bar.setValue((bar.value() + 37) % max(bar.maximum(), 1))
        if painted:
            gallery.view.viewport().repaint()

    return move


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the gallery.")
    parser.add_argument("--rows", type=int, default=200)
    arguments = parser.parse_args()
    app = QApplication([])
    few, all_of_them = filled(arguments.rows), filled(SEED_COUNT)
    app.processEvents()
    for name, painted in (("step", False), ("step and paint", True)):
        rows: dict[str, Callable[[], object]] = {
            f"{name}, {count} rows": step(gallery, painted)
            for count, gallery in ((arguments.rows, few), (SEED_COUNT, all_of_them))
        }
        print(table(interleave(rows, 300), next(iter(rows))))


if __name__ == "__main__":
    main()
