"""Curves as a picture, with matplotlib, which is an optional extra."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from localedit_core.atomic import atomic_path
from localedit_core.editing.edit import Method
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.curves import Curve
from localedit_core.evaluation.locality import LocalityResult

_ACROSS = 4
_COMPARED = 0.5


def check_plots() -> None:
    """LocalEditError where matplotlib is missing: told before long work, not after."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise LocalEditError(
            "Curves are drawn with matplotlib, which is not installed.",
            "Install it: pip install 'localedit[plots]'.",
        ) from error


def curve_label(curve: Curve) -> str:
    """What to call a curve: its method, and its guard where it has one."""
    return curve.method.value + (f", guard {curve.guard:g}" if curve.guard else "")


def shown_top(curves: Sequence[Curve]) -> float:
    """Up to which Out-MSE to draw curves.

    Beyond, they shoot up, and what is compared would be flat on the ground.
    """
    local = [c for c in curves if c.method is not Method.GLOBAL] or list(curves)
    near = [point for curve in local for point in curve.points if point.in_mse <= _COMPARED]
    return max(1.1 * max((point.out_mse for point in near), default=1.0), 1e-6)


def plot_locality(path: Path, results: Sequence[LocalityResult]) -> None:
    """Draw Out-MSE against In-MSE, one plot for each part (as Fig. 7 b, c).

    Args:
        path: a .png or .pdf, written whole or not at all.
        results: at least one.

    Raises:
        LocalEditError: matplotlib is missing, or the file cannot be written.
    """
    check_plots()
    from matplotlib.figure import Figure

    across = min(_ACROSS, len(results))
    down = -(-len(results) // across)
    figure = Figure(figsize=(4.2 * across, 3.6 * down), layout="constrained", dpi=120)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for place, result in zip(axes, results, strict=False):
        for curve in result.curves:
            inside = [point.in_mse for point in curve.points]
            outside = [point.out_mse for point in curve.points]
            place.plot(inside, outside, marker=".", linewidth=1.2, label=curve_label(curve))
        place.set(xlim=(0, 1), ylim=(0, shown_top(result.curves)), title=result.part)
        place.set(xlabel="In-MSE", ylabel="Out-MSE")
        place.grid(alpha=0.3)
    for place in axes[len(results) :]:
        place.set_axis_off()
    axes[0].legend(fontsize="small")
    figure.supxlabel(
        f"{results[0].pairs} pairs or fewer, {results[0].size} px; shares of the change from target"
        " to reference. Synthetic pictures.",
        fontsize="x-small",
    )
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format=path.suffix[1:])
