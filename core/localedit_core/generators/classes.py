"""The class of a picture, for generators that were trained with classes.

Networks take classes as labels: one row per picture, 1 for its class and 0 elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from localedit_core.errors import LocalEditError
from localedit_core.latents import MAX_CLASSES


def check_c_dim(family: str, c_dim: int) -> None:
    """Check how many classes an architecture has. LocalEditError if that cannot be."""
    if not 0 <= c_dim <= MAX_CLASSES:
        raise LocalEditError(f"A {family} of {c_dim!r:.40} classes cannot be built.")


def without_classes(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an architecture without ``c_dim`` where that is 0.

    Files and fingerprints from before there were classes do not have it.
    """
    return {name: value for name, value in facts.items() if name != "c_dim" or value}


def check_class(c_dim: int, class_index: int | None) -> None:
    """Check that a generator of ``c_dim`` classes has this one.

    Raises:
        LocalEditError: it has none, or not so many.
    """
    if class_index is None:
        return
    if c_dim == 0:
        raise LocalEditError(
            f"This generator has no classes, so it has no class {class_index}.",
            "Leave the class away.",
        )
    if not 0 <= class_index < c_dim:
        raise LocalEditError(
            f"This generator has no class {class_index}.", f"Its classes are 0 to {c_dim - 1}."
        )


def first_class(c_dim: int) -> int | None:
    """What new pictures begin with: class 0, or None for a generator without classes."""
    return 0 if c_dim else None


def class_labels(c_dim: int, class_index: int | None, count: int = 1) -> Tensor | None:
    """The labels of ``count`` pictures of one class: [count, c_dim], or None without classes.

    Args:
        c_dim: how many classes the generator has, 0 for none.
        class_index: the class; None is the first one.
        count: how many rows.

    Raises:
        LocalEditError: the generator has no such class.
    """
    check_class(c_dim, class_index)
    if c_dim == 0:
        return None
    labels = torch.zeros(count, c_dim)
    labels[:, class_index or 0] = 1.0
    return labels


def labels_for(z: Tensor, c_dim: int, labels: Tensor | None) -> Tensor:
    """The labels that go with z [N, z_dim], as numbers like it: [N, c_dim]. None is class 0.

    Raises:
        LocalEditError: labels of another generator.
    """
    if labels is None:
        labels = class_labels(c_dim, None, z.shape[0])
        assert labels is not None  # asked only where there are classes
    if labels.shape != (z.shape[0], c_dim):
        raise LocalEditError(
            f"This generator takes labels of {c_dim} numbers for each of {z.shape[0]} pictures, "
            f"not {' x '.join(str(n) for n in labels.shape)}."
        )
    return labels.to(z)


class LabelConcat(nn.Module):
    """Puts a learnt vector per class behind z, as the TensorFlow StyleGANs do."""

    def __init__(self, c_dim: int, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(c_dim, features))

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """[N, z_dim] and labels [N, c_dim] -> [N, z_dim + features]."""
        return torch.cat((z, labels @ self.weight), dim=1)
