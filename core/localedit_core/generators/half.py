"""Half precision, for pictures that are looked at in passing.

Convolutions read and write half as many bits; the rest of a layer's numbers are as they were, and
means, norms, demodulation and colours are still computed in float32. In float16, whose largest
number is 65504, products must stay small: as in the published code (Karras et al. 2020, "Training
generative adversarial networks with limited data", appendix D), weights and styles are brought to
at most 1 before a modulated convolution, which demodulation undoes. In networks with equalised
learning rate the gain is moved from the output to the weights.
"""

from __future__ import annotations

import copy
import math
from typing import Any, TypeVar

import torch
from torch import nn

from localedit_core.generators.devices import Device
from localedit_core.generators.layers import ModulatedConv, Skip
from localedit_core.generators.placement import PlacedNetwork
from localedit_core.generators.stylegan2 import SynthesisBlock
from localedit_core.generators.stylegan_layers import Conv, StyledLayer

NetworkT = TypeVar("NetworkT", bound=PlacedNetwork)

# Of torch's questions about the processor these two have no public name.
_CPU_QUESTIONS = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")


def half_dtype(device: Device) -> torch.dtype | None:
    """The half precision that a device has instructions for; None for none.

    float16 on GPUs, which is the more exact one; bfloat16 on processors.
    """
    if device.kind in ("cuda", "mps"):
        return torch.float16
    questions = (getattr(torch.cpu, name, None) for name in _CPU_QUESTIONS)
    return torch.bfloat16 if any(ask is not None and ask() for ask in questions) else None


def half_copy(network: NetworkT, dtype: torch.dtype, least: int = 0) -> NetworkT:
    """A network that makes nearly the same pictures in half precision, on the same device.

    It shares all weights but those of convolutions, and must not be trained. Where memory runs
    out it does not retreat: the error is for who knows the whole network.

    Args:
        network: float32.
        dtype: float16 or bfloat16.
        least: of a StyleGAN2, the lowest resolution whose layers are in half precision: where only
            large ones are, most of the sums are, and pictures differ by a level or two.
    """
    with torch.inference_mode(False), torch.no_grad():
        shared: dict[int, Any] = {
            id(tensor): tensor for tensor in (*network.parameters(), *network.buffers())
        }
        for module in network.modules():
            if least and not (isinstance(module, ModulatedConv) and module.resolution >= least):
                if isinstance(module, ModulatedConv):
                    shared[id(module)] = module  # with what it keeps of its weights
                continue
            for tensor, values in _halved(module):
                shared[id(tensor)] = nn.Parameter(values.to(dtype), requires_grad=False)
        shared[id(network.on_retreat)] = None  # nobody is told by the copy
        half = copy.deepcopy(network, shared)
    for module in half.modules():
        if isinstance(module, Conv) and module.weight.dtype == dtype:
            module.weight_gain = 1.0
        elif isinstance(module, StyledLayer):
            module.kernels = None
        elif isinstance(module, ModulatedConv) and module.weight.dtype == dtype:
            module.forget()
    half.retreats = False
    return half


def _halved(module: nn.Module) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """What a module has for its convolutions, and that brought to a size fit for half precision."""
    match module:
        case ModulatedConv():
            weight = module.weight  # [out, in, 3, 3]
            largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True).clamp_min(1e-30)
            return [(weight, weight / (largest * math.sqrt(weight[0].numel())))]
        case Conv() if module.weight.shape[-1] > 1:  # the colour layer stays exact
            return [(module.weight, module.weight * module.weight_gain)]
        case Skip():
            return [(module.weight, module.weight)]
        case SynthesisBlock() | StyledLayer() if hasattr(module, "const"):
            return [(module.const, module.const)]
    return []
