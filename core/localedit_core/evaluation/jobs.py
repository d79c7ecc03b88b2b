"""Work over many pairs as sums: what a job is, what it yields, and what it runs on."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.fitting import series_of
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import Model, load_generator
from localedit_core.editing.edit import BLEND_SIDES, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.pairs import PairRange
from localedit_core.generators.devices import choose_device
from localedit_core.latents import Latent
from localedit_core.library import generator_path, is_bundled

Cancelled = Callable[[], bool]
Arrays = Mapping[str, NDArray[np.float64]]


class Sums(Protocol):
    """What was found on some pairs: a frozen value that adds, of a size that they do not change."""

    def __add__(self, other: Self, /) -> Self: ...

    def arrays(self) -> Arrays:
        """All of it, as the files of partial results hold it."""
        ...


Found = TypeVar("Found", bound=Sums)
Found_co = TypeVar("Found_co", bound=Sums, covariant=True)


class Job(Protocol[Found_co]):
    """What to measure on each pair. Frozen and small: it travels to other processes."""

    def facts(self) -> dict[str, Any]:
        """All that decides the sums, besides generator and catalog, as JSON takes it."""
        ...

    def measure(
        self, pipeline: Pipeline, pairs: PairRange, cancelled: Cancelled | None = None
    ) -> Found_co:
        """Measure the pairs of a range. RenderCancelled where ``cancelled`` said yes."""
        ...

    def read(self, arrays: Arrays) -> Found_co:
        """The sums whose ``arrays`` these are. KeyError or ValueError where they do not fit."""
        ...


@dataclass(frozen=True)
class Subject:
    """A generator and a catalog of it as they are handed to another process.

    The catalog travels along; the generator is opened there, by name or at the same path.

    Attributes:
        model: name of a bundled generator, or the path of a file.
        model_fingerprint: what must be found there.
        catalog: the catalog's file.
        catalog_fingerprint: of the catalog.
        device: what to compute on, as ``--device`` has it.
    """

    model: str
    model_fingerprint: str
    catalog: bytes = field(repr=False)
    catalog_fingerprint: str
    device: str = "cpu"

    @classmethod
    def of(cls, model: Model, catalog: Catalog, device: str = "cpu") -> Subject:
        """What was opened, to be opened again elsewhere.

        Raises:
            LocalEditError: the generator was never a file.
        """
        if model.path is None:
            raise LocalEditError("The generator is in no file that others could open.", "Save it.")
        place = model.path.stem if is_bundled(model.path) else str(model.path.resolve())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "catalog.safetensors")
            save_catalog(catalog, path)
            packed = path.read_bytes()
        return cls(place, model.fingerprint, packed, catalog.fingerprint, device)

    def open(self) -> Pipeline:
        """Open both.

        Raises:
            LocalEditError: the generator is not there, or another one is.
        """
        model = load_generator(generator_path(self.model))
        if model.fingerprint != self.model_fingerprint:
            raise LocalEditError(
                f"On {platform.node()}, {self.model} is another generator.",
                "Put the same file at the same place on every computer that takes part.",
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "catalog.safetensors")
            path.write_bytes(self.catalog)
            catalog = load_catalog(path, model.fingerprint)
        model.generator.place(choose_device(self.device))
        return Pipeline(model, catalog)


def measure_range(subject: Subject, job: Job[Found], pairs: PairRange) -> Found:
    """Measure a range in whatever process this is, with one thread.

    Sums of floats depend on how many threads make them: with one, they are the same everywhere.
    Cores are kept busy by several processes.
    """
    with one_thread():
        return job.measure(_opened(subject, get_ident()), pairs)


@cache
def _opened(subject: Subject, _thread: int) -> Pipeline:
    # One for each thread, since a pipeline belongs to one; a process works on one subject.
    return subject.open()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute with one thread for a while."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def own_transfers(
    catalog: Catalog,
    parts: Sequence[str],
    method: Method,
    *,
    epsilon: float | None = None,
    guard: float = 0.0,
    blend_to: int = BLEND_SIDES[0],
) -> tuple[QuerySettings, ...]:
    """How each part is transferred: with its own floor, and its own budget where none is said.

    Raises:
        LocalEditError: no such part, or numbers out of range.
    """
    return tuple(
        QuerySettings(
            method,
            epsilon=part.epsilon if epsilon is None else epsilon,
            floor=part.floor,
            guard=guard,
            blend_to=blend_to,
        )
        for part in map(catalog.part, parts)
    )


def made_at(pipeline: Pipeline, size: int, guards: Iterable[float]) -> int:
    """At which side to make pictures that are compared at ``size``.

    With the guard up none is smaller than the catalog's layer, and those compared are made alike:
    a small picture is not a large one made smaller.
    """
    if not any(guards):
        return size
    layers = {layer.name: layer.resolution for layer in pipeline.model.generator.layers}
    return max(size, layers[pipeline.catalog.layer])


def pair_latents(pipeline: Pipeline, seeds: tuple[int, int], psi: float) -> tuple[Latent, Latent]:
    """Target and reference of a pair; both of the target's class, where there are classes."""
    catalog, generator = pipeline.catalog, pipeline.model.generator
    class_index = series_of(generator, catalog.clustering).class_of(seeds[0])
    target, reference = (Latent(seed, psi, class_index=class_index) for seed in seeds)
    return target, reference
