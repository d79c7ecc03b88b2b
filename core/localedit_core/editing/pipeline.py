"""From a request to its pictures: the one way in which LocalEdit renders.

Window, command line and evaluation all come through here, so that the same request gives the same
pixels everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.difference import PictureChange
from localedit_core.editing.edit import Edit
from localedit_core.editing.feature_blending import (
    Blend,
    adjustment,
    blends,
    part_mask,
)
from localedit_core.editing.guard import Start, guarded_start
from localedit_core.editing.known_latents import KnownLatents, TargetView
from localedit_core.editing.lap_clock import LapClock
from localedit_core.editing.measures import channels_moved, measure, strongest_leak
from localedit_core.editing.per_image import per_image_query
from localedit_core.editing.poisson_blending import (
    aligning_shift,
    blends_pixels,
    poisson_blend,
    shifted,
)
from localedit_core.editing.query import Query, rank_parts
from localedit_core.editing.quick import QuickPictures
from localedit_core.editing.request import HalfPrecision, Picture, RenderRequest, RenderResult
from localedit_core.editing.stack import Composition, compose
from localedit_core.editing.unfinished import Unfinished, box_of
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Adjust, Styles, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.devices import Device, Retreat
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.progressive import KeptStates, pictures
from localedit_core.latents import Latent

Cancelled = Callable[[], bool]


class Pipeline:
    """Renders edits of one generator with one catalog. Not thread-safe: one thread owns it.

    Args:
        model: the generator.
        catalog: its catalog.

    Raises:
        LocalEditError: the catalog was made for another generator.
    """

    def __init__(self, model: Model, catalog: Catalog) -> None:
        if catalog.generator_fingerprint != model.fingerprint:
            raise LocalEditError(
                f"This catalog was made for another generator than {model.name}.",
                "Open the catalog's own generator, or build a catalog for this one.",
            )
        self.model = model
        self.catalog = catalog
        self._generator = model.generator
        self._quick = QuickPictures(model.generator)
        self._rankings = rank_parts(catalog)
        self._known = KnownLatents(model.generator, catalog)
        self._states = KeptStates(model.generator)

    @property
    def device(self) -> Device:
        """Where its generator is."""
        return self._generator.device

    def place(self, device: Device) -> None:
        """Move its generator. LocalEditError if the device cannot be used; it stays then."""
        self._generator.place(device)
        self._states.clear()

    def watch(self, told: Callable[[Retreat], None]) -> None:
        """Tell when the device was left because its memory ran out."""
        self._generator.on_retreat = told

    def w_plus(self, latent: Latent) -> NDArray[np.float32]:
        """The latent's values, one row per layer: [num_ws, w_dim].

        Raises:
            LocalEditError: stored values or a class that do not fit this generator.
        """
        return np.array(self._known.w_plus(latent)[0].cpu().numpy())

    def styles(self, latent: Latent) -> Styles:
        """The latent's styles, name -> [1, C_l], on the CPU. LocalEditError as in ``w_plus``."""
        return self._known.styles(latent)

    def view(self, latent: Latent, noise_seed: int | None = None) -> TargetView:
        """The unedited picture of a latent and its parts. Kept for the last few latents."""
        return self._known.view(latent, noise_seed)

    def roi(self, view: TargetView, part: str) -> NDArray[np.bool_]:
        """The part's pixels on a picture, [R, R].

        Raises:
            LocalEditError: the catalog has no such part.
        """
        return np.asarray(view.part_map == self.catalog.parts.index(self.catalog.part(part)))

    @torch.inference_mode()
    def thumbnail(
        self, latent: Latent, size: int = 64, half: HalfPrecision = HalfPrecision.OFF
    ) -> Picture:
        """A small picture of a latent, [size, size, 3], at the cost of that resolution alone."""
        resolution = min(self._generator.resolution, max(4, 2 ** (size - 1).bit_length()))
        made = self._quick.synthesize(half, self.styles(latent), up_to=resolution)
        picture = to_picture(made.image)
        if resolution == size:
            return picture
        resized = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
        return np.asarray(resized, dtype=np.uint8)

    def compose(self, request: RenderRequest) -> Composition:
        """The target's styles with the whole stack applied.

        Raises:
            LocalEditError: an edit names a part that the catalog does not have.
        """
        references = {
            edit.edit_id: self.styles(edit.reference) for edit in request.edits if not edit.muted
        }

        def per_image(edit: Edit) -> Query:
            return per_image_query(
                [
                    self._known.relevance(latent, request.noise_seed)
                    for latent in (request.target, edit.reference)
                ],
                self.catalog,
                edit.part,
                edit.settings,
                self._generator.layers,
            )

        return compose(
            self.styles(request.target),
            references,
            request.edits,
            self.catalog,
            self._generator.layers,
            self._rankings,
            per_image,
        )

    def run(
        self, request: RenderRequest, cancelled: Cancelled | None = None
    ) -> Iterator[RenderResult]:
        """Render a request: a preview where asked for, the settled picture, then the measures.

        Args:
            request: what to render.
            cancelled: asked between layers; where it says yes, ``RenderCancelled`` is raised.

        Yields:
            Results in the order "preview", each of several better than the one before, "settled",
            "measured". A generator that makes small pictures no sooner than the full one makes
            that in half precision where it may and that is quicker, else no preview.

        Raises:
            LocalEditError: the request does not fit the generator or the catalog.
            RenderCancelled: as above.
        """
        clock = LapClock()
        composition = self.compose(request)
        start = self._start(request, composition, cancelled)
        clock.lap("styles")
        first = self._preview_side(request, start.resume)
        if first is not None and self._draws_half(request.half):
            image = self._quick_preview(request, start, first, cancelled)
            image = self._blended(request, image, cancelled)
            clock.lap("preview")
            yield RenderResult(request, "preview", image, None, None, None, None, clock.laps())
            first = None
        original = None
        if start.box is not None:
            original = self.view(request.target, request.noise_seed).image
            clock.lap("original")
        full = self._generator.resolution
        region = start.box or (None if first is None else self._region(request))
        unfinished, least = Unfinished(full, original, start.box), 0
        for stage in pictures(
            self._generator,
            start.styles,
            first=first or full,
            region=region,
            only_region=start.box is not None,
            kept=self._states,
            resume=start.resume,
            noise_seed=request.noise_seed,
            adjust=start.adjust,
            cancelled=cancelled,
        ):
            image = unfinished.add(stage)
            settled = stage.side == full and (stage.box is None or start.box is not None)
            clock.lap("synthesis" if settled else "preview" if stage.box is None else "region")
            if not settled and image.shape[0] >= least:
                small = self._blended(request, image, cancelled)
                yield RenderResult(request, "preview", small, None, None, None, None, clock.laps())
                if any(map(blends_pixels, request.edits)):
                    least = full + 1  # one will do: each costs a small picture of the reference
        image = self._blended(request, image, cancelled)
        clock.lap("blending")
        view = self.view(request.target, request.noise_seed)
        clock.lap("original")
        yield RenderResult(request, "settled", image, view.image, None, None, None, clock.laps())
        yield self._measured(request, composition.styles, image, view, clock)

    @torch.inference_mode()
    def picture(
        self, request: RenderRequest, size: int, cancelled: Cancelled | None = None
    ) -> Picture:
        """The edited picture alone, [r, r, 3], at the cost of its resolution r where that is less.

        Args:
            request: what to render.
            size: r, unless the guard needs the catalog's layer to be that of a larger picture.
            cancelled: asked between layers.

        Raises:
            LocalEditError: the request does not fit, or the generator makes no such picture.
            RenderCancelled: ``cancelled`` said yes.
        """
        start = self._start(request, self.compose(request), cancelled)
        if start.resume is not None:
            size = max(size, start.resume.x.shape[-1])
        made = self._generator.synthesize(
            start.styles,
            noise_seed=request.noise_seed,
            up_to=size,
            resume=start.resume,
            adjust=start.adjust,
            cancelled=cancelled,
        )
        return self._blended(request, to_picture(made.image), cancelled)

    def _measured(
        self,
        request: RenderRequest,
        styles: Styles,
        image: Picture,
        view: TargetView,
        clock: LapClock,
    ) -> RenderResult:
        change = PictureChange.between(view.image, image)
        measures = None
        if request.roi_part is not None:
            total = self._style_channels()
            before, after = (
                {name: made[name] for name in total}
                for made in (self.styles(request.target), styles)
            )
            moved = channels_moved(before, after)
            roi = self.roi(view, request.roi_part)
            names = [part.name for part in self.catalog.parts]
            meant = {edit.part for edit in request.edits if not edit.muted}
            others = [names.index(name) for name in meant - {request.roi_part}]
            ignored = np.isin(view.part_map, others) if others else None
            measures = measure(change, roi, moved, total, ignored)
            if measures is not None:
                meant.add(request.roi_part)
                leak = strongest_leak(change, view.part_map, names, meant)
                measures = replace(measures, leak=leak)
        clock.lap("measures")
        return RenderResult(
            request,
            "measured",
            image,
            view.image,
            view.part_map,
            change.delta_e(),
            measures,
            clock.laps(),
        )

    def _adjustment(self, request: RenderRequest) -> Adjust | None:
        """What the blending edits of the stack do to features while a picture is made."""
        return adjustment(
            [
                Blend(
                    self._known.features(
                        edit.reference, edit.settings.blend_to, request.noise_seed
                    ),
                    part_mask(
                        self.catalog,
                        self.view(request.target, request.noise_seed).clusters,
                        edit.part,
                        edit.strength,
                    ),
                )
                for edit in request.edits
                if blends(edit)
            ]
        )

    def _blended(
        self, request: RenderRequest, picture: Picture, cancelled: Cancelled | None
    ) -> Picture:
        """A finished picture, of any size, with what the stack blends into it, lowest first."""
        blending = tuple(filter(blends_pixels, request.edits))
        if not blending:
            return picture
        target, side = self.view(request.target, request.noise_seed), picture.shape[0]
        part_map = target.part_map
        if part_map.shape[0] != side:
            part_map = self.catalog.part_map(target.clusters, side)
        for edit in blending:
            if cancelled is not None and cancelled():
                raise RenderCancelled
            index = self.catalog.parts.index(self.catalog.part(edit.part))
            inside = np.asarray(part_map == index)  # [side, side]
            lent = self._known.small_view(edit.reference, side, request.noise_seed)
            shift = aligning_shift(inside, lent.part_map == index)
            picture = poisson_blend(picture, shifted(lent.image, shift), inside, edit.strength)
        return picture

    def _start(
        self, request: RenderRequest, composition: Composition, cancelled: Cancelled | None
    ) -> Start:
        """How the edited picture is made: from the beginning, or with the guard up."""
        adjust = self._adjustment(request)
        if not any(found.edit.settings.guard for found in composition.moves):
            return Start(composition.styles, adjust=adjust)
        return guarded_start(
            self._generator,
            self.catalog,
            self._known.kept_target(request.target, request.noise_seed),
            composition,
            noise_seed=request.noise_seed,
            adjust=adjust,
            cancelled=cancelled,
        )

    def _style_channels(self) -> dict[str, int]:
        """How many channels a query may move, layer name -> C_l; none without styles."""
        if not self._generator.has_styles:
            return {}
        return {layer.name: layer.channels for layer in self._generator.layers}

    def _region(self, request: RenderRequest) -> Box | None:
        """What of an edited picture comes first: the part that is looked at, or the last edited."""
        edited = [edit.part for edit in request.edits if not edit.muted]
        if not edited or not self._generator.has_previews:
            return None
        view = self.view(request.target, request.noise_seed)
        return box_of(self.roi(view, request.roi_part or edited[-1]))

    def _draws_half(self, half: HalfPrecision) -> bool:
        """Whether the preview is made by itself, because half precision may make it quicker.

        A processor makes it on the way to the full picture, at no cost.
        """
        by_the_way = self._generator.has_previews and self.device.kind == "cpu"
        return half is HalfPrecision.ON or (half is HalfPrecision.AUTO and not by_the_way)

    @torch.inference_mode()
    def _quick_preview(
        self, request: RenderRequest, start: Start, side: int, cancelled: Cancelled | None
    ) -> Picture:
        made = self._quick.synthesize(
            request.half,
            start.styles,
            noise_seed=request.noise_seed,
            up_to=side,
            resume=start.resume,
            adjust=start.adjust,
            cancelled=cancelled,
        )
        return to_picture(made.image)

    def _preview_side(self, request: RenderRequest, resume: SynthesisState | None) -> int | None:
        """The side of the preview, which cannot lie below a kept state; None for no preview."""
        asked, full = request.preview_resolution, self._generator.resolution
        if asked is None or asked >= full:
            return None
        if self._generator.has_previews:
            return asked if resume is None else max(asked, resume.x.shape[-1])
        return full if self._quick.takes_half(request.half, full) else None
