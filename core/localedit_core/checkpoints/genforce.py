"""genforce's generators (PyTorch): the published TensorFlow variables under other names.

genforce converts NVIDIA's files weight by weight and trains in the same terms. Here its names and
layouts are turned back, and the converters of the TensorFlow families do the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from localedit_core.checkpoints import stylegan2_tensorflow as stylegan2_tf
from localedit_core.checkpoints.conversion import (
    DAMAGED,
    Converted,
    Numbers,
    Weight,
    from_network,
    stored,
)
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.checkpoints.stylegan_tensorflow import build_stylegan
from localedit_core.errors import LocalEditError

_LAYOUT = "{} (genforce, PyTorch)"
_STYLEGAN2_PARTS = {
    "weight": "weight",
    "bias": "bias",
    "style.weight": "mod_weight",
    "style.bias": "mod_bias",
    "noise_strength": "noise_strength",
}
_STYLEGAN_PARTS = {
    "const": "const",
    "weight": "weight",
    "bias": "bias",
    "style.weight": "StyleMod/weight",
    "style.bias": "StyleMod/bias",
    "apply_noise.weight": "Noise/weight",
}


def recognise(names: Mapping[str, Any]) -> bool:
    """Whether a state dict has genforce's names."""
    return _family(names) != ""


def convert(state: Mapping[str, Any]) -> Converted:
    """Convert a state dict of a generator of genforce.

    Raises:
        LocalEditError: a tensor is missing, too many or of a wrong shape.
    """
    family = _family(state)
    rename = {"stylegan2": _of_stylegan2, "stylegan": _of_stylegan, "progan": _of_progan}[family]
    outputs = (re.search(r"output(\d{1,2})\.weight$", name) for name in state)
    blocks = max((int(match[1]) for match in outputs if match), default=0)
    variables: dict[str, Weight] = {}
    for name, value in state.items():
        if name.endswith((".kernel", "lod")):  # fixed filters, and where progressive growing stood
            continue
        target = rename(name, blocks)
        if target is None:
            raise LocalEditError(
                f"The checkpoint has the unexpected {name[:80]!r}.",
                "It may be of a variant of genforce's code that LocalEdit does not know.",
            )
        if target in variables:
            raise LocalEditError(f"The checkpoint has {name[:80]!r} twice.", DAMAGED)
        variables[target] = stored(name, value, _layout(target))
    if family == "stylegan2":
        found = stylegan2_tf.convert({}, variables)
        return Converted(found.family, found.config, found.weights, _LAYOUT.format("StyleGAN2"))
    if family == "stylegan":
        return from_network(build_stylegan({}, variables), _LAYOUT.format("StyleGAN"))
    fused = any(_is_fused(name, variables) for name in variables)
    if fused:
        variables = {name.replace("/Conv0/", "/Conv0_up/"): v for name, v in variables.items()}
    made = build_progan({"fused_scale": fused}, variables)
    return from_network(made, _LAYOUT.format("PG-GAN"))


def _family(names: Mapping[str, Any]) -> str:
    if "synthesis.early_layer.const" in names and "mapping.dense0.weight" in names:
        return "stylegan2"
    if "synthesis.layer0.const" in names and "mapping.dense0.weight" in names:
        return "stylegan"
    if "layer0.weight" in names and "output0.weight" in names:
        return "progan"
    return ""


def _shared(name: str) -> str | None:
    """The variables of mapping network and truncation."""
    if name == "truncation.w_avg":
        return "dlatent_avg"
    if name == "mapping.label_weight":
        return "LabelConcat/weight"
    if match := re.fullmatch(r"mapping\.LabelEmbed\.(weight|bias)", name):
        return f"LabelEmbed/{match[1]}"
    if match := re.fullmatch(r"mapping\.dense(\d{1,2})\.(weight|bias)", name):
        return f"Dense{match[1]}/{match[2]}"
    return None


def _of_stylegan2(name: str, blocks: int) -> str | None:
    if name == "synthesis.early_layer.const":
        return "4x4/Const/const"
    if match := re.fullmatch(r"synthesis\.layer(\d{1,2})\.noise", name):
        return f"noise{match[1]}"
    match = re.fullmatch(r"synthesis\.(layer|output)(\d{1,2})\.(.+)", name)
    if match is None or match[3] not in _STYLEGAN2_PARTS:
        return _shared(name)
    index = int(match[2])
    if match[1] == "output":
        side, layer = 4 << index, "ToRGB"
    else:
        side = 4 << ((index + 1) // 2)
        layer = "Conv" if index == 0 else ("Conv0_up" if index % 2 else "Conv1")
    return f"{side}x{side}/{layer}/{_STYLEGAN2_PARTS[match[3]]}"


def _of_stylegan(name: str, blocks: int) -> str | None:
    if match := re.fullmatch(r"synthesis\.output(\d{1,2})\.(weight|bias)", name):
        return f"ToRGB_lod{blocks - int(match[1])}/{match[2]}"
    if match := re.fullmatch(r"synthesis\.layer(\d{1,2})\.apply_noise\.noise", name):
        return f"noise{match[1]}"
    match = re.fullmatch(r"synthesis\.layer(\d{1,2})\.(.+)", name)
    if match is None or match[2] not in _STYLEGAN_PARTS:
        return _shared(name)
    index = int(match[1])
    side = 4 << (index // 2)
    first = "Const" if index == 0 else "Conv0_up"
    layer = first if index % 2 == 0 else ("Conv" if index == 1 else "Conv1")
    return f"{side}x{side}/{layer}/{_STYLEGAN_PARTS[match[2]]}"


def _of_progan(name: str, blocks: int) -> str | None:
    match = re.fullmatch(r"(layer|output)(\d{1,2})\.(weight|bias)", name)
    if match is None:
        return None
    index = int(match[2])
    if match[1] == "output":
        return f"ToRGB_lod{blocks - index}/{match[3]}"
    side = 4 << (index // 2)
    if index < 2:
        return f"4x4/{('Dense', 'Conv')[index]}/{match[3]}"
    return f"{side}x{side}/Conv{index % 2}/{match[3]}"


def _is_fused(name: str, variables: Mapping[str, Weight]) -> bool:
    """Whether a PG-GAN's upscaling layer is fused: then its weight is [3, 3, out, in].

    Names do not tell in this layout, and shapes only where channels change, as they do in every
    published network.
    """
    bias = variables.get(name.replace("/weight", "/bias"))
    if not name.endswith("/Conv0/weight") or bias is None or len(variables[name].shape) != 4:
        return False
    third, fourth = variables[name].shape[2:]
    return third != fourth and bias.shape == (third,)


def _layout(target: str) -> Callable[[Numbers], Numbers] | None:
    """From PyTorch's layout back to TensorFlow's."""
    if target == "4x4/Dense/weight":
        # A dense layer stored as a convolution of 4 x 4: [C, in, 4, 4], turned.
        return _dense_of_plane
    if target == "LabelConcat/weight":  # a row per class, there and here
        return None
    if re.match(r"(Dense\d+|LabelEmbed)/weight", target) or target.endswith(
        ("mod_weight", "StyleMod/weight")
    ):
        return lambda numbers: numbers.T
    if target.endswith("/weight") and not target.endswith("Noise/weight"):
        return lambda numbers: numbers.transpose(2, 3, 1, 0) if numbers.ndim == 4 else numbers
    return None


def _dense_of_plane(numbers: Numbers) -> Numbers:
    if numbers.ndim != 4 or numbers.shape[2:] != (4, 4):
        return numbers
    turned = numbers[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)  # [in, C, 4, 4]
    return turned.reshape(turned.shape[0], -1)
