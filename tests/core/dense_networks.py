"""StyleGAN and PG-GAN written down once more, densely in float64, to compare the engines with.

Networks are given as published: arguments and TensorFlow variables (convolutions HWIO, dense
in-out). Nothing of the engines is used. Also here: the published reference arrays, and random
variables for networks of any size.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

DATA = Path(__file__).parents[1] / "data"
Array = NDArray[Any]


@dataclass(frozen=True)
class Published:
    """A network as published.

    Attributes:
        arguments: its static_kwargs.
        variables: name -> float32.
        expected: what the published implementation makes of it, for reference arrays only.
    """

    arguments: dict[str, Any]
    variables: dict[str, Array]
    expected: dict[str, Array]


def reference(name: str) -> Published:
    """The reference arrays of tests/data."""
    with np.load(DATA / name) as file:
        arrays = {key: file[key] for key in file.files}
    arguments = json.loads(str(arrays.pop("static_kwargs")))
    prefix = "variables/"
    variables = {k.removeprefix(prefix): a for k, a in arrays.items() if k.startswith(prefix)}
    expected = {k: a for k, a in arrays.items() if not k.startswith(prefix)}
    return Published(arguments, variables, expected)


def random_stylegan(
    channels: tuple[int, ...],
    *,
    z_dim: int = 5,
    hidden: int = 6,
    w_dim: int = 7,
    mapping_layers: int = 3,
    classes: int = 0,
    seed: int = 0,
    **arguments: Any,
) -> Published:
    """Random variables of a StyleGAN with these channels at 4, 8, ... px."""
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"lod": (), "dlatent_avg": (w_dim,)}
    if classes:
        shapes["LabelConcat/weight"] = (classes, z_dim)
        arguments |= {"label_size": classes}
    start = 2 * z_dim if classes else z_dim
    widths = (start, *(hidden,) * (mapping_layers - 1), w_dim)
    for index in range(mapping_layers):
        shapes[f"Dense{index}/weight"] = widths[index : index + 2]
        shapes[f"Dense{index}/bias"] = widths[index + 1 : index + 2]
    names = _layer_names(len(channels), ("Const", "Conv"), ("Conv0_up", "Conv1"))
    before = 0
    for index, name in enumerate(names):
        count = channels[index // 2]
        if index == 0:
            shapes[f"{name}/const"] = (1, count, 4, 4)
        else:
            shapes[f"{name}/weight"] = (3, 3, before, count)
        shapes[f"{name}/bias"] = (count,)
        shapes[f"{name}/StyleMod/weight"] = (w_dim, 2 * count)
        shapes[f"{name}/StyleMod/bias"] = (2 * count,)
        if arguments.get("use_noise", True):
            shapes[f"{name}/Noise/weight"] = (count,)
            shapes[f"noise{index}"] = (1, 1, 4 << index // 2, 4 << index // 2)
        before = count
    return Published(arguments, _draw(rng, shapes | _colour_layers(channels)), {})


def random_progan(
    channels: tuple[int, ...],
    *,
    z_dim: int = 5,
    fused: bool = True,
    classes: int = 0,
    seed: int = 0,
) -> Published:
    """Random variables of a PG-GAN with these channels at 4, 8, ... px."""
    shapes: dict[str, tuple[int, ...]] = {"lod": ()}
    first = "Conv0_up" if fused else "Conv0"
    inputs = z_dim + classes
    before = 0
    for index, name in enumerate(_layer_names(len(channels), ("Dense", "Conv"), (first, "Conv1"))):
        count = channels[index // 2]
        inputs_outputs = (count, before) if name.endswith("_up") else (before, count)
        shapes[f"{name}/weight"] = (3, 3, *inputs_outputs) if before else (inputs, 16 * count)
        shapes[f"{name}/bias"] = (count,)
        before = count
    variables = _draw(np.random.default_rng(seed), shapes | _colour_layers(channels))
    said = {"label_size": classes, "latent_size": z_dim} if classes else {}
    return Published({"fused_scale": fused} | said, variables, {})


def stylegan_image(
    network: Published, z: Array, psi: float = 1.0, labels: Array | None = None
) -> Array:
    """Pictures of z [N, z_dim], labels [N, c_dim], with the stored noise: [N, 3, R, R], float64."""
    v = {name: array.astype(np.float64) for name, array in network.variables.items()}
    lr = network.arguments.get("mapping_lrmul", 0.01)
    start = z.astype(np.float64)
    if labels is not None:
        start = np.concatenate([start, labels @ v["LabelConcat/weight"]], axis=1)
    w = _unit_mean_square(start)
    depth = sum(name.startswith("Dense") and name.endswith("weight") for name in v)
    for index in range(depth):
        weight = v[f"Dense{index}/weight"]
        w = w @ weight * np.sqrt(2 / len(weight)) * lr + v[f"Dense{index}/bias"] * lr
        w = np.where(w > 0, w, 0.2 * w)

    x: Array = np.zeros(0)
    for index, name in enumerate(_names_in(v, "StyleMod/bias")):
        side = 4 << index // 2
        if index == 0:
            x = np.repeat(v[f"{name}/const"], len(z), axis=0)
        elif name.endswith("Conv0_up"):
            fused = network.arguments.get("fused_scale", "auto")
            transposed = side >= 128 if fused == "auto" else fused
            x = _doubled(x, _scaled(v[f"{name}/weight"]), transposed)
            for _ in range(network.arguments.get("blur_filter", [1, 2, 1]) is not None):
                wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
                wide = (wide[:, :, 2:] + 2 * wide[:, :, 1:-1] + wide[:, :, :-2]) / 4
                x = (wide[..., 2:] + 2 * wide[..., 1:-1] + wide[..., :-2]) / 4
        else:
            x = _correlate(x, _scaled(v[f"{name}/weight"]))
        if f"noise{index}" in v:
            x = x + v[f"noise{index}"] * v[f"{name}/Noise/weight"][:, None, None]
        x = x + v[f"{name}/bias"][:, None, None]
        x = np.where(x > 0, x, 0.2 * x)
        x = x - x.mean(axis=(2, 3), keepdims=True)
        x = x / np.sqrt(x.var(axis=(2, 3), keepdims=True) + 1e-8)
        row = w if index >= 8 else v["dlatent_avg"] + psi * (w - v["dlatent_avg"])
        weight = v[f"{name}/StyleMod/weight"]
        style = row @ weight / np.sqrt(len(weight)) + v[f"{name}/StyleMod/bias"]  # [N, 2 C]
        scale, shift = np.split(style[:, :, None, None], 2, axis=1)
        x = x * (scale + 1) + shift
    return _coloured(v, x)


def progan_image(network: Published, z: Array, labels: Array | None = None) -> Array:
    """Pictures of z [N, z_dim] and labels [N, c_dim]: [N, 3, R, R], float64."""
    v = {name: array.astype(np.float64) for name, array in network.variables.items()}
    start = z if labels is None else np.concatenate([z, labels], axis=1)
    x = _unit_mean_square(start.astype(np.float64))
    for name in _names_in(v, "weight"):
        weight = v[f"{name}/weight"]
        if name.endswith("Dense"):
            x = (x @ weight * np.sqrt(2) / 4 / np.sqrt(len(weight))).reshape(len(z), -1, 4, 4)
        elif name.endswith("Conv0_up"):
            x = _doubled(x, _scaled(weight.transpose(0, 1, 3, 2)), True)
        elif name.endswith("Conv0"):
            x = _doubled(x, _scaled(weight), False)
        else:
            x = _correlate(x, _scaled(weight))
        x = x + v[f"{name}/bias"][:, None, None]
        x = _unit_mean_square(np.where(x > 0, x, 0.2 * x))
    return _coloured(v, x)


def _layer_names(blocks: int, first: tuple[str, str], rest: tuple[str, str]) -> list[str]:
    names = [f"4x4/{kind}" for kind in first]
    for side in (8 << index for index in range(blocks - 1)):
        names += [f"{side}x{side}/{kind}" for kind in rest]
    return names


def _names_in(variables: dict[str, Array], suffix: str) -> list[str]:
    """The layers in the order in which they run."""
    names = [
        name.removesuffix("/" + suffix)
        for name in variables
        if name[0].isdigit() and name.endswith(f"/{suffix}") and "Noise" not in name
    ]
    return sorted(names, key=lambda name: (int(name.split("x")[0]), _RANK[name.split("/")[1]]))


_RANK = {"Const": 0, "Dense": 0, "Conv0": 0, "Conv0_up": 0, "Conv": 1, "Conv1": 1}


def _colour_layers(channels: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for lod, count in enumerate(reversed(channels)):
        shapes[f"ToRGB_lod{lod}/weight"] = (1, 1, count, 3)
        shapes[f"ToRGB_lod{lod}/bias"] = (3,)
    return shapes


def _draw(rng: np.random.Generator, shapes: dict[str, tuple[int, ...]]) -> dict[str, Array]:
    drawn: dict[str, Array] = {}
    for name, shape in shapes.items():
        scale = 100.0 if name.startswith("Dense") else 1.0  # undone by the learning-rate multiplier
        drawn[name] = np.asarray(scale * rng.standard_normal(shape), dtype=np.float32)
    return drawn


def _unit_mean_square(x: Array) -> Array:
    return x / np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-8)


def _scaled(weight: Array) -> Array:
    """He's scale on convolution weights HWIO."""
    return weight * np.sqrt(2 / np.prod(weight.shape[:3]))


