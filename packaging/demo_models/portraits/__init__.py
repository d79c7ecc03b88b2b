"""Rendered portraits: a small world whose every picture comes with its exact part map."""

from .factors import FACTOR_NAMES, FACTORS, GROUPS, Z_DIM, group_slices, index_of, mirror_signs
from .renderer import PART_NAMES, render

__all__ = [
    "FACTORS",
    "FACTOR_NAMES",
    "GROUPS",
    "PART_NAMES",
    "Z_DIM",
    "group_slices",
    "index_of",
    "mirror_signs",
    "render",
]
