"""``localedit edit``: part transfers without a window."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.commands.edit_list import read_edits
from localedit_core.commands.placing import place
from localedit_core.editing.diffmap import render_diff
from localedit_core.editing.edit import (
    Edit,
    LayerBands,
    Method,
    QuerySettings,
    usual_method,
    usual_psi,
)
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Measures, Picture, RenderRequest, RenderResult
from localedit_core.errors import LocalEditError
from localedit_core.generators.classes import check_class, first_class
from localedit_core.generators.devices import choose_device
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model, reference_to
from localedit_core.session.png import export_png
from localedit_core.session.reference_files import references_from_file
from localedit_core.session.state import EditState
from localedit_core.session.storage import save_session, session_bytes, values_in_use

THUMBNAIL_SIDE = 128


def run(arguments: argparse.Namespace) -> None:
    """Render the edits that the arguments describe, write what was asked for, print measures."""
    device = choose_device(arguments.device)
    model, catalog = open_labelled_model(arguments.model)
    place(model, device)
    psi = usual_psi(catalog.psi, model.generator.has_styles)
    psi = psi if arguments.psi is None else arguments.psi
    class_index = arguments.class_index
    check_class(model.generator.c_dim, class_index)
    if class_index is None:
        class_index = first_class(model.generator.c_dim)
    pipeline = Pipeline(model, catalog)

    def reference(named: int | Path) -> Latent:
        if isinstance(named, int):
            return Latent(named, psi, class_index=class_index)
        return _reference_of(pipeline, named, psi)

    state = EditState(
        model=reference_to(model, catalog),
        target=Latent(arguments.target, psi, class_index=class_index),
        edits=_edits(arguments, catalog, reference, _method(arguments, model)),
        psi=psi,
        noise_seed=arguments.noise_seed,
        class_index=class_index,
    )
    measured = arguments.measure or state.edits[-1].part
    catalog.part(measured)  # a wrong name is told before anything is rendered
    result = render(pipeline, state, measured)

    latents = stored_latents(pipeline, state)
    thumbnail = shrink(result.image, THUMBNAIL_SIDE)
    export_png(arguments.out, result.image, session_bytes(state, latents))
    if arguments.diff is not None:
        assert result.difference is not None  # a measured result has one
        roi = pipeline.roi(pipeline.view(state.target, state.noise_seed), measured)
        export_png(arguments.diff, render_diff(result.difference, roi))
    if arguments.session is not None:
        save_session(arguments.session, state, latents, thumbnail)
    _report(arguments, measured, result.measures)


def render(pipeline: Pipeline, state: EditState, roi_part: str | None = None) -> RenderResult:
    """Render a session's state to its end: the result of the stage "measured"."""
    request = RenderRequest(
        generation=0,
        epoch=0,
        target=state.target,
        edits=state.edits,
        roi_part=roi_part,
        noise_seed=state.noise_seed,
    )
    *_, last = pipeline.run(request)
    return last


def stored_latents(pipeline: Pipeline, state: EditState) -> dict[str, NDArray[np.float32]]:
    """The w_plus of every latent in use by its key, as sessions store them."""
    return values_in_use(state, pipeline.w_plus)


def shrink(image: Picture, side: int) -> Picture:
    """A picture of at most ``side`` px, by area averaging."""
    if max(image.shape[:2]) <= side:
        return image
    resized = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, dtype=np.uint8)


def _method(arguments: argparse.Namespace, model: Model) -> Method:
    """The method asked for, else the one that suits the generator."""
    if arguments.method is not None:
        return Method(arguments.method)
    return usual_method(model.generator.has_styles)


def _edits(
    arguments: argparse.Namespace,
    catalog: Catalog,
    reference: Callable[[int | Path], Latent],
    method: Method,
) -> tuple[Edit, ...]:
    bands = LayerBands(arguments.coarse, arguments.middle, arguments.fine)
    common = QuerySettings(
        method=method,
        lam=arguments.lam,
        bands=bands,
        colour_layers=arguments.colour_layers,
        unit=arguments.unit,
        blend_to=arguments.blend_to,
        guard=arguments.guard,
    )
    if arguments.edits is not None:
        if arguments.parts or arguments.references:
            raise LocalEditError("--edits replaces --part and --reference.", "Leave those out.")
        for option in ("epsilon", "floor", "strength"):
            if getattr(arguments, option) is not None:
                raise LocalEditError(
                    f"--{option} does not go with --edits.", "Write it into the file."
                )
        return read_edits(Path(arguments.edits), catalog, common, reference)
    if not arguments.parts:
        raise LocalEditError("There is no edit.", "Give --part and --reference, or --edits.")
    parts = [catalog.part(name) for name in arguments.parts]
    count = len(parts)
    if len(arguments.references) != count:
        raise LocalEditError(
            f"There are {count} --part, but {len(arguments.references)} --reference.",
            "Give one --reference for each --part.",
        )
    epsilons = _for_each("--epsilon", arguments.epsilon, [part.epsilon for part in parts])
    floors = _for_each("--floor", arguments.floor, [part.floor for part in parts])
    strengths = _for_each("--strength", arguments.strength, [1.0] * count)
    return tuple(
        Edit(
            edit_id=f"edit-{index + 1}",
            part=part.name,
            reference=reference(arguments.references[index]),
            settings=replace(common, epsilon=epsilons[index], floor=floors[index]),
            strength=strengths[index],
        )
        for index, part in enumerate(parts)
    )


def _reference_of(pipeline: Pipeline, path: Path, psi: float) -> Latent:
    found = references_from_file(pipeline, path, psi)
    if len(found) > 1:
        raise LocalEditError(
            f"{path} holds {len(found)} latents.", "Save the one to take into a file of its own."
        )
    return found[0]


def _for_each(
    option: str, given: Sequence[float] | None, defaults: Sequence[float]
) -> Sequence[float]:
    """One value per edit: given for each, given once for all, or the defaults."""
    if given is None:
        return defaults
    if len(given) == 1:
        return [given[0]] * len(defaults)
    if len(given) != len(defaults):
        raise LocalEditError(
            f"There are {len(defaults)} edits, but {len(given)} {option}.",
            "Give it once for all, or once for each.",
        )
    return given


def _report(arguments: argparse.Namespace, part: str, measures: Measures | None) -> None:
    facts = {
        name: getattr(measures, name, None)
        for name in ("in_mse", "out_mse", "roir", "delta_e_inside", "delta_e_outside")
    }
    moved = dict(measures.channels_moved) if measures is not None else None
    if arguments.json:
        print(json.dumps(facts | {"channels_moved": moved}))
        return
    if measures is None or moved is None:
        print(f"{part}: no measures, the part covers nothing or everything of the target")
    else:
        roir = "-" if measures.roir is None else f"{measures.roir:.4f}"
        total = sum(measures.channels_total.values())
        print(f"{part}: In-MSE {measures.in_mse:.6f}, Out-MSE {measures.out_mse:.6f}, ROIR {roir}")
        print(
            f"delta E {measures.delta_e_inside:.2f} inside, {measures.delta_e_outside:.2f} outside"
        )
        print(f"{sum(moved.values())} of {total} channels moved")
    for path in (arguments.out, arguments.diff, arguments.session):
        if path is not None:
            print(f"wrote {Path(path)}")
