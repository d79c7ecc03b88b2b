"""Small pictures for the gallery and the stack, made when somebody can see them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from localedit_core.editing.edit import Edit
from localedit_core.editing.request import Picture
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.models import OpenModel
from localedit_gui.panels.reference_gallery import ReferenceGallery
from localedit_gui.rendering.worker import RenderWorker, Thumbnail

_SIDE = 128  # of thumbnails; large generators are drawn at half of it, at the cost of 64 px
_LARGE = 256
_KEPT = 3000  # 144 MB at 128 px
_REST_MS = 250  # the gallery follows truncation once its slider rests


class GalleryController(QObject):
    """Keeps the gallery's thumbnails true to generator and truncation.

    Signals:
        thumbnails_changed(): ``pictures`` has more for some edits.
    """

    thumbnails_changed = Signal()

    def __init__(
        self, gallery: ReferenceGallery, worker: RenderWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._worker = worker
        self._model: OpenModel | None = None
        self._psi = 0.0
        self._kept: OrderedDict[tuple[str, Latent], Picture] = OrderedDict()  # by fingerprint too
        self._references: frozenset[Latent] = frozenset()
        self._wanted_psi = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._follow_psi)
        gallery.thumbnails_wanted.connect(self._want_seeds)
        worker.thumbnail_ready.connect(self._take)

    def set_model(self, model: OpenModel, psi: float) -> None:
        """Show a generator's pictures, drawn at a truncation."""
        if model is self._model and psi == self._psi:
            return
        if model is not self._model:
            self._worker.drop_thumbnails(lambda latent: True)
            self._model = model
            self._references = frozenset()
        self._psi = self._wanted_psi = psi
        self._rest.stop()
        self._gallery.set_chosen(model.card.gallery)
        self._gallery.clear_thumbnails()

    def set_state(self, state: EditState) -> None:
        """Follow the session: truncation, favourites, references in use."""
        if state.psi != self._wanted_psi:
            self._wanted_psi = state.psi
            self._rest.start()
        self._gallery.set_favourites(state.favourites)
        references = frozenset(edit.reference for edit in state.edits)
        for latent in references - self._references:
            if self._picture(latent) is None:
                self._want(latent)
        self._references = references

    def pictures(self, edits: Iterable[Edit]) -> Mapping[int, Picture]:
        """The thumbnails of the edits' references that are there, by seed."""
        found = {}
        for edit in edits:
            picture = self._picture(edit.reference)
            if picture is not None and edit.reference.seed is not None:
                found[edit.reference.seed] = picture
        return found

    def _follow_psi(self) -> None:
        self._psi = self._wanted_psi
        self._worker.drop_thumbnails(lambda latent: latent not in self._references)
        self._gallery.clear_thumbnails()

    def _want_seeds(self, seeds: Sequence[int]) -> None:
        self._worker.drop_thumbnails(lambda latent: latent not in self._references)
        for seed in seeds:
            latent = Latent(seed, self._psi)
            picture = self._picture(latent)
            if picture is not None:
                self._gallery.set_thumbnail(seed, picture)
            else:
                self._want(latent)

    def _picture(self, latent: Latent) -> Picture | None:
        if self._model is None:
            return None
        return self._kept.get((self._model.reference.fingerprint, latent))

    def _want(self, latent: Latent) -> None:
        if self._model is not None:
            side = _SIDE if self._model.resolution <= _LARGE else _SIDE // 2
            self._worker.want_thumbnail(Thumbnail(self._model.renderer, latent, side))

    def _take(self, thumbnail: Thumbnail) -> None:
        latent, picture = thumbnail.latent, thumbnail.picture
        if self._model is None or thumbnail.renderer is not self._model.renderer:
            return
        if picture is None:
            return
        self._kept[self._model.reference.fingerprint, latent] = picture
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        if latent.seed is not None and latent == Latent(latent.seed, self._psi):
            self._gallery.set_thumbnail(latent.seed, picture)
        if latent in self._references:
            self.thumbnails_changed.emit()
