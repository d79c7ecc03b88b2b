"""What the window has the core do besides rendering: open, save, export.

Everything here runs on the worker's thread. The core's heavy modules are imported there at the
first use, so that the window is on screen before they are in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from localedit_core.cards import Card, card_path, plain_card, read_card
from localedit_core.editing.request import Picture, RenderRequest, RenderResult
from localedit_core.errors import LocalEditError
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.device_jobs import DeviceJobs
from localedit_gui.models import OpenModel, PartInfo

if TYPE_CHECKING:
    from localedit_core.catalog.catalog import Catalog
    from localedit_core.checkpoints.native import Model

_THUMBNAIL_SIDE = 128
_DIFFERENCE_SIDE = 1024


@dataclass(frozen=True, eq=False)
class Opened:
    """A generator and a session on it.

    Attributes:
        model: the generator.
        state: the session.
        fresh: whether it is a new session rather than one that was read.
        own_file: whether the file is the session's own, to be saved over; neither a picture that
            carries it nor a generator is, whatever their names, and no file of the program's.
        notices: what to tell people about it.
    """

    model: OpenModel
    state: EditState
    fresh: bool
    own_file: bool = False
    notices: tuple[str, ...] = ()


class CoreJobs:
    """Opens and writes files. One object per worker, used on its thread alone.

    Attributes:
        devices: says where generators compute.
    """

    def __init__(self, devices: DeviceJobs | None = None) -> None:
        self.devices = devices or DeviceJobs()
        self._model: Model | None = None
        self._catalog: Catalog | None = None
        self._opened: OpenModel | None = None

    def open_file(self, name_or_path: str | Path) -> Opened:
        """Open a bundled generator by name, a generator file, a session or an exported PNG.

        Raises:
            LocalEditError: it cannot be read, or what it needs is not there.
        """
        from localedit_core.generators.threads import prepare_threads

        prepare_threads()
        from localedit_core import library
        from localedit_core.bounded import ZIP_MAGIC, read_start
        from localedit_core.session.png import may_be_session

        path = library.generator_path(name_or_path)
        start = read_start(path, 16)
        if may_be_session(start):
            own = start.startswith(ZIP_MAGIC) and not library.is_bundled(path)
            return self._open_session(path, own_file=own)
        model, notice = self._adopt(*library.open_labelled_model(name_or_path))
        return Opened(model, new_state(model), fresh=True, notices=_told(notice))

    def _open_session(self, path: Path, *, own_file: bool) -> Opened:
        from localedit_core import library

        loaded = None
        if self._model is not None and self._catalog is not None:
            loaded = self._model, self._catalog
        opened = library.open_session(path, loaded=loaded)
        model, notice = self._opened, ""
        if model is None or opened.model is not self._model:
            model, notice = self._adopt(opened.model, opened.catalog)
        notices = _told(opened.notice, notice)
        return Opened(model, opened.state, fresh=False, own_file=own_file, notices=notices)

    def _adopt(self, model: Model, catalog: Catalog) -> tuple[OpenModel, str]:
        from localedit_core import library
        from localedit_core.editing.edit import usual_psi
        from localedit_core.editing.pipeline import Pipeline

        assert model.path is not None  # it was read from a file
        card, notice = _card(model.path, needed=library.is_bundled(model.path))
        pipeline = Pipeline(model, catalog)
        notice = " ".join(_told(notice, self.devices.admit(pipeline)))
        self._opened = OpenModel(
            renderer=pipeline,
            reference=library.reference_to(model, catalog),
            family=model.family,
            resolution=model.generator.resolution,
            parts=tuple(PartInfo(p.name, p.epsilon, p.floor) for p in catalog.parts),
            psi=usual_psi(catalog.psi, model.generator.has_styles),
            card=card,
            classes=model.generator.c_dim,
            has_styles=model.generator.has_styles,
        )
        self._model, self._catalog = model, catalog
        return self._opened, notice

    def save(self, path: Path, model: OpenModel, state: EditState, image: Picture | None) -> Path:
        """Write a session file, whole or not at all.

        Args:
            path: where to.
            model: the session's generator.
            state: what to save.
            image: the edited picture, for the thumbnail; None for no thumbnail.

        Raises:
            LocalEditError: the file cannot be written.
        """
        from localedit_core.session.storage import save_session

        thumbnail = None if image is None else _reduced(image, _THUMBNAIL_SIDE)
        save_session(path, state, latent_values(model, state), thumbnail)
        return path

    def export_picture(self, path: Path, model: OpenModel, state: EditState) -> Path:
        """Render a session and write it as PNG that carries the session.

        Raises:
            LocalEditError: it cannot be rendered, or the file cannot be written.
        """
        from localedit_core.session.png import export_png
        from localedit_core.session.storage import session_bytes

        image = _render(model, state, None).image
        thumbnail = _reduced(image, _THUMBNAIL_SIDE)
        export_png(path, image, session_bytes(state, latent_values(model, state), thumbnail))
        return path

    def export_difference(
        self, path: Path, model: OpenModel, state: EditState, part: str | None
    ) -> Path:
        """Render a session and write its diff map as PNG, with the part's outline and a legend.

        Raises:
            LocalEditError: as in ``export_picture``.
        """
        from localedit_core.editing.diffmap import render_diff
        from localedit_core.session.png import export_png

        result = _render(model, state, part)
        assert result.difference is not None  # a measured result has it
        assert result.part_map is not None
        roi = None
        if part is not None:
            roi = result.part_map == [p.name for p in model.parts].index(part)
        side = max(_DIFFERENCE_SIDE, model.resolution)
        export_png(path, render_diff(result.difference, roi, side))
        return path


def new_state(model: OpenModel) -> EditState:
    """A session on a generator as it is when nobody has done anything yet."""
    card = model.card
    psi = model.psi if card.psi is None else card.psi
    first = 0 if model.classes else None
    target = Latent(card.first_target, psi, class_index=first)
    return EditState(
        model.reference, target, psi=psi, favourites=card.favourites, class_index=first
    )


def _card(generator: Path, *, needed: bool) -> tuple[Card, str]:
    """A generator's card, or a plain one and why; most generators that people open have none."""
    if not needed and not card_path(generator).exists():
        return plain_card(generator), ""
    try:
        return read_card(generator), ""
    except LocalEditError as error:
        return plain_card(generator), str(error)


def _told(*notices: str) -> tuple[str, ...]:
    return tuple(notice for notice in notices if notice)


def latent_values(model: OpenModel, state: EditState) -> dict[str, NDArray[np.float32]]:
    """The values that a session of this state needs and does not carry, by their latents' keys."""
    from localedit_core.session.storage import values_in_use

    return values_in_use(state, model.renderer.w_plus)


def _render(model: OpenModel, state: EditState, part: str | None) -> RenderResult:
    request = RenderRequest(0, 0, state.target, state.edits, part, state.noise_seed)
    *_, last = model.renderer.run(request)
    return last


def _reduced(image: Picture, side: int) -> Picture:
    import cv2

    if max(image.shape[:2]) <= side:
        return image
    return np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
