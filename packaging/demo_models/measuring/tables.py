"""Markdown tables and JSON files of what was measured."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table. None becomes an en dash; floats have to be formatted before."""
    cells = [["–" if value is None else str(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *cells]) for i in range(len(header))]

    def line(values: Sequence[str]) -> str:
        padded = (value.ljust(width) for value, width in zip(values, widths, strict=True))
        return "| " + " | ".join(padded) + " |"

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, cells)])


def number(value: float | None, digits: int) -> str | None:
    """Return a number with that many decimals, or None where there is none."""
    return None if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def write_json(path: Path | None, result: Any) -> None:
    """Write what was measured as JSON, where a file was asked for; no number becomes null."""
    if path is not None:
        path.write_text(json.dumps(_plain(result), indent=1) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
