"""Names for clusters: who belongs to which part, as values that an undo stack can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.splitting import Split
from localedit_core.errors import LocalEditError


@dataclass(frozen=True)
class Naming:
    """The names of a clustering's clusters. Clusters of one name form one part.

    Attributes:
        clustering: whose clusters.
        names: cluster -> name, in the order in which they were named; the others have none.
    """

    clustering: Clustering
    names: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))
        self._check(self.names)
        for name, clusters in self._clusters_of().items():
            Part(name, clusters)  # says what is wrong with a name

    @classmethod
    def of(cls, catalog: Catalog) -> Naming:
        """The names that a catalog's parts give its clusters."""
        names = {cluster: part.name for part in catalog.parts for cluster in part.clusters}
        return cls(catalog.clustering, names)

    def name(self, clusters: Iterable[int], text: str) -> Naming:
        """Call clusters something; those that have that name already merge with them.

        Raises:
            LocalEditError: no such cluster, or no name for a part.
        """
        chosen = tuple(dict.fromkeys(clusters))
        self._check(chosen)
        text = text.strip()
        kept = {
            cluster: name
            for cluster, name in self.names.items()
            if cluster not in chosen or name == text
        }
        return replace(self, names=kept | dict.fromkeys(chosen, text))

    def unname(self, clusters: Iterable[int]) -> Naming:
        """Take the names off clusters. LocalEditError where there is no such cluster."""
        chosen = set(clusters)
        self._check(chosen)
        return replace(self, names={c: name for c, name in self.names.items() if c not in chosen})

    def rename_part(self, old: str, new: str) -> Naming:
        """Call a part something else; it merges with a part that has that name already.

        Raises:
            LocalEditError: there is no such part, or the new name is none.
        """
        if old not in self.names.values():
            raise LocalEditError(f"There is no part {old!r}.", "Name a cluster first.")
        new = new.strip()
        return replace(
            self, names={c: new if name == old else name for c, name in self.names.items()}
        )

    def parts(self, known: Iterable[Part] = ()) -> tuple[Part, ...]:
        """The parts, first named first.

        Args:
            known: parts whose other settings are kept where the name is the same.
        """
        before = {part.name: part for part in known}
        return tuple(
            replace(before[name], clusters=clusters) if name in before else Part(name, clusters)
            for name, clusters in self._clusters_of().items()
        )

    def part_of(self, cluster: int) -> str | None:
        """The name of a cluster, or None."""
        return self.names.get(cluster)

    def after_split(self, split: Split) -> Naming:
        """The names once a cluster was split: all its children have the name that it had.

        Raises:
            LocalEditError: the split is of other clusters.
        """
        if split.clustering.splits[:-1] != self.clustering.splits:
            raise LocalEditError("The split is of other clusters than the names.")
        names = dict(self.names)
        if split.replaced in names:
            names |= dict.fromkeys(split.by, names[split.replaced])
        return Naming(split.clustering, names)

    def _clusters_of(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for cluster, name in self.names.items():
            found.setdefault(name, []).append(cluster)
        return {name: tuple(sorted(clusters)) for name, clusters in found.items()}

    def _check(self, clusters: Iterable[int]) -> None:
        for cluster in clusters:
            if not 0 <= cluster < self.clustering.n_clusters:
                raise LocalEditError(
                    f"There is no cluster {cluster}.",
                    f"There are clusters 0 to {self.clustering.n_clusters - 1}.",
                )
