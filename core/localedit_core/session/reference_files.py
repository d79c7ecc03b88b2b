"""References from files: latents of other programs, and sessions, whose results lend parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.editing.stored_styles import join_styles
from localedit_core.errors import LocalEditError
from localedit_core.latent_files import StoredLatent, is_latent_file, read_latent_file
from localedit_core.latents import Latent
from localedit_core.session.png import load_session_any
from localedit_core.session.state import EditState

MOST_LATENTS = 64
"""Of one file."""

_FITS = "LocalEdit takes z and w of {w} values, and w+ of {n} x {w}, one or several in a file."


def references_from_file(
    pipeline: Pipeline, path: Path | str, psi: float = 1.0
) -> tuple[Latent, ...]:
    """Read what a file lends parts from.

    Args:
        pipeline: of the generator that the references are for.
        path: a session or an exported picture of one; or a ``.npy``, ``.npz`` or PyTorch file
            with z, w or w+. What it is is told by its content.
        psi: the truncation of z, which is the only kind that is mapped.

    Returns:
        One latent for a session; one for each entry of a file of latents.

    Raises:
        LocalEditError: it cannot be read, is none of these, or does not fit the generator.
    """
    path = Path(path)
    if is_latent_file(path):
        return _latents(pipeline, path, psi)
    state = load_session_any(path).state
    if state.model.fingerprint != pipeline.model.fingerprint:
        raise LocalEditError(
            f"{path} is a session on another generator ({state.model.name}).",
            "Open that generator, or choose a session on this one.",
        )
    return (composite_latent(pipeline, state, path.stem),)


def composite_latent(pipeline: Pipeline, state: EditState, name: str) -> Latent:
    """A session's result as a latent that lends its parts.

    Its styles are the target's with all edits applied everywhere (guards only hold an edit to its
    place, and a reference lends what it has there). Where edits of several parts claim one
    channel, the upper one's value is kept. Edits that blend move no styles and are left out.

    Raises:
        LocalEditError: the session does not fit the generator or its catalog.
    """
    request = RenderRequest(0, 0, state.target, state.edits, noise_seed=state.noise_seed)
    composition = pipeline.compose(request)
    if not composition.moves:
        return Latent(None, state.target.psi, pipeline.w_plus(state.target), name=name)
    return Latent(None, state.target.psi, styles=join_styles(composition.styles), name=name)


def _latents(pipeline: Pipeline, path: Path, psi: float) -> tuple[Latent, ...]:
    found = read_latent_file(path)
    rows = [row for stored in found for row in _rows(pipeline, stored, psi)]
    generator = pipeline.model.generator
    fits = _FITS.format(n=generator.num_ws, w=generator.w_dim)
    if not rows:
        shapes = ", ".join(" x ".join(map(str, s.values.shape)) or "one number" for s in found)
        raise LocalEditError(
            f"{path} holds no latent of this generator, but {shapes or 'no arrays'}.", fits
        )
    if len(rows) > MOST_LATENTS:
        raise LocalEditError(
            f"{path} holds {len(rows)} latents, more than {MOST_LATENTS}.", "Split the file."
        )
    if not all(np.isfinite(row).all() for row in rows):
        raise LocalEditError(f"{path} holds values that are not finite numbers.", fits)
    names = [path.stem] if len(rows) == 1 else [f"{path.stem} {n}" for n in range(1, len(rows) + 1)]
    return tuple(Latent(None, psi, row, name=n) for row, n in zip(rows, names, strict=True))


def _rows(pipeline: Pipeline, stored: StoredLatent, psi: float) -> list[NDArray[np.float32]]:
    """The w+ [num_ws, w_dim] that an array holds; none where it does not look like latents."""
    generator, values = pipeline.model.generator, stored.values
    num_ws, w_dim, z_dim = generator.num_ws, generator.w_dim, generator.z_dim
    is_z = stored.kind == "z"
    if not is_z and values.ndim >= 2 and values.shape[-2:] == (num_ws, w_dim) and num_ws > 1:
        return list(values.reshape(-1, num_ws, w_dim))
    width = z_dim if is_z else w_dim
    single = values.ndim in (1, 2) or (values.ndim == 3 and values.shape[1] == 1)
    if not single or values.shape[-1:] != (width,):
        return []
    vectors = torch.from_numpy(values.reshape(-1, width))  # [N, width]
    with torch.inference_mode():
        w = generator.mapping(vectors, None) if is_z else vectors
        made = generator.broadcast(w, psi if is_z else 1.0).cpu().numpy()
    return list(np.asarray(made, np.float32))
