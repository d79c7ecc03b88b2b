"""What one edit is: a part, a reference and how far to go. Frozen values, no work."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent

EPSILON_MAX = 512.0
LAMBDA_MAX = 100.0
EDITOR_GUARD = 1.0
"""Spatial guard of a new edit in the editor: people want the rest left alone. Commands and studies
begin with the paper's, which is none."""

BLEND_SIDES = (32, 64)
"""The two settings of feature blending that the paper compares with (section 4.2)."""


class Method(StrEnum):
    """How a part gets to the target: how the query is chosen, or none at all."""

    SEQUENTIAL = "sequential"  # Eq. 5, exact optimum with a fractional last channel
    AUTHORS = "authors"  # the published code's variant: whole channels, budget before floor
    SIMULTANEOUS = "simultaneous"  # Eq. 4
    GLOBAL = "global"  # Eq. 2
    PER_IMAGE = "per-image"  # Retrieve in Style (ICCV 2021), without a budget
    FEATURE_BLENDING = "feature-blending"  # Suzuki et al. 2018
    POISSON_BLENDING = "poisson-blending"  # Perez et al. 2003

    @property
    def moves_styles(self) -> bool:
        """Whether it moves styles, by a query; the others blend, each in the part's own place."""
        return self not in (Method.FEATURE_BLENDING, Method.POISSON_BLENDING)


def usual_method(has_styles: bool) -> Method:
    """What to begin with on a generator; without styles nothing but features can be moved."""
    return Method.SEQUENTIAL if has_styles else Method.FEATURE_BLENDING


def usual_psi(catalog_psi: float, has_styles: bool) -> float:
    """The truncation to begin with: the catalog's; 1, which is none, without styles."""
    return catalog_psi if has_styles else 1.0


class EpsilonUnit(StrEnum):
    """What epsilon counts."""

    PER_512 = "per-512"  # a layer of C channels gets epsilon * C / 512
    ABSOLUTE = "absolute"  # every layer gets epsilon, as in the published code


def _check(name: str, value: float, low: float, high: float) -> None:
    if not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
        raise LocalEditError(f"{name} {value} is out of range.", f"Use {low:g} to {high:g}.")


@dataclass(frozen=True)
class LayerBands:
    """Scales in [0, 1] on each layer's budget, by the resolution of A_l.

    Attributes:
        coarse: layers at 4 and 8 px (layout and pose).
        middle: 16 and 32 px (shape).
        fine: 64 px and up (colour and texture).
    """

    coarse: float = 1.0
    middle: float = 1.0
    fine: float = 1.0

    def __post_init__(self) -> None:
        for name in ("coarse", "middle", "fine"):
            _check(f"Layer band {name}", getattr(self, name), 0.0, 1.0)

    def scale(self, resolution: int) -> float:
        """The scale of a layer whose A_l is ``resolution`` px wide."""
        if resolution <= 8:
            return self.coarse
        return self.middle if resolution <= 32 else self.fine


@dataclass(frozen=True)
class QuerySettings:
    """The parameters of a query, or of blending.

    Attributes:
        method: see ``Method``.
        epsilon: budget of the sequential methods, in channels (see ``unit``), 0 to 512.
        floor: rho / (1 + rho); channels with M at or below it never move, in [0, 1].
        lam: lambda of the simultaneous (0 to 100) and global (clipped at 1) methods.
        bands: per-band scale on epsilon (sequential) or lambda (the others).
        colour_layers: whether toRGB styles take part.
        unit: what epsilon counts.
        blend_to: the highest resolution whose features are blended, 32 or 64; the only parameter
            of feature blending. Poisson blending has none.
        guard: how far styles move in the part alone, 0 (everywhere, the paper) to 1
            (``editing.guard``); blending has its place without.
    """

    method: Method = Method.SEQUENTIAL
    epsilon: float = 20.0
    floor: float = 0.1
    lam: float = 1.0
    bands: LayerBands = field(default_factory=LayerBands)
    colour_layers: bool = True
    unit: EpsilonUnit = EpsilonUnit.PER_512
    blend_to: int = BLEND_SIDES[0]
    guard: float = 0.0

    def __post_init__(self) -> None:
        _check("Budget epsilon", self.epsilon, 0.0, EPSILON_MAX)
        _check("Relevance floor", self.floor, 0.0, 1.0)
        _check("Lambda", self.lam, 0.0, LAMBDA_MAX)
        _check("Spatial guard", self.guard, 0.0, 1.0)
        if self.blend_to not in BLEND_SIDES:
            raise LocalEditError(
                f"Features cannot be blended up to {self.blend_to!r:.20} px.",
                f"Use {' or '.join(str(side) for side in BLEND_SIDES)}.",
            )


@dataclass(frozen=True)
class Edit:
    """One transfer: ``part`` of ``reference`` onto the target.

    Attributes:
        edit_id: unique within a session; stays the same while the edit is changed.
        part: name of a part in the catalog.
        reference: the picture that the part comes from.
        settings: the query's parameters.
        strength: factor on the query, or share of what is blended, 0 to 1.
        muted: kept in the stack, but moves nothing.
    """

    edit_id: str
    part: str
    reference: Latent
    settings: QuerySettings = field(default_factory=QuerySettings)
    strength: float = 1.0
    muted: bool = False

    def __post_init__(self) -> None:
        _check("Strength", self.strength, 0.0, 1.0)
