"""Writes the reference networks in the layouts that others publish, for tests of the reader.

Every stream is made by Python's own pickler from objects of classes that carry the published names
while they are pickled. Where a layout stores a weight otherwise than the reference arrays do, the
published conversion scripts say how: NVIDIA's legacy.py (TensorFlow to PyTorch) and rosinality's
convert_weight.py.
"""

from __future__ import annotations

import io
import json
import pickle
import re
import sys
import types
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

DATA = Path(__file__).parents[1] / "data"
Arrays = dict[str, NDArray[Any]]
SOURCE = "import os\nos.environ['LOCALEDIT_CANARY'] = 'the source text was run'\n"


def reference(name: str) -> tuple[dict[str, Any], Arrays]:
    """The arguments and arrays of a reference file."""
    with np.load(DATA / f"{name}.npz") as file:
        arrays = {key: file[key] for key in file.files}
    key = "config" if "config" in arrays else "static_kwargs"
    return json.loads(str(arrays.pop(key))), arrays


def under(arrays: Arrays, prefix: str) -> Arrays:
    return {key.removeprefix(prefix): a for key, a in arrays.items() if key.startswith(prefix)}


@contextmanager
def _modules(**contents: Any) -> Iterator[None]:
    """Let ``pickle`` find objects under published names, "dnnlib__util=..." for dnnlib.util."""
    names = [key.replace("__", ".") for key in contents]
    parents = {".".join(n.split(".")[:i]) for n in names for i in range(1, n.count(".") + 1)}
    try:
        for name in (*parents, *names):
            sys.modules[name] = types.ModuleType(name)
        for key, members in contents.items():
            for member in members:
                name = key.replace("__", ".")
                member.__module__, member.__qualname__ = name, member.__name__
                setattr(sys.modules[name], member.__name__, member)
        yield
    finally:
        for name in (*parents, *names):
            sys.modules.pop(name, None)


# NVIDIA, PyTorch --------------------------------------------------------------------------------


def _reconstruct_persistent_obj(meta: Any) -> Any:
    raise AssertionError("nothing may call this")


class EasyDict(dict):  # type: ignore[type-arg]
    pass


class Persistent:
    """A module of NVIDIA's code: pickled as the source text of its class and its state."""

    def __init__(self, class_name: str, **attributes: Any) -> None:
        self.class_name = class_name
        self.state: dict[str, Any] = {
            "training": False,
            "_parameters": OrderedDict(),
            "_buffers": OrderedDict(),
            "_modules": OrderedDict(),
            "_init_args": (),
            "_init_kwargs": EasyDict(attributes),
            **attributes,
        }

    def __reduce__(self) -> Any:
        meta = {"type": "class", "version": 6, "module_src": SOURCE}
        meta |= {"class_name": self.class_name, "state": self.state}
        return _reconstruct_persistent_obj, (meta,), None


_BUFFERS = ("noise_const", "resample_filter", "w_avg")


def ada_network(config: dict[str, Any], weights: Arrays) -> Persistent:
    """A generator as stylegan2-ada-pytorch keeps it in memory."""
    root = Persistent("Generator", img_channels=3, **{k: config[k] for k in ("z_dim", "w_dim")})
    for name, values in weights.items():
        module = root
        *path, last = name.split(".")
        for step in path:
            class_name, attributes = _attributes(step)
            child = Persistent(class_name, **attributes)
            module = module.state["_modules"].setdefault(step, child)
        tensor = torch.from_numpy(values.copy())
        if last in _BUFFERS:
            module.state["_buffers"][last] = tensor
        else:
            module.state["_parameters"][last] = torch.nn.Parameter(tensor, requires_grad=False)
    for step, module in _walk(root):
        module.state.update(_attributes(step)[1] if step else {})
    return root


def _walk(module: Persistent, step: str = "") -> Iterator[tuple[str, Persistent]]:
    yield step, module
    for name, child in module.state["_modules"].items():
        yield from _walk(child, name)


def _attributes(step: str) -> Any:
    if re.fullmatch(r"b\d+", step):
        return "SynthesisBlock", {"architecture": "skip", "resolution": int(step[1:])}
    if re.fullmatch(r"conv\d", step):
        return "SynthesisLayer", {"activation": "lrelu", "conv_clamp": None}
    if re.fullmatch(r"fc\d", step):
        return "FullyConnectedLayer", {"activation": "lrelu", "bias_gain": 0.01}
    if step == "affine":
        return "FullyConnectedLayer", {"activation": "linear", "bias_gain": 1}
    return {"torgb": "ToRGBLayer", "mapping": "MappingNetwork"}.get(step, "SynthesisNetwork"), {}


def ada_pickle(network: Any, protocol: int = 4) -> bytes:
    """A file of stylegan2-ada-pytorch."""
    settings = EasyDict(class_name="training.dataset.ImageFolderDataset", path="/data/x.zip")
    content = {"G": network, "D": None, "G_ema": network, "training_set_kwargs": settings}
    with _modules(torch_utils__persistence=[_reconstruct_persistent_obj], dnnlib__util=[EasyDict]):
        return pickle.dumps(content, protocol=protocol)


# TensorFlow -------------------------------------------------------------------------------------


class Network:
    """A network of dnnlib.tflib or tfutil; its state is what those write."""

    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)


