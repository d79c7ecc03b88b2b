"""Memory and time of clustering and of measuring M, over numbers of pictures.

Each number of pictures is a process of its own, so that its peak is its own. The random network has
the channels of the published ones of its size.
Run: python tests/benchmarks/bench_catalog.py [--resolution 1024] [--layer b32.conv1]
     [--clusters 24] [--samples 50 200] [--threads 1] [--model faces] [--no-measure]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection

import torch
from bench_synthesis import random_generator

from localedit_core.catalog.measuring import measure_catalog
from localedit_core.catalog.sweep import SweepPlan, run_sweep
from localedit_core.library import open_model

CHANNEL_BASE = 32768  # of the published networks of 1024 px: 512 channels up to 64 px


def peak_megabytes() -> float:
    """The largest resident size that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def measure(options: argparse.Namespace, samples: int, answer: Connection) -> None:
    torch.set_num_threads(options.threads)
    if options.model:
        generator = open_model(options.model)[0].generator
    else:
        generator = random_generator(options.resolution, CHANNEL_BASE)
    row: dict[str, float] = {"start": peak_megabytes()}
    plan = SweepPlan(tuple(options.layer), (options.clusters,), n_samples=samples)
    begun = time.perf_counter()
    sweep = run_sweep(generator, plan)
    row |= {"sweep": peak_megabytes(), "sweep_s": time.perf_counter() - begun}
    if not options.no_measure:
        begun = time.perf_counter()
        catalog = measure_catalog(generator, sweep.cells[0].clustering)
        assert len(catalog.contributions) == len(generator.layers)
        row |= {"all": peak_megabytes(), "M_s": time.perf_counter() - begun}
    answer.send(row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resolution", type=int, default=1024)
    parser.add_argument("--model", help="measure this generator instead of random weights")
    parser.add_argument("--layer", nargs="+", default=["b32.conv1"])
    parser.add_argument("--clusters", type=int, default=24)
    parser.add_argument("--samples", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--no-measure", action="store_true", help="leave M out")
    options = parser.parse_args()
    print(
        f"{options.model or f'{options.resolution} px'}, {', '.join(options.layer)}, "
        f"K = {options.clusters}, {options.threads} threads; peak resident memory",
        flush=True,
    )
    context = multiprocessing.get_context("spawn")
    first: float | None = None
    for samples in options.samples:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=measure, args=(options, samples, theirs))
        process.start()
        theirs.close()
        row = ours.recv()
        process.join()
        peak = row.get("all", row["sweep"])
        first = first or peak
        line = (
            f"{samples:6} pictures: {row['start']:6.0f} MB before, "
            f"{row['sweep']:6.0f} MB after the sweep ({row['sweep_s']:.0f} s)"
        )
        if "all" in row:
            line += f", {row['all']:6.0f} MB after M ({row['M_s']:.0f} s)"
        print(f"{line}, x{peak / first:.2f}", flush=True)


if __name__ == "__main__":
    main()
