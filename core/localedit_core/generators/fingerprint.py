"""Fingerprints of generators: the same for the same function only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn


class Fingerprint:
    """SHA-256 over architecture and weights, kept while the weights stay as they are."""

    def __init__(self) -> None:
        self._known: tuple[tuple[int, ...], str] | None = None

    def of(self, generator: nn.Module, facts: Mapping[str, Any]) -> str:
        """The fingerprint of a network, in hexadecimal.

        Args:
            generator: its weights count as float32.
            facts: its architecture, as JSON can hold it.
        """
        tensors = generator.state_dict()
        versions = tuple(tensor._version for tensor in tensors.values())
        if self._known is None or self._known[0] != versions:
            digest = hashlib.sha256(json.dumps(dict(facts), sort_keys=True).encode())
            for name in sorted(tensors):
                values = tensors[name].detach().to("cpu", torch.float32).contiguous()
                digest.update(f"{name} {tuple(values.shape)}".encode())
                digest.update(values.numpy().tobytes())
            self._known = (versions, digest.hexdigest())
        return self._known[1]
