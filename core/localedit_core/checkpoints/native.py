"""Our own generator files: safetensors with the architecture in their metadata."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from localedit_core.atomic import atomic_write
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.tensor_files import TensorFile, open_tensor_file, pack_tensors

FORMAT = "localedit-generator"
FORMAT_VERSION = 1
_DAMAGED = "The file is damaged; take another copy of it."


@dataclass(frozen=True)
class Model:
    """A generator and what its file says about it.

    Attributes:
        generator: float32, in eval mode, without gradients.
        name: what to call it.
        family: "stylegan2".
        description: one or a few sentences, may be empty.
        licence: of the weights, may be empty.
        source_sha256: of the published checkpoint that it was converted from, or None.
        card: further facts, name -> text (how it was trained, on what, when, how well it came out).
        path: the file, or None if it came from none.
    """

    generator: Generator
    name: str
    family: str
    description: str = ""
    licence: str = ""
    source_sha256: str | None = None
    card: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    @property
    def fingerprint(self) -> str:
        """The generator's: SHA-256 over architecture and weights."""
        return self.generator.fingerprint


def save_generator(
    generator: StyleGAN2,
    path: Path | str,
    *,
    name: str,
    description: str = "",
    licence: str = "",
    source_sha256: str | None = None,
    card: Mapping[str, str] | None = None,
    dtype: torch.dtype = torch.float16,
) -> None:
    """Write a generator file, whole or not at all.

    Args:
        generator: what to save.
        path: where to; ends in ".safetensors" by custom.
        name: what to call it.
        description: what it makes and what it was trained on.
        licence: of the weights.
        source_sha256: of the published checkpoint that it was converted from.
        card: further facts, name -> text.
        dtype: how to store the weights. With float16 the file's fingerprint differs from that of
            a float32 generator in memory, because its weights do.

    Raises:
        LocalEditError: a weight does not fit ``dtype``, or the file cannot be written.
    """
    tensors: dict[str, Tensor] = {}
    for key, values in generator.state_dict().items():
        stored = values.detach().to("cpu", dtype).contiguous()
        if not bool(torch.isfinite(stored).all()):
            raise LocalEditError(
                f"Cannot save {path}: {key} holds values that {dtype} cannot hold.",
                "Save it as float32, or train it longer if they are not finite at all.",
            )
        tensors[key] = stored
    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "family": generator.family,
        "architecture": json.dumps(asdict(generator.config), sort_keys=True),
        "name": name,
        "description": description,
        "licence": licence,
    }
    if card:
        metadata["card"] = json.dumps(dict(card), sort_keys=True)
    if source_sha256 is not None:
        metadata["source_sha256"] = source_sha256
    atomic_write(path, pack_tensors(tensors, metadata))


def load_generator(path: Path | str) -> Model:
    """Read a generator file that ``save_generator`` wrote.

    Returns:
        The model, float32 in memory, in eval mode, without gradients.

    Raises:
        LocalEditError: anything at all is wrong with the file; it names the file, what was found,
            and what to do.
    """
    path = Path(path)
    with open_tensor_file(path) as file:
        _check_format(file)
        config = _architecture(file)
        _check_size(file, config)
        with torch.random.fork_rng(devices=[]):  # building draws weights that we then replace
            generator = StyleGAN2(config)
        _check_shapes(file, generator.state_dict())
        generator.load_state_dict({key: file.read(key) for key in file.entries})
        metadata = dict(file.metadata)
    generator.eval().requires_grad_(False)
    return Model(
        generator=generator,
        name=metadata.get("name") or path.stem,
        family=generator.family,
        description=metadata.get("description", ""),
        licence=metadata.get("licence", ""),
        source_sha256=metadata.get("source_sha256"),
        card=_card(metadata.get("card", "")),
        path=path,
    )


def _card(text: str) -> dict[str, str]:
    """The further facts; what is no such thing is left out: the generator works without."""
    try:
        facts = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(facts, dict):
        return {}
    return {name: fact for name, fact in facts.items() if isinstance(fact, str)}


