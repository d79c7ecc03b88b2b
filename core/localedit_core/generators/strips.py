"""A block of a large picture in strips of rows, so that no piece of it is too large to be quick.

An allocator asks the system for memory anew for every tensor above some 32 MB, whose pages are then
touched for the first time: in large pictures that took longer than the sums. Strips stay below,
and a picture can be given up between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from localedit_core.errors import RenderCancelled
from localedit_core.generators.layers import ModulatedConv, ToRGB

LARGE = 2**23
"""Values of a layer's output, 32 MB in float32, from which on it is made in strips."""

_ROWS = 16  # of a strip, at least


def suits(modules: Sequence[nn.Module], x: Tensor, styles: Sequence[Tensor]) -> bool:
    """Whether layers are a block that is quicker in strips, and can be made so.

    Args:
        modules: three layers that follow one another.
        x: input of the first, [N, C, h, w].
        styles: of the layers.
    """
    if len(modules) < 3 or torch.is_grad_enabled():
        return False
    up, conv, colour = modules
    return (
        isinstance(up, ModulatedConv)
        and isinstance(conv, ModulatedConv)
        and isinstance(colour, ToRGB)
        and up.resampler is not None
        and up.weight.shape[0] * up.resolution**2 >= LARGE
        and len(x) == 1
        and x.device.type == "cpu"
        and x.dtype == up.weight.dtype == torch.float32
        and all(style.ndim == 2 for style in styles)
    )


def run_block(
    up: ModulatedConv,
    conv: ModulatedConv,
    colour: ToRGB,
    x: Tensor,
    styles: Sequence[Tensor],
    noises: Sequence[Tensor | None],
    *,
    keep_output: bool,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Tensor | None, Tensor]:
    """Run an upsampling layer, the layer after it and their colour layer.

    Args:
        up, conv, colour: the layers.
        x: input of ``up``, [1, C, h, w].
        styles: of the three layers, [1, C_l] each.
        noises: of the first two, [2h, 2w], or None.
        keep_output: whether the next block needs what ``conv`` makes.
        cancelled: asked before each strip; where it says yes, ``RenderCancelled`` is raised.

    Returns:
        The output of ``conv``, [1, C', 2h, 2w], or None; and the colours, [1, 3, 2h, 2w].
    """
    side = up.resolution
    rgb = x.new_empty((1, 3, side, side), dtype=colour.weight.dtype)
    output = None
    if keep_output:
        output = torch.empty(
            (1, conv.weight.shape[0], side, side), memory_format=torch.channels_last
        )
    # Strips cost a little more sums at their edges: as few as keep their pieces small.
    rows = max(_ROWS, LARGE // (4 * up.weight.shape[0] * side))
    first, second = up.prepared(styles[0]), conv.prepared(styles[1])
    for top in range(0, side, rows):
        if cancelled is not None and cancelled():
            raise RenderCancelled
        bottom = min(top + rows, side)
        above, below = max(top - 1, 0), min(bottom + 1, side)
        wide = up.rows(x, first, noises[0], above, below)  # [1, C', rows + halo, 2w]
        made = conv.rows(wide, second, noises[1], top, bottom, above)  # [1, C', rows, 2w]
        rgb[:, :, top:bottom] = colour(made, styles[2])
        if output is not None:
            output[:, :, top:bottom] = made
    return output, rgb
