"""Per-image queries: which channels make a part on these two pictures, instead of on average.

Chong, Chu, Kumar and Forsyth, "Retrieve in Style: Unsupervised Facial Feature Transfer and
Retrieval" (ICCV 2021). There is no budget: a channel moves in full where most of what it does on
the target or on the reference happens inside the part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.contribution import CONSTANT
from localedit_core.catalog.membership import resize_maps
from localedit_core.editing.edit import QuerySettings
from localedit_core.editing.interpolation import StyleMove
from localedit_core.editing.query import Query, require_styles
from localedit_core.generators.base import LayerInfo, Styles

TEMPERATURE = 0.1
"""Of the softmax over parts."""

CLEAR_SHARE = 0.8
"""Share above which a channel counts as the part's."""

OVERSHOOT = 1.3
"""How far channels move at full strength: a little beyond the reference, as published."""

COARSE_SIDE = 8
"""Up to here layers decide pose and layout, and stay as they are except for ``COARSE_PARTS``."""

COARSE_PARTS = frozenset({"hair"})

Relevance = Mapping[str, NDArray[np.float64]]
"""Layer name -> share of each channel in each part of one picture, [P + 1, C_l]; the last row is
what belongs to no part. Columns sum to 1."""


def relevance_of(
    catalog: Catalog, clusters: NDArray[np.int64], activations: Mapping[str, Tensor]
) -> dict[str, NDArray[np.float64]]:
    """Which part each channel belongs to on one picture.

    Each channel is brought to mean 0 and variance 1 over the picture, squared, and averaged inside
    each part's mask; a softmax over the parts makes shares of the averages.

    Args:
        catalog: knows the parts.
        clusters: of the picture, [h, h].
        activations: A_l of the layers, [1, C_l, H, H].
    """
    masks = _part_masks(catalog, clusters)  # [P + 1, h, h]
    return {name: _shares(tensor[0], masks) for name, tensor in activations.items()}


def per_image_query(
    relevance: Iterable[Relevance],
    catalog: Catalog,
    part: str,
    settings: QuerySettings,
    layers: Iterable[LayerInfo],
) -> Query:
    """The channels that are the part's on any of some pictures: name -> q_l [C_l].

    Args:
        relevance: of the target and of the reference.
        catalog: knows the parts.
        part: name of the part.
        settings: layer bands scale the query; without ``colour_layers`` toRGB layers stay.
        layers: the generator's.

    Raises:
        LocalEditError: the catalog has no such part, or the layers have no styles.
    """
    layers = tuple(layers)
    require_styles(layers)
    row = catalog.parts.index(catalog.part(part))
    pictures = tuple(relevance)
    query: Query = {}
    for layer in layers:
        own = [known[layer.name][row] for known in pictures]  # [C_l] each
        coarse = layer.input_resolution <= COARSE_SIDE and part not in COARSE_PARTS
        if coarse or (layer.kind == "torgb" and not settings.colour_layers):
            query[layer.name] = np.zeros(layer.channels)
            continue
        clear = np.max(own, axis=0) > CLEAR_SHARE
        query[layer.name] = clear * settings.bands.scale(layer.input_resolution)
    return query


def norm_keeping_move(
    styles: Styles, reference: Styles, query: Query, strength: float = 1.0
) -> StyleMove:
    """The published transfer, which keeps the length of the moved channels' style.

    s' = s - a q s + a q r |q s| / |q r|, layer by layer, with a = ``OVERSHOOT`` * strength.

    Args:
        styles: s, name -> [N, C_l].
        reference: r, likewise.
        query: q.
        strength: 0 to 1.
    """
    scaled = dict(reference)
    for name, shares in query.items():
        q = torch.from_numpy(shares).to(styles[name].device, styles[name].dtype)  # [C]
        own, other = ((q * s).norm(dim=1, keepdim=True) for s in (styles[name], reference[name]))
        # With nothing to scale by, the reference is taken as it is.
        scaled[name] = reference[name] * torch.where(other > 0, own / other.clamp_min(1e-12), 1.0)
    return StyleMove({name: OVERSHOOT * strength * q for name, q in query.items()}, scaled)


def _part_masks(catalog: Catalog, clusters: NDArray[np.int64]) -> NDArray[np.float32]:
    """Where each part is, and where none is: [P + 1, h, h], 0 or 1."""
    masks = [np.isin(clusters, part.clusters) for part in catalog.parts]
    nowhere = ~np.any(masks, axis=0) if masks else np.ones_like(clusters, dtype=bool)
    return np.stack([*masks, nowhere]).astype(np.float32)


def _shares(activations: Tensor, masks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Activations [C, H, H] and masks [P + 1, h, h] -> shares [P + 1, C]."""
    channels, side, _ = activations.shape
    values = activations.detach().to("cpu", torch.float32).reshape(channels, -1)  # [C, H * H]
    mean = values.mean(dim=1, keepdim=True)
    centred = values - mean
    variance = centred.square().mean(dim=1, keepdim=True)
    varies = variance.sqrt() > CONSTANT * mean.abs()  # rounding alone is no activity
    energy = torch.where(varies, centred.square() / variance.clamp_min(1e-30), 0.0)  # [C, H * H]
    weights = torch.from_numpy(resize_maps(masks, side)).reshape(len(masks), -1)  # [P + 1, H * H]
    inside = energy.double() @ weights.double().T  # [C, P + 1]
    average = inside / weights.double().sum(dim=1).clamp_min(1e-6)
    return np.asarray(torch.softmax(average / TEMPERATURE, dim=1).T.numpy(), dtype=np.float64)
