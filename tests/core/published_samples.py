"""The reference networks as whole published files, one function for each layout."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from published_files import (
    ada_network,
    ada_pickle,
    reference,
    rosinality_state,
    saved,
    stylegan2_variables,
    tensorflow_pickle,
    under,
)


def stylegan2_weights() -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    config, arrays = reference("stylegan2_tiny")
    return config, under(arrays, "weights/")


def ada(protocol: int = 4) -> bytes:
    return ada_pickle(ada_network(*stylegan2_weights()), protocol)


def ada_state() -> bytes:
    _, weights = stylegan2_weights()
    return saved({"g_ema": {k: torch.from_numpy(v) for k, v in weights.items()}})


def stylegan2_tf(protocol: int = 4) -> bytes:
    _, weights = stylegan2_weights()
    kwargs = {"resolution": 64, "mapping_layers": 4, "latent_size": 32, "fmap_base": 256}
    return tensorflow_pickle(kwargs, stylegan2_variables(weights), version=4, protocol=protocol)


def rosinality(zipped: bool = True, *, bare: bool = False) -> bytes:
    _, weights = stylegan2_weights()
    state = rosinality_state(weights)
    if bare:
        return saved(state, zipped=zipped)
    mean = torch.from_numpy(weights["mapping.w_avg"])
    return saved({"g": {}, "g_ema": state, "latent_avg": mean}, zipped=zipped)


def stylegan_tf(protocol: int = 4) -> bytes:
    kwargs, arrays = reference("stylegan1_tiny")
    return tensorflow_pickle(kwargs, under(arrays, "variables/"), version=3, protocol=protocol)


def progan_tf(protocol: int = 4) -> bytes:
    kwargs, arrays = reference("progan_tiny")
    return tensorflow_pickle(
        kwargs,
        under(arrays, "variables/"),
        version=2,
        components=False,
        module="tfutil",
        protocol=protocol,
    )
