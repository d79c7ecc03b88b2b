"""What a picture is asked for with, and what comes back. Frozen values between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from localedit_core.editing.edit import Edit
from localedit_core.latents import Latent

Picture = NDArray[np.uint8]  # [H, W, 3], sRGB


class HalfPrecision(StrEnum):
    """Whether pictures that are looked at in passing are made in half precision."""

    OFF = "off"
    ON = "on"  # wherever the device can
    AUTO = "auto"  # where it is quicker, too


@dataclass(frozen=True)
class RenderRequest:
    """Everything that rendering needs; nothing in it can change.

    Attributes:
        generation: grows with every request; a result is newer when its generation is.
        epoch: changes with model, target or catalog; results of another epoch are not comparable.
        target: the picture that is edited.
        edits: the stack, lowest first.
        roi_part: the part that the measures are about, or None for none.
        noise_seed: seed of the fixed noise, or None for the generator's own.
        preview_resolution: side of the first, quick picture, or None for no preview.
        half: whether that picture may be in half precision; settled pictures never are.
    """

    generation: int
    epoch: int
    target: Latent
    edits: tuple[Edit, ...] = ()
    roi_part: str | None = None
    noise_seed: int | None = None
    preview_resolution: int | None = None
    half: HalfPrecision = HalfPrecision.OFF


@dataclass(frozen=True)
class Leak:
    """The part that changes most of those that no edit is of.

    Attributes:
        part: its name.
        delta_e: mean CIE76 delta E in it.
    """

    part: str
    delta_e: float


@dataclass(frozen=True)
class Measures:
    """The numbers of one edited picture (method.md, section 4).

    Attributes:
        in_mse: mean CIELAB squared error inside the ROI, the authors' normalisation.
        out_mse: the same outside, of what no other edit of the stack is meant to change.
        roir: norm of the change outside over norm of the change inside, in sRGB (lower is better;
            PandA, ICLR 2023); None if nothing changed inside.
        delta_e_inside: mean CIE76 delta E inside the ROI.
        delta_e_outside: the same outside, as ``out_mse``.
        channels_moved: per layer, how many style channels differ from the target's.
        channels_total: per layer, how many there are.
        leak: where the picture changes most outside the part; None where no other part is there.
    """

    in_mse: float
    out_mse: float
    roir: float | None
    delta_e_inside: float
    delta_e_outside: float
    channels_moved: Mapping[str, int]
    channels_total: Mapping[str, int]
    leak: Leak | None = None


@dataclass(frozen=True, eq=False)
class RenderResult:
    """One picture on its way to the screen; later stages carry more.

    Attributes:
        request: what was asked for.
        stage: "preview" (small), "settled" (full size), "measured" (full size and the numbers).
        image: the edited picture, [r, r, 3].
        original: the target without edits, [R, R, 3]; None in a preview.
        part_map: index into ``Catalog.parts`` per pixel of the target, [R, R]; ``NO_PART`` where no
            part is; None before "measured".
        difference: CIE76 delta E between original and image, [R, R]; None before "measured".
        measures: None before "measured", where the request names no ROI, and where the part covers
            no pixel of the target.
        seconds: what each step took.
    """

    request: RenderRequest
    stage: Literal["preview", "settled", "measured"]
    image: Picture
    original: Picture | None
    part_map: NDArray[np.uint8] | None
    difference: NDArray[np.float32] | None
    measures: Measures | None
    seconds: Mapping[str, float]
