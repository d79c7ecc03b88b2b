"""pytest plugin: run as if Qt were not installed (``-p no:pytest-qt -p no_qt``).

The core has to work on machines without Qt. Installing everything else a second time only to leave
Qt out would cost minutes; here its import fails instead, exactly as it would there.
"""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

BLOCKED = frozenset({"PySide6", "shiboken6", "pyqtgraph", "pytestqt"})


class QtIsNotInstalled(importlib.abc.MetaPathFinder):
    """Answers for every blocked package before any other finder is asked."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {fullname!r} (blocked)", name=fullname)
        return None


def block() -> None:
    """Put the finder first; harmless when it is there already."""
    if not any(isinstance(finder, QtIsNotInstalled) for finder in sys.meta_path):
        sys.meta_path.insert(0, QtIsNotInstalled())


def pytest_configure(config: pytest.Config) -> None:
    loaded = sorted(BLOCKED & {name.partition(".")[0] for name in sys.modules})
    if loaded:
        raise pytest.UsageError(f"Qt is loaded already ({', '.join(loaded)}): add -p no:pytest-qt.")
    block()


def pytest_report_header() -> str:
    return "Qt: made unimportable"
