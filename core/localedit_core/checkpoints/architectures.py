"""How a generator's architecture is written into our files, and read back with distrust."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from localedit_core.checkpoints.conversion import Config, Network
from localedit_core.errors import LocalEditError
from localedit_core.generators.progan import ProGAN, ProGANConfig
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

MAX_FEATURES = 8192


@dataclass(frozen=True)
class Family:
    """One family of generators: its configuration and its network."""

    config: type[StyleGAN2Config] | type[StyleGANConfig] | type[ProGANConfig]
    network: Callable[[Any], Network]


FAMILIES: Mapping[str, Family] = {
    "stylegan2": Family(StyleGAN2Config, StyleGAN2),
    "stylegan": Family(StyleGANConfig, StyleGAN),
    "progan": Family(ProGANConfig, ProGAN),
}


def _count(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MAX_FEATURES


def _count_or_none(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_FEATURES


def _positive(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 0 < value <= 1e6


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(
        type(number) in (int, float) and math.isfinite(number) for number in value
    )


# What each field of any family must be, in words and as a test.
_FIELDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "z_dim": ("a number of features", _count),
    "w_dim": ("a number of features", _count),
    "resolution": (
        "a power of two from 8 to 4096",
        lambda value: type(value) is int and value in {2**n for n in range(3, 13)},
    ),
    "channels": (
        "a list of channel counts",
        lambda value: isinstance(value, list) and len(value) <= 11 and all(map(_count, value)),
    ),
    "mapping_layers": ("1 to 64", lambda value: type(value) is int and 1 <= value <= 64),
    "mapping_features": ("a number of features", _count_or_none),
    "mapping_lr_multiplier": ("a positive number", _positive),
    "architecture": (
        "skip, resnet or orig",
        lambda value: value in ("skip", "resnet", "orig") and isinstance(value, str),
    ),
    "use_noise": ("true or false", lambda value: type(value) is bool),
    "conv_clamp": ("a positive number or null", lambda value: value is None or _positive(value)),
    "resample_kernel": (
        "4 positive numbers",
        lambda value: isinstance(value, list) and len(value) == 4 and all(map(_positive, value)),
    ),
    "c_dim": ("a number of classes", _count_or_none),
    "embed_features": ("a number of features", _count_or_none),
    "class_input": (
        "embed or concat",
        lambda value: value in ("embed", "concat") and isinstance(value, str),
    ),
    "fused_from": ("a resolution or 0", lambda value: type(value) is int and 0 <= value <= 4096),
    "truncation_cutoff": ("0 to 64", lambda value: type(value) is int and 0 <= value <= 64),
    "blur_taps": (
        "1 to 7 numbers",
        lambda value: _numbers(value) and 1 <= len(value) <= 7,
    ),
    "norm_epsilon": ("a positive number", _positive),
    "fused": ("true or false", lambda value: type(value) is bool),
    "pixel_norm_epsilon": ("a positive number", _positive),
}


def pack_architecture(config: Config) -> str:
    """A configuration as JSON; equal configurations give equal texts."""
    return json.dumps(config.architecture_facts, sort_keys=True)


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def parse_architecture(family: str, text: str, source: object, damaged: str) -> Config:
    """Read a configuration.

    Args:
        family: one of ``FAMILIES``.
        text: JSON that nobody vouches for.
        source: what to call the file in errors.
        damaged: what to advise.

    Raises:
        LocalEditError: it is none, or one that cannot be built.
    """
    try:
        given = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise LocalEditError(
            f"{source} describes its architecture unreadably: {error}.", damaged
        ) from error
    config = FAMILIES[family].config
    known = {field.name: field for field in fields(config)}
    needed = {name for name, field in known.items() if field.default is MISSING}
    if not isinstance(given, dict) or not needed <= set(given) <= set(known):
        found = ", ".join(sorted(given)) if isinstance(given, dict) else type(given).__name__
        raise LocalEditError(
            f"{source} describes its architecture by {found or 'nothing'}.",
            f"Expected were {', '.join(sorted(known))}.",
        )
    for name, value in given.items():
        expected, valid = _FIELDS[name]
        if not valid(value):
            raise LocalEditError(
                f"{source} gives its architecture the {name} {value!r:.60}.",
                f"It must be {expected}.",
            )
    values = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    for taps in {"resample_kernel", "blur_taps"} & values.keys():
        values[taps] = tuple(float(tap) for tap in values[taps])
    make: Callable[..., Config] = config
    try:
        return make(**values)
    except LocalEditError as error:
        raise LocalEditError(f"{source} cannot be built: {error.message}", damaged) from error