def _correlate(x: Array, weight: Array) -> Array:
    """What machine learning calls convolution, border of zeros; weight HWIO."""
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(wide, (3, 3), axis=(2, 3))  # [N, C, H, W, 3, 3]
    return np.einsum("nchwij,ijco->nohw", windows, weight, optimize=True)


def _doubled(x: Array, weight: Array, transposed: bool) -> Array:
    """Upscaling and convolution, by repeated pixels or as a sum of spread-out kernels."""
    if not transposed:
        return _correlate(x.repeat(2, axis=2).repeat(2, axis=3), weight)
    count, _, side, _ = x.shape
    kernel = np.zeros((4, 4, *weight.shape[2:]))  # four copies, each one place further
    for down in (0, 1):
        for right in (0, 1):
            kernel[down : down + 3, right : right + 3] += weight
    sheet = np.zeros((count, weight.shape[3], 2 * side + 2, 2 * side + 2))
    for row in range(side):  # every pixel puts down its kernel, two places from the next one
        for column in range(side):
            stamp = np.einsum("nc,ijco->noij", x[:, :, row, column], kernel)
            sheet[:, :, 2 * row : 2 * row + 4, 2 * column : 2 * column + 4] += stamp
    return sheet[:, :, 1:-1, 1:-1]


def _coloured(variables: dict[str, Array], x: Array) -> Array:
    weight = variables["ToRGB_lod0/weight"][0, 0]  # [C, 3]
    image = np.einsum("nchw,co->nohw", x, weight / np.sqrt(len(weight)))
    return image + variables["ToRGB_lod0/bias"][:, None, None]
