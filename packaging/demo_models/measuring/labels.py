"""The stored choices behind a bundled catalog: how it is built and what its parts are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

_SHORT_LIST = re.compile(r"\[\s+([-+0-9.e]+),\s+([-+0-9.e]+)\s+\]")


@dataclass(frozen=True)
class Labels:
    """What a label file says.

    Attributes:
        layer, n_clusters, n_samples, psi, random_state: as in ``build_catalog``.
        merged: renderer classes that go into another part, class -> part.
        corrections: cluster -> part ("" for unnamed), for the generator ``fingerprint`` alone.
        fingerprint: of the generator that the corrections were made for.
        defaults: part -> (epsilon per 512 channels, floor), in the order of the catalog's parts:
            those that people try first come first.
    """

    layer: str
    n_clusters: int
    n_samples: int
    psi: float
    random_state: int
    merged: Mapping[str, str]
    corrections: Mapping[int, str]
    fingerprint: str
    defaults: Mapping[str, tuple[float, float]]

    @classmethod
    def read(cls, path: Path) -> Labels:
        """Read a label file."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["corrections"] = {int(k): v for k, v in fields["corrections"].items()}
        fields["defaults"] = {k: (v[0], v[1]) for k, v in fields["defaults"].items()}
        return cls(**fields)

    def write(self, path: Path) -> None:
        """Write a label file; ``read`` gives an equal value back."""
        text = json.dumps(asdict(self), indent=2)
        path.write_text(_SHORT_LIST.sub(r"[\1, \2]", text) + "\n", encoding="utf-8")

    def with_defaults(self, defaults: Mapping[str, tuple[float, float]]) -> Labels:
        """Return the same labels with other defaults for the parts named, order kept."""
        return replace(self, defaults={**self.defaults, **defaults})

    def part_names(self, classes: Sequence[str]) -> tuple[str, ...]:
        """Return the names that the renderer's classes have once merged, in their order."""
        return tuple(dict.fromkeys(self.merged.get(name, name) for name in classes))


def label_path(name: str) -> Path:
    """Return where the labels of the world of that name are stored."""
    return Path(__file__).parents[1] / f"labels_{name}.json"
