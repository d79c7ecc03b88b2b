"""Plots in the colours of the window. pyqtgraph takes a second to import: the first plot does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from localedit_gui.colours import part_colour

SYMBOLS = ("o", "s", "t", "d", "+", "x", "star", "p")


@dataclass(frozen=True)
class ScorePoint:
    """The scores of one clustering.

    Attributes:
        layer, clusters: which one.
        mean_cosine: of the activations with their centroids.
        stability: under resampling, or None where it was not measured.
        suggested: whether it is the one that the scores speak for.
    """

    layer: str
    clusters: int
    mean_cosine: float
    stability: float | None
    suggested: bool = False


class Plots(QWidget):
    """Plots side by side, made at the first use, that take the colours of the palette."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._plots: list[Any] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _make(self, count: int) -> None:
        if self._plots:
            return
        import pyqtgraph as pg

        for _ in range(count):
            plot = pg.PlotWidget(self)
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.setMouseEnabled(x=False, y=False)
            plot.showGrid(y=True, alpha=0.15)
            for name in ("left", "bottom"):  # once: later it would keep what it scales by
                plot.getAxis(name).enableAutoSIPrefix(False)
            self._row.addWidget(plot)
            self._plots.append(plot)
        self._colour()

    def _ink(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.WindowText)

    def _colour(self) -> None:
        for plot in self._plots:
            plot.setBackground(self.palette().color(QPalette.ColorRole.Base))
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(self._ink())
                axis.setTextPen(self._ink())

    def _draw(self) -> None:
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._plots:
            self._colour()
            self._draw()


class ScorePlot(Plots):
    """Stability and mean cosine over K, one line per layer; the suggested one has a ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[ScorePoint, ...] = ()
        self.setAccessibleName(self.tr("Scores over K"))
        self.setToolTip(
            self.tr(
                "Stability: how alike clusterings of other pictures are. Mean cosine: how close "
                "activations lie to their centroids. The ring marks a suggestion; you choose."
            )
        )

    @property
    def points(self) -> tuple[ScorePoint, ...]:
        """What is shown."""
        return self._points

    def _told(self, point: ScorePoint) -> str:
        told = self.tr("{layer}, K {clusters}: mean cosine {cosine:.3f}").format(
            layer=point.layer, clusters=point.clusters, cosine=point.mean_cosine
        )
        if point.stability is not None:
            told += ", " + self.tr("stability {value:.2f}").format(value=point.stability)
        if point.suggested:
            told += ", " + self.tr("suggested")
        return told

    def set_points(self, points: Sequence[ScorePoint]) -> None:
        """Show these scores."""
        self._points = tuple(points)
        self.setAccessibleDescription("; ".join(self._told(p) for p in self._points))
        if not points and not self._plots:
            return
        self._make(2)
        self._draw()

    def _draw(self) -> None:
        import pyqtgraph as pg

        titles = (self.tr("Stability"), self.tr("Mean cosine"))
        layers = list(dict.fromkeys(p.layer for p in self._points))
        for plot, title in zip(self._plots, titles, strict=True):
            plot.clear()
            if plot.plotItem.legend is not None:
                plot.plotItem.legend.scene().removeItem(plot.plotItem.legend)
                plot.plotItem.legend = None
            plot.setLabel("left", title)
            plot.setLabel("bottom", "K")
        if len(layers) > 1:
            self._plots[1].addLegend(labelTextColor=self._ink(), offset=(-5, -5))
        for index, layer in enumerate(layers):
            mine = sorted((p for p in self._points if p.layer == layer), key=lambda p: p.clusters)
            colour = part_colour(index)
            for plot, value in zip(self._plots, (_stability, _cosine), strict=True):
                at = [(p.clusters, value(p)) for p in mine if value(p) is not None]
                plot.plot(
                    [x for x, _ in at],
                    [y for _, y in at],
                    pen=pg.mkPen(colour, width=2),
                    symbol=SYMBOLS[index % len(SYMBOLS)],
                    symbolSize=9,
                    symbolBrush=colour,
                    symbolPen=pg.mkPen(self._ink()),
                    name=layer,
                )
                ring = [(p.clusters, value(p)) for p in mine if p.suggested]
                ring = [(x, y) for x, y in ring if y is not None]
                if ring:
                    plot.addItem(
                        pg.ScatterPlotItem(
                            pos=ring, size=20, brush=None, pen=pg.mkPen(self._ink(), width=2)
                        )
                    )
        ks = sorted({p.clusters for p in self._points})
        for plot in self._plots:
            plot.getAxis("bottom").setTicks([[(k, str(k)) for k in ks]])


class HistogramPlot(Plots):
    """How many channels of a layer belong to a part by how much (M); the floor is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self._edges: NDArray[np.float64] = np.zeros(1)
        self._floor = 0.0
        self._colour_of_part = QColor("grey")
        self.setAccessibleName(self.tr("Channels over M"))
        self.setToolTip(
            self.tr(
                "Channels of the layer by the share of their energy that lies in the part (M). "
                "Those left of the dashed line, the floor, never move."
            )
        )

    def set_histogram(
        self, counts: NDArray[Any], edges: NDArray[Any], floor: float, colour: QColor
    ) -> None:
        """Show counts [B] between edges [B + 1]."""
        self._counts, self._edges = np.asarray(counts), np.asarray(edges)
        self._floor, self._colour_of_part = floor, colour
        above = int(self._counts[self._edges[:-1] >= floor].sum())
        self.setAccessibleDescription(
            self.tr("{above} of {all} channels lie above the floor").format(
                above=above, all=int(self._counts.sum())
            )
        )
        self._make(1)
        self._draw()

    def set_floor(self, floor: float) -> None:
        """Move the line."""
        self._floor = floor
        if self._plots:
            self._draw()

    def _draw(self) -> None:
        import pyqtgraph as pg

        (plot,) = self._plots
        plot.clear()
        plot.setLabel("bottom", self.tr("M"))
        plot.setLabel("left", self.tr("channels"))
        width = np.diff(self._edges)
        # Roots keep the few channels that matter visible beside the many that do not.
        heights = np.sqrt(self._counts)
        plot.addItem(
            pg.BarGraphItem(
                x0=self._edges[:-1],
                width=width * 0.92,
                height=heights,
                brush=self._colour_of_part,
                pen=pg.mkPen(self._ink(), width=0.5),
            )
        )
        most = int(self._counts.max()) if len(self._counts) else 1
        marks = [n for n in (1, 4, 16, 64, 144, 256, 400, 625, 1024) if n <= max(most, 1)]
        plot.getAxis("left").setTicks([[(float(np.sqrt(n)), str(n)) for n in marks]])
        style = pg.QtCore.Qt.PenStyle.DashLine
        plot.addItem(
            pg.InfiniteLine(self._floor, pen=pg.mkPen(self._ink(), width=1.5, style=style))
        )


def _stability(point: ScorePoint) -> float | None:
    return point.stability


def _cosine(point: ScorePoint) -> float | None:
    return point.mean_cosine
