"""All that lies in the target canvas, bottom to top, and how it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from localedit_core.editing.diffmap import colour_scale
from localedit_gui.widgets.canvas_marks import KeptMarks, Marks, anchor
from localedit_gui.widgets.canvas_paint import paint_badge
from localedit_gui.widgets.diff_legend import paint_legend
from localedit_gui.widgets.part_outlines import PartShape, shapes_of
from localedit_gui.widgets.pictures import to_image
from localedit_gui.widgets.view_transform import ViewTransform

Overlay = Literal["none", "parts", "difference"]

_MARGIN = 10.0  # of badges and legend, from the edge of the view


class CanvasLayers(QObject):
    """Pictures, parts and overlays; knows no mouse and no keys.

    Attributes:
        image: the edited picture, maybe a preview; None before the first.
        original: the picture without edits.
        shapes: of the parts that the picture has, by name.
        overlay: what lies over the picture.
        opacity: of each overlay.
        selected: the part that is outlined.
        hovered: the part that is lit up.
        show_original: whether the picture without edits is shown, and nothing over it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.original: QImage | None = None
        self.shapes: dict[str, PartShape] = {}
        self.overlay: Overlay = "none"
        self.opacity: dict[Overlay, float] = {"none": 1.0, "parts": 0.45, "difference": 0.9}
        self.selected: str | None = None
        self.hovered: str | None = None
        self.show_original = False
        self._part_map: NDArray[np.uint8] | None = None
        self._names: tuple[str, ...] = ()
        self._colours: dict[str, QColor] = {}
        self._delta_e: NDArray[np.float32] | None = None
        self._heat: QImage | None = None
        self._version = 0  # of the shapes
        self._kept_marks = KeptMarks()
        self._scaled: dict[int, QImage] = {}  # shrunk pictures by cache key, for one size

    def set_part_map(
        self, part_map: NDArray[np.uint8] | None, names: Sequence[str], colours: Sequence[QColor]
    ) -> None:
        """Take where the parts are, [H, W]; traces their outlines if that is news."""
        same = (
            part_map is not None
            and self._part_map is not None
            and tuple(names) == self._names
            and np.array_equal(part_map, self._part_map)
        )
        self._colours = {name: QColor(c) for name, c in zip(names, colours, strict=True)}
        if same:
            return
        self._part_map = part_map
        self._names = tuple(names)
        self._version += 1
        self.shapes = {} if part_map is None else shapes_of(part_map, names)

    def set_difference(self, delta_e: NDArray[np.float32] | None) -> None:
        """Take the change per pixel in CIE76 delta E, [H, W]."""
        self._delta_e = delta_e
        self._heat = None if delta_e is None else to_image(colour_scale(delta_e))

    def part_at(self, x: float, y: float) -> str | None:
        """The part at a point in shares of the picture."""
        if self._part_map is None or not (0 <= x < 1 and 0 <= y < 1):
            return None
        height, width = self._part_map.shape
        index = int(self._part_map[int(y * height), int(x * width)])
        return self._names[index] if index < len(self._names) else None

    def paint(
        self,
        painter: QPainter,
        view: ViewTransform,
        pointer: QPointF | None,
        *,
        original: bool = False,
        named: bool = True,
    ) -> bool:
        """Paint everything; returns whether there was a picture.

        Args:
            painter: on the canvas.
            view: where the picture lies.
            pointer: where the mouse is, or None if it did not light up the hovered part.
            original: paint the picture without edits, with its parts over it; as one side of a
                comparison, and unlike ``show_original``.
            named: whether to name the part that is lit up.
        """
        as_original = self.show_original and self.original is not None and not original
        shown = self.original if as_original or original else self.image
        if shown is None:
            return False
        rect = view.picture_rect()
        self._paint_picture(painter, view, rect, shown)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if as_original:
            paint_badge(painter, QPointF(_MARGIN, _MARGIN), self.tr("Original"), view.view)
            return True
        heated = self.overlay == "difference" and not original
        if heated and self._heat is not None:
            painter.setOpacity(self.opacity["difference"])
            self._paint_picture(painter, view, rect, self._heat)
            painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        self._kept_marks.paint(painter, self._marks(), view)
        if heated and self._heat is not None:
            corner = QPointF(view.view.width() - _MARGIN, view.view.height() - _MARGIN)
            title = self.tr("Change in ΔE (CIE76)")
            paint_legend(painter, corner, title, self.tr("just noticeable"))
        hovered = self.shapes.get(self.hovered or "")
        if hovered is not None and named:
            self._paint_pointed(painter, view, rect, hovered, pointer)
        return True

    def _paint_picture(
        self, painter: QPainter, view: ViewTransform, rect: QRectF, image: QImage
    ) -> None:
        full_size = image.width() >= view.side
        smooth = not full_size or view.zoom < 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if full_size and view.zoom < 0.75:
            image = self._shrunk(image, (rect.size() * view.device_ratio).toSize())
        painter.drawImage(rect, image)

    def _shrunk(self, image: QImage, size: QSize) -> QImage:
        """A much smaller picture: painting samples bilinearly and skips pixels, this does not."""
        kept = self._scaled.get(image.cacheKey())
        if kept is not None and kept.size() == size:
            return kept
        present = [i.cacheKey() for i in (self.image, self.original, self._heat) if i is not None]
        self._scaled = {key: value for key, value in self._scaled.items() if key in present}
        shrunk = image.scaled(
            size,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._scaled[image.cacheKey()] = shrunk
        return shrunk

    def _marks(self) -> Marks:
        return Marks(
            self.shapes,
            self._version,
            tuple((name, colour.rgba()) for name, colour in self._colours.items()),
            self.selected,
            self.hovered,
            self.opacity["parts"] if self.overlay == "parts" else None,
            tinted=self.overlay == "none",
        )

    def _paint_pointed(
        self,
        painter: QPainter,
        view: ViewTransform,
        rect: QRectF,
        shape: PartShape,
        pointer: QPointF | None,
    ) -> None:
        """The name beside the pointer, and the change under it where the map is shown."""
        text = shape.name
        if pointer is None:
            corner = anchor(shape, rect)
        else:
            corner = pointer + QPointF(16, 18)
            if self.overlay == "difference" and self._delta_e is not None:
                at = view.to_picture(pointer) / view.side
                height, width = self._delta_e.shape
                y, x = min(int(at.y() * height), height - 1), min(int(at.x() * width), width - 1)
                text += f" · ΔE {float(self._delta_e[max(y, 0), max(x, 0)]):.1f}"
        paint_badge(painter, corner, text, view.view, self._colours[shape.name])
