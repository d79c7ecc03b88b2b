"""Time of one slider tick: ranked once, ranked on every tick, and by a linear-programme solver.

The layers are those of a 1024 px StyleGAN2. Run: python tests/benchmarks/bench_query.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from scipy.optimize import linprog

from localedit_core.editing.edit import Method, QuerySettings
from localedit_core.editing.interpolation import interpolate
from localedit_core.editing.query import PartRanking, budget, solve
from localedit_core.generators.base import LayerInfo

CHANNELS = {4: 512, 8: 512, 16: 512, 32: 512, 64: 512, 128: 256, 256: 128, 512: 64, 1024: 32}


def make_layers() -> list[LayerInfo]:
    layers = []
    below = 0
    for side, channels in CHANNELS.items():
        if below:
            layers.append(LayerInfo(f"b{side}.conv0", side, side // 2, below, "conv", 0))
        layers.append(LayerInfo(f"b{side}.conv1", side, side, channels, "conv", 0))
        layers.append(LayerInfo(f"b{side}.torgb", side, side, channels, "torgb", 0))
        below = channels
    return layers


def median_ms(work: Callable[[int], object], repeats: int) -> float:
    times = []
    for index in range(repeats):
        start = time.perf_counter()
        work(index)
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def main() -> None:
    layers = make_layers()
    rng = np.random.default_rng(0)
    m = {layer.name: rng.beta(0.5, 4.0, layer.channels) for layer in layers}
    ranking = PartRanking.of(m)
    ticks = [QuerySettings(epsilon=epsilon) for epsilon in np.linspace(0.0, 200.0, 300)]
    styles = {name: torch.randn(1, len(values)) for name, values in m.items()}
    reference = {name: torch.randn(1, len(values)) for name, values in m.items()}

    def solver(index: int) -> None:
        chosen = ticks[index]
        rho = chosen.floor / (1.0 - chosen.floor)
        for layer in layers:
            cost = 1.0 - m[layer.name]
            linprog(
                rho * cost - m[layer.name],
                A_ub=cost[None],
                b_ub=[budget(chosen, layer)],
                bounds=(0.0, 1.0),
            )

    query = solve(ranking, ticks[50], layers)
    simultaneous = QuerySettings(method=Method.SIMULTANEOUS, lam=2.0)
    rows = {
        "ranked once (a tick)": median_ms(lambda n: solve(ranking, ticks[n], layers), 300),
        "ranked on every tick": median_ms(lambda n: solve(m, ticks[n], layers), 300),
        "simultaneous": median_ms(lambda n: solve(ranking, simultaneous, layers), 300),
        "moving the styles": median_ms(lambda n: interpolate(styles, reference, query), 300),
        "scipy linprog": median_ms(solver, 5),
    }
    print(f"{sum(layer.channels for layer in layers)} channels in {len(layers)} layers")
    first = next(iter(rows.values()))
    for name, milliseconds in rows.items():
        print(f"{name:22} {milliseconds:9.3f} ms  x{milliseconds / first:8.1f}")


if __name__ == "__main__":
    main()
