"""From a generator's values to bytes that can be shown."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def to_picture(image: Tensor) -> NDArray[np.uint8]:
    """A generator's image [1, 3, H, W], -1 to 1, as sRGB bytes [H, W, 3]."""
    scaled = (image[0] * 127.5 + 128.0).clamp(0, 255).to(torch.uint8)  # [3, H, W]
    return np.ascontiguousarray(scaled.permute(1, 2, 0).cpu().numpy())
