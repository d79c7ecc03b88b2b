"""StyleGAN in PyTorch as lernapparat ported it, and as the authors of the paper use it.

Both keep the published TensorFlow weights under other names; the paper's keeps all styles in a
module of their own. Neither has noise in its files: their code draws it anew for each picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from localedit_core.checkpoints.conversion import (
    DAMAGED,
    Converted,
    Numbers,
    Weight,
    from_network,
    stored,
)
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.errors import LocalEditError

_LAYOUT = "StyleGAN (PyTorch, lernapparat)"
_NORM_EPSILON = 1e-5  # of PyTorch's instance norm, which this code uses as it is
_LAYERS = {"conv": "Conv", "conv0_up": "Conv0_up", "conv1": "Conv1"}


def recognise(names: Mapping[str, Any]) -> bool:
    """Whether a state dict has these names."""
    return "g_synthesis.blocks.4x4.const" in names and "g_mapping.dense0.weight" in names


def convert(state: Mapping[str, Any]) -> Converted:
    """Convert a state dict.

    Raises:
        LocalEditError: a tensor is missing, too many or of a wrong shape.
    """
    variables: dict[str, Weight] = {}
    for name, value in state.items():
        if name.endswith(".kernel"):  # the fixed blur
            continue
        target = _target(name)
        if target is None or target in variables:
            raise LocalEditError(
                f"The checkpoint has the unexpected {name[:80]!r}.",
                "It may be of a variant of this code that LocalEdit does not know.",
            )
        variables[target] = stored(name, value, _layout(target))
    if "dlatent_avg" not in variables:
        raise LocalEditError("The checkpoint lacks 'truncation.avg_latent'.", DAMAGED)
    sides = sorted({int(m[1]) for name in variables if (m := re.match(r"(\d+)x", name))})
    for index in range(2 * len(sides)):
        variables[f"noise{index}"] = _drawn_noise(index, sides[index // 2])
    # This code truncates all rows, NVIDIA's the first eight.
    made = build_stylegan(
        {"truncation_cutoff": max(2 * len(sides), 1)}, variables, norm_epsilon=_NORM_EPSILON
    )
    return from_network(made, _LAYOUT, ("The file has no noise; it was drawn anew, once.",))


def _target(name: str) -> str | None:
    """The published name of a tensor, or None."""
    if name == "truncation.avg_latent":
        return "dlatent_avg"
    if match := re.fullmatch(r"g_mapping\.dense(\d{1,2})\.(weight|bias)", name):
        return f"Dense{match[1]}/{match[2]}"
    if match := re.fullmatch(r"g_synthesis\.torgb\.(weight|bias)", name):
        return f"ToRGB_lod0/{match[1]}"
    if match := re.fullmatch(r"g_style\.style_layers\.(\d{1,4})x\1_([01])\.lin\.(\w+)", name):
        return f"{_layer(match[1], int(match[2]))}/StyleMod/{match[3]}"
    match = re.fullmatch(r"g_synthesis\.blocks\.(\d{1,4})x\1\.(.+)", name)
    if match is None:
        return None
    side, rest = match[1], match[2]
    if side == "4" and rest in ("const", "bias"):
        return f"4x4/Const/{rest}"
    if found := re.fullmatch(r"(conv|conv0_up|conv1)\.(weight|bias)", rest):
        return f"{side}x{side}/{_LAYERS[found[1]]}/{found[2]}"
    if found := re.fullmatch(r"epi([12])\.top_epi\.noise\.weight", rest):
        return f"{_layer(side, int(found[1]) - 1)}/Noise/weight"
    if found := re.fullmatch(r"epi([12])\.style_mod\.lin\.(weight|bias)", rest):
        return f"{_layer(side, int(found[1]) - 1)}/StyleMod/{found[2]}"
    return None


def _layer(side: str, half: int) -> str:
    """The published name of a resolution's first or second layer."""
    names = ("Const", "Conv") if side == "4" else ("Conv0_up", "Conv1")
    return f"{side}x{side}/{names[half]}"


def _layout(target: str) -> Callable[[Numbers], Numbers] | None:
    """From PyTorch's layout back to TensorFlow's."""
    if re.match(r"Dense\d+/weight", target) or target.endswith("StyleMod/weight"):
        return lambda numbers: numbers.T
    if target.endswith("/weight") and not target.endswith("Noise/weight"):
        return lambda numbers: numbers.transpose(2, 3, 1, 0) if numbers.ndim == 4 else numbers
    return None


def _drawn_noise(index: int, side: int) -> Weight:
    shape = (1, 1, side, side)

    def read() -> Numbers:
        return np.random.RandomState(index).randn(*shape).astype(np.float32)

    return Weight(shape, read)
