"""Trade-off curves: change outside a part against change inside it, as one parameter grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from localedit_core.editing.edit import Method
from localedit_core.errors import LocalEditError

Sweeps = Mapping[Method, tuple[float, ...]]
"""Which values to try, per method: of epsilon, lambda or strength, as ``editing.dials`` says."""

_EPSILONS = (0.0, 1.0, 2.0, 5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 60.0, 100.0, 200.0, 512.0)
_STRENGTHS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_LAMBDAS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 40.0, 100.0)

DEFAULT_SWEEPS: Sweeps = MappingProxyType(
    {
        Method.SEQUENTIAL: _EPSILONS,
        Method.SIMULTANEOUS: _LAMBDAS,
        Method.GLOBAL: (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    }
)

_SWEEPS: Sweeps = MappingProxyType(
    {
        **DEFAULT_SWEEPS,
        Method.AUTHORS: _EPSILONS,
        Method.PER_IMAGE: _STRENGTHS,
        Method.FEATURE_BLENDING: _STRENGTHS,
        Method.POISSON_BLENDING: _STRENGTHS,
    }
)

STUDIED: tuple[Method, ...] = tuple(_SWEEPS)
"""Methods that a study can take, those of the paper first."""

COMPARED_AT = (0.2, 0.4, 0.6)
"""In-MSE at which reports compare methods, unless something else is asked for."""


def sweeps_of(methods: Iterable[Method]) -> Sweeps:
    """What to try of some methods, from no change to all they can do."""
    return {method: _SWEEPS[method] for method in methods}


@dataclass(frozen=True)
class CurvePoint:
    """One setting's change, as shares of the full change from target to reference.

    Attributes:
        parameter: epsilon, lambda or strength.
        in_mse: inside the part, 1 where it changed as much as by taking the whole reference.
        out_mse: outside, likewise.
        roir: mean over pairs of the norm of the change outside over that inside, in sRGB (PandA,
            ICLR 2023); None where nothing changed inside or it was not measured.
    """

    parameter: float
    in_mse: float
    out_mse: float
    roir: float | None = None


@dataclass(frozen=True)
class Curve:
    """One method's points by growing parameter.

    Attributes:
        method: what chose the query.
        points: at least one.
        guard: the spatial guard of all of them.
    """

    method: Method
    points: tuple[CurvePoint, ...]
    guard: float = 0.0

    def __post_init__(self) -> None:
        parameters = [point.parameter for point in self.points]
        if not parameters or parameters != sorted(set(parameters)):
            raise LocalEditError("A curve needs points whose parameter grows.")

    def out_at(self, in_mse: float) -> float | None:
        """Out-MSE where the curve first has that In-MSE, on straight lines between its points.

        None where the curve never gets there; it is never extrapolated.
        """
        return self._at(in_mse, lambda point: point.out_mse)

    def roir_at(self, in_mse: float) -> float | None:
        """ROIR there, likewise; None where a point beside it has none, too."""
        return self._at(in_mse, lambda point: point.roir)

    def _at(self, in_mse: float, value: Callable[[CurvePoint], float | None]) -> float | None:
        first = self.points[0]
        if first.in_mse == in_mse:
            return value(first)
        for low, high in zip(self.points, self.points[1:], strict=False):
            if min(low.in_mse, high.in_mse) <= in_mse <= max(low.in_mse, high.in_mse):
                before, after = value(low), value(high)
                if low.in_mse == high.in_mse or before is None or after is None:
                    return before if low.in_mse == high.in_mse else None
                share = (in_mse - low.in_mse) / (high.in_mse - low.in_mse)
                return before + share * (after - before)
        return None
