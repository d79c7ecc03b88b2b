"""Membership maps on unseen pictures, layer by layer, as the paper's Figs. 2 and 9 to 12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.catalog.catalog import NO_PART, Catalog
from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.sampling import find_layer
from localedit_core.catalog.sheets import draw_clusters
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.generators.base import Generator
from localedit_core.generators.pictures import to_picture
from localedit_core.latents import Latent
from localedit_core.sheets.contact_sheet import contact_sheet, fitted

COMPARED_SIDES = (8, 16, 32, 64)
"""Sides of the layers that are compared where nobody names others."""


@dataclass(frozen=True, eq=False)
class Memberships:
    """Which cluster each position of some pictures belongs to, at several layers.

    Attributes:
        pictures: sRGB, uint8 [S, R, R, 3].
        clusterings: the clusters, by their layers' sides.
        labels: of each clustering, int64 [S, h, h].
        parts: index into the catalog's parts, ``NO_PART`` where there is none, uint8 [S, R, R].
    """

    pictures: NDArray[np.uint8]
    clusterings: tuple[Clustering, ...]
    labels: tuple[NDArray[np.int64], ...]
    parts: NDArray[np.uint8]


def layers_to_compare(generator: Generator, catalog: Catalog) -> tuple[str, ...]:
    """A layer for each of ``COMPARED_SIDES`` that is of the same kind as the catalog's layer.

    The catalog's own layer where it has that side, else the last one of that kind, or of any.
    """
    own = find_layer(generator, catalog.layer)
    found = []
    for side in COMPARED_SIDES:
        there = [layer for layer in generator.layers if layer.input_resolution == side]
        alike = [layer for layer in there if layer.kind == own.kind] or there
        if alike:
            found.append((own if own in alike else alike[-1]).name)
    return tuple(found)


def map_memberships(
    pipeline: Pipeline, clusterings: Sequence[Clustering], latents: Sequence[Latent]
) -> Memberships:
    """Find the clusters of pictures, whichever pictures the clusters were made of.

    Args:
        pipeline: of the generator and its catalog, whose clusters are mapped as well.
        clusterings: others of the same generator.
        latents: of the pictures.

    Raises:
        LocalEditError: a latent or a layer does not fit the generator.
    """
    generator, catalog = pipeline.model.generator, pipeline.catalog
    every = sorted((catalog.clustering, *clusterings), key=lambda c: (c.resolution, c.n_clusters))
    record = tuple(dict.fromkeys(find_layer(generator, c.layer).name for c in every))
    pictures: list[Picture] = []
    labels: list[list[NDArray[np.int64]]] = [[] for _ in every]
    for latent in latents:
        with torch.inference_mode():
            made = generator.synthesize(pipeline.styles(latent), record=record)
        pictures.append(to_picture(made.image))
        for clustering, found in zip(every, labels, strict=True):
            found.append(clustering.membership(made.activations[clustering.layer])[0])
    stacked = tuple(np.stack(found) for found in labels)
    own = stacked[every.index(catalog.clustering)]
    parts = [catalog.part_map(clusters, generator.resolution) for clusters in own]
    return Memberships(np.stack(pictures), tuple(every), stacked, np.stack(parts))


def membership_name(clustering: Clustering) -> str:
    """Layer and number of clusters."""
    return f"{clustering.layer}, K {clustering.n_clusters}"


def membership_sheet(
    found: Memberships, catalog: Catalog, columns: Sequence[str], side: int
) -> Picture:
    """Draw the pictures, below them a row of maps for each clustering, at last the named parts.

    Args:
        found: what to draw.
        catalog: whose parts they are.
        columns: a heading for each picture.
        side: of a picture in pixels.

    Raises:
        LocalEditError: the sheet would be too large.
    """

    def name_of(part: int) -> str:
        return catalog.parts[part].name

    rows = [[fitted(picture, side) for picture in found.pictures]]
    for labels in found.labels:
        rows.append(
            [
                draw_clusters(picture, clusters, side, None)
                for picture, clusters in zip(found.pictures, labels, strict=True)
            ]
        )
    if catalog.parts:
        rows.append(
            [
                draw_clusters(picture, parts, side, name_of, NO_PART)
                for picture, parts in zip(found.pictures, found.parts, strict=True)
            ]
        )
    names = _row_names(found.clusterings, catalog)
    return contact_sheet(rows, rows=names, columns=columns)


def _row_names(clusterings: Sequence[Clustering], catalog: Catalog) -> list[str]:
    """The headings of the sheet's rows."""
    names = [
        membership_name(each) + (" (catalog)" if each is catalog.clustering else "")
        for each in clusterings
    ]
    return ["", *names, *(["parts"] if catalog.parts else [])]
