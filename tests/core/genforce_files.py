"""Writes the reference networks under genforce's names and in its layouts.

Which TensorFlow variable is which tensor, and how its axes are turned, is as in genforce's
conversion scripts (converters/*_converter.py).
"""

from __future__ import annotations

import numpy as np
import torch
from published_files import Arrays, reference, saved, stylegan2_variables, under


def _torch(found: Arrays) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.array(values, order="C")) for name, values in found.items()}


def _oihw(values: np.ndarray) -> np.ndarray:
    return values.transpose(3, 2, 0, 1)


def _mapping(variables: Arrays) -> Arrays:
    found = {"truncation.w_avg": variables["dlatent_avg"]}
    for index in range(4):
        found[f"mapping.dense{index}.weight"] = variables[f"Dense{index}/weight"].T
        found[f"mapping.dense{index}.bias"] = variables[f"Dense{index}/bias"]
    return found


def _sides(variables: Arrays) -> list[int]:
    return [side for side in (4, 8, 16, 32, 64) if f"noise{_top(side)}" in variables or side == 4]


def _top(side: int) -> int:
    return 2 * (side.bit_length() - 3)


def stylegan2() -> bytes:
    _, arrays = reference("stylegan2_tiny")
    variables = stylegan2_variables(under(arrays, "weights/"))
    found = _mapping(variables)
    found["synthesis.early_layer.const"] = variables["4x4/Const/const"]

    def layer(ours: str, theirs: str, noise: int | None) -> None:
        found[f"synthesis.{ours}.weight"] = _oihw(variables[f"{theirs}/weight"])
        found[f"synthesis.{ours}.bias"] = variables[f"{theirs}/bias"]
        found[f"synthesis.{ours}.style.weight"] = variables[f"{theirs}/mod_weight"].T
        found[f"synthesis.{ours}.style.bias"] = variables[f"{theirs}/mod_bias"]
        if noise is not None:
            found[f"synthesis.{ours}.noise_strength"] = variables[f"{theirs}/noise_strength"]
            found[f"synthesis.{ours}.noise"] = variables[f"noise{noise}"]

    for block, side in enumerate(_sides(variables)):
        if block:
            number = 2 * block - 1
            layer(f"layer{number}", f"{side}x{side}/Conv0_up", number)
        layer(f"layer{2 * block}", f"{side}x{side}/{'Conv1' if block else 'Conv'}", 2 * block)
        layer(f"output{block}", f"{side}x{side}/ToRGB", None)
    found["synthesis.upsample.kernel"] = np.ones((1, 1, 4, 4), np.float32)
    return saved({"generator": {}, "generator_smooth": _torch(found)})


def stylegan() -> bytes:
    _, arrays = reference("stylegan1_tiny")
    variables = under(arrays, "variables/")
    found = _mapping(variables) | {"synthesis.lod": variables["lod"]}
    for block, side in enumerate((4, 8, 16, 32)):
        for half, kind in enumerate(("Conv0_up", "Conv1") if block else ("Const", "Conv")):
            theirs, ours = f"{side}x{side}/{kind}", f"synthesis.layer{2 * block + half}"
            if kind == "Const":
                found[f"{ours}.const"] = variables[f"{theirs}/const"]
            else:
                found[f"{ours}.weight"] = _oihw(variables[f"{theirs}/weight"])
            found[f"{ours}.bias"] = variables[f"{theirs}/bias"]
            found[f"{ours}.style.weight"] = variables[f"{theirs}/StyleMod/weight"].T
            found[f"{ours}.style.bias"] = variables[f"{theirs}/StyleMod/bias"]
            found[f"{ours}.apply_noise.weight"] = variables[f"{theirs}/Noise/weight"]
            found[f"{ours}.apply_noise.noise"] = variables[f"noise{2 * block + half}"]
        colour = f"ToRGB_lod{3 - block}"
        found[f"synthesis.output{block}.weight"] = _oihw(variables[f"{colour}/weight"])
        found[f"synthesis.output{block}.bias"] = variables[f"{colour}/bias"]
    return saved(_torch(found))  # a state dict alone


def progan() -> bytes:
    _, arrays = reference("progan_tiny")
    variables = under(arrays, "variables/")
    found: Arrays = {"lod": variables["lod"]}
    dense = variables["4x4/Dense/weight"]  # [in, C * 16]
    plane = dense.reshape(len(dense), -1, 4, 4).transpose(1, 0, 2, 3)
    found["layer0.weight"] = plane[:, :, ::-1, ::-1]
    found["layer0.bias"] = variables["4x4/Dense/bias"]
    for block, side in enumerate((4, 8, 16, 32)):
        for half, kind in enumerate(("Conv0", "Conv1") if block else ("", "Conv")):
            if kind:
                theirs = f"{side}x{side}/{kind}"
                found[f"layer{2 * block + half}.weight"] = _oihw(variables[f"{theirs}/weight"])
                found[f"layer{2 * block + half}.bias"] = variables[f"{theirs}/bias"]
        colour = f"ToRGB_lod{3 - block}"
        found[f"output{block}.weight"] = _oihw(variables[f"{colour}/weight"])
        found[f"output{block}.bias"] = variables[f"{colour}/bias"]
    return saved({"generator_smooth": _torch(found)}, zipped=False)
