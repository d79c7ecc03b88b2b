"""Curves of a locality study: change outside the part against change inside, method by method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from localedit_gui.colours import part_colour
from localedit_gui.evaluation.values import BandPoint
from localedit_gui.widgets.plots import SYMBOLS, Plots

if TYPE_CHECKING:
    from localedit_core.evaluation.curves import Curve

_BAND_ALPHA = 45


class LocalityPlot(Plots):
    """One line per method and guard, with the band of its 95 % interval (paper, Fig. 7 b, c)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[Curve, ...] = ()
        self._names: tuple[str, ...] = ()
        self._bands: tuple[tuple[BandPoint, ...], ...] = ()
        self.setAccessibleName(self.tr("Locality"))
        self.setToolTip(
            self.tr(
                "How much changes outside the part (up) for how much changes inside (right), as "
                "shares of the whole difference. Lower is better; bands hold 95 % of resampled "
                "pairs."
            )
        )

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is shown."""
        return self._curves

    def set_curves(
        self,
        curves: Sequence[Curve],
        names: Sequence[str],
        bands: Sequence[Sequence[BandPoint]] = (),
    ) -> None:
        """Show these, each with its name and, where they are known, its intervals."""
        self._curves, self._names = tuple(curves), tuple(names)
        self._bands = tuple(tuple(band) for band in bands)
        self.setAccessibleDescription("; ".join(names))
        if curves or self._plots:
            self._make(1)
            self._draw()

    def _draw(self) -> None:
        import pyqtgraph as pg

        from localedit_core.evaluation.plots import shown_top

        (plot,) = self._plots
        plot.clear()
        if plot.plotItem.legend is None:
            plot.addLegend(offset=(10, 10))
        plot.plotItem.legend.clear()
        plot.plotItem.legend.setLabelTextColor(self._ink())
        plot.setLabel("bottom", self.tr("In-MSE"))
        plot.setLabel("left", self.tr("Out-MSE"))
        for number, (curve, name) in enumerate(zip(self._curves, self._names, strict=True)):
            colour = part_colour(number)
            if number < len(self._bands) and len(self._bands[number]) > 1:
                self._draw_band(self._bands[number], colour)
            plot.plot(
                [point.in_mse for point in curve.points],
                [point.out_mse for point in curve.points],
                pen=pg.mkPen(colour, width=2),
                symbol=SYMBOLS[number % len(SYMBOLS)],
                symbolSize=7,
                symbolBrush=colour,
                symbolPen=pg.mkPen(self._ink()),
                name=name,
            )
        if self._curves:
            plot.setXRange(0.0, 1.0)
            plot.setYRange(0.0, shown_top(self._curves))

    def _draw_band(self, band: Sequence[BandPoint], colour: QColor) -> None:
        import pyqtgraph as pg

        (plot,) = self._plots
        inside = [point.in_mse for point in band]
        edges = [
            pg.PlotCurveItem(inside, [getattr(point, side) for point in band], pen=None)
            for side in ("low", "high")
        ]
        faint = QColor(colour)
        faint.setAlpha(_BAND_ALPHA)
        for edge in edges:
            plot.addItem(edge)
        plot.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(faint)))
