"""The one number of each method that says how far an edit goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from localedit_core.editing.edit import EPSILON_MAX, LAMBDA_MAX, Edit, Method


@dataclass(frozen=True)
class Dial:
    """The number that says how far an edit goes: a budget where its method has one.

    Attributes:
        name: "epsilon", "lam" or, for methods without either, "strength".
        most: its largest value; the least is 0.
        power: even steps of value ** (1 / power) are felt as even.
    """

    name: str
    most: float
    power: float

    def read(self, edit: Edit) -> float:
        """Its value in an edit."""
        return float(
            edit.strength if self.name == "strength" else getattr(edit.settings, self.name)
        )

    def turn(self, edit: Edit, value: float) -> Edit:
        """The edit with another value."""
        if self.name == "strength":
            return replace(edit, strength=value)
        change: dict[str, Any] = {self.name: value}
        return replace(edit, settings=replace(edit.settings, **change))

    def at(self, share: float) -> float:
        """The value at a share, 0 to 1, of its range."""
        return float(self.most * share**self.power)


_DIALS = {
    Method.SEQUENTIAL: Dial("epsilon", EPSILON_MAX, 2.0),
    Method.AUTHORS: Dial("epsilon", EPSILON_MAX, 2.0),
    Method.SIMULTANEOUS: Dial("lam", LAMBDA_MAX, 3.0),
    Method.GLOBAL: Dial("lam", 1.0, 1.0),
    Method.PER_IMAGE: Dial("strength", 1.0, 1.0),
    Method.FEATURE_BLENDING: Dial("strength", 1.0, 1.0),
    Method.POISSON_BLENDING: Dial("strength", 1.0, 1.0),
}


def dial_of(method: Method) -> Dial:
    """The number that says how far an edit of a method goes."""
    return _DIALS[method]
