"""Where a picture comes from: a seed, or a stored latent."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from localedit_core.errors import LocalEditError

MAX_SEED = 2**32 - 1
MAX_CLASSES = 8192
"""More than any published generator has."""


def sample_z(seed: int, z_dim: int) -> NDArray[np.float32]:
    """Draw the prior sample of a seed, [1, z_dim], as the published generators' scripts do."""
    return np.random.RandomState(seed).randn(1, z_dim).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Latent:
    """The origin of one picture. Two latents are equal when their ``key`` is.

    Attributes:
        seed: the prior sample's seed, or None for a latent that no seed produced.
        psi: truncation; 1 is none.
        w_plus: [num_ws, w_dim], float32, read-only. Where present it is used as it is, and seed
            and psi only say where it came from; where None it is mapped from the seed.
        class_index: which of a generator's classes it shows, counted from 0; None where the
            generator has none, and for its first class.
        styles: [S], float32, read-only: the styles of all layers, one after the other, of a
            picture that no w_plus makes, such as a session's. Used in the place of w_plus.
        name: what people call a latent that no seed produced; equal latents may differ in it.
    """

    seed: int | None
    psi: float
    w_plus: NDArray[np.float32] | None = field(default=None, repr=False)
    class_index: int | None = None
    styles: NDArray[np.float32] | None = field(default=None, repr=False)
    name: str = ""

    def __post_init__(self) -> None:
        if self.seed is None and self.w_plus is None and self.styles is None:
            raise LocalEditError("A latent needs a seed or stored values.")
        if self.seed is not None and not 0 <= self.seed <= MAX_SEED:
            raise LocalEditError(
                f"{self.seed} is no seed.", f"Seeds are whole numbers from 0 to {MAX_SEED}."
            )
        if not math.isfinite(self.psi) or not -2.0 <= self.psi <= 2.0:
            raise LocalEditError(f"Truncation {self.psi} is out of range.", "Use -2 to 2.")
        if self.class_index is not None and not 0 <= self.class_index < MAX_CLASSES:
            raise LocalEditError(
                f"{self.class_index} is no class.", f"Classes count from 0 to {MAX_CLASSES - 1}."
            )
        if self.w_plus is not None:
            w_plus = np.array(self.w_plus, dtype=np.float32)  # [num_ws, w_dim]
            if w_plus.ndim != 2:
                raise LocalEditError(f"A stored latent has 2 axes, this one has {w_plus.ndim}.")
            if not np.isfinite(w_plus).all():
                raise LocalEditError("A stored latent holds values that are not finite numbers.")
            w_plus.setflags(write=False)
            object.__setattr__(self, "w_plus", w_plus)
        if self.styles is not None:
            styles = np.array(self.styles, dtype=np.float32)  # [S]
            if self.seed is not None or self.w_plus is not None:
                raise LocalEditError("A latent with styles of its own has neither seed nor w_plus.")
            if styles.ndim != 1 or not np.isfinite(styles).all():
                raise LocalEditError("Stored styles are a row of finite numbers.")
            styles.setflags(write=False)
            object.__setattr__(self, "styles", styles)

    @property
    def values(self) -> NDArray[np.float32] | None:
        """What is stored of it, w_plus or styles; None where a seed makes it."""
        return self.w_plus if self.styles is None else self.styles

    @property
    def origin(self) -> str:
        """The same for latents of one seed, whether their values are stored or not."""
        return self.key if self.seed is None else replace(self, w_plus=None).key

    @property
    def key(self) -> str:
        """A short text that is the same for equal latents only."""
        origin = f"seed={self.seed} psi={self.psi:.6g}"
        if self.class_index is not None:
            origin += f" class={self.class_index}"
        if self.values is None:
            return origin
        kind = "w" if self.styles is None else "styles"
        digest = hashlib.sha256(str(self.values.shape).encode() + self.values.tobytes())
        return f"{origin} {kind}={digest.hexdigest()[:16]}"

    @property
    def label(self) -> str:
        """What to call it in front of people: "1234", "1234 of class 5", its name, "stored"."""
        name = (self.name or "stored") if self.seed is None else str(self.seed)
        return name if self.class_index is None else f"{name} of class {self.class_index}"

    def with_psi(self, psi: float) -> Latent:
        """The same seed at another truncation; a latent without a seed stays as it is."""
        if self.seed is None or psi == self.psi:
            return self
        return replace(self, psi=psi, w_plus=None)

    def with_class(self, class_index: int | None) -> Latent:
        """The same seed in another class; a latent without a seed stays as it is."""
        if self.seed is None or class_index == self.class_index:
            return self
        return replace(self, class_index=class_index, w_plus=None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Latent) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)