def tensorflow_pickle(
    static_kwargs: dict[str, Any],
    variables: Arrays,
    *,
    version: int,
    components: bool = True,
    module: str = "dnnlib__tflib__network",
    protocol: int = 4,
) -> bytes:
    """The triple (G, D, Gs) as NVIDIA's TensorFlow code writes it."""

    def network(name: str, own: Arrays, **parts: Any) -> Network:
        return Network(
            version=version,
            name=name,
            static_kwargs=EasyDict(static_kwargs),
            components=EasyDict(parts),
            build_module_src=SOURCE,
            build_func_name=f"{name}_style",
            # TensorFlow hands out numbers, not arrays, for variables without axes.
            variables=[(name, a if a.ndim else np.float32(a)) for name, a in own.items()],
        )

    if components:
        mapping = {k: v for k, v in variables.items() if k.startswith(("Dense", "Label"))}
        top = {k: v for k, v in variables.items() if k in ("dlatent_avg", "lod")}
        # StyleGANs have the level of detail twice: their synthesis network counts it as well.
        rest = {
            k: v for k, v in variables.items() if k == "lod" or (k not in mapping and k not in top)
        }
        parts = {
            "synthesis": network("G_synthesis", rest),
            "mapping": network("G_mapping", mapping),
        }
        best = network("Gs", top, **parts)
    else:
        best = network("Gs", variables)
    wrong = network("D", {"4x4/Dense0/weight": np.zeros((3, 3), np.float32)})
    with _modules(dnnlib__util=[EasyDict], **{module: [Network]}):
        return pickle.dumps((wrong, wrong, best), protocol=protocol)


def stylegan2_variables(weights: Arrays) -> Arrays:
    """The PyTorch weights of a StyleGAN2 as TensorFlow variables (the inverse of legacy.py)."""
    found: Arrays = {}
    for name, values in weights.items():
        if name.endswith("resample_filter"):
            continue
        if name == "mapping.w_avg":
            found["dlatent_avg"] = values
        elif match := re.fullmatch(r"mapping\.fc(\d+)\.(\w+)", name):
            found[f"Dense{match[1]}/{match[2]}"] = values.T
        elif match := re.fullmatch(r"synthesis\.b(\d+)\.const", name):
            found["4x4/Const/const"] = values[None]
        elif match := re.fullmatch(r"synthesis\.b(\d+)\.(conv0|conv1|torgb)\.(.+)", name):
            side, kind, part = int(match[1]), match[2], match[3]
            layer = {"conv0": "Conv0_up", "conv1": "Conv1", "torgb": "ToRGB"}[kind]
            layer = f"{side}x{side}/{'Conv' if (side, kind) == (4, 'conv1') else layer}"
            if part == "noise_const":
                index = side.bit_length() * 2 - (7 if kind == "conv0" else 6)
                found[f"noise{index}"] = values[None, None]
            elif part == "weight":
                turned = values[:, :, ::-1, ::-1] if kind == "conv0" else values
                found[f"{layer}/weight"] = turned.transpose(2, 3, 1, 0)
            elif part == "affine.weight":
                found[f"{layer}/mod_weight"] = values.T
            elif part == "affine.bias":
                found[f"{layer}/mod_bias"] = values - 1
            else:
                found[f"{layer}/{part}"] = values
    return {name: np.array(values, order="C") for name, values in found.items()}


# rosinality -------------------------------------------------------------------------------------


def rosinality_state(weights: Arrays) -> dict[str, torch.Tensor]:
    """The weights of a StyleGAN2 under rosinality's names."""
    found: Arrays = {}
    parts = {"weight": "conv.weight", "affine.weight": "conv.modulation.weight"}
    parts |= {"affine.bias": "conv.modulation.bias", "noise_strength": "noise.weight"}
    for name, values in weights.items():
        if match := re.fullmatch(r"mapping\.fc(\d+)\.(\w+)", name):
            found[f"style.{int(match[1]) + 1}.{match[2]}"] = values
        elif name == "synthesis.b4.const":
            found["input.input"] = values[None]
        elif match := re.fullmatch(r"synthesis\.b(\d+)\.(conv0|conv1|torgb)\.(.+)", name):
            level, kind, part = int(match[1]).bit_length() - 3, match[2], match[3]
            if kind == "torgb":
                layer = "to_rgb1" if level == 0 else f"to_rgbs.{level - 1}"
            else:
                index = 2 * level - (2 if kind == "conv0" else 1)
                layer = "conv1" if level == 0 else f"convs.{index}"
            if part == "resample_filter":
                continue
            if part == "noise_const":
                found[f"noises.noise_{index + 1 if level else 0}"] = values[None, None]
            elif part == "bias" and kind == "torgb":
                found[f"{layer}.bias"] = values.reshape(1, 3, 1, 1)
            elif part == "bias":
                found[f"{layer}.activate.bias"] = values
            elif part == "weight":
                found[f"{layer}.conv.weight"] = values[None]
            elif part == "noise_strength":
                found[f"{layer}.noise.weight"] = values.reshape(1)
            else:
                found[f"{layer}.{parts[part]}"] = values
    blur = np.outer([1, 3, 3, 1], [1, 3, 3, 1]).astype(np.float32) / 16
    found |= {"convs.0.conv.blur.kernel": blur, "to_rgbs.0.upsample.kernel": blur}
    return {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in found.items()}


def saved(content: Any, *, zipped: bool = True) -> bytes:
    """What ``torch.save`` writes, today or before PyTorch 1.6."""
    stream = io.BytesIO()
    torch.save(content, stream, _use_new_zipfile_serialization=zipped)
    return stream.getvalue()
