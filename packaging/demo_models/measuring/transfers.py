"""Many transfers between one pair of pictures at once: how each pixel changes.

Everything is done at a size that the generator makes on its way to the full picture (architecture
"skip": its own colour output there), which costs a fraction of the full one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.catalog import Catalog
from localedit_core.editing.difference import squared_error_lab, to_lab
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import Query
from localedit_core.generators.base import Generator, Styles, SynthesisState
from localedit_core.generators.pictures import to_picture
from measuring.subject import Subject, latents, layer_output

BATCH = 8


@dataclass(frozen=True, eq=False)
class Pair:
    """A target with what its synthesis kept, and the reference's styles.

    Attributes:
        generator: made both.
        target: its styles, [1, C_l].
        reference: its styles, [1, C_l].
        size: side of the pictures compared.
        picture: the target, [1, 3, size, size] in 0..1.
        original: the target in CIELAB, [size, size, 3].
        kept: the target's state before each layer.
        full: squared error between target and reference, float64 [size * size].
        target_parts: the catalog's part map of the target, [size, size].
        reference_parts: and of the reference.
    """

    generator: Generator
    target: Styles
    reference: Styles
    size: int
    picture: Tensor
    original: NDArray[np.float32]
    kept: Mapping[str, SynthesisState]
    full: NDArray[np.float64]
    target_parts: NDArray[np.uint8]
    reference_parts: NDArray[np.uint8]

    @classmethod
    def of(cls, subject: Subject, seeds: tuple[int, int], size: int) -> Pair:
        """Make the pair (target seed, reference seed), truncated as the catalog's pictures are."""
        generator, catalog = subject.generator, subject.catalog
        z = latents(generator.z_dim, seeds)
        target, reference = subject.styles(z[:1]), subject.styles(z[1:])
        names = [layer.name for layer in generator.layers]
        with torch.inference_mode():
            first = generator.synthesize(target, up_to=size, record=(catalog.layer,), keep=names)
            second = generator.synthesize(reference, up_to=size, record=(catalog.layer,))
        original, other = to_lab(to_picture(first.image)), to_lab(to_picture(second.image))
        return cls(
            generator=generator,
            target=target,
            reference=reference,
            size=size,
            picture=unit_range(first.image),
            original=original,
            kept=first.kept,
            full=_flat_error(original, other),
            target_parts=_parts(catalog, first.activations[catalog.layer], size),
            reference_parts=_parts(catalog, second.activations[catalog.layer], size),
        )

    def errors(self, queries: Sequence[Query]) -> NDArray[np.float64]:
        """Return the squared error between target and edited pictures, [T, size * size].

        What lies below the first layer that a batch moves is taken from the target, and queries
        that are equal are made once: small budgets meet no floor, large ones nothing else.
        """
        distinct, places = _distinct(queries)
        found = np.zeros((len(distinct), self.size**2))
        for n, image in self._made(distinct):
            found[n] = _flat_error(self.original, to_lab(to_picture(image)))
        return found[places]

    def changes(self, queries: Sequence[Query]) -> NDArray[np.float32]:
        """Return edited pictures less the target, in RGB from 0 to 1: [T, 3, size, size]."""
        distinct, places = _distinct(queries)
        found = np.zeros((len(distinct), 3, self.size, self.size), np.float32)
        for n, image in self._made(distinct):
            found[n] = (unit_range(image) - self.picture)[0].numpy()
        return found[places]

    def _made(self, queries: Sequence[Query]) -> Iterator[tuple[int, Tensor]]:
        """Make the edited pictures, each [1, 3, size, size]; none of a query that moves nothing."""
        for first in range(0, len(queries), BATCH):
            part = queries[first : first + BATCH]
            start = self._first_moved(part)
            if start is None:
                continue
            moved = [interpolate(self.target, self.reference, query) for query in part]
            styles = {name: torch.cat([one[name] for one in moved]) for name in self.target}
            with torch.inference_mode():
                made = self.generator.synthesize(
                    styles, up_to=self.size, resume=_repeated(self.kept[start], len(part))
                )
            for n in range(len(part)):
                yield first + n, made.image[n : n + 1]

    def _first_moved(self, queries: Sequence[Query]) -> str | None:
        for layer in self.generator.layers:
            if layer.resolution > self.size:
                break
            if any(query[layer.name].any() for query in queries):
                return layer.name
        return None


def unit_range(image: Tensor) -> Tensor:
    """Return a generator's pictures, -1..1, in 0..1 and clipped there."""
    return ((image + 1.0) * 0.5).clamp(0.0, 1.0)


def working_size(subject: Subject, size: int) -> int:
    """Return the size to compare at: not below what the catalog's layer needs, nor above full."""
    least = layer_output(subject.generator, subject.catalog.layer)
    return min(max(size, least), subject.generator.resolution)


def split_means(errors: NDArray[np.float64], masks: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean error inside and outside of masks.

    Args:
        errors: [T, pixels].
        masks: [M, pixels].

    Returns:
        [T, M, 2], (inside, outside); NaN for a mask that covers nothing or everything.
    """
    inside = masks.sum(axis=1).astype(np.float64)  # [M]
    outside = masks.shape[1] - inside
    usable = (inside > 0) & (outside > 0)
    sums = errors @ masks.T.astype(np.float64)  # [T, M]
    rest = errors @ (~masks).T.astype(np.float64)
    means = np.stack([sums / np.maximum(inside, 1.0), rest / np.maximum(outside, 1.0)], axis=-1)
    means[:, ~usable] = np.nan
    return means


def _distinct(queries: Sequence[Query]) -> tuple[list[Query], list[int]]:
    """Return the queries without repetitions, and which of them each one is."""
    keys = [b"".join(q.tobytes() for q in query.values()) for query in queries]
    distinct = dict(zip(keys, queries, strict=True))
    order = {key: n for n, key in enumerate(distinct)}
    return list(distinct.values()), [order[key] for key in keys]


def _parts(catalog: Catalog, activations: Tensor, size: int) -> NDArray[np.uint8]:
    return catalog.part_map(catalog.membership(activations)[0], size)


def _flat_error(original: NDArray[np.float32], image: NDArray[np.float32]) -> NDArray[np.float64]:
    return squared_error_lab(original, image).ravel().astype(np.float64)


def _repeated(state: SynthesisState, count: int) -> SynthesisState:
    def repeat(values: Tensor | None) -> Tensor | None:
        return None if values is None else values.expand(count, -1, -1, -1)

    return SynthesisState(
        state.layer, state.x.expand(count, -1, -1, -1), repeat(state.rgb), repeat(state.residual)
    )
