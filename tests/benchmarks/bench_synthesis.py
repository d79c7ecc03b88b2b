"""A full synthesis against the readable one, against previews and resuming from kept activations.

The readable forward pass is the one that training takes, with every step written out. Previews are
what a dragged slider shows first; resuming is what an edit of late layers costs.
Run: python tests/benchmarks/bench_synthesis.py [--resolution 256] [--channel-base 16384]
     [--model faces] [--rounds 20] [--threads 1]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

import torch
from timing import interleave, table

from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.generators.threads import prepare_threads
from localedit_core.latents import sample_z
from localedit_core.library import open_model

FULL = "full"
READABLE = "readable forward pass"


def readable(generator: Generator, styles: Styles) -> object:
    """The full pass with nothing left out and nothing in place."""
    with torch.inference_mode(False), torch.enable_grad():
        return generator.synthesize(styles)


def random_generator(resolution: int, channel_base: int) -> StyleGAN2:
    """Random weights, which take as long as trained ones; channels are base / side, at most 512."""
    sides = [2**n for n in range(2, resolution.bit_length())]
    channels = tuple(min(channel_base // side, 512) for side in sides)
    torch.manual_seed(0)
    config = StyleGAN2Config(z_dim=512, w_dim=512, resolution=resolution, channels=channels)
    return StyleGAN2(config).eval().requires_grad_(False)


def cases(generator: Generator) -> dict[str, Callable[[], object]]:
    """The rows: the full pass, previews of each size, resuming at the first layer of each block."""
    z = torch.from_numpy(sample_z(0, generator.z_dim))
    styles = generator.styles(generator.broadcast(generator.mapping(z), 0.7))
    sides = sorted({layer.resolution for layer in generator.layers})
    starts = [next(x.name for x in generator.layers if x.resolution == side) for side in sides[1:]]
    kept = generator.synthesize(styles, keep=starts).kept
    rows: dict[str, Callable[[], object]] = {
        "mapping and styles": lambda: generator.styles(generator.broadcast(generator.mapping(z))),
        READABLE: partial(readable, generator, styles),
        FULL: partial(generator.synthesize, styles),
    }
    for side in sides[3:-1]:
        rows[f"preview of {side} px"] = partial(generator.synthesize, styles, up_to=side)
    for name in starts[2:]:
        rows[f"resumed at {name}"] = partial(generator.synthesize, styles, resume=kept[name])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--channel-base", type=int, default=16384)
    parser.add_argument("--model", help="measure this generator instead of random weights")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    prepare_threads()
    torch.set_num_threads(options.threads)
    if options.model:
        generator: Generator = open_model(options.model)[0].generator
    else:
        generator = random_generator(options.resolution, options.channel_base)
    print(f"{generator.resolution} px, {options.threads} threads, batch 1, fp32")
    with torch.inference_mode():
        print(table(interleave(cases(generator), options.rounds), READABLE))


if __name__ == "__main__":
    main()
