"""One large sample over small ones of all: clusters are pointed at on any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from localedit_gui.widgets.cluster_look import ClusterLook
from localedit_gui.widgets.cluster_picture import ClusterPicture
from localedit_gui.widgets.part_outlines import PartShape, shapes_of
from localedit_gui.widgets.pictures import to_image
from localedit_gui.widgets.sample_canvas import SampleCanvas

_THUMBNAIL = 92


class SampleViews(QWidget):
    """Shows samples with their clusters.

    Signals:
        cluster_hovered(int), cluster_picked(int, bool): as ``ClusterPicture``'s, from any of them.
    """

    cluster_hovered = Signal(int)
    cluster_picked = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: tuple[QImage, ...] = ()
        self._seeds: tuple[int, ...] = ()
        self._labels: NDArray[np.int64] | None = None
        self._small: list[NDArray[np.uint8]] = []
        self._shapes: dict[int, Mapping[str, PartShape]] = {}
        self._looks: tuple[ClusterLook, ...] = ()
        self._sample = 0
        self.canvas = SampleCanvas(self)
        self.canvas.setAccessibleName(self.tr("Sample"))
        self.thumbnails: list[ClusterPicture] = []
        self.label = QLabel(self)
        self.previous = self._arrow("‹", self.tr("Previous sample (Page Up)"))
        self.next = self._arrow("›", self.tr("Next sample (Page Down)"))
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(45)
        self.opacity.setFixedWidth(110)
        self.opacity.setAccessibleName(self.tr("Opacity of the colours"))
        self.opacity.setToolTip(self.tr("How much the colours cover the picture"))
        self._later = QTimer(self)
        self._later.setInterval(0)
        self._later.timeout.connect(self._trace_next)
        self._build()
        self.canvas.cluster_hovered.connect(self.cluster_hovered)
        self.canvas.cluster_picked.connect(self.cluster_picked)
        self.previous.clicked.connect(lambda: self.step_sample(-1))
        self.next.clicked.connect(lambda: self.step_sample(1))
        self.opacity.valueChanged.connect(self._set_opacity)

    # What is shown --------------------------------------------------------------------------

    def set_samples(self, pictures: NDArray[np.uint8], seeds: Sequence[int]) -> None:
        """Show other samples, [S, R, R, 3]. Their clusters come next."""
        self._images = tuple(to_image(picture) for picture in pictures)
        self._seeds = tuple(seeds)
        self._labels, self._shapes = None, {}
        self._sample = 0
        for old in self.thumbnails:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.thumbnails = []
        for index, seed in enumerate(self._seeds):
            thumbnail = ClusterPicture(self)
            thumbnail.set_opacity(self.opacity.value() / 100)
            thumbnail.setMaximumSize(_THUMBNAIL, _THUMBNAIL)
            thumbnail.setAccessibleName(self.tr("Sample of seed {seed}").format(seed=seed))
            thumbnail.setToolTip(self.tr("Seed {seed}").format(seed=seed))
            thumbnail.clicked.connect(lambda index=index: self.show_sample(index))
            thumbnail.cluster_hovered.connect(self.cluster_hovered)
            thumbnail.cluster_picked.connect(self.cluster_picked)
            self._row.insertWidget(index, thumbnail)
            self.thumbnails.append(thumbnail)

    def set_clusters(self, labels: NDArray[np.int64], looks: Sequence[ClusterLook]) -> None:
        """Show clusters: of each position, [S, h, h], and a look for each of them."""
        self._looks = tuple(looks)
        if labels is not self._labels:
            self._labels = labels
            self._small = [np.asarray(one, np.uint8) for one in labels]
            self._shapes = {}
            self._later.start()
        for view in (self.canvas, *self.thumbnails):
            view.set_looks(self._looks)
        self._show_samples()

    def set_lit(self, hovered: frozenset[int], selected: frozenset[int]) -> None:
        """Light clusters up in all samples."""
        for view in (self.canvas, *self.thumbnails):
            view.set_lit(hovered, selected)

    def _set_opacity(self, percent: int) -> None:
        for view in (self.canvas, *self.thumbnails):
            view.set_opacity(percent / 100)

    # Samples --------------------------------------------------------------------------------

    @property
    def sample(self) -> int:
        """Index of the sample that is large."""
        return self._sample

    def show_sample(self, index: int) -> None:
        """Show another sample large."""
        if self._images:
            self._sample = index % len(self._images)
            self._show_samples()

    def step_sample(self, by: int) -> None:
        """Show the sample after or before."""
        self.show_sample(self._sample + by)

    def _shapes_of(self, index: int) -> Mapping[str, PartShape]:
        if index not in self._shapes:
            numbers = [str(look.number) for look in self._looks]
            self._shapes[index] = shapes_of(self._small[index], numbers)
        return self._shapes[index]

    def _trace_next(self) -> None:
        """Trace one more sample's clusters; all at once would be felt."""
        waiting = [i for i in range(len(self._small)) if i not in self._shapes]
        if not waiting:
            self._later.stop()
            return
        self._give(self.thumbnails[waiting[0]], waiting[0])

    def _give(self, view: ClusterPicture, index: int) -> None:
        view.set_sample(self._images[index], self._small[index], self._shapes_of(index))

    def _show_samples(self) -> None:
        if not self._images or self._labels is None:
            return
        self._give(self.canvas, self._sample)
        for index, thumbnail in enumerate(self.thumbnails):
            if index in self._shapes:
                self._give(thumbnail, index)
            thumbnail.set_marked(index == self._sample)
        self.label.setText(
            self.tr("Sample {number} of {all} · seed {seed}").format(
                number=self._sample + 1, all=len(self._images), seed=self._seeds[self._sample]
            )
        )

    # Building -------------------------------------------------------------------------------

    def _arrow(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self.previous)
        bar.addWidget(self.label)
        bar.addWidget(self.next)
        bar.addStretch(1)
        bar.addWidget(QLabel(self.tr("Colours"), self))
        bar.addWidget(self.opacity)
        strip = QWidget(self)
        strip.setFixedHeight(_THUMBNAIL)
        self._row = QHBoxLayout(strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(3)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(bar)
        column.addWidget(self.canvas, 1)
        column.addWidget(strip)
