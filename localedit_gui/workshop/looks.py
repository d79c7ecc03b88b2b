"""The colours and names of clusters, as every page of the workshop shows them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor

from localedit_core.catalog.colours import cluster_colour
from localedit_gui.widgets.cluster_look import ClusterLook
from localedit_gui.workshop.document import shares_of
from localedit_gui.workshop.values import Labelled


def looks_of(state: Labelled) -> tuple[ClusterLook, ...]:
    """One look per cluster; clusters of one part have the colour of its lowest number."""
    count = state.naming.clustering.n_clusters
    shares = shares_of(state.labels, count)
    first = {part.name: min(part.clusters) for part in state.naming.parts()}
    looks = []
    for cluster in range(count):
        name = state.naming.part_of(cluster)
        shown = cluster if name is None else first[name]
        looks.append(ClusterLook(cluster, colour_of(shown), name, float(shares[cluster])))
    return tuple(looks)


def part_looks(state: Labelled) -> Mapping[str, QColor]:
    """The parts in the catalog's order, each with its colour."""
    return {part.name: colour_of(min(part.clusters)) for part in state.naming.parts()}


def colour_of(cluster: int) -> QColor:
    """A cluster's colour, the same as on membership sheets."""
    return QColor(*cluster_colour(cluster))
