"""What synthesis costs: the full pass, first previews, a region, thumbnails, half precision.

Everything is a ratio to the readable forward pass, which is the one that training takes, with every
step written out; and, with --reference, to any callable: FILE:CALLABLE is called once as
CALLABLE(generator, w_plus), w_plus [1, num_ws, w_dim], and returns what makes the picture, a
function without arguments. All of it runs in turns in one process. "of roofline" says which share
of the sums was made that torch's own convolutions make in that time, at their best rate here.
With --threads 1 the thread's own time is measured, so that it may run on a busy machine.
Run: python tests/benchmarks/bench_synthesis.py [--sizes 1024/32768 512/32768 256/16384]
     [--model faces] [--rounds 5] [--threads 1] [--reference FILE:CALLABLE]
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from timing import Clock, clock_for, interleave, table
from torch import Tensor

from localedit_core.generators.base import Generator, Styles
from localedit_core.generators.boxes import Box
from localedit_core.generators.devices import CPU
from localedit_core.generators.half import half_copy, half_dtype
from localedit_core.generators.progressive import pictures
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.generators.threads import prepare_threads
from localedit_core.latents import sample_z
from localedit_core.library import open_model

SIZES = ("1024/32768", "512/32768", "256/16384")
FULL = "full"
READABLE = "readable"
REFERENCE = "reference"
THUMBNAIL = 64
MOUTH = (0.66, 0.80, 0.36, 0.64)
"""Top, bottom, left and right of a portrait's mouth with a margin, of the picture's side."""

Rows = dict[str, Callable[[], object]]
MakeReference = Callable[[Generator, Tensor], Callable[[], object]]


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
    with torch.inference_mode(False):
        return StyleGAN2(config).eval().requires_grad_(False)


def multiplications(generator: StyleGAN2) -> float:
    """Multiplications of one picture if every layer is computed as it is defined."""
    sums = 0.0
    channels = {layer.name: layer.channels for layer in generator.layers}
    for layer in generator.layers:
        if layer.kind == "torgb":
            sums += 3.0 * layer.channels * layer.resolution**2
        else:
            made = channels[f"b{layer.resolution}.conv1"]
            sums += 9.0 * layer.channels * made * layer.input_resolution**2
    return sums


def roofline(dtype: torch.dtype, clock: Clock) -> float:
    """Multiplications per second of torch's 3x3 convolutions at their best."""
    best = 0.0
    for channels, side in ((512, 32), (256, 64), (128, 128), (64, 128)):
        x = torch.randn(1, channels, side, side, dtype=dtype)
        x = x.contiguous(memory_format=torch.channels_last)
        weight = torch.randn(channels, channels, 3, 3, dtype=dtype)
        weight = weight.contiguous(memory_format=torch.channels_last)
        for _ in range(8):
            start = clock()
            F.conv2d(x, weight, padding=1)
            best = max(best, 9.0 * channels**2 * side**2 / (clock() - start))
    return best


def load_reference(place: str) -> MakeReference:
    """The callable that FILE:CALLABLE names."""
    file, _, name = place.rpartition(":")
    spec = importlib.util.spec_from_file_location("reference", Path(file))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(MakeReference, getattr(module, name))


