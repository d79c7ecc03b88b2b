"""Naming clusters by the renderer's true parts, with a person's corrections on top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Part
from measuring.agreement import Table, union_iou
from measuring.labels import Labels

UNTUNED = (20.0, 0.1)
"""Epsilon and floor of a part that the label file says nothing about: the core's own."""


def assign(table: Table) -> NDArray[np.intp]:
    """Give each cluster [K] the true part that makes the mean IoU of all parts largest.

    Starting from the largest overlap, clusters change hands one at a time while that helps. Large
    overlap alone would hand every cluster on a face to the skin round it.

    Args:
        table: the area that each cluster shares with each true part, [K, P].
    """
    owner = np.asarray(table.argmax(axis=1), dtype=np.intp)
    best = union_iou(table, owner).mean()
    improved = True
    while improved:
        improved = False
        for cluster in range(len(owner)):
            for part in range(table.shape[1]):
                trial = owner.copy()
                trial[cluster] = part
                score = union_iou(table, trial).mean()
                if score > best + 1e-9:
                    owner, best, improved = trial, score, True
    return owner


def corrected(names: Sequence[str], labels: Labels, fingerprint: str) -> list[str]:
    """Return the clusters' names [K] with the stored corrections, if those are of this generator.

    Args:
        names: of the clusters, "" for none.
        labels: hold the corrections and the generator that they were made for.
        fingerprint: the generator's own.
    """
    result = list(names)
    if labels.fingerprint == fingerprint:
        for cluster, name in labels.corrections.items():
            result[cluster] = name
    return result


def parts_of(names: Sequence[str], labels: Labels) -> list[Part]:
    """Return the parts that clusters of these names form: those with defaults first, in order."""
    known = dict.fromkeys((*labels.defaults, *names))
    owned = {name: tuple(k for k, own in enumerate(names) if own == name) for name in known if name}
    return [
        Part(name, clusters, *labels.defaults.get(name, UNTUNED))
        for name, clusters in owned.items()
        if clusters
    ]