def _check_format(file: TensorFile) -> None:
    found = file.metadata.get("format")
    if found != FORMAT:
        kind = f"a {found} file" if found else "a safetensors file of another program"
        raise LocalEditError(
            f"{file.path} is {kind}, not a generator of LocalEdit.", "Choose a generator file."
        )
    version = file.metadata.get("format_version", "")
    if not (version.isascii() and version.isdigit() and 1 <= len(version) <= 9):
        raise LocalEditError(f"{file.path} has the format version {version!r}.", _DAMAGED)
    if int(version) > FORMAT_VERSION:
        raise LocalEditError(
            f"{file.path} was saved by a newer LocalEdit (format {version}, "
            f"this one reads {FORMAT_VERSION}).",
            "Update LocalEdit.",
        )
    if int(version) < 1:
        raise LocalEditError(f"{file.path} has the format version {version}.", _DAMAGED)
    family = file.metadata.get("family", "")
    if family != StyleGAN2.family:
        raise LocalEditError(
            f"{file.path} holds a generator of the family {family!r}.",
            f"This version reads {StyleGAN2.family}.",
        )


def _count(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 8192


def _positive(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 0 < value <= 1e6


# Every field of the configuration: what it must be, in words and as a test.
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
    "mapping_lr_multiplier": ("a positive number", _positive),
    "architecture": (
        "skip, resnet or orig",
        lambda value: value in ("skip", "resnet", "orig") and isinstance(value, str),
    ),
    "use_noise": ("true or false", lambda value: type(value) is bool),
    "conv_clamp": (
        "a positive number or null",
        lambda value: value is None or _positive(value),
    ),
    "resample_kernel": (
        "4 positive numbers",
        lambda value: isinstance(value, list) and len(value) == 4 and all(map(_positive, value)),
    ),
}


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _architecture(file: TensorFile) -> StyleGAN2Config:
    try:
        fields = json.loads(file.metadata.get("architecture", ""), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise LocalEditError(
            f"{file.path} describes its architecture unreadably: {error}.", _DAMAGED
        ) from error
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        found = ", ".join(sorted(fields)) if isinstance(fields, dict) else type(fields).__name__
        raise LocalEditError(
            f"{file.path} describes its architecture by {found or 'nothing'}.",
            f"Expected were {', '.join(sorted(_FIELDS))}.",
        )
    for name, (expected, valid) in _FIELDS.items():
        if not valid(fields[name]):
            raise LocalEditError(
                f"{file.path} gives its architecture the {name} {fields[name]!r:.60}.",
                f"It must be {expected}.",
            )
    fields["channels"] = tuple(fields["channels"])
    fields["resample_kernel"] = tuple(float(tap) for tap in fields["resample_kernel"])
    try:
        return StyleGAN2Config(**fields)
    except LocalEditError as error:
        raise LocalEditError(f"{file.path} cannot be built: {error.message}", _DAMAGED) from error


def _check_size(file: TensorFile, config: StyleGAN2Config) -> None:
    """Refuse an architecture that is larger than its file, before memory is taken for it."""
    # Not by a generator on torch's "meta" device: that loads torch's compiler, seconds of start.
    needed = _values_at_least(config)
    held = sum(math.prod(entry.shape) for entry in file.entries.values())
    if needed > held:
        raise LocalEditError(
            f"{file.path} holds {held} values, its architecture needs more than {needed}.", _DAMAGED
        )


def _values_at_least(config: StyleGAN2Config) -> int:
    """How many values an architecture has, apart from biases and colour layers."""
    w_dim = config.w_dim
    values = config.z_dim * w_dim + (config.mapping_layers - 1) * w_dim**2
    before = 0  # the first block has one convolution, fed by a constant
    for resolution, channels in zip(config.resolutions, config.channels, strict=True):
        noise = resolution**2 if config.use_noise else 0
        for inputs in (before, channels):
            if inputs:
                values += 9 * inputs * channels + w_dim * inputs + noise
        before = channels
    return values


def _check_shapes(file: TensorFile, expected: Mapping[str, Tensor]) -> None:
    """Compare what the file holds with what the architecture needs."""
    missing = sorted(expected.keys() - file.entries.keys())
    surplus = sorted(file.entries.keys() - expected.keys())
    if missing or surplus:
        what = f"lacks {missing[0]}" if missing else f"has the unexpected {surplus[0]}"
        raise LocalEditError(
            f"{file.path} does not fit its own architecture: it {what} "
            f"({len(missing)} missing, {len(surplus)} too many).",
            _DAMAGED,
        )
    for key, values in expected.items():
        if file.entries[key].shape != tuple(values.shape):
            raise LocalEditError(
                f"{file.path} stores {key} as {list(file.entries[key].shape)}, "
                f"its architecture needs {list(values.shape)}.",
                _DAMAGED,
            )
