"""What is measured: a world, the generator trained on it, its catalog, and pictures of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import Model, load_generator
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator, Styles
from localedit_core.latents import sample_z
from measuring.labels import Labels, label_path
from training.world import World

MODELS = Path(__file__).resolve().parents[3] / "resources" / "localedit_resources" / "models"


@dataclass(frozen=True, eq=False)
class Subject:
    """A world with what was made of it.

    Attributes:
        world: the renderer.
        generator: trained on it, z for z.
        catalog: of that generator.
        labels: which classes of the renderer form one part.
    """

    world: World
    generator: Generator
    catalog: Catalog
    labels: Labels

    @cached_property
    def true_names(self) -> tuple[str, ...]:
        """The renderer's classes, merged ones once: [P]."""
        return self.labels.part_names(self.world.part_names)

    @cached_property
    def _merged(self) -> NDArray[np.uint8]:
        """Index into ``true_names`` of each class of the renderer."""
        merged = self.labels.merged
        names = [self.true_names.index(merged.get(c, c)) for c in self.world.part_names]
        return np.array(names, np.uint8)

    def with_parts(self, parts: Iterable[Part]) -> Subject:
        """Return the same with a catalog of other parts."""
        return replace(self, catalog=self.catalog.with_parts(parts))

    def truth(self, z: Tensor, size: int) -> NDArray[np.uint8]:
        """Return the true part of every pixel, index into ``true_names``: [N, size, size].

        It holds for pictures without truncation only: others have no z.
        """
        _, classes = self.world.render(z, size)
        truth: NDArray[np.uint8] = self._merged[classes.cpu().numpy()]
        return truth

    def styles(self, z: Tensor, psi: float | None = None) -> Styles:
        """Return the styles of pictures of z [N, z_dim]; None truncates as the catalog does."""
        psi = self.catalog.psi if psi is None else psi
        with torch.inference_mode():
            return self.generator.styles(self.generator.broadcast(self.generator.mapping(z), psi))

    def clusters(self, z: Tensor) -> NDArray[np.int64]:
        """Return the cluster of every position of the catalog's layer: [N, h, h]."""
        layer = self.catalog.layer
        with torch.inference_mode():
            made = self.generator.synthesize(
                self.styles(z), record=(layer,), up_to=layer_output(self.generator, layer)
            )
        return self.catalog.membership(made.activations[layer])

    def require_true_maps(self) -> None:
        """Raise a ``LocalEditError`` where the catalog's pictures are truncated."""
        if self.catalog.psi != 1.0:
            raise LocalEditError(
                f"The catalog's pictures are truncated (psi {self.catalog.psi:g}), so that the "
                "renderer's maps do not fit them.",
                'Build the catalog with "psi": 1.0 in the label file.',
            )


def layer_output(generator: Generator, name: str) -> int:
    """Return the side of a layer's output: a picture of that size passes through the layer."""
    return next(layer.resolution for layer in generator.layers if layer.name == name)


def latents(z_dim: int, seeds: Iterable[int]) -> Tensor:
    """Return the prior samples of seeds, [N, z_dim]."""
    return torch.from_numpy(np.concatenate([sample_z(seed, z_dim) for seed in seeds]))


def load_model(world: World, path: Path | None = None) -> Model:
    """Load the generator of a world, the bundled one or that of a file.

    Raises:
        LocalEditError: the file cannot be used, or the generator is not one of this world.
    """
    model = load_generator(path or MODELS / f"{world.name}.safetensors")
    if model.generator.z_dim != world.z_dim:
        raise LocalEditError(
            f"{model.path} takes {model.generator.z_dim} factors, the renderer of {world.name} "
            f"{world.z_dim}: they do not belong together.",
            f"Train it anew: python packaging/demo_models/build.py {world.name}",
        )
    return model


def load_subject(world: World, model: Path | None = None, catalog: Path | None = None) -> Subject:
    """Load the generator of a world with its catalog.

    Args:
        world: the renderer.
        model: another generator's file than the bundled one.
        catalog: another catalog's file; None is the one beside the generator.

    Raises:
        LocalEditError: a file cannot be used, or they do not belong together.
    """
    loaded = load_model(world, model)
    assert loaded.path is not None  # it was loaded from a file
    catalog = catalog or catalog_path(loaded.path)
    labels = Labels.read(label_path(world.name))
    known = load_catalog(catalog, loaded.fingerprint)
    return Subject(world, loaded.generator, known, labels)


def catalog_path(model: Path) -> Path:
    """Return where the catalog of a generator's file is looked for."""
    return model.with_name(f"{model.stem}.catalog.safetensors")
