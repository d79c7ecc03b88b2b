"""Small pictures for the gallery and the stack, made when somebody can see them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from localedit_core.editing.edit import Edit
from localedit_core.editing.request import HalfPrecision, Picture
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.models import OpenModel
from localedit_gui.panels.reference_gallery import ReferenceGallery
from localedit_gui.rendering.worker import RenderWorker, Thumbnail

_SIDE = 128  # of thumbnails; large generators are drawn at half of it, at the cost of 64 px
_LARGE = 256
_KEPT = 2000  # 98 MB at 128 px
_REST_MS = 250  # the gallery follows class and truncation once they rest


class GalleryController(QObject):
    """Keeps the gallery's thumbnails true to generator, class and truncation.

    Signals:
        thumbnails_changed(): ``pictures`` has more for some edits.

    Attributes:
        half: whether thumbnails are asked for in half precision.
    """

    thumbnails_changed = Signal()

    def __init__(
        self, gallery: ReferenceGallery, worker: RenderWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.half = HalfPrecision.OFF
        self._gallery = gallery
        self._worker = worker
        self._model: OpenModel | None = None
        self._drawn: EditState | None = None  # how pictures are drawn, of which nothing else counts
        self._kept: OrderedDict[tuple[str, Latent], Picture] = OrderedDict()  # by fingerprint too
        self._references: frozenset[Latent] = frozenset()
        self._wanted: EditState | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._follow)
        gallery.thumbnails_wanted.connect(self._want_seeds)
        worker.thumbnail_ready.connect(self._take)

    def set_model(self, model: OpenModel, state: EditState) -> None:
        """Show a generator's pictures, drawn as a session on it draws them."""
        if model is self._model and _same_way(state, self._drawn):
            return
        if model is not self._model:
            self._worker.drop_thumbnails(lambda latent: True)
            self._model = model
            self._references = frozenset()
        self._drawn = self._wanted = state
        self._rest.stop()
        self._gallery.set_chosen(model.card.gallery)
        self._gallery.clear_thumbnails()

    def set_state(self, state: EditState) -> None:
        """Follow the session: class, truncation, favourites, references in use."""
        if not _same_way(state, self._wanted):
            self._wanted = state
            self._rest.start()
        self._gallery.set_favourites(state.favourites)
        references = frozenset((*(edit.reference for edit in state.edits), *state.own))
        for latent in references - self._references:
            if self._picture(latent) is None:
                self._want(latent)
        self._references = references

    def pictures_of(self, latents: Iterable[Latent]) -> dict[Latent, Picture]:
        """The thumbnails that are there."""
        found = ((latent, self._picture(latent)) for latent in latents)
        return {latent: picture for latent, picture in found if picture is not None}

    def pictures(self, edits: Iterable[Edit]) -> Mapping[str, Picture]:
        """The thumbnails of the edits' references that are there, by the edits' ids."""
        found = {}
        for edit in edits:
            picture = self._picture(edit.reference)
            if picture is not None:
                found[edit.edit_id] = picture
        return found

    def _follow(self) -> None:
        self._drawn = self._wanted
        self._worker.drop_thumbnails(lambda latent: latent not in self._references)
        self._gallery.clear_thumbnails()

    def _want_seeds(self, seeds: Sequence[int]) -> None:
        self._worker.drop_thumbnails(lambda latent: latent not in self._references)
        drawn = self._drawn
        if drawn is None:
            return
        for seed in seeds:
            latent = drawn.picture(seed)
            picture = self._picture(latent)
            if picture is not None:
                self._gallery.set_thumbnail(seed, picture)
            else:
                self._want(latent)

    def _picture(self, latent: Latent) -> Picture | None:
        if self._model is None:
            return None
        key = (self._model.reference.fingerprint, latent)
        if key in self._kept:
            self._kept.move_to_end(key)  # what is looked at least goes first
        return self._kept.get(key)

    def _want(self, latent: Latent) -> None:
        if self._model is not None:
            side = _SIDE if self._model.resolution <= _LARGE else _SIDE // 2
            self._worker.want_thumbnail(
                Thumbnail(self._model.renderer, latent, side, half=self.half)
            )

    def _take(self, thumbnail: Thumbnail) -> None:
        latent, picture = thumbnail.latent, thumbnail.picture
        if self._model is None or thumbnail.renderer is not self._model.renderer:
            return
        if picture is None:
            return
        self._kept[self._model.reference.fingerprint, latent] = picture
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        seed, drawn = latent.seed, self._drawn
        if seed is not None and drawn is not None and latent == drawn.picture(seed):
            self._gallery.set_thumbnail(seed, picture)
        if latent in self._references:
            self.thumbnails_changed.emit()


def _same_way(state: EditState, other: EditState | None) -> bool:
    """Whether both draw a seed's picture alike."""
    return other is not None and state.picture(0) == other.picture(0)
