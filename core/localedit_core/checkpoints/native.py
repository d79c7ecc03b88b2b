"""Our own generator files: safetensors with the architecture in their metadata."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from localedit_core.atomic import atomic_path, atomic_write
from localedit_core.checkpoints.architectures import (
    FAMILIES,
    pack_architecture,
    parse_architecture,
)
from localedit_core.checkpoints.conversion import Config, Converted, Network
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.base import Generator
from localedit_core.tensor_files import (
    TensorFile,
    open_tensor_file,
    pack_float_header,
    pack_tensors,
)

FORMAT = "localedit-generator"
FORMAT_VERSION = 1
_DAMAGED = "The file is damaged; take another copy of it."


@dataclass(frozen=True)
class Model:
    """A generator and what its file says about it.

    Attributes:
        generator: float32, in eval mode, without gradients.
        name: what to call it.
        family: "stylegan2", "stylegan" or "progan".
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
    generator: Network,
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
    facts = _metadata(
        generator.family, generator.config, name, description, licence, source_sha256, card
    )
    atomic_write(path, pack_tensors(tensors, facts))


def write_converted(
    converted: Converted,
    path: Path | str,
    *,
    name: str,
    description: str = "",
    licence: str = "",
    source_sha256: str | None = None,
    card: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write a converted checkpoint as a generator file, in float32, one weight at a time.

    Args:
        converted: the checkpoint; its file must still be open.
        path: where to.
        name: as for ``save_generator``, and so are the next four.
        description: see there.
        licence: see there.
        source_sha256: see there.
        card: see there.
        progress: called with (bytes written, bytes in all).
        cancelled: asked before each weight.

    Raises:
        LocalEditError: a weight cannot be used, or the file cannot be written.
        RenderCancelled: ``cancelled`` said yes. No file is left.
    """
    facts = _metadata(
        converted.family, converted.config, name, description, licence, source_sha256, card
    )
    shapes = {key: weight.shape for key, weight in sorted(converted.weights.items())}
    total = 4 * sum(math.prod(shape) for shape in shapes.values())
    done = 0
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(pack_float_header(shapes, facts))
        for key, shape in shapes.items():
            if cancelled is not None and cancelled():
                raise RenderCancelled
            values = converted.weights[key].read()
            assert values.shape == shape, key
            assert values.dtype == np.float32, key
            file.write(np.ascontiguousarray(values, dtype="<f4").data)
            done += values.nbytes
            if progress is not None:
                progress(done, total)


def _metadata(
    family: str,
    config: Config,
    name: str,
    description: str,
    licence: str,
    source_sha256: str | None,
    card: Mapping[str, str] | None,
) -> dict[str, str]:
    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "family": family,
        "architecture": pack_architecture(config),
        "name": name,
        "description": description,
        "licence": licence,
    }
    if card:
        metadata["card"] = json.dumps(dict(card), sort_keys=True)
    if source_sha256 is not None:
        metadata["source_sha256"] = source_sha256
    return metadata


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
        family = _check_format(file)
        config = parse_architecture(
            family, file.metadata.get("architecture", ""), file.path, _DAMAGED
        )
        _check_size(file, config)
        with torch.random.fork_rng(devices=[]):  # building draws weights that we then replace
            generator = FAMILIES[family].network(config)
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


def _check_format(file: TensorFile) -> str:
    """Check that it is a generator of ours; its family."""
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
    if family not in FAMILIES:
        raise LocalEditError(
            f"{file.path} holds a generator of the family {family!r:.40}.",
            f"This version reads {', '.join(FAMILIES)}.",
        )
    return family


def _check_size(file: TensorFile, config: Config) -> None:
    """Refuse an architecture that is larger than its file, before memory is taken for it."""
    # Not by a generator on torch's "meta" device: that loads torch's compiler, seconds of start.
    needed = config.values_at_least()
    held = sum(math.prod(entry.shape) for entry in file.entries.values())
    if needed > held:
        raise LocalEditError(
            f"{file.path} holds {held} values, its architecture needs more than {needed}.", _DAMAGED
        )


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
