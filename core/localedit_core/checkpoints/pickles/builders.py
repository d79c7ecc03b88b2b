"""What may be built from a file: containers, tensors, arrays. Each checks what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localedit_core.checkpoints.pickles import array_builders, tensor_builders
from localedit_core.checkpoints.pickles.arguments import as_bytes, checked_key, wrong
from localedit_core.checkpoints.pickles.values import Global, StandIn

MAX_CONTAINER = 2**20  # entries that one call may make at once


def _ordered_dict(args: tuple[Any, ...]) -> Any:
    if not args:
        return {}
    pairs = args[0]
    if len(args) == 1 and isinstance(pairs, dict):
        return dict(pairs)
    if len(args) == 1 and isinstance(pairs, list | tuple) and len(pairs) <= MAX_CONTAINER:
        made: dict[Any, Any] = {}
        for pair in pairs:
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                raise wrong("a dictionary")
            made[checked_key(pair[0])] = pair[1]
        return made
    raise wrong("a dictionary")


def _default_dict(args: tuple[Any, ...]) -> Any:
    return _ordered_dict(args[1:2])  # what it was to call for absent keys is left out


def _sequence(kind: Callable[[Any], Any]) -> Callable[[tuple[Any, ...]], Any]:
    def build(args: tuple[Any, ...]) -> Any:
        if not args:
            return kind(())
        if len(args) != 1 or not isinstance(args[0], list | tuple | set | frozenset):
            raise wrong("a list")
        values = args[0]
        return kind([checked_key(v) for v in values] if kind in (set, frozenset) else values)

    return build


def _byte_array(args: tuple[Any, ...]) -> Any:
    if not args:
        return b""
    data = as_bytes(args[0])
    if data is None:
        raise wrong("bytes")
    return data


def _encode(args: tuple[Any, ...]) -> Any:
    """``_codecs.encode(text, "latin1")``: how protocol 2 spells bytes."""
    if len(args) == 2 and isinstance(args[0], str) and args[1] in ("latin1", "latin-1"):
        data = as_bytes(args[0])
        if data is not None:
            return data
    raise wrong("bytes")


def _number(kind: Callable[[Any], Any]) -> Callable[[tuple[Any, ...]], Any]:
    def build(args: tuple[Any, ...]) -> Any:
        if not args:
            return kind(0)
        if len(args) == 1 and type(args[0]) in (int, float, bool):
            try:
                return kind(args[0])
            except (OverflowError, ValueError) as error:
                raise wrong("a number") from error
        raise wrong("a number")

    return build


def _complex(args: tuple[Any, ...]) -> Any:
    if len(args) == 2 and all(type(n) is float for n in args):
        return complex(*args)
    raise wrong("a number")


def _persistent_object(args: tuple[Any, ...]) -> StandIn:
    """A network of NVIDIA's code: its class is given as source text, which stays text."""
    meta = args[0] if args else None
    if not isinstance(meta, dict) or not isinstance(meta.get("class_name"), str):
        raise wrong("a network")
    return StandIn("<source text>", meta["class_name"][:200], state=meta.get("state"))


Builder = Callable[[tuple[Any, ...]], Any]


def _builders() -> dict[tuple[str, str], Builder]:
    found: dict[tuple[str, str], Builder] = {
        ("collections", "OrderedDict"): _ordered_dict,
        ("collections", "defaultdict"): _default_dict,
        ("_codecs", "encode"): _encode,
        ("torch", "Size"): tensor_builders.size,
        ("torch", "device"): tensor_builders.device,
        ("torch._utils", "_rebuild_tensor"): tensor_builders.rebuild_tensor,
        ("torch._utils", "_rebuild_tensor_v2"): tensor_builders.rebuild_tensor,
        ("torch._utils", "_rebuild_tensor_v3"): tensor_builders.rebuild_tensor_v3,
        ("torch._utils", "_rebuild_parameter"): tensor_builders.rebuild_parameter,
        ("torch._utils", "_rebuild_parameter_with_state"): tensor_builders.rebuild_parameter,
        ("torch._tensor", "_rebuild_from_type_v2"): tensor_builders.rebuild_from_type,
        ("torch_utils.persistence", "_reconstruct_persistent_obj"): _persistent_object,
        ("numpy", "dtype"): array_builders.numpy_dtype,
    }
    for module in ("dnnlib.util", "dnnlib", "easydict", "tfutil", "config"):
        found[module, "EasyDict"] = _ordered_dict
    for module in ("builtins", "__builtin__"):
        found[module, "dict"] = _ordered_dict
        found[module, "list"] = _sequence(list)
        found[module, "tuple"] = _sequence(tuple)
        found[module, "set"] = _sequence(set)
        found[module, "frozenset"] = _sequence(frozenset)
        found[module, "bytearray"] = found[module, "bytes"] = _byte_array
        found[module, "int"] = found[module, "long"] = _number(int)
        found[module, "float"] = _number(float)
        found[module, "bool"] = _number(bool)
        found[module, "complex"] = _complex
    for package in ("numpy.core", "numpy._core"):
        found[f"{package}.multiarray", "_reconstruct"] = lambda args: array_builders.ArrayStandIn()
        found[f"{package}.multiarray", "scalar"] = array_builders.numpy_scalar
        found[f"{package}.numeric", "_frombuffer"] = array_builders.numpy_frombuffer
    return found


BUILDERS: Mapping[tuple[str, str], Builder] = _builders()
"""What a file may call, (module, name) -> our own function of the same meaning."""

_NAMES_ONLY = frozenset(
    {("numpy", "ndarray"), ("torch", "Tensor"), ("builtins", "object"), ("__builtin__", "object")}
    | {("torch.nn.parameter", "Parameter"), ("torch.storage", "_load_from_bytes")}
    | {(m, "_reconstructor") for m in ("copyreg", "copy_reg")}
    | {("torch", "UntypedStorage"), ("torch.storage", "UntypedStorage")}
    | {("torch.storage", "TypedStorage"), ("torch.storage", "_TypedStorage")}
    | {(m, name) for m in ("torch", "torch.cuda") for name in tensor_builders.STORAGE_CLASSES}
    | {("numpy", name) for name in array_builders.NUMPY_SCALARS}
)


def is_listed(name: Global) -> bool:
    """Whether a file may mention this name for what it is."""
    key = (name.module, name.name)
    return key in BUILDERS or key in _NAMES_ONLY


def torch_dtype(name: Global) -> tensor_builders.TorchDtype | None:
    """The dtype that a name stands for, if any."""
    if name.module == "torch" and name.name in tensor_builders.TORCH_DTYPES:
        return tensor_builders.TorchDtype(name.name)
    return None
