"""What a generator and its catalog make of single latents, kept for the last few of them.

Editing combines these; nothing here knows of an edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.feature_blending import Features, record_features
from localedit_core.editing.guard import KeptTarget
from localedit_core.editing.per_image import Relevance, relevance_of
from localedit_core.editing.request import Picture
from localedit_core.editing.stored_styles import split_styles, style_widths
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.classes import class_labels
from localedit_core.generators.devices import Device
from localedit_core.generators.pictures import to_picture
from localedit_core.latents import Latent, sample_z

_STYLES_KEPT = 512  # some 8,600 floats each at most: 18 MB
_TARGETS_KEPT = 8
_SMALL_KEPT = 16
_FEATURES_KEPT = 6  # up to 64 px and 512 channels, 24 MB each
_GUARDED_KEPT = 2  # of a 1024 px network some 120 MB each
_RELEVANCE_KEPT = 64


@dataclass(frozen=True, eq=False)
class TargetView:
    """What is known of an unedited picture.

    Attributes:
        image: sRGB, [R, R, 3].
        clusters: cluster per position of the catalog's layer, [h, w].
        part_map: index into ``Catalog.parts`` per pixel, [R, R]; ``NO_PART`` elsewhere.
    """

    image: Picture
    clusters: NDArray[np.int64]
    part_map: NDArray[np.uint8]


class KnownLatents:
    """Styles, pictures, parts and features of latents. Not thread-safe.

    Args:
        generator: makes them.
        catalog: of the generator.
    """

    def __init__(self, generator: Generator, catalog: Catalog) -> None:
        self._generator = generator
        self._catalog = catalog
        # Devices differ in the last bits: what one made is not mixed with what another makes.
        self._styles_on = lru_cache(maxsize=_STYLES_KEPT)(self._compute_styles)
        self._view_on = lru_cache(maxsize=_TARGETS_KEPT)(self._compute_view)
        self._small_view_on = lru_cache(maxsize=_SMALL_KEPT)(self._compute_view)
        self._features_on = lru_cache(maxsize=_FEATURES_KEPT)(self._compute_features)
        self._kept_on = lru_cache(maxsize=_GUARDED_KEPT)(self._compute_kept)
        self._relevance_on = lru_cache(maxsize=_RELEVANCE_KEPT)(self._compute_relevance)

    def w_plus(self, latent: Latent) -> Tensor:
        """The latent's values, one row per layer: [1, num_ws, w_dim].

        Raises:
            LocalEditError: stored values or a class that do not fit this generator.
        """
        if latent.w_plus is not None:
            return torch.from_numpy(np.array(latent.w_plus))[None]  # [1, num_ws, w_dim]
        if latent.seed is None:
            raise LocalEditError(f"The latent {latent.label} has styles, but no w+.")
        z = torch.from_numpy(sample_z(latent.seed, self._generator.z_dim))  # [1, z_dim]
        labels = class_labels(self._generator.c_dim, latent.class_index)  # [1, c_dim]
        with torch.inference_mode():
            return self._generator.broadcast(self._generator.mapping(z, labels), latent.psi)

    def styles(self, latent: Latent) -> Styles:
        """The latent's styles, name -> [1, C_l], on the CPU. LocalEditError as in ``w_plus``."""
        return self._styles_on(latent, self._generator.device)

    def view(self, latent: Latent, noise_seed: int | None) -> TargetView:
        """The picture of a latent and its parts."""
        return self._view_on(latent, noise_seed, self._generator.device)

    def small_view(self, latent: Latent, side: int, noise_seed: int | None) -> TargetView:
        """The same of a picture of ``side`` px, at the cost of that resolution alone."""
        return self._small_view_on(latent, noise_seed, self._generator.device, side)

    def features(self, latent: Latent, up_to: int, noise_seed: int | None) -> Features:
        """What its layers put out up to a resolution."""
        return self._features_on(latent, up_to, noise_seed, self._generator.device)

    def kept_target(self, latent: Latent, noise_seed: int | None) -> KeptTarget:
        """What the guard needs to know of its picture."""
        return self._kept_on(latent, noise_seed, self._generator.device)

    def relevance(self, latent: Latent, noise_seed: int | None) -> Relevance:
        """Which part each channel belongs to on its picture."""
        return self._relevance_on(latent, noise_seed, self._generator.device)

    def _compute_styles(self, latent: Latent, _device: Device) -> Styles:
        if latent.styles is not None:
            return split_styles(latent.styles, style_widths(self._generator))
        with torch.inference_mode():
            styles = self._generator.styles(self.w_plus(latent))
        # Edits on them are a few hundred small sums: no work for a GPU.
        return {name: style.cpu() for name, style in styles.items()}

    def _compute_view(
        self, latent: Latent, noise_seed: int | None, _device: Device, side: int | None = None
    ) -> TargetView:
        layer = next(n for n in self._generator.layers if n.name == self._catalog.layer)
        side = side or self._generator.resolution
        with torch.inference_mode():
            made = self._generator.synthesize(
                self.styles(latent),
                noise_seed=noise_seed,
                up_to=max(side, layer.resolution),
                record=(layer.name,),
            )
        clusters = self._catalog.membership(made.activations[layer.name])[0]  # [h, w]
        picture = to_picture(made.image)
        if picture.shape[0] != side:
            picture = np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA))
        return TargetView(picture, clusters, self._catalog.part_map(clusters, side))

    def _compute_features(
        self, latent: Latent, up_to: int, noise_seed: int | None, _device: Device
    ) -> Features:
        return record_features(self._generator, self.styles(latent), up_to, noise_seed)

    def _compute_kept(self, latent: Latent, noise_seed: int | None, _device: Device) -> KeptTarget:
        return KeptTarget.of(self._generator, self._catalog, self.styles(latent), noise_seed)

    def _compute_relevance(
        self, latent: Latent, noise_seed: int | None, _device: Device
    ) -> Relevance:
        layers = [layer.name for layer in self._generator.layers]
        with torch.inference_mode():
            made = self._generator.synthesize(
                self.styles(latent), noise_seed=noise_seed, record=layers
            )
        clusters = self.view(latent, noise_seed).clusters
        return relevance_of(self._catalog, clusters, made.activations)
