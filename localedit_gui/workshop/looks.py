"""The colours and names of clusters, as every page of the workshop shows them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor

from localedit_core.catalog.colours import cluster_colour, cluster_hatching
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
        share, hatching = float(shares[cluster]), cluster_hatching(shown)
        looks.append(ClusterLook(cluster, colour_of(shown), name, share, hatching))
    return tuple(looks)


def part_looks(state: Labelled) -> Mapping[str, ClusterLook]:
    """The parts in the catalog's order, each with the look of its clusters."""
    looks = looks_of(state)
    return {part.name: looks[min(part.clusters)] for part in state.naming.parts()}


def colour_of(cluster: int) -> QColor:
    """A cluster's colour, the same as on membership sheets."""
    return QColor(*cluster_colour(cluster))
