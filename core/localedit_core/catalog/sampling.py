"""The random pictures that catalogs are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator, LayerInfo, Styles
from localedit_core.generators.classes import check_class, class_labels
from localedit_core.latents import MAX_SEED, sample_z

MAX_CLUSTERS = 255

Progress = Callable[[int, int], None]
"""Told (steps done, steps in all)."""

Cancelled = Callable[[], bool]
"""Asked now and then; yes ends the work."""


def styles_of_seed(
    generator: Generator, seed: int, psi: float, class_index: int | None = None
) -> Styles:
    """The styles of a seed's picture at a truncation, name -> [1, C_l].

    Raises:
        LocalEditError: the generator has no such class.
    """
    labels = class_labels(generator.c_dim, class_index)  # [1, c_dim]
    with torch.no_grad():
        w = generator.mapping(torch.from_numpy(sample_z(seed, generator.z_dim)), labels)
        return generator.styles(generator.broadcast(w, psi))


def find_layer(generator: Generator, name: str) -> LayerInfo:
    """The layer of that name.

    Raises:
        LocalEditError: there is none; the hint lists the layers.
    """
    for layer in generator.layers:
        if layer.name == name:
            return layer
    known = ", ".join(layer.name for layer in generator.layers)
    raise LocalEditError(f"This generator has no layer {name!r}.", f"It has {known}.")


def check_clusters(n_clusters: int, points: int) -> None:
    """Check how many clusters are asked for of how many positions.

    Raises:
        LocalEditError: 1, which tells no parts apart, more than 255, or more than positions.
    """
    if n_clusters == 1:
        raise LocalEditError("One cluster tells no parts apart.", f"Use 2 to {MAX_CLUSTERS}.")
    if not 2 <= n_clusters <= MAX_CLUSTERS:
        raise LocalEditError(f"{n_clusters} clusters cannot be made.", f"Use 2 to {MAX_CLUSTERS}.")
    if points < n_clusters:
        raise LocalEditError(
            f"There are fewer positions ({points}) than {n_clusters} clusters.",
            "Use more pictures or a layer of higher resolution.",
        )


def sample_classes(c_dim: int, count: int, random_state: int) -> list[int | None]:
    """A class for each of ``count`` pictures: all in turn, in a random order. None without."""
    if c_dim == 0:
        return [None] * count
    order = class_order(c_dim, random_state)
    return [order[index % c_dim] for index in range(count)]


def class_order(c_dim: int, random_state: int) -> tuple[int, ...]:
    """The classes in a random order; empty without."""
    return tuple(int(n) for n in np.random.RandomState(random_state).permutation(c_dim))


@dataclass(frozen=True)
class PictureSeries:
    """The pictures that a catalog is made of, and any others like them.

    Attributes:
        seeds: of the pictures.
        psi: their truncation.
        random_state: chose the first seed and the order of classes.
        classes: taken in turn; empty for a generator without classes.
    """

    seeds: range
    psi: float
    random_state: int
    classes: tuple[int, ...] = ()

    def class_of(self, seed: int) -> int | None:
        """The class of a seed's picture; also of a seed outside the series."""
        if not self.classes:
            return None
        return self.classes[(seed - self.seeds.start) % len(self.classes)]

    def styles(self, generator: Generator, seed: int) -> Styles:
        """The styles of a seed's picture, name -> [1, C_l]."""
        return styles_of_seed(generator, seed, self.psi, self.class_of(seed))


def picture_series(
    generator: Generator,
    n_samples: int,
    psi: float,
    random_state: int,
    class_index: int | None = None,
) -> PictureSeries:
    """The pictures of a generator with seeds from random_state * n_samples on.

    Args:
        generator: has the classes.
        n_samples: how many pictures.
        psi: their truncation.
        random_state: chooses the seeds and the order of classes.
        class_index: the class of all; None takes every class of a generator in turn.

    Raises:
        LocalEditError: a number is out of range, or there is no such class.
    """
    check_class(generator.c_dim, class_index)
    seeds = seeds_of(n_samples, psi, random_state)
    if class_index is not None:
        return PictureSeries(seeds, psi, random_state, (class_index,))
    return PictureSeries(seeds, psi, random_state, class_order(generator.c_dim, random_state))


def seeds_of(n_samples: int, psi: float, random_state: int) -> range:
    """The seeds that a catalog's pictures have, from random_state * n_samples on.

    Raises:
        LocalEditError: a number is out of range.
    """
    if n_samples < 1:
        raise LocalEditError(f"A catalog cannot be made of {n_samples} pictures.")
    if not np.isfinite(psi) or not -2.0 <= psi <= 2.0:
        raise LocalEditError(f"Truncation {psi} is out of range.", "Use -2 to 2.")
    first = random_state * n_samples
    if not 0 <= first <= MAX_SEED - n_samples:
        raise LocalEditError(f"A random state of {random_state} is out of range.")
    return range(first, first + n_samples)
