"""Fingerprints of generators: the same for the same function only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Fingerprint:
    """SHA-256 over family, architecture and weights, kept while the weights stay as they are."""

    def __init__(self) -> None:
        self._known: tuple[tuple[int, ...], str] | None = None

    def of(self, generator: nn.Module, family: str, config: DataclassInstance) -> str:
        """The fingerprint of a network's weights (as float32), in hexadecimal."""
        tensors = generator.state_dict()
        versions = tuple(tensor._version for tensor in tensors.values())
        if self._known is None or self._known[0] != versions:
            facts = {"family": family, **asdict(config)}
            digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
            for name in sorted(tensors):
                values = tensors[name].detach().to("cpu", torch.float32).contiguous()
                digest.update(f"{name} {tuple(values.shape)}".encode())
                digest.update(values.numpy().tobytes())
            self._known = (versions, digest.hexdigest())
        return self._known[1]
