"""Muon (Jordan et al. 2024): momentum whose matrix is made orthogonal before each step.

Written from its description: Nesterov momentum, five Newton-Schulz iterations of an odd quintic
polynomial. Weights here are stored at unit variance (equalised learning rate), so that the step is
scaled by the square root of the fan-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

_QUINTIC = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrix: Tensor, steps: int = 5) -> Tensor:
    """Bring the singular values of ``matrix`` [m, n] near 1."""
    a, b, c = _QUINTIC
    if matrix.shape[0] > matrix.shape[1]:
        return orthogonalise(matrix.t(), steps).t()
    x = matrix / (matrix.norm() + 1e-12)
    # Each iterate is a polynomial of the Gram matrix times x, and the short side is m: iterate on
    # [m, m] matrices and touch the wide one twice only.
    gram = x @ x.t()  # [m, m]
    identity = torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    product: Tensor = identity
    for step in range(steps):
        factor = torch.addmm(b * gram + a * identity, gram, gram, alpha=c)  # commutes with gram
        product = factor @ product
        if step < steps - 1:
            gram = factor @ gram @ factor
    result: Tensor = product @ x
    return result


class Muon(torch.optim.Optimizer):
    """Muon over weights of two or more dimensions.

    ``blocks`` names, for block-diagonal weights, the (rows, columns) of each block: every block is
    made orthogonal by itself and the rest is left alone.
    """

    def __init__(
        self,
        params: list[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        blocks: Mapping[nn.Parameter, list[tuple[slice, slice]]] | None = None,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})
        self._blocks = dict(blocks or {})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Make one step."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight.grad)
                state["momentum"].lerp_(weight.grad, 1.0 - group["momentum"])
                ahead = weight.grad.lerp(state["momentum"], group["momentum"])
                flat = ahead.flatten(1)  # [out, fan_in]
                scale = group["lr"] * flat.shape[1] ** 0.5
                if weight in self._blocks:
                    for at in self._blocks[weight]:
                        weight[at].sub_(orthogonalise(flat[at]), alpha=scale)
                else:
                    weight.sub_(orthogonalise(flat).view_as(ahead), alpha=scale)