def cases(generator: Generator, reference: MakeReference | None) -> Rows:
    """The rows of one generator."""
    z = torch.from_numpy(sample_z(0, generator.z_dim))
    w_plus = generator.broadcast(generator.mapping(z), 0.7)
    styles = generator.styles(w_plus)
    sides = sorted({layer.resolution for layer in generator.layers})
    starts = [next(x.name for x in generator.layers if x.resolution == side) for side in sides[1:]]
    kept = generator.synthesize(styles, keep=starts).kept
    rows: Rows = {READABLE: partial(readable, generator, styles)}
    if reference is not None:
        rows[REFERENCE] = reference(generator, w_plus)
    rows[FULL] = partial(generator.synthesize, styles)
    rows["mapping and styles"] = lambda: generator.styles(generator.broadcast(generator.mapping(z)))
    for side in sides[3:-1]:
        rows[f"preview of {side} px"] = partial(generator.synthesize, styles, up_to=side)
    if generator.has_previews:
        side = generator.resolution
        mouth = Box(*(round(side * share) for share in MOUTH))
        state = kept[starts[3]]
        rows["region of a mouth"] = partial(generator.synthesize, styles, resume=state, box=mouth)
    for name in starts[3:]:
        rows[f"resumed at {name}"] = partial(generator.synthesize, styles, resume=kept[name])
    dtype = half_dtype(CPU)
    if isinstance(generator, StyleGAN2) and dtype is not None:
        half = half_copy(generator, dtype)
        mixed = half_copy(generator, dtype, least=256)
        rows["full, bf16 from 256 px"] = partial(mixed.synthesize, styles)
        rows["full, bf16"] = partial(half.synthesize, styles)
        rows["preview of 64 px, bf16"] = partial(half.synthesize, styles, up_to=THUMBNAIL)
    return rows


class Checks:
    """How long a pass goes on between two questions whether it is to be given up."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()

    def asked(self) -> bool:
        """Note the question, and say no."""
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now
        return False

    def watch(self, generator: Generator, styles: Styles) -> None:
        """Watch one pass from its beginning to its end."""
        self._last = time.perf_counter()
        for _ in pictures(generator, styles, cancelled=self.asked):
            pass
        self.asked()


def report_checks(generator: Generator, rounds: int) -> None:
    """Print the longest time between two checks, in seconds of the clock on the wall."""
    z = torch.from_numpy(sample_z(0, generator.z_dim))
    styles = generator.styles(generator.broadcast(generator.mapping(z), 0.7))
    longest = []
    for _ in range(rounds):
        checks = Checks()
        checks.watch(generator, styles)
        longest.append(1e3 * max(checks.gaps))
    print(
        f"between two checks: longest {np.median(longest):.1f} ms (median of {rounds} passes, "
        f"{min(longest):.1f} to {max(longest):.1f}), {len(checks.gaps)} checks"
    )


def report(
    generator: Generator, taken: Mapping[str, list[float]], peaks: Mapping[torch.dtype, float]
) -> None:
    """The table, thumbnails per second, and what share of the roofline full pictures reach."""
    print(table(taken, *(name for name in (READABLE, REFERENCE) if name in taken)))
    for name, ending in (("fp32", ""), ("bf16", ", bf16")):
        seconds = taken.get(f"preview of {THUMBNAIL} px{ending}")
        if seconds is not None:
            print(f"thumbnails per second, {name}: {1 / np.median(seconds):.1f}")
    if not isinstance(generator, StyleGAN2):
        return
    for name, dtype in ((FULL, torch.float32), (f"{FULL}, bf16", torch.bfloat16)):
        if name in taken:
            peak = peaks[dtype]
            share = multiplications(generator) / float(np.median(taken[name])) / peak
            print(f"{name}, of roofline ({2e-9 * peak:.0f} GFLOP/s): {share:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="RESOLUTION/CHANNEL_BASE")
    parser.add_argument("--model", help="measure this generator instead of random weights")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="0 is what the program takes")
    parser.add_argument("--reference", help="FILE:CALLABLE to compare with")
    options = parser.parse_args()
    prepare_threads()
    torch.set_num_threads(options.threads or torch.get_num_threads())
    threads = torch.get_num_threads()
    clock = clock_for(threads)
    reference = load_reference(options.reference) if options.reference else None
    with torch.inference_mode():
        peaks = {dtype: roofline(dtype, clock) for dtype in (torch.float32, torch.bfloat16)}
        for size in [options.model] if options.model else options.sizes:
            if options.model:
                generator: Generator = open_model(options.model)[0].generator
            else:
                generator = random_generator(*map(int, size.split("/")))
            print(f"\n{size}: {generator.resolution} px, {threads} threads, batch 1")
            taken = interleave(cases(generator, reference), options.rounds, 1, clock)
            report(generator, taken, peaks)
            report_checks(generator, options.rounds)


if __name__ == "__main__":
    main()
