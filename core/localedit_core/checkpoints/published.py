"""Opens a checkpoint as others publish them, whatever its family and layout.

The pickle reader makes plain values of it; here it is told whose they are. What is looked at are
names and structure, never the name of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from localedit_core.checkpoints import genforce, lernapparat, rosinality, stylegan2_ada
from localedit_core.checkpoints import stylegan2_tensorflow as stylegan2_tf
from localedit_core.checkpoints.conversion import (
    DAMAGED,
    Converted,
    check_held,
    describe,
    from_network,
)
from localedit_core.checkpoints.pickles.reading import open_pickled
from localedit_core.checkpoints.pickles.values import StandIn, StoredArray
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.checkpoints.shown import shown
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.errors import LocalEditError

# Where files keep the weights, best first: averaged ones before those of the last step.
_PLACES = (
    "G_ema",
    "g_ema",
    "generator_smooth",
    "ema",
    "params_ema",
    "state_dict",
    "g",
    "generator",
)
_KNOWN = (
    "LocalEdit opens StyleGAN2 (NVIDIA's PyTorch and TensorFlow files, rosinality's, genforce's), "
    "StyleGAN and PG-GAN."
)


@contextmanager
def open_published(
    path: Path | str, cancelled: Callable[[], bool] | None = None
) -> Iterator[Converted]:
    """Open a published checkpoint; its weights can be read while the context is open.

    Args:
        path: the file.
        cancelled: asked now and then.

    Raises:
        LocalEditError: it is no generator, one that LocalEdit cannot run, damaged, or asks for
            what is refused; also for weights that are read within the context.
        RenderCancelled: ``cancelled`` said yes.
    """
    path = Path(path)
    with open_pickled(path, cancelled) as pickled:
        try:
            yield convert(pickled.root)
        except LocalEditError as error:
            if str(path) in error.message:
                raise
            raise LocalEditError(f"Cannot open {path}: {error.message}", error.hint) from error


def convert(root: Any) -> Converted:
    """Tell what a file's value is, and convert it. LocalEditError if it is no generator."""
    if isinstance(root, tuple | list) and len(root) == 3 and all(map(_is_tensorflow, root)):
        return _tensorflow(root[2])
    if _is_tensorflow(root):
        return _tensorflow(root)
    if isinstance(root, StandIn) and stylegan2_ada.is_network(root):
        return stylegan2_ada.convert_network(root)
    if isinstance(root, dict):
        for place in (None, *_PLACES):
            found = root if place is None else root.get(place)
            if isinstance(found, StandIn) and stylegan2_ada.is_network(found):
                return stylegan2_ada.convert_network(found)
            if isinstance(found, dict) and (state := _state(found)):
                converted = _of_state(state, root)
                if converted is not None:
                    return converted
    raise LocalEditError(f"it holds {_summary(root)}, no generator that is known.", _KNOWN)


def _state(found: dict[Any, Any]) -> dict[str, Any]:
    """A state dict without the "module." that training on several devices puts before names."""
    if not stylegan2_ada.is_state(found):
        return {}
    names = [name for name in found if isinstance(name, str)]
    if len(names) != len(found):
        return {}
    together = all(name.startswith("module.") for name in names)
    return {name.removeprefix("module.") if together else name: found[name] for name in names}


def _of_state(state: Mapping[str, Any], root: Mapping[Any, Any]) -> Converted | None:
    """Convert a state dict by its names; None if they are nobody's."""
    check_held(state.values())
    if rosinality.recognise(state):
        return rosinality.convert(state, root.get("latent_avg"))
    if stylegan2_ada.recognise(state):
        return stylegan2_ada.convert_state(state, layout="StyleGAN2-ADA (weights only)")
    if genforce.recognise(state):
        return genforce.convert(state)
    if lernapparat.recognise(state):
        return lernapparat.convert(state)
    return None


# TensorFlow ------------------------------------------------------------------------------------


def _is_tensorflow(value: Any) -> bool:
    """Whether a value is a network of NVIDIA's TensorFlow code."""
    return (
        isinstance(value, StandIn)
        and isinstance(value.state, dict)
        and isinstance(value.state.get("variables"), list)
        and "static_kwargs" in value.state
    )


def _tensorflow(network: StandIn) -> Converted:
    state = network.state
    variables: dict[str, Any] = {}
    components = state.get("components") or {}
    parts = components.values() if isinstance(components, dict) else ()
    for part in (network, *parts):
        if not isinstance(part, StandIn) or not isinstance(part.state, dict):
            raise LocalEditError("A component of the network is damaged.", DAMAGED)
        own = part.state.get("variables") or []
        if not isinstance(own, list | tuple):
            raise LocalEditError("The network's list of variables is damaged.", DAMAGED)
        for pair in own:
            if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
                raise LocalEditError("The network's list of variables is damaged.", DAMAGED)
            # A StyleGAN and its synthesis network each count the level of detail.
            if pair[0] in variables and pair[0] != "lod":
                raise LocalEditError(f"The variable {pair[0]!r:.80} is there twice.", DAMAGED)
            # Variables without axes are plain numbers there.
            number = type(pair[1]) in (int, float)
            variables[pair[0]] = np.asarray(pair[1], np.float32) if number else pair[1]
    check_held(variables.values())
    arguments = state.get("static_kwargs")
    if not isinstance(arguments, dict):
        raise LocalEditError("The network's arguments are missing.", DAMAGED)
    if any(name.endswith("/mod_weight") for name in variables):
        return stylegan2_tf.convert(arguments, variables)
    if any("/StyleMod/" in name for name in variables):
        styled = build_stylegan(arguments, variables)
        return from_network(styled, "StyleGAN (TensorFlow)", _growth(variables))
    if "4x4/Dense/weight" in variables:
        plain = build_progan(arguments, variables)
        return from_network(plain, "PG-GAN (TensorFlow)", _growth(variables))
    raise LocalEditError(
        f"The TensorFlow network {shown(state.get('name'))} is no generator that is known.",
        _KNOWN,
    )


def _growth(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """A note where progressive growing was not over when the file was written."""
    lod = variables.get("lod")
    numbers = lod.read() if isinstance(lod, StoredArray) and lod.size == 1 else lod
    if isinstance(numbers, np.ndarray) and numbers.size == 1 and float(numbers.ravel()[0]) > 0:
        return ("It was still growing when it was saved: its full resolution may be untrained.",)
    return ()


def _summary(root: Any) -> str:
    """What a file holds, in a few words."""
    if isinstance(root, dict):
        keys = ", ".join(str(key)[:24] for key in list(root)[:6] if isinstance(key, str))
        return f"a dictionary of {len(root)} entries ({keys or 'no names'})"
    if isinstance(root, tuple | list):
        return f"{len(root)} values"
    return describe(root)
