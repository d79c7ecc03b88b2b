"""Writes a checkpoint of 1024 px and 512 channels, and imports it in a process of its own.

    python tests/core/large_checkpoint.py write FILE ada|rosinality
    python tests/core/large_checkpoint.py import FILE OUT

The second prints how much memory its process took at most, in bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np


def write(file: Path, layout: str) -> None:
    from published_files import ada_network, ada_pickle, rosinality_state, saved

    from localedit_core.generators.stylegan2_config import StyleGAN2Config
    from localedit_core.generators.stylegan2_shapes import stylegan2_shapes

    channels = tuple(min(512, 32768 // 2**level) for level in range(2, 11))
    config = StyleGAN2Config(512, 512, 1024, channels)
    random = np.random.default_rng(0)
    weights = {
        name: random.standard_normal(shape, dtype=np.float32)
        if shape
        else np.asarray(0.1, np.float32)
        for name, shape in stylegan2_shapes(config).items()
    }
    if layout == "ada":
        data = ada_pickle(ada_network({"z_dim": 512, "w_dim": 512}, weights))
    else:
        data = saved({"g_ema": rosinality_state(weights)})
    file.write_bytes(data)


def convert(file: Path, out: Path) -> None:
    from localedit_core.importing import import_checkpoint

    import_checkpoint(file, out=out)
    # Not getrusage: its peak can be that of the process which started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(1024 * int(status.split("VmHWM:")[1].split()[0]))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), sys.argv[3])
    else:
        convert(Path(sys.argv[2]), Path(sys.argv[3]))
