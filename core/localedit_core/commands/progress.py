"""How far long work is, on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_bar(name: str, unit: str = "picture") -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, shown in terminals only; call what it yields with (done, total)."""
    with tqdm(desc=name, unit=unit, unit_scale=unit == "B", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress
