"""Rows of numbers as files that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence


def csv_table(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Rows of the same columns, at least one, as CSV in UTF-8; None is left empty."""
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue().encode()
